"""Worker processes: how they start, what they cannot do, how they end, and how long one is used."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pyoxigraph import Store

from server.sparql.pool import Pool
from server.sparql.processes import Dataset, Worker, WorkerDied, job
from tests.server.sparql.conftest import BASE

pytestmark = [pytest.mark.anyio, pytest.mark.linux]
PREFIXES = tuple(BASE.prefixes().items())
ASK = job("ASK { ?s ?p ?o }", format="json", rows=9, size=999)
ENDLESS_TEXT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ENDLESS = job(ENDLESS_TEXT, format="json", rows=9, size=999)


@pytest.fixture
def dataset(store_path: Path) -> Dataset:
    return Dataset(store_path, BASE.iri, PREFIXES)


@pytest.fixture
async def pool(dataset: Dataset) -> AsyncIterator[Pool]:
    pool = Pool(2, 100_000_000)
    await pool.move_to(dataset)
    yield pool
    await pool.close()


def children() -> set[int]:
    """The process ids of this process's children, and what they began."""
    return {int(line) for line in Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()}


def status(worker: Worker, name: str) -> str:
    lines = Path(f"/proc/{worker.pid}/status").read_text().splitlines()
    return next(line.partition(":")[2].strip() for line in lines if line.startswith(f"{name}:"))


async def test_a_worker_answers_and_is_used_again(pool: Pool, dataset: Dataset) -> None:
    first = await pool.take(dataset)
    head, body = await first.ask(ASK)
    assert (head["outcome"], b"true" in body) == ("ok", True)
    pool.give_back(first, 1)
    assert await pool.take(dataset) is first


@pytest.mark.parametrize("why", ["it has grown", "its priority is low", "it is one too many", "it has ended"])
async def test_a_worker_is_not_used_again(pool: Pool, dataset: Dataset, why: str) -> None:
    worker, others = await pool.take(dataset), [await pool.take(dataset) for _ in range(4)]
    if why == "it is one too many":
        for other in others:
            pool.give_back(other, 1)
    if why == "its priority is low":
        worker.lower_priority()
        assert os.getpriority(os.PRIO_PROCESS, worker.pid) == 19
    pool.give_back(worker, 300_000 if why == "it has grown" else 1)
    if why == "it has ended":
        os.kill(worker.pid, signal.SIGKILL)
        while worker.alive:
            await asyncio.sleep(0.001)
    taken = [await pool.take(dataset) for _ in range(5)]
    assert worker not in taken
    await worker.ended()


def written(folder: Path, *names: str) -> Dataset:
    """A store on disk that says nothing, with files that say a statement about each name."""
    store = folder / "-".join(names)
    Store(str(store)).flush()
    files = tuple(folder / f"{name}.nq" for name in names)
    for name, path in zip(names, files, strict=True):
        path.write_text(f'<{BASE.iri}{name}> <{BASE.iri}says> "{name}" <{BASE.iri}graph> .\n', encoding="utf-8")
    return Dataset(store, BASE.iri, PREFIXES, files)


async def said(worker: Worker) -> set[str]:
    """What a worker's store says."""
    _, body = await worker.ask(job("SELECT ?said { ?s ?p ?said }", format="json", rows=9, size=999))
    return {row["said"]["value"] for row in json.loads(body)["results"]["bindings"]}


async def test_workers_answer_from_the_files_that_are_in_memory(pool: Pool, tmp_path: Path) -> None:
    first, second = written(tmp_path, "one", "two"), written(tmp_path, "three")
    await pool.move_to(first)
    begun = await pool.take(first)
    await pool.move_to(second)
    assert [await said(worker) for worker in (begun, await pool.take(second))] == [{"one", "two"}, {"three"}]
    assert await said(await pool.take(first)) == {"one", "two"}, "of whoever began on the first one"


async def test_blank_nodes_are_called_alike_by_workers_of_every_server(pool: Pool, tmp_path: Path) -> None:
    """As in the file: one result has one entity-tag on all servers of a snapshot, so it has the same bytes."""
    dataset = written(tmp_path, "one")
    dataset.in_memory[0].write_text("<http://a/> <http://a/p> _:shape-1 .\n_:shape-1 <http://a/p> _:shape-2 .\n")
    await pool.move_to(dataset)
    assert await said(await pool.take(dataset)) == {"shape-1", "shape-2"}


async def test_files_that_are_away_keep_workers_from_starting(pool: Pool, tmp_path: Path) -> None:
    dataset = written(tmp_path, "one")
    dataset.in_memory[0].unlink()
    with pytest.raises(WorkerDied, match="No such file"):
        await pool.move_to(dataset)


