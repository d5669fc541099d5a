"""Actors, instruments and the provisions of treaties as triples: one line of a table each (``ontology/reference/``:
``actors.csv``, ``instruments.csv``, ``provisions.tsv``).

The tables are read as spreadsheets write them (`spreadsheets`); a lawyer describes somebody by adding a line. Class,
number, label, whole and reading order of a provision follow from the path of its row,
``untoc/article/27/paragraph/1/letter/a``. Classes and properties that follow from these by the vocabulary are written
out by the build.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from ingest.metadata import SLUG
from ingest.outline import roman
from ingest.spreadsheets import Row, check_folder, read_rows, table_path
from ontology.layout import ROOT
from ontology.terms import Names, boolean, english, integer, term

FOLDER = Path("ontology/reference")
LINK = re.compile(r"https?://\S+")
Value = NamedNode | Literal


class Column(NamedTuple):
    """What a cell of a column says: the property, how its text becomes a value, and whether every row has one. What has
    no property is for the rules only."""

    predicate: str
    value: str = "text"
    required: bool = False


class Table(NamedTuple):
    """A table: the classes of its rows, that of each kind of row, and its columns beside slug and kind."""

    classes: tuple[str, ...]
    kinds: Mapping[str, str]
    columns: Mapping[str, Column]


TABLES = {
    "actors": Table(
        ("pal:Actor", "foaf:Agent"),
        {
            "organization": "Organization",
            "body": "Body",
            "states": "StateGroup",
            "stakeholders": "StakeholderGroup",
        },
        {
            "label": Column("rdfs:label"),
            "name": Column("skos:prefLabel", required=True),
            "spellings": Column("skos:altLabel", "spellings"),
            "acronym": Column("pal:acronym"),
            "broader": Column("skos:broader", "actor"),
            "serves_as": Column("pal:servesAs", "actor"),
            "definition": Column("skos:definition", required=True),
            "role": Column("pal:role", required=True),
        },
    ),
    "instruments": Table(
        ("pal:Instrument",),
        {"convention": "Convention", "protocol": "Protocol"},
        {
            "label": Column("rdfs:label"),
            "name": Column("skos:prefLabel", required=True),
            "spellings": Column("skos:altLabel", "spellings"),
            "joint_names": Column("", "spellings"),
            "acronym": Column("pal:acronym"),
            "key": Column("dcterms:identifier", "plain"),
            "title": Column("dcterms:title", required=True),
            "definition": Column("skos:definition", required=True),
            "adopted": Column("pal:adopted", "day"),
            "adoption": Column("pal:adoption"),
            "entry_into_force": Column("pal:entryIntoForce", "day"),
            "treaty_series": Column("pal:treatySeries", "plain"),
            "official_text": Column("pal:officialText", "link"),
            "supplements": Column("pal:supplements", "instrument"),
            "source": Column("dc:source", required=True),
        },
    ),
}
"""A table is named after what it holds; its first column is that word without the *s*."""
OTHER_TABLES = ("provisions",)


def describe_tables(root: Path, names: Names) -> Iterator[Triple]:
    """The triples of both tables. Raises `SourceError` with file, line and column for an invalid row."""
    check_folder(root / FOLDER, (*TABLES, *OTHER_TABLES))
    for name, table in TABLES.items():
        path = table_path(root / FOLDER, name)
        for row in _rows(path, name) if path else ():
            yield from _triples(name.removesuffix("s"), table, row, names)


def joint_names(root: Path, names: Names) -> Iterator[Triple]:
    """Names that instruments have together only ("both Covenants"), as spellings of each: rules find them by these, but
    none of them is called so."""
    path = table_path(root / FOLDER, "instruments")
    for row in _rows(path, "instruments") if path else ():
        node = names.node(f"id/instrument/{row.values['instrument']}")
        for value in _values(row, "joint_names", row.values.get("joint_names", ""), "spellings", names):
            yield Triple(node, term("skos:altLabel"), value)


@cache
def _instruments() -> Mapping[str, Mapping[str, str]]:
    path = table_path(ROOT / FOLDER, "instruments")
    return {row.values["instrument"]: row.values for row in _rows(path, "instruments")} if path else {}


def _key(cells: Mapping[str, str]) -> str:
    """How a treaty is named in short citations: by its acronym, or where it has none by a key of this project."""
    return cells.get("key") or cells.get("acronym", "")


def _rows(path: Path, name: str) -> Iterator[Row]:
    slug, columns = name.removesuffix("s"), TABLES[name].columns
    required = (slug, "kind", *(each for each, column in columns.items() if column.required))
    seen: set[str] = set()
    for row in read_rows(path, required, tuple(columns)):
        row.require(required)
        if not SLUG.fullmatch(row.values[slug]):
            example = "a name in lower-case letters, such as narcotic-drugs-commission"
            raise row.error(f"{slug} {row.values[slug]!r}", example, slug)
        if row.values[slug] in seen:
            raise row.error(f"{slug} {row.values[slug]!r} a second time", "one row for each")
        seen.add(row.values[slug])
        yield row


def _triples(slug: str, table: Table, row: Row, names: Names) -> Iterator[Triple]:
    node, cells = names.node(f"id/{slug}/{row.values[slug]}"), row.values
    kind = table.kinds[row.chosen("kind", tuple(table.kinds))]
    for class_name in (f"pal:{kind}", *table.classes):
        yield Triple(node, term("rdf:type"), _term(class_name, names))
    cells = cells | {"label": cells.get("label") or cells["name"], "key": _key(cells)}
    for name, column in table.columns.items():
        if column.predicate:
            for value in _values(row, name, cells.get(name, ""), column.value, names):
                yield Triple(node, _term(column.predicate, names), value)


def _term(prefixed: str, names: Names) -> NamedNode:
    return names.pal(prefixed.removeprefix("pal:")) if prefixed.startswith("pal:") else term(prefixed)


def _values(row: Row, name: str, cell: str, kind: str, names: Names) -> list[Value]:
    """The values of a cell: none of an empty one, several of spellings, which stand apart by semicolons."""
    if not cell:
        return []
    if kind == "spellings":
        return [english(part.strip()) for part in cell.split(";") if part.strip()]
    read, example = _READERS.get(kind, (_slug_reader(kind), "the name of a row"))
    value = read(cell, names)
    if value is None:
        raise row.error(f"{name} {cell!r}", example, name)
    return [value]


def _day(cell: str, _: Names) -> Literal | None:
    try:
        return Literal(date.fromisoformat(cell).isoformat(), datatype=term("xsd:date"))
    except ValueError:
        return None


def _slug_reader(kind: str) -> Callable[[str, Names], Value | None]:
    return lambda cell, names: names.node(f"id/{kind}/{cell}") if SLUG.fullmatch(cell) else None


_READERS: Mapping[str, tuple[Callable[[str, Names], Value | None], str]] = {
    "text": (lambda cell, _: english(cell), ""),
    "plain": (lambda cell, _: Literal(cell), ""),
    "day": (_day, "a day such as 2003-10-31"),
    "link": (lambda cell, _: NamedNode(cell) if LINK.fullmatch(cell) else None, "an address that begins with https://"),
}


COLUMNS = ("provision", "title", "clause", "summary")
BEHIND_THE_FIRST = ("bis", "ter", "quater", "quinquies", "sexies", "septies", "octies", "novies", "decies")
INSERTED = re.compile(rf"(\d+)({'|'.join(BEHIND_THE_FIRST)}|[a-z])")
"""The number of an article that was put between others, in a path: ``6bis``, ``12a``."""
PATH = re.compile(
    rf"[a-z-]+/(?:chapter/[1-9]\d*|article/(?:[1-9]\d*|[1-9]\d*(?:{'|'.join(BEHIND_THE_FIRST)}|[a-z]))(?:/paragraph/[1-9]\d*)?(?:/letter/[a-z]+)?)"
)
STATUS = "Summary written for this project; not the authentic text."
CLASSES = {"chapter": "Chapter", "article": "Article", "paragraph": "ArticleParagraph", "letter": "Subparagraph"}
SMALL_WORDS = frozenset({"a", "an", "and", "at", "for", "in", "of", "on", "the", "to"})
ACRONYMS_WORDS = (
    "asean au ecosoc ecowas eu fao fatf iaea icc icrc ilo imo itu oas ohchr osce undp unep unesco unfpa unhcr unicef "
    "unifem wco wfp who wto"
)
ACRONYMS = frozenset(ACRONYMS_WORDS.split())


class Provision(NamedTuple):
    """A row: path below ``id/instrument/``, title, whether it is a final clause, and our summary; one may be empty."""

    path: str
    title: str
    final: bool
    summary: str


def provision_name(path: str) -> str:
    """A provision in words: ``smuggling-protocol/article/16/paragraph/5`` is "article 16, paragraph 5, Smuggling …"."""
    instrument, *parts = path.split("/")
    words = ""
    for kind, number in zip(parts[0::2], parts[1::2], strict=True):
        words += f" ({number})" if kind == "letter" else f", {kind} {printed(kind, number)}"
    cells = _instruments().get(instrument, {})
    whose = cells.get("label") or cells.get("name") or name_of_slug(instrument)
    return f"{words.removeprefix(', ')}, {whose}".removeprefix(", ")


def citation_key(path: str) -> str:
    """A provision as a short citation: ``smuggling-protocol/article/16/paragraph/5`` is "SMP 16(5)", a chapter
    "SMP ch. II". Nothing where its treaty has no key."""
    instrument, kind, number, *below = path.split("/")
    key = _key(_instruments().get(instrument, {}))
    first = f"ch. {printed(kind, number)}" if kind == "chapter" else printed(kind, number)
    return f"{key} {first}{''.join(f'({each})' for each in below[1::2])}" if key else ""


def name_of_slug(slug: str) -> str:
    """A slug as a name: ``commission-on-narcotic-drugs`` is "Commission on Narcotic Drugs"."""
    words = " ".join(
        word.upper() if word in ACRONYMS else word if word in SMALL_WORDS else word.capitalize()
        for word in slug.split("-")
    )
    return words[0].upper() + words[1:]


def printed(kind: str, number: str) -> str:
    """The number of a provision as a treaty prints it: chapters have roman numerals, articles "6 bis" and "12A"."""
    if kind == "article" and (inserted := INSERTED.fullmatch(number)):
        return f"{inserted[1]} {inserted[2]}" if len(inserted[2]) > 1 else number.upper()
    return roman(int(number)) if kind == "chapter" and number.isdigit() else number


def read_provisions(root: Path) -> Iterator[Provision]:
    """The rows of the table below a folder that holds ``ontology/``; none if there is no table.

    Raises `SourceError` at the line that cannot be meant.
    """
    path = table_path(root / FOLDER, "provisions")
    seen: set[str] = set()
    for row in read_rows(path, COLUMNS) if path else ():
        provision, title, clause, summary = (row.values[column] for column in COLUMNS)
        if not PATH.fullmatch(provision) or clause not in {"", "final"} or not (title or summary):
            expected = "path, title, 'final' or nothing, and a summary"
            raise row.error(f"the row {provision!r}", expected)
        if provision in seen:
            raise row.error(f"{provision!r} a second time", "one row for each provision")
        seen.add(provision)
        yield Provision(provision, title, clause == "final", summary)


def describe_provisions(provisions: Iterator[Provision], names: Names) -> Iterator[Triple]:
    """The triples of all rows; an article that follows the row of a chapter is a part of that chapter."""
    order: Counter[str] = Counter()
    chapter: dict[str, str] = {}
    for provision in provisions:
        instrument, kind = provision.path.split("/")[:2]
        order[instrument] += 1
        whole = provision.path.rpartition("/")[0].rpartition("/")[0]
        if kind == "article" and whole == instrument:
            whole = chapter.get(instrument, whole)
        if kind == "chapter":
            chapter[instrument] = provision.path
        yield from _of_provision(provision, whole, order[instrument], names)


def _of_provision(provision: Provision, whole: str, order: int, names: Names) -> Iterator[Triple]:
    kind, number = provision.path.split("/")[-2:]
    pal, node, above = names.pal, names.node(f"id/instrument/{provision.path}"), names.node(f"id/instrument/{whole}")

    def say(predicate: NamedNode, value: NamedNode | Literal) -> Triple:
        return Triple(node, predicate, value)

    for class_name in (pal(CLASSES[kind]), pal("Provision"), term("eli:LegalResourceSubdivision")):
        yield say(term("rdf:type"), class_name)
    name = provision_name(provision.path)
    yield say(term("rdfs:label"), english(name[0].upper() + name[1:]))
    if provision.title:
        yield say(term("dcterms:title"), english(provision.title))
    if key := citation_key(provision.path):
        yield say(term("dcterms:identifier"), Literal(key))
    yield say(pal("number"), integer(int(number)) if number.isdigit() else Literal(printed(kind, number)))
    yield say(term("eli:number"), Literal(printed(kind, number)))
    yield say(pal("order"), integer(order))
    for predicate in (pal("partOf"), term("dcterms:isPartOf"), term("eli:is_part_of")):
        yield say(predicate, above)
    if kind == "article":
        yield say(pal("finalClause"), boolean(provision.final))
    if provision.summary:
        yield say(pal("summary"), english(provision.summary))
        yield say(pal("summaryStatus"), english(STATUS))
