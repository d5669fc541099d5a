"""Look-ups: visitors' queries whose form bounds their cost, answered in the server process from the store that is open
for our own, when it is in memory.

A look-up is a SELECT of variables and constants over one triple pattern whose subject is
a constant, and nothing else: all values of one property of a thing, or all its properties. It is bounded because

- it is one range of the store's index, read in its order: there is no second pattern to join it with, and no filter,
  path, order, aggregate, DISTINCT, OFFSET or GRAPH, so that whatever is read gives a row;
- therefore reading ends with the row, or the byte, that is one too many here, and a worker answers instead: a subject
  with a million statements costs as much as one with `ROWS`;
- its text has one form, without nesting and without calls, so that the engine's parser has nothing to die of.

Of most of them the statements are found without that parser, which takes ten times as long as finding them: IRIs are
whole, columns are variables of the pattern and small integers.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import cast

from pyoxigraph import NamedNode, QuerySolutions, Store

from ontology.namespaces import WELL_KNOWN
from server.sparql.gate import COLUMN, PREFIX, LookUp
from server.sparql.serializing import PARTWISE, Overflow, Reply, json_row, json_table, json_term, write_results

ROWS, SIZE = 100, 1 << 16
"""The most rows, and bytes, of a result that is made here."""
_PREFIXES, _COLUMNS = (re.compile(each, re.IGNORECASE | re.ASCII) for each in (PREFIX, COLUMN))
_TYPE = NamedNode(WELL_KNOWN["rdf"] + "type")
_INTEGER = WELL_KNOWN["xsd"] + "integer"


def looked_up(text: str, look_up: LookUp, form: str, store: Store, base: str) -> Reply | None:
    """The reply to a look-up, as a worker gives it; None where a worker has to find it, or to say what is wrong."""
    if form not in PARTWISE:
        return None
    started = time.perf_counter()
    try:
        found = found_without_parser(look_up, store) if form == "json" else None
        if found is None:
            rows = cast(QuerySolutions, store.query(text, base_iri=base, use_default_graph_as_union=True))
            found = write_results(rows, form, ROWS, SIZE)
    except (Overflow, SyntaxError, ValueError, OSError, RuntimeError):
        return None
    head, body = found
    head["seconds"] = time.perf_counter() - started
    return head, body


def found_without_parser(look_up: LookUp, store: Store) -> Reply | None:
    """What a look-up finds, in JSON as the engine writes it; None where the engine has to be asked. Raises `Overflow`,
    and `ValueError` for an IRI that is none."""
    prefixes, columns, pattern = _prefixes(look_up.prologue), _COLUMNS.findall(look_up.columns), look_up[2:]
    if prefixes is None or not columns or any(term[0] == "<" and "://" not in term for term in pattern):
        return None
    if any(value and not value.isdigit() for value, _, _ in columns):
        return None
    variables = {term[1:]: place for place, term in enumerate(pattern) if term[0] == "?"}
    shown = {named or variable: number for number, named, variable in columns}
    if len(shown) < len(columns) or any(map(shown.get, variables)):
        return None
    values = [(name, _number(value) if value else "", variables.get(name)) for name, value in shown.items()]
    rows: list[str] = []
    size = 0
    subject, predicate, value_of = (_node(term, prefixes) for term in pattern)
    for quad in store.quads_for_pattern(subject, predicate, value_of, None):
        row = json_row((name, value or json_term(quad[place])) for name, value, place in values if value or place)
        size += len(row)
        if len(rows) == ROWS or size > SIZE:
            raise Overflow("rows")
        rows.append(row)
    body = json_table(shown, rows)
    if len(body) > SIZE:
        raise Overflow("bytes")
    return {"outcome": "ok", "rows": len(rows)}, body


@lru_cache(maxsize=64)
def _prefixes(prologue: str) -> dict[str, str] | None:
    """The IRIs of prefixes by name; None where one is relative. Raises `ValueError` for one that is none."""
    declared = _PREFIXES.findall(prologue)
    if not all("://" in iri for _, iri in declared):
        return None
    return {name: NamedNode(iri[1:-1]).value for name, iri in declared}


def _node(term: str, prefixes: Mapping[str, str]) -> NamedNode | None:
    """A term of the pattern; None for a variable. Raises `ValueError` for what is no IRI and has no declared prefix."""
    if term[0] == "?":
        return None
    if term[0] == "<":
        return NamedNode(term[1:-1])
    if term == "a":
        return _TYPE
    prefix, _, local = term.partition(":")
    if prefix not in prefixes:
        raise ValueError(prefix)
    return NamedNode(prefixes[prefix] + local)


def _number(digits: str) -> str:
    return f'{{"type":"literal","value":"{digits}","datatype":"{_INTEGER}"}}'
