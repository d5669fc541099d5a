"""Look-ups: visitors' queries whose form bounds their cost, answered in the server process from the store that is open
for our own.

A look-up is a SELECT over one triple pattern whose subject is a constant, and nothing else::

    SELECT ?label { <…/id/document/som-wg-2015/paragraph/24> rdfs:label ?label }
    PREFIX rec: <…> SELECT ?property ?value (1 AS ?n) WHERE { rec:24 ?property ?value . }

It is bounded because

- it is one range of the store's index, read in its order: there is no second pattern to join it with, and no filter,
  path, order, aggregate, DISTINCT, OFFSET or GRAPH, so that whatever is read gives a row;
- therefore reading ends with the row, or the byte, that is one too many here, and a worker answers instead: a subject
  with a million statements costs as much as one with `ROWS`;
- its text has one form, without nesting and without calls, so that the engine's parser has nothing to die of.

Two variables of one name, two patterns (a product), a comment and an escape are no look-up; neither is what the gate
rewrites, nor a query that names its graphs.
"""

from __future__ import annotations

import re
import time
from typing import cast

from pyoxigraph import QuerySolutions, Store

from server.sparql.serializing import PARTWISE, Overflow, Reply, write_results

ROWS, SIZE = 100, 1 << 16
"""The most rows, and bytes, of a result that is made here."""
_NAME = r"[A-Za-z][\w-]*:[\w-]+"
_NODE = rf"(?:\x01|{_NAME})"
_LOOK_UP = re.compile(
    rf"""
    (?: \s* PREFIX \s+ (?:[A-Za-z][\w-]*)? : \s* \x01 )*
    \s* SELECT (?: \s+ \* | (?: \s+ \?\w+ | \s* \( \s* [0\x02] \s+ AS \s+ \?\w+ \s* \) )+ )
    \s* (?: WHERE \s* )? \{{
    \s* {_NODE} \s+ (?: a | {_NODE} | \?(?P<property>\w+) )
    \s+ (?: {_NODE} | (?(property)(?!\?(?P=property)\b))\?\w+ ) \s* \.? \s* \}} \s*
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


def is_look_up(template: str) -> bool:
    """Whether a text is a look-up, by its template (`queries.scanner.template`)."""
    return _LOOK_UP.fullmatch(template) is not None


def looked_up(text: str, form: str, store: Store, base: str) -> Reply | None:
    """The reply to a look-up, as a worker gives it; None where a worker has to find it, or to say what is wrong."""
    if form not in PARTWISE:
        return None
    started = time.perf_counter()
    try:
        rows = cast(QuerySolutions, store.query(text, base_iri=base, use_default_graph_as_union=True))
        head, body = write_results(rows, form, ROWS, SIZE)
    except (Overflow, SyntaxError, ValueError, OSError, RuntimeError):
        return None
    return head | {"seconds": time.perf_counter() - started}, body
