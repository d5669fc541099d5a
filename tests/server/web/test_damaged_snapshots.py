"""Snapshots that are not what their manifest says: each is refused with a sentence, and the one in place goes on."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import os
import re
import resource
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from pyoxigraph import Store
from starlette.testclient import TestClient

from ingest.command import run_prune
from ingest.corpus import BuildSettings
from ontology.layout import HISTORY, MANIFEST, SEARCH, checksum_of, home_of
from ontology.namespaces import Base
from server.app import create_app
from server.command import run_query, run_verify
from server.integrity import SnapshotError
from server.settings import Settings
from server.snapshot import Snapshot, Snapshots, open_snapshot
from server.web.sending import pieces_of_file
from tests.conftest import publish_small
from tests.processes import until

BASE = Base("http://localhost:9/")


def settings(root: Path, **given: object) -> Settings:
    """Settings for a snapshots folder."""
    return Settings.model_validate({"base": BASE.iri, "snapshots": root} | given)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """Three versions in the order in which they were published."""
    root = tmp_path_factory.mktemp("published")
    return tuple(publish_small(root, BASE) for _ in range(3))


@pytest.fixture
def folders(published: tuple[Path, ...], tmp_path: Path) -> tuple[Path, ...]:
    """A copy of them to damage; the first is current."""
    home = home_of(tmp_path, BASE)
    shutil.copytree(published[0].parents[1], home, symlinks=True)
    copied = tuple(home / "versions" / folder.name for folder in published)
    name_current(copied[0])
    return copied


def name_current(folder: Path) -> None:
    """Has the link name a version."""
    link = folder.parents[1] / "current"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("versions") / folder.name)


def say(folder: Path, **changed: object) -> None:
    """Changes what the manifest says, with a checksum that fits."""
    manifest = json.loads((folder / "manifest.json").read_text()) | changed
    (folder / "manifest.json").write_text(json.dumps(manifest | {"checksum": checksum_of(manifest)}))


def write(name: str, content: str | bytes) -> Callable[[Path], object]:
    """Damage: other bytes in a file."""
    return lambda folder: (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def cut(pattern: str) -> Callable[[Path], object]:
    """Damage: a file's last byte is gone."""

    def damage(folder: Path) -> None:
        path = max(folder.glob(pattern), key=lambda found: found.stat().st_size)
        os.truncate(path, path.stat().st_size - 1)

    return damage


def remove(pattern: str) -> Callable[[Path], object]:
    """Damage: a file or a folder is gone."""

    def damage(folder: Path) -> None:
        path = max(folder.glob(pattern), key=lambda found: found.stat().st_size)
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return damage


LISTED = ("graph.nq", "catalogue.nq", SEARCH, "validation.json", "validation.ttl", "accuracy.json")


def list_also(folder: Path, name: str, content: bytes | None = None) -> None:
    """Damage: the manifest lists another file, or other bytes for one, with a checksum that fits."""
    if content is not None:
        (folder / name).write_bytes(content)
    facts = {"bytes": len(content or b""), "sha256": hashlib.sha256(content or b"").hexdigest()}
    say(folder, files=json.loads((folder / MANIFEST).read_text())["files"] | {name: facts})


