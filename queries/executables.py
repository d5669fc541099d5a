"""The public questions as SHACL executables, so that tools which look for examples in the graph itself find them.

A question has rows, so it is a ``sh:SPARQLSelectExecutable`` at the IRI of its page, ``<queries/NAME>``, with the
query as anybody can run it, the question in words, and the endpoint it is for: SHACL Advanced Features §5, and the
``schema:target`` that query editors look for. What varies is a ``sh:Parameter`` at ``<queries/NAME#variable>``, whose
``sh:path`` is that IRI itself, since its local name names the variable (SHACL Advanced Features §6.1).
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from ontology.namespaces import Base
from ontology.terms import Names, english, integer, term
from queries.catalogue import Catalogue, Parameter, Query, bind

_DATATYPES = {"integer": "xsd:integer", "string": "xsd:string"}


def defaults(query: Query, base: Base) -> dict[str, NamedNode | Literal]:
    """The default values of the parameters that have one, as terms."""
    return {
        parameter.name: parameter.term(parameter.default, base)
        for parameter in query.parameters
        if parameter.default is not None
    }


def executables(base: Base, catalogue: Catalogue) -> Iterator[Triple]:
    """The description of every public question, and of the prefixes they use."""
    names = Names(base)
    prefixes, endpoint = names.node("queries#prefixes"), names.node("sparql")
    yield Triple(endpoint, term("rdfs:label"), english("The SPARQL endpoint"))
    yield Triple(prefixes, term("rdfs:label"), english("The prefixes of the questions"))
    for prefix, namespace in sorted(base.prefixes().items()):
        node = names.node(f"queries#prefix-{prefix}")
        yield Triple(prefixes, term("sh:declare"), node)
        yield Triple(node, term("rdf:type"), term("sh:PrefixDeclaration"))
        yield Triple(node, term("rdfs:label"), english(f"The prefix {prefix}:"))
        yield Triple(node, term("sh:prefix"), Literal(prefix))
        yield Triple(node, term("sh:namespace"), Literal(namespace, datatype=term("xsd:anyURI")))
    for query in catalogue.folder("questions"):
        yield from _executable(query, names, prefixes, endpoint)


def _executable(query: Query, names: Names, prefixes: NamedNode, endpoint: NamedNode) -> Iterator[Triple]:
    node = names.node(f"queries/{query.name}")
    yield Triple(node, term("rdf:type"), term("sh:SPARQLExecutable"))
    yield Triple(node, term("rdf:type"), term("sh:SPARQLSelectExecutable"))
    yield Triple(node, term("rdfs:label"), english(query.title))
    yield Triple(node, term("rdfs:comment"), english(query.question))
    yield Triple(node, term("dcterms:description"), english(f"A row is {query.row}."))
    yield Triple(node, term("schema:keywords"), english(query.fields["theme"]))
    yield Triple(node, term("schema:target"), endpoint)
    yield Triple(node, term("sh:prefixes"), prefixes)
    yield Triple(node, term("sh:select"), Literal(bind(query.absolute(names.base), defaults(query, names.base))))
    for order, parameter in enumerate(query.parameters, start=1):
        variable = NamedNode(f"{node.value}#{parameter.name}")
        yield Triple(node, term("sh:parameter"), variable)
        yield from _parameter(variable, parameter, order, names)


def _parameter(node: NamedNode, parameter: Parameter, order: int, names: Names) -> Iterator[Triple]:
    yield Triple(node, term("rdf:type"), term("sh:Parameter"))
    yield Triple(node, term("rdfs:label"), english(parameter.label))
    yield Triple(node, term("sh:name"), english(parameter.label))
    yield Triple(node, term("sh:path"), node)
    yield Triple(node, term("sh:order"), integer(order))
    if parameter.kind == "iri":
        yield Triple(node, term("sh:nodeKind"), term("sh:IRI"))
    else:
        yield Triple(node, term("sh:datatype"), term(_DATATYPES[parameter.kind]))
    if parameter.default is not None:
        yield Triple(node, term("sh:defaultValue"), parameter.term(parameter.default, names.base))
