"""Parquet and SQLite beside the CSV tables: the same cells, with types and keys, as other people's programs read them."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ingest.table_files import ROWS, write_parquet
from ontology.layout import TABLES


@pytest.fixture(scope="module")
def dumps(built_snapshot: Path) -> Path:
    """The folder of downloads of the real document."""
    (folder,) = built_snapshot.glob("*/current/dumps")
    return folder


@pytest.fixture(scope="module")
def database(dumps: Path) -> Iterator[sqlite3.Connection]:
    """The SQLite file, opened for reading."""
    with closing(sqlite3.connect(f"file:{dumps / 'palermo.db'}?mode=ro", uri=True)) as connection:
        yield connection


def table_of(dumps: Path, name: str) -> list[list[str]]:
    with (dumps / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def as_csv(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def cells(path: Path) -> list[list[str]]:
    """A Parquet file as its table is in CSV, with its header."""
    table = pq.read_table(path)
    return [list(table.column_names), *([as_csv(cell) for cell in row.values()] for row in table.to_pylist())]


@pytest.mark.parametrize("name", TABLES)
def test_a_parquet_file_has_the_cells_of_its_table(name: str, dumps: Path) -> None:
    assert cells(dumps / f"{name}.parquet") == table_of(dumps, name)


def test_numbers_and_truth_values_have_their_types(dumps: Path) -> None:
    import pandas as pd

    mentions = pd.read_parquet(dumps / "mentions.parquet")
    assert [mentions[name].dtype.kind for name in ("start", "end", "cites")] == ["i", "i", "b"]
    directives = pd.read_parquet(dumps / "directives.parquet")
    assert directives.number.dtype.kind == "i"
    assert directives.force.isna().sum() == 6  # requested and recommended have no force


def test_a_table_of_more_rows_than_a_group_and_with_every_kind_of_cell_reads_back(tmp_path: Path) -> None:
    rows = [
        [f"ё{n}" if n % 3 else "", str(n - 7) if n % 5 else "", ("true", "false", "")[n % 3]] for n in range(ROWS + 9)
    ]
    write_parquet(tmp_path / "x.parquet", {"words": "text", "at": "number", "is": "truth"}, iter(rows))
    header, *read = cells(tmp_path / "x.parquet")
    assert header == ["words", "at", "is"]
    assert read == rows
    assert pq.ParquetFile(tmp_path / "x.parquet").num_row_groups == 2


def test_a_table_without_rows_is_one(tmp_path: Path) -> None:
    write_parquet(tmp_path / "x.parquet", {"words": "text"}, [])
    assert cells(tmp_path / "x.parquet") == [["words"]]


def test_the_database_is_whole_and_its_keys_lead_somewhere(dumps: Path, database: sqlite3.Connection) -> None:
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    for name in TABLES:
        (count,) = database.execute(f"SELECT count(*) FROM {name}").fetchone()
        assert count == len(table_of(dumps, name)) - 1, name


def test_every_column_of_a_table_is_in_the_database(dumps: Path, database: sqlite3.Connection) -> None:
    elsewhere = {
        ("directives", "addressees"), ("directives", "askedActors"), ("directives", "number"), ("links", "number"),
        ("provisions", "label"),
    }  # fmt: skip
    """As rows of directive_actors, by way of the recommendation, and as ``name``."""
    for name in TABLES:
        columns = {row[1] for row in database.execute(f"PRAGMA table_info({name})")}
        assert {(name, column) for column in table_of(dumps, name)[0]} - {(name, one) for one in columns} <= elsewhere


def test_datasette_finds_labels_links_and_a_search_in_it(database: sqlite3.Connection) -> None:
    """Datasette's rules: a column ``name`` is the label; a foreign key is a link; an FTS table with content is a search."""
    for name in ("actors", "provisions", "recommendations", "directives"):
        assert "name" in {row[1] for row in database.execute(f"PRAGMA table_info({name})")}
    links = {(row[2], row[3]) for row in database.execute("PRAGMA foreign_key_list(directive_actors)")}
    assert links == {("directives", "directive"), ("actors", "actor")}
    found = database.execute(
        "SELECT name FROM recommendations WHERE rowid IN "
        "(SELECT rowid FROM recommendations_fts WHERE recommendations_fts MATCH 'consular')"
    )
    assert found.fetchall() == [("som-wg-2015, paragraph 24",), ("som-wg-2015, paragraph 29",)]


def test_the_actors_of_a_directive_are_rows(database: sqlite3.Connection) -> None:
    asked = database.execute(
        "SELECT recommendations.number FROM directive_actors JOIN directives USING (directive) "
        "JOIN recommendations USING (recommendation) WHERE role = 'asked' AND actor LIKE '%/actor/unodc' ORDER BY 1"
    )
    assert [number for (number,) in asked] == [38, 40, 41, 83]