def half_a_character(manifest: Path) -> None:
    """Damage: JSON that stands for no text."""
    manifest.write_text(manifest.read_text().replace('"localhost"', '"\\ud800": 1, "localhost"', 1))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "no manifest": remove("manifest.json"),
    "a cut manifest": lambda folder: os.truncate(folder / "manifest.json", 300),
    "an empty manifest": write("manifest.json", ""),
    "a manifest that is a list": write("manifest.json", "[]"),
    "a manifest that is null": write("manifest.json", "null"),
    "a manifest nested without end": write("manifest.json", "[" * 100_000),
    "a manifest in bytes": write("manifest.json", b"\xff\xfe\x00"),
    "a manifest of another base": lambda folder: say(folder, base="https://data.example.org/"),
    "a manifest of another scheme": lambda folder: say(folder, base="https://localhost:9/"),
    "a manifest without a version": lambda folder: say(folder, version=None),
    "a manifest whose version is none": lambda folder: say(folder, version="../../etc"),
    "a manifest whose figures are a list": lambda folder: say(folder, figures=[]),
    "a manifest without files": lambda folder: say(folder, files={}),
    "a manifest without a time": lambda folder: say(folder, built="yesterday"),
    "a manifest of another format": lambda folder: say(folder, format=99),
    "a manifest of another version": lambda folder: say(folder, version="20200101-0123456789"),
    "a manifest before all time": lambda folder: say(folder, built="0001-01-01T00:00:00+14:00"),
    "a manifest whose files are a list each": lambda folder: say(folder, files={name: [] for name in LISTED}),
    "a manifest with a file that no file can be": lambda folder: list_also(folder, "a\0b"),
    "a manifest that counts in words": lambda folder: say(folder, figures={"triples": "many"}),
    "a manifest of sources without names": lambda folder: say(folder, sources=[{}]),
    "a manifest of graphs that are numbers": lambda folder: say(folder, graphs=[1]),
    "a manifest with half a character": lambda folder: half_a_character(folder / MANIFEST),
    "a history that is none": lambda folder: list_also(folder, HISTORY, b"garbage" * 1_000),
    "a history of nothing": lambda folder: list_also(folder, HISTORY, b""),
    "a manifest that names a graph that is not there": lambda folder: say(folder, graphs=[f"{BASE.iri}graph/x"]),
    "a manifest that fills a disk": lambda folder: os.truncate(folder / MANIFEST, 2**40),
    "a pipe in place of the manifest": lambda folder: (remove("manifest.json")(folder), os.mkfifo(folder / MANIFEST)),
    "a pipe in place of a report": lambda folder: (
        remove("accuracy.json")(folder),
        os.mkfifo(folder / "accuracy.json"),
    ),
    "a pipe in place of an empty file": lambda folder: (list_also(folder, "empty"), os.mkfifo(folder / "empty")),
    "a pipe in place of the graph": lambda folder: (remove("graph.nq")(folder), os.mkfifo(folder / "graph.nq")),
    "a file of the store that is not listed": write("store/000999.log", b"\xa5" * 99),
    "earlier versions that are not listed": write("versions.json", "{}"),
    "no store": remove("store"),
    "no CURRENT in the store": remove("store/CURRENT"),
    "a cut table of the store": cut("store/*.sst"),
    "no table of the store": remove("store/*.sst"),
    "a cut manifest of the store": cut("store/MANIFEST-*"),
    "no graph": remove("graph.nq"),
    "an empty graph": write("graph.nq", ""),
    "a cut graph": cut("graph.nq"),
    "no index": remove("search.sqlite"),
    "an empty index": write("search.sqlite", ""),
    "a cut index": cut("search.sqlite"),
    "an index that is none": write("search.sqlite", "garbage" * 1_000),
    "a report that is a list": write("validation.json", "[]"),
    "no report": remove("validation.json"),
    "no accuracy": remove("accuracy.json"),
    "a cut dump": cut("dumps/palermo.nq"),
    "no dumps": remove("dumps"),
    "a file in place of the store": lambda folder: (shutil.rmtree(folder / "store"), write("store", "x")(folder)),
}


@pytest.mark.parametrize("what", [what for what in DAMAGE if what.startswith("a manifest")])
def test_every_command_says_what_is_wrong_with_a_damaged_snapshot(
    folders: tuple[Path, ...], tmp_path: Path, what: str
) -> None:
    DAMAGE[what](folders[0])
    said: list[str] = []
    assert run_verify(BASE, None, tmp_path, said.append) == 1
    assert all(re.fullmatch(r"palermo: [^\n]{20,400}\.", sentence) for sentence in said), said
    assert run_query("ASK {}", [], "table", BASE, tmp_path, io.StringIO(), said.append) in (0, 2)
    assert run_prune(BuildSettings(base=BASE, snapshots=tmp_path), 9, said.append) == 0


@pytest.mark.parametrize("what", ["a cut manifest", "a manifest of another version", "a cut graph", "no store"])
def test_a_damaged_older_version_is_told_and_hides_no_other(
    folders: tuple[Path, ...], tmp_path: Path, what: str
) -> None:
    older, first, _ = reversed(folders)
    DAMAGE[what](older)
    with TestClient(create_app(settings(tmp_path)), raise_server_exceptions=False, follow_redirects=False) as client:
        asked = {path: client.get(path).status_code for path in PATHS_OF_VERSIONS}
        assert set(asked.values()) <= {200, 302}, asked
        for _ in range(2):
            assert client.get(f"/v/{older.name}/vocabulary").status_code in (404, 503)
            assert client.get(f"/changes?from={older.name}").status_code in (404, 503)
        assert client.get(f"/v/{first.name}/doc/actor/states-parties.nt").status_code == 200
        assert first.name in client.get("/versions").text


