"""Rows for pages: how a worker writes them, read back as terms."""

from __future__ import annotations

import json
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

Term = NamedNode | BlankNode | Literal


def read_rows(body: bytes) -> tuple[tuple[Term | None, ...], ...]:
    """The rows `table_of` wrote, as terms; None where a variable is unbound."""
    return tuple(tuple(_term(plain) for plain in row) for row in json.loads(body))


def _term(plain: list[Any] | None) -> Term | None:
    if plain is None:
        return None
    kind, value = plain[0], plain[1]
    if kind == "u":
        return NamedNode(value)
    if kind == "b":
        return BlankNode(value)
    language, datatype = plain[2], plain[3]
    return Literal(value, language=language) if language else Literal(value, datatype=NamedNode(datatype))
