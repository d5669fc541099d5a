"""The cross-reference table: articles against documents, sections, themes, meetings, addressees or strength.

What the text cites and what is related are counted apart, in every cell. A row without any is a finding and stays.
A table with many columns is cut into pages; it can be that of one document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from pyroaring import BitMap

from server import page_index
from server.linkeddata.collections import pages_of
from server.page_index import ArticleRow, Index, Value
from server.pages.exports import SUGGESTED
from server.pages.lines import line_rows
from server.pages.page import Page, Questions
from server.pages.recommendations import matches
from server.pages.selection import BASES, Selection, label_of, passing, read_selection, value_of
from server.pages.sheets import Sheet, files_at
from server.pages.values import Link, standing
from server.web.errors import BadRequest
from server.web.request import Exchange

COLUMNS = {
    "section": "sections",
    "theme": "themes",
    "meeting": "meetings",
    "addressee": "addressees",
    "strength": "strength of language",
    "document": "documents",
}
LEVELS = (0, 2, 5, 10)
"""The most recommendations of each shade but the last."""
PAGE = 40
"""How many columns one page of the table has."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: columns, the recommendations that count, whether only empty rows are shown, and whether
    cells name the recommendations instead of counting them."""

    by: str
    selection: Selection
    empty: bool = False
    named: bool = False

    @property
    def page(self) -> int:
        """The page of columns."""
        return self.selection.page

    @property
    def document(self) -> str:
        """The one document that counts, or nothing."""
        return next(iter(self.selection.chosen.get("document", ())), "")


@dataclass(frozen=True, slots=True)
class Cell:
    """How many cite and how many are related in one cell, who they are in words, and the address that lists them.
    ``level`` is the shade, 0 to 4; ``citing`` and ``about`` name those that cite and those that are related, where
    that is asked for."""

    cited: int
    related: int
    said: str
    href: str
    level: int
    citing: tuple[Link, ...] = ()
    about: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One article, or one chapter cited as a whole, with its cells and its own total. A chapter has no number."""

    article: Link
    number: int | None
    title: str
    cells: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one instrument, ``chapters`` apart: a citation of a chapter counts for the chapter, not for its
    articles. ``final`` are the rows of its final clauses, which are no gaps."""

    instrument: Link
    chapters: tuple[Row, ...]
    rows: tuple[Row, ...]
    final: tuple[Row, ...]
    articles: int
    empty: int


def read_crossref(by: str, empty: str, values_of: Callable[[str], Sequence[str]], exchange: Exchange) -> Asked:
    """What is asked for; ``values_of`` returns all values of a name. Raises `BadRequest` for an unknown choice."""
    if by not in COLUMNS:
        raise BadRequest(f"“by” is one of {', '.join(COLUMNS)}; “basis” one of {', '.join(BASES)}.")
    return Asked(by, read_selection(values_of, exchange), bool(empty), any(values_of("named")))


def crossref_page(asked: Asked, exchange: Exchange) -> Page:
    """The view of the table. Raises `BadRequest` for a page that there is not."""
    ask = Questions(exchange)
    ask.same_answer("recommendation-facts", "list-articles", "crossref-pairs")
    matrix = Matrix(asked, exchange)
    pages = pages_of(len(matrix.values), PAGE)
    last = min(asked.page * PAGE, len(matrix.values))
    return ask.page(
        "crossref.html",
        "crossref",
        f"Articles and {COLUMNS[asked.by]}",
        "Which recommendations cite which articles or are related to them, as one table.",
        indexed=asked.by == "section" and not asked.selection.pairs() and not asked.empty,
        by=asked.by,
        bys=tuple(COLUMNS.items()),
        basis=asked.selection.basis,
        bases=tuple(BASES.items()),
        narrowed=tuple(
            (name, value, label_of(name, value_of(name, value, exchange)[1]))
            for name, values in asked.selection.chosen.items()
            for value in values
        ),
        empty=asked.empty,
        named=asked.named,
        columns=tuple(
            Link(matrix.selected(matrix.choosing(value)), matrix.short(value), value.label) for value in matrix.shown
        ),
        pages=f"{(asked.page - 1) * PAGE + 1:,} to {last:,} of {len(matrix.values):,}" if pages > 1 else "",
        previous=_address(asked, asked.page - 1, exchange) if asked.page > 1 else "",
        following=_address(asked, asked.page + 1, exchange) if asked.page < pages else "",
        blocks=matrix.blocks(),
        files=files_at(_address(asked, asked.page, exchange)),
        judged=asked.by == "theme" or bool(asked.selection.chosen.get("theme")),
    )


def _address(asked: Asked, page: int, exchange: Exchange, path: str = "crossref") -> str:
    pairs = [("by", asked.by), *replace(asked.selection, page=page).pairs()] + [("empty", "1")] * asked.empty
    pairs += [("named", "1")] * asked.named
    return f"{exchange.urls.path(path)}?{urlencode(pairs)}"


class Matrix:
    """Makes the cells of one table: what is counted, against what."""

    def __init__(self, asked: Asked, exchange: Exchange) -> None:
        self._asked, self._exchange = asked, exchange
        self._index: Index = exchange.snapshot.index
        self._inside = passing(asked.selection, self._index, matches(asked.selection, self._index))
        self._apart = self._beside_the_scale() if asked.by == "strength" else {}
        self.values: Sequence[Value] = [
            value
            for value in (*self._index.values(asked.by).values(), *self._apart)
            if not value.narrow and value.members.intersect(self._inside)
        ]
        self.shown = self.values[(asked.page - 1) * PAGE : asked.page * PAGE]
        if asked.page > 1 and not self.shown:
            raise BadRequest(f"This table has {pages_of(len(self.values), PAGE)} pages.")
        self._one = bool(asked.document) or self._index.documents <= 1
        self._numbers = page_index.numbers(self._index.database, self._inside) if self._one else {}

    def _beside_the_scale(self) -> dict[Value, str]:
        """The columns beside those of the scale, each with its filter: what asks only to consider, and the operative
        words that are not on it."""
        apart: dict[Value, str] = {}
        if considering := self._index.values("consider").get("true"):
            apart[replace(considering, label="only to consider")] = "consider"
        scaled = {thing.iri for thing in page_index.things(self._index, "Modality") if thing.force}
        for value in self._index.values("modality").values():
            if value.term.strip("<>") not in scaled:
                apart[replace(value, label=f"{value.label} (not on the scale)")] = "modality"
        return apart

    def choosing(self, value: Value) -> dict[str, tuple[str, ...]]:
        """What chooses the recommendations of a column."""
        return {self._apart.get(value, self._asked.by): (value.slug,)}

    def selected(self, chosen: Mapping[str, tuple[str, ...]]) -> str:
        """The address of the list of those that have the values."""
        kept = self._asked.selection
        return replace(kept, chosen={**kept.chosen, **chosen}, page=1).href(self._exchange)

    def short(self, value: Value) -> str:
        """The words at the head of a column: of one document's sections and meetings the shortest."""
        if self._asked.by == "section":
            return value.slug.partition("/")[2] if self._one else value.slug
        if self._asked.by in ("meeting", "document"):
            return value.slug.rpartition("-")[2] if self._one and self._asked.by == "meeting" else value.slug
        return value.label

    def blocks(self) -> tuple[Block, ...]:
        """One block an instrument whose articles are here and in use, the one with the fewest gaps first."""
        of: dict[str, list[ArticleRow]] = {}
        for article in page_index.articles(self._index.database):
            of.setdefault(article.instrument, []).append(article)
        blocks = []
        for iri, articles in of.items():
            if len(articles) > 1:
                made = tuple(self._row(article) for article in articles if not article.is_final)
                final = tuple(self._row(article) for article in articles if article.is_final)
                without = sum(not row.total.level for row in made)
                if not self.touched(articles):
                    continue
                chapters = self._chapters(articles)
                if self._asked.empty:
                    chapters = ()
                    made, final = tuple(row for row in made if not row.total.level), ()
                head = Link(self._exchange.urls.of(iri), articles[0].instrument_label)
                blocks.append(Block(head, chapters, made, final, len(articles), without))
        return tuple(sorted(blocks, key=lambda block: block.empty / block.articles))

    def touched(self, articles: Sequence[ArticleRow]) -> int:
        """How many of the articles any recommendation of the corpus cites or is related to."""
        values = [self._index.values(f"article {way}") for way in ("cited", "related")]
        return sum(any(self._slug(article.iri) in known for known in values) for article in articles)

    def _row(self, article: ArticleRow) -> Row:
        link = Link(self._exchange.urls.of(article.iri), article.label)
        return self._made("article", article.iri, link, article.number, article.title)

    def _made(self, kind: str, iri: str, link: Link, number: int | None, title: str) -> Row:
        slug, ways = self._slug(iri), self.who(kind, iri)
        cells = tuple(self._cell(kind, slug, ways, value) for value in self.shown)
        return Row(link, number, title, cells, self._cell(kind, slug, ways, None))

    def chapters(self, articles: Sequence[ArticleRow]) -> dict[str, tuple[str, str]]:
        """The chapters of a treaty that recommendations cite as a whole or are related to: label and title by IRI."""
        named = {each.chapter: (each.chapter_label, each.chapter_title) for each in articles if each.chapter}
        known = [self._index.values(f"chapter {way}") for way in ("cited", "related")]
        return {iri: name for iri, name in named.items() if any(self._slug(iri) in values for values in known)}

    def _chapters(self, articles: Sequence[ArticleRow]) -> tuple[Row, ...]:
        urls = self._exchange.urls
        return tuple(
            self._made("chapter", iri, Link(urls.of(iri), label), None, f"{label.partition(',')[0]}: {title}")
            for iri, (label, title) in self.chapters(articles).items()
        )

    def _slug(self, iri: str) -> str:
        return iri.removeprefix(self._exchange.snapshot.base.iri + "id/instrument/")

    def who(self, kind: str, iri: str) -> tuple[BitMap, BitMap]:
        """Those that cite an article, or a chapter as a whole, and those related to it; the basis says which count."""
        slug = self._slug(iri)
        cited, related = (
            self._index.with_value(f"{kind} {way}", slug) & self._inside
            if self._asked.selection.basis in ("both", way)
            else BitMap()
            for way in ("cited", "related")
        )
        return cited, related

    def _cell(self, kind: str, slug: str, ways: tuple[BitMap, BitMap], value: Value | None) -> Cell:
        cited, related = ways if value is None else (way & value.members for way in ways)
        total = cited.union_cardinality(related)
        if not total:
            return Cell(0, 0, "", "", 0)
        who_in_words = [
            f"{lead} {self._named(who)}" for lead, who in (("cited by", cited), ("related to", related)) if who
        ]
        chosen = {kind: (slug,)} | (self.choosing(value) if value else {})
        level = next((step for step, most in enumerate(LEVELS) if total <= most), len(LEVELS))
        href = self.selected(chosen)
        return Cell(
            len(cited), len(related), "; ".join(who_in_words), href, level, self._links(cited), self._links(related)
        )

    @cached_property
    def _known(self) -> Mapping[int, Link]:
        """Every recommendation that counts, by its name as short as it can be."""
        names = page_index.names(self._index.database, in_corpus=not self._one)
        return {
            row.id: Link(self._exchange.urls.of(row.iri), names[row.id])
            for row in line_rows(self._inside, self._exchange)
        }

    def _links(self, who: BitMap) -> tuple[Link, ...]:
        return tuple(self._known[number] for number in who if number in self._known) if self._asked.named else ()

    def _named(self, who: BitMap) -> str:
        """The numbers in one document; in a corpus, where they would not say enough, how many there are."""
        if self._one:
            return ", ".join(str(self._numbers[at]) for at in who)
        return f"{len(who):,} recommendation{'s' * (len(who) > 1)}"


