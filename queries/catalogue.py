"""The catalogue of queries: reads `.rq` files and their headers, and binds values into their text.

A file starts with comment lines::

    # title: What UNODC is asked to do
    # question: What is UNODC asked to do: directly, through States, as the Secretariat?
    # row: one directive, with the way in which the actor is asked
    # parameter: actor iri <id/actor/unodc> The actor asked
    # parameter: number integer 16 The number of the article

A parameter line gives name, kind (``iri``, ``integer``, ``string``), default (an IRI in angle brackets is relative to
the base; a string is quoted) and a label. Everything else above the first ``PREFIX`` is commentary and stays.

Each use of a bound variable becomes the value itself, because an engine plans a constant better than a variable of
which it learns the value only when it runs. ``SELECT ?actor ?way { ?directive pal:addressee ?actor … }`` with
``<id/actor/unodc>`` for ``?actor`` becomes ``SELECT (<id/actor/unodc> AS ?actor) ?way { ?directive pal:addressee
<id/actor/unodc> … }``: the columns of the result stay. Several values for one variable become a ``VALUES`` at the top
of the outermost group, and its uses stay.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from ontology.namespaces import Base
from ontology.terms import Term, term
from queries.grammar import DEEP
from queries.grammar import read_query as parse
from queries.parsed_query import ParsedQuery, Span
from queries.scanner import scan

FOLDER = Path(__file__).parent
FOLDERS = ("questions", "pages", "resources", "tables", "checks")
_FIELD = re.compile(r"^# (title|question|row|order|theme|show|front|beside): *(.*?) *$", re.MULTILINE)
_PARAMETER = re.compile(
    r"^# parameter: +(\w+) +(iri|integer|string) +(<[^>]*>|-?\d+|\"[^\"]*\"|-) +(.+?) *$", re.MULTILINE
)
_PARAMETER_LINE = re.compile(r"^# parameter:", re.MULTILINE)
_PREFIX = re.compile(r"^(\s*PREFIX\s+[\w-]*:\s*)<([^>:]*)>", re.MULTILINE | re.IGNORECASE)


class QueryFileError(ValueError):
    """A query file with an incomplete or invalid header; the message names the file."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A variable of a query that a reader fills in. ``default`` is as in the file; None where it must be given."""

    name: str
    kind: str
    default: str | None
    label: str

    def term(self, text: str, base: Base) -> NamedNode | Literal:
        """The value a reader gave as a term. IRIs may be relative to the base. Raises `ValueError` for a bad one."""
        if self.kind == "iri":
            return NamedNode(text if "://" in text else base.place(text))
        if self.kind == "integer":
            return Literal(str(int(text)), datatype=term("xsd:integer"))
        return Literal(text)


@dataclass(frozen=True, slots=True)
class Query:
    """One named query. ``text`` has prefixes relative to the base of whoever runs it."""

    folder: str
    name: str
    title: str
    question: str
    row: str
    parameters: tuple[Parameter, ...]
    text: str
    fields: Mapping[str, str]

    def absolute(self, base: Base) -> str:
        """The query as it is shown and handed out: its prefixes absolute, nothing else changed."""
        return _absolute(self.text, base)


def read_query(path: Path) -> Query:
    """The query in a file. Raises `QueryFileError` when title or row is missing or a parameter line is malformed."""
    text = path.read_text(encoding="utf-8")
    header = text.partition("\nPREFIX")[0]
    fields: dict[str, str] = dict(_FIELD.findall(header))
    parameters = tuple(
        Parameter(name, kind, None if default == "-" else default.strip('<>"'), label)
        for name, kind, default, label in _PARAMETER.findall(header)
    )
    if len(parameters) != len(_PARAMETER_LINE.findall(header)):
        raise QueryFileError(f"{path.name}: a parameter line is not 'name kind default label'.")
    for needed in ("title", "row"):
        if not fields.get(needed):
            raise QueryFileError(f"{path.name}: the header has no '# {needed}:' line.")
    return Query(
        path.parent.name,
        path.stem,
        fields["title"],
        fields.get("question", ""),
        fields["row"],
        parameters,
        text,
        fields,
    )


