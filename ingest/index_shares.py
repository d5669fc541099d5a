"""The share of one part in the index of pages: what lists show, and who has which value of which filter.

Paragraphs are named by their place among the part's entries of the search index, directives by their place in the part;
both become numbers of the whole corpus when the index is put together (`ingest/index_writing.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import TypedDict

from pyoxigraph import BlankNode, Literal, NamedNode

from ingest.tables import BuildQueries, Row
from ontology.ordering import natural
from ontology.terms import Names

SEARCH_COLUMNS = ("iri", "kind", "label", "text")
WIDER = " / "
"""Stands between a wider thing and a narrower one where a query gives their order."""
CONCERNING = frozenset(["theme", "group", "meeting", "cites", "names", "addressed", "asked", "modality", "qualifier"])
"""The ways of pointing that make a recommendation count in a list of things."""
ABOUT, STRONGEST, YEAR = "about", "strongest", "year"
"""Ways beside those of the queries: a recommendation that concerns a thing, a paragraph's strength, and its year."""

Nodes = Collection[NamedNode | BlankNode]
Places = dict[str, dict[str, list[int]]]
Values = list[list[str | int | None]]


class IndexShare(TypedDict):
    """The rows of one part; ``facts`` and ``points`` have places by filter or way and value; ``judgements`` end with
    the number of links."""

    entries: list[list[str]]
    lines: Values
    directives: Values
    values: Values
    facts: Places
    points: Places
    directive_points: Places
    links: Values
    judgements: Values
    things: Values
    articles: Values


def _text(row: Row, name: str) -> str:
    return row[name].value if name in row else ""


def _number(row: Row, name: str) -> int | None:
    return int(row[name].value) if name in row else None


def _add(places: Places, way: str, value: str, place: int) -> None:
    found = places.setdefault(way, {}).setdefault(value, [])
    if not found or found[-1] != place:
        found.append(place)


def entries(queries: BuildQueries, nodes: Nodes) -> list[list[str]]:
    """What search finds among these nodes: IRI, kind, label, text; paragraphs in the order of their numbers."""
    rows = (row for row in queries.rows("search-entries") if row["iri"] in nodes)
    found = [[row[column].value for column in SEARCH_COLUMNS] for row in rows]
    return sorted(found, key=lambda entry: (entry[1], natural(entry[0])))


def index_share(queries: BuildQueries, nodes: Nodes) -> IndexShare:
    """The share of the part that describes these nodes."""
    sought = entries(queries, nodes)
    places = {entry[0]: place for place, entry in enumerate(sought)}
    directives = queries.rows("index-directives")
    numbers = {row["directive"]: number for number, row in enumerate(directives)}
    lines = queries.rows("index-lines")
    adopted = {row["paragraph"].value for row in lines if _text(row, "adopted") == "true"}
    paragraph_of = {row["directive"]: row["paragraph"].value for row in directives}
    points: Places = {}
    of_directives: Places = {}
    for row in queries.rows("index-pointers"):
        way, thing = row["way"].value, row["thing"].value
        from_directive = row["from"] in numbers
        paragraph = paragraph_of[row["from"]] if from_directive else row["from"].value
        if from_directive:
            _add(of_directives, way, thing, numbers[row["from"]])
        else:
            _add(points, way, thing, places[paragraph])
        if way in CONCERNING and paragraph in adopted:
            _add(points, ABOUT, thing, places[paragraph])
    for row in lines:
        place = places[row["paragraph"].value]
        _add(points, STRONGEST, _text(row, "strongest"), place)
        _add(points, YEAR, _text(row, "start")[:4], place)
        if row["paragraph"].value in adopted:
            _add(points, ABOUT, row["document"].value, place)
    values, facts = _facts(queries.rows("recommendation-facts"), places, queries.names)
    return IndexShare(
        entries=sought,
        lines=[_line(row, places) for row in lines],
        directives=[
            [
                row["directive"].value,
                places[row["paragraph"].value],
                _text(row, "text"),
                _text(row, "modality"),
                _number(row, "force"),
                _text(row, "considerOnly") == "true",
            ]
            for row in directives
        ],
        values=values,
        facts=facts,
        points=points,
        directive_points=of_directives,
        links=[
            [places[row["paragraph"].value], *(_text(row, name) for name in LINK_COLUMNS)]
            for row in queries.rows("index-links")
        ],
        judgements=_judgements(row for row in queries.rows("index-judgements") if row["link"] in nodes),
        things=_rows(queries.rows("index-things"), "thing", THING_COLUMNS, nodes, queries.names),
        articles=_rows(queries.rows("index-articles"), "article", ARTICLE_COLUMNS, nodes, queries.names),
    )


LINK_COLUMNS = ("link", "other", "otherLabel", "reason", "confidence", "status", "agent", "agentLabel")
JUDGEMENT_COLUMNS = ("relation", "relationLabel", "confidence", "status", "agent", "agentLabel")
THING_COLUMNS = ("thing", "class", "label", "name", "definition", "role", "wider", "kind", "force", "start")
ARTICLE_COLUMNS = (
    "article", "label", "number", "title", "summary", "instrument", "instrumentLabel", "instrumentTitle",
    "chapter", "chapterLabel", "chapterTitle",
)  # fmt: skip
_NUMBERS = ("force", "number")


def _rows(rows: Iterable[Row], first: str, columns: Iterable[str], nodes: Nodes, names: Names) -> Values:
    """Rows about these nodes; a class is told by its name in the vocabulary."""
    found: Values = []
    for row in rows:
        if row[first] in nodes:
            values = [_number(row, name) if name in _NUMBERS else _text(row, name) for name in columns]
            found.append([_without(value, names.pal("").value) for value in values])
    return found


def _judgements(rows: Iterable[Row]) -> Values:
    counted = Counter(tuple(_text(row, name) for name in JUDGEMENT_COLUMNS) for row in rows)
    return [[*judgement, links] for judgement, links in sorted(counted.items())]


def _without(value: str | int | None, beginning: str) -> str | int | None:
    return value.removeprefix(beginning) if isinstance(value, str) else value


def _line(row: Row, places: dict[str, int]) -> list[str | int | None]:
    return [
        places[row["paragraph"].value],
        row["document"].value,
        _text(row, "label"),
        _number(row, "number"),
        _text(row, "adopted") == "true",
        _text(row, "sectionLabel"),
        _text(row, "start")[:4],
        _number(row, "strongest"),
        _number(row, "directives"),
        _text(row, "onlyConsiders") == "true",
        _text(row, "text"),
    ]


def _facts(rows: Iterable[Row], places: dict[str, int], names: Names) -> tuple[Values, Places]:
    """The values of filters (filter, slug, term, label, order, whether narrow), and who has them."""
    values: dict[tuple[str, str], list[str | int | None]] = {}
    facts: Places = {}
    for row in rows:
        name, value = _text(row, "filter"), row["value"]
        slug, order = slug_of(name, value, names), _text(row, "order")
        values[name, slug] = [name, slug, str(value), _text(row, "label"), order or _text(row, "label"), WIDER in order]
        _add(facts, name, slug, places[_text(row, "recommendation")])
    return list(values.values()), facts


def slug_of(name: str, value: NamedNode | Literal, names: Names) -> str:
    """What stands for a value in an address: ``sea``, ``som-wg-2015/III``, ``smuggling-protocol/article/16``, ``5``."""
    if not isinstance(value, NamedNode):
        return value.value
    path = names.path(value).split("/")
    if name == "section":
        return f"{path[2]}/{'/'.join(path[4:])}"
    return "/".join(path[2:]) if name.startswith(("article", "instrument")) else path[-1]
