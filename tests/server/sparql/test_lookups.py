"""Look-ups are answered in the server process, and nothing else is: not what only looks like one, and not what is long."""

from __future__ import annotations

from dataclasses import replace
from time import thread_time
from timeit import repeat

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, Store

from server.sparql.gate import Gate, check_query, look_up_in
from server.sparql.lookups import ROWS, SIZE, found_without_parser, looked_up
from server.sparql.outcomes import Limits, QueryMalformed, WorkersAway
from server.sparql.processes import Dataset
from server.sparql.serializing import Reply
from server.sparql.service import Question
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


@pytest.mark.parametrize("text", [*LOOK_UPS, *LOOK_ALIKES])
def test_one_pattern_with_a_constant_subject_is_a_look_up_and_what_may_cost_more_than_its_rows_is_none(
    text: str,
) -> None:
    for each in (text, text.replace("<id", "<http://example.test/id")):
        assert bool(look_up_in(each)) is (text in LOOK_UPS)


RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
SAID = Store()
SAID.extend(
    Quad(NamedNode(f"{BASE.iri}id/thing/7"), NamedNode(BASE.iri + name), value, NamedNode(BASE.iri + graph))
    for graph, name, value in (
        ("one", "label", Literal("Thing \u201c7\u201d", language="en-GB")),
        ("two", "label", Literal("Thing \u201c7\u201d", language="en-GB")),
        ("one", "label", Literal('a "quoted" \\ \x00 \x08 \x0c \x1f \x7f \r\n\t / \u2028 \U0001f600 </b>')),
        ("one", "number", Literal(7)),
        ("one", "number", Literal("7.50", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))),
        ("one", "next", NamedNode(f"{BASE.iri}id/thing/8")),
        ("one", "next", BlankNode("b")),
    )
)
SAID.add(Quad(NamedNode(f"{BASE.iri}id/thing/7"), RDF_TYPE, NamedNode(BASE.iri + "Thing")))


def look_up(text: str, store: Store, form: str = "json") -> Reply | None:
    checked = Gate(Limits()).check(text, BASE.iri, ())
    return looked_up(text, checked.look_up, form, store, BASE.iri) if checked.look_up else None


def engine_says(text: str) -> bytes | None:
    try:
        found = SAID.query(text, base_iri=BASE.iri, use_default_graph_as_union=True)
    except SyntaxError:
        return None
    assert isinstance(found, QuerySolutions)
    return found.serialize(format=QueryResultsFormat.JSON)


NODES = ("<http://example.test/label>", "<http://example.test/id/thing/8>", "<http://example.test/no%zz>", "ex:number")
NODES += ("ex:next", "no:label", "thing:7", ":7", "thing:-7", "thing:_7-", "<http://example.test/x/../label>")
NODES += ("<label>", "<./id/thing/8>", "<x:y>", "<?q>", "<//example.test/label>", "<>")
SUBJECTS = ("<http://example.test/id/thing/7>", "thing:7", ":7", "<http://example.test/id/./thing/7>", *NODES)
VARIABLES = ("?p", "?o", "?P", "?1", "?label", "?_")
COLUMNS = (
    *VARIABLES,
    "(1 AS ?n)",
    "(0 as ?p)",
    "( 007 AS ?n )",
    "(999999999999999999 AS ?o)",
    "(12345678901234567890 AS ?m)",
    "('?x }' AS ?t)",
    '("" AS ?o)',
)
PROLOGUES = (
    "prefix thing: <http://example.test/id/thing/> PREFIX : <http://example.test/id/thing/>\tPREFIX ex:<http://example.test/>",
    "PREFIX ex: <http://example.test/no/> PREFIX thing:\n<http://example.test/id/thing/>PREFIX ex: <http://example.test/>",
    "PREFIX thing: <http://example.test/id/thing/> PREFIX bad: <http://example.test/%zz>",
    "PREFIX ex: <../> PREFIX thing: <id/thing/> ",
    "PREFIX from: <http://example.test/> PREFIX SERVICE: <http://example.test/> PREFIX NAMED: <http://example.test/>",
    "",
)
TEXTS = st.builds(
    "{} {}{}{}{{{}{} {} {}{}}}{}".format,
    st.sampled_from(PROLOGUES),
    st.sampled_from(("SELECT", "select ")),
    st.just(" *") | st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=3).map(lambda some: " " + " ".join(some)),
    st.sampled_from((" ", " WHERE", "\nwhere ", "\x0b")),
    st.sampled_from((" ", "", "\r\n")),
    st.sampled_from(SUBJECTS),
    st.sampled_from((*NODES, *VARIABLES, "a", "A")),
    st.sampled_from((*NODES, *VARIABLES)),
    st.sampled_from(("", ".", " . ")),
    st.sampled_from(("", " ", "\n")),
)


