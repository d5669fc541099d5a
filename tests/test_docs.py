"""What the documents for people who change the code say is so."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from ontology.layout import ROOT

WALK = ROOT / "docs" / "reading-the-code.md"
PAGES = [ROOT / "CONTRIBUTING.md", ROOT / "tests" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_the_examples_of_the_walk_through_the_code_print_what_they_show() -> None:
    failed, tried = doctest.testfile(str(WALK), module_relative=False)
    assert failed == 0
    assert tried > 5


def test_the_walk_leads_through_twelve_files_in_order() -> None:
    text = WALK.read_text(encoding="utf-8")
    assert [int(number) for number in re.findall(r"^(\d+)\. \[", text, re.MULTILINE)] == list(range(1, 13))
    named = re.findall(r"`((?:ingest|server|queries|shapes|ontology)/[\w./-]+)`", text)
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_document_leads_to_a_file_and_its_heading(page: Path) -> None:
    for target, fragment in re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", page.read_text(encoding="utf-8")):
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), target
        if fragment:
            headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert fragment in {re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-")) for heading in headings}
