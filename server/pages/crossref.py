"""The cross-reference table: articles against sections, themes, meetings, addressees or strength of language.

What the text cites and what editors relate are counted apart, in every cell. A row without any is a finding and stays.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from server.pages.facts import Facts, Value
from server.pages.framing import frame
from server.pages.questions import Questions
from server.pages.selecting import BASES, Selection
from server.pages.values import node, text
from server.pages.views import Frame, Link, link
from server.store import Row
from server.web.errors import BadRequest
from server.web.exchange import Exchange

COLUMNS = {
    "section": "sections",
    "theme": "themes",
    "meeting": "meetings",
    "addressee": "addressees",
    "strength": "strength of language",
}


LEVELS = (0, 2, 5, 10, 10_000)
"""The most recommendations of each shade."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Who cites and who is related in one cell, and the address that lists them; ``level`` is the shade, 0 to 4."""

    cited: tuple[int, ...]
    related: tuple[int, ...]
    href: str
    level: int


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One article with its cells and its own total."""

    article: Link
    number: str
    title: str
    cells: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one instrument."""

    instrument: Link
    rows: tuple[ArticleRow, ...]
    empty: int


@dataclass(frozen=True, slots=True)
class CrossrefView:
    """The table with what may be chosen. ``columns`` have the full name as a note of their link."""

    template: ClassVar[str] = "crossref.html"

    frame: Frame
    action: str
    by: str
    bys: tuple[tuple[str, str], ...]
    basis: str
    bases: tuple[tuple[str, str], ...]
    columns: tuple[Link, ...]
    blocks: tuple[Block, ...]
    csv: str
    judged: bool


async def crossref_page(by: str, basis: str, facts: Facts, ask: Questions) -> CrossrefView:
    """The view of the table. Raises `BadRequest` for an unknown choice."""
    if by not in COLUMNS or basis not in BASES:
        raise BadRequest(f"“by” is one of {', '.join(COLUMNS)}; “basis” one of {', '.join(BASES)}.")
    exchange = ask.exchange
    articles = await ask.rows("list-articles")
    pairs = await ask.rows("crossref-pairs")
    values = _columns(by, facts)
    given = {"by": by, "basis": basis}
    return CrossrefView(
        frame=frame(
            exchange,
            "crossref",
            f"Articles and {COLUMNS[by]}",
            "Which recommendations cite or concern which articles of the Convention and the Protocol, as one table.",
            behind=ask.asked,
            indexed=given == {"by": "section", "basis": "both"},
        ),
        action=exchange.urls.path("crossref"),
        by=by,
        bys=tuple(COLUMNS.items()),
        basis=basis,
        bases=tuple(BASES.items()),
        columns=tuple(
            Link(Selection({by: (value.slug,)}, "both", "", "number").href(exchange), _short(by, value), value.label)
            for value in values
        ),
        blocks=Matrix(by, basis, pairs, facts, exchange).blocks(articles, values),
        csv=exchange.urls.path("crossref.csv", query=given),
        judged=by == "theme",
    )


def _columns(by: str, facts: Facts) -> tuple[Value, ...]:
    """The values that are columns: of themes only the wide ones, with which their narrower ones count."""
    return tuple(value for value in facts.values.get(by, {}).values() if not value.narrow)


def _short(by: str, value: Value) -> str:
    if by == "section":
        return value.slug
    return value.slug.rpartition("-")[2] if by == "meeting" else value.label


class Matrix:
    """Makes the cells of one table: what is counted, against what."""

    def __init__(self, by: str, basis: str, pairs: Sequence[Row], facts: Facts, exchange: Exchange) -> None:
        self._by, self._basis, self._facts, self._exchange = by, basis, facts, exchange
        self._who: dict[tuple[str, str], set[str]] = {}
        for row in pairs:
            self._who.setdefault((text(row, "article"), text(row, "way")), set()).add(text(row, "recommendation"))

    def blocks(self, articles: Sequence[Row], values: Sequence[Value]) -> tuple[Block, ...]:
        """One block an instrument that has its whole list of articles here, the shorter first."""
        blocks = []
        for instrument in dict.fromkeys(node(row, "instrument") for row in articles):
            rows = tuple(self._row(row, values) for row in articles if row["instrument"] == instrument)
            if len(rows) > 1:
                first = next(row for row in articles if row["instrument"] == instrument)
                empty = sum(not row.total.cited and not row.total.related for row in rows)
                head = link(first, "instrument", "instrumentLabel", self._exchange.urls)
                blocks.append(Block(head, rows, empty))
        return tuple(sorted(blocks, key=lambda block: len(block.rows)))

    def _row(self, row: Row, values: Sequence[Value]) -> ArticleRow:
        return ArticleRow(
            link(row, "article", "label", self._exchange.urls),
            text(row, "number"),
            text(row, "title"),
            tuple(self._cell(row, value.slug) for value in values),
            self._cell(row, ""),
        )

    def _cell(self, row: Row, value: str) -> Cell:
        having = self._facts.with_value(self._by, value) if value else frozenset(self._facts.lines)
        cited, related = (self._numbers(row, way, having) for way in ("cited", "related"))
        slug = "/".join(self._exchange.snapshot.names.path(node(row, "article")).split("/")[2:])
        chosen = {"article": (slug,)} | ({self._by: (value,)} if value else {})
        total = len(set(cited) | set(related))
        level = next(step for step, most in enumerate(LEVELS) if total <= most)
        return Cell(cited, related, Selection(chosen, self._basis, "", "number").href(self._exchange), level)

    def _numbers(self, row: Row, way: str, having: frozenset[str]) -> tuple[int, ...]:
        if self._basis not in ("both", way):
            return ()
        found = self._who.get((text(row, "article"), way), set()) & having
        return tuple(sorted(self._facts.lines[iri].number for iri in found))


def crossref_csv(view: CrossrefView) -> str:
    """The table as CSV: for each column how many cite and how many are related, and who."""
    output = io.StringIO()
    writer = csv.writer(output)
    heads = [column.note for column in view.columns] + ["all"]
    writer.writerow(
        [
            "instrument",
            "article",
            "title",
            *(f"{head}: {way}" for head in heads for way in ("cited", "related by editors")),
        ]
    )
    for block in view.blocks:
        for row in block.rows:
            cells = [" ".join(map(str, who)) for cell in (*row.cells, row.total) for who in (cell.cited, cell.related)]
            writer.writerow([block.instrument.label, row.number, row.title, *cells])
    return output.getvalue()
