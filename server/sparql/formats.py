"""Formats of results: what is on offer for each form of query, and the names by which readers ask."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ontology.formats import (
    CSV,
    GRAPHS,
    HTML,
    JSON,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    TABLES,
    TRIG,
    TSV,
    TURTLE,
    XML,
    Format,
)
from server.web.errors import BadRequest, NotAcceptable
from server.web.negotiation import choose

NAMES: dict[str, tuple[Format, ...]] = {
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
    "trig": (TRIG,),
    "nq": (N_QUADS,),
    "html": (HTML,),
}


def offers(form: str, *, html: bool) -> tuple[Format, ...]:
    """The formats for a form of query in the server's order."""
    machine = GRAPHS if form in ("CONSTRUCT", "DESCRIBE") else TABLES
    return (*machine, HTML) if html else machine


@lru_cache(maxsize=1_000)
def choose_format(accept: str, named: str | None, on_offer: tuple[Format, ...]) -> Format:
    """The format for an `Accept` field, or for the name in ``format``, which comes before it.

    Raises `NotAcceptable` when the field excludes everything on offer or the name is of another form of query, and
    `BadRequest` when the name is none.
    """
    if named:
        return _named(named, on_offer)
    media_types = [known.media_type for known in on_offer] + [also for known in on_offer for also in known.also]
    chosen = choose(accept, media_types)
    for known in on_offer:
        if chosen == known.media_type:
            return known
        if chosen is not None and chosen in known.also:
            return known if known is HTML else known.called(chosen)
    if on_offer[0] is GRAPHS[0] and choose(accept, [XML.media_type]):
        return RDF_XML  # Rasqal asks for XML results and reads RDF/XML (RFC 9110 §12.5.1 allows to send it).
    raise NotAcceptable(
        "No format of the result fits the Accept field of the request. There are: "
        + ", ".join(known.media_type for known in on_offer)
        + ".",
        offers=[known.media_type for known in on_offer],
    )


def _named(named: str, on_offer: Sequence[Format]) -> Format:
    name = named.strip().lower().replace(" ", "+")  # A plus sign that was not escaped in an address is a space.
    known = NAMES.get(name)
    if known is None:
        known = tuple(each for each in (*TABLES, *GRAPHS, HTML) if name == each.media_type or name in each.also)
    if not known:
        raise BadRequest(f"There is no format '{named[:60]}'. The names are {', '.join(NAMES)}.")
    for each in known:
        if each in on_offer:
            return each
    raise NotAcceptable(
        f"The result of this query has no form in '{named[:60]}'. There are: "
        + ", ".join(each.media_type for each in on_offer)
        + ".",
        offers=[each.media_type for each in on_offer],
    )
