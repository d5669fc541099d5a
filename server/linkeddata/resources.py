"""Things, their documents and whole graphs: `/id/…` redirects (303) to `/doc/…`, which answers in the format that is
asked for; `/graph/…`, `/ontology`, `/shapes`, `/dataset` and `/validation` are documents themselves and answer 200.

A thing is not its document (Cool URIs for the Semantic Web): the first is what is talked about, the second is what is
sent, has formats, a date and a licence. `/doc/….ttl` is the same document in one format, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated

from pydantic import Field
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from ontology.formats import AKOMA_NTOSO, ANNOTATIONS, ATOM, OF_DOCUMENTS, TEXT, Format, format_named, split_suffix
from ontology.namespaces import VOCABULARY_VERSION
from ontology.terms import term
from server.linkeddata.description import Resource, describe, identify, is_whole_text, licence_of, modified_of
from server.linkeddata.representing import LISTS, About, Data, MakeBytes, negotiate, respond_document
from server.store.known import gather
from server.web.answers import Answer, see_other
from server.web.errors import BadRequest, NotAcceptable, NotFound
from server.web.front import Route, routes_of
from server.web.request import Exchange
from server.web.sending import Response, respond, respond_once

Name = Annotated[str, Field(description="Path of a thing below /id/, such as actor/unodc.")]
DocumentPath = Annotated[str, Field(description="Path of a document below the base, such as doc/actor/unodc.")]
GraphName = Annotated[str, Field(description="Path of a named graph below /graph/, such as reference.")]
FormatName = Annotated[
    str | None,
    Field(
        alias="format",
        description="A suffix without its first dot: " + ", ".join(known.suffix[1:] for known in OF_DOCUMENTS),
    ),
]
PageNumber = Annotated[int, Field(ge=1, le=1_000_000, description="A page of what points at the thing.")]
ResourcePage = Callable[[Resource, Exchange], str]
WholeText = Callable[[str, Exchange], bytes]
"""Makes the Akoma Ntoso of a document by its IRI."""
GRAPH_OF = {
    "ontology": "graph/ontology",
    f"ontology/{VOCABULARY_VERSION}": "graph/ontology",
    "shapes": "graph/shapes",
    "dataset": "graph/catalogue",
}
"""The documents that are named graphs; the vocabulary is one under its version IRI, too: of this program, and where an
older snapshot has it."""
_OF_VOCABULARY = re.compile(r"ontology/[0-9]+(?:\.[0-9]+)+")
REPORT = "validation"
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?")


def resources_routes(page: ResourcePage, whole_text: WholeText) -> tuple[Route, ...]:
    """The routes of things, documents and graphs; ``page`` makes the HTML of a resource, ``whole_text`` the Akoma Ntoso
    of a document."""
    resources, tag = _Resources(page, whole_text), "linked data"
    whole = ("ontology", "ontology/{version}", "shapes", "dataset", REPORT)
    return (
        Route("/id/{name:path}", thing, "A thing", tag, status=303),
        *routes_of(
            tag,
            ("/doc/{name:path}", resources.document, "The document about a thing"),
            ("/graph/{name:path}", resources.named_graph, "A named graph"),
            *(
                (f"/{path}{suffix}", resources.whole_document, f"The document {path}")
                for path in whole
                for suffix in ("", ".{suffix}")
            ),
        ),
    )


def thing(name: Name, exchange: Exchange) -> Response:
    """Redirects to the document about a thing. The same for every reader, so it can be stored."""

    def make() -> Answer:
        if _existing(name, exchange) is not None:
            return see_other(exchange.urls.path(f"doc/{name}"))
        numbered = _numbered_directive(name, exchange)
        if numbered is not None:
            return see_other(exchange.urls.doc(numbered))
        stem, chosen = split_suffix(name)
        if chosen is None or _existing(stem, exchange) is None:
            raise unknown(f"id/{name}")
        return see_other(exchange.urls.path(f"doc/{name}"))

    return respond_once(exchange, "", make)


def _numbered_directive(name: str, exchange: Exchange) -> NamedNode | None:
    """The directive at ``…/directive/2``, the second of its paragraph, whose own name counts characters."""
    whole, _, number = name.rpartition("/directive/")
    if not whole or not number.isdecimal() or len(number) > 3:
        return None
    paragraph = exchange.snapshot.names.node(f"id/{whole}")
    rows = exchange.store.select("paragraph-directives", paragraph=paragraph)
    directives = [node for node in dict.fromkeys(row["directive"] for row in rows) if isinstance(node, NamedNode)]
    return directives[int(number) - 1] if 0 < int(number) <= len(directives) else None


class _Resources:
    def __init__(self, page: ResourcePage, whole_text: WholeText) -> None:
        self._page = page
        self._whole_text = whole_text

    def document(
        self, name: Name, exchange: Exchange, format_name: FormatName = None, page: PageNumber = 1
    ) -> Response:
        """The document about a thing, in the format named by its suffix, by ``format``, or else by `Accept`."""
        stem, suffixed = split_suffix(name)
        iri = _iri(stem, exchange)
        if iri is None:
            raise unknown(f"doc/{name}")
        if suffixed is None and format_name is not None:
            suffixed = format_named(format_name)
            if suffixed is None:
                names = ", ".join(known.suffix[1:] for known in OF_DOCUMENTS)
                raise BadRequest(f"The parameter format is one of {names}.")
        path = f"doc/{stem}"
        if "/directive/" in stem and _existing(stem, exchange) is None:
            numbered = _numbered_directive(stem, exchange)
            if numbered is not None:
                return respond(exchange, see_other(exchange.urls.doc(numbered, suffixed.suffix if suffixed else "")))
        own = self._own(iri, stem, exchange)
        if suffixed is None:
            _require_acceptable(iri, stem, own, exchange)

        def html() -> tuple[str, About]:
            named = identify(iri, exchange)
            if named is None:
                raise unknown(path)
            resource, about = named
            return self._page(resource, exchange), about

        def data() -> Data:
            described = describe(iri, exchange, page)
            if described is None:
                raise unknown(path)
            return described

        return respond_document(
            exchange,
            path,
            suffixed,
            html,
            data,
            variant=str(page),
            address=lambda suffix: exchange.urls.path(path + suffix, {"page": str(page)} if page > 1 else None),
            own=own,
        )

    def _own(self, iri: NamedNode, stem: str, exchange: Exchange) -> dict[Format, MakeBytes]:
        """The formats of things that have words of their own, or are whole documents."""

        def whole() -> tuple[bytes, About]:
            about = About(iri.value, modified=modified_of(iri, exchange.snapshot), formats=(AKOMA_NTOSO,))
            return self._whole_text(iri.value, exchange), about

        text: dict[Format, MakeBytes] = {TEXT: lambda: _text(iri, exchange)}
        return text | {AKOMA_NTOSO: whole} if is_whole_text(stem) else text

    def named_graph(self, name: GraphName, exchange: Exchange) -> Response:
        """All statements of a named graph."""
        return self._graph_document(f"graph/{name}", exchange)

    def whole_document(self, exchange: Exchange) -> Response:
        """The vocabulary, the shapes, the catalogue or the validation report."""
        return self._graph_document(exchange.path.removeprefix("/"), exchange)

    def _graph_document(self, path: str, exchange: Exchange) -> Response:
        stem, suffixed = split_suffix(path)
        if suffixed in (TEXT, AKOMA_NTOSO, ATOM) or (stem != REPORT and _graph(stem, exchange) is None):
            raise unknown(path)
        iri = exchange.snapshot.names.node(stem)
        if _OF_VOCABULARY.fullmatch(stem) and not exchange.store.exists(iri):
            raise unknown(path)

        def html() -> tuple[str, About]:
            content = data()
            triples_label = _label(iri, content)
            return self._page(Resource(iri, stem, triples_label, ()), exchange), content.about

        def data() -> Data:
            facts = gather(_statements(stem, exchange))
            graph = _graph(stem, exchange)
            changed = (
                exchange.snapshot.built if stem in ("dataset", REPORT) else modified_of(graph or iri, exchange.snapshot)
            )
            about = About(licence=licence_of(stem, exchange), modified=changed)
            return Data(facts, (iri,), about, graph)

        return respond_document(exchange, stem, suffixed, html, data)


def _require_acceptable(iri: NamedNode, stem: str, own: Mapping[Format, MakeBytes], exchange: Exchange) -> None:
    """Raises `NotAcceptable`, or `NotFound` where there is no such thing in any format."""
    try:
        negotiate(exchange, *own)
    except NotAcceptable:
        if not exchange.store.exists(iri):
            raise unknown(f"doc/{stem}") from None
        raise


def _text(iri: NamedNode, exchange: Exchange) -> tuple[bytes, About] | None:
    """The exact words, in which the offsets of annotations count."""
    rows = exchange.store.select("resource-text", resource=iri)
    if not rows:
        if not exchange.store.exists(iri):
            raise unknown(exchange.path.removeprefix("/"))
        return None
    about = About(iri.value, modified=modified_of(iri, exchange.snapshot), formats=(ANNOTATIONS, TEXT))
    return rows[0]["text"].value.encode(), about


def _statements(stem: str, exchange: Exchange) -> list[Triple]:
    if stem == REPORT:
        report = (exchange.snapshot.folder / "validation.ttl").read_bytes()
        return [quad.triple for quad in parse(report, RdfFormat.TURTLE, base_iri=exchange.snapshot.base.iri)]
    graph = _graph(stem, exchange)
    if graph is None:
        raise unknown(stem)
    written = exchange.snapshot.folder / "catalogue.nq"
    if graph == exchange.snapshot.names.graph("catalogue") and written.is_file():
        # The engine makes every whole number an xsd:integer, and DCAT wants an xsd:nonNegativeInteger.
        return [quad.triple for quad in parse(written.read_bytes(), RdfFormat.N_QUADS)]
    rows = exchange.store.select("graph-statements", graph=graph)
    return [_triple(row["subject"], row["property"], row["value"]) for row in rows]


def _graph(stem: str, exchange: Exchange) -> NamedNode | None:
    name = "graph/ontology" if _OF_VOCABULARY.fullmatch(stem) else GRAPH_OF.get(stem, stem)
    wanted = exchange.snapshot.base.iri + name
    return next((graph for graph in exchange.snapshot.graphs if graph.value == wanted), None)


def _triple(subject: object, predicate: object, value: NamedNode | BlankNode | Literal) -> Triple:
    if isinstance(subject, NamedNode | BlankNode) and isinstance(predicate, NamedNode):
        return Triple(subject, predicate, value)
    raise TypeError(f"{subject} {predicate} is not how a statement begins.")


def _label(iri: NamedNode, data: Data) -> str:
    labels = data.facts.get(iri, {}).get(term("rdfs:label").value, set())
    return min((value.value for value in labels if isinstance(value, Literal)), default=iri.value)


def topic_of(path: str, exchange: Exchange) -> NamedNode | None:
    """The thing or question that the document at a path is about; None for one that is about neither: a list, a graph.
    Raises `NotFound` for a path at which no document can be."""
    snapshot = exchange.snapshot
    if path.startswith(("doc/", "queries/")):
        try:
            return NamedNode(snapshot.base.iri + (f"id/{path[4:]}" if path.startswith("doc/") else path))
        except ValueError:  # no IRI has such a character
            raise unknown(path) from None
    if path not in {*GRAPH_OF, REPORT, *LISTS, *(snapshot.names.path(graph) for graph in snapshot.graphs)}:
        raise unknown(path)
    return None


def _existing(name: str, exchange: Exchange) -> NamedNode | None:
    iri = _iri(name, exchange)
    return iri if iri is not None and exchange.store.exists(iri) else None


def _iri(name: str, exchange: Exchange) -> NamedNode | None:
    """The IRI of a thing; None where the name could not be one of ours."""
    return NamedNode(f"{exchange.snapshot.base.iri}id/{name}") if _NAME.fullmatch(name) and "//" not in name else None


def unknown(path: str) -> NotFound:
    """The error for an address that no data stand behind."""
    return NotFound(f"The data know nothing at /{path}.")
