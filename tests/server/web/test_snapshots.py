"""Snapshots: opened read-only, switched without dropping a request, refused when they are not whole."""

from __future__ import annotations

import asyncio
import logging
import re
import shutil
import threading
import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from ontology.namespaces import Base
from ontology.version import program_checksum, program_version
from server.command import run_verify
from server.integrity import SnapshotError
from server.settings import SettingError, Settings, describe_settings, misspelt_variables, settings_of_environment
from server.snapshot import Snapshot, Snapshots, open_snapshot
from server.web.errors import Unavailable
from server.web.monitoring import PatientHandler
from server.web.sending import Unread
from server.web.threads import Turns
from tests.conftest import publish_small
from tests.processes import PATIENCE

BASE = Base("http://localhost:9/")


def settings(root: Path) -> Settings:
    """Settings for a snapshots folder."""
    return Settings(base=BASE.iri, snapshots=root)


def test_a_published_version_becomes_current_after_what_depends_on_it_is_ready(tmp_path: Path) -> None:
    first = publish_small(tmp_path, BASE).name
    seen: list[tuple[str, str]] = []

    async def ready(fresh: Snapshot) -> None:
        seen.append((fresh.version, snapshots.current.version))

    snapshots = Snapshots(settings(tmp_path), ready)
    assert asyncio.run(snapshots.refresh()) is False
    running = snapshots.current
    second = publish_small(tmp_path, BASE).name
    assert asyncio.run(snapshots.refresh()) is True
    assert snapshots.current.version == second
    assert seen == [(second, first)]
    assert running.version == first
    assert len(running.store) == len(snapshots.current.store), "A request that began before still reads its snapshot."
    assert snapshots.version(first) is running
    assert snapshots.versions() == (second, first)


def test_a_disk_that_does_not_answer_keeps_the_watcher_waiting_and_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_small(tmp_path, BASE)
    snapshots = Snapshots(settings(tmp_path))
    answers, asked, resolve = threading.Event(), threading.Event(), Path.resolve

    def resolved(path: Path, strict: bool = False) -> Path:
        if threading.current_thread() is threading.main_thread():
            raise AssertionError("The event loop waits for the disk.")
        asked.set()
        answers.wait()
        return resolve(path, strict)

    async def look() -> bool:
        looking = asyncio.create_task(snapshots.refresh())
        await asyncio.to_thread(asked.wait, PATIENCE)
        assert not looking.done()
        answers.set()
        return await looking

    monkeypatch.setattr(Path, "resolve", resolved)
    assert (asyncio.run(look()), snapshots.refusal) == (False, "")
    snapshots.close()


@pytest.mark.parametrize("version", ["", "..", "20200101-0000000000", "20200101-0000000000/..", "current"])
def test_a_version_that_was_never_published_is_refused(tmp_path: Path, version: str) -> None:
    publish_small(tmp_path, BASE)
    with pytest.raises(SnapshotError):
        Snapshots(settings(tmp_path)).version(version)


def test_only_a_few_older_versions_are_held_open(tmp_path: Path) -> None:
    versions = [publish_small(tmp_path, BASE).name for _ in range(4)]
    snapshots = Snapshots(Settings(base=BASE.iri, snapshots=tmp_path, snapshots_open=2))
    opened = [snapshots.version(version) for version in versions[:3]]
    assert snapshots.version(versions[2]) is opened[2]
    assert snapshots.version(versions[0]) is not opened[0]


def test_a_folder_without_a_snapshot_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="palermo build"):
        Snapshots(settings(tmp_path))


def test_a_server_whose_store_is_elsewhere_needs_neither_store_nor_graph_nor_dumps(tmp_path: Path) -> None:
    folder = publish_small(tmp_path, BASE)
    whole = open_snapshot(folder)
    for part in ("store", "dumps"):
        shutil.rmtree(folder / part, ignore_errors=True)
    for name in ("graph.nq", "catalogue.nq"):
        (folder / name).unlink()
    front = Snapshots(Settings(base=BASE.iri, snapshots=tmp_path, store="http://127.0.0.1:9/query"))
    assert front.current.store is None
    assert front.current.graphs == whole.graphs
    assert {graph.value for graph in front.current.graphs} > {f"{BASE.iri}graph/catalogue"}
    with pytest.raises(SnapshotError):
        open_snapshot(folder)


@pytest.mark.parametrize(
    "wrong",
    [{"base": "http://localhost"}, {"port": 70000}, {"query_deadline_seconds": 0}, {"log_format": "xml"}, {"prot": 1}],
)
def test_a_wrong_setting_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(wrong)


@pytest.mark.parametrize(
    ("given", "nearest"),
    [
        ("PALERMO_SNAPSHOT_POL_SECONDS", "PALERMO_SNAPSHOT_POLL_SECONDS"),
        ("palermo_base", "PALERMO_BASE"),  # which options of commands do not read
    ],
)
def test_a_misspelt_variable_is_said_with_the_nearest_name(given: str, nearest: str) -> None:
    variables = {given: "1", "PALERMO_PORT": "1", "PALERMO_STORE_USER": "x", "PATH": "/bin"}
    assert misspelt_variables(variables) == (f"{given} is no setting. Did you mean {nearest}?",)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("TRUSTED_PROXIES", "nonsense"), ("REQUEST_BYTES", "x"), ("PORT", "70000"), ("BASE", "x")),
        *(("QUERY_DEADLINE_SECONDS", "inf"), ("UNREAD_SECONDS", "1e30"), ("QUERY_MEMORY_BYTES", "9" * 30)),
        *(("PAGE_PLACES", "9" * 30), ("SNAPSHOTS", ""), ("SNAPSHOT", ""), ("HOST", ""), ("HOST", "a b")),
        *(("CONNECTIONS", "9" * 30), ("CLIENT_QUERIES", "9" * 30), ("MEMORY_TRIPLES", "9" * 30), ("SNAPSHOTS", " ")),
        *(
            ("PAGE_SECONDS", "nan"),
            ("PAGE_SECONDS", "5s"),
            ("UNREAD_BYTES", "10 MB"),
            ("IDLE_SECONDS", "-1"),
            ("MCP", ""),
        ),
    ],
)
def test_a_bad_value_in_the_environment_is_a_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"PALERMO_{name}", value)
    with pytest.raises(SettingError, match=rf"^PALERMO_{name}={value}: .{{10,200}}\.$"):
        settings_of_environment()


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    root = tmp_path / "100%41? #ä"
    published = publish_small(root, BASE)
    snapshots = Snapshots(settings(root))
    assert snapshots.current.version == published.name
    assert snapshots.current.history.numbers == (1, 1)
    assert snapshots.current.index.database.execute("SELECT COUNT(*) FROM fact").fetchone()


