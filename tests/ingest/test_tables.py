"""What a build makes ready: CSV tables, dumps in every format, and the search index."""

from __future__ import annotations

import csv
import io
import sqlite3
import subprocess
import zipfile
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from ontology.layout import ROOT
from ontology.namespaces import Base
from ontology.terms import Names
from tests.ingest.conftest import DOCUMENT, Graph

TABLES = ("recommendations", "directives", "mentions", "links", "provisions", "actors")


def rows(published: Path, name: str) -> list[dict[str, str]]:
    """The rows of a table."""
    with (published / "dumps" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_is_a_row_for_each_of_the_88_recommendations_in_their_order(published: Path, graph: Graph) -> None:
    found = rows(published, "recommendations")
    assert [int(row["number"]) for row in found] == list(range(5, 93))
    assert Counter(row["meeting"].rpartition("/")[2] for row in found) == {"som-wg-2012": 55, "som-wg-2013": 33}
    for row in found:
        assert row["text"] == graph.text(f"{DOCUMENT}/paragraph/{row['number']}")
        assert row["heading"].startswith("Recommendations adopted by the Working Group at its ")


def test_the_directives_of_recommendation_83_are_four_rows_in_the_order_of_the_text(
    published: Path, base: Base
) -> None:
    found = [row for row in rows(published, "directives") if row["number"] == "83"]
    last = [row["modality"].rpartition("/")[2] for row in found]
    assert last == ["may-wish", "should", "should", "requested"]
    assert [row["force"] for row in found] == ["2", "5", "5", ""]
    assert [row["askedActors"] for row in found] == [f"{base.iri}id/actor/unodc", "", "", ""]
    assert [row["actions"].rpartition("/")[2] for row in found] == ["request", "include", "include", "assess"]
    assert found[0]["askedActions"].split() == [f"{base.iri}id/action/{slug}" for slug in ("collect", "prepare")]
    assert {row["considerOnly"] for row in found} == {"false"}
    assert len(rows(published, "directives")) == 104


def test_joint_addressees_stand_in_one_cell(published: Path, base: Base) -> None:
    (row,) = (row for row in rows(published, "directives") if row["number"] == "91")
    assert set(row["addressees"].split(" ")) == {f"{base.iri}id/actor/{name}" for name in ("states-parties", "unodc")}


def test_mentions_and_citations_are_counted_as_the_readers_did(published: Path) -> None:
    found = rows(published, "mentions")
    # Both readers: 275 names, of which 32 cite; 32 qualifiers; 139 actions (`test_reading_actions`).
    assert len(found) == 275 + 32 + 139
    assert Counter(row["cites"] for row in found) == {"true": 32, "false": 243 + 32 + 139}
    assert sum("/id/qualifier/" in row["entity"] for row in found) == 32
    assert all(len(row["words"]) == int(row["end"]) - int(row["start"]) for row in found)


def test_the_links_are_those_of_the_editorial_tables(published: Path, base: Base) -> None:
    expected = set()
    for name, relation, target in (
        ("concordance", "relatesTo", "id/instrument/{provision}"),
        ("relations", "", f"{DOCUMENT}/paragraph/{{earlier}}"),
        ("themes", "theme", "id/theme/{theme}"),
    ):
        path = ROOT / "ingest" / "editorial" / "som-wg-2015" / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                said = (relation or row["relation"], target.format(**row), row["reason"])
                expected.add((row["recommendation"], *said))
    found = {
        (row["number"], row["relation"].partition("#")[2], row["target"].removeprefix(base.iri), row["reason"])
        for row in rows(published, "links")
    }
    assert found == expected
    assert {row["reviewStatus"] for row in rows(published, "links")} == {"unreviewed"}


def test_the_articles_are_those_of_all_described_treaties(published: Path, base: Base) -> None:
    paths = [row["provision"].removeprefix(base.iri).split("/") for row in rows(published, "provisions")]
    articles = Counter(path[2] for path in paths if len(path) == 5 and path[3] == "article")
    assert articles["untoc"] == 41
    assert articles["smuggling-protocol"] == 25
    assert Counter(path[2] for path in paths if path[3] == "chapter")["smuggling-protocol"] == 4


def test_the_actors_are_those_of_the_conventions(published: Path) -> None:
    kinds = Counter(row["kind"].partition("#")[2] for row in rows(published, "actors"))
    assert kinds == {"Organization": 6, "Body": 5, "StateGroup": 6, "StakeholderGroup": 16, "Tool": 5}
    names = [row["name"] for row in rows(published, "actors")]
    assert "United Nations Office on Drugs and Crime" in names or "UNODC" in names


@pytest.mark.parametrize("name", TABLES)
def test_the_archive_holds_each_table_as_it_is(published: Path, name: str) -> None:
    with zipfile.ZipFile(published / "dumps" / "palermo-tables.zip") as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == sorted(f"{table}.csv" for table in TABLES)
        assert archive.read(f"{name}.csv") == (published / "dumps" / f"{name}.csv").read_bytes()
        assert archive.getinfo(f"{name}.csv").compress_size < archive.getinfo(f"{name}.csv").file_size


@pytest.mark.parametrize("name", TABLES)
def test_a_table_ends_its_lines_as_rfc_4180_has_it_and_all_rows_are_of_one_width(published: Path, name: str) -> None:
    text = (published / "dumps" / f"{name}.csv").read_bytes().decode()
    assert text.endswith("\r\n")
    widths = {len(row) for row in csv.reader(io.StringIO(text, newline=""), strict=True)}
    assert len(widths) == 1


def test_dumps_declare_the_published_prefixes(published: Path, base: Base) -> None:
    for name in ("palermo.ttl", "palermo.trig"):
        head = (published / "dumps" / name).read_text(encoding="utf-8")[:5000]
        assert f"@prefix rec: <{base.iri}id/document/som-wg-2015/paragraph/> ." in head


def test_the_checksums_are_what_the_usual_program_reads(published: Path) -> None:
    folder = published / "dumps"
    listed = [line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text().splitlines()]
    assert listed == sorted(path.name for path in folder.iterdir() if path.name != "SHA256SUMS")
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=folder, capture_output=True, check=False
    )
    assert (checked.returncode, checked.stdout) == (0, b"")


