"""What is asked and what comes out: plain values between the protocol, the service and the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.sparql.gate import Verdict
from server.sparql.rows import Term, read_rows
from server.sparql.workers import Ground


@dataclass(frozen=True, slots=True)
class Dataset:
    """What queries are asked of: the ground workers stand on, and the published graphs by IRI. ``version`` changes
    whenever a result may."""

    ground: Ground
    version: str
    graphs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """One query as it is to be answered. ``default_graphs`` and ``named_graphs`` come from the protocol (§2.1.4) and
    are None where it says nothing; ``format`` is the name of a result format, ``table`` for rows in a page."""

    verdict: Verdict
    format: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A whole result as bytes. ``seconds`` is the engine's time. The last three are for the format ``table``."""

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
    """A result as rows for a page; ``truncated`` says that there are more. Graphs have three columns."""

    form: str
    head: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    boolean: bool | None
    truncated: bool
    milliseconds: float


def table_of(result: Result, verdict: Verdict) -> Table:
    """A result in the format ``table`` as rows."""
    rows = read_rows(result.body)
    return Table(verdict.form, result.head, rows, result.boolean, result.truncated, result.seconds * 1000)
