"""When what is said of each thing came and last changed, from version to version, and the versions of documents
that were issued again, with the words of each.

A thing changes when its statements do, not when a build runs. Each snapshot carries the dates of all things and the
changes between the versions before it, so that they stay when older versions are removed. A thing without a row has not
changed since the first version that is known.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from ingest.corpus import earlier_versions
from ingest.describing.structure import section_name
from ingest.document import Document
from ingest.reading import read_document
from ontology.differences import statement_changes, subject_of, touched
from ontology.layout import HISTORY
from ontology.namespaces import Base

MOST = 100_000
"""How many changes are kept; the oldest go first."""
_TABLES = """
CREATE TABLE since (moment TEXT NOT NULL);
CREATE TABLE thing (iri TEXT PRIMARY KEY, created TEXT NOT NULL, modified TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE change (id INTEGER PRIMARY KEY, version TEXT NOT NULL, moment TEXT NOT NULL, way TEXT NOT NULL,
  iri TEXT NOT NULL);
"""


def write_history(
    folder: Path, version: str, built: str, base: Base, previous: Path | None, said: dict[str, Any]
) -> None:
    """Writes the history of a version beside its graph; ``previous`` is the snapshot before it, ``said`` its manifest.
    ``built`` is its time as ``xsd:dateTime``."""
    graph, path, dataset = folder / "graph.nq", folder / HISTORY, f"{base.iri}dataset"
    known = previous is not None and (previous / HISTORY).is_file()
    if previous is not None and known:
        shutil.copyfile(previous / HISTORY, path)
    with closing(sqlite3.connect(path)) as database, database:
        if not known:
            database.executescript(_TABLES)
            since = str(said.get("built", built)) if previous is not None else built
            database.execute("INSERT INTO since VALUES (?)", (since,))
        database.execute("CREATE INDEX IF NOT EXISTS change_of ON change (iri)")
        ways: dict[str, str] = {}
        if previous is not None and (previous / "graph.nq").is_file():
            ways = dict(_ways(previous / "graph.nq", graph, base))
        for iri, way in ways.items():
            if way == "delete":
                database.execute("DELETE FROM thing WHERE iri = ?", (iri,))
            elif way == "create":
                database.execute("INSERT OR REPLACE INTO thing VALUES (?, ?, ?)", (iri, built, built))
            else:
                database.execute(
                    "INSERT INTO thing VALUES (?, (SELECT moment FROM since), ?) "
                    "ON CONFLICT (iri) DO UPDATE SET modified = excluded.modified",
                    (iri, built),
                )
        first = database.execute("SELECT 1 FROM change LIMIT 1").fetchone() is None
        rows = [
            (version, built, "create" if first else "update", dataset),
            *((version, built, w, i) for i, w in ways.items()),
        ]
        database.executemany("INSERT INTO change (version, moment, way, iri) VALUES (?, ?, ?, ?)", rows)
        database.execute("INSERT OR REPLACE INTO thing VALUES (?, (SELECT moment FROM since), ?)", (dataset, built))
        database.execute("DELETE FROM change WHERE id <= (SELECT MAX(id) FROM change) - ?", (MOST,))


def _ways(before: Path, after: Path, base: Base) -> Iterator[tuple[str, str]]:
    """What was created, updated or deleted among the things below the base, by name."""
    changed: set[str] = set()
    for _, line in statement_changes(before, after):
        changed |= {iri for iri in touched(line, f"{base.iri}id/") if iri.startswith(base.iri)}
    had, has = (_subjects(path, changed) for path in (before, after))
    graphs = f"{base.iri}graph/"
    for iri in sorted(changed):
        if iri.startswith(graphs) or (iri in had) == (iri in has):
            yield iri, "update"
        else:
            yield iri, "create" if iri in has else "delete"


def _subjects(path: Path, among: set[str]) -> set[str]:
    """Returns those of the things that are subjects in a graph."""
    with path.open(encoding="utf-8") as lines:
        return {subject for line in lines if (subject := subject_of(line)) in among} if among else set()


def write_versions(sources: Path, slugs: Iterable[str], to: Path) -> None:
    """Writes the versions of each document that has several, oldest first, the current one last, as JSON."""
    versions = {}
    for slug in slugs:
        if earlier := earlier_versions(sources, slug):
            versions[slug] = [_version(read_document(path)) for path in (*earlier, sources / f"{slug}.toml")]
    to.write_text(json.dumps(versions, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _version(document: Document) -> dict[str, object]:
    known = document.metadata
    ordered = sorted(_parts(document))
    return {
        "issued": known.issued.isoformat(),
        "title": known.title,
        "language": known.language,
        "file": known.source_file,
        "parts": [[key, label, text] for _, key, label, text in ordered],
    }


def _parts(document: Document) -> Iterator[tuple[int, str, str, str]]:
    """Order, name below the document, label and words of every part but the masthead."""
    for section in document.sections:
        yield section.order, f"section/{'/'.join(section.path)}", section_name(section), section.heading
    for text in document.all_texts:
        yield text.part.order, text.path.removeprefix(f"{document.path}/"), text.name, text.words
