"""Tables as spreadsheets write them: read, or named with file, line and column; never passed over."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from ingest.describe import COLUMNS_OF_TABLES
from ingest.editorial import FOR_PEOPLE
from ingest.errors import SourceError
from ingest.source import LARGEST_PART
from ingest.spreadsheets import check_folder, passed_over, read_rows, table_path
from ontology.layout import ROOT
from tests.ingest.conftest import package

COLUMNS = ("recommendation", "reason")
OPTIONS = ("review_status",)
EXPECTED = [{"recommendation": "24", "reason": "Why, then; so.", "review_status": "unreviewed"}]


def rows(path: Path) -> list[dict[str, str]]:
    return [row.values for row in read_rows(path, COLUMNS, OPTIONS)]


@pytest.mark.parametrize(
    "content",
    [
        b'recommendation,reason,review_status\n24,"Why, then; so.",unreviewed\n',
        b'\xef\xbb\xbfrecommendation;reason;review_status\r\n24;"Why, then; so.";unreviewed\r\n',
        b"recommendation\treason\treview_status\n24\tWhy, then; so.\tunreviewed\n",
        b'sep=;\r\nrecommendation;reason;review_status\r\n24;"Why, then; so.";unreviewed\r\n',
        b'"sep=;"\nrecommendation;reason;review_status\n24;"Why, then; so.";unreviewed\n',
        b'RECOMMENDATION,Reason,"Review status",note\n24,"Why, then; so.",unreviewed,seen\n',
        b'recommendation,reason,review_status\n,,\n24,"Why, then; so.",unreviewed\n,,\n\n',
        b'review_status;"Reason";recommendation;;\nunreviewed;"Why, then; so."; 24 ;;\n',
        "recommendation\treason\treview_status\n24\tWhy, then; so.\tunreviewed\n".encode("utf-16"),
        b'SEP=;\r\nrecommendation;reason;review_status\r\n24;"Why, then; so.";unreviewed\r\n',
        b"recommendation|reason|review_status\n24|Why, then; so.|unreviewed\n",
        b'recommendation, reason, review_status\n24, "Why, then; so.", unreviewed\n',
        '“recommendation”;«reason»;review_status\u200b\n24\u00a0;"Why, then; so.\u2060";unreviewed\ufeff\n'.encode(),
        b"recommendation,reason,review_status\n" + b",,\n" * 3000 + b'24,"Why, then; so.",unreviewed\n',
    ],
)
def test_what_a_spreadsheet_saves_as_text_is_read(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "relations.csv"
    path.write_bytes(content)
    assert rows(path) == EXPECTED


def workbook(path: Path, *sheets: list[list[object]], merged: str = "") -> Path:
    book = openpyxl.Workbook()
    for number, rows_ in enumerate(sheets):
        sheet = book.active if not number else book.create_sheet()
        assert sheet is not None
        for row in rows_:
            sheet.append(row)
        if merged and number == len(sheets) - 1:
            sheet.merge_cells(merged)
    book.save(path)
    return path


HEADER: list[object] = ["Recommendation", "Reason", "Review status"]
ROW: list[object] = [24, "Why, then; so.", "unreviewed"]


@pytest.mark.parametrize(
    ("sheets", "merged", "line"),
    [
        ([[HEADER, [], [24.0, *ROW[1:]]]], "", 3),
        ([[["Judgements of 2026"], [], HEADER, ROW]], "A1:C1", 4),
        ([[["What I noted", "and why"]], [HEADER, ROW]], "", 2),
        ([[], [HEADER, ROW]], "", 2),
        ([[[None, *HEADER], [None, *ROW]]], "", 2),
        ([[HEADER, ROW]], "H1:H2", 2),
    ],
    ids=[
        "a whole number as people see it", "a title above the table", "another sheet", "an empty sheet",
        "an empty column before it", "empty cells that are merged beside it",
    ],
)  # fmt: skip
def test_a_workbook_is_read_and_what_is_no_row_of_its_table_is_none(
    sheets: list[list[list[object]]], merged: str, line: int, tmp_path: Path
) -> None:
    path = workbook(tmp_path / "themes.xlsx", *sheets, merged=merged)
    assert rows(path) == EXPECTED
    assert [row.line for row in read_rows(path, COLUMNS)] == [line]


def test_cells_that_are_merged_downwards_have_one_value(tmp_path: Path) -> None:
    path = workbook(tmp_path / "themes.xlsx", [HEADER, ROW, [None, "Once more.", "unreviewed"]], merged="A2:A3")
    assert [row["recommendation"] for row in rows(path)] == ["24", "24"]


def test_a_workbook_under_the_name_of_a_text_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "themes.xlsx", [HEADER, ROW]).rename(tmp_path / "themes.csv")
    with pytest.raises(SourceError, match="a workbook under the name of a text"):
        rows(path)


def test_a_formula_whose_value_no_program_stored_is_named_with_its_cell(tmp_path: Path) -> None:
    path = workbook(tmp_path / "themes.xlsx", [HEADER, ROW, [25, '=CONCATENATE("a", "b")', "unreviewed"]])
    with pytest.raises(SourceError, match="the formula in cell B3, which has no stored value") as caught:
        rows(path)
    assert caught.value.line == 3
    assert "open the file in a spreadsheet program and save it" in str(caught.value)


@pytest.mark.parametrize(("value", "kind"), [("<v>Why, then; so.</v>", "str"), ("<v></v>", "str")])
def test_a_formula_with_its_value_is_read_and_an_empty_text_is_one(value: str, kind: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "themes.xlsx", [HEADER, ROW, [25, "=A1", "unreviewed"]])
    with zipfile.ZipFile(path) as read, zipfile.ZipFile(tmp_path / "reasons.xlsx", "w") as written:
        for name in read.namelist():
            content = read.read(name).decode()
            sheet = re.sub(r'<c r="B3"[^>]*>.*?</c>', f'<c r="B3" t="{kind}"><f>A1</f>{value}</c>', content)
            written.writestr(name, sheet)
    reason = value.removeprefix("<v>").removesuffix("</v>")
    assert [row["reason"] for row in rows(tmp_path / "reasons.xlsx")] == ["Why, then; so.", reason]


def test_a_cell_far_from_the_table_is_named_before_all_cells_between_are_kept(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (HEADER, ROW):
        book.active.append(row)
    book.active["XFD1048576"] = "a remark"
    book.save(tmp_path / "themes.xlsx")
    with pytest.raises(SourceError, match="a sheet that goes on to row 1,048,576 and column 16,384"):
        rows(tmp_path / "themes.xlsx")


def ods(path: Path, cells: str) -> Path:
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2"'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Sheet1">{cells}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    path.write_bytes(package({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest}))
    return path


CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
EMPTY_BELOW = '<table:table-row table:number-rows-repeated="{}"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
ODS_ROWS = "".join(
    f"<table:table-row>{''.join(map(CELL.format, row))}</table:table-row>"
    for row in (["recommendation", "reason", "review_status"], ["24", "Why, then; so.", "unreviewed"])
)


@pytest.mark.parametrize("below", ["", EMPTY_BELOW.format(1048574)])
def test_an_open_document_table_is_read(below: str, tmp_path: Path) -> None:
    assert rows(ods(tmp_path / "relations.ods", ODS_ROWS + below)) == EXPECTED


def test_a_formula_without_a_value_and_a_far_cell_of_an_open_document_table_are_named(tmp_path: Path) -> None:
    formula = '<table:table-row><table:table-cell table:formula="of:=1+1"/></table:table-row>'
    with pytest.raises(SourceError, match="line 3: a formula in row 3, which has no stored value"):
        rows(ods(tmp_path / "relations.ods", ODS_ROWS + formula))
    far = f"{EMPTY_BELOW.format(1048570)}<table:table-row>{CELL.format(1) * 9}</table:table-row>"
    with pytest.raises(SourceError, match="a sheet that goes on to row 1,048,573 and column 3"):
        rows(ods(tmp_path / "relations.ods", ODS_ROWS + far))


@pytest.mark.parametrize(
    ("name", "content", "line", "words"),
    [
        ("relations.csv", b"recommendation;text\n24;x\n", 1, "the column 'reason' is missing"),
        ("relations.csv", b"recomendation,reason\n1,x\n", 1, "'recommendation' is missing, beside 'recomendation'"),
        ("relations.csv", b"", 1, "the column 'recommendation' is missing"),
        ("relations.csv", b"recommendation,reason,reason\n", 1, "the column 'reason' twice"),
        ("relations.csv", b"recommendation,reason\n24,Why, then\n", 2, "more values than columns"),
        ("relations.csv", b'recommendation;reason\n24;"Why"s\n', 2, "values apart by semicolons"),
        ("relations.csv", b"recommendation,reason\n24,retour\xe9\n", 2, "the byte 0xe9"),
        ("relations.xlsx", b"no workbook", None, "a workbook that cannot be read"),
    ],
)
def test_what_is_no_table_is_named_with_its_line(
    tmp_path: Path, name: str, content: bytes, line: int | None, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=words) as wrong:
        list(read_rows(tmp_path / name, COLUMNS))
    assert wrong.value.line == line


@pytest.mark.parametrize(
    "name", ["concordance (1).csv", "relation.xlsx", "relations.xls", "themes.tab", "themes.txt", "relations.csv.txt"]
)
def test_a_table_of_an_unknown_name_is_named_and_not_passed_over(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(SourceError, match="a table of the unknown name"):
        check_folder(tmp_path, ("relations", "themes"))


def test_what_is_no_table_lies_beside_the_tables(tmp_path: Path) -> None:
    beside = ("method.txt", "differences.md", "~$relations.xlsx", ".~lock.relations.csv#", "review.csv", "themes.ods")
    for name in beside:
        (tmp_path / name).write_bytes(b"")
    check_folder(tmp_path, ("relations", "themes"), ("review.csv",))
    check_folder(tmp_path / "none", ("relations",))


def test_two_tables_for_one_purpose_are_named(tmp_path: Path) -> None:
    (tmp_path / "themes.csv").write_bytes(b"")
    assert table_path(tmp_path, "themes") == tmp_path / "themes.csv"
    (tmp_path / "themes.xlsx").write_bytes(b"")
    with pytest.raises(SourceError, match=r"a second table beside themes\.csv"):
        table_path(tmp_path, "themes")


def test_a_table_is_read_whatever_the_capitals_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "Relations.CSV").write_bytes(b"Recommendation;Reason\r\n24;Why\r\n")
    check_folder(tmp_path, ("relations", "themes"))
    path = table_path(tmp_path, "relations")
    assert path == tmp_path / "Relations.CSV"
    assert [row.values for row in read_rows(path, COLUMNS)] == [{"recommendation": "24", "reason": "Why"}]


def test_a_workbook_that_would_be_very_large_once_it_is_unpacked_is_refused(tmp_path: Path) -> None:
    (tmp_path / "relations.xlsx").write_bytes(package({"xl/worksheets/sheet1.xml": "x"}, unpacked=LARGEST_PART + 1))
    with pytest.raises(SourceError, match=r"a part xl/worksheets/sheet1\.xml of"):
        rows(tmp_path / "relations.xlsx")


def test_files_and_columns_that_nobody_reads_are_said_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "directives.csv").write_text("recommendation,change,reason,agent,adressee,My notes\n", encoding="utf-8")
    (tmp_path / "themes.tsv").write_text("recommendation\ttheme\treason\n", encoding="utf-8")
    for name in ("notes.txt", "themes old.txt", "method.txt", "differences.md", "review.csv", "~$themes.tsv", ".keep"):
        (tmp_path / name).write_text("words", encoding="utf-8")
    (tmp_path / "readings").mkdir()
    said = list(passed_over(tmp_path, COLUMNS_OF_TABLES, FOR_PEOPLE))
    assert [line.partition(";")[0] for line in said] == [
        "the file notes.txt is not read",
        "the file themes old.txt is not read",
        "directives.csv: the column 'adressee' is not read",
        "directives.csv: the column 'my_notes' is not read",
    ]
    assert said[1].endswith("the nearest name is 'themes'")
    assert said[2].endswith("the nearest name is 'addressee'")


def test_the_tables_of_the_real_document_have_nothing_that_nobody_reads() -> None:
    assert list(passed_over(ROOT / "ingest" / "editorial" / "som-wg-2015", COLUMNS_OF_TABLES, FOR_PEOPLE)) == []
