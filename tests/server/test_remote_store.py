"""The server in front of an engine elsewhere: the same answers, and failures told apart."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import httpx2
import pytest
from starlette.testclient import TestClient

from server.app import create_app
from server.settings import Settings
from server.snapshot import Snapshot
from tests.conftest import free_port, process_of
from tests.processes import await_answer
from tests.server.engine import Behaviour, SmallEngine, small_engine

GRAPHS = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"


@pytest.fixture(scope="module")
def engine(snapshot: Snapshot) -> Iterator[SmallEngine]:
    """An engine that holds the real document."""
    with small_engine() as running:
        running.load(snapshot)
        yield running


@contextlib.contextmanager
def before(engine: SmallEngine, settings: Settings) -> Iterator[TestClient]:
    """A client of the whole application in front of that engine."""
    engine.behaviour = Behaviour()
    chosen = settings.model_copy(update={"store": engine.address, "store_seconds": 30, "query_deadline_seconds": 30})
    with TestClient(create_app(chosen), follow_redirects=False) as opened:
        yield opened
    engine.behaviour = Behaviour()


@pytest.fixture
def remote(settings: Settings, engine: SmallEngine) -> Iterator[TestClient]:
    """One that knows of no failure yet."""
    with before(engine, settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def steady(settings: Settings, engine: SmallEngine) -> Iterator[TestClient]:
    """One for all tests in which the engine does not fail."""
    with before(engine, settings) as opened:
        yield opened


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time by which an engine that fails is left alone, which only the test moves on."""
    now = [time.monotonic()]
    monkeypatch.setattr("server.store.remote.time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def ask(client: TestClient, query: str, accept: str = "text/csv", **parameters: str | list[str]) -> str:
    """The result of a visitor's query as text."""
    answer = client.post("/sparql", data={"query": query, **parameters}, headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/recommendations",
        "/crossref",
        "/doc/document/som-wg-2015",
        "/doc/document/som-wg-2015/paragraph/24",
        "/doc/actor/unodc",
        "/doc/instrument/smuggling-protocol/article/16",
        "/graph/reference",
        "/queries/what-is-unodc-asked",
        '/reconcile?queries={"q0":{"query":"Art. 16(5) SMP"},"q1":{"query":"use of terms"}}',
        '/reconcile?extend={"ids":["actor/unodc"],"properties":[{"id":"pal:acronym"},{"id":"rdfs:label"}]}',
        "/reconcile/suggest/entity?prefix=UNOD",
        "/reconcile/preview?id=instrument/untoc/article/27",
        "/reconcile/draft/suggest/entity?prefix=UNOD",
    ],
)
def test_a_page_is_the_same_as_from_the_stores_own_files(client: TestClient, steady: TestClient, path: str) -> None:
    for accept in ("text/html", "text/turtle", "application/ld+json"):
        here, there = (which.get(path, headers={"Accept": accept}) for which in (client, steady))
        assert (there.status_code, sorted(there.text.splitlines())) == (
            here.status_code,
            sorted(here.text.splitlines()),
        )


def test_names_are_matched_and_values_given_as_from_the_stores_own_files(
    client: TestClient, steady: TestClient
) -> None:
    """In the draft of the Reconciliation Service API."""
    matched = {"queries": [{"conditions": [{"matchType": "name", "propertyValue": "Art. 16(5) SMP"}]}]}
    extended = {"ids": ["actor/unodc"], "properties": [{"id": "pal:acronym"}, {"id": "rdfs:label"}]}
    for path, body, expected in (("match", matched, "article/16/paragraph/5"), ("extend", extended, "UNODC")):
        here, there = (which.post(f"/reconcile/draft/{path}", json=body) for which in (client, steady))
        assert expected in here.text
        assert (there.status_code, there.json()) == (200, here.json())


