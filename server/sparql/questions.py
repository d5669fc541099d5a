"""The requests and results of the query service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pyoxigraph import Store

from ontology.terms import Term
from server.sparql.gate import CheckedQuery
from server.sparql.processes import StoreLocation
from server.sparql.serializing import read_rows


@dataclass(frozen=True, slots=True)
class Dataset:
    """What queries are asked of: the store that workers open, and the published graphs by IRI. ``version`` changes
    whenever a result may. ``store`` is the same one where it is open in this process, for look-ups."""

    location: StoreLocation
    version: str
    graphs: frozenset[str]
    store: Store | None = field(default=None, compare=False, repr=False)


class Question(NamedTuple):
    """One query as it is to be answered. ``default_graphs`` and ``named_graphs`` come from the protocol (§2.1.4) and
    are None where it says nothing; ``format`` is the name of a result format, ``html`` for rows in a page."""

    checked: CheckedQuery
    format: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None


@dataclass(slots=True)
class Result:
    """A whole result as bytes. ``seconds`` is the engine's time. The last three are for the format ``html``."""

    body: bytes
    rows: int
    seconds: float
    head: tuple[str, ...] = ()
    boolean: bool | None = None
    truncated: bool = False

    @classmethod
    def of(cls, head: Mapping[str, Any], body: bytes) -> Result:
        """The result in a worker's reply."""
        columns = tuple(head.get("head", ()))
        return cls(body, head["rows"], head["seconds"], columns, head.get("boolean"), head.get("truncated", False))


@dataclass(frozen=True, slots=True)
class Table:
    """A result as rows for a page; ``truncated`` if there are more rows. Graphs have three columns."""

    form: str
    head: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    boolean: bool | None
    truncated: bool
    milliseconds: float


def table_of(result: Result, checked: CheckedQuery) -> Table:
    """A result in the format ``html`` as rows."""
    rows = read_rows(result.body)
    return Table(checked.form, result.head, rows, result.boolean, result.truncated, result.seconds * 1000)
