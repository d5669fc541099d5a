"""One line in a table describes an actor or an instrument, whatever program wrote the table."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import openpyxl
import pytest
from pyoxigraph import Literal

from ingest.errors import SourceError
from ingest.extraction import extract_text
from ingest.reference import lexicon
from ingest.reference_tables import FOLDER, describe_tables, provision_name
from ontology.layout import ROOT
from ontology.namespaces import DEFAULT_BASE, Base
from ontology.terms import Names, english, term

NAMES = Names(Base(DEFAULT_BASE))
ACTOR = {
    "actor": "ferries-commission", "kind": "Body", "name": "Commission on Ferries", "acronym": "COF",
    "spellings": "Ferries Commission; COF", "definition": "An invented commission.", "role": "Invented for a test.",
}  # fmt: skip
TREATY = {
    "instrument": "ferries-convention", "kind": "convention", "name": "Ferries Convention", "title": "Convention on Ferries",
    "definition": "An invented treaty.", "adopted": "2001-02-03", "source": "Invented for a test.",
}  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "ontology", tmp_path / "ontology", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def with_line(path: Path, cells: dict[str, str]) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return [header, *rows, [cells.get(column, "") for column in header]]


def test_a_line_added_by_a_spreadsheet_describes_somebody_whom_rules_then_find(root: Path) -> None:
    path = root / FOLDER / "actors.csv"
    rows = with_line(path, ACTOR)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write("# remarks of a person\n")
        csv.writer(file, delimiter=";").writerows([["ACTOR", *rows[0][1:]], *rows[1:]])
    described = {(triple.predicate, triple.object) for triple in describe_tables(root, NAMES)
                 if triple.subject == NAMES.node("id/actor/ferries-commission")}  # fmt: skip
    assert {(term("rdf:type"), NAMES.pal("Body")), (term("rdfs:label"), english("Commission on Ferries"))} <= described
    text = "The Ferries Commission should inform the Commission on Ferries (COF)."
    found = extract_text(text, lexicon(NAMES, root), "working-group")
    assert {mention.entity for mention in found.mentions if mention.kind == "actor"} == {"id/actor/ferries-commission"}
    assert found.directives[0].addressees == ("ferries-commission",)


def test_a_line_of_a_workbook_describes_a_treaty_whose_articles_are_then_cited(root: Path) -> None:
    path = root / FOLDER / "instruments.csv"
    book = openpyxl.Workbook()
    for row in with_line(path, TREATY):
        book.active.append(row)
    book.save(path.with_suffix(".xlsx"))
    path.unlink()
    known = lexicon(NAMES, root)
    found = extract_text("States should apply article 5 of the Convention on Ferries.", known, "working-group")
    assert "id/instrument/ferries-convention/article/5" in {each.entity for each in found.mentions if each.cites}
    assert provision_name("uncac/article/5") == "article 5, Convention against Corruption"
    assert provision_name("ferries-convention/article/5") == "article 5, Ferries Convention"


def test_a_name_of_several_treaties_is_found_as_each_and_is_the_name_of_none() -> None:
    published = {triple.object.value for triple in describe_tables(ROOT, NAMES) if isinstance(triple.object, Literal)}
    assert "ICESCR" in published
    assert "both Covenants" not in published
    found = extract_text("States should ratify both Covenants.", lexicon(NAMES), "working-group")
    assert {mention.entity for mention in found.mentions if mention.kind == "instrument"} == {
        "id/instrument/international-covenant-on-civil-and-political-rights",
        "id/instrument/international-covenant-on-economic-social-and-cultural-rights",
    }


@pytest.mark.parametrize(
    ("table", "cells", "column"),
    [
        ("actors", ACTOR | {"kind": "person"}, "kind"),
        ("actors", ACTOR | {"actor": "Ferries Commission"}, "actor"),
        ("actors", ACTOR | {"definition": ""}, "definition"),
        ("actors", ACTOR | {"broader": "The Commission"}, "broader"),
        ("actors", ACTOR | {"actor": "unodc"}, "actor"),
        ("instruments", TREATY | {"adopted": "3 February 2001"}, "adopted"),
        ("instruments", TREATY | {"official_text": "treaties.un.org"}, "official_text"),
    ],
)
def test_a_line_that_cannot_be_meant_is_named_with_its_cell(
    root: Path, table: str, cells: dict[str, str], column: str
) -> None:
    path = root / FOLDER / f"{table}.csv"
    rows = with_line(path, cells)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    with pytest.raises(SourceError) as wrong:
        list(describe_tables(root, NAMES))
    assert (wrong.value.file, wrong.value.line) == (path, len(rows))
    assert column in str(wrong.value)


def test_a_table_of_another_name_is_said(root: Path) -> None:
    (root / FOLDER / "actor.csv").write_text("actor,name\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"unknown name 'actor\.csv'"):
        list(describe_tables(root, NAMES))
