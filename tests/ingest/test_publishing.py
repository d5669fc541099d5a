"""Publishing: all or nothing. A build is killed at every step, and what was there before is there after."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import re
import shutil
import signal
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

from ingest.errors import BuildError
from ingest.publish import new_draft, prune, sorted_nquads, versions_by_time
from ontology.layout import ROOT, sha256
from ontology.namespaces import Base

BASE = Base("http://localhost:9/")
HOME = BASE.slug
VERSION = re.compile(r"\d{8}-[0-9a-f]{10}(\.\d+)?")

MOMENTS = {
    "before the folder is made": ("os.mkdir", "versions/.", 1),
    "before the graph is written": ("open", "graph.nq", 1),
    "while the catalogue, dumps and reports are written": ("open", "dumps/palermo.nq", 1),
    "when the store is open and empty": ("open", "graph.nq", 2),
    "when the store is half full": ("open", "catalogue.nq", 2),
    "before the manifest is written": ("open", "manifest.json", 1),
    "before the folder gets its name": ("os.rename", "versions", 1),
    "between the name and the link": ("os.symlink", "", 1),
    "before the link is put in place": ("os.rename", ".current", 1),
}
"""Moments by the audit event that happens next (PEP 578): name, words among its values, how many times it happened."""
FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["tests.ingest.test_publishing"])


def publish_little(root: Path, base: Base = BASE, now: datetime | None = None) -> Path:
    """Publishes a graph of one statement with a catalogue and a dump; returns the snapshot's folder."""
    part, part_of, whole = (NamedNode(f"{base.iri}{name}") for name in ("id/a", "ontology#partOf", "id/b"))

    def in_graph(name: str) -> bytes:
        return sorted_nquads([Quad(part, part_of, whole, NamedNode(f"{base.iri}graph/{name}"))])

    with new_draft(root, base, now) as draft:
        draft.graph.write_bytes(in_graph("reference"))
        (draft.folder / "dumps").mkdir()
        (draft.folder / "dumps" / "palermo.nq").write_bytes(b"")
        (draft.folder / "catalogue.nq").write_bytes(in_graph("catalogue"))
        return draft.publish({"figures": {"triples": 1}})


