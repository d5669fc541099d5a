"""Formats of results: what is on offer for each form of query, and the names by which readers ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.sparql.outcomes import QueryMalformed
from server.web.errors import NotAcceptable
from server.web.negotiation import choose


@dataclass(frozen=True, slots=True)
class ResultFormat:
    """One format. ``name`` is what a worker knows it by; ``content_type`` is the whole field that is sent; ``local`` is
    the name W3C gave the format (the end of its IRI); ``also`` are other media types that ask for it."""

    name: str
    media_type: str
    content_type: str
    local: str
    also: tuple[str, ...] = ()

    def called(self, media_type: str) -> ResultFormat:
        """The same format under the name the reader used for it."""
        charset = "; charset=utf-8" if media_type.startswith("text/") or media_type.endswith("xml") else ""
        return replace(self, media_type=media_type, content_type=media_type + charset)


JSON = ResultFormat(
    "json",
    "application/sparql-results+json",
    "application/sparql-results+json",
    "SPARQL_Results_JSON",
    ("application/json", "text/json"),
)
XML = ResultFormat(
    "xml",
    "application/sparql-results+xml",
    "application/sparql-results+xml; charset=utf-8",
    "SPARQL_Results_XML",
    ("application/xml", "text/xml"),
)
CSV = ResultFormat("csv", "text/csv", "text/csv; charset=utf-8; header=present", "SPARQL_Results_CSV")
TSV = ResultFormat(
    "tsv", "text/tab-separated-values", "text/tab-separated-values; charset=utf-8; header=present", "SPARQL_Results_TSV"
)
TURTLE = ResultFormat(
    "turtle", "text/turtle", "text/turtle; charset=utf-8", "Turtle", ("application/x-turtle", "text/n3", "text/rdf+n3")
)
JSON_LD = ResultFormat("jsonld", "application/ld+json", "application/ld+json", "JSON-LD", ("application/json",))
N_TRIPLES = ResultFormat("ntriples", "application/n-triples", "application/n-triples", "N-Triples", ("text/plain",))
RDF_XML = ResultFormat(
    "rdfxml",
    "application/rdf+xml",
    "application/rdf+xml; charset=utf-8",
    "RDF_XML",
    ("application/xml", "text/xml"),
)
TABLE = ResultFormat("table", "text/html", "text/html; charset=utf-8", "", ("application/xhtml+xml",))

TABLES = (JSON, XML, CSV, TSV)
GRAPHS = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML)

NAMES: dict[str, tuple[ResultFormat, ...]] = {
    "json": (JSON, JSON_LD),
    "xml": (XML, RDF_XML),
    "srj": (JSON,),
    "srx": (XML,),
    "csv": (CSV,),
    "tsv": (TSV,),
    "ttl": (TURTLE,),
    "turtle": (TURTLE,),
    "n3": (TURTLE,),
    "nt": (N_TRIPLES,),
    "ntriples": (N_TRIPLES,),
    "n-triples": (N_TRIPLES,),
    "jsonld": (JSON_LD,),
    "json-ld": (JSON_LD,),
    "rdf": (RDF_XML,),
    "rdfxml": (RDF_XML,),
    "rdf+xml": (RDF_XML,),
    "html": (TABLE,),
}


def offers(form: str, *, html: bool) -> tuple[ResultFormat, ...]:
    """The formats for a form of query in the server's order."""
    machine = GRAPHS if form in ("CONSTRUCT", "DESCRIBE") else TABLES
    return (*machine, TABLE) if html else machine


def choose_format(accept: str, named: str | None, on_offer: Sequence[ResultFormat]) -> ResultFormat:
    """The format for an `Accept` field, or for the name in ``format``, which comes before it.

    Raises `NotAcceptable` when the field excludes everything on offer or the name is of another form of query, and
    `QueryMalformed` when the name is none.
    """
    if named:
        return _named(named, on_offer)
    media_types = [known.media_type for known in on_offer] + [also for known in on_offer for also in known.also]
    chosen = choose(accept, media_types)
    for known in on_offer:
        if chosen == known.media_type:
            return known
        if chosen is not None and chosen in known.also:
            return known if known is TABLE else known.called(chosen)
    raise NotAcceptable(
        "No format of the result fits the Accept field of the request. There are: "
        + ", ".join(known.media_type for known in on_offer)
        + ".",
        offers=[known.media_type for known in on_offer],
    )


def _named(named: str, on_offer: Sequence[ResultFormat]) -> ResultFormat:
    name = named.strip().lower()
    known = NAMES.get(name)
    if known is None:
        known = tuple(found for found in (*TABLES, *GRAPHS, TABLE) if name == found.media_type or name in found.also)
    if not known:
        raise QueryMalformed(f"There is no format '{named[:60]}'. The names are {', '.join(NAMES)}")
    for found in known:
        if found in on_offer:
            return found
    raise NotAcceptable(
        f"The result of this query has no form in '{named[:60]}'. There are: "
        + ", ".join(found.media_type for found in on_offer)
        + ".",
        offers=[found.media_type for found in on_offer],
    )
