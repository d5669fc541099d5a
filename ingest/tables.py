"""The answers of build-time queries on a graph that is being published."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from ontology.terms import Names
from queries.catalogue import Catalogue

CHECKSUMS = "SHA256SUMS"
CSV_TABLES = ("recommendations", "directives", "mentions", "links", "provisions", "actors")
Row = dict[str, NamedNode | Literal]


class BuildQueries:
    """Runs the named queries of the catalogue on a store that is being published."""

    def __init__(self, store: Store, names: Names, catalogue: Catalogue) -> None:
        self.store = store
        self.names = names
        self.catalogue = catalogue

    def columns_and_rows(self, name: str) -> tuple[list[str], list[Row]]:
        """The variables of a query in order, and its rows; an unbound variable is absent from its row."""
        solutions = self.store.query(
            self.catalogue[name].text, base_iri=self.names.base.iri, use_default_graph_as_union=True
        )
        assert isinstance(solutions, QuerySolutions)
        columns = [variable.value for variable in solutions.variables]
        rows: list[Row] = []
        for solution in solutions:
            values = {column: solution[column] for column in columns}
            rows.append({name: value for name, value in values.items() if isinstance(value, NamedNode | Literal)})
        return columns, rows

    def rows(self, name: str) -> list[Row]:
        """The rows of a query."""
        return self.columns_and_rows(name)[1]