def contents(folder: Path) -> dict[str, str]:
    """The checksum of every file of a folder."""
    return {str(path.relative_to(folder)): sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def publish_and_die(root: Path, event: str, words: str, times: int) -> None:
    """Publishes in a process that is killed just before the interpreter does something for the nth time."""
    left = times

    def watch(name: str, values: tuple[object, ...]) -> None:
        nonlocal left
        if name == event and words in " ".join(map(str, values)):
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    publish_little(root)


def run_killed(root: Path, moment: str) -> None:
    """Publishes in a process that is killed at a moment."""
    process = FORKED.Process(target=publish_and_die, args=(root, *MOMENTS[moment]))
    process.start()
    process.join(60)
    ended = process.exitcode
    process.kill()
    assert ended == -signal.SIGKILL


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_build_that_is_killed_leaves_the_old_snapshot_current_and_whole(tmp_path: Path, moment: str) -> None:
    old = publish_little(tmp_path)
    before = contents(old)
    run_killed(tmp_path, moment)
    current = tmp_path / HOME / "current"
    assert current.resolve() == old.resolve()
    assert contents(old) == before
    assert len(Store.read_only(str(current / "store"))) == 2

    fresh = publish_little(tmp_path)
    assert current.resolve() == fresh.resolve()
    assert contents(old) == before
    left = [path.name for path in (tmp_path / HOME).iterdir()] + [path.name for path in fresh.parent.iterdir()]
    assert {name for name in left if name.startswith(".")} == {".lock"}, "The next build clears away what was left."
    assert all(VERSION.fullmatch(path.name) and (path / "manifest.json").is_file() for path in fresh.parent.iterdir())


def test_a_first_build_that_is_killed_leaves_no_snapshot_that_could_be_served(tmp_path: Path) -> None:
    run_killed(tmp_path, "when the store is half full")
    assert not (tmp_path / HOME / "current").exists()
    assert publish_little(tmp_path).name == (tmp_path / HOME / "current").resolve().name


def test_a_build_that_fails_while_it_writes_changes_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    old = publish_little(tmp_path)

    def fail() -> None:
        with new_draft(tmp_path, BASE) as draft:
            draft.graph.write_bytes(b"half of it")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        fail()
    assert (tmp_path / HOME / "current").resolve() == old.resolve()
    assert [path.name for path in old.parent.iterdir()] == [old.name]


def test_a_second_build_at_once_is_told_so_and_changes_nothing(tmp_path: Path) -> None:
    with new_draft(tmp_path, BASE) as draft:
        with pytest.raises(BuildError) as refused:
            publish_little(tmp_path)
        assert str(refused.value) == f"Another build is writing to {tmp_path / HOME}. Wait for it to end."
        assert draft.folder.is_dir()
    assert list((tmp_path / HOME / "versions").iterdir()) == []


def test_builds_of_two_bases_do_not_meet(tmp_path: Path) -> None:
    with new_draft(tmp_path, BASE):
        publish_little(tmp_path, Base("https://example.org/soft-law/"))
    assert len([path for path in tmp_path.iterdir() if (path / "versions").is_dir()]) == 2


DAY = datetime(2026, 2, 3, 23, 59, 59, 999, UTC)


def test_the_version_is_the_day_and_the_checksum_of_the_graph(tmp_path: Path) -> None:
    names = [publish_little(tmp_path, BASE, DAY).name for _ in range(3)]
    digest = sha256(tmp_path / HOME / "current" / "graph.nq")[:10]
    assert names == [f"20260203-{digest}", f"20260203-{digest}.2", f"20260203-{digest}.3"]
    manifest = json.loads((tmp_path / HOME / "current" / "manifest.json").read_text())
    assert (manifest["version"], manifest["built"]) == (names[-1], "2026-02-03T23:59:59Z")
    assert manifest["figures"] == {"triples": 1}
    assert sorted(path.name for path in (tmp_path / HOME / "versions").iterdir()) == names, "Old versions are kept."


def test_versions_are_in_the_order_of_time(tmp_path: Path) -> None:
    later, earlier = DAY.replace(year=2027), DAY
    names = [publish_little(tmp_path, BASE, day).name for day in [later, *[earlier] * 11]]
    # Published first, but built last; and the eleventh of a day comes after its second.
    assert [path.name for path in versions_by_time(tmp_path / HOME)] == [*names[1:], names[0]]


def test_pruning_keeps_the_newest_and_the_current_version(tmp_path: Path) -> None:
    names = [publish_little(tmp_path, BASE, DAY.replace(year=2020 + number)).name for number in range(5)]
    current = tmp_path / HOME / "current"
    current.unlink()
    current.symlink_to(f"versions/{names[1]}")
    assert prune(tmp_path, BASE, 3) == [names[0], names[2]]
    left = sorted(path.name for path in (tmp_path / HOME / "versions").iterdir())
    assert left == [names[1], names[3], names[4]]
    assert prune(tmp_path, BASE, 3) == []
    assert prune(tmp_path, BASE, 1) == [names[3], names[4]]
    assert current.resolve().name == names[1]


def test_nothing_is_pruned_while_a_build_writes(tmp_path: Path) -> None:
    publish_little(tmp_path)
    with new_draft(tmp_path, BASE), pytest.raises(BuildError, match="Another build is writing"):
        prune(tmp_path, BASE, 1)


@pytest.mark.parametrize(("iri", "local"), [("http://localhost:9/", True), ("https://example.org/soft-law/", False)])
def test_the_manifest_says_whether_its_links_are_for_citing(tmp_path: Path, iri: str, local: bool) -> None:
    manifest = json.loads((publish_little(tmp_path, Base(iri)) / "manifest.json").read_text())
    assert manifest["format"] == 5
    assert manifest["base"] == iri
    assert manifest["localhost"] is local


def test_the_manifest_of_the_build_knows_every_file_with_size_and_checksum_and_every_graph(published: Path) -> None:
    manifest = json.loads((published / "manifest.json").read_text())
    assert manifest["files"].keys() == contents(published).keys() - {"manifest.json"}
    for name, facts in manifest["files"].items():
        content = (published / name).read_bytes()
        assert facts == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}, name
    lines = [line for name in ("graph.nq", "catalogue.nq") for line in (published / name).read_text().splitlines()]
    assert manifest["graphs"] == sorted({line.rpartition(" <")[2].removesuffix("> .") for line in lines})
    assert manifest["version"] == published.name
    assert manifest["version"].split("-")[1].partition(".")[0] == manifest["files"]["graph.nq"]["sha256"][:10]


