"""Judges parts in the same processes that made them; reports are kept beside the parts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, parse

from ingest.parts import PartCache
from ontology.namespaces import WELL_KNOWN
from shapes.constraints import Term
from shapes.report import Result
from shapes.validate import PartReport, Validator, own_nodes


@dataclass(frozen=True, slots=True)
class Touched:
    """What a part touches of another: lines whose subject or object is one of these nodes, in N-Quads."""

    part: str
    subjects: tuple[str, ...]
    objects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judge:
    """The task of judging a part; the report is kept under ``key``.

    ``not_owned`` are nodes that the part speaks about and another owns, ``also_owned`` nodes of its own that only
    others speak about. ``uses`` are lines for the shared part: one use of each of its nodes with each property.
    """

    part: str
    key: str
    touched: tuple[Touched, ...] = ()
    not_owned: frozenset[str] = frozenset()
    also_owned: frozenset[str] = frozenset()
    uses: tuple[str, ...] = ()
    is_shared: bool = False


def judge_part(task: Judge, judge: Validator, cache: PartCache) -> PartReport:
    """The report of a part at its own nodes."""
    lines = [one for other in task.touched for one in cache.lines(other.part, other.subjects, other.objects)]
    lines += [line.encode() for line in task.uses]
    others = list(parse(b"".join(lines), RdfFormat.N_QUADS, rename_blank_nodes=False))
    if task.is_shared:
        return judge.shared_report(others)
    quads = cache.quads(task.part)
    mine = frozenset(node for node in own_nodes(quads) - judge.nodes if str(node) not in task.not_owned)
    added = frozenset(node for node in own_nodes(others) if str(node) in task.also_owned)
    store = Store()
    store.bulk_extend(judge.shared)
    store.bulk_extend(quads)
    return judge.report(quads, others, mine | added, store)


def report_bytes(report: PartReport) -> bytes:
    """A report for the cache."""
    results = [
        {
            "focus": str(result.focus),
            "label": result.label,
            "path": None if result.path is None else str(result.path),
            "value": None if result.value is None else str(result.value),
            "shape": str(result.shape),
            "severity": result.severity,
            "message": result.message,
            "component": result.component,
            "place": result.place,
        }
        for result in report.results
    ]
    return json.dumps({"results": results, "targets": dict(report.targets), "checked": report.checked}).encode()


def report_of(content: bytes) -> PartReport:
    """The report that `report_bytes` wrote."""
    values = json.loads(content)
    return PartReport(tuple(_result(one) for one in values["results"]), values["targets"], values["checked"])


def _result(values: Mapping[str, str]) -> Result:
    focus, shape = _term(values["focus"]), _term(values["shape"])
    path = _term(values["path"]) if values["path"] else None
    assert isinstance(focus, NamedNode | BlankNode)
    assert isinstance(shape, NamedNode)
    return Result(
        focus,
        values["label"],
        path if isinstance(path, NamedNode) else None,
        _term(values["value"]) if values["value"] else None,
        shape,
        values["severity"],
        values["message"],
        values["component"],
        values["place"],
    )


def _term(text: str) -> Term:
    """A term as N-Triples writes it."""
    some = WELL_KNOWN["rdf"] + "value"
    quad: Quad = next(iter(parse(f"<{some}> <{some}> {text} .", RdfFormat.N_TRIPLES, rename_blank_nodes=False)))
    assert isinstance(quad.object, NamedNode | BlankNode | Literal)
    return quad.object
