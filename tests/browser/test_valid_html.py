"""Every kind of page, and every page with ``EVERY=1``, is valid HTML by html-validate's rules for the standard."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import httpx2

from tests.browser.kinds import ADDRESSES, LOOKED_AT
from tests.browser.tools import node, package

RULES: dict[str, object] = {
    "extends": ["html-validate:standard", "html-validate:a11y"],
    "rules": {"aria-label-misuse": ["error", {"allowAnyNamable": True}], "prefer-native-element": "off"},
    "root": True,
}
"""The standard's rules and those for accessibility, without two that are about taste: a scrolling ``div`` with the role
of a region, and a named list, are allowed."""


def test_html_validate_finds_nothing_on_any_kind_of_page(live_server: str, tmp_path: Path) -> None:
    (tmp_path / ".htmlvalidate.json").write_text(json.dumps(RULES))
    with httpx2.Client(headers={"Accept": "text/html"}) as client:
        for name in LOOKED_AT:
            answer = client.get(live_server.rstrip("/") + ADDRESSES[name])
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
            (tmp_path / f"{re.sub('[^a-z0-9]+', '-', name)}.html").write_text(answer.text, encoding="utf-8")
    checker = package("html-validate/bin/html-validate.mjs")
    command = [node(), str(checker), "--formatter", "json=report.json", "--ext", "html", "."]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode in (0, 1), ran.stderr
    reports = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    wrong = {
        f"{Path(report['filePath']).stem}:{message['line']} {message['ruleId']}: {message['message']}"
        for report in reports
        for message in report["messages"]
    }
    assert sorted(wrong) == []
    assert ran.returncode == 0


def test_html_validate_would_find_something(tmp_path: Path) -> None:
    (tmp_path / ".htmlvalidate.json").write_text(json.dumps(RULES))
    (tmp_path / "wrong.html").write_text("<!doctype html><html><head></head><body><p><div></p></body></html>")
    checker = package("html-validate/bin/html-validate.mjs")
    ran = subprocess.run(
        [node(), str(checker), "wrong.html"], cwd=tmp_path, capture_output=True, timeout=60, check=False
    )
    assert ran.returncode == 1
