"""The set-based checks: the queries of `queries/checks/`, each reporting for the shape of its name in `checks.ttl`."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store

from ontology.namespaces import Base
from queries.catalogue import FOLDER, Query, read_query
from shapes.results import Result
from shapes.rules import Rules, ShapesError

COMPONENT = "SPARQLConstraintComponent"


def read_checks() -> tuple[Query, ...]:
    """Every check query, by name. Raises `QueryFileError` for a bad header."""
    return tuple(read_query(path) for path in sorted((FOLDER / "checks").glob("*.rq")))


def check_results(store: Store, base: Base, rules: Rules) -> Iterator[Result]:
    """All breaks that the check queries find in the union of all graphs.

    Raises `ShapesError` for a query that no shape describes, that cannot be run, or whose row has no focus or message.
    """
    for query in read_checks():
        rule = rules.by_iri.get(f"{base.iri}shapes#check-{query.name}")
        if rule is None:
            raise ShapesError(f"queries/checks/{query.name}.rq: no shape <shapes#check-{query.name}> describes it.")
        try:
            rows = store.query(query.text, base_iri=base.iri, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise ShapesError(f"queries/checks/{query.name}.rq: {error}") from error
        assert isinstance(rows, QuerySolutions)
        for row in rows:
            focus, path, value, message = row["focus"], row["path"], row["value"], row["message"]
            if not isinstance(focus, NamedNode | BlankNode) or not isinstance(message, Literal):
                raise ShapesError(f"queries/checks/{query.name}.rq: a row without focus or message.")
            yield Result(
                focus,
                str(focus),
                path if isinstance(path, NamedNode) else None,
                value if isinstance(value, NamedNode | BlankNode | Literal) else None,
                rule.shape,
                rule.severity,
                message.value,
                COMPONENT,
            )
