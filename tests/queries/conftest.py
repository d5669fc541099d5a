"""Asking the public questions of the whole build, and answers in a form that a reader can compare."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, Variable

from ontology.namespaces import Base
from queries.catalogue import Catalogue, read_catalogue
from server.snapshot import Snapshot
from tests.queries.examples import EXAMPLES

Row = dict[str, str]
PARAGRAPH = "id/document/som-wg-2015/paragraph/"


def short(value: str) -> str:
    """A path below the base without what is always the same: "24", "smuggling-protocol/article/6", "unodc"."""
    for start in (PARAGRAPH, "id/document/som-wg-2015/", "id/instrument/"):
        if value.startswith(start):
            return value.removeprefix(start)
    return value.split("/", 2)[-1] if value.startswith("id/") else value.removeprefix("ontology#")


def numbers(rows: Iterable[Row], column: str = "recommendation") -> list[int]:
    """The numbers of the recommendations in a column, in the order of the rows."""
    return [int(row[column]) for row in rows]


def columns(rows: Iterable[Row], *names: str) -> list[tuple[str, ...]]:
    """Some columns of the rows; what is unbound is "-"."""
    return [tuple(row.get(name, "-") for name in names) for row in rows]


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks a question by its name. IRIs come back as short names, unbound columns not at all."""

    snapshot: Snapshot
    catalogue: Catalogue

    def __call__(self, question: str, **given: str) -> list[Row]:
        """The rows of a question, with the defaults of the parameters that are not given."""
        query, base = self.catalogue[question], self.snapshot.base
        bound: dict[Variable, NamedNode | Literal] = {
            Variable(each.name): each.term(given.get(each.name, each.default or EXAMPLES.get(each.name, "")), base)
            for each in query.parameters
        }
        found = self.snapshot.store.query(
            query.text, base_iri=base.iri, use_default_graph_as_union=True, substitutions=dict(bound)
        )
        assert isinstance(found, QuerySolutions)
        names = [variable.value for variable in found.variables]
        return [{name: self._words(value, base) for name in names if (value := row[name]) is not None} for row in found]

    @staticmethod
    def _words(value: object, base: Base) -> str:
        if isinstance(value, NamedNode):
            return short(value.value.removeprefix(base.iri))
        assert isinstance(value, Literal)
        return value.value


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """All query files of the repository."""
    return read_catalogue()


@pytest.fixture(scope="session")
def ask(snapshot: Snapshot, catalogue: Catalogue) -> Asker:
    """Asks the public questions of the whole build."""
    return Asker(snapshot, catalogue)
