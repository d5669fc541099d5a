"""Values for the parameters of queries that have no default, from the document of the repository."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from ontology.namespaces import Base
from queries.catalogue import Query

DOCUMENT = "id/document/som-wg-2015"
EXAMPLES = {
    "document": DOCUMENT,
    "section": f"{DOCUMENT}/section/III",
    "paragraph": f"{DOCUMENT}/paragraph/24",
    "recommendation": f"{DOCUMENT}/paragraph/24",
    "symbol": "CTOC/COP/WG.7/2015/1",
    "graph": "graph/document/som-wg-2015",
    "resource": f"{DOCUMENT}/paragraph/24",
    "thing": f"{DOCUMENT}/paragraph/24",
    "directive": f"{DOCUMENT}/paragraph/12/directive/0",
    "finding": f"{DOCUMENT}/paragraph/24/mention/355-417",
    "link": f"{DOCUMENT}/paragraph/24/link/vccr/article/36/paragraph/1/letter/b",
}


def example_values(query: Query, base: Base) -> dict[str, NamedNode | Literal]:
    """A value for each parameter of a query: its default, or else one of the document."""
    return {each.name: each.term(each.default or EXAMPLES[each.name], base) for each in query.parameters}
