"""Results as bytes: rows are counted exactly in every format, graphs are written the same way each time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import IO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from ontology.namespaces import Base
from server.sparql.processes import Dataset, Worker
from server.sparql.serializing import Overflow, Tally, distinct_triples, read_rows, table_reply

BASE = Base("http://example.test/")
ENGINE = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
NASTY = [
    '}},{"x"',
    "{},{}",
    "<result>",
    "&lt;result>",
    "a\r\nb",
    "\n",
    "\t",
    '"',
    '""',
    "\\",
    '\\"',
    "},{",
    '{"x":{}}',
    ",",
    "",
    "é😀",
    "\r\n\r\n",
]


def solutions(values: Sequence[str | None]) -> QuerySolutions:
    rows = " ".join(
        f"({Literal(value)} {Literal(value)})" if value is not None else "(UNDEF UNDEF)" for value in values
    )
    found = Store().query(f"SELECT ?x ?y {{ VALUES (?x ?y) {{ {rows} }} }}")
    assert isinstance(found, QuerySolutions)
    return found


def tallied(values: Sequence[str | None], form: str, rows: int = 1_000, size: int = 1_000_000) -> tuple[bytes, int]:
    tally = Tally(form, rows, size)
    solutions(values).serialize(cast(IO[bytes], tally), format=ENGINE[form])
    return tally.close()


@pytest.mark.parametrize("form", list(ENGINE))
@given(values=st.lists(st.one_of(st.none(), st.sampled_from(NASTY), st.text(max_size=8)), max_size=30))
def test_rows_are_counted_exactly_whatever_the_values_hold(form: str, values: list[str | None]) -> None:
    body, rows = tallied(values, form)
    assert rows == len(values)
    assert body == solutions(values).serialize(format=ENGINE[form])


@pytest.mark.parametrize("form", list(ENGINE))
def test_a_row_over_the_limit_is_noticed_and_one_at_the_limit_is_not(form: str) -> None:
    assert tallied(NASTY, form, rows=len(NASTY))[1] == len(NASTY)
    with pytest.raises(Overflow, match="rows"):
        tallied(NASTY, form, rows=len(NASTY) - 1)


@pytest.mark.parametrize("form", list(ENGINE))
def test_bytes_over_the_limit_stop_the_writing(form: str) -> None:
    with pytest.raises(Overflow, match="bytes"):
        tallied(["x" * 100] * 1_000, form, size=50_000)


def test_large_results_over_the_row_limit_stop_before_they_are_whole() -> None:
    tally = Tally("json", 100, 1_000_000_000)
    with pytest.raises(Overflow, match="rows"):
        solutions(["value"] * 20_000).serialize(cast(IO[bytes], tally), format=QueryResultsFormat.JSON)


TRIPLES = [
    Triple(BlankNode("zz"), NamedNode("http://e/p"), BlankNode("aa")),
    Triple(
        NamedNode(BASE.iri + "id/actor/unodc"),
        NamedNode("http://www.w3.org/2000/01/rdf-schema#label"),
        Literal('U "N"\n', language="en"),
    ),
    Triple(NamedNode(BASE.iri + "id/actor/unodc"), NamedNode(BASE.iri + "ontology#number"), Literal(5)),
    Triple(
        BlankNode("aa"),
        NamedNode("http://e/q"),
        Literal("2015-01-01", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#date")),
    ),
]


def test_blank_nodes_get_the_same_names_each_time_and_repetitions_go() -> None:
    renamed = [
        Triple(
            BlankNode("q1")
            if isinstance(t.subject, BlankNode) and t.subject.value == "zz"
            else BlankNode("q2")
            if isinstance(t.subject, BlankNode)
            else t.subject,
            t.predicate,
            BlankNode("q2") if isinstance(t.object, BlankNode) else t.object,
        )
        for t in TRIPLES
    ]
    assert distinct_triples(TRIPLES * 2) == distinct_triples(renamed)
    assert len(distinct_triples(TRIPLES * 2)) == 4


def test_rows_come_back_as_the_terms_they_were() -> None:
    head, body = table_reply(solutions([*NASTY, None]), 100)
    assert head == {"outcome": "ok", "head": ["x", "y"], "rows": len(NASTY) + 1, "truncated": False}
    assert read_rows(body) == (*((Literal(value), Literal(value)) for value in NASTY), (None, None))


def test_a_table_is_cut_at_its_limit_and_says_so() -> None:
    head, body = table_reply(solutions(NASTY), 3)
    assert (head["rows"], head["truncated"], len(read_rows(body))) == (3, True, 3)
    assert table_reply(solutions(NASTY[:3]), 3)[0]["truncated"] is False


def test_graphs_and_truth_values_are_tables_too() -> None:
    store = Store()
    assert table_reply(store.query("ASK {}"), 3)[0] == {
        "outcome": "ok",
        "boolean": True,
        "head": [],
        "rows": 0,
        "truncated": False,
    }  # type: ignore[arg-type]
    store.extend(parse(b"<http://a> <http://b> 'c'@en , 5 .", RdfFormat.TURTLE))
    head, body = table_reply(store.query("CONSTRUCT WHERE { ?s ?p ?o }"), 5)  # type: ignore[arg-type]
    assert head["head"] == ["subject", "predicate", "object"]
    assert {row[2] for row in read_rows(body)} == {Literal("c", language="en"), Literal(5)}


@given(
    st.lists(
        st.tuples(st.dictionaries(st.text(max_size=5), st.integers(), max_size=3), st.binary(max_size=50)),
        min_size=1,
        max_size=4,
    ),
    st.integers(1, 7),
)
def test_replies_arrive_whole_however_they_are_cut(replies: list[tuple[dict[str, int], bytes]], step: int) -> None:
    worker, arrived = Worker(Dataset(Path(), "", ())), []
    for head, body in replies:
        head["size"] = len(body)
        worker.send(b"", arrived.append)
        sent = json.dumps(head).encode() + b"\n" + body
        for start in range(0, len(sent), step):
            worker.data_received(sent[start : start + step])
    assert arrived == replies