@lru_cache(maxsize=500)
def _absolute(text: str, base: Base) -> str:
    return _PREFIX.sub(lambda match: f"{match[1]}<{base.place(match[2])}>", text)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All queries by name; a name is unique over the folders."""

    queries: Mapping[str, Query]

    def __getitem__(self, name: str) -> Query:
        return self.queries[name]

    @property
    def questions(self) -> tuple[Query, ...]:
        """The questions, in their order."""
        return self.folder("questions")

    def folder(self, folder: str) -> tuple[Query, ...]:
        """The queries of one folder, by their ``order`` field and then by name."""
        chosen = [query for query in self.queries.values() if query.folder == folder]
        return tuple(sorted(chosen, key=lambda query: (int(query.fields.get("order", "0")), query.name)))


def read_catalogue() -> Catalogue:
    """Reads every query file. Raises `QueryFileError` for a bad header or a name used twice."""
    queries: dict[str, Query] = {}
    for kind in FOLDERS:
        for path in sorted((FOLDER / kind).glob("*.rq")):
            if path.stem in queries:
                raise QueryFileError(f"{path.name}: the name is used twice.")
            queries[path.stem] = read_query(path)
    return Catalogue(queries)


Bound = Term | tuple[Term, ...]
"""The value of a parameter, or several to choose from."""


def bind(text: str, values: Mapping[str, Term | Sequence[Term]]) -> str:
    """The query with a value, or several to choose from, for each of these variables (names without ``?``).

    Raises `ScanError` for a text that no query can have.
    """
    one = {name: str(value) for name, value in values.items() if isinstance(value, Term)}
    pieces = _pieces(text, tuple(one))
    bound = "".join([one[piece] if place % 2 else piece for place, piece in enumerate(pieces)])
    several = [
        f"  VALUES ?{name} {{ {' '.join(map(str, value))} }}\n"
        for name, value in values.items()
        if not isinstance(value, Term)
    ]
    if not several:
        return bound
    opening = next(start for _, token, start, depth in scan(bound, DEEP) if token == "{" and depth == 1)
    return f"{bound[: opening + 1]}\n{''.join(several)}{bound[opening + 1 :].removeprefix(chr(10))}"


@lru_cache(maxsize=500)
def _pieces(text: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The text cut where values go: every second piece is the name of a variable."""
    if not names:
        return (text,)
    pieces: list[str] = []
    position, before = 0, ""
    for start, end, left, name, right in sorted(_edits(text, names)):
        before += text[position:start] + left
        if name:
            pieces += (before, name)
            before = ""
        before += right
        position = end
    return (*pieces, before + text[position:])


def _edits(text: str, names: tuple[str, ...]) -> Iterator[tuple[int, int, str, str, str]]:
    """Yields the start and end of each change with its replacement: a text, the value of a name (if any), a text."""
    query = parse(text)
    bound = {place for place, token in enumerate(query.tokens) if token[0] == "variable" and token[1][1:] in names}
    selects = [level for level in query.levels if level.form == "SELECT"]
    outermost = min(selects, key=lambda level: level.clause, default=None)
    for level in selects:
        select = Span(level.clause.start - 1, level.clause.end)
        for word, clause in (("SELECT", select), ("GROUP", level.group_by), ("ORDER", level.order_by)):
            alone = _alone(query, clause, bound) if clause else []
            bound -= set(alone)
            if clause and alone:
                yield from _edits_of_clause(query, word, clause, alone, word == "SELECT" and level is outermost)
    for place in bound:
        _, token, start, _ = query.tokens[place]
        yield start, start + len(token), "", token[1:], ""


def _edits_of_clause(
    query: ParsedQuery, word: str, clause: Span, alone: Sequence[int], keeps: bool
) -> Iterator[tuple[int, int, str, str, str]]:
    """What becomes of bound variables that stand alone in a clause: a column of the result keeps its name, a constant
    groups and orders nothing, and a clause that loses all it has gets something that says the same, or goes."""
    depth = query.tokens[clause.start][3]
    others = (token for place, token in enumerate(query.tokens[slice(*clause)], clause.start) if place not in alone)
    kept = any(kind != "word" and now == depth for kind, _, _, now in others)
    for number, place in enumerate(alone):
        _, token, start, _ = query.tokens[place]
        end = start + len(token)
        if keeps:
            yield start, end, "(", token[1:], f" AS ?{token[1:]})"
        elif kept or number or word == "ORDER":
            yield start - query.text[start - 1].isspace(), end, "", "", ""
        else:
            yield start, end, f"(1 AS ?bound_{word.lower()})", "", ""
    if word == "ORDER" and not kept:
        yield query.offset(clause.start), query.offset(clause.start + 1) + len("BY"), "", "", ""


def _alone(query: ParsedQuery, clause: Span, bound: Collection[int]) -> list[int]:
    """The bound variables that stand in a clause and in no brackets there."""
    depth = query.tokens[clause.start][3]
    return [place for place in range(*clause) if place in bound and query.tokens[place][3] == depth]