def ask_index(published: Path, query: str, *values: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(f"file:{published / 'search.sqlite'}?mode=ro", uri=True)) as database:
        return database.execute(query, values).fetchall()


def search(published: Path, words: str) -> list[tuple[str, ...]]:
    """Kind and IRI of what the index finds, best first."""
    query = "SELECT kind, iri FROM fts JOIN entry ON entry.id = fts.rowid WHERE fts MATCH ? ORDER BY rank"
    return ask_index(published, query, words)


@pytest.mark.parametrize(
    ("words", "kind", "path"),
    [
        ("hotlines", "paragraph", f"{DOCUMENT}/paragraph/18"),
        ("videoconferencing", "paragraph", f"{DOCUMENT}/paragraph/35"),
        ("perpetrators", "paragraph", f"{DOCUMENT}/paragraph/90"),
        ("SHERLOC", "tool", "id/tool/sherloc"),
        ("INTERPOL", "actor", "id/actor/interpol"),
        ('"Extended Bureau"', "actor", "id/actor/extended-bureau"),
    ],
)
def test_the_index_finds_what_a_reader_types(published: Path, names: Names, words: str, kind: str, path: str) -> None:
    found = search(published, words)
    assert (kind, names.node(path).value) in found
    assert words != "hotlines" or [each for each, _ in found].count("paragraph") == 1, "One recommendation has it."


def test_the_index_has_one_entry_for_each_thing(published: Path, graph: Graph) -> None:
    found = ask_index(published, "SELECT kind, count(*), count(DISTINCT iri) FROM entry GROUP BY kind")
    counts = {kind: number for kind, number, _ in found}
    assert all(number == distinct for _, number, distinct in found)
    assert counts["paragraph"] == 92
    assert counts["section"] == 19
    assert counts["article"] == len(graph.typed(graph.names.pal("Article")))
    assert counts["tool"] == 5
    assert counts["meeting"] == 2
    assert counts["theme"] == len(graph.typed(graph.names.pal("Theme")))