PATHS_OF_VERSIONS = (
    "/versions.ttl",
    "/timegate/doc/actor/states-parties",
    "/timemap/doc/actor/states-parties",
    "/data",
)


def test_a_version_that_was_removed_is_no_more_although_it_was_open(folders: tuple[Path, ...], tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path))) as client:
        address = f"/v/{folders[1].name}/doc/actor/states-parties"
        assert client.get(f"{address}.nt").status_code == 200
        shutil.rmtree(folders[1])
        assert client.get(f"{address}.ttl").status_code == 404


@pytest.mark.parametrize("name", ["restored", "current"])
def test_a_snapshot_in_a_folder_of_another_name_is_opened_once(
    folders: tuple[Path, ...], tmp_path: Path, name: str
) -> None:
    home = home_of(tmp_path, BASE)
    (home / "current").unlink()
    folders[0].rename(home / name)
    if name != "current":
        (home / "current").symlink_to(name)
    snapshots = Snapshots(settings(tmp_path))
    assert asyncio.run(snapshots.refresh()) is False
    assert snapshots.current.version == folders[0].name
    name_current(folders[1]) if name != "current" else (home / name).rename(folders[0])
    name_current(folders[1])
    assert asyncio.run(snapshots.refresh()) is True


@pytest.mark.parametrize("memory_triples", [0, 1_000_000], ids=["store on disk", "store in memory"])
def test_a_store_is_not_opened_where_the_engine_has_no_threads_for_it(
    folders: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch, memory_triples: int
) -> None:
    """It would end the whole process, with what is served."""
    with monkeypatch.context() as short:
        short.setattr(threading.Thread, "start", no_thread)
        with pytest.raises(SnapshotError, match="can't start new thread"):
            open_snapshot(folders[0], memory_triples)
    open_snapshot(folders[0], memory_triples)


