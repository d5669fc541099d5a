"""Comunica from npm: it asks the endpoint, and it finds its way through the documents with one address to begin with."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent / "comunica"
SEARCHED = os.pathsep.join((str(Path(sys.executable).parent.parent / "node"), os.environ.get("PATH", "")))
PREFIXES = "PREFIX pal: <{base}ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "


def comunica(base: str, queries: list[str], *arguments: str) -> tuple[list[str], list[str]]:
    """What Comunica answers to each query, and the paths it asked for. Fails in words when it is not installed."""
    node = shutil.which("node", path=SEARCHED)
    if node is None:
        pytest.fail("Comunica needs Node.js 20 or newer and there is none; `make test` sets it up.")
    if not (HERE / "node_modules").is_dir():
        pytest.fail("Comunica is not installed; `make test` does it, by `npm ci` in tests/clients/comunica.")
    done = subprocess.run(
        [node, "ask.js", *arguments],
        cwd=HERE,
        input=json.dumps([PREFIXES.format(base=base) + query for query in queries]),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout), json.loads(done.stderr.splitlines()[-1])


def rows(answer: str) -> list[dict[str, str]]:
    """The bindings of SPARQL JSON results, values only."""
    found: list[dict[str, Any]] = json.loads(answer)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]


def test_comunica_gets_rows_a_truth_value_and_a_graph_from_the_endpoint(live_server: str) -> None:
    queries = [
        "SELECT ?number { ?found a pal:Recommendation ; pal:number ?number } ORDER BY ?number LIMIT 2",
        "ASK { ?found a pal:Recommendation }",
        f"CONSTRUCT {{ ?a rdfs:label ?label }} {{ BIND(<{live_server}id/actor/unodc> AS ?a) ?a rdfs:label ?label }}",
    ]
    (numbers, truth, graph), _ = comunica(live_server, queries, "endpoint", f"{live_server}sparql")
    assert rows(numbers) == [{"number": "5"}, {"number": "6"}]
    assert json.loads(truth)["boolean"] is True
    assert f"<{live_server}id/actor/unodc>" in graph
    assert '"United Nations Office on Drugs and Crime' in graph or '"UNODC"@en' in graph


def test_comunica_follows_links_from_a_recommendation_to_the_article_it_cites(live_server: str) -> None:
    """Recommendation 24 names "article 16, paragraph 5, of the Smuggling of Migrants Protocol"; that the paragraph is
    part of article 16 is said in another document than the recommendation's."""
    start, article = "document/som-wg-2015/paragraph/24", "instrument/smuggling-protocol/article/16"
    query = (
        "SELECT DISTINCT ?cited ?name { <%s> pal:cites ?cited . ?cited pal:partOf ?whole . ?whole rdfs:label ?name }"
    )
    paths = [f"/{kind}/{name}" for kind in ("id", "doc") for name in (start, article)]
    begin = f"{live_server}id/{start}"
    (answer,), asked = comunica(live_server, [query % begin], "traverse", begin, *paths, "/context.jsonld")
    expected = {"cited": f"{live_server}id/{article}/paragraph/5", "name": "Article 16, Smuggling of Migrants Protocol"}
    assert rows(answer) == [expected]
    assert f"/id/{article}/paragraph/5" in asked
