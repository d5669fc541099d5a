"""Describes the endpoint in RDF (SPARQL 1.1 Service Description): the features that it has.

All nodes have IRIs, fragments of the endpoint's own address.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from ontology.formats import GRAPHS, TABLES
from ontology.namespaces import CATALOGUE_IRIS, Base
from ontology.terms import english, term
from server.settings import Settings
from server.sparql.outcomes import Limits

PATH = "sparql"
LABEL = "SPARQL endpoint of Palermo"
UNION = "The default graph is the union of all named graphs."


DIFFERENCES = (
    "Numbers, texts, dates and other values in one column are sorted kind by kind.",
    "GROUP_CONCAT joins the texts of numbers and IRIs, too; of equal texts DISTINCT leaves one.",
    "GRAPH with a variable around a subquery, VALUES, MINUS or another GRAPH is asked graph by graph, and refused "
    "where there are over 30 graphs.",
    "Alternatives in a path, (p|q), in or beside a list or [] are refused where it matters how often a row comes.",
    "Sums and products of whole numbers are worked out in 64 bits; what is larger is an error.",
    "A regular expression looks neither around nor back (\\1); a constant one that does, or is none, is refused.",
    "Numbers have their shortest form: STR(1.10) is 1.1.",
    "HAVING does not know the names that SELECT gives, as SPARQL has it; other engines do.",
    "The dumps and the counts of VoID are without graph/catalogue, which describes them; the endpoint has it.",
)
"""What a user of other engines would stumble over."""


def limits_in_words(settings: Settings) -> tuple[str, ...]:
    """The limits of a query and what this engine does differently, a sentence each."""
    return (
        f"A query has at most {settings.query_text_bytes:,} bytes by POST, an address {settings.target_bytes:,}.",
        f"Brackets nest up to {settings.query_nesting} deep, and there are at most {Limits().operators:,} operators, "
        "the signs of numbers not among them.",
        f"A result has at most {settings.result_rows:,} rows and {settings.result_bytes:,} bytes; more is refused, not "
        f"cut. A page shows {settings.table_rows:,} rows and says when there are more.",
        f"A query is ended after {settings.query_deadline_seconds:g} seconds or at "
        f"{settings.query_memory_bytes // 1_000_000:,} MB of memory.",
        f"One address has {settings.client_queries} queries at once, one of them long; what is beyond waits a few "
        "seconds, and then it is told when to come back."
        if settings.client_queries
        else "Queries of one address are not limited in number.",
        "Other servers are not asked (SERVICE), and nothing is changed (SPARQL Update).",
        *DIFFERENCES,
    )


def describe_service(base: Base, graphs: Sequence[NamedNode], limits: Iterable[str] = ()) -> list[Triple]:
    """The service description for a base and its published named graphs, with the limits in words."""
    service = NamedNode(f"{base.iri}{PATH}#service")
    said = (Triple(service, term("rdfs:comment"), english(sentence)) for sentence in limits)
    return [*_statements(base, graphs), *said]


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
