"""Which kind of file it is, by its first bytes rather than its name, and its readable source text."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ingest.errors import SourceError
from ingest.formats.akoma_ntoso import is_akoma_ntoso, read_akoma_ntoso
from ingest.formats.blocks import WITHOUT_PASSWORD, Blocks
from ingest.formats.docx import read_docx
from ingest.formats.encodings import decoded
from ingest.formats.html import decoded_page, read_html
from ingest.formats.odt import read_odt
from ingest.formats.pdf import read_pdf
from ingest.formats.text import readable, spaced
from ingest.source import refuse_large_parts
from ontology.formats import WORDS

HEAD, SHOWN = 8192, 5
LARGEST_FILE = 60 * 1024 * 1024
OLE, ZIP, PDF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"%PDF-"
AS_DOCX = "a .docx file: open it in Word or LibreOffice and save it as DOCX"
FROM_A_PICTURE = "a file with text; recognize the text first (OCR)"
UNPACKED = "the file that is in it: unpack it first, and add one file at a time"
OTHERS = (
    (b"{\\rtf", "a rich text file (RTF)", AS_DOCX),
    (b"\xffWPC", "a WordPerfect file", AS_DOCX),
    *((magic, "a picture", FROM_A_PICTURE) for magic in (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF8")),
    (b"AT&TFORM", "a picture (DjVu)", FROM_A_PICTURE),
    (b"%!PS", "a PostScript file", "a PDF made of it"),
    *((magic, "a packed file", UNPACKED) for magic in (b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ")),
)
MESSAGE = re.compile(rb"(?:From|Received|Return-Path|Delivered-To|MIME-Version|Message-ID|X-[\w-]+|Date|Subject|To): ")
MESSAGE_ALONE = re.compile(rb"(?im)^(?:MIME-Version|Message-ID|Received):")
OF_A_MESSAGE = "the file that is attached to it; or the page as HTML, or its text saved as DOCX"
"""How messages and web archives begin, and what one of their first lines is (RFC 5322, §3.6)."""
OF_OLD_PROGRAMS = (
    ("WordDocument", "a Word document of the old kind (.doc)", AS_DOCX),
    ("Workbook", "a workbook of the old kind (.xls)", "the document; tables of judgements go into ingest/editorial/"),
    ("PowerPoint Document", "a presentation of the old kind (.ppt)", "a PDF made of it: save it as PDF"),
    ("__substg1.0_", "a message (.msg)", OF_A_MESSAGE),
)
"""What the compound files of old programs hold, by the name of a stream in them."""
PACKAGES = (
    ("Index/", "a Pages document", "a .docx file: in Pages, File, Export To, Word"),
    ("xl/", "a workbook (XLSX)", "the document; tables of judgements go into ingest/editorial/"),
    ("ppt/", "a presentation (PPTX)", "a PDF made of it: save it as PDF"),
    ("META-INF/container.xml", "an e-book (EPUB)", "its pages as HTML, or a PDF"),
)
"""Packages of other kinds, by the beginning of a name in them."""
WORD_MAIN = re.compile(r"word/document[0-9]*\.xml")
WORD_SUFFIXES = tuple(known.suffix for known in WORDS)
WITH_ENCODINGS = ("text", "HTML page")


@dataclass(frozen=True, slots=True)
class Readable:
    """A file as it came, and the source text made of it; ``changed`` says that the text is not the file itself.

    ``says`` is what the file holds beside the text, by the keys of a ``.toml`` file; ``left_out`` the lines of its
    pages that are no words of the document; ``guess`` the encoding that was guessed.
    """

    raw: bytes
    text: str
    kind: str
    suffix: str
    changed: bool
    says: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    guess: str = ""


def read_file(path: Path, encoding: str = "") -> Readable:
    """The source text of a file; a text or page may be given its encoding. Raises `SourceError`, which names the kind
    of file and what to do."""
    read = _read(path, encoding)
    if encoding and read.kind not in WITH_ENCODINGS:
        raise SourceError(path, None, f"an encoding for the kind {read.kind}", "none: such a file tells its own")
    if not any(sign.isalnum() for sign in read.text):
        raise SourceError(path, None, f"a file without words, of the kind {read.kind}", "the text of a document")
    return read


def _read(path: Path, encoding: str) -> Readable:
    if path.is_dir():
        raise SourceError(path, None, "a folder", "one file with the text of a document")
    if not path.is_file():
        raise SourceError(path, None, "no such file", f"a file named {path.name}")
    if path.stat().st_size > LARGEST_FILE:
        raise SourceError(path, None, f"a file of {path.stat().st_size:,} bytes", f"at most {LARGEST_FILE:,} bytes")
    raw = path.read_bytes()
    if not raw.strip():
        raise SourceError(path, None, "an empty file", "a file with the text of a document")
    if raw.startswith(OLE):
        _refuse_ole(path, raw)
    for magic, kind, advice in OTHERS:
        if raw.startswith(magic):
            raise SourceError(path, None, kind, advice)
    if path.suffix.lower() == ".eml" or (MESSAGE.match(raw) and MESSAGE_ALONE.search(raw[:HEAD])):
        raise SourceError(path, None, "a message or a web archive (MIME)", OF_A_MESSAGE)
    if raw.startswith(ZIP):
        return _package(path, raw)
    if PDF in raw[:1024]:
        return _from_blocks(raw, read_pdf(path), "PDF", ".pdf")
    if is_akoma_ntoso(raw):
        blocks, says = read_akoma_ntoso(path)
        return Readable(raw, blocks.markdown(), "Akoma Ntoso", path.suffix.lower() or ".xml", changed=True, says=says)
    if _is_html(raw):
        page, suffix = decoded_page(raw, path, encoding), path.suffix.lower() or ".html"
        blocks = read_html(page.text, path)
        source, left = spaced(blocks.markdown()), tuple(blocks.left_out)
        return Readable(raw, source, "HTML page", suffix, changed=True, left_out=left, guess=page.guess)
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        raise SourceError(path, None, "an XML file of another kind", "Akoma Ntoso or HTML; or save it as DOCX")
    if b"\\begin{document}" in raw:
        raise SourceError(path, None, "a LaTeX file", "a PDF or DOCX made of it")
    if path.suffix.lower() in (*WORD_SUFFIXES, ".odt", ".pdf", ".doc"):
        raise SourceError(path, None, f"a {path.suffix} file that is broken or of another kind", AS_DOCX)
    found, left_out, suffix = decoded(raw, path, encoding), list[str](), path.suffix.lower() or ".txt"
    source = readable(found.text, left_out)
    return Readable(raw, source, "text", suffix, source.encode() != raw, left_out=tuple(left_out), guess=found.guess)


def _from_blocks(raw: bytes, blocks: Blocks, kind: str, suffix: str) -> Readable:
    return Readable(raw, blocks.markdown(), kind, suffix, changed=True, left_out=tuple(blocks.left_out))


def _refuse_ole(path: Path, raw: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in raw:
        raise SourceError(path, None, "a Word document with a password", WITHOUT_PASSWORD)
    for stream, kind, advice in OF_OLD_PROGRAMS:
        if stream.encode("utf-16-le") in raw:
            raise SourceError(path, None, kind, advice)
    raise SourceError(path, None, "a file of an old office program, such as a .doc", AS_DOCX)


def _package(path: Path, raw: bytes) -> Readable:
    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            refuse_large_parts(package, path)
    except zipfile.BadZipFile as error:
        raise SourceError(path, None, "a DOCX or ODT file that is broken", "a file that Word opens") from error
    if any(WORD_MAIN.fullmatch(name) for name in names):
        own = path.suffix.lower()
        return _from_blocks(raw, read_docx(path), "Word document", own if own in WORD_SUFFIXES else ".docx")
    for name, kind, advice in PACKAGES:
        if any(each.startswith(name) for each in names):
            raise SourceError(path, None, kind, advice)
    if "content.xml" in names:
        return _from_blocks(raw, read_odt(path), "OpenDocument text", ".odt")
    held = sorted(name for name in names if not name.endswith("/") and not name.startswith("__MACOSX/"))
    shown = ", ".join(held[:SHOWN]) + (f" and {len(held) - SHOWN} more" if held[SHOWN:] else "")
    raise SourceError(path, None, f"a ZIP file that is neither DOCX nor ODT, with {shown or 'nothing in it'}", UNPACKED)


def _is_html(raw: bytes) -> bool:
    start = raw[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html")) or b"<html" in start or b"<body" in start
