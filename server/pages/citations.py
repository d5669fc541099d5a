"""Citations as files: ``/cite/document/som-wg-2015/paragraph/24.ris`` and the same for the whole document."""

from __future__ import annotations

from server.linkeddata.description import Resource
from server.pages.citing import Source, bibtex, csl_json, plain, ris, work_of
from server.pages.paragraph import source_of
from server.pages.values import text
from server.web.errors import NotFound
from server.web.exchange import Exchange
from server.web.responses import TEXT, Answer, Link

TYPES = {
    ".csl.json": "application/vnd.citationstyles.csl+json",
    ".bib": "application/x-bibtex; charset=utf-8",
    ".ris": "application/x-research-info-systems; charset=utf-8",
    ".txt": TEXT,
}


async def cited(path: str, exchange: Exchange) -> Answer:
    """The citation at a path such as ``document/som-wg-2015/paragraph/24.bib``. Raises `NotFound` for anything else."""
    suffix = next((suffix for suffix in TYPES if path.endswith(suffix)), None)
    if suffix is None:
        raise NotFound("A citation has the formats .txt, .bib, .ris and .csl.json.")
    source = await _source(path.removesuffix(suffix), exchange)
    body = {
        ".csl.json": lambda: csl_json([source]),
        ".bib": lambda: bibtex(source),
        ".ris": lambda: ris(source),
        ".txt": lambda: plain(source),
    }[suffix]()
    name = source.key + suffix if suffix != ".txt" else None
    return Answer(body.encode(), TYPES[suffix], links=(Link(source.iri, "cite-as"),), filename=name)


async def _source(stem: str, exchange: Exchange) -> Source:
    node = exchange.snapshot.names.node(f"id/{stem}")
    rows = await exchange.store.select("paragraph", paragraph=node)
    if rows:
        return source_of(rows[0], Resource(node, f"id/{stem}", text(rows[0], "label"), ()), exchange)
    documents = await exchange.store.select("document", document=node)
    if not documents:
        raise NotFound(f"There is nothing to cite at {stem}.")
    return Source(work_of(documents[0]), "", node.value, "", exchange.snapshot.base.is_local)
