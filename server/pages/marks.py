"""Marks in a text: names, citations and directives that rules recognised, as a tree that a template can write.

A mark cuts the text at its first character and after its last one, in code points. Marks nest; where two cross, the
later one is cut at the end of the earlier. Of several marks around the same words the narrowest gives them its link,
since a link cannot stand in a link. A directive is no narrow mark: its words keep the links of what stands in them, and
a tag before its first word leads to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from pyoxigraph import NamedNode

from server.pages.page import Questions
from server.pages.values import (
    STRONGEST,
    Link,
    View,
    count,
    flag,
    grouped,
    link,
    local_name,
    node,
    number,
    text,
    things,
)
from server.store import Row
from server.web.request import Urls


@dataclass(frozen=True, slots=True)
class Mark:
    """Words from ``start`` up to ``end``, of one kind, with what they mean in words and where that leads.

    ``force`` is the strength of a directive.
    """

    start: int
    end: int
    kind: str
    title: str
    href: str = ""
    force: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of marked text: plain words (no ``kind``), or a mark around further pieces."""

    text: str = ""
    kind: str = ""
    title: str = ""
    href: str = ""
    pieces: tuple[Piece, ...] = ()
    force: int | None = None


def marked(text: str, marks: Iterable[Mark]) -> tuple[Piece, ...]:
    """The text as a tree of pieces. Marks outside the text or without words are left out."""
    usable = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    ordered = sorted(usable, key=lambda mark: (mark.start, -mark.end))
    return _between(text, 0, len(text), ordered)