def crossref_sheet(asked: Asked, exchange: Exchange) -> Sheet:
    """The table for files: in each column who cites and who is related, in a corpus with the name of the document."""
    matrix, index = Matrix(asked, exchange), exchange.snapshot.index
    heads = [(value.label, value.members) for value in matrix.shown] + [("all", index.recommendations)]
    ways = ("cited", "related (suggested)")
    whose = f"Related{' and themes' * (asked.by == 'theme')}: {standing(index.reviewed)}"
    named = page_index.names(index.database, in_corpus=index.documents > 1 and not asked.document)
    articles = page_index.articles(index.database)
    own = {each.instrument: [other for other in articles if other.instrument == each.instrument] for each in articles}
    shares = {iri: matrix.touched(of) / len(of) for iri, of in own.items() if len(of) > 1}
    rows: list[list[str | int]] = []

    def cells(kind: str, iri: str) -> list[str]:
        return [" ".join(named[at] for at in way & members) for _, members in heads for way in matrix.who(kind, iri)]

    for instrument in sorted(own, key=lambda iri: -shares.get(iri, 0)):
        if not shares.get(instrument):
            continue
        chapters = {} if asked.empty else matrix.chapters(own[instrument])
        for iri, (label, title) in chapters.items():
            name = label.partition(",")[0]
            rows.append([own[instrument][0].instrument_label, name, title, *cells("chapter", iri), whose])
        for article in own[instrument]:
            own_cells = cells("article", article.iri)
            if asked.empty and (article.is_final or any(own_cells)):
                continue
            rows.append([article.instrument_label, article.number, article.title, *own_cells, whose])
    return Sheet(
        f"Articles and {COLUMNS[asked.by]}",
        ["instrument", "article", "title", *(f"{head}: {way}" for head, _ in heads for way in ways), SUGGESTED],
        rows,
        [
            f"Numbers are those of recommendations. Cited: the text names the article or a part of it. {whose}.",
            exchange.urls.absolute(_address(asked, asked.page, exchange)),
        ],
    )
