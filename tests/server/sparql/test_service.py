"""The service on real worker processes: results, limits, isolation, and what becomes of a query that nobody wants."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import time
from pathlib import Path

import pytest

from server.sparql.forking import Template, template
from server.sparql.outcomes import (
    QueryBusy,
    QueryFailed,
    QueryMalformed,
    QueryRefused,
    QueryTooHungry,
    QueryTooSlow,
    ResultTooLarge,
)
from server.sparql.results import Question, Result
from server.sparql.workers import Ground, Worker, WorkerDied
from tests.server.sparql.conftest import BASE, GRAPHS, THINGS, Service, Serving

pytestmark = pytest.mark.timing

pytestmark = pytest.mark.anyio

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
HUNGRY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"


async def ask(at: Service, text: str, form: str = "json", client: str = "me", **graphs: tuple[str, ...]) -> Result:
    question = Question(at.service.judge(text, at.dataset), form, **graphs)
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
        assert values(await ask(at, count, default_graphs=GRAPHS[1:]), "n") == ["300"]
        assert values(await ask(at, count, default_graphs=GRAPHS), "n") == ["900"]
        assert values(await ask(at, named, default_graphs=GRAPHS[:1]), "n") == ["0"]
        assert values(await ask(at, count, named_graphs=GRAPHS[:1]), "n") == ["0"]
        assert values(await ask(at, named, named_graphs=GRAPHS[:1]), "n") == ["600"]
        assert values(await ask(at, named), "n") == ["900"]
        assert values(await ask(at, f"SELECT (COUNT(*) AS ?n) FROM <{GRAPHS[0]}> {{ ?s ?p ?o }}"), "n") == ["600"]
        assert values(
            await ask(at, f"SELECT (COUNT(*) AS ?n) FROM <{GRAPHS[0]}> {{ ?s ?p ?o }}", default_graphs=GRAPHS[1:]), "n"
        ) == ["300"]
        with pytest.raises(QueryRefused, match="no graph"):
            await ask(at, count, default_graphs=("http://elsewhere.test/",))


async def test_the_four_endings_without_rows_are_four_different_answers(serving: Serving) -> None:
    async with serving(deadline=0.6, slow_after=0.1) as at:
        assert (await ask(at, "SELECT ?s { ?s <nothing> ?o }")).rows == 0
        assert json.loads((await ask(at, "ASK { ?s <nothing> ?o }")).body)["boolean"] is False
        with pytest.raises(QueryTooSlow, match="not an empty result"):
            await ask(at, RUNAWAY)
        with pytest.raises(QueryMalformed, match="an object is expected"):
            await ask(at, "SELECT * { ?s ?p }")
        assert at.reported == ["ok", "ok", "timeout", "syntax"]


async def test_a_query_is_ended_at_its_deadline_and_the_next_one_is_fine(serving: Serving) -> None:
    async with serving(deadline=0.5, slow_after=0.1) as at:
        started = time.monotonic()
        with pytest.raises(QueryTooSlow):
            await ask(at, RUNAWAY)
        assert 0.4 < time.monotonic() - started < 2.0
        assert (await ask(at, "ASK {}")).rows == 1


async def test_killing_one_query_never_disturbs_another(serving: Serving) -> None:
    async with serving(deadline=0.7, slow_after=0.1, slow_places=2, workers=3) as at:
        texts = (RUNAWAY + f" # {number}\nLIMIT {number + 1}" for number in range(2))
        runaways = [asyncio.create_task(ask(at, text, client=text)) for text in texts]
        answered = 0
        while not all(task.done() for task in runaways):
            result = await ask(at, f"SELECT ?l {{ {thing(answered % THINGS)} <ontology#label> ?l }} # {answered}")
            assert values(result, "l") == [f"Thing {answered % THINGS}"]
            answered += 1
        endings = await asyncio.gather(*runaways, return_exceptions=True)
        assert {type(ending) for ending in endings} <= {QueryTooSlow, QueryBusy}
        assert answered >= 5


async def test_a_hungry_query_meets_the_memory_ceiling(serving: Serving) -> None:
    async with serving(memory=150_000_000, deadline=30.0, size=1_000_000_000, rows=1_000_000_000) as at:
        with pytest.raises(QueryTooHungry, match="150 MB"):
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
        table = await at.service.table("SELECT ?s ?p { ?s ?p ?o }", at.dataset, "me")
        assert (table.form, table.head, len(table.rows), table.truncated) == ("SELECT", ("s", "p"), 10, True)
        table = await at.service.table(f"DESCRIBE {thing(3)}", at.dataset, "me")
        assert (table.head, len(table.rows), table.truncated) == (("subject", "predicate", "object"), 3, False)
        assert (await at.service.table("ASK {}", at.dataset, "me")).boolean is True


async def test_a_repeated_query_is_answered_from_memory_and_a_volatile_one_is_not(serving: Serving) -> None:
    async with serving() as at:
        assert await ask(at, "SELECT * { ?s ?p ?o } LIMIT 1") == await ask(at, "SELECT * { ?s ?p ?o } LIMIT 1")
        assert at.reported == ["ok", "cached"]
        assert (await ask(at, "SELECT (STRUUID() AS ?u) {}")).body != (
            await ask(at, "SELECT (STRUUID() AS ?u) {}")
        ).body


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
        assert (await asyncio.wait_for(ask(at, "ASK {}"), 1.0)).rows == 1
        assert at.reported == ["gone", "ok"]


async def test_with_200_runaways_a_look_up_takes_less_than_a_second_and_refusals_come_at_once(serving: Serving) -> None:
    async with serving(workers=4, slow_places=2, deadline=4.0) as at:

        async def runaway(number: int) -> tuple[type, float]:
            started = time.monotonic()
            try:
                await ask(at, RUNAWAY.replace("COUNT(*)", f"COUNT(*) + {number}"), client=f"client {number}")
            except (QueryBusy, QueryTooSlow) as ending:
                return type(ending), time.monotonic() - started
            raise AssertionError("a runaway had a result")

        await asyncio.sleep(1.0)  # Until all workers have started.
        flood = [asyncio.create_task(runaway(number)) for number in range(200)]
        delays = []
        for number in range(15):
            await asyncio.sleep(0.1)
            started = time.monotonic()
            result = await ask(at, f"SELECT ?l {{ {thing(number)} <ontology#label> ?l }} LIMIT {number + 1}")
            delays.append(time.monotonic() - started)
            assert values(result, "l") == [f"Thing {number}"]
        endings = await asyncio.gather(*flood)
        assert max(delays) < 1.0
        assert sum(kind is QueryTooSlow for kind, _ in endings) <= 2
        assert sorted(seconds for kind, seconds in endings if kind is QueryBusy)[100] < 1.0
        assert max(seconds for kind, seconds in endings if kind is QueryBusy) < 3.5


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
        started = time.monotonic()
        with contextlib.suppress(QueryMalformed, QueryTooSlow, QueryTooHungry):
            await ask(at, text)
        assert time.monotonic() - started < 3.0
        assert (await ask(at, "ASK {}")).rows == 1


async def test_workers_killed_from_outside_are_replaced(serving: Serving) -> None:
    async with serving(workers=1, slow_places=1) as at:
        await asyncio.sleep(0.5)
        for worker in list(at.service._pool._all):
            os.kill(worker._process.pid, signal.SIGKILL)
            await worker.ended()
        assert (await ask(at, "ASK {}")).rows == 1


async def test_a_worker_is_replaced_after_its_share_of_queries(serving: Serving) -> None:
    async with serving(workers=1, slow_places=1, uses=3) as at:
        for number in range(20):
            assert (await ask(at, f"ASK {{ FILTER({number} = {number}) }}")).rows == 1


async def test_the_service_moves_to_a_new_data_set_and_still_answers_on_the_old(serving: Serving) -> None:
    async with serving() as at:
        old = at.dataset
        fresh = type(old)(Ground(old.ground.store, "http://other.test/", old.ground.prefixes), "v2", old.graphs)
        await at.service.move_to(fresh)
        question = Question(at.service.judge("SELECT (IRI('x') AS ?base) {}", fresh), "json")
        assert values(await at.service.answer(question, fresh, "me"), "base") == ["http://other.test/x"]
        assert values(await ask(at, "SELECT (IRI('x') AS ?base) {}"), "base") == [BASE.iri + "x"]


@pytest.mark.linux
@pytest.mark.parametrize("forked", [True, False])
async def test_a_worker_has_no_network_no_files_and_little_memory(dataset_ground: Ground, forked: bool) -> None:
    origin = template() if forked else None
    worker = await Worker.start(dataset_ground, 100_000_000, origin)
    if origin is not None:
        origin.close()
    try:
        assert worker.isolation == {"network": True, "memory": True, "files": True}
        status = Path(f"/proc/{worker._process.pid}/status").read_text()
        assert "NoNewPrivs:\t1" in status
        limits = Path(f"/proc/{worker._process.pid}/limits").read_text()
        assert "Max address space         unlimited" not in limits
        ours, theirs = (Path(f"/proc/{pid}/ns/net").readlink() for pid in (os.getpid(), worker._process.pid))
        assert ours != theirs
        assert Path(f"/proc/{worker._process.pid}/environ").read_bytes().count(b"=") <= 3
    finally:
        worker.kill()
        await worker.ended()
    with pytest.raises(WorkerDied):
        await worker.ask(b"")


@pytest.mark.linux
async def test_a_forked_worker_is_a_child_of_the_server_with_one_store_and_no_socket_but_its_own(
    dataset_ground: Ground,
) -> None:
    origin = Template()
    workers = [await Worker.start(dataset_ground, 100_000_000, origin) for _ in range(2)]
    try:
        for worker in workers:
            process = Path(f"/proc/{worker._process.pid}")
            assert int(process.joinpath("stat").read_text().rpartition(")")[2].split()[1]) == os.getpid()
            opened = [str(handle.readlink()) for handle in process.joinpath("fd").iterdir()]
            assert sum(target.startswith("socket:") for target in opened) == 1
            assert not [target for target in opened if target.startswith("pipe:")]
        workers[0].kill()
        await workers[0].ended()
        assert workers[1].alive
    finally:
        origin.close()
        workers[1].kill()
        await workers[1].ended()


@pytest.mark.linux
async def test_when_the_template_has_ended_the_next_worker_comes_from_a_new_one(dataset_ground: Ground) -> None:
    origin = Template()
    try:
        first = await Worker.start(dataset_ground, 100_000_000, origin)
        assert origin._process is not None
        origin._process.kill()
        origin._process.wait()
        second = await Worker.start(dataset_ground, 100_000_000, origin)
        assert first.alive
        for worker in (first, second):
            worker.kill()
            await worker.ended()
    finally:
        origin.close()


@pytest.mark.linux
async def test_a_template_leaves_no_process_behind(dataset_ground: Ground) -> None:
    origin = Template()
    worker = await Worker.start(dataset_ground, 100_000_000, origin)
    assert origin._process is not None
    ids = (origin._process.pid, worker._process.pid)
    origin.close()
    worker.kill()
    await worker.ended()
    assert not [number for number in ids if Path(f"/proc/{number}").exists()]


@pytest.mark.linux
async def test_few_workers_stand_by_until_many_are_asked_for(serving: Serving) -> None:
    async with serving(workers=4, slow_places=2, slow_after=30.0, deadline=1.5) as at:
        await asyncio.sleep(0.3)
        assert len(at.service._pool._all) == 2
        runs = [asyncio.create_task(ask(at, RUNAWAY + f" # {number}", client=f"c{number}")) for number in range(4)]
        await asyncio.sleep(0.8)
        assert len(at.service._pool._all) == 6
        endings = await asyncio.gather(*runs, return_exceptions=True)
        assert {type(ending) for ending in endings} == {QueryTooSlow}


@pytest.fixture
def dataset_ground(store_path: Path) -> Ground:
    return Ground(store_path, BASE.iri, ())
