"""What validation found, and its report: in words, as JSON for pages, and as a ``sh:ValidationReport`` in Turtle."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

from ontology.namespaces import Base
from ontology.terms import Names, Node, Term, boolean, english, term
from shapes.rules import Rule

SEVERITIES = ("Violation", "Warning", "Info")
"""The severities of SHACL §2.1.4, the worst first."""


@dataclass(frozen=True, slots=True)
class Result:
    """One break of one rule at one node (SHACL §3.6.2).

    ``label`` is the name of the focus node for people, its IRI where it has none. ``path`` is the property concerned
    and ``value`` the offending value, where there is one. ``component`` is the local name of the constraint component.
    ``place`` is the line of the source that the node was read from, ``som-wg-2015.md, line 190``, where there is one.
    """

    focus: Node
    label: str
    path: NamedNode | None
    value: Term | None
    shape: NamedNode
    severity: str
    message: str
    component: str
    place: str = ""

    @property
    def sort_key(self) -> tuple[int, str, tuple[str | int, ...], str, str, str, str]:
        """Worst first, then by shape, node (9 before 10), path and value: the same graph gives the same order."""
        pieces = re.split(r"(\d+)", str(self.focus))
        focus = tuple(int(piece) if place % 2 else piece for place, piece in enumerate(pieces))
        path, value = str(self.path or ""), str(self.value or "")
        return SEVERITIES.index(self.severity), self.shape.value, focus, path, value, self.message, self.component


@dataclass(frozen=True, slots=True)
class CheckedShape:
    """A rule and how it fared: ``targets`` counts the nodes it looked at, None for a shape that others only refer to;
    ``results`` its breaks."""

    rule: Rule
    targets: int | None
    results: int


@dataclass(frozen=True, slots=True)
class Report:
    """All results, worst first, and all shapes by IRI. ``checked`` counts the nodes that some shape looked at."""

    results: tuple[Result, ...]
    shapes: tuple[CheckedShape, ...]
    checked: int

    @property
    def conforms(self) -> bool:
        """Whether there is no violation; warnings and notes do not count."""
        return not any(result.severity == "Violation" for result in self.results)

    def figures(self) -> dict[str, int]:
        """The report in numbers, as the manifest of a snapshot has it; ``conforms`` is a truth value."""
        counts = Counter(result.severity for result in self.results)
        return {
            "conforms": self.conforms,
            "violations": counts["Violation"],
            "warnings": counts["Warning"],
            "notes": counts["Info"],
            "shapes": len(self.shapes),
            "checked": self.checked,
        }

    def without_focus_nodes(self) -> tuple[CheckedShape, ...]:
        """The node shapes that looked at nothing and so found nothing: a class is misspelt, or data is missing."""
        return tuple(shape for shape in self.shapes if shape.targets == 0 and shape.rule.parent is None)


SHOWN = 10
"""How many results of one rule the terminal prints, unless all are requested."""

WORDS = {"Violation": "violation", "Warning": "warning", "Info": "note"}
FOUND = {
    "MinCountConstraintComponent": "It is missing.",
    "MaxCountConstraintComponent": "There are too many.",
    "QualifiedMaxCountConstraintComponent": "The rule does not allow it.",
    "UniqueLangConstraintComponent": "There are two in one language.",
}


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def report_text(report: Report, *, verbose: bool = False) -> str:
    """The report for a person: what is wrong, where, by which rule. ``verbose`` shows every break and every rule."""
    return "\n".join(_lines(report, verbose))


def _lines(report: Report, verbose: bool) -> Iterator[str]:
    figures = report.figures()
    counts = ", ".join(
        _counted(figures[key], word)
        for key, word in (("violations", "violation"), ("warnings", "warning"), ("notes", "note"))
    )
    verdict = "The graph conforms" if report.conforms else "The graph does not conform"
    yield (
        f"{verdict}: {counts}; {_counted(figures['shapes'], 'shape')} looked at {_counted(figures['checked'], 'node')}."
    )
    rules = {shape.rule.shape: shape.rule for shape in report.shapes}
    groups: dict[NamedNode, list[Result]] = {}
    for result in report.results:
        groups.setdefault(result.shape, []).append(result)
    for rule in sorted((rules[iri] for iri in groups), key=_clearest_first):
        yield from _group(rules, rule, groups[rule.shape], verbose)
    idle = ", ".join(f"{shape.rule.name} ({_local(shape.rule.shape)})" for shape in report.without_focus_nodes())
    if idle:
        yield f"\nThese shapes had nothing to look at: {idle}."
    if verbose:
        yield "\nAll rules, with the nodes they looked at and the breaks they found:"
        for checked in report.shapes:
            looked = "-" if checked.targets is None else f"{checked.targets:,}"
            yield f"  {looked:>8} {checked.results:>6}  {_local(checked.rule.shape)}: {checked.rule.message}"


def _clearest_first(rule: Rule) -> tuple[int, int]:
    return SEVERITIES.index(rule.severity), rule.order


def _group(rules: dict[NamedNode, Rule], rule: Rule, results: list[Result], verbose: bool) -> Iterator[str]:
    parent = rules[rule.parent].name + ", " if rule.parent in rules and rule.parent is not None else ""
    times = "" if len(results) == 1 else f", {len(results):,} times"
    yield f"\n{WORDS[rule.severity].capitalize()}{times}: {parent}{rule.name}"
    yield f"  Rule: {rule.message} ({_local(rule.shape)} in {rule.source})"
    counts = Counter((_where(result), _finding(result, rule)) for result in results)
    shown = list(counts.items())[: None if verbose else SHOWN]
    for (where, finding), number in shown:
        yield f"  - {where}"
        yield f"    {finding}" if number == 1 else f"    {finding} ({number:,} times)"
    if rest := len(results) - sum(number for _, number in shown):
        yield f"  … and {rest:,} more. Ask for all with --verbose."


def _where(result: Result) -> str:
    """What is broken: its name, the line it was read from, and its IRI."""
    name = [] if result.label == _term(result.focus) else [result.label]
    return " ".join([*name, *([f"({result.place})"] if result.place else []), _term(result.focus)])


def _finding(result: Result, rule: Rule) -> str:
    if result.message != rule.message:
        return result.message
    if result.component in FOUND:
        return FOUND[result.component]
    return f"Found: {_term(result.value)}" if result.value is not None else f"Broken: {result.component}"


def _term(value: object) -> str:
    return value.value if isinstance(value, NamedNode) else str(value)


def _local(shape: NamedNode) -> str:
    return f"shapes#{shape.value.rpartition('#')[2]}"


def report_json(report: Report) -> str:
    """The report as JSON: ``conforms``, ``figures``, ``results`` and ``shapes``. IRIs are absolute, values as text."""
    rules = {shape.rule.shape: shape.rule for shape in report.shapes}
    content = {
        "conforms": report.conforms,
        "figures": report.figures(),
        "results": [
            {
                "focus": _term(result.focus),
                "label": result.label,
                "place": result.place,
                "path": None if result.path is None else result.path.value,
                "value": None if result.value is None else _term(result.value),
                "shape": result.shape.value,
                "name": rules[result.shape].name,
                "severity": result.severity,
                "message": result.message,
                "component": result.component,
                "source": rules[result.shape].source,
            }
            for result in report.results
        ],
        "shapes": [
            {
                "shape": shape.rule.shape.value,
                "name": shape.rule.name,
                "description": shape.rule.description,
                "message": shape.rule.message,
                "severity": shape.rule.severity,
                "source": shape.rule.source,
                "parent": None if shape.rule.parent is None else shape.rule.parent.value,
                "targets": shape.targets,
                "results": shape.results,
            }
            for shape in report.shapes
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def report_quads(report: Report, base: Base) -> Iterator[Quad]:
    """The report as a ``sh:ValidationReport`` named ``<validation#report>``, results as ``<validation#result-1>``….

    ``sh:conforms`` is false as soon as there is any result, also a warning or a note (SHACL §3.6.1.1).
    """
    names = Names(base)
    node, figures = names.node("validation#report"), report.figures()
    words = ", ".join(_counted(figures[key], key[:-1]) for key in ("violations", "warnings", "notes"))
    yield Quad(node, term("rdf:type"), term("sh:ValidationReport"))
    yield Quad(node, term("rdfs:label"), english("Validation report"))
    yield Quad(node, term("rdfs:comment"), english(f"{words[0].upper()}{words[1:]}. Only violations stop a build."))
    yield Quad(node, term("sh:conforms"), boolean(not report.results))
    for number, result in enumerate(report.results, start=1):
        result_node = names.node(f"validation#result-{number}")
        yield Quad(node, term("sh:result"), result_node)
        yield Quad(result_node, term("rdf:type"), term("sh:ValidationResult"))
        yield Quad(result_node, term("rdfs:label"), english(f"Result {number}: {result.label}"))
        yield Quad(result_node, term("sh:focusNode"), result.focus)
        if result.path is not None:
            yield Quad(result_node, term("sh:resultPath"), result.path)
        if result.value is not None:
            yield Quad(result_node, term("sh:value"), result.value)
        yield Quad(result_node, term("sh:sourceShape"), result.shape)
        yield Quad(result_node, term("sh:sourceConstraintComponent"), term(f"sh:{result.component}"))
        yield Quad(result_node, term("sh:resultSeverity"), term(f"sh:{result.severity}"))
        yield Quad(result_node, term("sh:resultMessage"), english(result.message))


def report_turtle(report: Report, base: Base) -> str:
    """The standard report as Turtle with prefixes."""
    triples = (quad.triple for quad in report_quads(report, base))
    prefixes = {name: base.prefixes()[name] for name in ("pal", "rdfs", "sh", "oa", "skos", "dcterms", "xsd")}
    turtle = serialize(triples, format=RdfFormat.TURTLE, prefixes=prefixes)
    assert turtle is not None
    return turtle.decode()
