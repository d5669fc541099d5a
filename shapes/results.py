"""What validation found, as plain values: results, shapes with their counts, and the report of both."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal

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
    """A rule and how it fared. ``source`` is its file below the project; ``parent`` the node shape of a property shape.

    ``targets`` counts the nodes it looked at, None for a shape that others only refer to; ``results`` its breaks.
    ``order`` is higher the less a break says of its cause (``sh:order``).
    """

    shape: NamedNode
    name: str
    description: str
    message: str
    severity: str
    source: str
    parent: NamedNode | None
    targets: int | None
    results: int
    order: int = 0


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
        return tuple(shape for shape in self.shapes if shape.targets == 0 and shape.parent is None)