def test_the_manifest_of_the_build_says_what_was_built_from_what(published: Path) -> None:
    manifest = json.loads((published / "manifest.json").read_text())
    source = (ROOT / "ingest" / "sources" / "som-wg-2015.md").read_bytes()
    expected = {"slug": "som-wg-2015", "sha256": hashlib.sha256(source).hexdigest()}
    assert manifest["sources"] == [expected | {"tables": ["themes", "concordance", "relations"]}]
    lines = (published / "graph.nq").read_bytes().splitlines()
    del manifest["figures"]["seconds"]
    tables = ROOT / "ingest" / "editorial" / "som-wg-2015"
    tables_of_links = [(tables / f"{name}.csv").read_text("utf-8") for name in ("concordance", "relations")]
    judged = sum(len(table.splitlines()) - 1 for table in tables_of_links)
    # 88 recommendations (5 to 92); 104 directives, 275 mentions and 32 citations by both readers; a link for each row.
    # Provisions are cited in 19, 24, 33, 43, 51, 53, 79, 83 and 91.
    assert manifest["figures"] == {
        "documents": 1,
        "recommendations": 88,
        "directives": 104,
        "mentions": 446,  # 32 of them the words of qualifiers, 139 of actions
        "citations": 32,
        "citing": 9,
        "links": judged,
        "triples": len(lines),
    }
    assert manifest["validation"]["conforms"] is True
    assert manifest["validation"]["violations"] == 0
    assert manifest["validation"]["shapes"] > 0
    assert manifest["validation"]["checked"] > 0


def test_the_store_holds_graph_and_catalogue_and_cannot_be_written(published: Path) -> None:
    store = Store.read_only(str(published / "store"))
    told = (published / "graph.nq").read_bytes() + (published / "catalogue.nq").read_bytes()
    # the store writes every integer type that it calculates with as xsd:integer
    lines = told.replace(b"#nonNegativeInteger>", b"#integer>").splitlines(keepends=True)
    assert sorted_nquads(store) == b"".join(sorted(lines))
    node = NamedNode("http://localhost:9/x")
    with pytest.raises((OSError, RuntimeError, ValueError)):
        store.add(Quad(node, node, node))


def test_a_reader_of_the_old_snapshot_keeps_it_while_a_new_one_is_published(tmp_path: Path) -> None:
    store = Store.read_only(str(publish_little(tmp_path) / "store"))
    before = len(store)
    publish_little(tmp_path)
    assert len(store) == before == len(list(store))


def test_a_folder_that_is_no_folder_is_an_error_of_the_system(tmp_path: Path) -> None:
    (tmp_path / HOME).write_text("")
    with pytest.raises(OSError, match=os.strerror(17)):
        publish_little(tmp_path)


@pytest.mark.parametrize("is_pipe", [False, True], ids=["another byte in it", "a pipe in its place"])
@pytest.mark.parametrize("name", ["graph.nq", "history.sqlite", "manifest.json"])
def test_a_damaged_current_version_is_mended_by_building_again(tmp_path: Path, name: str, is_pipe: bool) -> None:
    first, damaged = (publish_little(tmp_path, BASE, DAY.replace(year=year)) for year in (2025, 2026))
    content = (damaged / name).read_bytes()
    if is_pipe:
        (damaged / name).unlink()
        os.mkfifo(damaged / name)
    else:
        (damaged / name).write_bytes(bytes([content[0] ^ 1]) + content[1:])
    with new_draft(tmp_path, BASE, DAY.replace(year=2027)) as draft:
        for file in first.rglob("*"):
            if file.is_file() and file.relative_to(first).parts[0] not in ("store", "manifest.json", "history.sqlite"):
                (draft.folder / file.relative_to(first)).parent.mkdir(exist_ok=True)
                shutil.copy(file, draft.folder / file.relative_to(first))
        assert draft.same_as_current() is None
        mended = draft.publish({"figures": {"triples": 1}})
    with closing(sqlite3.connect(mended / "history.sqlite")) as history:
        (since,) = history.execute("SELECT moment FROM since").fetchone()
    assert since == "2025-02-03T23:59:59Z", "The history goes on from the newest version that is whole."


def test_what_is_no_version_is_neither_removed_nor_in_the_way(tmp_path: Path) -> None:
    kept = publish_little(tmp_path, BASE, DAY)
    for name in ("2026 by hand", f"{kept.name}-copy", ".snapshot"):
        (kept.parent / name).mkdir()
    (kept.parent / ".DS_Store").write_bytes(b"")
    fresh = publish_little(tmp_path, BASE, DAY.replace(year=2027))
    assert prune(tmp_path, BASE, 1) == [kept.name]
    left = {path.name for path in fresh.parent.iterdir()}
    assert left == {"2026 by hand", f"{kept.name}-copy", ".snapshot", ".DS_Store", fresh.name}


def test_a_folder_in_place_of_the_link_is_told_before_anything_is_built(tmp_path: Path) -> None:
    (tmp_path / HOME / "current").mkdir(parents=True)
    with pytest.raises(BuildError, match="is a folder and must be a link"), new_draft(tmp_path, BASE):
        pass
    assert not (tmp_path / HOME / "versions").exists()
