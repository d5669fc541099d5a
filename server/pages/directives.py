"""Directives as sentences: who is to act, the words that carry the strength, what is asked, and what limits it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.pages.marking import Mark
from server.pages.values import count, flag, node, number, text
from server.pages.views import Link, link, things
from server.store import Row
from server.web.urls import Urls


@dataclass(frozen=True, slots=True)
class Qualifier:
    """A qualifier with the phrases by which it is known, longest first."""

    link: Link
    phrases: tuple[str, ...]


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
    qualifiers: tuple[Qualifier, ...]


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
        qualifiers=_qualifiers(rows, urls),
    )


def _named(rows: Iterable[Row], way: str, urls: Urls) -> tuple[Link, ...]:
    return things([row for row in rows if text(row, "way") == way], "entity", "label", urls)


def _qualifiers(rows: Sequence[Row], urls: Urls) -> tuple[Qualifier, ...]:
    chosen = [row for row in rows if text(row, "way") == "qualifier"]
    phrases: dict[str, set[str]] = {}
    for row in chosen:
        phrases.setdefault(text(row, "entity"), set()).add(text(row, "phrase"))
    by_length = {
        iri: tuple(sorted(filter(None, found), key=lambda phrase: -len(phrase))) for iri, found in phrases.items()
    }
    links = {text(row, "entity"): link(row, "entity", "label", urls) for row in chosen}
    return tuple(Qualifier(each, by_length[iri]) for iri, each in links.items())


def directive_marks(words: str, directives: Iterable[DirectiveView]) -> list[Mark]:
    """Marks for directives, their operative words and those qualifiers whose phrase stands in the directive."""
    marks = []
    for directive in directives:
        strength = f", strength {directive.force} of 5" if directive.force else ""
        marks.append(
            Mark(directive.start, directive.end, "directive", f"Directive: {directive.modality.label}{strength}")
        )
        if directive.operative:
            at = directive.start + len(directive.before)
            title = f"Operative words: {directive.modality.label}{strength}"
            marks.append(Mark(at, at + len(directive.operative), "operative", title, directive.modality.href))
        inside = words[directive.start : directive.end].lower()
        for qualifier in directive.qualifiers:
            phrase = next((phrase for phrase in qualifier.phrases if phrase.lower() in inside), "")
            if phrase:
                at = directive.start + inside.index(phrase.lower())
                title = f"Qualifier: {qualifier.link.label}"
                marks.append(Mark(at, at + len(phrase), "qualifier", title, qualifier.link.href))
    return marks
