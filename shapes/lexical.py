"""The written forms of typed literals (XML Schema Part 2: Datatypes), which SHACL processors let through."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable

from pyoxigraph import Literal

from ontology.namespaces import WELL_KNOWN

XSD = WELL_KNOWN["xsd"]
_ZONE = r"(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)?"
_YEAR = r"-?([1-9]\d{3,}|0\d{3})"
_DATE = re.compile(rf"({_YEAR})-(\d\d)-(\d\d){_ZONE}")
_DATE_TIME = re.compile(
    rf"({_YEAR})-(\d\d)-(\d\d)T(([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?|24:00:00(\.0+)?){_ZONE}", re.ASCII
)
_IRI = re.compile(r'([^\x00-\x20<>"{}|\\^`%]|%[0-9A-Fa-f]{2})*')


def _is_date(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    def holds(text: str) -> bool:
        match = pattern.fullmatch(text)
        if match is None:
            return False
        year, month, day = int(match[1]), int(match[3]), int(match[4])
        leap_alike = year % 400 + 2000
        return 1 <= month <= 12 and 1 <= day <= monthrange(leap_alike, month)[1]

    return holds


def _is(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda text: compiled.fullmatch(text) is not None


FORMS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "string": ("any text", lambda _: True),
    "boolean": ("true or false", _is("true|false|1|0")),
    "integer": ("a whole number", _is(r"[+-]?\d+")),
    "nonNegativeInteger": ("a whole number from 0", _is(r"\+?\d+|-0+")),
    "positiveInteger": ("a whole number from 1", _is(r"\+?0*[1-9]\d*")),
    "decimal": ("a decimal number", _is(r"[+-]?(\d+(\.\d*)?|\.\d+)")),
    "double": ("a number", _is(r"[+-]?(\d+(\.\d*)?|\.\d+)([Ee][+-]?\d+)?|[+-]?INF|NaN")),
    "date": ("a day that exists, such as 2015-08-25", _is_date(_DATE)),
    "dateTime": ("a moment that exists, such as 2015-08-25T12:00:00Z", _is_date(_DATE_TIME)),
    "gYear": ("a year of four digits or more", _is(_YEAR + _ZONE)),
    "anyURI": ("an IRI without spaces or brackets", lambda text: _IRI.fullmatch(text) is not None),
    "hexBinary": ("pairs of hexadecimal digits", _is("([0-9A-Fa-f]{2})*")),
}
"""What each datatype of XML Schema that the graph uses must look like; another one of XML Schema is a fault."""


def lexical_fault(literal: Literal) -> str | None:
    """What is wrong with the written form of a literal, in a sentence; None when nothing is.

    Language-tagged literals and datatypes from outside XML Schema are not looked at.
    """
    if literal.language is not None:
        return None
    datatype = literal.datatype.value
    if not datatype.startswith(XSD):
        return None
    name = datatype[len(XSD) :]
    form = FORMS.get(name)
    if form is None:
        return f"xsd:{name} is not a datatype that this graph uses."
    words, holds = form
    return None if holds(literal.value) else f'"{literal.value}" is no xsd:{name}: {words} is needed.'