def _between(text: str, start: int, end: int, marks: Sequence[Mark]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    rest = list(marks)
    while rest:
        mark = rest.pop(0)
        begins, ends = max(mark.start, start), min(mark.end, end)
        if begins >= ends:
            continue
        if begins > start:
            pieces.append(Piece(text[start:begins]))
        inside = [other for other in rest if other.start < ends]
        rest = [other for other in rest if other.end > ends]
        within = _between(text, begins, ends, inside)
        pieces.append(Piece("", mark.kind, mark.title, mark.href, within, mark.force))
        start = ends
    if start < end:
        pieces.append(Piece(text[start:end]))
    return tuple(pieces)


def kinds(pieces: Iterable[Piece]) -> frozenset[str]:
    """The kinds of marks that stand in a text."""
    names: set[str] = set()
    for piece in pieces:
        if piece.kind:
            names.add(piece.kind)
        names |= kinds(piece.pieces)
    return frozenset(names)


MARKED_AS = {
    "Qualifier": ("qualifier", "Qualifying phrase:"),
    "Action": ("action", "Asks to"),
    "AffectedGroup": ("group", "Names"),
    "Actor": ("actor", "Names"),
    "Tool": ("actor", "Names"),
}
"""How words are marked that name a thing of a class, and what is said of them; others have a mark for names."""


def mention_marks(mentions: Sequence[Row], urls: Urls) -> list[Mark]:
    """Marks for names, citations, qualifiers and actions, each with what it names or means."""
    marks = []
    for row in mentions:
        mark, verb = MARKED_AS.get(local_name(text(row, "class")), ("name", "Names"))
        if flag(row, "cites"):
            mark, verb = "citation", "Cites"
        start, end = count(row, "start"), count(row, "end")
        marks.append(Mark(start, end, mark, f"{verb} {text(row, 'label')}", urls.of(node(row, "entity"))))
    return marks


def with_findings(words: str, directives: Iterable[View], mentions: Sequence[Row], urls: Urls) -> tuple[Piece, ...]:
    """The words of a paragraph with its directives and everything else that rules found in it."""
    return marked(words, without_doubles([*directive_marks(directives), *mention_marks(mentions, urls)]))


def items_of(rows: Sequence[Row], mentions: Sequence[Row], urls: Urls) -> list[View]:
    """The lettered items of a paragraph with their words marked."""
    of_place, items = grouped(mentions, "source"), []
    for row in rows:
        about = node(row, "near")
        pieces = marked(text(row, "text"), mention_marks(of_place[about.value], urls))
        items.append(View(letter=about.value.rpartition("/")[2], href=urls.of(about), pieces=pieces))
    return items


def names_of(words: str, items: Sequence[Row], mentions: Sequence[Row], urls: Urls) -> list[View]:
    """Every name, qualifier and action in the words of the paragraph and its items: the words, the page of the finding,
    and what they name or mean; ``reason`` where a rule inferred it."""
    words_of = {text(row, "near"): text(row, "text") for row in items}
    return [
        View(
            words=words_of.get(text(row, "source"), words)[count(row, "start") : count(row, "end")],
            href=urls.of(node(row, "mention")),
            kind=_verb(row),
            entity=link(row, "entity", "label", urls),
            reason=text(row, "reason"),
        )
        for row in mentions
    ]


def _verb(row: Row) -> str:
    if (kind := local_name(text(row, "class"))) in ("Qualifier", "Action"):
        return "is a qualifying phrase:" if kind == "Qualifier" else "is an action:"
    return "cites" if flag(row, "cites") else "names"


def read_directives(rows: Iterable[Row], urls: Urls) -> tuple[View, ...]:
    """The directives in rows of ``paragraph-directives``, which has a row for each fact about one. ``before`` and
    ``after`` are its words around the operative ones; positions count there."""
    return tuple(_directive(of_one, urls) for of_one in grouped(rows, "directive").values())


def _directive(rows: Sequence[Row], urls: Urls) -> View:
    row, ways = rows[0], grouped(rows, "way")
    words, operative = text(row, "text"), text(row, "operative")
    before, found, after = words.partition(operative) if operative and operative in words else ("", "", words)

    def named(way: str) -> tuple[Link, ...]:
        return things(ways[way], "entity", "label", urls)

    return View(
        href=urls.of(node(row, "directive")),
        start=count(row, "start"),
        end=count(row, "end"),
        before=before,
        operative=found,
        after=after,
        modality=link(row, "modality", "modalityLabel", urls),
        force=number(row, "force"),
        consider_only=flag(row, "considerOnly"),
        addressees=named("addressee"),
        asked=named("asked"),
        qualifiers=named("qualifier"),
        actions=named("action"),
        asked_actions=named("asked action"),
    )


def directive_marks(directives: Iterable[View]) -> list[Mark]:
    """Marks for directives, which lead to their pages, and for their operative words, which lead to their modality."""
    marks = []
    for place, directive in enumerate(directives, start=1):
        strength = f"strength {directive.force} of {STRONGEST}" if directive.force else "not on the scale"
        meaning = f"{directive.modality.label}, {strength}"
        title = f"Directive {place}: {meaning}"
        marks.append(Mark(directive.start, directive.end, "directive", title, directive.href, directive.force))
        if directive.operative:
            at = directive.start + len(directive.before)
            title = f"Operative words: {meaning}"
            marks.append(Mark(at, at + len(directive.operative), "operative", title, directive.modality.href))
    return marks


MARKED_DOCUMENTS = 10
"""From how many documents the operative words of a list are looked up; those of further ones stay unmarked."""


def with_directives(lines: Iterable[View], ask: Questions) -> dict[str, tuple[Piece, ...]]:
    """The words of each line, by its IRI, with its directives and their operative words marked."""
    shown = {line.iri: line.text for line in lines}
    documents = dict.fromkeys(line.partition("/paragraph/")[0] for line in shown)
    asked = (ask.rows("document-directives", document=NamedNode(each)) for each in list(documents)[:MARKED_DOCUMENTS])
    own = grouped(chain.from_iterable(asked), "paragraph")
    urls = ask.exchange.urls
    return {
        iri: marked(words, directive_marks(read_directives(own.get(iri, ()), urls))) for iri, words in shown.items()
    }


def without_doubles(marks: Sequence[Mark]) -> list[Mark]:
    """The marks without those of actions inside operative words ("should **consider**"), which have theirs."""
    operative = [(mark.start, mark.end) for mark in marks if mark.kind == "operative"]
    return [
        mark
        for mark in marks
        if mark.kind != "action" or not any(start <= mark.start and mark.end <= end for start, end in operative)
    ]