def test_threads_that_are_tried_leave_their_places_to_the_engine(
    folders: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it finds none where the machine allows just as many as it needs."""
    before, left, opened = threading.active_count(), list[int](), Store.read_only

    def watched(path: str) -> Store:
        left.append(threading.active_count() - before)
        return opened(path)

    monkeypatch.setattr("server.snapshot.Store", SimpleNamespace(read_only=watched))
    open_snapshot(folders[0])
    assert left
    assert max(left) <= 0


def no_thread(_: threading.Thread) -> None:
    """What starting a thread does when the machine allows no further one."""
    raise RuntimeError("can't start new thread")


def test_a_flipped_byte_in_any_file_is_noticed(folders: tuple[Path, ...]) -> None:
    folder = folders[0]
    open_snapshot(folder)
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in ("LOG", "LOCK")]
    assert len(files) > 12
    for path in files:
        whole = path.read_bytes()
        for place in {0, len(whole) // 3, len(whole) - 1} if whole else ():
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            with pytest.raises(SnapshotError):
                open_snapshot(folder)
        path.write_bytes(whole)
    open_snapshot(folder)


@pytest.mark.parametrize("what", ["cut", "other bytes of the same length", "gone", "longer"])
def test_a_file_that_is_changed_under_a_running_server_is_noticed_and_not_sent(
    folders: tuple[Path, ...], tmp_path: Path, what: str
) -> None:
    dump = folders[0] / "dumps" / "palermo.nq"
    whole = dump.read_bytes()
    damage = {"cut": whole[:-1], "other bytes of the same length": b"#" + whole[1:], "longer": whole + b"#"}
    with TestClient(create_app(settings(tmp_path))) as client:
        assert client.get("/dumps/palermo.nq").content == whole
        dump.unlink() if what == "gone" else dump.write_bytes(damage[what])
        refused = client.get("/dumps/palermo.nq")
        assert refused.status_code == (404 if what == "gone" else 503)
        assert "changed dumps/palermo.nq\n" in client.get("/health/ready").text
        assert "palermo_files_changed 1.0" in client.get("/metrics").text
        dump.write_bytes(whole)
        assert client.get("/dumps/palermo.nq").content == whole
        assert "changed" not in client.get("/health/ready").text


PARAGRAPH = "/doc/document/som-wg-2015/paragraph/24.html"
SELECT = "/sparql?query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+9"


@pytest.mark.parametrize(
    ("pattern", "asked"),
    [("search.sqlite", ("/recommendations", "/search?q=states")), ("store/*.sst", ("/themes", SELECT))],
)
def test_what_is_damaged_under_a_running_server_is_told_and_is_no_error_of_the_program(
    folders: tuple[Path, ...], tmp_path: Path, pattern: str, asked: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    with TestClient(create_app(settings(tmp_path, memory_triples=0)), raise_server_exceptions=False) as client:
        for path in folders[0].glob(pattern):
            size = path.stat().st_size
            with path.open("r+b") as file:  # in place: whoever has it open reads the other bytes
                file.write(b"\xa5" * size)
        for path in asked:
            reply = client.get(path)
            assert (reply.status_code, "retry-after" in reply.headers) == (503, True), path
            assert re.search("not be read|no process that runs", reply.text)
            assert str(tmp_path) not in reply.text
        ready = client.get("/health/ready", headers={"Accept": "text/plain"})
        assert ready.status_code == 503 or f"changed {pattern.partition('*')[0]}" in ready.text
    assert {"data cannot be read", "file changed"} <= {record.getMessage() for record in caplog.records}


@pytest.mark.linux
def test_a_block_of_the_store_that_is_damaged_under_a_running_server_takes_neither_its_memory_nor_its_other_pages(
    folders: tuple[Path, ...], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The engine does not end a query that meets such a block: it takes 200 MB a second until memory is full."""
    limits: dict[str, object] = {"memory_triples": 0, "page_seconds": 60, "snapshot_poll_seconds": 0.05}
    limits |= {"query_memory_bytes": 300_000_000}
    with TestClient(create_app(settings(tmp_path, **limits)), raise_server_exceptions=False) as client:
        for path in folders[0].glob("store/*.sst"):
            if path.stat().st_size > 3_000:  # those of the statements, whose blocks of data come first
                with path.open("r+b") as file:
                    file.write(b"\xa5" * 100)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(2):
            reply = client.get(PARAGRAPH)
            assert (reply.status_code, "retry-after" in reply.headers) == (503, True)
            assert "The data could not be read" in reply.text
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
        assert client.get("/data").status_code == 200
        until(lambda: "palermo_files_changed 0.0" not in client.get("/metrics").text, "The damage in the metrics")
        assert "palermo_pages_late 0.0" in client.get("/metrics").text
        count = client.get("/sparql?query=SELECT+(COUNT(*)+AS+%3Fn)+%7B+%3Fs+%3Fp+%3Fo+%7D")
        assert count.status_code == 503, "It is not the query that needs too much memory."
        name_current(folders[1])
        until(lambda: client.get(PARAGRAPH).status_code == 200, "A page from the next version")
        assert client.get("/health/ready").text.startswith(f"ready {folders[1].name}\n")
    reasons = [getattr(record, "reason", "") for record in caplog.records]
    assert any("evaluated a question of a page was ended" in reason for reason in reasons), reasons
    assert "worker did not start" not in {record.getMessage() for record in caplog.records}


def test_a_snapshot_whose_index_has_no_figures_has_a_home_page(small_client: TestClient) -> None:
    found = small_client.get("/", headers={"accept": "text/html"})
    assert found.status_code == 200
    assert '<dt><a href="/recommendations">recommendations</a></dt><dd>0</dd>' in found.text
    assert ">directives in them</a>" not in found.text


def test_a_server_on_which_no_worker_starts_serves_pages_refuses_queries_and_recovers(
    folders: tuple[Path, ...], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    served = create_app(settings(tmp_path, memory_triples=1_000_000))
    store, away = folders[0] / "store", tmp_path / "away"
    store.rename(away)
    with TestClient(served, raise_server_exceptions=False) as client:
        assert client.get("/recommendations").status_code == 200
        refused, ready = client.get(SELECT), client.get("/health/ready", headers={"Accept": "text/plain"})
        assert (refused.status_code, "retry-after" in refused.headers) == (503, True)
        assert (ready.status_code, "Queries cannot be run. " in ready.text) == (503, True)
        assert "worker did not start" in {record.getMessage() for record in caplog.records}
        away.rename(store)
        assert client.get(SELECT).status_code == 200
        assert client.get("/health/ready").status_code == 200


def test_the_page_of_an_error_that_cannot_be_made_for_want_of_the_index_is_no_fault_of_the_program(
    folders: tuple[Path, ...], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with TestClient(create_app(settings(tmp_path)), raise_server_exceptions=False) as client:
        (folders[0] / SEARCH).rename(tmp_path / "away")
        reply = client.get("/recommendations", headers={"Accept": "text/html"})
        assert (reply.status_code, "retry-after" in reply.headers) == (503, True)
    assert {"data cannot be read"} == {record.getMessage() for record in caplog.records if record.levelname == "ERROR"}


def test_a_pipe_in_place_of_an_empty_file_keeps_nobody_waiting(folders: tuple[Path, ...], tmp_path: Path) -> None:
    (folders[0] / "empty").touch()
    list_also(folders[0], "empty")
    with TestClient(create_app(settings(tmp_path))) as client:
        (folders[0] / "empty").unlink()
        os.mkfifo(folders[0] / "empty")
        assert "changed empty\n" in client.get("/health/ready").text


def test_a_file_that_becomes_shorter_while_it_is_sent_is_no_whole_response(tmp_path: Path) -> None:
    async def read() -> None:
        pieces = [piece async for piece in pieces_of_file(tmp_path / "dump", 12)]
        assert pieces == [b"twelve bytes"]

    (tmp_path / "dump").write_bytes(b"twelve bytes and more")
    asyncio.run(read())
    (tmp_path / "dump").write_bytes(b"twelve byte")
    with pytest.raises(OSError, match="became shorter"):
        asyncio.run(read())


def lose(home: Path) -> None:
    """The link is gone."""
    (home / "current").unlink()


def loop(home: Path) -> None:
    """The link leads to itself."""
    (home / "current").unlink()
    (home / "current").symlink_to("current")


def dangle(home: Path) -> None:
    """The link leads to nothing."""
    (home / "current").unlink()
    (home / "current").symlink_to("versions/20200101-0000000000")


@pytest.mark.parametrize("what", [*DAMAGE, "no link", "a link to itself", "a link to nothing"])
def test_a_damaged_snapshot_is_not_switched_to_the_next_good_one_is_and_no_server_starts_on_it(
    folders: tuple[Path, ...], tmp_path: Path, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    first, fresh, good = folders
    snapshots = Snapshots(settings(tmp_path))
    name_current(fresh)
    links = {"no link": lose, "a link to itself": loop, "a link to nothing": dangle}
    links[what](home_of(tmp_path, BASE)) if what in links else DAMAGE[what](fresh)
    for _ in range(3):
        assert asyncio.run(snapshots.refresh()) is False
    assert snapshots.current.version == first.name
    assert (fresh.name if what not in links else "There is no snapshot") in snapshots.refusal
    assert [record.getMessage() for record in caplog.records] == ["snapshot refused"]
    assert snapshots.refusals == 1
    for memory_triples in (0, 1_000_000) if "store" in what else (0,):
        with pytest.raises(SnapshotError) as refused:
            Snapshots(settings(tmp_path, memory_triples=memory_triples))
        assert re.fullmatch(r"[^\n]{20,400}\.", str(refused.value)), refused.value
    name_current(good)
    assert asyncio.run(snapshots.refresh()) is True
    assert (snapshots.current.version, snapshots.refusal) == (good.name, "")


def test_a_version_that_is_mended_in_place_is_taken_when_the_server_is_told_to_look(
    folders: tuple[Path, ...], tmp_path: Path
) -> None:
    fresh = folders[1]
    snapshots = Snapshots(settings(tmp_path, snapshot_poll_seconds=600))
    name_current(fresh)
    whole = (fresh / "graph.nq").read_bytes()
    (fresh / "graph.nq").write_bytes(whole[:-1])

    async def look() -> None:
        watching = asyncio.create_task(snapshots.watch())
        snapshots.look_again()
        while not snapshots.refusal:
            await asyncio.sleep(0.001)
        (fresh / "graph.nq").write_bytes(whole)
        snapshots.look_again()
        while snapshots.refusal:
            await asyncio.sleep(0.001)
        watching.cancel()

    asyncio.run(asyncio.wait_for(look(), 60))
    assert snapshots.current.version == fresh.name


def test_a_version_that_cannot_be_prepared_is_tried_again_with_growing_pauses(
    folders: tuple[Path, ...], tmp_path: Path
) -> None:
    tries: list[str] = []

    async def fail(snapshot: Snapshot) -> None:
        tries.append(snapshot.version)
        raise OSError("no worker")

    async def watch_for_a_moment() -> None:
        watching = asyncio.create_task(snapshots.watch())
        while len(tries) < 2:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.5)
        watching.cancel()

    snapshots = Snapshots(settings(tmp_path, snapshot_poll_seconds=0.005), fail)
    name_current(folders[1])
    asyncio.run(asyncio.wait_for(watch_for_a_moment(), 60))
    assert len(tries) < 12


def test_whatever_fails_while_a_snapshot_is_prepared_the_watcher_goes_on(
    folders: tuple[Path, ...], tmp_path: Path
) -> None:
    first, fresh = folders[0].name, folders[1].name

    async def fail(snapshot: Snapshot) -> None:
        raise RecursionError(f"no worker for {snapshot.version}")

    snapshots = Snapshots(settings(tmp_path), fail)
    name_current(folders[1])
    assert asyncio.run(snapshots.refresh()) is False
    assert snapshots.current.version == first
    assert f"no worker for {fresh}" in snapshots.refusal


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://data.example.org/", "https://data.example.org/"),
        ("http://data.example.org/a/b/", "http://data.example.org/a_b/"),
        ("http://data.example.org/a/b/", "http://data.example.org/a-b/"),
        ("http://data.example.org/A/", "http://data.example.org/a/"),
        ("http://data.example.org:80/", "http://data.example.org/80/"),
        ("http://data-example.org/", "http://data.example.org/"),
        ("http://data.example.org/é/", "http://data.example.org/e/"),
    ],
)
def test_two_bases_have_two_folders(one: str, other: str) -> None:
    slugs = {Base(one).slug, Base(other).slug}
    assert len(slugs) == 2
    assert all(re.fullmatch(r"[a-z0-9.+_=A-F-]+", slug) for slug in slugs)


def test_a_snapshot_in_a_folder_of_the_former_name_is_found_by_its_own_base_only(tmp_path: Path) -> None:
    published = publish_small(tmp_path, BASE)
    (tmp_path / BASE.slug).rename(tmp_path / BASE.former_slug)
    assert Snapshots(settings(tmp_path)).current.version == published.name
    assert home_of(tmp_path, BASE) == tmp_path / "localhost-9"
    with pytest.raises(SnapshotError, match="There is no snapshot"):
        Snapshots(settings(tmp_path, base="https://localhost:9/"))


def test_a_snapshot_of_another_base_is_not_served_although_a_setting_names_its_folder(tmp_path: Path) -> None:
    folder = publish_small(tmp_path, BASE)
    with pytest.raises(SnapshotError, match=r"built for the base http://localhost:9/.*base is https://localhost:9/"):
        Snapshots(settings(tmp_path, base="https://localhost:9/", snapshot=folder))


def test_versions_are_listed_newest_first_by_their_number_too(folders: tuple[Path, ...], tmp_path: Path) -> None:
    first, *later = folders
    for number in (9, 10):
        again = shutil.copytree(first, first.with_name(f"{first.name}.{number}"))
        say(again, version=again.name)
        shutil.copystat(first / MANIFEST, again / MANIFEST)
    listed = Snapshots(settings(tmp_path)).versions()
    assert listed == (
        *(folder.name for folder in reversed(later)),
        *(f"{first.name}{end}" for end in (".10", ".9", "")),
    )


def test_a_damaged_older_version_is_not_read_again_for_each_request(
    folders: tuple[Path, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older, whole = folders[1], (folders[1] / "graph.nq").read_bytes()
    snapshots, now = Snapshots(settings(tmp_path)), time.monotonic()
    for content, later, is_whole in ((whole[:-9], 0, False), (whole, 1, False), (whole, 61, True)):
        (older / "graph.nq").write_bytes(content)
        monkeypatch.setattr(time, "monotonic", lambda later=later: now + later)
        if is_whole:
            assert snapshots.version(older.name).version == older.name
        else:
            with pytest.raises(SnapshotError, match=r"graph\.nq"):
                snapshots.version(older.name)
