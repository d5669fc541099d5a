"""What the validation of the build says about one resource, in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from server.web.exchange import Exchange


@dataclass(frozen=True, slots=True)
class CheckSummary:
    """Whether the build as a whole passed, how much it checked and when, and what was said about this resource."""

    conforms: bool
    shapes: int
    checked: int
    built: str
    remarks: tuple[str, ...]
    href: str


def checks_of(exchange: Exchange, resource: NamedNode) -> CheckSummary | None:
    """The outcome of the build's validation and its remarks about a resource; None when no report came with it."""
    figures = exchange.snapshot.manifest.get("validation")
    if not figures:
        return None
    results = exchange.snapshot.validation.get("results", ())
    remarks = tuple(
        str(result.get("message", ""))
        for result in results
        if result.get("focus", result.get("focusNode")) == resource.value
    )
    return CheckSummary(
        bool(figures.get("conforms")),
        int(figures.get("shapes", 0)),
        int(figures.get("checked", 0)),
        exchange.snapshot.built.strftime("%Y-%m-%d %H:%M UTC"),
        remarks,
        exchange.urls.path("quality"),
    )
