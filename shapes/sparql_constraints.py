"""Converts the checks to SPARQL-based constraints (SHACL §5), which any engine that supports them can run.

Our build asks each query of `queries/checks/` once of the whole graph. A constraint is asked of one node at a time,
``$this``, and may hold no MINUS, VALUES or subquery (§5.3.1, pre-bound variables): the same query is written so, with
alternatives for VALUES and NOT EXISTS for MINUS. Queries that group, or look into named graphs, have a second form in
`queries/portable/` that says the same of one node.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from ontology.namespaces import Base
from ontology.terms import Names, english, term
from queries.catalogue import FOLDER, read_query

_VALUES = re.compile(r"VALUES\s+(?:\((?P<several>[^)]*)\)|(?P<one>\?\w+))\s*\{(?P<rows>[^{}]*)\}")
_ROW = re.compile(r"\(([^()]*)\)")
_TERM = re.compile(r'"(?:[^"\\]|\\.)*"(?:@\w+)?|[^\s"()]+')
_SUBQUERY = re.compile(r"\{\s*SELECT DISTINCT (?:\?\w+\s*)+WHERE\s*\{")
_HEADER = re.compile(r"\A(?:#[^\n]*\n|\n)+")


def sparql_constraints(base: Base) -> Iterator[Triple]:
    """The constraint of every check, at ``<shapes#check-NAME-sparql>``, with its query."""
    names = Names(base)
    written = {path.name: path for folder in ("checks", "portable") for path in (FOLDER / folder).glob("*.rq")}
    for _, path in sorted(written.items()):
        query = read_query(path)
        shape = names.node(f"shapes#check-{query.name}")
        node = NamedNode(f"{shape.value}-sparql")
        yield Triple(shape, term("sh:sparql"), node)
        yield Triple(node, term("rdf:type"), term("sh:SPARQLConstraint"))
        yield Triple(node, term("rdfs:label"), english(f"{query.title.partition(', asked of')[0]}, as a query"))
        yield Triple(node, term("sh:select"), Literal(portable(query.absolute(base), base)))


def portable(text: str, base: Base) -> str:
    """A check as a query of one node: ``$this`` for ``?focus``, and nothing that pre-bound variables forbid."""
    text = _HEADER.sub("", text).replace("STR(<>)", f'"{base.iri}"')
    text = re.sub(r"<(id|graph|dataset)/", lambda match: f"<{base.iri}{match[1]}/", text)
    text = _VALUES.sub(_alternatives, text)
    text = _without_subqueries(re.sub(r"\bMINUS\b", "FILTER NOT EXISTS", text))
    return text.replace("?focus", "$this")


def _alternatives(match: re.Match[str]) -> str:
    """Rows of values as alternatives that bind them, in a group of their own."""
    if match["one"]:
        names, rows = [match["one"]], [[value] for value in _TERM.findall(match["rows"])]
    else:
        names = match["several"].split()
        rows = [_TERM.findall(row) for row in _ROW.findall(match["rows"])]
    groups = [
        "{ " + " ".join(f"BIND({value} AS {name})" for name, value in zip(names, row, strict=True)) + " }"
        for row in rows
    ]
    return " UNION ".join(groups)


def _without_subqueries(text: str) -> str:
    """The bodies of subqueries that only leave out repetitions, which the query itself does again."""
    while match := _SUBQUERY.search(text):
        depth, at = 1, match.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            at += 1
        end = text.index("}", at) + 1
        text = f"{text[: match.start()]}{{{text[match.end() : at - 1]}}}{text[end:]}"
    return text
