"""Values of rows as text, numbers, dates and links, and the lines and links that all templates share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from ontology.words import in_words, period_in_words
from server.store import Row
from server.web.request import Urls


def text(row: Row, name: str, otherwise: str = "") -> str:
    """The value as text, or the given text where the row has none."""
    value = row.get(name)
    return otherwise if value is None else value.value


def language(row: Row, name: str) -> str:
    """The language of a text (BCP 47), or nothing where it has none."""
    value = row.get(name)
    return (value.language or "") if isinstance(value, Literal) else ""


def node(row: Row, name: str) -> NamedNode:
    """The value as an IRI. Raises `KeyError` or `TypeError` where the query promised one and has none."""
    value = row[name]
    if not isinstance(value, NamedNode):
        raise TypeError(f"?{name} is not an IRI: {value}")
    return value


def number(row: Row, name: str) -> int | None:
    """The value as a whole number, or None where the row has none."""
    value = row.get(name)
    return int(value.value) if isinstance(value, Literal) else None


def count(row: Row, name: str) -> int:
    """The value as a count; nothing is zero."""
    return number(row, name) or 0


def flag(row: Row, name: str) -> bool:
    """The value as a truth value; nothing is false."""
    return text(row, name) in ("true", "1")


def day(row: Row, name: str) -> str:
    """A date in words, ``25 August 2015``, or nothing."""
    value = text(row, name)
    return in_words(date.fromisoformat(value)) if value else ""


def period(start: str, end: str) -> str:
    """Two ISO dates in words: ``11 to 13 November 2013``."""
    return period_in_words(date.fromisoformat(start), date.fromisoformat(end))


def local_name(iri: str) -> str:
    """The last part of an IRI, for people: ``sharpens`` of ``…ontology#sharpens``."""
    return iri.rstrip("/").rpartition("#")[2].rpartition("/")[2]


View = SimpleNamespace
"""What a template alone reads: its fields are named where they are filled in, and nowhere else."""
STRONGEST = 5
"""The upper end of the strength scale, a convention of this project (``pal:force``)."""


class Link(NamedTuple):
    """A link with its words; ``note`` is said beside it, ``current`` marks the page one is on. A page has hundreds, and
    a tuple is made in a third of the time that a frozen dataclass takes; so are lines."""

    href: str
    label: str
    note: str = ""
    current: bool = False


class Line(NamedTuple):
    """One recommendation in a list: where it is, its words, its year, and how strong the strongest directive is.

    ``directives`` says of how many it is the strongest; ``considers`` that all of them ask only to consider. ``id`` is
    its number in the index; ``document`` names the document where the corpus has several; ``item`` stands for it in a
    basket; ``language`` is given where it is told apart.
    """

    href: str
    number: int | str
    label: str
    text: str
    year: str
    force: int | None
    notes: tuple[Link, ...] = ()
    directives: int = 0
    considers: bool = False
    document: str = ""
    item: str = ""
    language: str = ""
    id: int = 0
    review: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was judged, beside a line or a link: the reason, how sure, who suggested it, and who reviewed it when."""

    reason: str
    confidence: str
    status: str
    agent: Link
    about: Link
    href: str
    relation: str = ""
    reviewers: tuple[Link, ...] = ()
    reviewed: str = ""

    @property
    def suggested(self) -> str:
        """Who suggested it, in a sentence: the name of a program without what is said of all that it suggests."""
        name, is_program, _ = self.agent.label.partition(", not ")
        return f"{name[:1].lower()}{name[1:]}" if is_program else name

    @property
    def standing(self) -> str:
        """Whose it is: ``suggested by a language model, not reviewed``, or ``…, reviewed by Jane Doe, on …``."""
        review = "not reviewed" if self.status == "unreviewed" else self.status
        if self.reviewers:
            on = f", on {self.reviewed}" * bool(self.reviewed)
            review = f"{self.status} by {' and '.join(each.label for each in self.reviewers)}{on}"
        return review if self.agent in self.reviewers else f"suggested by {self.suggested}, {review}"


def standing(reviewed: tuple[int, int]) -> str:
    """Whose the suggestions of a build are, of which so many of all are reviewed."""
    done, all_ = reviewed
    return f"suggested by a language model, {f'{done:,} of {all_:,} reviewed' if done else 'not reviewed'}"


def reviewed_by(judgements: Sequence[Judged]) -> str:
    """Who reviewed judgements that stand under one heading, where every one was accepted; else nothing."""
    if not all(each.reviewers and each.status == "reviewed" for each in judgements):
        return ""
    return " and ".join(dict.fromkeys(person.label for each in judgements for person in each.reviewers))


def link(row: Row, iri: str, label: str, urls: Urls, note: str = "") -> Link:
    """The thing in a row as a link to its page; without a label its address is shown."""
    target = node(row, iri)
    return Link(urls.of(target), text(row, label) or target.value, note)


def by_link(rows: Iterable[Row]) -> list[list[Row]]:
    """The rows of each editorial link, which has one for each agent and reviewer."""
    links: dict[str, list[Row]] = {}
    for row in rows:
        links.setdefault(text(row, "link"), []).append(row)
    return list(links.values())


def judged(rows: Sequence[Row], urls: Urls, other: str, other_label: str) -> Judged:
    """The rows of one editorial link as what is said beside it."""
    row, reviewers = rows[0], things([row for row in rows if "reviewer" in row], "reviewer", "reviewerLabel", urls)
    agents = things(rows, "agent", "agentLabel", urls)
    return Judged(
        text(row, "reason"),
        text(row, "confidence"),
        text(row, "status"),
        next((agent for agent in agents if agent not in reviewers), agents[0]),
        link(row, other, other_label, urls),
        urls.of(node(row, "link")),
        reviewers=reviewers,
        reviewed=days([text(row, "reviewed") for row in rows]),
    )


def days(dates: Iterable[str]) -> str:
    """ISO days in words, each once: ``28 November 2026 and 30 November 2026``."""
    return " and ".join(in_words(date.fromisoformat(each)) for each in sorted({each for each in dates if each}))


def things(rows: Iterable[Row], iri: str, label: str, urls: Urls) -> tuple[Link, ...]:
    """The distinct things in rows as links, in order."""
    return tuple({row_link.href: row_link for row in rows for row_link in [link(row, iri, label, urls)]}.values())
