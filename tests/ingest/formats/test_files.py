"""The real text in every kind of file gives every paragraph word for word; files that are no text say what they are."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import docx
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from ingest.document import Document
from ingest.errors import SourceError
from ingest.formats.blocks import Blocks
from ingest.formats.files import read_file
from ingest.formats.text import readable
from ingest.reading import parse
from ingest.source import LARGEST_PART
from tests.ingest.conftest import package
from tests.ingest.formats.conftest import ODT_PARTS, ROMAN, WRITERS, Words, paper, write


@pytest.mark.parametrize("name", WRITERS)
def test_the_real_text_in_every_kind_of_file_gives_every_paragraph_word_for_word(
    name: str, words: Words, document: Document, tmp_path: Path
) -> None:
    WRITERS[name](words, tmp_path / name)
    read = parse(read_file(tmp_path / name).text, document.metadata)
    for found, expected in zip(read.paragraphs, document.paragraphs, strict=True):
        assert (found.number, found.text, found.meeting) == (expected.number, expected.text, expected.meeting)
        items = [(item.letter, item.text) for item in expected.items]
        assert [(item.letter, item.text) for item in found.items] == items
    assert [section.path for section in read.sections] == [section.path for section in document.sections]
    assert read.doubts == ()


@pytest.mark.parametrize(
    ("name", "heads"),
    [
        ("pages.pdf", {"CTOC/COP/WG.7/2015/4", "1/11 V.15-05990"}),
        ("typed.docx", {"CTOC/COP/WG.7/2015/4", "2/11 V.15-05990"}),
    ],
)
def test_heads_and_feet_of_pages_are_kept_as_what_was_left_out(
    name: str, heads: set[str], words: Words, tmp_path: Path
) -> None:
    WRITERS[name](words[:6], tmp_path / name)
    assert set(read_file(tmp_path / name).left_out) == heads


def test_a_rule_drawn_with_signs_is_no_words() -> None:
    blocks = Blocks()
    for text in ("1. States should act.", "____________", "— — —", "2. They should report."):
        blocks.add(text, "bold")
    assert [block.text for block in blocks.blocks] == ["1. States should act.", "2. They should report."]
    assert blocks.left_out == ["____________", "— — —"]


def test_a_markdown_text_stays_as_it_is_byte_for_byte() -> None:
    path = Path(__file__).parents[3] / "ingest" / "sources" / "som-wg-2015.md"
    read = read_file(path)
    assert not read.changed
    assert read.text.encode() == path.read_bytes()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def locked_pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("reader", "owner"))
    canvas.drawString(72, 700, "1. States should wait.")
    canvas.save()
    return out.getvalue()


def empty_pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.rect(72, 72, 300, 300, fill=1)
    canvas.save()
    return out.getvalue()


def bomb(part: str) -> bytes:
    """A small file with a part that is very large once it is unpacked."""
    return package({part: "x"}, unpacked=LARGEST_PART + 1)


@pytest.mark.parametrize(
    ("name", "raw", "kind", "advice"),
    [
        ("old.doc", OLE + b"\0" * 80 + "WordDocument".encode("utf-16-le"), "a Word document of the old kind (.doc)", "save it as DOCX"),
        ("locked.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "a Word document with a password", "without a password"),
        ("rich.rtf", b"{\\rtf1 text}", "a rich text file (RTF)", "save it as DOCX"),
        ("locked.pdf", locked_pdf(), "a PDF with a password", "without a password"),
        ("scan.pdf", empty_pdf(), "a PDF whose pages are images", "OCR"),
        ("broken.pdf", b"%PDF-1.7\nbroken", "a PDF that cannot be opened", "that a PDF reader opens"),
        ("broken.docx", b"PK\x03\x04broken", "a DOCX or ODT file that is broken", "that Word opens"),
        ("half.docx", package({"word/document.xml": "<w"}), "a Word document that cannot be opened", "save it again as .docx"),
        ("locked.odt", package({"content.xml": "x", "META-INF/manifest.xml": "encryption-data"}), "an OpenDocument text with a password", "without a password"),
        ("half.odt", package(ODT_PARTS | {"content.xml": "<x"}), "an OpenDocument text that cannot be opened", "save it again as .odt"),
        ("two.zip", package({"a.docx": "x", "b.pdf": "x"}), "a ZIP file that is neither DOCX nor ODT, with a.docx, b.pdf", "unpack it first"),
        ("packed.gz", b"\x1f\x8b\x08\0", "a packed file", "unpack it first"),
        ("old.xls", OLE + b"\0" * 80 + "Workbook".encode("utf-16-le"), "a workbook of the old kind (.xls)", "the document"),
        ("old.ppt", OLE + b"\0" * 80 + "PowerPoint Document".encode("utf-16-le"), "a presentation of the old kind", "save it as PDF"),
        ("mail.msg", OLE + b"\0" * 80 + "__substg1.0_0037".encode("utf-16-le"), "a message (.msg)", "attached to it"),
        ("mail.eml", b"Subject: Report\r\n\r\nSee the annex.", "a message or a web archive", "attached to it"),
        ("mail.txt", b"Received: from a by b\r\nMessage-ID: <1@a>\r\n\r\nSee.", "a message or a web archive", "attached to it"),
        ("page.mht", b"From: <Saved>\r\nMIME-Version: 1.0\r\n\r\n<html>", "a message or a web archive", "as HTML"),
        ("old.wpd", b"\xffWPC text", "a WordPerfect file", "save it as DOCX"),
        ("report.tex", b"\\documentclass{article}\n\\begin{document}\n1. States", "a LaTeX file", "a PDF or DOCX"),
        ("named.docx", b"Only a text.", "a .docx file that is broken or of another kind", "save it as DOCX"),
        ("bomb.docx", bomb("word/document.xml"), "a part word/document.xml of", "at most"),
        ("bomb.odt", bomb("content.xml"), "a part content.xml of", "at most"),
        ("picture.png", b"\x89PNG\r\n\x1a\n", "a picture", "OCR"),
        ("empty.txt", b" \n", "an empty file", "the text of a document"),
        ("noise.txt", bytes(range(256)) * 8, "a file that is", "a DOCX, ODT, PDF, HTML or text file"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_what_it_is_and_what_to_do(
    name: str, raw: bytes, kind: str, advice: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(SourceError) as caught:
        read_file(path)
    assert caught.value.found.startswith(kind)
    assert advice in caught.value.expected
    assert str(caught.value).startswith(f"{path}: ")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_a_text_in_another_encoding_is_read_as_what_it_says(encoding: str, tmp_path: Path) -> None:
    text = "I. Introducción\n\n1. Los Estados deberían «cooperar» – según proceda – en la región, también en español.\n"
    path = tmp_path / "texto.txt"
    path.write_bytes(text.encode(encoding))
    assert read_file(path).text == text


POLISH = "1. Państwa powinny współpracować ze sobą, aby zwalczać przemyt migrantów, i chronić świadków.\n"
CZECH = "1. Státy by měly spolupracovat při potírání převaděčství, chránit svědky a řešit příčiny.\n"
HUNGARIAN = (
    "1. A részes államok működjenek együtt a migránscsempészés elleni küzdelemben, és őrizzék a tanúk épségét.\n"
)
TURKISH = "1. Taraf devletler göçmen kaçakçılığıyla mücadelede işbirliği yapmalı ve tanıkları korumalıdır.\n"
GERMAN = "1. Die Staaten sollten bei der Bekämpfung der Schleusung zusammenarbeiten und Zeugen schützen.\n"
SPANISH = "1. Los Estados deberían cooperar contra el tráfico ilícito y garantizar la protección de los niños.\n"


@pytest.mark.parametrize(
    ("text", "encoding", "word"),
    [
        (POLISH, "cp1250", "Państwa"),
        (POLISH, "iso8859-2", "Państwa"),
        (CZECH, "cp1250", "převaděčství"),
        (HUNGARIAN, "cp1250", "működjenek"),
        (TURKISH, "cp1254", "işbirliği"),
        (GERMAN, "cp1252", "Bekämpfung"),
        (GERMAN, "mac_roman", "Bekämpfung"),
        (SPANISH, "cp1252", "tráfico"),
    ],
)
def test_a_text_in_eight_bits_has_its_own_letters_and_says_that_they_are_guessed(
    text: str, encoding: str, word: str, tmp_path: Path
) -> None:
    (tmp_path / "text.txt").write_bytes(text.encode(encoding))
    read = read_file(tmp_path / "text.txt")
    assert read.text == text
    assert word in read.guess


def test_an_encoding_that_is_given_is_taken_and_one_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "name.txt").write_bytes("1. States should thank Ms. Ağaoğlu.\n".encode("cp1254"))
    read = read_file(tmp_path / "name.txt", "cp1254")
    assert (read.text, read.guess) == ("1. States should thank Ms. Ağaoğlu.\n", "")
    with pytest.raises(SourceError, match="no utf-8, at byte position 28"):
        read_file(tmp_path / "name.txt", "utf-8")
    for unknown in ("latin-nine", "hex", "zlib", "rot13", "a\0b"):
        with pytest.raises(SourceError, match=f"the unknown encoding {unknown!r}".replace("\\", r"\\")):
            read_file(tmp_path / "name.txt", unknown)
    (tmp_path / "page.html").write_bytes("<html><body><p>1. Ağaoğlu thanks.</p></body></html>".encode("cp1254"))
    assert read_file(tmp_path / "page.html", "cp1254").text == "1. Ağaoğlu thanks.\n"
    docx.Document().save(str(tmp_path / "word.docx"))
    with pytest.raises(SourceError, match="an encoding for the kind Word document"):
        read_file(tmp_path / "word.docx", "cp1254")


@pytest.mark.parametrize("damage", ["bytes", "a password", "an unknown compression"])
@pytest.mark.parametrize(("name", "part"), [("broken.docx", "word/document.xml"), ("broken.odt", "content.xml")])
def test_a_package_with_a_part_that_cannot_be_unpacked_is_no_document_that_opens(
    name: str, part: str, damage: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    if path.suffix == ".docx":
        docx.Document().save(str(path))
    else:
        path.write_bytes(package(ODT_PARTS | {"content.xml": "<x/>" * 99}))
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as whole:
        begin = whole.getinfo(part).header_offset
    listed = raw.rindex(part.encode()) - 46  # its entry in the central directory (APPNOTE.TXT, 4.3.12)
    if damage == "bytes":
        start = begin + 30 + len(part)
        raw[start : start + 20] = bytes(each ^ 0xFF for each in raw[start : start + 20])
    elif damage == "a password":
        raw[begin + 6] |= 1
        raw[listed + 8] |= 1
    else:
        raw[listed + 10] = 99
    path.write_bytes(raw)
    with pytest.raises(SourceError, match="that cannot be opened"):
        read_file(path)


def test_a_text_in_unicode_with_a_broken_letter_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "half.txt").write_bytes(
        "1. Los Estados deberían.\n2. Según él, también.\n".encode() + b"3. It\x92s so.\n"
    )
    with pytest.raises(SourceError, match="in UTF-8 with 1 broken letters, the first in line 3"):
        read_file(tmp_path / "half.txt")


def test_signs_that_markdown_takes_as_marks_stay_words_and_notes_come_last() -> None:
    blocks = Blocks()
    blocks.add("1. States should act. They should * wait_for # nobody.", "")
    blocks.notes["1"] = "See CTOC/COP/2010/4, para. 7."
    assert blocks.markdown() == (
        "1. States should act. They should \\* wait\\_for # nobody.\n\n[^1]: See CTOC/COP/2010/4, para. 7.\n"
    )


def test_a_table_keeps_its_rows_and_a_numbered_cell_is_a_paragraph(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("1. The answers were:")
    table = document.add_table(rows=2, cols=2)
    for row, cells in enumerate((("Question", "Answer"), ("140.7 Ratify the Pact;", "Supported"))):
        for column, words in enumerate(cells):
            table.cell(row, column).text = words
    document.save(str(tmp_path / "table.docx"))
    assert read_file(tmp_path / "table.docx").text == (
        "1. The answers were:\n\n| Question | Answer |\n\n140.7 Ratify the Pact;\n\n| Supported |\n"
    )


def test_pages_apart_by_form_feeds_lose_their_heads_and_keep_their_notes() -> None:
    texts = ("build,1 and\nrepair bridges", "count piers,2 and\npaint them", "close tunnels,3 and\nopen doors")
    page = "AB/WG.1/2012/9\n\n{0}. States should {1}.\n\n{0} See {2} above.\n\n{0}/3  V.12-34567\n"
    notes = ("chapter one", "the annex", "paragraph four")
    text = "\f".join(page.format(n, words, note) for n, (words, note) in enumerate(zip(texts, notes, strict=True), 1))
    left_out: list[str] = []
    assert [line for line in readable(text, left_out).split("\n") if line] == [
        "1. States should build,[^1] and",
        "repair bridges.",
        "[^1]: See chapter one above.",
        "2. States should count piers,[^2] and",
        "paint them.",
        "[^2]: See the annex above.",
        "3. States should close tunnels,[^3] and",
        "open doors.",
        "[^3]: See paragraph four above.",
    ]
    assert left_out == [line for page in (1, 2, 3) for line in ("AB/WG.1/2012/9", f"{page}/3 V.12-34567")]


def test_numbers_in_brackets_behind_words_are_marks_of_the_notes_that_they_open_below() -> None:
    text = (
        "1. Quays are old.[1] See quay [2] too.\n\n2. They rust.\\[3\\]\n\n[1] See A.\n[2] No note.\n\n\\[3\\] See B.\n"
    )
    assert readable(text) == (
        "1. Quays are old.[^1] See quay [2] too.\n\n2. They rust.[^3]\n\n[^1]: See A.\n[2] No note.\n\n[^3]: See B.\n"
    )
    numbered = "[1] Quays are old, see [2].\n\n[2] They rust, see [1].\n"
    assert readable(numbered) == numbered


def test_numbers_without_a_space_behind_them_open_blocks_where_most_lack_it(tmp_path: Path) -> None:
    glued = "1.The Committee met.\n\nA.Introduction\n\n2.It welcomes:\n\n(a)The Act;\n\n(b)A plan.\n"
    apart = "1. The Committee met.\n\nA. Introduction\n\n2. It welcomes:\n\n(a) The Act;\n\n(b) A plan.\n"
    assert readable(glued) == readable(apart) == apart
    once = "1. The Committee met.\n\n2. It welcomes\n3.The Act.\n"
    assert readable(once) == once
    blocks = "".join(f"<p>{block}</p>" for block in glued.split("\n\n"))
    (tmp_path / "page.html").write_text(f"<html><body>{blocks}</body></html>", encoding="utf-8")
    assert read_file(tmp_path / "page.html").text == apart


def test_metadata_quotes_code_and_pictures_of_a_markdown_text_are_no_words_but_what_they_hold_is() -> None:
    text = """---