@settings(deadline=None, suppress_health_check=list(HealthCheck))  # a busy machine draws slowly
@given(TEXTS.filter(look_up_in))
@example("SELECT ?o { <http://example.test/id/thing/7> <http://example.test/x/../label> ?o }")
@example("SELECT ?o { <http://example.test/id/x/../thing/7> <http://example.test/label> ?o }")
@example("PREFIX ex: <http://example.test/x/../> SELECT ?o { <http://example.test/id/thing/7> ex:label ?o }")
@example("SELECT (1 AS ?o) { <http://example.test/id/thing/7> <http://example.test/label> ?o }")
@example("SELECT ?o ?o { <http://example.test/id/thing/7> <http://example.test/label> ?o }")
@example("SELECT ?o { <http://example.test/id/thing/7> <http://example.test/%zz> ?o }")
def test_a_look_up_is_what_the_gate_finds_and_says_what_the_engine_says(text: str) -> None:
    checked = check_query(text, Limits(), BASE.iri, ())
    assert (checked.form, checked.volatile, checked.detour, checked.plain) == ("SELECT", False, text, True)
    reply = look_up(text, SAID)
    assert (reply and reply[1]) == engine_says(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?p ?o { <http://example.test/id/thing/7> ?p ?o }",
        "PREFIX thing: <http://example.test/id/thing/> SELECT ?o (17 AS ?n) ?no { thing:7 <http://example.test/label> ?o . }",
        "select (1 as ?n) ?no { <http://example.test/id/thing/7> <http://example.test/number> ?o }",
        "SELECT ?type WHERE { <http://example.test/id/thing/7> a ?type }",
    ],
)
def test_what_most_clients_ask_needs_no_parser(text: str) -> None:
    found = look_up_in(text)
    assert found is not None
    reply = found_without_parser(found, SAID)
    assert reply is not None
    assert (reply[1], reply[0]["rows"]) == (engine_says(text), reply[1].count(b"},{") + 1)


def test_what_has_more_rows_or_bytes_than_are_made_here_is_left_to_a_worker() -> None:
    store, label = Store(), NamedNode(BASE.iri + "label")
    values = {"few": [str(each) for each in range(ROWS)], "long": ["x" * SIZE]}
    values["many"] = [*values["few"], "more"]
    store.bulk_extend(
        Quad(NamedNode(BASE.iri + name), label, Literal(value)) for name, said in values.items() for value in said
    )
    for form in ("json", "xml", "tsv"):
        found = {name: look_up(f"SELECT ?o {{ <{name}> <label> ?o }}", store, form) is not None for name in values}
        assert found == {"few": True, "long": False, "many": False}
    for form in ("csv", "html"):
        assert look_up("SELECT ?o { <few> <label> ?o }", store, form) is None


def test_a_subject_with_many_statements_costs_no_more_than_one_with_enough() -> None:
    store, label = Store(), NamedNode(BASE.iri + "label")
    sizes = {"some": 2_000, "many": 50_000}
    store.bulk_extend(
        Quad(NamedNode(BASE.iri + name), label, Literal(str(each)))
        for name, size in sizes.items()
        for each in range(size)
    )

    def seconds(name: str) -> float:
        text = f"SELECT ?o {{ <{name}> <label> ?o }}"
        return min(repeat(lambda: look_up(text, store), timer=thread_time, number=1, repeat=20))

    assert seconds("many") < 5 * seconds("some")


@pytest.mark.anyio
async def test_a_look_up_says_what_a_worker_says_and_needs_none(serving: Serving, dataset: Dataset) -> None:
    away, opened = dataset.store.parent / "away", Store.read_only(str(dataset.store))
    here = replace(dataset, store=away, version="here", opened=opened)
    async with serving(deadline=1.0) as at:
        for text in LOOK_UPS[:2]:
            for form in ("json", "xml", "tsv"):
                asked = await at.service.check(text, dataset)
                question, by_worker = Question(asked, form), Question(replace(asked, look_up=None), form)
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
    here = replace(dataset, opened=Store.read_only(str(dataset.store)))
    async with serving() as at:
        text = "SELECT ?l { pal:seven no:label ?l }"
        question = Question(await at.service.check(text, here), "json")
        with pytest.raises(QueryMalformed, match="The prefix 'pal:' is not declared"):
            await at.service.answer(question, here, "me")