@pytest.mark.parametrize(
    "query",
    [
        GRAPHS,
        "SELECT * WHERE { GRAPH ?g { ?s a <ontology#Instrument> , ?t } } ORDER BY ?g ?s ?t LIMIT 20",
        "SELECT ?s WHERE { GRAPH <graph/reference> { ?s a <ontology#Article> } } ORDER BY ?s LIMIT 20",
        "PREFIX g: <graph/> SELECT ?s FROM g:reference WHERE { ?s a <ontology#Article> } ORDER BY ?s LIMIT 20",
        "SELECT ?g ?s FROM NAMED <graph/reference> WHERE { GRAPH ?g { ?s a <ontology#Theme> } } ORDER BY ?g ?s LIMIT 5",
        "SELECT ?s FROM <graph/reference> WHERE { GRAPH ?g { ?s a ?c } }",
        "SELECT ?g ?l WHERE { GRAPH ?g { ?s a <ontology#Theme> } ?g <http://purl.org/dc/terms/license> ?l } ORDER BY ?g ?l LIMIT 5",
        'SELECT ("GRAPH ?g { <graph/reference> } # FROM" AS ?text) WHERE {} # GRAPH ?g {',
        "BASE <http://example.org/> SELECT (STR(<a>) AS ?a) (STR(<#>) AS ?b) WHERE {}",
        "ASK { GRAPH <graph/reference> { ?s ?p ?o } }",
        "SELECT ?s WHERE { { GRAPH ?g { ?s a <ontology#Article> } } UNION { GRAPH ?h { ?s a <ontology#Theme> } } } ORDER BY ?s",
    ],
)  # fmt: skip
def test_a_visitors_query_has_the_same_result_in_every_format(
    client: TestClient, steady: TestClient, query: str
) -> None:
    for format_ in ("json", "xml", "csv", "tsv"):
        here, there = (which.get("/sparql", params={"query": query, "format": format_}) for which in (client, steady))
        assert (there.status_code, there.text) == (here.status_code, here.text)


def test_a_graph_that_a_query_makes_is_the_same_in_every_format(client: TestClient, steady: TestClient) -> None:
    query = "CONSTRUCT { ?s a ?c ; <ontology#number> ?n } WHERE { ?s a ?c ; <ontology#number> ?n }"
    for format_ in ("turtle", "jsonld", "ntriples", "rdfxml"):
        here, there = (which.get("/sparql", params={"query": query, "format": format_}) for which in (client, steady))
        assert (there.status_code, there.text) == (200, here.text)


def test_the_protocols_graphs_go_before_those_of_the_text(client: TestClient, steady: TestClient, base: object) -> None:
    iri = f"{getattr(base, 'iri')}graph/reference"  # noqa: B009
    for name in ("default-graph-uri", "named-graph-uri"):
        for query in ("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", GRAPHS):
            assert ask(steady, query, **{name: iri}) == ask(client, query, **{name: iri})


def test_an_engine_is_asked_for_one_version_and_nothing_else(remote: TestClient, engine: SmallEngine) -> None:
    engine.asked.clear()
    ask(remote, GRAPHS)
    ask(remote, "SELECT ?s WHERE { ?s ?p 'nothing' }")
    for form in engine.asked:
        assert form["default-graph-uri"]
        assert all("/v/2" in graph for graph in form["default-graph-uri"] + form.get("named-graph-uri", []))


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [
        (Behaviour(status=500, body=b"went wrong"), 502),
        (Behaviour(status=500, body=b"Virtuoso S1T00 Error SR171: Transaction timed out"), 504),
        (
            Behaviour(status=500, body=b"Virtuoso 42000 Error The estimated execution time 9 (sec) exceeds the limit"),
            504,
        ),
        (Behaviour(status=503), 503),
        (Behaviour(status=504), 504),
        (Behaviour(status=404), 502),
        (Behaviour(lose=20), 502),
        (Behaviour(short=3), 502),
        (Behaviour(type="text/html"), 502),
        (Behaviour(headers={"X-SQL-State": "S1TAT"}), 504),
    ],
)
def test_failures_of_an_engine_are_told_apart(
    remote: TestClient, engine: SmallEngine, behaviour: Behaviour, status: int
) -> None:
    assert remote.get("/health/ready").status_code == 200
    engine.behaviour = behaviour
    page = remote.get("/doc/actor/iom", headers={"Accept": "text/html"})
    query = remote.get("/sparql", params={"query": "SELECT ?s WHERE { ?s a <ontology#Theme> }"})
    assert (page.status_code, query.status_code) == (status, status)
    assert ("retry-after" in query.headers) is (status == 503)
    engine.behaviour = Behaviour()
    assert remote.get("/doc/actor/iom", headers={"Accept": "text/html"}).status_code == 200


def test_an_engine_that_takes_too_long_is_told_apart(settings: Settings, engine: SmallEngine) -> None:
    limits = {"store": engine.address, "store_seconds": 1, "query_deadline_seconds": 1}
    with TestClient(create_app(settings.model_copy(update=limits)), follow_redirects=False) as client:
        engine.behaviour = Behaviour(seconds=1.5)
        try:
            page = client.get("/doc/actor/iom", headers={"Accept": "text/html"})
            query = client.get("/sparql", params={"query": "SELECT ?s WHERE { ?s a <ontology#Theme> }"})
            ready = client.get("/health/ready")
            assert [answer.status_code for answer in (page, query, ready)] == [504] * 3
            assert "retry-after" not in query.headers
            assert "did not answer" in ready.text
            assert client.get("/health/live").status_code == 200
        finally:
            engine.behaviour = Behaviour()


