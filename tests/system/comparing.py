"""Two servers that ought to say the same: pages as words, results as rows.

Where a query does not say an order, rows may come in any; within a cell made by GROUP_CONCAT names may (SPARQL 1.1
Query §18.5.1.7), which is why such lists are compared as sets.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from starlette.testclient import TestClient

from server.pages.kinds import LISTED

PAGES = (
    "/",
    "/recommendations",
    "/recommendations?theme=return",
    "/crossref",
    "/queries",
    "/data",
    "/quality",
    "/about",
    "/shapes",
    "/ontology",
    "/search?q=return",
    "/editor",
    "/sitemap.xml",
    "/dataset",
    "/validation",
    "/graph/reference",
    "/graph/catalogue",
    "/articles",
    *(f"/{path}" for path in LISTED),
    "/crossref.csv",
    "/recommendations.csv?theme=return",
    "/recommendations.jsonld?theme=return",
    "/recommendations.ris?theme=return",
    "/cite/document/som-wg-2015/paragraph/24.bib",
    "/names.json",
    "/suggest.json?q=return",
    "/neighbours.json?of=id/actor/unodc",
    "/queries/what-is-unodc-asked.csv",
    "/openapi.json",
    "/context.jsonld",
    "/nothing-is-here",
)
"""The pages that are not about one thing, and files that are made when they are asked for."""
POPULAR = frozenset({"/doc/actor/states-parties", "/doc/agent/palermo-editors", "/doc/agent/palermo-rules"})
"""Things that more than 200 others point at. Which 200 their description as data names is an engine's choice, since
putting all in order would cost more in a larger corpus; that there are more it says in any case."""
Rows = Counter[tuple[tuple[str, tuple[str, ...]], ...]]


def _cell(value: dict[str, str]) -> tuple[str, ...]:
    """A value, lists of names and numbers in one order."""
    text = value["value"]
    parted = re.split(r"; |, ", text) if re.search(r"; |\d, \d", text) else [text]
    return (value["type"], value.get("datatype", ""), value.get("xml:lang", ""), *sorted(parted))


def rows(client: TestClient, text: str) -> Rows:
    """The rows of a visitor's query, each with how often it came."""
    answer = client.post("/sparql", data={"query": text, "format": "json"})
    assert answer.status_code == 200, answer.text
    found = answer.json()["results"]["bindings"]
    return Counter(tuple(sorted((name, _cell(value)) for name, value in row.items())) for row in found)


def words(page: str) -> Counter[str]:
    """A page's words and addresses, how often each comes; what changes with every request is left out."""
    return Counter(
        re.findall(r"[^\s<>;,]+", re.sub(r'(Request |")[0-9a-f]{8}-[0-9a-f]+|[0-9.,]+ (ms|milliseconds)', "", page))
    )


def differences(here: TestClient, there: TestClient, paths: Iterable[str]) -> dict[tuple[str, str], object]:
    """The addresses at which two servers do not say the same, with the status and some words of the second."""
    different: dict[tuple[str, str], object] = {}
    for path in dict.fromkeys(paths):
        for accept in ("text/html", "text/turtle"):
            if path in POPULAR and accept == "text/turtle":
                continue
            one, two = (which.get(path, headers={"Accept": accept}) for which in (here, there))
            if (one.status_code, words(one.text)) != (two.status_code, words(two.text)):
                missing, added = words(one.text) - words(two.text), words(two.text) - words(one.text)
                different[path, accept] = (two.status_code, list(missing)[:5], list(added)[:5])
    return different
