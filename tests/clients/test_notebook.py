"""The notebook page of the documentation, run as a reader runs it: pandas against a running server."""

from __future__ import annotations

import doctest
from pathlib import Path

from ontology.layout import ROOT

PAGE = ROOT / "docs" / "notebook.md"


def test_the_notebook_prints_what_it_shows(live_server: str, tmp_path: Path) -> None:
    page = tmp_path / PAGE.name
    page.write_text(PAGE.read_text(encoding="utf-8").replace("http://localhost:8000/", live_server), encoding="utf-8")
    failed, tried = doctest.testfile(str(page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0
    assert tried > 12