async def test_a_question_of_ours_is_answered_from_every_store_and_one_that_does_not_end_is_ended(
    pool: Pool, dataset: Dataset
) -> None:
    body = await pool.evaluate(dataset, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "json", 60)
    assert json.loads(body)["results"]["bindings"][0]["n"]["value"] == "900"
    assert await pool.evaluate(dataset, "CONSTRUCT WHERE { <none:> ?p ?o }", "ntriples", 60) == b""
    with pytest.raises(OSError, match="took longer"):
        await pool.evaluate(dataset, ENDLESS_TEXT, "json", 0.2)
    with pytest.raises(RuntimeError, match="rror"):
        await pool.evaluate(dataset, "SELECT", "json", 60)


async def test_questions_about_an_older_store_share_a_worker_that_leaves_when_it_is_quiet(
    pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.sparql.pool._QUIET_SECONDS", 0.5)
    older = Dataset(written(tmp_path, "one").store, BASE.iri, PREFIXES)
    async with asyncio.timeout(60):
        while pool.idle < 2:
            await asyncio.sleep(0.01)
        started = set[int]()
        for _ in range(3):
            assert b"false" in await pool.evaluate(older, "ASK { ?s ?p ?o }", "json", 60)
            started |= children()
        assert (pool.size, pool.idle, len(started)) == (3, 2, len(children()))
        while pool.size > 2:
            await asyncio.sleep(0.01)


async def test_workers_that_a_crowd_needed_leave_when_it_is_quiet(
    pool: Pool, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.sparql.pool._QUIET_SECONDS", 0.05)
    for worker in [await pool.take(dataset) for _ in range(4)]:
        pool.give_back(worker, 1)
    assert pool.idle > 2
    async with asyncio.timeout(60):
        while pool.idle > 2:
            await asyncio.sleep(0.01)
    assert pool.idle == 2


async def test_a_worker_has_no_network_no_files_no_rights_and_little_memory(pool: Pool, dataset: Dataset) -> None:
    worker = await pool.take(dataset)
    assert pool.isolation == dict.fromkeys(("network", "tcp", "memory", "files", "rights"), True)
    assert status(worker, "NoNewPrivs") == "1"
    assert {status(worker, f"Cap{kind}") for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {"0" * 16}
    limits = Path(f"/proc/{worker.pid}/limits").read_text()
    assert "Max address space         unlimited" not in limits
    ours, theirs = (Path(f"/proc/{pid}/ns/net").readlink() for pid in (os.getpid(), worker.pid))
    assert ours != theirs
    assert Path(f"/proc/{worker.pid}/environ").read_bytes().count(b"=") <= 3
    assert int(Path(f"/proc/{worker.pid}/oom_score_adj").read_text()) >= 800  # it is ended before the server is
    cores = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert cores.split()[4:6] == ["0", "0"]


async def test_a_worker_is_a_child_of_the_server_with_one_socket_and_one_pipe(pool: Pool, dataset: Dataset) -> None:
    worker = await pool.take(dataset)
    assert worker.pid in children()
    opened = [str(handle.readlink()) for handle in Path(f"/proc/{worker.pid}/fd").iterdir()]
    assert sum(target.startswith("socket:") for target in opened) == 1
    assert sum(target.startswith("pipe:") for target in opened) == 1


async def test_who_waits_for_a_worker_does_not_wait_for_its_end(pool: Pool, dataset: Dataset) -> None:
    """The kernel does not end a process while a disk keeps it."""
    worker = await pool.take(dataset)
    asking = asyncio.ensure_future(worker.ask(ENDLESS))
    await asyncio.sleep(0)
    worker.kill()
    await asyncio.sleep(0)
    assert asking.done()
    with pytest.raises(WorkerDied):
        await asking
    await worker.ended()


async def test_a_pool_leaves_no_process_behind(dataset: Dataset) -> None:
    before = children()
    pool = Pool(2, 100_000_000)
    await pool.move_to(dataset)
    await pool.take(dataset)
    assert children() > before
    await pool.close()
    assert children() == before
    with pytest.raises(WorkerDied):
        await pool.take(dataset)


async def test_when_the_process_that_forks_has_ended_or_stands_still_another_takes_its_place(
    pool: Pool, dataset: Dataset
) -> None:
    for number in (signal.SIGKILL, signal.SIGSTOP):
        forks = next(pid for pid in children() if b"\0fork\0" in Path(f"/proc/{pid}/cmdline").read_bytes())
        os.kill(forks, number)
        workers = [await pool.take(dataset) for _ in range(5)]
        assert len({worker.pid for worker in workers}) == 5
        for worker in workers:
            pool.discard(worker)


async def test_a_stopped_worker_goes_on_where_it_was(pool: Pool, dataset: Dataset) -> None:
    worker = await pool.take(dataset)
    worker.pause()
    reply = asyncio.create_task(worker.ask(ASK))
    await asyncio.wait((reply,), timeout=0.1)
    assert not reply.done()
    worker.resume()
    assert (await reply)[0]["outcome"] == "ok"


async def test_a_worker_that_is_killed_says_by_what(pool: Pool, dataset: Dataset) -> None:
    worker = await pool.take(dataset)
    reply = asyncio.create_task(worker.ask(ENDLESS))
    await asyncio.sleep(0.05)
    os.kill(worker.pid, signal.SIGTERM)
    with pytest.raises(WorkerDied) as died:
        await reply
    assert died.value.signal == signal.SIGTERM


async def test_a_worker_whose_connection_has_ended_is_given_no_job_although_its_process_still_ends(
    pool: Pool, dataset: Dataset
) -> None:
    """Between the end of a process's connection and its own there is a moment."""
    idle, busy = await pool.take(dataset), await pool.take(dataset)
    pool.give_back(idle, 0)
    for worker in (idle, busy):
        os.kill(worker.pid, signal.SIGSTOP)  # it ends no sooner than it is killed
        assert worker._transport is not None
        worker._transport.close()
        assert worker.alive
    assert pool.take_idle(dataset) is not idle
    asking = asyncio.create_task(busy.ask(ASK))
    await asyncio.sleep(0)
    os.kill(busy.pid, signal.SIGKILL)
    with pytest.raises(WorkerDied) as died:
        await asking
    assert died.value.signal == signal.SIGKILL


async def test_a_worker_that_cannot_open_its_store_says_why(pool: Pool, tmp_path: Path) -> None:
    with pytest.raises(WorkerDied, match="CURRENT"):
        await pool.take(Dataset(tmp_path / "nowhere", BASE.iri, PREFIXES))
    assert "CURRENT" in pool.problem


def proc(pid: int, name: str) -> str:
    """What the kernel tells of a process; nothing when it is gone."""
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


async def test_a_start_that_failed_is_tried_again_although_nobody_asks(pool: Pool, tmp_path: Path) -> None:
    """Readiness waits for it, and a balancer sends no query to a server that is not ready."""
    dataset = written(tmp_path, "one")
    await pool.move_to(dataset)
    while pool.idle < 2:
        await asyncio.sleep(0.001)
    dataset.store.rename(tmp_path / "away")
    standing_by = [pid for pid in children() if str(dataset.in_memory[0]) in proc(pid, "cmdline")]
    assert len(standing_by) == 3, "two workers, and the process that they are forked from"
    for pid in standing_by:
        os.kill(pid, signal.SIGKILL)
    while any((stat := proc(pid, "stat")) and ") Z " not in stat for pid in standing_by):
        await asyncio.sleep(0.001)
    with pytest.raises(WorkerDied):
        await pool.take(dataset)
    assert pool.problem
    (tmp_path / "away").rename(dataset.store)
    while pool.problem:
        await asyncio.sleep(0.01)
    assert await said(await pool.take(dataset)) == {"one"}


async def test_workers_end_when_the_server_is_killed(dataset: Dataset) -> None:
    """A server that is killed in the middle of a query: its worker ends too, though it is busy."""
    code = f"""
import asyncio, pathlib
from server.sparql.pool import Pool
from server.sparql.processes import Dataset
async def main():
    pool = Pool(2, 100_000_000)
    where = Dataset(pathlib.Path({str(dataset.store)!r}), {BASE.iri!r}, {PREFIXES!r})
    await pool.move_to(where)
    worker = await pool.take(where)
    asyncio.get_running_loop().call_later(0.1, print, worker.pid, ...)
    await worker.ask({ENDLESS!r})
asyncio.run(main())
"""
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-u", "-c", code, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[3]
    )
    assert server.stdout is not None
    pid = int((await server.stdout.readline()).split()[0])
    server.kill()
    await server.wait()
    for _ in range(6_000):
        if not Path(f"/proc/{pid}/exe").exists():  # A zombie that nobody has collected has no program.
            break
        await asyncio.sleep(0.01)
    else:
        raise AssertionError("the worker goes on")


async def test_of_many_workers_on_an_older_store_only_a_few_stay(
    pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.sparql.pool._QUIET_SECONDS", 600)
    older = Dataset(written(tmp_path, "one").store, BASE.iri, PREFIXES)
    async with asyncio.timeout(60):
        while pool.idle < 2:
            await asyncio.sleep(0.01)
        workers = [await pool.take(older) for _ in range(5)]
        for worker in workers:
            pool.give_back(worker, 1)
        for worker in workers[2:]:
            await worker.ended()
    assert [worker.takes_jobs for worker in workers] == [True] * 2 + [False] * 3
