"""The data page: downloads with sizes and checksums, the interfaces on one page, and how to cite the data set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from server.pages.framing import frame
from server.pages.values import in_words
from server.pages.views import Frame, Link
from server.web.exchange import Exchange

TITLES = {
    "palermo.nq": "The whole graph, as N-Quads with its named graphs",
    "palermo.trig": "The whole graph, as TriG with its named graphs",
    "palermo.ttl": "The whole graph, as Turtle without named graphs",
    "palermo.jsonld": "The whole graph, as JSON-LD",
    "palermo-tables.zip": "All tables as CSV, in one archive",
    "recommendations.csv": "Recommendations: one a row, with section, meeting and words",
    "directives.csv": "Directives: who is to do what, how strongly",
    "mentions.csv": "Names and citations found in the words, with their positions",
    "links.csv": "Editorial links with reason, confidence and review status",
    "provisions.csv": "Articles, chapters and paragraphs of the treaties",
    "actors.csv": "Actors with their kinds and names",
    "SHA256SUMS": "The checksums of all files, for sha256sum --check",
}
API = (
    ("id/…", "The name of a thing. Answers 303 See Other with the page or the data about it, by Accept."),
    ("doc/…", "The page or data about a thing; with .ttl, .jsonld, .nt, .rdf or .html in exactly that format."),
    ("sparql", "SPARQL 1.1 Protocol: GET or POST, results in JSON, XML, CSV, TSV; graphs in Turtle, JSON-LD, …"),
    (
        "queries/NAME.csv, .json, .rq",
        "The answer to a question, or the question's query. Parameters as on its page.",
    ),
    ("recommendations.csv, .jsonld, .ris", "A selection of recommendations, with the same filters as the page."),
    ("crossref.csv", "The cross-reference table, with the same choices as the page."),
    ("cite/document/….bib, .ris, .csl.json, .txt", "A citation of a recommendation or the document."),
    ("dumps/NAME", "The files above."),
    ("search?q=WORDS", "Full-text search; suggest.json?q=WORDS has its first results as JSON."),
    ("neighbours.json?of=id/…", "A thing and what is linked to it, one step away, as JSON."),
)
"""Addresses below the base, and what answers there."""
_UNITS = ("bytes", "kB", "MB", "GB")


@dataclass(frozen=True, slots=True)
class Download:
    """A file: what it is, how large, and its SHA-256 checksum."""

    link: Link
    title: str
    size: str
    sha256: str


@dataclass(frozen=True, slots=True)
class DataView:
    """Downloads, addresses and the citation of the data set."""

    template: ClassVar[str] = "data.html"

    frame: Frame
    downloads: tuple[Download, ...]
    citation: str
    base: str
    sparql: str
    example: str
    document_example: str
    dataset: str
    context: str
    graphs: tuple[Link, ...]
    versions: tuple[Link, ...]
    api: tuple[tuple[str, str], ...]


def data_page(exchange: Exchange) -> DataView:
    """The view of the data page."""
    urls, snapshot = exchange.urls, exchange.snapshot
    files = {
        name.removeprefix("dumps/"): facts
        for name, facts in snapshot.manifest.get("files", {}).items()
        if name.startswith("dumps/")
    }
    ordered = sorted(files, key=lambda name: (list(TITLES).index(name) if name in TITLES else len(TITLES), name))
    example = urls.canonical("id/document/som-wg-2015/paragraph/24")
    return DataView(
        frame=frame(
            exchange,
            "data",
            "Data and interfaces",
            "Downloads with checksums, the query endpoint, addresses and formats.",
        ),
        downloads=tuple(
            Download(
                Link(urls.dump(name), name), TITLES.get(name, ""), _size(files[name]["bytes"]), files[name]["sha256"]
            )
            for name in ordered
        ),
        citation=(
            f"Palermo: the recommendations of the Working Group on the Smuggling of Migrants as linked data, version "
            f"{snapshot.version}, built {in_words(snapshot.built.date())}, {urls.canonical('dataset')}."
        ),
        base=snapshot.base.iri,
        sparql=urls.canonical("sparql"),
        example=example,
        document_example=urls.doc(example),
        dataset=urls.path("dataset"),
        context=urls.path("context.jsonld"),
        graphs=tuple(Link(urls.of(graph), graph.value.removeprefix(snapshot.base.iri)) for graph in snapshot.graphs),
        versions=tuple(
            Link(urls.version(version), version, current=version == snapshot.version)
            for version in exchange.services.snapshots.versions()
        ),
        api=API,
    )


def _size(size: int) -> str:
    value, unit = float(size), 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.0f} {_UNITS[unit]}" if unit == 0 or value >= 100 else f"{value:.1f} {_UNITS[unit]}"
