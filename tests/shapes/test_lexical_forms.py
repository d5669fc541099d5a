"""Written forms of typed literals, against XML Schema Part 2: Datatypes (sections named in the rows)."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode

from ontology.namespaces import WELL_KNOWN
from shapes.lexical import lexical_fault

ALLOWED = {
    "date": ["2015-08-25", "2016-02-29", "2000-02-29Z", "2015-08-25+02:00", "-0044-03-15", "12015-01-01"],  # 3.3.9
    "dateTime": ["2026-11-24T11:00:00Z", "2026-11-24T11:00:00.125-05:30", "2026-11-24T24:00:00"],  # 3.3.7
    "gYear": ["2015", "-0500"],  # 3.3.11
    "integer": ["007", "-12", "+5"],  # 3.4.13
    "nonNegativeInteger": ["0", "-0"],
    "positiveInteger": ["1"],
    "decimal": [".5"],
    "double": ["1.0E6", "-INF"],
    "boolean": ["0"],  # 3.3.2
    "anyURI": ["https://example.org/a%20b?c=d#e", ""],
    "hexBinary": ["0aFF"],  # 3.3.15
    "string": ["anything"],
}  # fmt: skip
REFUSED = {
    "date": ["25 August 2015", "2015-8-25", "2015-02-29", "1900-02-29", "2015-13-01", "2015-08-25T00:00:00",
             "2015-08-25+15:00", "015-08-25", "02015-08-25", " 2015-08-25"],
    "dateTime": ["2026-11-24", "2026-11-24T25:00:00", "2026-11-24T24:00:01",
             "2026-11-24 11:00:00", "2026-06-31T11:00:00Z"],
    "gYear": ["15", "2015-08"],
    "integer": ["1.0", "", "٣", "1 000"],
    "nonNegativeInteger": ["-1"],
    "positiveInteger": ["0"],
    "decimal": ["1e3"],
    "double": ["inf"],
    "boolean": ["True", "yes"],
    "anyURI": ["https://example.org/a b", "<https://example.org/>", "https://example.org/%zz"],
    "hexBinary": ["abc"],
}  # fmt: skip


def literal(datatype: str, text: str) -> Literal:
    return Literal(text, datatype=NamedNode(WELL_KNOWN["xsd"] + datatype))


@pytest.mark.parametrize("datatype", ALLOWED)
def test_form_that_the_datatype_allows_has_no_fault(datatype: str) -> None:
    assert {text: lexical_fault(literal(datatype, text)) for text in ALLOWED[datatype]} == dict.fromkeys(
        ALLOWED[datatype]
    )


@pytest.mark.parametrize("datatype", REFUSED)
def test_form_that_the_datatype_does_not_allow_is_named_with_what_is_needed(datatype: str) -> None:
    for text in REFUSED[datatype]:
        fault = lexical_fault(literal(datatype, text)) or f"no fault is found in {text}"
        assert fault.startswith(f'"{text}" is no xsd:{datatype}: ')
        assert fault.endswith(" is needed.")


def test_misspelt_datatype_of_xml_schema_is_a_fault() -> None:
    assert lexical_fault(literal("datetime", "2026-11-24T11:00:00Z")) == (
        "xsd:datetime is not a datatype that this graph uses."
    )


def test_tagged_words_and_other_datatypes_are_not_looked_at() -> None:
    assert lexical_fault(Literal("2015-8-25", language="en")) is None
    assert lexical_fault(Literal("<x/>", datatype=NamedNode(WELL_KNOWN["rdf"] + "XMLLiteral"))) is None
