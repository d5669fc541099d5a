"""Lighthouse on home, a recommendation, an article and the cross-reference table."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from typing import TypedDict

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.tools import ARGUMENTS, HERE, chromium, node, package


class Score(TypedDict):
    """What one run gave for one category, of 100, and the audits that cost points."""

    score: int
    missed: list[str]


def scores(base: str, runs: int, categories: str) -> dict[str, dict[str, list[Score]]]:
    """Every score of every run, by page and category."""
    package("lighthouse/package.json")
    package("chrome-launcher/package.json")
    with sync_playwright() as playwright:
        path = chromium(playwright.chromium.executable_path)
    flags = " ".join(flag for flag in ARGUMENTS if " " not in flag)
    ran = subprocess.run(
        [node(), str(HERE / "lighthouse.mjs"), base, str(runs), categories, flags],
        env=os.environ | {"CHROME_PATH": path},
        capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    found: dict[str, dict[str, list[Score]]] = json.loads(ran.stdout)
    assert set(found) == {"home", "recommendation", "article", "cross-reference"}
    return found


def test_lighthouse_gives_100_for_accessibility_best_practices_and_search_engines(live_server: str) -> None:
    found = scores(live_server, 1, "accessibility,best-practices,seo")
    less = {
        f"{page}, {category}": given
        for page, categories in found.items()
        for category, given in categories.items()
        if given[0]["score"] < 100
    }
    assert less == {}


@pytest.mark.system
@pytest.mark.timing
def test_lighthouse_gives_at_least_90_for_performance_in_the_median_of_three(live_server: str) -> None:
    found = scores(live_server, 3, "performance")
    medians = {page: statistics.median(run["score"] for run in given["performance"]) for page, given in found.items()}
    assert {page: score for page, score in medians.items() if score < 90} == {}, found
