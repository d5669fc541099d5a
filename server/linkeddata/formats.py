"""The formats of a document: suffix, media type and name, in the server's order of preference."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """One format. ``suffix`` has its dot; ``media_type`` has no parameters; ``content_type`` is the whole field."""

    name: str
    suffix: str
    media_type: str
    content_type: str


HTML = Format("HTML", ".html", "text/html", "text/html; charset=utf-8")
TURTLE = Format("Turtle", ".ttl", "text/turtle", "text/turtle; charset=utf-8")
JSON_LD = Format("JSON-LD", ".jsonld", "application/ld+json", "application/ld+json")
N_TRIPLES = Format("N-Triples", ".nt", "application/n-triples", "application/n-triples")
RDF_XML = Format("RDF/XML", ".rdf", "application/rdf+xml", "application/rdf+xml")
TEXT = Format("plain text", ".txt", "text/plain", "text/plain; charset=utf-8")

NEGOTIATED = (HTML, TURTLE, JSON_LD, N_TRIPLES, RDF_XML)
DATA = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML)
BY_SUFFIX = {known.suffix: known for known in (*NEGOTIATED, TEXT)}
BY_TYPE = {known.media_type: known for known in NEGOTIATED} | {"application/json": JSON_LD}


def split_suffix(path: str) -> tuple[str, Format | None]:
    """A path without the suffix of a format, and the format; the path itself when it has none that is known."""
    head, dot, tail = path.rpartition(".")
    found = BY_SUFFIX.get(dot + tail) if dot else None
    return (head, found) if found is not None else (path, None)


def format_named(name: str) -> Format | None:
    """The format a reader names by ``?format=``: a suffix without its dot, or a media type."""
    return BY_SUFFIX.get(f".{name.lower()}") or BY_TYPE.get(name.lower())
