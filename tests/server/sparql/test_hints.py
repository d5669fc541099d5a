"""Hints: what a query that is right by the letter probably means otherwise."""

from __future__ import annotations

import pytest

from server.sparql.explanations import aggregated, empty_aggregates, hints_of

V = "http://example.test/ontology#"
PREFIXES = f"PREFIX pal: <{V}> PREFIX e: <http://example.org/> "
TERMS = frozenset({V + "partOf", V + "Recommendation", "http://purl.org/dc/terms/title"})


def hints(query: str) -> tuple[str, ...]:
    return hints_of(PREFIXES + query, "http://example.test/", TERMS, None)


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("ASK { ?s pal:partof ?o }", "pal:partof is not in the vocabulary; did you mean pal:partOf?"),
        (
            f"ASK {{ ?s a <{V}Recomendation> }}",
            f"<{V}Recomendation> is not in the vocabulary; did you mean <{V}Recommendation>?",
        ),
        ("ASK { ?s pal:zzz ?o }", "pal:zzz is not in the vocabulary."),
        (
            "SELECT ?g (COUNT(*) AS ?n) {} GROUP BY ?g HAVING(?n > 1) ORDER BY ?n",
            "HAVING does not know ?n, a name that SELECT gives: repeat the aggregate there.",
        ),
    ],
)
def test_what_is_probably_meant_otherwise_is_said(query: str, hint: str) -> None:
    assert hints(query) == (hint,)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s pal:partOf ?o }",
        "ASK { ?s e:anything <http://example.test/id/actor/nobody> }",
        "SELECT ?g (COUNT(*) AS ?n) {} GROUP BY ?g HAVING(COUNT(*) > 1) ORDER BY ?n",
        "ASK { FILTER(?n > 'pal:partof') } # pal:partof",
    ],
)
def test_what_is_meant_as_it_stands_has_no_hint(query: str) -> None:
    assert hints(query) == ()


def test_columns_of_aggregates_are_told_from_others() -> None:
    query = "SELECT ?a (STR(?b) AS ?c) (SUM(?d) AS ?e) { { SELECT (MAX(?x) AS ?f) {} } BIND(1 AS ?g) }"
    assert aggregated(query) == {"e", "f"}


def test_an_aggregate_that_is_empty_in_every_row_is_named_and_in_some_is_not() -> None:
    assert empty_aggregates({"n"}, ("a", "n"), [("x", None), ("y", None)]).startswith("?n is empty in every row")
    assert empty_aggregates({"n"}, ("a", "n"), [("x", None), ("y", 1)]) == ""
    assert empty_aggregates({"n"}, ("a", "n"), []) == ""
    assert empty_aggregates({"n"}, ("a", "b"), [("x", None)]) == ""
