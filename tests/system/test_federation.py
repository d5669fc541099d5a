"""Another engine that asks this endpoint inside its own query (SPARQL 1.1 Federated Query)."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from tests.system.engines import oxigraph

pytestmark = pytest.mark.system


def test_the_oxigraph_server_joins_this_endpoint_into_its_own_query(live_server: str, tmp_path: Path) -> None:
    query = (
        f"SELECT ?n {{ VALUES ?article {{ <{live_server}id/instrument/smuggling-protocol/article/6> }} "
        f"SERVICE <{live_server}sparql> {{ ?r <{live_server}ontology#cites>/<{live_server}ontology#partOf>* ?article ; "
        f"<{live_server}ontology#number> ?n }} }} ORDER BY ?n"
    )
    with oxigraph(tmp_path) as engine:
        answer = httpx2.get(engine.sparql, params={"query": query}, headers={"Accept": "text/csv"}, timeout=60)
    assert answer.status_code == 200, answer.text
    assert answer.text.split() == ["n", "33", "33", "53"]
