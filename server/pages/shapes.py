"""The shapes as a page: every check in words, with how much it looked at and what it found in this build."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from server.linkeddata.description import Resource
from server.pages.framing import frame, resource_formats
from server.pages.values import local_name
from server.pages.views import Frame
from server.web.exchange import Exchange


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check: its name and anchor, what it means, what it says when it fails, how much it looked at and found.

    ``targets`` is None for a check that only others refer to.
    """

    anchor: str
    name: str
    meaning: str
    message: str
    severity: str
    targets: int | None
    results: int
    source: str
    parts: tuple[CheckView, ...]


@dataclass(frozen=True, slots=True)
class ShapesView:
    """All checks, those about one kind of thing together."""

    template: ClassVar[str] = "shapes.html"

    frame: Frame
    checks: tuple[CheckView, ...]
    shapes: int
    checked: int
    results: int


async def shapes_page(resource: Resource, exchange: Exchange) -> ShapesView:
    """The view of the shapes."""
    known: Sequence[Mapping[str, Any]] = exchange.snapshot.validation.get("shapes", ())
    figures = exchange.snapshot.manifest.get("validation", {})
    below: dict[str, list[Mapping[str, Any]]] = {}
    for shape in known:
        if shape.get("parent"):
            below.setdefault(shape["parent"], []).append(shape)
    return ShapesView(
        frame=frame(
            exchange,
            "shapes",
            "Checks",
            "Every check of the graph in words, with what it looked at and what it found.",
            formats=resource_formats(exchange, resource.path),
        ),
        checks=tuple(_check(shape, below) for shape in known if not shape.get("parent")),
        shapes=int(figures.get("shapes", len(known))),
        checked=int(figures.get("checked", 0)),
        results=len(exchange.snapshot.validation.get("results", ())),
    )


def _check(shape: Mapping[str, Any], below: Mapping[str, Sequence[Mapping[str, Any]]]) -> CheckView:
    return CheckView(
        local_name(shape["shape"]),
        shape["name"],
        shape["description"],
        shape["message"],
        shape["severity"],
        None if shape["targets"] is None else int(shape["targets"]),
        int(shape["results"] or 0),
        shape["source"],
        tuple(_check(part, below) for part in below.get(shape["shape"], ())),
    )
