"""What word processors, web sites and printers put into files beside the words: each file gives the words, once, in
order and under the numbers that it prints; what is left out is kept as such."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from PIL import Image

from ingest.errors import SourceError
from ingest.formats.files import Readable, read_file
from tests.ingest.conftest import package
from tests.ingest.formats.conftest import ODT, ODT_PARTS, paper, write

SPACES = (
    f"{nsdecls('w', 'm')} "
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
)
LISTS = f"""<w:numbering {SPACES}>
<w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlRestart w:val="0"/><w:lvlText w:val="%2."/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%3"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="3">
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:isLgl/><w:lvlText w:val="%1.%2."/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="ListOfPorts"/></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="1">
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/></w:lvl></w:lvlOverride></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="3"/></w:num>
</w:numbering>"""
STYLE = f"""<w:style {SPACES} w:type="numbering" w:styleId="ListOfPorts"><w:name w:val="ports"/>
<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>"""


def run(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def paragraph(inner: str, number: tuple[int, int] | None = None, mark: str = "") -> str:
    listed = f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>' if number else ""
    return f"<w:p {SPACES}><w:pPr>{listed}<w:rPr>{mark}</w:rPr></w:pPr>{inner}</w:p>"


def word(path: Path, blocks: Sequence[str]) -> Readable:
    document = docx.Document()
    document.part.numbering_part._element = parse_xml(LISTS)  # python-docx makes no numbering of its own
    document.styles.element.append(parse_xml(STYLE))
    for block in blocks:
        document.element.body[-1].addprevious(parse_xml(block))
    document.save(str(path))
    return read_file(path)


def blocks_of(read: Readable) -> list[str]:
    return read.text.strip().split("\n\n")


def deleted(words: str) -> str:
    return f'<w:del w:id="1" w:author="x"><w:r><w:delText xml:space="preserve">{words}</w:delText></w:r></w:del>'


def test_tracked_changes_are_read_as_accepted_and_a_deleted_paragraph_has_no_number(tmp_path: Path) -> None:
    gone = '<w:del w:id="9" w:author="x"/>'
    read = word(
        tmp_path / "tracked.docx",
        [
            paragraph(run("The port is old."), (1, 1)),
            paragraph(deleted("It was red."), (1, 1), gone),
            paragraph(run("It should ") + deleted("never ") + f'<w:ins w:id="2">{run("soon ")}</w:ins>' + run("close."), (1, 1)),
            paragraph(run("Its quay "), (1, 1), gone),
            paragraph(run("goes on."), (1, 1)),
        ],
    )  # fmt: skip
    assert blocks_of(read) == ["1. The port is old.", "2. It should soon close.", "3. Its quay goes on."]


def test_hidden_text_is_no_words_of_a_word_document_and_formulas_and_signs_are(tmp_path: Path) -> None:
    read = word(
        tmp_path / "hidden.docx",
        [
            paragraph(run("Ports", "") + run(" (draft: delete)", "<w:vanish/>") + run(" open."), (1, 1)),
            paragraph(run("nothing is printed here", "<w:vanish/>"), (1, 1), "<w:vanish/>"),
            paragraph('<m:oMath><m:r><m:t>x&lt;2</m:t></m:r></m:oMath><w:r><w:sym w:font="Symbol" w:char="F0B7"/></w:r>', (1, 1)),
        ],
    )  # fmt: skip
    assert blocks_of(read) == ["1. Ports open.", "2. x<2•"]
    assert read.left_out == ("(draft: delete)", "nothing is printed here")


def test_the_words_of_a_text_box_stand_once_behind_its_paragraph_and_belong_to_none(tmp_path: Path) -> None:
    inside = f"<w:txbxContent>{paragraph(run('Box 1: a good port.'))}</w:txbxContent>"
    box = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{inside}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    cell = f"<w:tc>{paragraph(run('Cell') + box)}</w:tc><w:tc>{paragraph(run('Other'))}</w:tc>"
    read = word(
        tmp_path / "boxes.docx",
        [
            paragraph(box),
            paragraph(run("Ports") + box + run(" open."), (1, 1)),
            f"<w:tbl {SPACES}><w:tblPr/><w:tblGrid/><w:tr>{cell}</w:tr></w:tbl>",
        ],
    )
    assert blocks_of(read) == [
        "Box 1: a good port.",
        "1. Ports open.",
        "| Box 1: a good port. |\n| Cell Box 1: a good port. | Other |",
    ]


def test_numbers_of_word_go_on_over_sections_and_take_levels_from_overrides_and_styles(tmp_path: Path) -> None:
    read = word(
        tmp_path / "lists.docx",
        [
            paragraph(run("Ports"), (1, 0)),
            paragraph(run("First."), (1, 1)),
            paragraph(run("Quays"), (1, 0)),
            paragraph(run("Second."), (3, 1)),
            paragraph(run("Inner."), (1, 2)),
            paragraph(run("Third."), (2, 1)),
            paragraph(run("Below a level that the list has not."), (4, 1)),
        ],
    )
    last = "1.1. Below a level that the list has not."
    assert blocks_of(read) == ["I. Ports", "1. First.", "II. Quays", "2. Second.", "2.1 Inner.", "(c) Third.", last]


def open_document(path: Path, body: str, styles: str = "") -> Readable:
    spaces = (
        'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
        'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
    )
    content = ODT.format(body).replace("<office:document-content ", f"<office:document-content {spaces} ", 1)
    content = content.replace("</office:automatic-styles>", f"{styles}</office:automatic-styles>")
    path.write_bytes(package(ODT_PARTS | {"content.xml": content}))
    return read_file(path)


def test_an_opendocument_text_keeps_boxes_apart_numbers_that_a_paragraph_has_itself_and_no_hidden_text(
    tmp_path: Path,
) -> None:
    hidden = (
        '<style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style>'
    )
    one = '<text:numbered-paragraph text:list-id="n" text:level="1" text:style-name="L1">{}</text:numbered-paragraph>'
    box = "<draw:frame><draw:text-box><text:p>Box 1: a port.</text:p></draw:text-box><svg:title>a picture</svg:title></draw:frame>"
    read = open_document(
        tmp_path / "ports.odt",
        one.format(f'<text:p>Ports{box}<text:span text:style-name="T1"> SECRET</text:span> open.</text:p>')
        + one.format("<text:number>7.</text:number><text:p>They close.</text:p>"),
        hidden,
    )
    assert blocks_of(read) == ["1. Ports open.", "| Box 1: a port. |", "2. They close."]
    assert read.left_out == ("SECRET",)


def page(path: Path, text: str, encoding: str = "utf-8") -> Readable:
    path.write_bytes(text.encode(encoding))
    return read_file(path)


def test_what_a_site_puts_around_a_text_is_left_out_and_named(tmp_path: Path) -> None:
    text = """<!doctype html><body><div class="cookie-banner"><p>We use cookies.</p></div><header><p>Port Site</p>
    <nav>Home</nav></header>{0}<p>1. Ports<span style="display:none">SECRET</span> open.<a href="#n1">1</a></p>{1}
    <aside>Other news</aside><ol><li id="n1">See the annex.</li></ol><footer>Contact</footer></body>"""
    read = page(tmp_path / "main.html", text.format("<main>", "</main>"))
    assert blocks_of(read) == ["1. Ports open.[^1]", "[^1]: See the annex."]
    assert set(read.left_out) == {"We use cookies.", "Port Site Home", "Other news", "Contact"}
    read = page(tmp_path / "bare.html", text.format("", ""))
    assert blocks_of(read) == ["Port Site", "1. Ports open.[^1]", "Other news", "[^1]: See the annex."]
    assert set(read.left_out) == {"We use cookies.", "Home", "Contact"}


def test_two_breaks_end_a_block_and_one_ends_a_line(tmp_path: Path) -> None:
    read = page(
        tmp_path / "breaks.html", "<body>I. Ports<br><br/>\n1. Ports<br>open.<br>&nbsp;<br>2. They close.</body>"
    )
    assert blocks_of(read) == ["I. Ports", "1. Ports\nopen.", "2. They close."]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("utf-8", "cp1252"), ("iso-8859-1", "cp1252"), ("iso-8859-1", "utf-8"), ("", "cp1252"), ("utf-16", "utf-16"), ("no-such", "cp1252")],
)  # fmt: skip
def test_a_page_is_read_in_its_own_encoding_whatever_it_declares(declared: str, encoding: str, tmp_path: Path) -> None:
    meta = f'<meta charset="{declared}">' if declared else ""
    words = "Les États « parties » – “tous” – devraient coopérer à l’échelle régionale."
    read = page(tmp_path / "page.html", f"<html><head>{meta}</head><body><p>1. {words}</p></body></html>", encoding)
    assert blocks_of(read) == [f"1. {words}"]


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_text_is_read_in_its_own_encoding_without_a_mark_and_in_other_letters(encoding: str, tmp_path: Path) -> None:
    russian = "1. Государствам следует сотрудничать друг с другом и с Конференцией.\n" * 3
    words = russian if encoding in ("cp1251", "koi8-r") else "1. States should cooperate with each other – all.\n"
    assert page(tmp_path / "text.txt", words, encoding).text == words


def test_heads_that_change_by_side_are_no_words_though_each_is_on_two_pages_only(tmp_path: Path) -> None:
    words = (
        "1. States should give the Group all that it needs for", "its report and open",
        "their ports within a year of the meeting", "and keep them open.",
    )  # fmt: skip
    with paper(tmp_path / "sides.pdf") as canvas:
        for number, line in enumerate(words, 1):
            head = "Port Group" if number % 2 else "Report of the Group"
            write(canvas, [(810, head), (780, line), (40, str(number))])
            canvas.showPage()
    read = read_file(tmp_path / "sides.pdf")
    assert "".join(line for line in read.text if line != "\n") == f"Port Group{''.join(words)}"
    assert sorted(read.left_out) == ["1", "2", "3", "4", "Port Group", "Report of the Group", "Report of the Group"]


def test_a_word_split_at_a_line_end_is_whole_where_the_document_has_it_whole_elsewhere(tmp_path: Path) -> None:
    with paper(tmp_path / "split.pdf") as canvas:
        write(canvas, [(780, "1. The recommenda-"), (768, "tions are about a well-")])
        write(canvas, [(756, "known port. All recommendations are well.")])
        write(canvas, [(700, "2. A decision of the Medi-"), (688, "terranean ports.")])
    assert blocks_of(read_file(tmp_path / "split.pdf")) == [
        "1. The recommendations are about a well-\nknown port. All recommendations are well.",
        "2. A decision of the Medi-\nterranean ports.",
    ]


def test_a_page_of_a_pdf_that_is_a_picture_is_named_as_left_out(tmp_path: Path) -> None:
    Image.new("RGB", (60, 80), "white").save(tmp_path / "scan.png")
    waiting = "States should wait for the ferry at quay {0} of the port."
    with paper(tmp_path / "half.pdf") as canvas:
        write(canvas, [(780 - 20 * n, f"{n}. {waiting.format(n)}") for n in range(1, 9)])
        canvas.showPage()
        canvas.drawImage(str(tmp_path / "scan.png"), 0, 0, 595, 842)
    assert read_file(tmp_path / "half.pdf").left_out == ("page 2, which has no words that can be read",)


def test_a_short_page_has_the_columns_of_the_others(tmp_path: Path) -> None:
    expected = []
    with paper(tmp_path / "columns.pdf") as canvas:
        for rows in (12, 4):
            for x, side in ((60, "left"), (315, "right")):
                lines = [f"line {row} of the {side} side of {rows}" for row in range(rows)]
                write(canvas, [(760 - 12 * row, line) for row, line in enumerate(lines)], x)
                expected += lines
            canvas.showPage()
    assert [line for line in read_file(tmp_path / "columns.pdf").text.splitlines() if line] == expected


@pytest.mark.parametrize(
    ("names", "kind", "advice"),
    [
        (("Index/Document.iwa",), "a Pages document", "Export To, Word"),
        (("xl/workbook.xml",), "a workbook (XLSX)", "the document"),
        (("ppt/presentation.xml",), "a presentation (PPTX)", "save it as PDF"),
        (("META-INF/container.xml", "a.xhtml"), "an e-book (EPUB)", "its pages as HTML"),
    ],
)
def test_a_package_of_another_kind_is_named(names: tuple[str, ...], kind: str, advice: str, tmp_path: Path) -> None:
    (tmp_path / "package.zip").write_bytes(package(dict.fromkeys(names, "x")))
    with pytest.raises(SourceError) as caught:
        read_file(tmp_path / "package.zip")
    assert caught.value.found == kind
    assert advice in caught.value.expected


def test_a_package_whose_pictures_are_very_large_unpacked_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    parts = ["word/document.xml", *(f"word/media/{number}.bin" for number in range(7))]
    (tmp_path / "bomb.docx").write_bytes(package(dict.fromkeys(parts, "x"), unpacked=50_000_000))
    with pytest.raises(SourceError, match="once unpacked"):
        read_file(tmp_path / "bomb.docx")


def test_a_folder_and_a_file_without_words_say_that_they_are(tmp_path: Path) -> None:
    (tmp_path / "report.docx").mkdir()
    with pytest.raises(SourceError, match="a folder"):
        read_file(tmp_path / "report.docx")
    with pytest.raises(SourceError, match="a file without words, of the kind Word document"):
        word(tmp_path / "bare.docx", [])


def test_a_word_of_a_pdf_whose_font_changes_within_is_one_word(tmp_path: Path) -> None:
    with paper(tmp_path / "fonts.pdf") as canvas:
        text = canvas.beginText(72, 700)
        for font, words in (
            ("Times-Roman", "The Recom"),
            ("Times-Bold", "mendations"),
            ("Times-Roman", " of the group."),
        ):
            text.setFont(font, 11)
            text.textOut(words)
        canvas.drawText(text)
    assert blocks_of(read_file(tmp_path / "fonts.pdf")) == ["The Recommendations of the group."]
