"""What the engines are asked, and how long each answer takes: look-ups of ever new things, a join, counts over all."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx2
from pyoxigraph import QuerySolutions, QueryTriples, Store

from benchmarks.serving_work import queries
from ontology.namespaces import Base
from ontology.terms import Names, term
from ontology.versions import Version
from queries.catalogue import read_catalogue
from server.store.versioned import VersionedQuery, for_version

THINGS = 20
REPEATED = 5
LONGEST = 120.0
"""Seconds after which an answer is given up."""
ROWS = "application/sparql-results+json"
TRIPLES = "application/n-triples"
Ask = Callable[[str, bool], int]
"""Sends a query, which makes triples or not; returns the size of the answer."""


@dataclass(frozen=True, slots=True)
class Timed:
    """Milliseconds of the first answer and in the median of the others; None where one was given up."""

    first: float | None
    median: float | None


def questions(base: Base, things: Sequence[str]) -> dict[str, list[tuple[str, bool]]]:
    """Texts to be asked one after the other, by what they are, each with whether it makes triples. No text comes
    twice."""
    catalogue = read_catalogue()
    numbered = queries(base.iri)
    label = "SELECT ?label { <%s> <http://www.w3.org/2000/01/rdf-schema#label> ?label }"
    statements = catalogue["resource-statements"].text
    cited = catalogue["which-provisions-are-cited"].text
    return {
        "one label": [(label % thing, False) for thing in things],
        "all that is said of a recommendation": [(_bound(statements, "resource", thing), True) for thing in things],
        "join of 100 rows": [(numbered["join of 100 rows"][0].replace("{n}", str(n)), False) for n in range(REPEATED)],
        "recommendations by theme, counted": [
            (numbered["aggregate"][0].replace("{n}", str(n)), False) for n in range(REPEATED)
        ],
        "all citations of the Protocol": [
            (f"# {n}\n" + _bound(cited, "instrument", f"{base.iri}id/instrument/smuggling-protocol"), False)
            for n in range(REPEATED)
        ],
        "all statements, counted": [
            (f"SELECT (COUNT(*) AS ?all) ({n} AS ?n) {{ ?s ?p ?o }}", False) for n in range(REPEATED)
        ],
    }


def _bound(text: str, name: str, iri: str) -> str:
    return text.replace("WHERE {", f"WHERE {{\n  VALUES ?{name} {{ <{iri}> }}", 1)


def recommendations(snapshot: Path, base: Base) -> list[str]:
    """Some recommendations, from the whole corpus."""
    store = Store.read_only(str(snapshot / "store"))
    kind = Names(base).pal("Recommendation")
    found = sorted({str(quad.subject)[1:-1] for quad in store.quads_for_pattern(None, term("rdf:type"), kind)})
    return found[:: max(1, len(found) // THINGS)][:THINGS]


def own_store(snapshot: Path, base: Base) -> Ask:
    """Asks the snapshot's own store."""
    store = Store.read_only(str(snapshot / "store"))

    def ask(text: str, _: bool) -> int:
        results = store.query(text, base_iri=base.iri, use_default_graph_as_union=True)
        return sum(1 for _ in results) if isinstance(results, QuerySolutions | QueryTriples) else 1

    return ask


def remote(endpoint: str, version: Version) -> Ask:
    """Asks an engine elsewhere, as the server does."""
    client = httpx2.Client(timeout=LONGEST)

    def ask(text: str, makes_triples: bool) -> int:
        sent: VersionedQuery = for_version(text, version, ())
        form: Mapping[str, str | list[str]] = {"query": sent.text, "default-graph-uri": list(sent.default_graphs)}
        reply = client.post(endpoint, data=form, headers={"Accept": TRIPLES if makes_triples else ROWS})
        reply.raise_for_status()
        return len(reply.content)

    return ask


def held(endpoint: str, version: Version) -> int:
    """How many statements an engine holds of a version."""
    sent = for_version("SELECT (COUNT(*) AS ?all) { ?s ?p ?o }", version, ())
    form: Mapping[str, str | list[str]] = {"query": sent.text, "default-graph-uri": list(sent.default_graphs)}
    reply = httpx2.post(endpoint, data=form, headers={"Accept": ROWS}, timeout=LONGEST)
    return int(reply.raise_for_status().json()["results"]["bindings"][0]["all"]["value"])


def timed(ask: Ask, texts: Sequence[tuple[str, bool]]) -> Timed:
    """Asks one after the other; gives up at the first that takes too long or is refused."""
    taken: list[float] = []
    for text, makes_triples in texts:
        started = time.perf_counter()
        try:
            ask(text, makes_triples)
        except httpx2.HTTPError:
            break
        taken.append(1000 * (time.perf_counter() - started))
        if taken[-1] > 1000 * LONGEST / 4:
            break
    behind = list(itertools.islice(taken, 1, None))
    return Timed(taken[0] if taken else None, statistics.median(behind) if behind else None)
