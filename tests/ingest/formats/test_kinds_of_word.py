"""Word documents of other kinds than .docx: the strict kind, templates, with macros, with their main part elsewhere."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest

from ingest.formats.files import read_file

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
STRICT = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "http://purl.oclc.org/ooxml/wordprocessingml/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/": "http://purl.oclc.org/ooxml/officeDocument/",
}
"""The names of ISO/IEC 29500-1 in place of those of its transitional part."""


def changed(path: Path, names: dict[str, str]) -> Path:
    """A Word document of this name with a heading, a paragraph and a table, some names in it replaced by others."""
    usual = docx.Document()
    usual.add_heading("I. Quays", level=1)
    usual.add_paragraph("1. States should mend quays.")
    usual.add_table(rows=1, cols=2).cell(0, 0).text = "Steps"
    usual.save(str(path.with_suffix(".usual")))
    with zipfile.ZipFile(path.with_suffix(".usual")) as package, zipfile.ZipFile(path, "w") as written:
        for name in package.namelist():
            part = package.read(name)
            for old, new in names.items() if name.endswith((".xml", ".rels")) else ():
                part = part.replace(old.encode(), new.encode())
            written.writestr(name.replace("document.xml", names.get("document.xml", "document.xml")), part)
    return path


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("strict.docx", STRICT),
        ("macros.docm", {MAIN: "application/vnd.ms-word.document.macroEnabled.main+xml"}),
        ("template.dotx", {MAIN: MAIN.replace("document.main", "template.main")}),
        ("macros.dotm", {MAIN: "application/vnd.ms-word.template.macroEnabledTemplate.main+xml"}),
        ("second.docx", {"document.xml": "document2.xml"}),
    ],
)
def test_a_word_document_of_another_kind_is_read_and_keeps_its_name(
    name: str, names: dict[str, str], tmp_path: Path
) -> None:
    path = changed(tmp_path / name, names)
    read = read_file(path)
    assert read.text == "## I. Quays\n\n1. States should mend quays.\n\n| Steps |  |\n"
    assert (read.kind, read.suffix, read.raw) == ("Word document", path.suffix, path.read_bytes())


def test_a_line_in_italics_above_a_numbered_paragraph_is_a_heading(tmp_path: Path) -> None:
    document = docx.Document()
    for words, italic in (
        ("Right to a quay", True),
        ("1. States should mend.", False),
        ("48th meeting", True),
        ("Done.", False),
    ):
        document.add_paragraph().add_run(words).italic = italic
    document.save(str(tmp_path / "italic.docx"))
    assert (
        read_file(tmp_path / "italic.docx").text
        == "## Right to a quay\n\n1. States should mend.\n\n48th meeting\n\nDone.\n"
    )