title: Report
tags:
  - ports
---
> 1. States should use [the form](https://example.org/a "Form") and `tables`, see ![a quay](quay.png).
<details><summary>2. More</summary>
"""
    left_out: list[str] = []
    lines = ["1. States should use the form and tables, see a quay.", "2. More"]
    assert [line for line in readable(text, left_out).split("\n") if line] == lines
    assert left_out == ["title: Report", "tags:", "  - ports"]


def test_html_marks_in_a_markdown_text_are_no_words() -> None:
    text = "1. States <b>should</b> act&nbsp;now.<sup>1</sup> See [the page](https://example.org/a) ~~today~~.\n"
    assert readable(text) == "1. States should act now.[^1] See the page today.\n"


def test_blocks_in_a_cell_and_lines_that_a_page_keeps_stand_apart(tmp_path: Path) -> None:
    page = (
        "<!doctype html><body><p>1. The answers were:</p>"
        "<table><tr><th><p>Ports</p><p>of call</p></th><th>Open<div>all day</div></th></tr></table>"
        "<p>2. States should act.<br><br>3. They should\nwait.</p>"
        "<div class='whitespace-pre-wrap'>4. States should count:\n(a) Ferries;\n(b) Ports.</div>"
        "<pre>5. States should go\nhome.\n\n6. They should rest.</pre></body>"
    )
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    assert read_file(tmp_path / "page.html").text == (
        "1. The answers were:\n\n| Ports of call | Open all day |\n\n2. States should act.\n\n3. They should wait.\n\n"
        "4. States should count:\n(a) Ferries;\n(b) Ports.\n\n5. States should go\nhome.\n\n6. They should rest.\n"
    )


def test_a_word_document_has_its_masthead_in_the_header_of_the_first_page_and_contents_in_a_table(
    tmp_path: Path,
) -> None:
    document = docx.Document()
    document.sections[0].different_first_page_header_footer = True
    header = document.sections[0].first_page_header
    masthead = header.add_table(1, 2, width=document.sections[0].page_width)
    masthead.rows[0].cells[0].text = "Assembly of Ports"
    masthead.rows[0].cells[1].text = "AP/2020/7"
    document.sections[0].header.paragraphs[0].text = "AP/2020/7"
    document.add_heading("Report on bridges")
    contents = document.add_table(0, 2)
    for entry, page in (("I. Introduction", "2"), ("II. Recommendations", "14")):
        cells = contents.add_row().cells
        cells[0].text, cells[1].text = entry, page
    summary = document.add_table(1, 1).rows[0].cells[0]
    summary.text = "Summary"
    figures = summary.add_table(2, 2)
    for place, words in enumerate(("Bridges", "Cost", "Long", "32.5")):
        figures.rows[place // 2].cells[place % 2].text = words
    document.add_heading("I. Introduction", 2)
    document.add_paragraph("1. Bridges are old.")
    document.save(str(tmp_path / "report.docx"))
    assert read_file(tmp_path / "report.docx").text.split("\n\n") == [
        "Assembly of Ports",
        "AP/2020/7",
        "## Report on bridges",
        "I. Introduction 2 ....",
        "II. Recommendations 14 ....",
        "Summary",
        "| Bridges | Cost |\n| Long | 32.5 |",
        "## I. Introduction",
        "1. Bridges are old.\n",
    ]


def test_bars_for_machines_below_the_notes_of_a_page_are_no_words_and_hide_no_note(tmp_path: Path) -> None:
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    with paper(tmp_path / "barred.pdf", pageCompression=0) as canvas:
        write(canvas, [(780, "Report on bridges"), (740, "1. The table shows what all the bridges cost.")])
        write(canvas, [(744, "1", ROMAN, 6)], 268)
        write(canvas, [(75, "1", ROMAN, 5), (30, "QQQQQQ", "Vera", 28)])
        write(canvas, [(72, "Adopted in 2000.", ROMAN, 8)], 66)
    # what stands for Q is a bar of the private area, as in the fonts of the United Nations
    as_bars = (tmp_path / "barred.pdf").read_bytes().replace(b"<51> <0051>", b"<51> <F02A>")
    (tmp_path / "barred.pdf").write_bytes(as_bars)
    read = read_file(tmp_path / "barred.pdf")
    assert "what all the bridges cost.[^1]" in read.text
    assert "[^1]: Adopted in 2000." in read.text
    assert "\uf02a" not in read.text


def test_a_pdf_page_keeps_tables_as_cells_and_columns_in_reading_order(tmp_path: Path) -> None:
    """A page with a ruled table, one with figures in columns without rules, and one with two columns of text."""
    with paper(tmp_path / "bridges.pdf") as canvas:
        write(canvas, [(780, "Report on bridges"), (740, "1. The table shows what they cost.")])
        write(canvas, [(744, "1", ROMAN, 6)], 204)
        for place, cells in enumerate((("Bridge", "Old bridge"), ("Cost", "32.5"))):
            write(canvas, [(700, cells[0]), (684, cells[1])], 84 + 130 * place)
            canvas.rect(80 + 130 * place, 696, 130, 16)
            canvas.rect(80 + 130 * place, 680, 130, 16)
        write(canvas, [(640, "2. The text goes on behind its table.")])
        for place, column in enumerate((("Wood", "Stone", "Steel"), ("1", "3", "5"), ("2", "4", "6"))):
            write(canvas, [(600 - 14 * row, words) for row, words in enumerate(column)], 60 + 90 * place)
        canvas.line(60, 90, 160, 90)
        write(canvas, [(75, "1", ROMAN, 5)])
        write(canvas, [(72, "Adopted in 2000.", ROMAN, 8)], 66)
        canvas.showPage()
        for side, number in ((60, 3), (315, 7)):
            for place in range(4):
                y = 760 - 60 * place - side // 30
                write(canvas, [(y, f"{number + place}. States should look after the bridge that")], side)
                write(canvas, [(y - 12, "they have built, and publish what they find.")], side)
    text = read_file(tmp_path / "bridges.pdf").text
    assert "1. The table shows what they cost.[^1]" in text
    assert "| Bridge | Cost |\n| Old bridge | 32.5 |" in text
    assert "| Wood | 1 | 2 |\n| Stone | 3 | 4 |\n| Steel | 5 | 6 |" in text
    assert "[^1]: Adopted in 2000." in text
    numbered = [line.partition(".")[0] for line in text.splitlines() if line[:1].isdigit()]
    assert numbered == [str(number) for number in range(1, 11)]
    assert text.count("the bridge that\nthey have built, and publish") == 8


@pytest.mark.parametrize(
    ("begins", "run"),
    [("", "[a](#"), ("", "[a](http://a"), ("", "<!--"), ("", "<sup> "), ("<sup>", "  "), ("", "![a]("), ("", "`a")],
)
def test_marks_that_nothing_closes_are_read_in_time_that_grows_with_the_text(begins: str, run: str) -> None:
    def cost(signs: int) -> float:
        text = begins + run * (signs // len(run))
        started = time.process_time()
        assert readable(text)
        return time.process_time() - started

    assert min(cost(80_000) for _ in range(3)) < 40 * min(cost(10_000) for _ in range(3))


def test_a_comment_goes_and_what_no_comment_closes_stays() -> None:
    assert readable("Ports <!-- not\nnow -->open. <!-- soon") == "Ports open. <!-- soon"
