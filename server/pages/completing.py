"""What scripts complete: names of this graph for the query editor, and first results for search fields."""

from __future__ import annotations

import json

from server.pages.index import labelled
from server.pages.search import KINDS, find
from server.pages.tables import short
from server.pages.values import text
from server.web.exchange import Exchange

SUGGESTED = 8
TYPES = {"class": "class", "property": "property"}


async def names_json(exchange: Exchange) -> str:
    """Prefixed names with their labels as completions of CodeMirror: terms of the vocabulary, then things."""
    prefixes = exchange.snapshot.prefixes
    rows = await exchange.store.select("vocabulary-terms")
    terms = {text(row, "term"): (text(row, "label"), TYPES[text(row, "kind")]) for row in rows}
    things = {iri: (label, "constant") for iri, label in labelled(exchange.snapshot.search_path)}
    found = []
    for iri, (label, kind) in (terms | things).items():
        name = short(iri, prefixes)
        if name != iri and "/" not in name:
            found.append({"label": name, "detail": label, "type": kind})
    found += [
        {"label": f"{prefix}:", "detail": namespace, "type": "namespace"} for prefix, namespace in prefixes.items()
    ]
    return json.dumps(found, ensure_ascii=False)


def suggestions(sought: str, exchange: Exchange) -> str:
    """The best results of a search: address, name and kind of each."""
    hits = find(sought, exchange, SUGGESTED, unfinished=True)[0] if sought else []
    return json.dumps(
        [{"href": hit.link.href, "label": hit.link.label, "kind": KINDS[hit.kind].removesuffix("s")} for hit in hits],
        ensure_ascii=False,
    )
