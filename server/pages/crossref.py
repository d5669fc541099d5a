"""The cross-reference table: articles against documents, sections, themes, meetings, addressees or strength.

What the text cites and what is related are counted apart, in every cell. A row without any is a finding and stays.
A table with many columns is cut into pages; it can be that of one document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pyroaring import BitMap

from server import page_index
from server.linkeddata.representing import pages_of
from server.page_index import ArticleRow, Index, Value
from server.pages.exports import SUGGESTED, Sheet, files_at
from server.pages.page import Page, Questions, turned
from server.pages.recommendations import matches
from server.pages.selection import BASES, Selection, label_of, passing, read_selection, value_of
from server.pages.values import Link, View, standing
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
NOBODY = View(level=0, citing=(), about=())
"""The cell of what nobody cites and nobody is related to."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: columns, the recommendations that count, whether only empty rows are shown, and whether
    cells name the recommendations instead of counting them."""

    by: str
    selection: Selection
    empty: bool = False
    named: bool = False


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
    last = min(asked.selection.page * PAGE, len(matrix.values))
    return ask.page(
        "crossref.html",
        "crossref",
        f"Articles and {COLUMNS[asked.by]}",
        "Which recommendations cite which articles or are related to them, as one table.",
        indexed=asked.by == "section" and not asked.selection.pairs() and not asked.empty,
        asked=asked,
        bys=COLUMNS,
        bases=BASES,
        narrowed=tuple(
            (name, value, label_of(name, value_of(name, value, exchange)[1]))
            for name, values in asked.selection.chosen.items()
            for value in values
        ),
        columns=tuple(
            Link(matrix.selected(matrix.choosing(value)), matrix.short(value), value.label) for value in matrix.shown
        ),
        pages=f"{(asked.selection.page - 1) * PAGE + 1:,} to {last:,} of {len(matrix.values):,}" if pages > 1 else "",
        **turned(asked.selection.page, pages, lambda to: _address(asked, to, exchange)),
        blocks=matrix.blocks(),
        files=files_at(_address(asked, asked.selection.page, exchange)),
        judged=asked.by == "theme" or bool(asked.selection.chosen.get("theme")),
    )


def _address(asked: Asked, page: int, exchange: Exchange) -> str:
    pairs = [("by", asked.by), *asked.selection.pairs(page)] + [("empty", "1")] * asked.empty
    pairs += [("named", "1")] * asked.named
    return exchange.urls.path("crossref", pairs)


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
        self.shown = self.values[(asked.selection.page - 1) * PAGE : asked.selection.page * PAGE]
        if asked.selection.page > 1 and not self.shown:
            raise BadRequest(f"This table has {pages_of(len(self.values), PAGE)} pages.")
        self._one = bool(asked.selection.chosen.get("document")) or self._index.documents <= 1

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

    def blocks(self) -> list[View]:
        """One block an instrument whose articles are here and in use, the one with the fewest gaps first. A citation of
        a chapter counts for the chapter, not for its articles; rows of final clauses are no gaps."""
        treaties = [each for each in page_index.treaties(self._index).values() if len(each) > 1]
        blocks = [self._block(articles) for articles in treaties if self._is_touched(articles)]
        return sorted(blocks, key=lambda block: block.empty / block.articles)

    def _block(self, articles: Sequence[ArticleRow]) -> View:
        rows: dict[bool, list[View]] = {False: [], True: []}
        for each in articles:
            link = Link(self._exchange.urls.of(each.iri), each.label)
            rows[each.is_final].append(self._row("article", each.iri, link, each.number, each.title))
        gaps = [row for row in rows[False] if not row.total.level]
        first, only_gaps = articles[0], self._asked.empty
        return View(
            instrument=Link(self._exchange.urls.of(first.instrument), first.instrument_label),
            chapters=[] if only_gaps else self._chapters(articles),
            rows=gaps if only_gaps else rows[False],
            final=[] if only_gaps else rows[True],
            articles=len(articles),
            empty=len(gaps),
        )

    def _is_touched(self, articles: Sequence[ArticleRow]) -> bool:
        """Whether any recommendation of the corpus cites one of the articles or is related to one."""
        values = [self._index.values(f"article {way}") for way in ("cited", "related")]
        return any(self._slug(article.iri) in known for article in articles for known in values)

    def _chapters(self, articles: Sequence[ArticleRow]) -> list[View]:
        """The chapters of a treaty that recommendations cite as a whole or are related to."""
        named = {each.chapter: (each.chapter_label, each.chapter_title) for each in articles if each.chapter}
        known = [self._index.values(f"chapter {way}") for way in ("cited", "related")]
        return [
            self._row("chapter", iri, Link(self._exchange.urls.of(iri), label), label.partition(",")[0], title)
            for iri, (label, title) in named.items()
            if any(self._slug(iri) in values for values in known)
        ]

    def _row(self, kind: str, iri: str, link: Link, number: int | str, title: str) -> View:
        """One article, or one chapter cited as a whole, with its cells and its own total."""
        slug = self._slug(iri)
        cited, related = (
            self._index.with_value(f"{kind} {way}", slug) & self._inside
            if self._asked.selection.basis in ("both", way)
            else BitMap()
            for way in ("cited", "related")
        )
        cells = [self._cell(kind, slug, cited & value.members, related & value.members, value) for value in self.shown]
        total = self._cell(kind, slug, cited, related)
        return View(kind=kind, article=link, number=number, title=title, cells=cells, total=total)

    def _slug(self, iri: str) -> str:
        return iri.removeprefix(self._exchange.snapshot.base.iri + "id/instrument/")

    def _cell(self, kind: str, slug: str, cited: BitMap, related: BitMap, value: Value | None = None) -> View:
        """How many cite and how many are related, in a column or in all; ``level`` is the shade, 0 to 4. They are named
        (``citing``, ``about``), or else said in words, with the address that lists them."""
        total = cited.union_cardinality(related)
        if not total:
            return NOBODY
        level = next((step for step, most in enumerate(LEVELS) if total <= most), len(LEVELS))
        if self._asked.named:
            return View(level=level, citing=self._links(cited), about=self._links(related))
        said = [f"{lead} {self._named(who)}" for lead, who in (("cited by", cited), ("related to", related)) if who]
        return View(
            level=level,
            citing=(),
            about=(),
            cited=len(cited),
            related=len(related),
            said="; ".join(said),
            href=self.selected({kind: (slug,)} | (self.choosing(value) if value else {})),
        )

    @cached_property
    def _known(self) -> Mapping[int, Link]:
        """Every recommendation that counts, by its name as short as it can be."""
        names = page_index.names(self._index, self._inside, in_corpus=not self._one)
        return {at: Link(self._exchange.urls.of(iri), name) for at, (iri, name) in names.items()}

    def _links(self, who: BitMap) -> list[Link]:
        return [self._known[number] for number in who]

    def _named(self, who: BitMap) -> str:
        """The numbers in one document; in a corpus, where they would not say enough, how many there are."""
        if self._one:
            return ", ".join(link.label for link in self._links(who))
        return f"{len(who):,} recommendation{'s' * (len(who) > 1)}"


def crossref_sheet(asked: Asked, exchange: Exchange) -> Sheet:
    """The table for files: in each column who cites and who is related, in a corpus with the name of the document."""
    matrix = Matrix(replace(asked, named=True), exchange)
    ways = ("cited", "related (suggested)")
    whose = f"Related{' and themes' * (asked.by == 'theme')}: {standing(exchange.snapshot.index.reviewed)}"
    heads = [f"{head}: {way}" for head in (*(value.label for value in matrix.shown), "all") for way in ways]
    rows: list[list[str | int]] = []
    for block in matrix.blocks():
        for row in (*block.chapters, *block.rows, *block.final):
            who = [named for cell in (*row.cells, row.total) for named in (cell.citing, cell.about)]
            names = [" ".join(each.label for each in named) for named in who]
            rows.append([block.instrument.label, row.number, row.title, *names, whose])
    return Sheet(
        f"Articles and {COLUMNS[asked.by]}",
        ["instrument", "article", "title", *heads, SUGGESTED],
        rows,
        [
            f"Numbers are those of recommendations. Cited: the text names the article or a part of it. {whose}.",
            exchange.urls.absolute(_address(asked, asked.selection.page, exchange)),
        ],
    )
