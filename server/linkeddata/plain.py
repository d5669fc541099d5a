"""A page about any resource, without design: used until the pages bring theirs, and complete all the same."""

from __future__ import annotations

from html import escape

from pyoxigraph import Literal, NamedNode

from server.knowledge import Value
from server.linkeddata.description import Resource, describe
from server.linkeddata.formats import DATA
from server.linkeddata.grouping import order
from server.linkeddata.prefixes import Prefixes
from server.web.exchange import Exchange


async def plain_resource_page(resource: Resource, exchange: Exchange) -> str:
    """Everything the description says, as a list of definitions a subject."""
    described = await describe(resource.iri, exchange)
    facts = described.facts if described else {}
    prefixes = Prefixes(exchange.snapshot.prefixes)
    sections = [
        f'<section id="{escape(_fragment(found.subject.value))}"><h2>{escape(found.subject.value)}</h2>\n<dl>\n'
        + "".join(
            f"<dt>{escape(prefixes.shorten(iri) or iri)}</dt>\n"
            + "".join(f"<dd>{_value(value, exchange)}</dd>\n" for value in values)
            for iri, values in found.properties
        )
        + "</dl></section>\n"
        for found in order(facts, (resource.iri,))
    ]
    formats = " ".join(
        f'<a href="{escape(exchange.urls.doc(resource.iri, known.suffix))}">{known.name}</a>' for known in DATA
    )
    return (
        f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{escape(resource.label)}</title>'
        f"</head>\n<body>\n<main>\n<h1>{escape(resource.label)}</h1>\n<p>{formats}</p>\n{''.join(sections)}</main>\n"
        "</body>\n</html>\n"
    )


def _fragment(iri: str) -> str:
    return iri.partition("#")[2] or iri.rpartition("/")[2]


def _value(value: Value, exchange: Exchange) -> str:
    if isinstance(value, NamedNode):
        return f'<a href="{escape(exchange.urls.of(value))}">{escape(value.value)}</a>'
    language = f' lang="{value.language}"' if isinstance(value, Literal) and value.language else ""
    return f"<span{language}>{escape(value.value)}</span>"
