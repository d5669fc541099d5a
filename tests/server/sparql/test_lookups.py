"""Look-ups are answered in the server process, and nothing else is: not what only looks like one, and not what is long."""

from __future__ import annotations

from dataclasses import replace
from timeit import repeat

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from queries.scanner import template
from server.sparql.gate import is_look_up
from server.sparql.outcomes import QueryMalformed, WorkersAway
from server.sparql.processes import StoreLocation
from server.sparql.questions import ROWS, SIZE, Dataset, Question, looked_up
from tests.server.sparql.conftest import BASE, Serving

LOOK_UPS = (
    "PREFIX pal: <http://example.test/ontology#> SELECT ?l { <id/thing/7> pal:label ?l }",
    "PREFIX pal: <http://example.test/ontology#> SELECT ?l (17 AS ?n) ('x' AS ?s) WHERE { <id/thing/7> pal:label ?l . }",
    "prefix : <x/> prefix pal: <http://example.test/ontology#> select * where { pal:seven ?p ?o }",
    "SELECT ?p { <id/thing/7> ?p <id/thing/8> }",
    "SELECT ?type { <id/thing/7> a ?type }",
)
LOOK_ALIKES = (
    "SELECT * { ?s pal:label ?l }",
    "SELECT * { <id/thing/7> ?p ?p }",
    "SELECT * { <id/thing/7> ?p1 ?p1 }",
    "SELECT * { <id/thing/7> ?p $p }",
    "SELECT * { <id/thing/7> ?p ?o . <id/thing/7> ?p2 ?o2 }",
    "SELECT * { <id/thing/7> ?p ?o ; ?p2 ?o2 }",
    "SELECT * { <id/thing/7> ?p ?o , ?o2 }",
    "SELECT * { <id/thing/7> pal:next* ?o }",
    "SELECT * { <id/thing/7> !pal:next ?o }",
    "SELECT * { <id/thing/7> ^pal:next ?o }",
    "SELECT * { <id/thing/7> pal:next/pal:next ?o }",
    "SELECT * { <id/thing/7> ?p [] }",
    "SELECT * { [] pal:label ?l }",
    "SELECT * { <id/thing/7> ?p ?o FILTER(?o) }",
    "SELECT * { <id/thing/7> ?p ?o OPTIONAL { ?o ?q ?r } }",
    "SELECT * { { <id/thing/7> ?p ?o } UNION { ?a ?b ?c } }",
    "SELECT * { GRAPH ?g { <id/thing/7> ?p ?o } }",
    "SELECT * FROM <graph/one> { <id/thing/7> ?p ?o }",
    "SELECT * { SELECT * { <id/thing/7> ?p ?o } }",
    "SELECT * { <id/thing/7> ?p ?o } ORDER BY ?o",
    "SELECT * { <id/thing/7> ?p ?o } OFFSET 1000000",
    "SELECT * { <id/thing/7> ?p ?o } VALUES ?x { 1 2 }",
    "SELECT DISTINCT ?p { <id/thing/7> ?p ?o }",
    "SELECT REDUCED ?p { <id/thing/7> ?p ?o }",
    "SELECT (COUNT(*) AS ?n) { <id/thing/7> ?p ?o }",
    "SELECT (NOW() AS ?n) { <id/thing/7> ?p ?o }",
    "SELECT (REPLACE('a', 'b', 'c') AS ?n) { <id/thing/7> ?p ?o }",
    "SELECT (1 + 1 AS ?n) { <id/thing/7> ?p ?o }",
    "BASE <http://other.test/> SELECT * { <id/thing/7> ?p ?o }",
    "SELECT * { <id/thing/7> ?p ?o } # { ?a ?b ?c }",
    "SELECT * { <id/thing/7> ?p\\u0020?o }",
    "ASK { <id/thing/7> ?p ?o }",
    "DESCRIBE <id/thing/7>",
)


@pytest.mark.parametrize("text", LOOK_UPS)
def test_one_pattern_with_a_constant_subject_is_a_look_up(text: str) -> None:
    assert is_look_up(template(text) or "")


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_what_may_cost_more_than_its_rows_is_none(text: str) -> None:
    assert not is_look_up(template(text) or "")


def test_a_look_alike_is_told_by_its_form_not_by_its_signs() -> None:
    """Each of them has a template but those with a comment or an escape: else it would show nothing."""
    without = [text for text in LOOK_ALIKES if template(text) is None]
    assert all("#" in text or "\\" in text for text in without)
    assert len(without) == 2


def test_what_has_more_rows_or_bytes_than_are_made_here_is_left_to_a_worker() -> None:
    store, label = Store(), NamedNode(BASE.iri + "label")
    values = {"few": [str(each) for each in range(ROWS)], "long": ["x" * SIZE]}
    values["many"] = [*values["few"], "more"]
    store.bulk_extend(
        Quad(NamedNode(BASE.iri + name), label, Literal(value)) for name, said in values.items() for value in said
    )
    for form in ("json", "xml", "tsv"):
        found = {
            name: looked_up(f"SELECT ?o {{ <{name}> <label> ?o }}", form, store, BASE.iri) is not None
            for name in values
        }
        assert found == {"few": True, "long": False, "many": False}
    for form in ("csv", "html"):
        assert looked_up("SELECT ?o { <few> <label> ?o }", form, store, BASE.iri) is None


@pytest.mark.timing
def test_a_subject_with_many_statements_costs_no_more_than_one_with_enough() -> None:
    store, label = Store(), NamedNode(BASE.iri + "label")
    sizes = {"some": 2_000, "many": 200_000}
    store.bulk_extend(
        Quad(NamedNode(BASE.iri + name), label, Literal(str(each)))
        for name, size in sizes.items()
        for each in range(size)
    )

    def seconds(name: str) -> float:
        text = f"SELECT ?o {{ <{name}> <label> ?o }}"
        return min(repeat(lambda: looked_up(text, "json", store, BASE.iri), number=1, repeat=20))

    assert seconds("many") < 5 * seconds("some")


@pytest.mark.anyio
async def test_a_look_up_says_what_a_worker_says_and_needs_none(serving: Serving, dataset: Dataset) -> None:
    here = Dataset(
        StoreLocation(dataset.location.store.parent / "away", BASE.iri, dataset.location.prefixes),
        "here",
        dataset.graphs,
        Store.read_only(str(dataset.location.store)),
    )
    async with serving(deadline=1.0) as at:
        for text in LOOK_UPS[:2]:
            for form in ("json", "xml", "tsv"):
                asked = await at.service.check(text, dataset)
                question, by_worker = Question(asked, form), Question(replace(asked, look_up=False), form)
                found = await at.service.answer(question, here, "me")
                told = await at.service.answer(by_worker, dataset, "me")
                assert (found.body, found.rows) == (told.body, told.rows)
                assert b"Thing 7" in found.body
        assert set(at.reported) == {"ok"}
        assert at.service.state["places_free"] == at.service.limits.workers
        with pytest.raises(WorkersAway):
            await at.service.answer(Question(await at.service.check("ASK {}", here), "json"), here, "me")


@pytest.mark.anyio
async def test_a_fault_in_a_look_up_is_told_as_the_worker_tells_it(serving: Serving, dataset: Dataset) -> None:
    here = replace(dataset, store=Store.read_only(str(dataset.location.store)))
    async with serving() as at:
        text = "SELECT ?l { pal:seven no:label ?l }"
        question = Question(await at.service.check(text, here), "json")
        with pytest.raises(QueryMalformed, match="The prefix 'pal:' is not declared"):
            await at.service.answer(question, here, "me")
