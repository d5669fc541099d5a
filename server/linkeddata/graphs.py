"""Documents that are a whole graph: the named graphs themselves, the vocabulary, the shapes, the catalogue, the report.

They are documents, so they answer 200; the terms in them have hash IRIs (`/ontology#cites`).
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse
from starlette.requests import Request
from starlette.responses import Response

from ontology.terms import term
from server.linkeddata.description import Resource, licence_of_data
from server.linkeddata.documents import data_answer, document_answer, links_of, negotiate, unknown
from server.linkeddata.formats import HTML, TEXT, split_suffix
from server.web.exchange import Exchange, Here
from server.web.responses import respond

Name = Annotated[str, Path(description="Path of a named graph below /graph/, such as reference.")]
GRAPH_OF = {"ontology": "graph/ontology", "shapes": "graph/shapes", "dataset": "graph/catalogue"}
REPORT = "validation"


def add_routes(router: APIRouter) -> None:
    """Adds `/graph/…`, and `/ontology`, `/shapes`, `/dataset`, `/validation` with their suffixes."""
    router.get("/graph/{name:path}", response_model=None, summary="A named graph", tags=["linked data"])(named_graph)
    for path in (*GRAPH_OF, REPORT):
        for route in (f"/{path}", f"/{path}.{{suffix}}"):
            router.get(route, response_model=None, summary=f"The document {path}", tags=["linked data"])(whole_document)


async def named_graph(request: Request, name: Name, exchange: Here) -> Response:
    """All statements of a named graph."""
    return await _answer(request, f"graph/{name}", exchange)


async def whole_document(request: Request, exchange: Here) -> Response:
    """The vocabulary, the shapes, the catalogue or the validation report."""
    return await _answer(request, exchange.path.removeprefix("/"), exchange)


async def _answer(request: Request, path: str, exchange: Exchange) -> Response:
    stem, given = split_suffix(path)
    triples = await _statements(stem, exchange)
    if not triples or given is TEXT:
        raise unknown(path)
    chosen = given or negotiate(exchange)
    iri = exchange.snapshot.names.node(stem)
    links = links_of(stem, exchange, licence=await licence_of_data(exchange.store))
    if chosen is HTML:
        resource = Resource(iri, stem, _label(iri, triples), ())
        page = await exchange.services.resource_page(resource, exchange)
        answer = document_answer(page.encode(), HTML, exchange, stem, negotiated=given is None, links=links)
    else:
        answer = data_answer(triples, chosen, exchange, stem, negotiated=given is None, links=links, first=(iri,))
    return respond(request, answer)


async def _statements(stem: str, exchange: Exchange) -> list[Triple]:
    if stem == REPORT:
        report = (exchange.snapshot.folder / "validation.ttl").read_bytes()
        return [quad.triple for quad in parse(report, RdfFormat.TURTLE, base_iri=exchange.snapshot.base.iri)]
    wanted = exchange.snapshot.base.iri + GRAPH_OF.get(stem, stem)
    graph = next((known for known in exchange.snapshot.graphs if known.value == wanted), None)
    if graph is None:
        return []
    rows = await exchange.store.select("graph-statements", graph=graph)
    return [_triple(row["subject"], row["property"], row["value"]) for row in rows]


def _triple(subject: object, predicate: object, value: NamedNode | BlankNode | Literal) -> Triple:
    if isinstance(subject, NamedNode | BlankNode) and isinstance(predicate, NamedNode):
        return Triple(subject, predicate, value)
    raise TypeError(f"{subject} {predicate} is not how a statement begins.")


def _label(iri: NamedNode, triples: list[Triple]) -> str:
    label = term("rdfs:label")
    found = (triple.object for triple in triples if triple.subject == iri and triple.predicate == label)
    return min((value.value for value in found if isinstance(value, Literal)), default=iri.value)
