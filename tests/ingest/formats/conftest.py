"""The real text as files of every kind, made here by other people's writers, and what its paragraphs must be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, SimpleDocTemplate
from reportlab.platypus import Paragraph as Flowing

from ingest.document import Document
from tests.ingest.conftest import package

Words = list[tuple[str, str, str]]
"""The blocks of a document: "heading", "paragraph", "item" or "line"; its printed number; its words."""


@pytest.fixture(scope="session")
def words(document: Document) -> Words:
    """The blocks of the real document in reading order."""
    blocks = [(number - 100, ("line", "", line)) for number, line in enumerate(document.masthead.lines)]
    for section in document.sections:
        blocks.append((section.order, ("heading", f"{section.printed}." if section.printed else "", section.heading)))
    for one in document.paragraphs:
        blocks.append((one.order, ("paragraph", f"{one.number}.", one.text)))
        blocks += [(item.order, ("item", f"({item.letter})", item.text)) for item in one.items]
    return [block for _, block in sorted(blocks, key=lambda each: each[0])]


NUMBERING = """<w:numbering {0}>
<w:abstractNum w:abstractNumId="7"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="8"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%2."/></w:lvl>
</w:abstractNum>
<w:num w:numId="7"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="8"><w:abstractNumId w:val="8"/></w:num>
</w:numbering>"""


def automatic_docx(words: Words, path: Path) -> None:
    """A Word document whose numbers and letters are made by Word's lists."""
    document = docx.Document()
    part = document.part.numbering_part
    part._element = parse_xml(NUMBERING.format(nsdecls("w")))  # python-docx makes no numbering of its own
    for kind, number, text in words:
        paragraph = document.add_heading(text, 2) if kind == "heading" else document.add_paragraph(text)
        if number:
            level = 1 if kind == "item" or (kind == "heading" and re.fullmatch(r"[A-H]\.", number)) else 0
            listed = f'<w:ilvl w:val="{level}"/><w:numId w:val="{8 if kind == "heading" else 7}"/>'
            paragraph._p.get_or_add_pPr().append(parse_xml(f"<w:numPr {nsdecls('w')}>{listed}</w:numPr>"))
    document.save(str(path))


def typed_docx(words: Words, path: Path) -> None:
    """A Word document whose numbers are typed, with a tab behind each, and a running head."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "CTOC/COP/WG.7/2015/4"
    document.sections[0].footer.paragraphs[0].text = "2/11 V.15-05990"
    for kind, number, text in words:
        paragraph = document.add_paragraph()
        run = paragraph.add_run(f"{number}\t{text}" if number else text)
        run.bold = kind == "heading"
    document.save(str(path))


ODT = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 office:version="1.3"><office:automatic-styles><text:list-style style:name="L1">
<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
<text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="(" style:num-suffix=")"/>
</text:list-style></office:automatic-styles><office:body><office:text>{0}</office:text></office:body></office:document-content>"""
ODT_PARTS = {
    "mimetype": "application/vnd.oasis.opendocument.text",
    "META-INF/manifest.xml": "<manifest/>",
    "styles.xml": '<office:document-styles xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"/>',
}


def odt(words: Words, path: Path) -> None:
    """An OpenDocument text whose paragraphs and items are lists that go on behind headings."""
    out: list[str] = []
    for kind, number, text in words:
        if kind == "item":
            out[-1] = out[-1].removesuffix("</text:list-item></text:list>") + (
                f"<text:list><text:list-item><text:p>{escape(text)}</text:p></text:list-item></text:list>"
                "</text:list-item></text:list>"
            )
        elif kind == "paragraph":
            item = f"<text:list-item><text:p>{escape(text)}</text:p></text:list-item>"
            out.append(f'<text:list text:style-name="L1" text:continue-numbering="true">{item}</text:list>')
        else:
            tag = 'text:h text:outline-level="2"' if kind == "heading" else "text:p"
            out.append(f"<{tag}>{number} {escape(text)}</{tag.split(maxsplit=1)[0]}>")
    path.write_bytes(package(ODT_PARTS | {"content.xml": ODT.format("".join(out))}))


def html(words: Words, path: Path) -> None:
    """A web page whose paragraphs are lists of one, each with its start."""
    tags = {"line": "<p>{1}</p>", "heading": "<h3>{0} {1}</h3>", "item": "<p>{0} {1}</p>"}
    body = "\n".join(
        f'<ol start="{number[:-1]}"><li>{escape(text)}</li></ol>'
        if kind == "paragraph"
        else tags[kind].format(number, escape(text))
        for kind, number, text in words
    )
    path.write_text(f"<!doctype html><html><head><title>x</title></head><body>{body}</body></html>", encoding="utf-8")


def pdf(words: Words, path: Path) -> None:
    """A PDF with running heads, feet and wrapped lines, which pages break in mid-sentence."""
    style = ParagraphStyle("words", fontName="Helvetica", fontSize=11, leading=13.2, spaceAfter=9)
    bold = ParagraphStyle("heading", parent=style, fontName="Helvetica-Bold")

    def edges(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica", 9)
        canvas.drawRightString(A4[0] - 72, A4[1] - 40, "CTOC/COP/WG.7/2015/4")
        canvas.drawString(72, 36, f"{document.page}/11      V.15-05990")

    story = [
        Flowing(escape(f"{number} {text}" if number else text, quote=False), bold if kind == "heading" else style)
        for kind, number, text in words
    ]
    SimpleDocTemplate(str(path), pagesize=A4).build(story, onFirstPage=edges, onLaterPages=edges)


def save_as_text(words: Words, path: Path) -> None:
    """What a word processor saves as plain text: a paragraph a line, tabs behind numbers, no blank lines."""
    lines = [f"{number}\t{text}" if number else text for _, number, text in words]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("utf-8-sig"))


ROMAN = "Times-Roman"
Line = tuple[float, str] | tuple[float, str, str] | tuple[float, str, str, float]
"""How high a line stands, its words, their font (roman) and size (10)."""


@contextmanager
def paper(path: Path, **options: object) -> Iterator[Canvas]:
    """Pages of a PDF to be drawn on."""
    canvas = Canvas(str(path), pagesize=(595, 842), **options)
    yield canvas
    canvas.save()


def write(canvas: Canvas, lines: Iterable[Line], x: float = 60) -> None:
    """Draws lines where they stand."""
    for line in lines:
        y, words, font, size = (*line, *(ROMAN, 10)[len(line) - 2 :])
        canvas.setFont(font, size)
        canvas.drawString(x, y, words)


WRITERS: dict[str, Callable[[Words, Path], None]] = {
    "automatic.docx": automatic_docx,
    "typed.docx": typed_docx,
    "lists.odt": odt,
    "page.html": html,
    "pages.pdf": pdf,
    "saved.txt": save_as_text,
}
