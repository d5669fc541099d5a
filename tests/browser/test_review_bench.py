"""The review bench in a browser: ten judgements by keyboard, the program killed in the middle, and nothing lost."""

from __future__ import annotations

import csv
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from ontology.layout import ROOT

TABLES = Path("ingest/editorial/som-wg-2015")
STARTED: list[subprocess.Popen[str]] = []
PROGRAM = """
import sys
from dataclasses import replace
from pathlib import Path
from ingest.review.bench import run_review
from ingest.corpus import BuildSettings
settings = replace(BuildSettings(), root=Path(sys.argv[1]), editorial=Path(sys.argv[1]) / "ingest/editorial")
sys.exit(run_review(settings, "Jane Doe", lambda text: print(text, flush=True), show=False, rebuild=False))
"""


class Bench:
    """The running program on a copy of the tables, and a page of it; ``page`` has followed the one-time address."""

    def __init__(self, folder: Path, browser: Browser, *, scripts: bool = True) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(folder)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ},
        )
        STARTED.append(self.process)
        assert self.process.stdout is not None
        self.address = next(line.strip() for line in self.process.stdout if line.startswith("http://127.0.0.1:"))
        self.page: Page = browser.new_context(java_script_enabled=scripts).new_page()
        self.page.goto(self.address)

    def press(self, key: str) -> None:
        """Press a key and wait for the next judgement."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def kill(self) -> None:
        self.page.context.close()
        self.process.send_signal(signal.SIGKILL)
        self.end()

    def end(self) -> int:
        """Wait for the end of the program; its exit status."""
        self.process.communicate(timeout=60)
        return self.process.returncode


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """The tables and the reference data, copied; no program is left when the test is over."""
    for name in ("ingest/editorial", "ontology", "shapes"):
        shutil.copytree(ROOT / name, tmp_path / name)
    yield tmp_path
    while STARTED:
        process = STARTED.pop()
        process.kill()
        process.communicate()


def changed(folder: Path, name: str) -> list[tuple[str, str]]:
    """Lines of a table before and after, where they differ."""
    before = (ROOT / TABLES / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    after = (folder / TABLES / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    assert len(before) == len(after)
    return [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]


def statuses(folder: Path) -> list[tuple[str, str, str]]:
    """Agent, status and whether there is a day, of every theme that is no longer unreviewed."""
    with (folder / TABLES / "themes.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["review_status"] != "unreviewed"]
    return [(row["agent"], row["review_status"], str(bool(row["reviewed"]))) for row in rows]


def test_ten_judgements_by_keyboard_and_a_kill_in_the_middle_loses_nothing(folder: Path, browser: Browser) -> None:
    bench = Bench(folder, browser)
    bench.page.select_option("select[name=table]", "themes")
    with bench.page.expect_navigation():
        bench.page.click("text=Show")
    for key in "aaraa":
        bench.press(key)
    bench.kill()
    assert [status for _, status, _ in statuses(folder)] == ["reviewed", "reviewed", "rejected", "reviewed", "reviewed"]
    bench = Bench(folder, browser)
    assert "5 of" in bench.page.inner_text("header")
    bench.page.goto(bench.page.url + "?table=themes")
    for key in "ssuaaaaa":  # two skipped, nothing to undo, five accepted
        bench.press(key)
    found = statuses(folder)
    assert found[0] == ("palermo-editors jane-doe", "reviewed", "True")
    assert len(found) == 10
    assert len(changed(folder, "themes")) == 10, "one line a decision"
    assert changed(folder, "concordance") == []
    assert [path.name for path in (folder / TABLES).iterdir() if path.name.startswith(".")] == []
    assert 'rdfs:label "Jane Doe"@en' in (folder / "ontology/reference/agents.ttl").read_text(encoding="utf-8")
    with bench.page.expect_navigation():
        bench.page.click("text=Finish")
    assert "5 decisions" in bench.page.inner_text("h1")
    assert bench.end() == 0


def test_a_link_is_made_more_precise_and_its_reason_edited_and_taken_back(folder: Path, browser: Browser) -> None:
    bench = Bench(folder, browser)
    bench.page.goto(bench.page.url + "?table=concordance&article=untoc/article/24")
    shown = bench.page.inner_text("main")
    assert "Recommendation 34" in shown
    assert "Each State party shall, within its means, protect effectively from retaliation" in shown
    assert "not authentic" in shown
    assert "Judged alike" in shown
    assert "witness" in bench.page.locator("mark").all_inner_texts()[0].lower()
    bench.page.keyboard.press("c")
    bench.page.keyboard.type("untoc/article/24/paragraph/3")
    bench.page.keyboard.press("Escape")
    bench.page.keyboard.press("e")
    bench.page.keyboard.type("Opens programmes to smuggled migrants; paragraph 3 has States consider relocation.")
    with bench.page.expect_navigation():
        bench.page.keyboard.press("Control+Enter")
    ((before, after),) = changed(folder, "concordance")
    assert before.startswith("34,untoc/article/24/paragraph/1,")
    assert after.startswith("34,untoc/article/24/paragraph/3,Opens programmes to smuggled migrants; paragraph 3")
    bench.press("u")
    assert changed(folder, "concordance") == []
    bench.page.keyboard.press("c")
    bench.page.keyboard.type("untoc/article/99")
    with bench.page.expect_navigation():
        bench.page.keyboard.press("Control+Enter")
    assert "There is no provision untoc/article/99" in bench.page.inner_text("[role=status]")
    assert changed(folder, "concordance") == []
    bench.kill()


def test_it_works_without_scripts_and_shows_readings_that_differ_first(folder: Path, browser: Browser) -> None:
    bench = Bench(folder, browser, scripts=False)
    bench.page.check("input[name=first]")
    with bench.page.expect_navigation():
        bench.page.click("text=Show")
    assert "readings differ" in bench.page.inner_text("main")
    assert "Machine readings" in bench.page.inner_text("main")
    with bench.page.expect_navigation():
        bench.page.click("text=Accept")
    assert len(changed(folder, "themes")) == 1
    bench.kill()
