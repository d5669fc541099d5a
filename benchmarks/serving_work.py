"""What is asked: the same things of every server, as far as it has them.

Queries that are asked anew have another number in every request, so that no cache of answers helps. A page that has
another number is the same page, which is kept: computed pages and resources are asked of a server that keeps none.
"""

from __future__ import annotations

import urllib.request
from urllib.parse import quote

from benchmarks.serving_load import Load

PAGE = "/doc/document/som-wg-2015/paragraph/24"
TURTLE = PAGE + ".ttl"
NUMBERS = range(5, 93)
KINDS = (
    "/doc/document/som-wg-2015/paragraph/24",
    "/doc/instrument/smuggling-protocol/article/16",
    "/doc/actor/unodc",
    "/doc/theme/return",
    "/themes",
    "/search?q=witness",
    "/queries/what-is-unodc-asked",
    "/",
)
"""A page of each kind: a recommendation, an article, an actor, a theme, a list, a search, a question and the home page,
at addresses that the earlier commit has too."""
HTML = {"Accept": "text/html"}
RDF = {"Accept": "text/turtle"}
JSON = {"Accept": "application/sparql-results+json"}


def queries(base: str) -> dict[str, tuple[str, ...]]:
    """Queries by name, with ``{n}`` where a number makes each one new."""
    prefixes = f"PREFIX pal: <{base}ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    paragraph = f"{base}id/document/som-wg-2015/paragraph/"
    look_up = prefixes + "SELECT ?label ({n} AS ?n) { <%s%d> rdfs:label ?label }"
    join = (
        "SELECT ?r ?text ?label ({n} AS ?n) "
        "{ ?r a pal:Recommendation ; pal:text ?text ; pal:theme ?theme . ?theme rdfs:label ?label }"
    )
    count = (
        "SELECT ?theme (COUNT(DISTINCT ?r) AS ?c) ({n} AS ?n) "
        "{ ?r a pal:Recommendation ; pal:theme ?theme } GROUP BY ?theme"
    )
    return {
        "look-up": tuple(look_up % (paragraph, number) for number in NUMBERS),
        "join of 100 rows": (prefixes + join + " LIMIT 100",),
        "aggregate": (prefixes + count,),
        "query, repeated": (prefixes + join + " LIMIT 100",),
    }


def _asked(base: str, path: str) -> dict[str, Load]:
    made: dict[str, Load] = {}
    for name, texts in queries(base).items():
        number = "1" if name == "query, repeated" else "{n}"
        paths = (quote(text.replace("{n}", "\x00")).replace("%00", number) for text in texts)
        made[name] = Load(tuple(f"{path}?query={encoded}" for encoded in paths), JSON)
    return made


def ours(base: str, address: str) -> dict[str, Load]:
    """What is asked of our server at an address, for a base."""
    tag = _tag(address + TURTLE)
    return {
        "page": Load((PAGE,), HTML),
        "resource in Turtle": Load((TURTLE,), RDF),
        "304": Load((TURTLE,), RDF | {"If-None-Match": tag}),
        **_asked(base, "/sparql"),
    }


def computed() -> dict[str, Load]:
    """What is asked of our server when it keeps no page, so that each is made anew."""
    resources = tuple(f"/doc/document/som-wg-2015/paragraph/{number}.ttl" for number in NUMBERS)
    return {"page, computed": Load(KINDS, HTML), "resource, computed": Load(resources, RDF)}


def theirs(base: str, path: str) -> dict[str, Load]:
    """The queries, of another server whose endpoint is at a path."""
    return _asked(base, path)


def constants(what: str, path: str, _address: str = "") -> dict[str, Load]:
    """One body, of the size of ``what``."""
    return {what: Load((path,), HTML)}


def _tag(address: str) -> str:
    asked = urllib.request.Request(address, headers={"Accept": "text/turtle"})
    with urllib.request.urlopen(asked, timeout=20) as reply:
        tag: str = reply.headers["ETag"]
        return tag
