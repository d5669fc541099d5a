"""Which kind of file it is, by its first bytes rather than its name, and its readable source text."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ingest.errors import SourceError
from ingest.formats.akoma_ntoso import is_akoma_ntoso, read_akoma_ntoso
from ingest.formats.blocks import UnreadableFileError
from ingest.formats.docx import read_docx
from ingest.formats.encodings import decoded
from ingest.formats.html import decoded_page, read_html
from ingest.formats.odt import read_odt
from ingest.formats.pdf import read_pdf
from ingest.formats.text import readable
from ingest.source import refuse_large_parts

LARGEST_FILE = 60 * 1024 * 1024
OLE, ZIP, PDF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"%PDF-"
AS_DOCX = "a .docx file: open it in Word or LibreOffice and save it as DOCX"
FROM_A_PICTURE = "a file with text; recognize the text first (OCR)"
OTHERS = (
    (b"{\\rtf", "a rich text file (RTF)", AS_DOCX),
    (b"\xffWPC", "a WordPerfect file", AS_DOCX),
    *((magic, "a picture", FROM_A_PICTURE) for magic in (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF8")),
    (b"%!PS", "a PostScript file", "a PDF made of it"),
    (b"MIME-Version:", "a web archive or a message (MIME)", "the page as HTML; or open it in Word and save it as DOCX"),
)
PACKAGES = (
    ("Index/", "a Pages document", "a .docx file: in Pages, File, Export To, Word"),
    ("xl/", "a workbook (XLSX)", "the document; tables of judgements go into ingest/editorial/"),
    ("ppt/", "a presentation (PPTX)", "a PDF made of it: save it as PDF"),
    ("META-INF/container.xml", "an e-book (EPUB)", "its pages as HTML, or a PDF"),
)
"""Packages of other kinds, by the beginning of a name in them."""
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
        raise UnreadableFileError(path, f"an encoding for the kind {read.kind}", "none: such a file tells its own")
    if not any(sign.isalnum() for sign in read.text):
        raise UnreadableFileError(path, f"a file without words, of the kind {read.kind}", "the text of a document")
    return read


def _read(path: Path, encoding: str) -> Readable:
    if path.is_dir():
        raise UnreadableFileError(path, "a folder", "one file with the text of a document")
    if not path.is_file():
        raise SourceError(path, None, "no such file", f"a file named {path.name}")
    if path.stat().st_size > LARGEST_FILE:
        raise UnreadableFileError(path, f"a file of {path.stat().st_size:,} bytes", f"at most {LARGEST_FILE:,} bytes")
    raw = path.read_bytes()
    if not raw.strip():
        raise UnreadableFileError(path, "an empty file", "a file with the text of a document")
    if raw.startswith(OLE):
        _refuse_ole(path, raw)
    for magic, kind, advice in OTHERS:
        if raw.startswith(magic):
            raise UnreadableFileError(path, kind, advice)
    if raw.startswith(ZIP):
        return _package(path, raw)
    if PDF in raw[:1024]:
        blocks = read_pdf(path)
        return Readable(raw, blocks.markdown(), "PDF", ".pdf", changed=True, left_out=tuple(blocks.left_out))
    if is_akoma_ntoso(raw):
        blocks, says = read_akoma_ntoso(path)
        return Readable(raw, blocks.markdown(), "Akoma Ntoso", path.suffix.lower() or ".xml", changed=True, says=says)
    if _is_html(raw):
        page, suffix = decoded_page(raw, path, encoding), path.suffix.lower() or ".html"
        blocks = read_html(page.text, path)
        left = tuple(blocks.left_out)
        return Readable(raw, blocks.markdown(), "HTML page", suffix, changed=True, left_out=left, guess=page.guess)
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        raise UnreadableFileError(path, "an XML file of another kind", "Akoma Ntoso or HTML; or save it as DOCX")
    if path.suffix.lower() in (".docx", ".odt", ".pdf", ".doc"):
        raise UnreadableFileError(path, f"a {path.suffix} file that is broken or of another kind", AS_DOCX)
    found, left_out, suffix = decoded(raw, path, encoding), list[str](), path.suffix.lower() or ".txt"
    source = readable(found.text, left_out)
    return Readable(raw, source, "text", suffix, source.encode() != raw, left_out=tuple(left_out), guess=found.guess)


def _refuse_ole(path: Path, raw: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in raw:
        raise UnreadableFileError(path, "a Word document with a password", "a file without a password; save it again")
    raise UnreadableFileError(path, "a Word document of the old kind (.doc)", AS_DOCX)


def _package(path: Path, raw: bytes) -> Readable:
    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            refuse_large_parts(package, path)
    except zipfile.BadZipFile as error:
        raise UnreadableFileError(path, "a DOCX or ODT file that is broken", "a file that Word opens") from error
    if "word/document.xml" in names:
        blocks = read_docx(path)
        return Readable(raw, blocks.markdown(), "Word document", ".docx", changed=True, left_out=tuple(blocks.left_out))
    for name, kind, advice in PACKAGES:
        if any(each.startswith(name) for each in names):
            raise UnreadableFileError(path, kind, advice)
    if "content.xml" in names:
        blocks = read_odt(path)
        return Readable(
            raw, blocks.markdown(), "OpenDocument text", ".odt", changed=True, left_out=tuple(blocks.left_out)
        )
    raise UnreadableFileError(
        path, "a ZIP file that is neither DOCX nor ODT", "a DOCX, ODT, PDF, HTML, Akoma Ntoso or text file"
    )


def _is_html(raw: bytes) -> bool:
    start = raw[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html")) or b"<html" in start or b"<body" in start
