"""The description of the endpoint (SPARQL 1.1 Service Description): what it does, and nothing it does not.

All nodes have IRIs, fragments of the endpoint's own address.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from ontology.formats import GRAPHS, TABLES
from ontology.namespaces import CATALOGUE_IRIS, Base
from ontology.terms import english, term

PATH = "sparql"
LABEL = "SPARQL endpoint of Palermo"
UNION = "The default graph is the union of all named graphs."


def describe_service(base: Base, graphs: Sequence[NamedNode]) -> list[Triple]:
    """The service description for a base and its published named graphs."""
    return list(_statements(base, graphs))


def _statements(base: Base, graphs: Sequence[NamedNode]) -> Iterator[Triple]:
    endpoint = NamedNode(base.iri + PATH)

    def part(name: str) -> NamedNode:
        return NamedNode(f"{endpoint.value}#{name}")

    service, dataset, default = part("service"), part("dataset"), part("default-graph")
    type_ = term("rdf:type")
    yield Triple(service, type_, term("sd:Service"))
    yield Triple(service, term("rdfs:label"), english(LABEL))
    yield Triple(service, term("sd:endpoint"), endpoint)
    yield Triple(service, term("sd:supportedLanguage"), term("sd:SPARQL11Query"))
    yield Triple(service, term("sd:feature"), term("sd:UnionDefaultGraph"))
    for known in (*TABLES, *GRAPHS):
        yield Triple(service, term("sd:resultFormat"), NamedNode(CATALOGUE_IRIS["formats"] + known.w3c))
    yield Triple(service, term("sd:defaultDataset"), dataset)
    yield Triple(service, term("sd:availableGraphs"), part("graphs"))
    yield Triple(dataset, type_, term("sd:Dataset"))
    yield Triple(dataset, term("sd:defaultGraph"), default)
    yield Triple(default, type_, term("sd:Graph"))
    yield Triple(default, term("rdfs:comment"), english(UNION))
    yield Triple(part("graphs"), type_, term("sd:GraphCollection"))
    for graph in graphs:
        named = part("graph-" + graph.value.removeprefix(base.iri).removeprefix("graph/").replace("/", "-"))
        yield Triple(dataset, term("sd:namedGraph"), named)
        yield Triple(part("graphs"), term("sd:namedGraph"), named)
        yield Triple(named, type_, term("sd:NamedGraph"))
        yield Triple(named, term("sd:name"), graph)
        yield Triple(named, term("sd:graph"), part(named.value.partition("#")[2] + "-content"))
        yield Triple(part(named.value.partition("#")[2] + "-content"), type_, term("sd:Graph"))
        yield Triple(named, term("rdfs:label"), Literal(graph.value.removeprefix(base.iri)))
