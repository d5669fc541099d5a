"""What the validation of the build says about one resource, in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from server.linkeddata.description import Resource
from server.pages.values import local_name
from server.pages.views import Link
from server.web.exchange import Exchange


@dataclass(frozen=True, slots=True)
class CheckSummary:
    """How many checks there are for things of this kind, under which names, when they ran, and what was remarked."""

    checks: int
    kinds: tuple[Link, ...]
    built: str
    remarks: tuple[str, ...]
    href: str


def checks_of(exchange: Exchange, resource: Resource) -> CheckSummary | None:
    """The checks that were made for the classes of a resource, by their shapes; None when no report came with it."""
    known = {local_name(kind.value) for kind in resource.types}
    shapes = [
        (local_name(shape.get("parent") or shape["shape"]), shape["name"], shape.get("parent"))
        for shape in exchange.snapshot.validation.get("shapes", ())
    ]
    own = [(kind, name, parent) for kind, name, parent in shapes if kind in known]
    if not own:
        return None
    results = exchange.snapshot.validation.get("results", ())
    remarks = tuple(
        str(result.get("message", ""))
        for result in results
        if result.get("focus", result.get("focusNode")) == resource.iri.value
    )
    return CheckSummary(
        len(own),
        tuple(
            Link(exchange.urls.path("shapes") + f"#{kind}", name.lower()) for kind, name, parent in own if not parent
        ),
        exchange.snapshot.built.strftime("%Y-%m-%d %H:%M UTC"),
        remarks,
        exchange.urls.path("quality"),
    )