def test_verify_says_whether_every_file_is_whole(tmp_path: Path) -> None:
    folder = publish_small(tmp_path, BASE)
    said: list[str] = []
    assert run_verify(BASE, None, tmp_path, said.append) == 0
    assert said.pop().startswith(f"{folder} is whole: ")
    (folder / "dumps" / "palermo.nq").write_bytes(b"")
    (folder / "accuracy.json").unlink()
    assert run_verify(BASE, folder, tmp_path, said.append) == 1
    assert len(said) == 2
    assert all(line.startswith("palermo: /") and line.endswith(".") for line in said)


def test_the_program_has_a_version_that_its_entity_tags_follow(tmp_path: Path) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\+[0-9a-f]{10}", program_version())
    assert open_snapshot(publish_small(tmp_path, BASE)).etag_seed.endswith(f"/{program_checksum()}")


def test_a_log_that_nobody_reads_stops_nothing() -> None:
    class Stuck(logging.Handler):
        read = threading.Event()

        def emit(self, record: logging.LogRecord) -> None:
            self.read.wait()
            lines.append(record.getMessage())

    lines: list[str] = []
    handler = PatientHandler(Stuck())
    for number in range(handler.MOST + 100):
        handler.emit(logging.makeLogRecord({"msg": str(number)}))
    Stuck.read.set()
    while len(lines) < handler.MOST:
        time.sleep(0.01)
    handler.emit(logging.makeLogRecord({"msg": "after"}))
    while lines[-1] != "after":
        time.sleep(0.01)
    assert re.fullmatch(r"(98|99|100) log records were dropped, because nobody read them", lines[-2])


def test_one_client_with_many_requests_keeps_another_waiting_for_one() -> None:
    order: list[str] = []

    async def compute(turns: Turns, client: str) -> None:
        await turns.take(client)
        order.append(client)
        await asyncio.sleep(0)
        turns.give_back(client)

    async def crowd() -> None:
        turns = Turns(1, most_of_client=30)
        await asyncio.gather(*(compute(turns, client) for client in ["busy"] * 30 + ["other"] * 2))
        await turns.take("busy")  # the place is free again
        for _ in range(30):
            waiting.append(asyncio.create_task(turns.take("busy")))
        await asyncio.sleep(0)
        with pytest.raises(Unavailable) as refused:
            await turns.take("busy")
        assert refused.value.status == 429, "It is refused for its own requests."
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        turns.give_back("busy")
        await turns.take("other")

    waiting: list[asyncio.Task[None]] = []
    asyncio.run(crowd())
    assert order.index("other") <= 3
    assert order[:6].count("other") == 2


def test_one_client_has_half_of_the_places_and_another_finds_one_free() -> None:
    async def share() -> None:
        turns = Turns(4, most_of_client=30)
        mine = [asyncio.create_task(turns.take("busy")) for _ in range(4)]
        await asyncio.sleep(0)
        assert [task.done() for task in mine] == [True, True, False, False]
        await turns.take("other")
        await turns.take("third")
        others = asyncio.create_task(turns.take("fourth"))
        await asyncio.sleep(0)
        assert not others.done()
        turns.give_back("busy")
        await asyncio.sleep(0)
        assert (mine[2].done(), others.done(), turns.waiting) == (True, False, 2)
        turns.give_back("other")
        await asyncio.sleep(0)
        assert (mine[3].done(), others.done(), turns.waiting) == (False, True, 1)
        mine[3].cancel()
        await asyncio.gather(mine[3], return_exceptions=True)
        assert turns.waiting == 0

    asyncio.run(share())


def test_large_responses_that_wait_are_bounded_for_each_client_and_in_all() -> None:
    unread = Unread(limit=10_000_000, client_limit=5_000_000)
    with unread.reserved("a", 4_000_000):
        with pytest.raises(Unavailable) as refused, unread.reserved("a", 2_000_000):
            pass
        assert refused.value.status == 429
        unread.reserved("a", 1_000).__enter__()
        with unread.reserved("b", 5_000_000), pytest.raises(Unavailable) as crowded, unread.reserved("c", 2_000_000):
            pass
        assert crowded.value.status == 503
    assert unread.held == 0
    with unread.reserved("a", 20_000_000):
        assert unread.held == 20_000_000, "Where nobody else waits a response is sent whatever its size."


def test_every_setting_is_described_in_a_sentence() -> None:
    described = describe_settings()
    assert {name for name, _, _ in described} == {f"PALERMO_{name.upper()}" for name in Settings.model_fields}
    assert all(text.endswith(".") and text[0].isupper() for _, _, text in described)
