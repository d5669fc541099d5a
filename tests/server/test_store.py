"""The store of our own questions: values are put into the text, which changes what a question costs and not its rows."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, Variable

from queries.catalogue import Query, read_catalogue
from server.snapshot import Snapshot
from server.store import Row
from server.store.embedded import EmbeddedStore
from server.web.monitoring import Metrics
from tests.queries.examples import example_values

pytestmark = pytest.mark.anyio
CATALOGUE = read_catalogue()
ASKED = [
    query
    for folder in ("pages", "resources")
    for query in CATALOGUE.folder(folder)
    if query.parameters and re.search(r"^SELECT", query.text, re.MULTILINE)
]


def store_of(snapshot: Snapshot) -> EmbeddedStore:
    return EmbeddedStore(snapshot, CATALOGUE, Metrics().named)


def substituted(query: Query, bindings: dict[str, NamedNode | Literal], snapshot: Snapshot) -> list[Row]:
    """The rows that the engine finds when it binds the variables itself."""
    assert snapshot.store is not None
    found = snapshot.store.query(
        query.text,
        base_iri=snapshot.base.iri,
        use_default_graph_as_union=True,
        substitutions={Variable(name): value for name, value in bindings.items()},
    )
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [{name: row[name] for name in names if row[name] is not None} for row in found]


def counted(rows: list[Row]) -> Counter[frozenset[tuple[str, str]]]:
    """Rows without their order, which queries leave open among equals; names that are joined are taken as a set."""
    return Counter(
        frozenset((name, "; ".join(sorted(value.value.split("; ")))) for name, value in row.items()) for row in rows
    )


@pytest.mark.parametrize("query", ASKED, ids=lambda query: query.name)
def test_a_question_has_the_rows_that_the_engine_finds_for_its_variables(query: Query, snapshot: Snapshot) -> None:
    bindings = example_values(query, snapshot.base)
    assert bindings
    assert counted(store_of(snapshot).select(query.name, **bindings)) == counted(substituted(query, bindings, snapshot))


def test_a_value_is_put_in_for_each_question_anew(snapshot: Snapshot) -> None:
    store, names = store_of(snapshot), snapshot.names
    found = [
        store.select("resource-text", resource=names.node(f"id/document/som-wg-2015/section/{section}"))[0]
        for section in ("I", "II")
    ]
    assert found[0]["text"].value == "Introduction"
    assert found[1]["text"].value == "Recommendations in the area of prevention and awareness-raising"
    assert found[1]["resource"] == names.node("id/document/som-wg-2015/section/II")


def test_the_rows_of_small_answers_are_kept_and_those_of_large_ones_are_not(snapshot: Snapshot) -> None:
    """The small answer is one row, the large one all the statements that rules made; a kept row is the same object again."""
    store, names = store_of(snapshot), snapshot.names
    text = {"resource": names.node("id/document/som-wg-2015/section/I")}
    statements = {"graph": names.graph("annotation/som-wg-2015")}
    first, again = [store.select("resource-text", **text) for _ in range(2)]
    assert first[0] is again[0]
    many, anew = [store.select("graph-statements", **statements) for _ in range(2)]
    assert many == anew
    assert many[0] is not anew[0]
