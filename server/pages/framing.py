"""The frame around every page: navigation, address for citing, formats, and the queries behind the page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from server.pages.questions import AskedQuery
from server.pages.values import in_words
from server.pages.views import Frame, Link
from server.web.errors import JSON
from server.web.exchange import Exchange

SITE = "Palermo"
NAVIGATION = (
    ("recommendations", "Recommendations"),
    ("articles", "Articles"),
    ("crossref", "Cross-reference"),
    ("themes", "Themes"),
    ("actors", "Actors"),
    ("queries", "Questions"),
    ("data", "Data"),
)
FOOTER = (
    ("about", "About and method"),
    ("quality", "Quality"),
    ("ontology", "Vocabulary"),
    ("shapes", "Checks"),
    ("sparql", "Query page"),
    ("groups", "Affected groups"),
    ("tools", "Tools"),
    ("meetings", "Meetings"),
    ("documents", "Documents"),
    ("modalities", "Strength of language"),
    ("qualifiers", "Qualifiers"),
    ("instruments", "Instruments"),
)
FORMATS = (
    (".ttl", "Turtle", "text/turtle"),
    (".jsonld", "JSON-LD", "application/ld+json"),
    (".nt", "N-Triples", "application/n-triples"),
    (".rdf", "RDF/XML", "application/rdf+xml"),
)


def frame(
    exchange: Exchange,
    path: str,
    title: str,
    description: str,
    *,
    crumbs: Iterable[Link] = (),
    behind: Iterable[AskedQuery] = (),
    formats: Iterable[tuple[str, str, str]] = (),
    scripts: Iterable[str] = (),
    sought: str = "",
    indexed: bool = True,
    structured: Mapping[str, JSON] | None = None,
) -> Frame:
    """The frame of the page at a path below the base. ``formats`` are address, name and media type."""
    urls, snapshot = exchange.urls, exchange.snapshot
    area = path.partition("?")[0]
    return Frame(
        title=title,
        description=description,
        canonical=urls.canonical(path),
        home=urls.home(),
        navigation=tuple(
            Link(urls.path(to), label, current=to == area) for to, label in (texts(exchange), *NAVIGATION)
        ),
        crumbs=tuple(crumbs),
        search=urls.path("search"),
        suggest=urls.path("suggest.json"),
        sought=sought,
        static=urls.static(""),
        scripts=("site.js", *scripts),
        opensearch=urls.path("opensearch.xml"),
        formats=tuple(formats),
        behind=tuple(behind),
        footer=tuple(Link(urls.sparql() if to == "sparql" else urls.path(to), label) for to, label in FOOTER),
        version=Link(urls.version(snapshot.version), snapshot.version),
        built=in_words(snapshot.built.date()),
        pinned=snapshot.version if exchange.pinned else "",
        local=snapshot.base.iri if snapshot.base.is_local else "",
        about=urls.path("about"),
        indexed=indexed and not exchange.pinned,
        structured=script_json(structured) if structured else "",
    )


def texts(exchange: Exchange) -> tuple[str, str]:
    """The path and the name of what holds the texts themselves: the one document, or the list of several."""
    slugs = list(exchange.snapshot.index.values("document"))
    return (f"doc/document/{slugs[0]}", "The text") if len(slugs) == 1 else ("documents", "Documents")


def resource_formats(exchange: Exchange, path: str) -> tuple[tuple[str, str, str], ...]:
    """The data formats of the resource at a path below the base: address, name, media type."""
    return tuple(
        (exchange.urls.doc(exchange.urls.canonical(path), suffix), name, kind) for suffix, name, kind in FORMATS
    )


def script_json(value: Mapping[str, JSON]) -> str:
    """JSON that can stand inside a script element: nothing in it ends the element (HTML §4.12.1.3)."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026")


def with_note(link: Link, note: str) -> Link:
    """The same link with something said beside it."""
    return replace(link, note=note)
