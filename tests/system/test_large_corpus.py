"""A corpus of 100,000 recommendations, as far as its pages read the index: none of them holds the event loop.

The index is that of the real document many times over, written in seconds: of each copy the rows of its paragraphs,
directives and links, and its numbers in every set. The graph stays that of one document.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pyroaring import BitMap
from starlette.testclient import TestClient

from ontology.layout import MANIFEST, SEARCH, checksum_of, sha256
from server.app import create_app
from server.settings import Settings
from server.snapshot import Snapshots
from tests.server.web.test_event_loop import BR, LONGEST

pytestmark = pytest.mark.system
TIMES, OWN = 1_140, "som-wg-2015"
GETS = (
    "/",
    "/recommendations",
    "/recommendations?q=border",
    "/recommendations?page=900",
    "/search?q=border",
    "/search?q=the+of+and",
    "/search?q=" + "+".join("a" * 245),
    "/crossref",
    "/crossref?by=theme",
    "/crossref.csv?basis=cited",
    "/documents",
    "/quality",
    "/doc/actor/states-parties",
    "/doc/theme/sea",
    "/doc/instrument/smuggling-protocol/article/11",
    "/sitemap.xml",
)
COPIES = f"""
CREATE TEMP TABLE copy AS WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < {TIMES - 1}) SELECT i FROM c;
INSERT INTO entry SELECT id + i * :rows, replace(iri, '{OWN}', 'copy-' || i), kind, label, text,
  replace(document, '{OWN}', 'copy-' || i), number, line
  FROM copy, (SELECT * FROM entry WHERE document IS NOT NULL ORDER BY id) ORDER BY 1;
INSERT INTO record (kind, key, content) SELECT kind, key + i * :rows, replace(content, '{OWN}', 'copy-' || i)
  FROM copy, (SELECT * FROM record WHERE kind IN ('directive', 'link')) ORDER BY 2;
INSERT INTO fts (fts) VALUES ('rebuild');
"""


def grow(path: Path) -> None:
    """Makes the index of one document that of many."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA synchronous = OFF")
        rows = database.execute("SELECT max(id) FROM entry").fetchone()[0]
        for statement in COPIES.split(";\n")[:-1]:
            database.execute(statement.replace(":rows", str(rows)))
        facts = database.execute("SELECT id, way, label, term, narrow, members FROM fact").fetchall()
        for number, way, label, term, narrow, packed in facts:
            own = BitMap.deserialize(packed)
            copies = [own.shift(copy * rows) for copy in range(TIMES)]
            if way == "document":
                columns = "INSERT INTO fact (way, value, label, term, narrow, members) VALUES (?, ?, ?, ?, ?, ?)"
                database.executemany(
                    columns,
                    (
                        (
                            way,
                            f"copy-{copy}",
                            f"{label} {copy}",
                            term.replace(OWN, f"copy-{copy}"),
                            narrow,
                            members.serialize(),
                        )
                        for copy, members in enumerate(copies[1:], start=1)
                    ),
                )
            else:
                members = BitMap.union(*copies).serialize()
                database.execute("UPDATE fact SET members = ? WHERE id = ?", (members, number))


@pytest.fixture(scope="module")
def large(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings for the corpus."""
    root = tmp_path_factory.mktemp("large")
    shutil.copytree(settings.snapshots, root, symlinks=True, dirs_exist_ok=True)
    own = settings.model_copy(update={"snapshots": root, "page_seconds": 120.0})
    folder = (own.folder / "current").resolve()
    grow(folder / SEARCH)
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"][SEARCH] |= {"bytes": (folder / SEARCH).stat().st_size, "sha256": sha256(folder / SEARCH)}
    (folder / MANIFEST).write_text(json.dumps(manifest | {"checksum": checksum_of(manifest)}))
    assert len(Snapshots(own).current.index.recommendations) > 100_000
    return own


def test_no_page_of_a_large_corpus_holds_the_event_loop(large: Settings, steps: list[float]) -> None:
    slow: dict[str, float] = {}
    with TestClient(create_app(large), follow_redirects=False) as client:
        for path in GETS:
            for _ in range(2):  # the second comes from the cache where the first is stored
                steps.clear()
                assert client.get(path, headers=BR).status_code == 200, path
                slow[path] = max(*steps, slow.get(path, 0))
    assert {path: taken for path, taken in slow.items() if taken > LONGEST} == {}
