"""The addresses of citations: ``/cite/document/som-wg-2015/paragraph/24.bib``, also of directives and of documents."""

from __future__ import annotations

from dataclasses import dataclass

from server.linkeddata.description import Resource
from server.pages.citation_styles import STYLES, in_style, known_style
from server.pages.citing import Source, bibtex, csl_json, plain, ris, source_of, work_of
from server.pages.values import Link as PageLink
from server.pages.values import node, text
from server.web.answers import TEXT, Answer, Link
from server.web.errors import NotFound
from server.web.request import Exchange

TYPES = {
    ".csl.json": "application/vnd.citationstyles.csl+json",
    ".bib": "application/x-bibtex; charset=utf-8",
    ".ris": "application/x-research-info-systems; charset=utf-8",
    ".txt": TEXT,
}


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation on a page: its words, the address of its text, to which ``?style=`` is added, files for reference
    managers, the permanent link to follow and to copy, and the styles: name, label, and whether it is in use."""

    words: str
    text: str
    files: tuple[PageLink, ...]
    link: str
    permalink: str
    styles: tuple[tuple[str, str, bool], ...]


def citation_of(source: Source, exchange: Exchange) -> Citation:
    """The citation of a thing for its page, in the style that the operator chose."""
    written = in_style(exchange.services.settings.citation_style, [source.work])
    below = "cite/" + source.iri.removeprefix(exchange.snapshot.base.iri + "id/")
    names = ((".bib", "BibTeX"), (".ris", "RIS"), (".csl.json", "CSL-JSON"))
    return Citation(
        written(source),
        exchange.urls.path(below + ".txt"),
        tuple(PageLink(exchange.urls.path(below + suffix), label) for suffix, label in names),
        exchange.urls.thing(source.iri),
        source.iri,
        style_choices(exchange),
    )


def style_choices(exchange: Exchange, chosen: str = "") -> tuple[tuple[str, str, bool], ...]:
    """The styles by name and label, with the one marked that was chosen, or else the operator's."""
    current = chosen or exchange.services.settings.citation_style
    return tuple((name, style.name, name == current) for name, style in STYLES.items())


async def cited(path: str, style: str, exchange: Exchange) -> Answer:
    """The citation at a path such as ``document/som-wg-2015/paragraph/24.bib``; its text in a style, or in that of the
    operator. Raises `NotFound` for anything else, `BadRequest` for a style that there is not."""
    suffix = next((suffix for suffix in TYPES if path.endswith(suffix)), None)
    if suffix is None:
        raise NotFound("A citation has the formats .txt, .bib, .ris and .csl.json.")
    source = await _source(path.removesuffix(suffix), exchange)
    written = in_style(known_style(style or exchange.services.settings.citation_style), [source.work])
    body = {
        ".csl.json": lambda: csl_json([source]),
        ".bib": lambda: bibtex(source),
        ".ris": lambda: ris(source),
        ".txt": lambda: plain(written(source), local=source.local),
    }[suffix]()
    name = source.key + suffix if suffix != ".txt" else None
    return Answer(body.encode(), TYPES[suffix], links=(Link(source.iri, "cite-as"),), filename=name)


async def _source(stem: str, exchange: Exchange) -> Source:
    paragraph, _, directive = stem.partition("/directive/")
    about, part = (exchange.snapshot.names.node(f"id/{each}") for each in (stem, paragraph))
    rows = await exchange.store.select("paragraph", paragraph=part)
    values = await exchange.store.select("directive-values", directive=about) if directive else rows
    if rows and values:
        document = await exchange.store.select("document", document=node(rows[0], "document"))
        resource = Resource(about, f"id/{stem}", text(values[0], "label"), ())
        return source_of(rows[0], document[0], resource, exchange)
    documents = await exchange.store.select("document", document=about)
    if not documents:
        raise NotFound(f"There is nothing to cite at {stem}.")
    return Source(work_of(documents[0]), "", about.value, "", exchange.snapshot.base.is_local)
