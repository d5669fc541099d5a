"""Results as tables: columns in words, things as links, matrices, and the same as CSV and JSON for programs."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter

from pyoxigraph import BlankNode, Literal, NamedNode

from ontology.namespaces import shorten
from ontology.terms import Term
from queries.grammar import read_query
from server.pages.values import View, local_name
from server.sparql.serializing import json_row, json_table, json_term
from server.store import Row
from server.web.request import Urls

LABEL = "Label"
TEXT = 80
"""From how many characters on a cell is a text."""
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_NUMBERS = ("integer", "decimal", "double", "float", "nonNegativeInteger")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: words, perhaps a link or a language; ``share`` of the largest in a column of bars, per cent;
    ``note`` is said beside it: the label of a thing whose name is shown."""

    words: str
    href: str = ""
    language: str = ""
    number: bool = False
    share: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ResultTable:
    """A result with the names of its columns in words. ``notes`` has the chips of each row where several rows of one
    recommendation became one: what tells them apart."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[tuple[tuple[Cell, ...], ...], ...] = ()
    notes_head: str = ""

    @property
    def wide(self) -> bool:
        """Whether texts would be squeezed side by side: at least two beside four other columns."""
        columns = len(self.columns) + bool(self.notes)
        texts = sum(any(len(cell.words) > TEXT for cell in column) for column in zip(*self.rows, strict=True))
        return columns > 5 and texts > 1

    @property
    def heads(self) -> tuple[tuple[str, bool], ...]:
        """The names of the columns, each with whether there are only numbers below it."""
        return tuple(
            (name, bool(self.rows) and all(row[place].number for row in self.rows))
            for place, name in enumerate(self.columns)
        )


@lru_cache(maxsize=500)
def projection(text: str) -> list[str]:
    """The variables of a SELECT query in order (SPARQL 1.1 §18.2.4.4): those that stand alone, and the names that
    expressions in brackets get."""
    query = read_query(text)
    start, end = query.levels[-1].clause
    tokens, outside = query.tokens[start - 1 : end], query.tokens[start][3]
    return [
        token[1:]
        for (_, before, _, _), (kind, token, _, depth) in itertools.pairwise(tokens)
        if kind == "variable" and (depth == outside or (before.upper() == "AS" and depth == outside + 1))
    ]


def result_table(
    columns: Sequence[str],
    rows: Iterable[Mapping[str, Term]],
    urls: Urls,
    prefixes: Mapping[str, str],
    *,
    bars: bool = False,
) -> ResultTable:
    """The table of a result. A column ``xLabel`` gives the words of the links in column ``x`` and is not shown, nor is
    a column that is empty in every row."""
    rows = list(rows)
    named = (name for name in columns if not (name.endswith(LABEL) and name.removesuffix(LABEL) in columns))
    shown = [name for name in named if not rows or any(name in row for row in rows)]
    cells = [tuple(_cell(name, row, urls, prefixes) for name in shown) for row in rows]
    if bars:
        cells = [with_bar(row, cells) for row in cells]
    table = ResultTable(tuple(in_words(name) for name in shown), tuple(cells))
    return _by_recommendation(shown, table) if "recommendation" in shown and not bars else table


def _by_recommendation(names: Sequence[str], table: ResultTable) -> ResultTable:
    """One row a recommendation: what its rows share stays a cell, what tells them apart becomes a chip for each."""
    at = names.index("recommendation")
    groups: dict[Cell, list[tuple[Cell, ...]]] = {}
    for row in table.rows:
        groups.setdefault(row[at], []).append(row)
    if len(groups) == len(table.rows):
        return table
    varying = [
        place for place in range(len(names)) if any(len({row[place] for row in own}) > 1 for own in groups.values())
    ]
    kept = [place for place in range(len(names)) if place not in varying]
    return ResultTable(
        tuple(table.columns[place] for place in kept),
        tuple(tuple(own[0][place] for place in kept) for own in groups.values()),
        tuple(
            _chips([[row[place] for place in varying if row[place].words] for row in own]) for own in groups.values()
        ),
        ", ".join(dict.fromkeys(table.columns[place] for place in varying)),
    )


def _chips(rows: Iterable[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """The chips of a recommendation; one with the same thing twice says it once."""
    chips = (tuple(cell for at, cell in enumerate(row) if cell.number or cell not in row[:at]) for row in rows)
    return tuple(chip for chip in chips if chip)


HEADINGS = {
    "way": "How", "ground": "Why it is here", "standing": "Said by", "agent": "By", "modality": "Operative words",
    "fact": "What", "noForce": "Not on the scale", "reviewStatus": "Review",
    "reviewedBy": "Reviewed by", "reviewedOn": "Reviewed on", "words": "Words",
    "concerned": "Cited or related", "known": "Known from",
}  # fmt: skip
"""Words for columns whose variables say little to a reader."""
CSV_HEADS = {"way": "how", "ground": "why", "standing": "saidBy", "fact": "what"}
"""The same for the columns of a CSV file; others have the names of their variables."""
_SORT_KEY = re.compile(r"^\d{1,2} (?=[A-Za-z])")
KEYED = ("way", "ground", "fact", "role", "clause", "channel", "kind")
"""Columns whose words may begin with the number by which they are sorted."""


def in_words(name: str) -> str:
    """A variable's name as a heading: ``considerOnly`` is "Consider only", and ``force5`` "Strength 5"."""
    if name in HEADINGS:
        return HEADINGS[name]
    name = re.sub(r"^force(\d?)$", r"Strength\1", name)
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[a-z])(?=[0-9])", " ", name).replace("_", " ").lower()
    return words[:1].upper() + words[1:]


