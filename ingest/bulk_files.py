"""A published snapshot as files for an engine's bulk loader: minutes where the Graph Store Protocol takes hours.

``graphs.nq`` holds each statement twice, in its own graph of the version and in the graph of everything; ``record.nq``
says that the version is whole and is loaded after it. The names are those of `ontology.versions`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from ingest.publish import sorted_nquads
from ontology.namespaces import Base
from ontology.versions import Version

GRAPHS, RECORD = "graphs.nq", "record.nq"


def write_bulk_files(snapshot: Path, folder: Path) -> Version:
    """Writes both files for a snapshot into a folder, which is made; returns the version. Needs twice the size of
    ``graph.nq`` and no memory to speak of."""
    manifest = json.loads((snapshot / "manifest.json").read_text(encoding="utf-8"))
    version = Version(Base(manifest["base"]), manifest["version"])
    everything = f" {version.everything} .\n".encode()
    ends: dict[bytes, bytes] = {}
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / GRAPHS).open("wb") as output:
        for name in ("graph.nq", "catalogue.nq"):
            with (snapshot / name).open("rb") as lines:
                for line in lines:
                    statement, _, graph = line.rpartition(b" <")
                    if graph not in ends:
                        iri = graph.decode().removesuffix("> .\n")
                        ends[graph] = f" {version.graph(iri)} .\n".encode()
                    output.write(statement + ends[graph] + statement + everything)
    graphs = sorted(end.decode()[2:].removesuffix("> .\n") for end in ends.values())
    said = version.statements(manifest["built"], map(NamedNode, graphs))
    (folder / RECORD).write_bytes(
        sorted_nquads(Quad(each.subject, each.predicate, each.object, version.record) for each in said)
    )
    return version


def run_bulk_files(snapshot: Path, folder: Path, say: Callable[[str], None]) -> int:
    """Writes the files; returns 0, or 1 with a sentence on what went wrong."""
    try:
        version = write_bulk_files(snapshot, folder)
    except OSError as problem:
        for name in (GRAPHS, RECORD):  # half of a graph must not be loaded as a whole one
            (folder / name).unlink(missing_ok=True)
        say(f"palermo: {problem}. Nothing is left in {folder}.")
        return 1
    say(f"Version {version.name} is in {folder / GRAPHS} and, to be loaded after it, {folder / RECORD}.")
    return 0
