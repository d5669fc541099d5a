"""The catalogue of queries: reads `.rq` files and their headers.

A file starts with comment lines::

    # title: What UNODC is asked to do
    # question: What is UNODC asked to do: directly, through States, as the Secretariat?
    # row: one directive, with the way in which the actor is asked
    # parameter: actor iri <id/actor/unodc> The actor asked
    # parameter: number integer 16 The number of the article

A parameter line gives name, kind (``iri``, ``integer``, ``string``), default (an IRI in angle brackets is relative to
the base; a string is quoted) and a label. Everything else above the first ``PREFIX`` is commentary and stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from ontology.namespaces import Base
from ontology.terms import term

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
    fields: dict[str, str] = dict(_FIELD.findall(text))
    parameters = tuple(
        Parameter(name, kind, None if default == "-" else default.strip('<>"'), label)
        for name, kind, default, label in _PARAMETER.findall(text)
    )
    if len(parameters) != len(_PARAMETER_LINE.findall(text)):
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