def _cell(name: str, row: Mapping[str, Term], urls: Urls, prefixes: Mapping[str, str]) -> Cell:
    value = row.get(name)
    cell = term_cell(value, urls, prefixes, label=row.get(name + LABEL))
    if isinstance(value, Literal) and local_name(value.datatype.value) == "boolean":
        return replace(cell, words="yes" if value.value == "true" else "no")
    keyed = name in KEYED and not cell.href and _SORT_KEY.match(cell.words)
    return replace(cell, words=cell.words[keyed.end() :]) if keyed else cell


def term_cell(
    value: object, urls: Urls, prefixes: Mapping[str, str], *, label: Term | None = None, note: str = ""
) -> Cell:
    """One value as a cell."""
    if isinstance(value, NamedNode):
        return Cell(label.value if label is not None else shorten(value.value, prefixes), urls.of(value), note=note)
    if isinstance(value, Literal):
        return Cell(value.value, language=value.language or "", number=local_name(value.datatype.value) in _NUMBERS)
    return Cell(f"_:{value.value}" if isinstance(value, BlankNode) else "")


def with_bar(row: tuple[Cell, ...], rows: Sequence[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    """The row with a bar in its last column of numbers."""
    places = [place for place, cell in enumerate(row) if cell.number]
    if not places:
        return row
    last = places[-1]
    most = max((float(other[last].words) for other in rows if other[last].number), default=1.0) or 1.0
    cell = row[last]
    bar = Cell(cell.words, cell.href, cell.language, True, round(100 * float(cell.words) / most))
    return (*row[:last], bar, *row[last + 1 :])


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Term]], judgement: str = "") -> str:
    """RFC 4180 with a header row. Text that a spreadsheet would run as a formula gets an apostrophe in front.

    ``judgement`` says whose the suggestions in the rows are, in a last column: in every row, since themes and relations
    are suggestions, but where a row says that it is ``cited`` or ``neither`` and speaks of no theme.
    """
    table = [[*(CSV_HEADS.get(name, name) for name in columns), *["judgement"] * bool(judgement)]]
    for row in rows:
        in_text = "theme" not in row and "standing" in row and row["standing"].value in ("cited", "neither")
        cells = [_csv_cell(name, row[name]) if name in row else "" for name in columns]
        table.append([*cells, *["" if in_text else judgement] * bool(judgement)])
    return csv_text(table)