def test_a_result_that_an_engine_cuts_is_refused(remote: TestClient, engine: SmallEngine) -> None:
    engine.behaviour = Behaviour(headers={"X-SPARQL-MaxRows": "3"})
    answer = remote.get("/sparql", params={"query": "SELECT ?s WHERE { ?s a <ontology#Theme> } LIMIT 3"})
    assert answer.status_code == 413
    assert "3 rows" in answer.text
    assert remote.get("/doc/actor/unodc", headers={"Accept": "text/html"}).status_code == 502


@pytest.mark.usefixtures("clock")
def test_an_engine_that_fails_is_left_alone(remote: TestClient, engine: SmallEngine) -> None:
    assert remote.get("/health/ready").status_code == 200
    engine.behaviour = Behaviour(status=500)
    for _ in range(3):
        remote.get("/doc/actor/icao", headers={"Accept": "text/turtle"})
    engine.asked.clear()
    statuses = {remote.get("/doc/actor/icao", headers={"Accept": "text/turtle"}).status_code for _ in range(20)}
    assert statuses == {503}
    assert engine.asked == []
    assert remote.get("/health/live").status_code == 200
    assert remote.get("/health/ready").status_code == 503


def test_nothing_is_sent_twice_and_one_request_after_a_pause_tries_again(
    remote: TestClient, engine: SmallEngine, clock: list[float]
) -> None:
    assert remote.get("/health/ready").status_code == 200
    engine.behaviour = Behaviour(status=500)
    engine.asked.clear()
    for sent in (1, 2, 3):
        assert remote.get("/doc/actor/iom", headers={"Accept": "text/turtle"}).status_code == 502
        assert len(engine.asked) == sent
    clock[0] += 1.1
    statuses = [remote.get("/doc/actor/iom", headers={"Accept": "text/turtle"}).status_code for _ in range(20)]
    assert statuses == [502, *[503] * 19]
    assert len(engine.asked) == 4


def test_a_crowd_of_readers_has_no_more_requests_under_way_than_it_is_said(
    settings: Settings, engine: SmallEngine
) -> None:
    engine.behaviour = Behaviour()
    port = str(free_port())
    address = f"http://127.0.0.1:{port}/"
    with process_of(settings, STORE=engine.address, STORE_CONNECTIONS="3", STORE_SECONDS="60", PORT=port):
        await_answer(f"{address}health/ready")
        engine.behaviour = Behaviour(seconds=0.2)
        engine.most = 0
        with ThreadPoolExecutor(24) as crowd:
            found = list(crowd.map(lambda n: httpx2.get(f"{address}doc/theme/sea.ttl?{n}").status_code, range(24)))
    engine.behaviour = Behaviour()
    assert 200 in found
    assert set(found) <= {200, 503}
    assert 1 <= engine.most <= 3


@pytest.mark.parametrize(
    ("behaviour", "status", "said"),
    [(Behaviour(status=500), 502, "failed"), (Behaviour(status=503), 503, "not available")],
)
def test_health_says_which_failure_it_is(
    remote: TestClient, engine: SmallEngine, behaviour: Behaviour, status: int, said: str
) -> None:
    engine.behaviour = behaviour
    found = remote.get("/health/ready")
    assert (found.status_code, said in found.text) == (status, True), found.text
    assert remote.get("/health/live").status_code == 200
    engine.behaviour = Behaviour()
    assert remote.get("/health/ready").status_code == 200


def test_a_query_that_is_none_is_explained_as_ever(client: TestClient, steady: TestClient) -> None:
    for query in ("SELECT * WHERE { ?s ?p }", "SELECT * WHERE { GRAPH }", "PREFIX", "SELECT * { ?s x:y ?o }", "SELECT"):
        here, there = (which.get("/sparql", params={"query": query}) for which in (client, steady))
        assert (there.status_code, there.json().get("detail")) == (here.status_code, here.json().get("detail"))


def test_a_server_whose_engine_lacks_the_version_says_so(settings: Settings) -> None:
    with (
        small_engine() as empty,
        TestClient(create_app(settings.model_copy(update={"store": empty.address}))) as opened,
    ):
        for path in ("/health/ready", "/doc/actor/unodc", "/sparql?query=ASK%7B%7D"):
            answer = opened.get(path)
            assert answer.status_code == 503
            assert "does not hold version" in answer.text
        assert opened.get("/health/live").status_code == 200
