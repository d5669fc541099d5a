"""The questions are in the graph as SHACL executables, where query editors look for examples."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import cast

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from ontology.namespaces import Base
from ontology.terms import term
from queries.catalogue import Catalogue, bind
from queries.executables import defaults, executables
from server.snapshot import Snapshot
from tests.cases import case

EXAMPLES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?example ?comment ?query WHERE {
  ?example a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct|sh:describe ?query .
}
"""
PREFIXES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?prefix ?namespace WHERE { ?declaration sh:prefix ?prefix ; sh:namespace ?namespace }
"""


@pytest.fixture(scope="module")
def triples(catalogue: Catalogue, base: Base) -> frozenset[Triple]:
    return frozenset(executables(base, catalogue))


@pytest.fixture(scope="module")
def described(triples: frozenset[Triple]) -> Store:
    store = Store()
    store.extend(Quad(each.subject, each.predicate, each.object) for each in triples)
    return store


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    found = cast(QuerySolutions, store.query(query))
    return [tuple(cast(NamedNode | Literal, value).value for value in row) for row in found]


def test_the_query_of_example_finders_finds_every_question(described: Store, catalogue: Catalogue, base: Base) -> None:
    found = {(iri, comment) for iri, comment, _ in rows(described, EXAMPLES)}
    assert found == {(f"{base.iri}queries/{query.name}", query.question) for query in catalogue.folder("questions")}


def processor_seconds(rows: Callable[[], Iterable[object]]) -> float:
    """What it costs to go through rows; there is one at least."""
    started = time.process_time()
    assert list(rows())
    return time.process_time() - started


def test_every_example_runs_as_it_stands_and_costs_at_most_as_much_as_reading_the_whole_graph_ten_times(
    described: Store, snapshot: Snapshot
) -> None:
    """At the best of three times."""
    whole_graph = processor_seconds(lambda: snapshot.store)
    for iri, _, query in rows(described, EXAMPLES):
        asking = partial(snapshot.store.query, query, use_default_graph_as_union=True)
        with case(iri):
            assert any(processor_seconds(asking) < 10 * whole_graph for _ in range(3))


def test_every_example_names_the_endpoint(triples: frozenset[Triple], catalogue: Catalogue, base: Base) -> None:
    endpoint = (term("schema:target"), NamedNode(base.iri + "sparql"))
    targets = {each.subject for each in triples if (each.predicate, each.object) == endpoint}
    assert targets == {NamedNode(f"{base.iri}queries/{query.name}") for query in catalogue.folder("questions")}


def test_the_published_prefixes_are_declared(described: Store, base: Base) -> None:
    assert dict(cast(list[tuple[str, str]], rows(described, PREFIXES))) == base.prefixes()


def test_a_parameter_is_named_by_the_end_of_its_path(triples: frozenset[Triple], base: Base) -> None:
    node = NamedNode(f"{base.iri}queries/what-is-unodc-asked#actor")
    about = {(each.predicate.value.rpartition("#")[2], each.object) for each in triples if each.subject == node}
    assert ("path", node) in about
    assert ("defaultValue", NamedNode(f"{base.iri}id/actor/unodc")) in about
    assert ("nodeKind", term("sh:IRI")) in about


def test_everything_described_has_a_name_and_everything_of_ours_is_described(
    triples: frozenset[Triple], snapshot: Snapshot, base: Base
) -> None:
    subjects = {each.subject for each in triples}
    assert {each.subject for each in triples if each.predicate == term("rdfs:label")} == subjects
    for each in triples:
        if isinstance(each.object, NamedNode) and each.object.value.startswith(base.iri):
            known = each.object in subjects or any(snapshot.store.quads_for_pattern(each.object, None, None, None))
            assert known, each.object.value


def test_filling_in_gives_the_same_answer_as_binding(catalogue: Catalogue, snapshot: Snapshot) -> None:
    query = catalogue["which-recommendations-cite-an-article"]
    value = NamedNode(f"{snapshot.base.iri}id/instrument/untoc/article/20")
    text = bind(query.absolute(snapshot.base), {"provision": value})
    found = cast(QuerySolutions, snapshot.store.query(text, use_default_graph_as_union=True))
    assert [row["recommendation"] for row in found] == [
        NamedNode(f"{snapshot.base.iri}id/document/som-wg-2015/paragraph/43")
    ]


def test_a_query_without_parameters_is_handed_out_unchanged(catalogue: Catalogue, base: Base) -> None:
    query = catalogue["who-is-addressed"]
    assert bind(query.absolute(base), defaults(query, base)) == query.absolute(base)
