"""Documents that are a whole graph: the named graphs themselves, the vocabulary, the shapes, the catalogue, the report.

They are documents, so they answer 200; the terms in them have hash IRIs (`/ontology#cites`).
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse
from starlette.responses import Response

from ontology.terms import term
from server.knowledge import gather
from server.linkeddata.description import Resource, licence_of_data
from server.linkeddata.documents import data_answer, document_answer, links_of, negotiate, unknown
from server.linkeddata.formats import HTML, TEXT, Format, split_suffix
from server.web.cache import AnswerCache
from server.web.exchange import Exchange, Here
from server.web.representation import FinishedResponse
from server.web.responses import Answer, finish

Name = Annotated[str, Path(description="Path of a named graph below /graph/, such as reference.")]
GRAPH_OF = {"ontology": "graph/ontology", "shapes": "graph/shapes", "dataset": "graph/catalogue"}
REPORT = "validation"
ROOM = 32_000_000
"""Bytes of answers that are kept."""


def add_routes(router: APIRouter) -> None:
    """Adds `/graph/…`, and `/ontology`, `/shapes`, `/dataset`, `/validation` with their suffixes."""
    documents = GraphDocuments()
    router.get("/graph/{name:path}", response_model=None, summary="A named graph", tags=["linked data"])(
        documents.named_graph
    )
    for path in (*GRAPH_OF, REPORT):
        for route in (f"/{path}", f"/{path}.{{suffix}}"):
            router.get(route, response_model=None, summary=f"The document {path}", tags=["linked data"])(
                documents.whole_document
            )


class GraphDocuments:
    """Answers with whole graphs and keeps the last answers: one takes so long to write and to compress that a stranger
    who asks for it again and again, with another query string or `Accept` each time, would keep everybody waiting."""

    def __init__(self) -> None:
        self._kept = AnswerCache(ROOM)

    async def named_graph(self, name: Name, exchange: Here) -> Response:
        """All statements of a named graph."""
        return await self._answer(f"graph/{name}", exchange)

    async def whole_document(self, exchange: Here) -> Response:
        """The vocabulary, the shapes, the catalogue or the validation report."""
        return await self._answer(exchange.path.removeprefix("/"), exchange)

    async def _answer(self, path: str, exchange: Exchange) -> Response:
        stem, given = split_suffix(path)
        if given is TEXT or (stem != REPORT and _graph(stem, exchange) is None):
            raise unknown(path)
        chosen = given or negotiate(exchange)
        place = "/".join((exchange.snapshot.version, exchange.version))
        key = (place, stem.encode(), chosen.suffix.encode(), b"" if given else b"negotiated")
        kept = self._kept.get(key)
        if kept is None:
            kept = finish(await _written(stem, chosen, exchange, negotiated=given is None), exchange)
            self._kept.put(key, kept)
        exchange.representation = kept
        return FinishedResponse(kept, exchange)


async def _written(stem: str, chosen: Format, exchange: Exchange, *, negotiated: bool) -> Answer:
    triples = await _statements(stem, exchange)
    iri = exchange.snapshot.names.node(stem)
    links = links_of(stem, exchange, licence=await licence_of_data(exchange.store))
    if chosen is HTML:
        resource = Resource(iri, stem, _label(iri, triples), ())
        page = await exchange.services.resource_page(resource, exchange)
        return document_answer(page.encode(), HTML, exchange, stem, negotiated=negotiated, links=links)
    return data_answer(gather(triples), chosen, exchange, stem, negotiated=negotiated, links=links, first=(iri,))


async def _statements(stem: str, exchange: Exchange) -> list[Triple]:
    if stem == REPORT:
        report = (exchange.snapshot.folder / "validation.ttl").read_bytes()
        return [quad.triple for quad in parse(report, RdfFormat.TURTLE, base_iri=exchange.snapshot.base.iri)]
    graph = _graph(stem, exchange)
    if graph is None:
        raise unknown(stem)
    rows = await exchange.store.select("graph-statements", graph=graph)
    return [_triple(row["subject"], row["property"], row["value"]) for row in rows]


def _graph(stem: str, exchange: Exchange) -> NamedNode | None:
    wanted = exchange.snapshot.base.iri + GRAPH_OF.get(stem, stem)
    return next((known for known in exchange.snapshot.graphs if known.value == wanted), None)


def _triple(subject: object, predicate: object, value: NamedNode | BlankNode | Literal) -> Triple:
    if isinstance(subject, NamedNode | BlankNode) and isinstance(predicate, NamedNode):
        return Triple(subject, predicate, value)
    raise TypeError(f"{subject} {predicate} is not how a statement begins.")


def _label(iri: NamedNode, triples: list[Triple]) -> str:
    label = term("rdfs:label")
    found = (triple.object for triple in triples if triple.subject == iri and triple.predicate == label)
    return min((value.value for value in found if isinstance(value, Literal)), default=iri.value)
