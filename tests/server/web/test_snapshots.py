"""Snapshots: opened read-only, switched without dropping a request, refused when they are not whole."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest
from pydantic import ValidationError

from ontology.namespaces import Base
from server.integrity import SnapshotError
from server.settings import Settings, describe_settings
from server.snapshot import Snapshot, Snapshots, open_snapshot
from tests.conftest import publish_small

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


def test_a_version_that_cannot_be_opened_leaves_the_one_in_place(tmp_path: Path) -> None:
    first = publish_small(tmp_path, BASE).name
    snapshots = Snapshots(settings(tmp_path))
    broken = publish_small(tmp_path, BASE)
    (broken / "manifest.json").write_text("{")
    assert asyncio.run(snapshots.refresh()) is False
    assert asyncio.run(snapshots.refresh()) is False
    assert snapshots.current.version == first


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


def test_another_format_of_snapshot_is_refused(tmp_path: Path) -> None:
    folder = publish_small(tmp_path, BASE)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"format": 99}))
    with pytest.raises(SnapshotError, match="format 99"):
        open_snapshot(folder)


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


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PALERMO_QUERY_DEADLINE_SECONDS", "2.5")
    assert Settings().query_deadline_seconds == 2.5


def test_every_setting_is_described_in_a_sentence() -> None:
    described = describe_settings()
    assert {name for name, _, _ in described} == {f"PALERMO_{name.upper()}" for name in Settings.model_fields}
    assert all(text.endswith(".") and text[0].isupper() for _, _, text in described)
