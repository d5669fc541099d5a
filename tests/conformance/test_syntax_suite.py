"""The syntax tests of the W3C for SPARQL 1.0 and 1.1 (`tests/fixtures/w3c/`), through the gate and in the form that the
engine is asked: what is right stays so on every way round a fault, what is wrong is told in our words."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from pyoxigraph import Store

from ontology.layout import ROOT
from server.sparql.explanations import explain
from server.sparql.gate import check_query
from server.sparql.outcomes import Limits, QueryMalformed, QueryRefused

SUITE: dict[str, dict[str, str]] = json.loads((ROOT / "tests" / "fixtures" / "w3c" / "sparql-syntax.json").read_text())
BASE = "http://example.test/"


class Everything(frozenset[str]):
    """Graphs of any name: what a data set has is another matter than syntax."""

    def __contains__(self, _: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(("http://example.org/graph", "http://example.org/g1"))


def read(text: str) -> None:
    """Raises `QueryMalformed` for what is no query by the gate or by the engine."""
    checked = check_query(text, Limits(), BASE, Everything())
    for form in (checked.text, checked.detour):
        try:
            Store().query(form, base_iri=BASE)
        except SyntaxError as error:
            assert form == checked.text, f"The way round is no query:\n{form}"
            raise explain(text, str(error)) from error
        except RuntimeError as error:
            if "custom function" not in str(error):
                raise


@pytest.mark.parametrize("folder", sorted({name.rsplit("/", 1)[0] for name in SUITE["right"]}))
def test_what_is_right_by_the_suite_is_read(folder: str) -> None:
    for name, text in SUITE["right"].items():
        if name.startswith(f"{folder}/"):
            try:
                read(text)
            except QueryRefused:
                if "/syntax-fed/" not in name:
                    raise


@pytest.mark.parametrize("folder", sorted({name.rsplit("/", 1)[0] for name in SUITE["wrong"]}))
def test_what_is_wrong_by_the_suite_is_told_in_our_words(folder: str) -> None:
    for name, text in SUITE["wrong"].items():
        if name.startswith(f"{folder}/"):
            with pytest.raises(QueryMalformed) as refused:
                read(text)
            assert "expected one of" not in refused.value.detail, name
