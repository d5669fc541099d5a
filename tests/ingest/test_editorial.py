"""The tables that people edit: what they say is taken as it is, and what cannot be meant is named with its line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ingest.editorial import Editorial, EditorialLink, ThemeAssignment, read_editorial
from ingest.errors import SourceError

ROOT = Path(__file__).parent.parent.parent
SLUG = "som-wg-2015"
KNOWN = frozenset(range(5, 93))
THEMES = "recommendation,theme\n"
CONCORDANCE = "recommendation,provision,reason,confidence,agent,review_status\n"
RELATIONS = "recommendation,relation,earlier,reason,confidence,agent,review_status\n"


def read(folder: Path, **tables: str | bytes) -> Editorial:
    """What the reader makes of tables with these contents."""
    home = folder / SLUG
    home.mkdir()
    for name, content in tables.items():
        (home / f"{name}.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_editorial(folder, SLUG, KNOWN)


def test_a_row_of_each_table_becomes_a_judgement(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        themes=THEMES + "24,consular-assistance\n",
        concordance=CONCORDANCE
        + '25,smuggling-protocol/article/14/paragraph/2,"Both, in one.",high,palermo-editors,unreviewed\n',
        relations=RELATIONS + "27,sharpens,16,It says how.,medium,palermo-editors,unreviewed\n",
    )
    assert found.themes == (ThemeAssignment(24, "consular-assistance"),)
    assert found.links == (
        EditorialLink(
            25, "relatesTo", "id/instrument/smuggling-protocol/article/14/paragraph/2",
            "smuggling-protocol/article/14/paragraph/2", "Both, in one.", "high", "palermo-editors", "unreviewed",
        ),
        EditorialLink(
            27, "sharpens", "id/document/som-wg-2015/paragraph/16", "paragraph/16", "It says how.", "medium",
            "palermo-editors", "unreviewed",
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    "cell", ["palermo-editors jane-doe", " palermo-editors   jane-doe ", "palermo-editors\u00a0jane-doe"]
)
def test_an_agent_cell_names_who_suggested_and_who_reviewed(tmp_path: Path, cell: str) -> None:
    # CONTRIBUTING.md, "Correct a judgement".
    rows = CONCORDANCE + f"24,smuggling-protocol/article/16,Why.,high,{cell},reviewed\n"
    (link,) = read(tmp_path, concordance=rows).links
    assert (link.agent, link.review_status) == ("palermo-editors jane-doe", "reviewed")


def test_a_document_without_tables_has_no_judgements(tmp_path: Path) -> None:
    assert read_editorial(tmp_path, SLUG, KNOWN) == Editorial()


@pytest.mark.parametrize(
    "content", ["\ufeffrecommendation,theme\r\n24,return\r\n", "theme,recommendation,note\nreturn, 24 ,why\n"]
)
def test_what_a_spreadsheet_saves_is_read(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, themes=content).themes == (ThemeAssignment(24, "return"),)


GOOD = "smuggling-protocol/article/16,Why.,high,palermo-editors,unreviewed\n"


@pytest.mark.parametrize(
    ("table", "content", "line", "words"),
    [
        ("themes", "recommendation\n24\n", 1, "the column 'theme' is missing"),
        ("themes", "", 1, "an empty file|the column 'recommendation' is missing"),
        ("themes", THEMES + "24,return\n93,return\n", 3, "recommendation '93'"),
        ("themes", THEMES + "4,return\n", 2, "recommendation '4'"),
        ("themes", THEMES + "٢٤,return\n", 2, "recommendation '٢٤'"),
        ("themes", THEMES + "24,\n", 2, "an empty 'theme'"),
        ("themes", THEMES + "24\n", 2, "an empty 'theme'"),
        ("themes", THEMES + "24,root causes\n", 2, "theme 'root causes'"),
        ("themes", THEMES + "24,Return\n", 2, "theme 'Return'"),
        ("themes", THEMES + "24,return\n25,return\n24,return\n", 4, "recommendation 24 and 'return' a second time"),
        ("themes", THEMES + "24,return,home\n", 2, "more values than columns"),
        ("themes", THEMES + '24,"return"s\n', 2, "a row that cannot be read"),
        ("themes", THEMES.encode() + b"24,retour\xe9\n", 2, "the byte 0xe9"),
        ("themes", THEMES + "24,return\x07\n", 2, r"the character U\+0007"),
        ("concordance", CONCORDANCE + "24,article 16," + GOOD.partition(",")[2], 2, "provision 'article 16'"),
        ("concordance", CONCORDANCE + "24,smuggling-protocol/16," + GOOD.partition(",")[2], 2, "provision 'smuggling-protocol/16'"),
        ("concordance", CONCORDANCE + "24," + GOOD.replace("high", "sure"), 2, "confidence 'sure'"),
        ("concordance", CONCORDANCE + "24," + GOOD.replace("Why.", ""), 2, "an empty 'reason'"),
        ("concordance", CONCORDANCE + "24," + GOOD.replace("Why.", "Why, then."), 2, "more values than columns"),
        ("concordance", CONCORDANCE + "24," + GOOD.replace("palermo-editors", "Jane Doe"), 2, "agent 'Jane'"),
        ("concordance", CONCORDANCE + 2 * ("24," + GOOD), 3, "a second time"),
        ("relations", RELATIONS + "27,repeats,16,Why.,high,palermo-editors,unreviewed\n", 2, "relation 'repeats'"),
        ("relations", RELATIONS + "27,restates,99,Why.,high,palermo-editors,unreviewed\n", 2, "recommendation '99'"),
        ("relations", RELATIONS + "27,restates,16,Why.,high,me,x\n27,softens,16,Why.,high,me,x\n", 3, "a second time"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_meant_is_named_with_file_and_line(
    tmp_path: Path, table: str, content: str | bytes, line: int, words: str
) -> None:
    with pytest.raises(SourceError, match=words) as wrong:
        read(tmp_path, **{table: content})
    assert wrong.value.file == tmp_path / SLUG / f"{table}.csv"
    assert wrong.value.line == line
    assert wrong.value.expected


def test_a_row_over_several_lines_is_named_by_its_last(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as wrong:
        read(tmp_path, concordance=CONCORDANCE + '24,smuggling-protocol/article/16,"Why\nnot.",sure,me,x\n')
    assert wrong.value.line == 3


def test_the_tables_of_the_document_are_read_row_by_row() -> None:
    found = read_editorial(ROOT / "ingest" / "editorial", SLUG, KNOWN)

    def rows(name: str) -> int:
        with (ROOT / "ingest" / "editorial" / SLUG / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return len(list(csv.DictReader(file)))

    assert len(found.themes) == rows("themes")
    assert len(found.links) == rows("concordance") + rows("relations")
    assert {assignment.recommendation for assignment in found.themes} == set(KNOWN), "Every recommendation has a theme."


def test_only_recommendations_of_the_second_meeting_take_up_those_of_the_first() -> None:
    # The sections' parts A hold what was adopted in 2012, the parts B what was adopted in 2013.
    second = {*range(14, 16), *range(27, 30), *range(42, 47), *range(64, 82), 84, *range(89, 93)}
    found = read_editorial(ROOT / "ingest" / "editorial", SLUG, KNOWN)
    relations = [link for link in found.links if link.relation != "relatesTo"]
    assert relations
    for link in relations:
        assert link.recommendation in second
        assert int(link.link.removeprefix("paragraph/")) in KNOWN - second
