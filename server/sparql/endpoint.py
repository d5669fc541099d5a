"""The endpoint: SPARQL 1.1 Protocol §2 over HTTP, query operation only.

A GET without a query gives the service description, or the page with the editor to a reader who prefers HTML
(SPARQL 1.1 Service Description §2).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from pyoxigraph import Literal, NamedNode

from ontology.formats import BY_KEY, GRAPHS, HTML, TABLES, TURTLE, Format
from ontology.namespaces import CATALOGUE_IRIS, Base
from ontology.terms import english, term
from server.cache import kept_with
from server.linkeddata.representing import About, Data, write
from server.settings import Settings
from server.snapshot import Snapshot
from server.sparql.explanations import hints_of, terms_in_use
from server.sparql.gate import CheckedQuery
from server.sparql.outcomes import ClientGone, Limits
from server.sparql.processes import Dataset
from server.sparql.request import BY_GET, BY_POST, OFFERS, Asked, asked_in, choose_format, read_request
from server.sparql.serializing import Result, Table, table_of
from server.sparql.service import LONG, QueryService, Question
from server.store.known import Facts, state
from server.web.answers import Answer, Freshness, Link, StoredResponse, finish, is_compressible, seeded_tag
from server.web.errors import PalermoError, error_answer
from server.web.front import Route
from server.web.negotiation import parse_accept
from server.web.request import Exchange, Tell
from server.web.sending import Response, not_modified, respond

_PATH = "sparql"
_LABEL = "SPARQL endpoint of Palermo"
_UNION = "The default graph is the union of all named graphs."
_DIFFERENCES = (
    "Numbers, texts, dates and other values in one column are sorted kind by kind.",
    "GROUP_CONCAT joins the texts of numbers and IRIs, too; of equal texts DISTINCT leaves one.",
    "GRAPH with a variable around a subquery, VALUES, MINUS or another GRAPH is asked graph by graph, and refused "
    "where there are over 30 graphs.",
    "Alternatives in a path, (p|q), in or beside a list or [] are refused where it matters how often a row comes.",
    "Sums and products of whole numbers are worked out in 64 bits; what is larger is an error.",
    "A regular expression looks neither around nor back (\\1); a constant one that does, or is none, is refused.",
    "Numbers have their shortest form: STR(1.10) is 1.1.",
    "HAVING does not know the names that SELECT gives, as SPARQL has it; other engines do.",
    "The dumps and the counts of VoID are without graph/catalogue, which describes them; the endpoint has it.",
)
"""What a user of other engines would stumble over."""


@dataclass(frozen=True, slots=True)
class QueryView:
    """``query`` is empty for the editor alone; then ``table`` is None. Of a query that ended without a result
    ``problem`` says why. ``hints`` say what the query may mean otherwise."""

    query: str = ""
    table: Table | None = None
    problem: PalermoError | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


QueryPage = Callable[[QueryView, Exchange], str]


@lru_cache(maxsize=2)
def dataset_of(snapshot: Snapshot) -> Dataset:
    """The data set that queries on a snapshot run on. A store on disk is for workers only: the disk may not answer, and
    the event loop must not wait for it."""
    return Dataset(
        snapshot.store_path,
        snapshot.base.iri,
        tuple(sorted(snapshot.prefixes.items())),
        snapshot.quads if snapshot.in_memory else (),
        snapshot.etag_seed,
        frozenset(graph.value for graph in snapshot.graphs),
        snapshot.store if snapshot.in_memory else None,
        snapshot.files,
    )


@dataclass(slots=True)
class Endpoint:
    """Answers requests to ``/sparql``."""

    service: QueryService
    page: QueryPage

    async def answer(self, exchange: Exchange) -> Response:
        """The answer to a GET or POST. Raises errors of the tree; of a query asked from a page they are part of it."""
        dataset = dataset_of(exchange.snapshot)
        asked = await read_request(exchange)
        if asked.query is None:
            return await self._introduce(exchange, asked)
        if exchange.request.method == "POST":
            exchange.cache_key += (exchange.request.headers["content-type"], await exchange.request.body())
            stored = exchange.services.results.get(exchange.cache_key)
            if isinstance(stored, StoredResponse):
                return stored
        try:
            return await self._answer(exchange, dataset, asked, asked.query)
        except PalermoError as problem:
            if isinstance(problem, ClientGone) or not _prefers_html(exchange, asked):
                raise
            body = await self._made(exchange, asked, problem=problem)
            return respond(exchange, error_answer(problem, body, HTML.content_type))

    async def _answer(self, exchange: Exchange, dataset: Dataset, asked: Asked, query: str) -> Response:
        checked = await self.service.check(query, dataset, asked.graphs, exchange.in_turn)
        question, chosen = self._question(checked, asked, exchange.accept)
        tag = _tag(question)
        freshness = Freshness.NEVER if checked.volatile else Freshness.SNAPSHOT
        if (
            not checked.volatile
            and exchange.request.method == "GET"
            and chosen is not HTML
            and "*" not in exchange.conditions.if_none_match
        ):
            known = not_modified(exchange, tag, chosen.content_type, negotiated=True)
            if known is not None:
                return known
        result = await self._wait(exchange, question, dataset)
        body = result.body
        if chosen is HTML:
            body = await self._made(exchange, asked, question, result)
        return respond(
            exchange,
            Answer(
                body,
                chosen.content_type,
                negotiated=True,
                freshness=freshness,
                tag=None if chosen is HTML else tag,
                cacheable=not checked.volatile,
            ),
            exchange.services.results,
        )

    def answer_at_once(
        self, exchange: Exchange, query: bytes, tell: Tell
    ) -> StoredResponse | Callable[[], None] | None:
        """The response to a GET with a query string; or begins to answer it, and returns what ends that before ``tell``
        is called with the outcome. None, and nothing is begun, for what takes more than a run: a page, an error, a long
        text."""
        dataset = dataset_of(exchange.snapshot)
        try:
            asked = asked_in(query)
            if asked.query is None or len(asked.query) > LONG:
                return None
            checked = self.service.check_now(asked.query, dataset, asked.graphs)
            question, chosen = self._question(checked, asked, exchange.accept)
        except PalermoError:
            return None
        if chosen is HTML or checked.volatile:
            return None

        def kept(body: bytes) -> StoredResponse:
            model = _model(exchange, chosen.content_type, len(body))
            stored = model.with_body(body, seeded_tag(exchange.snapshot, chosen.content_type, _tag(question)))
            exchange.services.results.put(exchange.cache_key, stored)
            return stored

        now = self.service.answer_now(question, dataset, exchange.client)
        if now is not None:
            return kept(now.body)

        def told(outcome: Result | Exception) -> None:
            tell(outcome, kept(outcome.body) if isinstance(outcome, Result) else None)

        run = self.service.begin(question, dataset, exchange.client, told)
        return partial(self.service.leave, run, told)

    @staticmethod
    def _question(checked: CheckedQuery, asked: Asked, accept: str) -> tuple[Question, Format]:
        """What a request asks, and the format of its answer."""
        chosen = choose_format(checked.form, accept, asked.format)
        return Question(checked, chosen.key), chosen

    async def _wait(self, exchange: Exchange, question: Question, dataset: Dataset) -> Result:
        """Returns the result. Raises `ClientGone` if the client disconnects first."""
        if isinstance(exchange.outcome, Exception):
            raise exchange.outcome
        if isinstance(exchange.outcome, Result):
            return exchange.outcome
        result: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        watching = asyncio.create_task(_end_when_gone(exchange, result))
        try:
            return await self.service.answer(question, dataset, exchange.client, result)
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching

    async def _introduce(self, exchange: Exchange, asked: Asked) -> Response:
        chosen = choose_format("", exchange.accept, asked.format)
        if chosen is HTML:
            body = await self._made(exchange, asked)
        else:
            body = await exchange.in_turn(partial(self._described, exchange, chosen.key))
        links = [
            Link(f"{exchange.urls.sparql()}?format={known.suffix[1:]}", "alternate", known.media_type)
            for known in OFFERS[""]
        ]
        links.append(Link(exchange.urls.path("dataset.ttl"), "describedby", TURTLE.media_type))
        return respond(exchange, Answer(body, chosen.content_type, negotiated=True, links=tuple(links)))

    @staticmethod
    def _described(exchange: Exchange, key: str) -> bytes:
        """The description of the service, as data."""
        snapshot = exchange.snapshot
        iri = snapshot.names.node(_PATH)
        facts = exchange.store.known(iri).facts
        describe_service(facts, snapshot.base, snapshot.graphs, limits_in_words(exchange.services.settings))
        return write(Data(facts, (iri,), About()), BY_KEY[key], exchange)

    async def _made(
        self,
        exchange: Exchange,
        asked: Asked,
        question: Question | None = None,
        result: Result | None = None,
        problem: PalermoError | None = None,
    ) -> bytes:
        """A page, made in a thread like all others."""

        def page() -> bytes:
            base, graphs = exchange.snapshot.base.iri, asked.graphs or ((), ())
            table = table_of(result, question.checked.form) if question and result else None
            terms = terms_in_use(exchange.snapshot) if question else ()
            hints = hints_of(question.checked.text, base, terms, table) if question else ()
            return self.page(QueryView(asked.query or "", table, problem, *graphs, hints), exchange).encode()

        return await exchange.in_turn(page)


def _prefers_html(exchange: Exchange, asked: Asked) -> bool:
    if asked.format:
        return asked.format.strip().lower() == "html"
    return any(
        wanted.main == "text" and wanted.sub == "html" and wanted.weight for wanted in parse_accept(exchange.accept)
    )


def _tag(question: Question) -> str:
    """The seed of the entity-tag: with the snapshot, which is added to it, all that decides the bytes of a result."""
    return f"{question.checked.text}\0{(question.format, *(question.checked.graphs or (None, None)))!r}"


@kept_with
def _models(snapshot: Snapshot) -> dict[tuple[str, bool], StoredResponse]:  # noqa: ARG001
    """Responses with the headers of results, by media type and whether they are compressed."""
    return {}


def _model(exchange: Exchange, content_type: str, size: int) -> StoredResponse:
    """A response with the headers of a result of this type and size."""
    key = (content_type, is_compressible(content_type, size))
    models = _models(exchange.snapshot)
    model = models.get(key)
    if model is None:
        answer = Answer(b"", content_type, negotiated=True, tag="")
        model = models[key] = finish(answer, exchange.snapshot, compressible=key[1])
        model.hits = exchange.services.metrics.kept(PATHS[0])
    return model


async def _end_when_gone(exchange: Exchange, result: asyncio.Future[Result]) -> None:
    """Cancels the wait for a result when the client disconnects."""
    while (await exchange.request.receive())["type"] != "http.disconnect":
        pass
    if not result.done():
        result.set_exception(ClientGone("The client went away before the query had a result."))


PATHS = ("/sparql", "/sparql/")
"""With and without a slash at the end, because clients are configured with either."""


def sparql_routes(endpoint: Endpoint) -> tuple[Route, ...]:
    """The routes of the endpoint. Its protocol has rules of its own for parameters."""
    return tuple(
        Route(
            path,
            endpoint.answer,
            f"SPARQL 1.1 query by {method}" if path == "/sparql" else "",
            method=method,
            details=details,
            begin=endpoint.answer_at_once,
        )
        for path in PATHS
        for method, details in (("GET", BY_GET), ("POST", BY_POST))
    )


def limits_in_words(settings: Settings) -> tuple[str, ...]:
    """The limits of a query and what this engine does differently, a sentence each."""
    return (
        f"A query has at most {settings.query_text_bytes:,} bytes by POST, an address {settings.target_bytes:,}.",
        f"Brackets nest up to {settings.query_nesting} deep, and there are at most {Limits().operators:,} operators, "
        "the signs of numbers not among them.",
        f"A result has at most {settings.result_rows:,} rows and {settings.result_bytes:,} bytes; more is refused, not "
        f"cut. A page shows {settings.table_rows:,} rows and says when there are more.",
        f"A query is ended after {settings.query_deadline_seconds:g} seconds or at "
        f"{settings.query_memory_bytes // 1_000_000:,} MB of memory.",
        f"One address has {settings.client_queries} queries at once, one of them long; what is beyond waits a few "
        "seconds, and then it is told when to come back."
        if settings.client_queries
        else "Queries of one address are not limited in number.",
        "Other servers are not asked (SERVICE), and nothing is changed (SPARQL Update).",
        *_DIFFERENCES,
    )


def describe_service(facts: Facts, base: Base, graphs: Sequence[NamedNode], limits: Iterable[str]) -> None:
    """Adds the service description (SPARQL 1.1 Service Description) for a base and its published named graphs, with the
    limits in words. All nodes have IRIs, fragments of the endpoint's own address."""
    endpoint = NamedNode(base.iri + _PATH)

    def part(name: str) -> NamedNode:
        return NamedNode(f"{endpoint.value}#{name}")

    service, dataset, default, every = map(part, ("service", "dataset", "default-graph", "graphs"))
    state(facts, service, "rdf:type", term("sd:Service"))
    state(facts, service, "rdfs:label", english(_LABEL))
    state(facts, service, "rdfs:comment", *map(english, limits))
    state(facts, service, "sd:endpoint", endpoint)
    state(facts, service, "sd:supportedLanguage", term("sd:SPARQL11Query"))
    state(facts, service, "sd:feature", term("sd:UnionDefaultGraph"))
    formats = (NamedNode(CATALOGUE_IRIS["formats"] + known.w3c) for known in (*TABLES, *GRAPHS))
    state(facts, service, "sd:resultFormat", *formats)
    state(facts, service, "sd:defaultDataset", dataset)
    state(facts, service, "sd:availableGraphs", every)
    state(facts, dataset, "rdf:type", term("sd:Dataset"))
    state(facts, dataset, "sd:defaultGraph", default)
    state(facts, default, "rdf:type", term("sd:Graph"))
    state(facts, default, "rdfs:comment", english(_UNION))
    state(facts, every, "rdf:type", term("sd:GraphCollection"))
    for graph in graphs:
        name = graph.value.removeprefix(base.iri)
        named = part("graph-" + name.removeprefix("graph/").replace("/", "-"))
        content = NamedNode(named.value + "-content")
        state(facts, dataset, "sd:namedGraph", named)
        state(facts, every, "sd:namedGraph", named)
        state(facts, named, "rdf:type", term("sd:NamedGraph"))
        state(facts, named, "sd:name", graph)
        state(facts, named, "sd:graph", content)
        state(facts, named, "rdfs:label", Literal(name))
        state(facts, content, "rdf:type", term("sd:Graph"))
