"""The service on real worker processes: results, limits, isolation, and what becomes of a query that nobody wants."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from queries.prologue import Graphs
from server.sparql.outcomes import (
    EngineFault,
    QueryFailed,
    QueryMalformed,
    QueryOutOfMemory,
    QueryRefused,
    QueryTooSlow,
    ResultTooLarge,
    WorkersAway,
)
from server.sparql.processes import Dataset
from server.sparql.serializing import Result
from server.sparql.service import Question
from tests.server.sparql.conftest import BASE, GRAPHS, THINGS, Service, Serving

pytestmark = pytest.mark.anyio

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
_LONGER = "'.', '" + "0123456789" * 4 + "')"
HUNGRY = f"SELECT ({'REPLACE(' * 6}'a', {', '.join([_LONGER] * 6)} AS ?long) {{}}"
"""A text that grows forty times as long six times: it wants gigabytes within a blink of processor time."""


async def ask(at: Service, text: str, form: str = "json", client: str = "me", graphs: Graphs | None = None) -> Result:
    question = Question(await at.service.check(text, at.dataset, graphs), form)
    return await at.service.answer(question, at.dataset, client)


def values(result: Result, name: str) -> list[str]:
    return [row[name]["value"] for row in json.loads(result.body)["results"]["bindings"]]


def thing(number: int) -> str:
    return f"<id/thing/{number}>"


async def test_a_query_is_answered_on_the_base_of_the_build_over_all_graphs(serving: Serving) -> None:
    async with serving() as at:
        result = await ask(at, f"PREFIX pal: <ontology#> SELECT ?l {{ {thing(7)} pal:label ?l }}")
        assert values(result, "l") == ["Thing 7"]
        assert result.rows == 1
        counted = await ask(at, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
        assert values(counted, "n") == [str(3 * THINGS)]
        assert at.reported == ["ok", "ok"]


async def test_graphs_of_the_protocol_are_the_data_set(serving: Serving) -> None:
    count, named = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    async with serving() as at:
        assert values(await ask(at, count, graphs=(GRAPHS[1:], ())), "n") == ["300"]
        assert values(await ask(at, count, graphs=(GRAPHS, ())), "n") == ["900"]
        assert values(await ask(at, named, graphs=(GRAPHS[:1], ())), "n") == ["0"]
        assert values(await ask(at, count, graphs=((), GRAPHS[:1])), "n") == ["0"]
        assert values(await ask(at, named, graphs=((), GRAPHS[:1])), "n") == ["600"]
        assert values(await ask(at, named), "n") == ["900"]
        assert values(await ask(at, f"SELECT (COUNT(*) AS ?n) FROM <{GRAPHS[0]}> {{ ?s ?p ?o }}"), "n") == ["600"]
        assert values(
            await ask(at, f"SELECT (COUNT(*) AS ?n) FROM <{GRAPHS[0]}> {{ ?s ?p ?o }}", graphs=(GRAPHS[1:], ())), "n"
        ) == ["300"]
        with pytest.raises(QueryRefused, match="no graph"):
            await ask(at, count, graphs=(("http://elsewhere.test/",), ()))


async def test_the_four_endings_without_rows_are_four_different_answers(serving: Serving) -> None:
    async with serving(deadline=0.6, slow_after=0.1) as at:
        assert (await ask(at, "SELECT ?s { ?s <nothing> ?o }")).rows == 0
        assert json.loads((await ask(at, "ASK { ?s <nothing> ?o }")).body)["boolean"] is False
        with pytest.raises(QueryTooSlow, match="not an empty result"):
            await ask(at, RUNAWAY)
        with pytest.raises(QueryMalformed, match="an object is expected"):
            await ask(at, "SELECT * { ?s ?p }")
        assert (await ask(at, "ASK {}")).rows == 1
        assert at.reported == ["ok", "ok", "timeout", "syntax", "ok"]


async def test_a_slow_query_is_logged_with_who_asked_what_and_how_it_ended(
    serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "palermo.queries")
    async with serving(deadline=0.5, slow_after=0.1) as at:
        await ask(at, "ASK {}", client="192.0.2.1")
        with pytest.raises(QueryTooSlow):
            await ask(at, RUNAWAY, client="192.0.2.2")
    (told,) = (vars(record) for record in caplog.records if record.getMessage() == "slow query")
    assert (told["client"], told["outcome"], told["query"]) == ("192.0.2.2", "timeout", RUNAWAY)
    assert told["hash"] == hashlib.sha256(RUNAWAY.encode()).hexdigest()[:16]
    assert told["milliseconds"] >= 500


async def test_a_hungry_query_meets_the_memory_ceiling(serving: Serving) -> None:
    async with serving(memory=150_000_000, deadline=30.0, size=1_000_000_000, rows=1_000_000_000) as at:
        with pytest.raises(QueryOutOfMemory, match="150 MB"):
            await ask(at, HUNGRY)
        assert (await ask(at, "ASK {}")).rows == 1
        assert at.reported == ["memory", "ok"]


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
async def test_results_over_a_limit_are_errors_and_never_cut(serving: Serving, form: str) -> None:
    everything = "SELECT * { ?s ?p ?o }"
    async with serving(rows=899) as at:
        with pytest.raises(ResultTooLarge, match="899 rows") as error:
            await ask(at, everything, form)
        assert "LIMIT" in error.value.detail
        assert "/data" in error.value.detail
        assert (await ask(at, everything + " LIMIT 899", form)).rows == 899
        assert at.reported == ["too-large", "ok"]
    async with serving(size=10_000) as at:
        with pytest.raises(ResultTooLarge, match="10,000 bytes"):
            await ask(at, everything, form)


@pytest.mark.parametrize("form", ["turtle", "ntriples", "rdfxml", "jsonld"])
async def test_graphs_over_a_limit_are_errors_and_never_cut(serving: Serving, form: str) -> None:
    async with serving(rows=100) as at:
        with pytest.raises(ResultTooLarge, match="100 rows"):
            await ask(at, "CONSTRUCT WHERE { ?s ?p ?o }", form)
        assert (await ask(at, "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 100", form)).rows == 100
    async with serving(size=1_000) as at:
        with pytest.raises(ResultTooLarge, match="1,000 bytes"):
            await ask(at, "CONSTRUCT WHERE { ?s ?p ?o }", form)


async def test_a_table_for_a_page_may_be_cut_and_says_so(serving: Serving) -> None:
    async with serving(table_rows=10) as at:
        table = await ask(at, "SELECT ?s ?p { ?s ?p ?o }", "html")
        assert (table.head, table.rows, table.truncated) == (("s", "p"), 10, True)
        table = await ask(at, f"DESCRIBE {thing(3)}", "html")
        assert (table.head, table.rows, table.truncated) == (("subject", "predicate", "object"), 3, False)
        assert (await ask(at, "ASK {}", "html")).boolean is True


async def test_a_volatile_query_has_another_result_each_time(serving: Serving) -> None:
    async with serving() as at:
        asked = [ask(at, "SELECT (STRUUID() AS ?u) {}") for _ in range(2)]
        first, second = await asyncio.gather(*asked)
        assert first.body != second.body


async def test_identical_queries_at_once_are_one_run(serving: Serving) -> None:
    async with serving() as at:
        results = await asyncio.gather(*(ask(at, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }") for _ in range(30)))
        assert {values(result, "n")[0] for result in results} == {str((3 * THINGS) ** 2)}
        assert at.reported == ["ok"]


async def test_a_run_that_nobody_waits_for_frees_its_worker(serving: Serving) -> None:
    async with serving(workers=1, slow_places=1, deadline=30.0) as at:
        waiting = [asyncio.create_task(ask(at, RUNAWAY)) for _ in range(2)]
        await asyncio.sleep(0.1)
        waiting[0].cancel()
        await asyncio.sleep(0.05)
        assert at.reported == []
        waiting[1].cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert (await asyncio.wait_for(ask(at, "ASK {}"), 20.0)).rows == 1
        assert at.reported == ["gone", "ok"]


async def test_two_long_queries_of_one_client_both_have_their_result(serving: Serving) -> None:
    """Each runs longer than a fast place is for, and the client may have one long query: the other waits for it."""
    long = "SELECT (COUNT(*) AS ?n) { { SELECT * { ?a ?b ?c } LIMIT 100 } ?d ?e ?f FILTER(STRLEN(STR(?f)) > %d) }"
    async with serving(workers=4, slow_places=2, slow_after=0.01, deadline=60.0, waiting_seconds=60.0) as at:
        results = await asyncio.gather(*(ask(at, long % -number) for number in range(1, 3)))
        assert {values(result, "n")[0] for result in results} == {str(100 * 3 * THINGS)}
        assert at.reported == ["ok", "ok"]


async def test_an_unknown_function_is_an_error_and_no_crash(serving: Serving) -> None:
    async with serving() as at:
        with pytest.raises(QueryFailed, match="http://x/f"):
            await ask(at, "SELECT (<http://x/f>(1) AS ?y) {}")


DEEP = [
    "ASK { FILTER(" + "(" * 98 + "1" + ")" * 98 + ") }",
    "ASK { FILTER(" + "!" * 999 + "1) }",
    "ASK { FILTER(" + "+".join(["1"] * 1_000) + ") }",
    "ASK { ?s " + "|".join(["<p>"] * 1_000) + " ?o }",
    "SELECT * " + "{ ?s ?p ?o OPTIONAL " * 49 + "{}" + "}" * 49,
    "ASK { " + "{ SELECT * " * 49 + "{}" + "}" * 49 + " }",
    "ASK { " + "BIND(1 AS ?x)" * 3_000 + " }",
    "ASK { " + " ".join(f"BIND({n} AS ?x{n})" for n in range(3_000)) + " }",
    "ASK { " + "MINUS{?s?p?o}" * 4_000 + " }",
    "ASK { ?s ?p " + ",".join("1" * 20_000) + " }",
    "ASK { ?s ?p (" + " 1" * 20_000 + ") }",
    "ASK { ?s " + "(" * 98 + "<p>" + ")*" * 98 + " ?o }",
    "ASK { ?s " + "/".join(["<p>"] * 1_000) + " ?o }",
]


@pytest.mark.parametrize("text", DEEP)
async def test_queries_that_are_hard_to_plan_end_and_the_service_goes_on(serving: Serving, text: str) -> None:
    async with serving(deadline=0.5, slow_after=0.2) as at:
        with contextlib.suppress(QueryMalformed, QueryTooSlow, QueryOutOfMemory):
            await ask(at, text)
        assert (await ask(at, "ASK {}")).rows == 1


async def test_queries_that_cannot_be_run_are_refused_with_the_time_to_come_back(
    serving: Serving, store_path: Path, tmp_path: Path
) -> None:
    """A snapshot whose store is away: no worker starts on it, which is told in time; on the other all goes on."""
    prefixes = tuple(BASE.prefixes().items())
    gone = Dataset(tmp_path / "gone", BASE.iri, prefixes, version="gone", graphs=frozenset(GRAPHS))
    async with serving(deadline=3.0) as at:
        question = Question(await at.service.check("ASK {}", gone), "json")
        with pytest.raises(WorkersAway) as refused:
            await asyncio.wait_for(at.service.answer(question, gone, "me"), 6.0)
        assert dict(refused.value.headers)["Retry-After"] == "5"
        assert at.reported == ["unavailable"]
        assert "gone" in at.service.pool.problem
        shutil.copytree(store_path, tmp_path / "gone")
        assert (await at.service.answer(question, gone, "me")).rows == 1
        assert at.service.pool.problem == ""


async def test_the_fault_of_an_engine_is_told_from_a_lack_of_memory(
    serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    """Numbers beside texts in one ORDER BY make pyoxigraph 0.5.13 abort: its order is none."""
    values = [form % number for number in range(200) for form in ("%d", "'%d'")]
    mixed = " ".join(Random(2).sample(values, len(values)))
    async with serving() as at:
        with pytest.raises(EngineFault, match=r"ORDER BY STR\(\?name\)"):
            await ask(at, f"SELECT ?x {{ VALUES ?x {{ {mixed} }} }} ORDER BY COALESCE(?x)")
        assert at.reported == ["engine"]
        assert "total order" in caplog.text or any("total order" in str(vars(each)) for each in caplog.records)


async def test_the_service_moves_to_a_new_data_set_and_still_answers_on_the_old(serving: Serving) -> None:
    async with serving() as at:
        old = at.dataset
        fresh = replace(old, base="http://other.test/", version="v2")
        await at.service.move_to(fresh)
        question = Question(await at.service.check("SELECT (IRI('x') AS ?base) {}", fresh), "json")
        assert values(await at.service.answer(question, fresh, "me"), "base") == ["http://other.test/x"]
        assert values(await ask(at, "SELECT (IRI('x') AS ?base) {}"), "base") == [BASE.iri + "x"]
