"""Directives as sentences: who is to act, the words that carry the strength, what is asked, and what limits it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.pages.marking import Mark
from server.pages.values import count, flag, node, number, text
from server.pages.views import STRONGEST, Link, link, things
from server.store import Row
from server.web.urls import Urls


@dataclass(frozen=True, slots=True)
class DirectiveView:
    """One directive. ``before`` and ``after`` are its words around the operative ones; positions count there."""

    href: str
    start: int
    end: int
    before: str
    operative: str
    after: str
    modality: Link
    force: int | None
    consider_only: bool
    addressees: tuple[Link, ...]
    asked: tuple[Link, ...]
    qualifiers: tuple[Link, ...]


def read_directives(rows: Iterable[Row], urls: Urls) -> tuple[DirectiveView, ...]:
    """The directives in rows of ``paragraph-directives``, which has a row for each fact about one."""
    facts: dict[str, list[Row]] = {}
    for row in rows:
        facts.setdefault(text(row, "directive"), []).append(row)
    return tuple(_directive(of_one, urls) for of_one in facts.values())


def _directive(rows: Sequence[Row], urls: Urls) -> DirectiveView:
    row = rows[0]
    words, operative = text(row, "text"), text(row, "operative")
    at = words.find(operative) if operative else -1
    before, after = (words[:at], words[at + len(operative) :]) if at >= 0 else ("", words)
    return DirectiveView(
        href=urls.of(node(row, "directive")),
        start=count(row, "start"),
        end=count(row, "end"),
        before=before,
        operative=operative if at >= 0 else "",
        after=after,
        modality=link(row, "modality", "modalityLabel", urls),
        force=number(row, "force"),
        consider_only=flag(row, "considerOnly"),
        addressees=_named(rows, "addressee", urls),
        asked=_named(rows, "asked", urls),
        qualifiers=_named(rows, "qualifier", urls),
    )


def _named(rows: Iterable[Row], way: str, urls: Urls) -> tuple[Link, ...]:
    return things([row for row in rows if text(row, "way") == way], "entity", "label", urls)


def directive_marks(directives: Iterable[DirectiveView]) -> list[Mark]:
    """Marks for directives, which lead to their pages, and for their operative words, which lead to their modality."""
    marks = []
    for place, directive in enumerate(directives, start=1):
        strength = f"strength {directive.force} of {STRONGEST}" if directive.force else "no strength"
        said = f"{directive.modality.label}, {strength}"
        title = f"Directive {place}: {said}"
        marks.append(Mark(directive.start, directive.end, "directive", title, directive.href, directive.force))
        if directive.operative:
            at = directive.start + len(directive.before)
            title = f"Operative words: {said}"
            marks.append(Mark(at, at + len(directive.operative), "operative", title, directive.modality.href))
    return marks
