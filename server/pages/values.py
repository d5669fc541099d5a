"""What templates share, made of rows: of queries, as text, numbers, dates and links; of the index, as lines of lists,
their order, and how strong their directives are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_high, median_low
from types import MappingProxyType, SimpleNamespace
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode
from pyroaring import BitMap

from ontology.words import in_words, period_in_words
from server import page_index
from server.page_index import Index, LineRow, LinkRow
from server.store import Row
from server.web.request import Exchange, Urls


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


FITTING = 34
"""The room in a box, in characters."""


def fitting(words: str, most: int = FITTING) -> str:
    """Words as far as there is room for them."""
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


View = SimpleNamespace
"""What a template alone reads: its fields are named where they are filled in, and nowhere else."""
STRONGEST = 5
"""The upper end of the strength scale, a convention of this project (``pal:force``)."""


class Link(NamedTuple):
    """A link with its words; ``note`` is said beside it, ``current`` marks the page one is on. A page has hundreds, and
    a tuple is made in a third of the time that a frozen dataclass takes."""

    href: str
    label: str
    note: str = ""
    current: bool = False


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


def grouped(rows: Iterable[Row], name: str) -> defaultdict[str, list[Row]]:
    """The rows by their values of a variable, as text, in the order in which these come first; none of others."""
    groups = defaultdict[str, list[Row]](list)
    for row in rows:
        groups[text(row, name)].append(row)
    return groups


def judged(rows: Iterable[Row], urls: Urls, other: str, other_label: str, note: str = "") -> Judged:
    """The rows of one editorial link in a query as what is said beside it."""
    ends, who = ("link", other, other_label), ("agent", "agentLabel", "reviewer", "reviewerLabel", "reviewed")
    names = (*ends, "reason", "confidence", "status", *who)
    return judgement([LinkRow(0, *(text(row, name) for name in names)) for row in rows], urls, note)


def judgement(rows: Sequence[LinkRow], urls: Urls, note: str = "") -> Judged:
    """The rows of one editorial link in the index as what is said beside it."""
    link = rows[0]
    reviewers = {row.reviewer: Link(urls.of(row.reviewer), row.reviewer_label) for row in rows if row.reviewer}
    suggested = next((row for row in rows if row.agent not in reviewers), link)
    return Judged(
        link.reason,
        link.confidence,
        link.status,
        Link(urls.of(suggested.agent), suggested.agent_label or suggested.agent),
        Link(urls.of(link.other), link.other_label or link.other, note),
        urls.of(link.iri),
        reviewers=tuple(reviewers.values()),
        reviewed=days([row.reviewed for row in rows]),
    )


def days(dates: Iterable[str]) -> str:
    """ISO days in words, each once: ``28 November 2026 and 30 November 2026``."""
    return " and ".join(in_words(date.fromisoformat(each)) for each in sorted({each for each in dates if each}))


def things(rows: Iterable[Row], iri: str, label: str, urls: Urls) -> tuple[Link, ...]:
    """The distinct things in rows as links, in order."""
    return tuple({row_link.href: row_link for row in rows for row_link in [link(row, iri, label, urls)]}.values())


SHOWN = 100
"""How many recommendations a page about something shows; it leads to the list of all."""


def strongest_first(chosen: BitMap, index: Index) -> list[int]:
    """The chosen by the strength of their strongest directive: first those that ask to act, then those that ask only to
    consider, and last those that are not on the scale."""
    considering = only_considering(index)
    classes = [chosen & index.pointing("strongest", [str(force)]) for force in range(STRONGEST, 0, -1)]
    return [
        *(number for members in classes for number in members - considering),
        *(number for members in classes for number in members & considering),
        *(chosen & index.pointing("strongest", [""])),
    ]


def only_considering(index: Index) -> BitMap:
    """The recommendations all of whose directives ask only to consider: a class of their own."""
    return index.with_value("consider", "true") - index.with_value("consider", "false")


def line_rows(numbers: Iterable[int], exchange: Exchange) -> list[LineRow]:
    """What the index holds of paragraphs, in the order given."""
    return list(page_index.lines(exchange.snapshot.index, numbers))


def of_several(iri: str, exchange: Exchange) -> str:
    """The short name of the document that a thing is part of, where the corpus has several, or nothing."""
    document, _, below = iri.partition(f"{exchange.snapshot.base.iri}id/document/")[2].partition("/")
    return document if below and exchange.snapshot.index.documents > 1 else ""


def item_of(iri: str) -> str:
    """What stands for a recommendation in a list of those chosen one by one: ``NAME/24``."""
    return iri.partition("/id/document/")[2].replace("/paragraph/", "/")


def line_of(row: LineRow, exchange: Exchange, notes: Sequence[Link] = ()) -> View:
    """A paragraph as one line of a list: what the index holds of it, its address, and ``notes`` that are said beside
    it. ``document`` names its document where the corpus has several; ``item`` stands for it in a basket. ``language``
    is given where it is told apart, ``review`` where somebody reviewed what put it there."""
    known = row._asdict() | {"document": of_several(row.iri, exchange), "item": item_of(row.iri) if row.adopted else ""}
    return View(href=exchange.urls.of(row.iri), notes=notes, language="", review="", **known)


def lines_of(
    numbers: Iterable[int], exchange: Exchange, notes: Mapping[int, Sequence[Link]] = MappingProxyType({})
) -> list[View]:
    """The paragraphs with these numbers in the index as lines, in the order given, each with its notes."""
    return [line_of(row, exchange, notes.get(row.id, ())) for row in line_rows(numbers, exchange)]


def noted(
    shown: Iterable[int], things: Mapping[str, str], ways: Sequence[str], exchange: Exchange
) -> dict[int, list[Link]]:
    """To which of the things, given with their labels, each paragraph or directive points in one of the ways."""
    numbers, notes = BitMap(shown), dict[int, list[Link]]()
    for iri, label in things.items():
        pointing = BitMap.union(BitMap(), *(exchange.snapshot.index.pointing(way, [iri]) for way in ways))
        for number in numbers & pointing:
            notes.setdefault(number, []).append(Link(exchange.urls.of(iri), label))
    return notes


def distribution(directives: BitMap, exchange: Exchange) -> View:
    """How many of the directives have each modality, as bars from the strongest down: first what asks to act, then what
    asks only to consider, last what is not on the scale. ``share`` is that of the longest bar, in per cent; ``median``
    counts only directives that ask to act and have a place on the scale."""
    index = exchange.snapshot.index
    considering = index.pointing("considers", ["true"])
    counted = [
        (modality, considers, number)
        for considers, some in ((False, directives - considering), (True, directives & considering))
        for modality in page_index.things(index, "Modality")
        if (number := index.pointing("modality", [modality.iri]).intersection_cardinality(some))
    ]
    counted.sort(key=lambda bar: (bar[0].force is None, bar[1], -(bar[0].force or 0), bar[0].label))
    most = max((number for _, _, number in counted), default=1)
    strengths = Counter[int]()
    for modality, considers, number in counted:
        if modality.force and not considers:
            strengths[modality.force] += number
    return View(
        bars=[
            View(
                modality=Link(exchange.urls.of(modality.iri), modality.label),
                force=modality.force,
                considers=considers,
                directives=number,
                share=round(100 * number / most),
            )
            for modality, considers, number in counted
        ],
        total=sum(number for _, _, number in counted),
        median=median(strengths),
    )


def median(scaled: Counter[int]) -> str:
    """The median of ordinal values, given with how often each occurs: one of them, or two with "to" between where the
    middle lies between them."""
    values = sorted(scaled.elements())
    ends = sorted({median_low(values), median_high(values)}) if values else []
    return " to ".join(map(str, ends))
