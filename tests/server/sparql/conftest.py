"""What the tests of visitors' queries share: a store of our own making, and a service on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from prometheus_client import Counter
from pyoxigraph import Literal, NamedNode, Quad, Store

from ontology.namespaces import Base
from server.sparql.outcomes import Limits
from server.sparql.processes import Dataset
from server.sparql.service import QueryService
from server.web.monitoring import Metrics
from tests.conformance.conftest import endpoint  # noqa: F401 (a fixture)

BASE = Base("http://example.test/")
GRAPHS = (BASE.iri + "graph/one", BASE.iri + "graph/two")
THINGS = 300

Serving = Callable[..., AbstractAsyncContextManager["Service"]]


class Service:
    """A service, its data set, and the outcomes it reported."""

    def __init__(self, service: QueryService, dataset: Dataset, reported: list[str]) -> None:
        self.service = service
        self.dataset = dataset
        self.reported = reported


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def store_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 things, each with a label, a number and a link to the next: 600 triples in graph one, 300 in graph two."""
    path = tmp_path_factory.mktemp("query-store") / "store"
    store = Store(str(path))
    one, two = map(NamedNode, GRAPHS)
    quads = []
    for number in range(THINGS):
        thing = NamedNode(f"{BASE.iri}id/thing/{number}")
        following = NamedNode(f"{BASE.iri}id/thing/{(number + 1) % THINGS}")
        quads.append(
            Quad(thing, NamedNode(BASE.iri + "ontology#label"), Literal(f"Thing {number}", language="en"), one)
        )
        quads.append(Quad(thing, NamedNode(BASE.iri + "ontology#next"), following, one))
        quads.append(Quad(thing, NamedNode(BASE.iri + "ontology#note"), Literal(f'"{number}", <b>\n}}}},{{"x"'), two))
    store.bulk_extend(quads)
    store.flush()
    del store
    return path


@pytest.fixture(scope="session")
def dataset(store_path: Path) -> Dataset:
    return Dataset(store_path, BASE.iri, tuple(sorted(BASE.prefixes().items())), version="v1", graphs=frozenset(GRAPHS))


@pytest.fixture
def serving(dataset: Dataset) -> Serving:
    """Starts a service with the limits given, by default with two fast places and a slow one, and ends it after use."""

    @asynccontextmanager
    async def serve(**limits: float) -> AsyncIterator[Service]:
        reported, metrics = list[str](), Metrics()
        counter = metrics.queries

        def reporting(outcome: str) -> Counter:
            reported.append(outcome)
            return counter(outcome)

        metrics.queries = reporting
        chosen = Limits(**{"workers": 2, "slow_places": 1, **limits})  # type: ignore[arg-type]
        service = QueryService(chosen, metrics)
        await service.move_to(dataset)
        try:
            yield Service(service, dataset, reported)
        finally:
            await service.close()

    return serve
