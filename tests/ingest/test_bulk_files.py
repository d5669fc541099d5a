"""A snapshot as files for a bulk loader: the same graphs as the Graph Store Protocol makes."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from ingest.remote_publishing import GRAPHS, RECORD, run_bulk_files, write_bulk_files
from ontology.layout import Version
from server.snapshot import Snapshot

HAS_PART = "http://purl.org/dc/terms/hasPart"


def test_each_statement_is_in_its_own_graph_of_the_version_and_in_that_of_everything(
    small_snapshot: Snapshot, tmp_path: Path
) -> None:
    version = write_bulk_files(small_snapshot.folder, tmp_path / "files")
    assert version == Version(small_snapshot.base, small_snapshot.version)
    expected = set()
    for name in ("graph.nq", "catalogue.nq"):
        for quad in parse((small_snapshot.folder / name).read_bytes(), RdfFormat.N_QUADS):
            assert isinstance(quad.graph_name, NamedNode)
            expected |= {
                (str(quad.triple), graph) for graph in (version.graph(quad.graph_name.value), version.everything)
            }
    written = (tmp_path / "files" / GRAPHS).read_bytes()
    assert {(str(quad.triple), quad.graph_name) for quad in parse(written, RdfFormat.N_QUADS)} == expected


def test_the_record_names_every_graph_and_stands_by_itself(small_snapshot: Snapshot, tmp_path: Path) -> None:
    version = write_bulk_files(small_snapshot.folder, tmp_path)
    record = list(parse((tmp_path / RECORD).read_bytes(), RdfFormat.N_QUADS))
    assert {quad.graph_name for quad in record} == {version.record}
    parts = {quad.object for quad in record if quad.predicate.value == HAS_PART}
    assert parts == {version.everything, *(version.graph(graph.value) for graph in small_snapshot.graphs)}


def test_a_folder_that_is_no_snapshot_is_said_to_be_none(tmp_path: Path) -> None:
    said: list[str] = []
    assert run_bulk_files(tmp_path / "nothing", tmp_path / "files", said.append) == 1
    assert "manifest.json" in said[0]