def _csv_cell(name: str, value: Term) -> str:
    words = _SORT_KEY.sub("", value.value) if name in KEYED else value.value
    is_number = isinstance(value, Literal) and local_name(value.datatype.value) in _NUMBERS
    return words if is_number else guarded(words)


def guarded(words: str) -> str:
    """Words with an apostrophe in front where a spreadsheet would run them as a formula."""
    return "'" + words if words.startswith(_DANGEROUS) else words


def guarded_cells(cells: Iterable[str | int]) -> list[str | int]:
    """The cells of a row, of which a spreadsheet runs none as a formula."""
    return [guarded(cell) if isinstance(cell, str) else cell for cell in cells]


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV (RFC 4180)."""
    output = io.StringIO()
    csv.writer(output).writerows(rows)
    return output.getvalue()


def as_json(columns: Sequence[str], rows: Iterable[Mapping[str, Term]]) -> bytes:
    """SPARQL 1.1 Query Results JSON, as the endpoint writes it."""
    written = (json_row((name, json_term(row[name])) for name in columns if name in row) for row in rows)
    return json_table(columns, written)


STANDING = "standing"


def pivot(columns: Sequence[str], rows: Sequence[Row], urls: Urls, prefixes: Mapping[str, str]) -> View | None:
    """The matrix of a result with these columns, or None for one that has no ``standing``."""
    if STANDING not in columns:
        return None
    down, number = columns[0], columns[-1]
    named = [name for name in columns[: columns.index(STANDING)] if name + LABEL in columns]
    across = named[-1]

    def cell(row: Row, name: str) -> Cell:
        return term_cell(row.get(name), urls, prefixes, label=row.get(name + LABEL))

    cells: dict[Cell, dict[tuple[Cell, str], str]] = {}
    titles: dict[Cell, str] = {}
    for row in rows:
        head = cell(row, down)
        titles[head] = row["title"].value if "title" in row else ""
        counts = cells.setdefault(head, {})
        if across in row:
            counts[cell(row, across), row[STANDING].value] = row[number].value
    heads = _in_order([[column for column, _ in counts] for counts in cells.values()])
    return View(
        columns=heads,
        rows=tuple(
            View(
                head=head,
                title=titles[head],
                cells=tuple(
                    (_counted(head, column, "cited", counts, urls), _counted(head, column, "related", counts, urls))
                    for column in heads
                ),
            )
            for head, counts in cells.items()
        ),
    )


_FILTERS = {"theme": "theme", "meeting": "meeting", "actor": "addressee", "modality": "modality"}
ONLY_TO_CONSIDER = ", only to consider"
"""How the head of a column ends that counts only what is to be considered; its query says so."""
_THING = re.compile(r"/doc/(\w+)/(.+)$")


def _counted(head: Cell, column: Cell, way: str, counts: Mapping[tuple[Cell, str], str], urls: Urls) -> Cell:
    """How many cite, or are related, in a cell of the matrix, with the list of them."""
    words = counts.get((column, way), "")
    article, across = _THING.search(head.href), _THING.search(column.href)
    if not words or not article or not across:
        return Cell(words)
    kind, slug = across.groups()
    if kind == "document" and "/section/" in slug:
        kind, slug = "section", slug.replace("/section/", "/")
    chosen = {"article": article[2], _FILTERS.get(kind, kind): slug, "basis": way}
    if kind == "modality":
        chosen["consider"] = str(column.words.endswith(ONLY_TO_CONSIDER)).lower()
    return Cell(words, urls.path("recommendations", query=chosen))


def _in_order(sequences: Sequence[Sequence[Cell]]) -> tuple[Cell, ...]:
    """The columns in the order that the query gives them within each article, though no article has all of them.

    Columns that no article brings together stay in the order of their first use; so do all when the orders disagree.
    """
    before: TopologicalSorter[Cell] = TopologicalSorter()
    for sequence in sequences:
        distinct = list(dict.fromkeys(sequence))
        for place, column in enumerate(distinct):
            before.add(column, *distinct[max(place - 1, 0) : place])
    try:
        return tuple(before.static_order())
    except CycleError:
        return tuple(dict.fromkeys(column for sequence in sequences for column in sequence))
