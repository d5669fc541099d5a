"""Where in its source a node of the graph was read from, for the person who has to mend the source."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from ontology.terms import Names, term

DEEPEST = 12
"""How many steps lead from evidence to its document at most; a graph that is being judged may have circles."""


def place_in_source(store: Store, node: NamedNode | BlankNode, names: Names) -> str:
    """The file and first line of a node, ``som-wg-2015.md, line 190``; empty for what was read from no source.

    Leads from a finding to what it cuts, and from a part to its whole, until there is a document with a file.
    """
    onwards = (term("oa:hasTarget"), term("oa:hasSource"), names.pal("partOf"))
    line = ""
    for _ in range(DEEPEST):
        line = line or _words(store, node, names.pal("sourceFirstLine"))
        if file := _words(store, node, names.pal("sourceFile")):
            return f"{file}, line {line}" if line else file
        further = next((found for by in onwards if (found := _node(store, node, by)) is not None), None)
        if further is None:
            return ""
        node = further
    return ""


def _words(store: Store, node: NamedNode | BlankNode, by: NamedNode) -> str:
    found = [quad.object for quad in store.quads_for_pattern(node, by, None, None)]
    return min((value.value for value in found if isinstance(value, Literal)), default="")


def _node(store: Store, node: NamedNode | BlankNode, by: NamedNode) -> NamedNode | BlankNode | None:
    found = [quad.object for quad in store.quads_for_pattern(node, by, None, None)]
    return min((value for value in found if isinstance(value, NamedNode | BlankNode)), key=str, default=None)
