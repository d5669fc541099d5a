"""Lighthouse on a recommendation and the cross-reference table; with ``EVERY=1`` on home and an article as well.

It takes half a minute or more, so `make test-system` runs it; axe looks at every kind of page in `make test`.
"""

from __future__ import annotations

import json
import os
import subprocess
from typing import TypedDict

import pytest
from playwright.sync_api import Browser

from tests.browser.tools import ARGUMENTS, HERE, chromium, node, package

pytestmark = [pytest.mark.system, pytest.mark.timing]
WHOLE = ("accessibility", "best-practices", "seo")
"""Categories in which nothing may be missed."""
BAR = 90
"""What performance must reach in two of three runs, and so in their median."""


class Score(TypedDict):
    """What one run gave for one category, of 100, and the audits that cost points."""

    score: int
    missed: list[str]


@pytest.fixture(scope="module")
def scores(live_server: str, browser: Browser) -> dict[str, dict[str, list[Score]]]:
    """Every score of every run, by page and category."""
    package("lighthouse/package.json")
    package("chrome-launcher/package.json")
    path = chromium(browser.browser_type.executable_path)
    categories = ",".join(("performance", *WHOLE))
    flags = " ".join(flag for flag in ARGUMENTS if " " not in flag)
    ran = subprocess.run(
        [node(), str(HERE / "lighthouse.mjs"), live_server, str(BAR), categories, flags],
        env=os.environ | {"CHROME_PATH": path},
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    found: dict[str, dict[str, list[Score]]] = json.loads(ran.stdout)
    assert {"recommendation", "cross-reference"} <= set(found)
    return found


@pytest.mark.parametrize("category", WHOLE)
def test_lighthouse_gives_100(category: str, scores: dict[str, dict[str, list[Score]]]) -> None:
    less = {
        page: given[category] for page, given in scores.items() if any(run["score"] < 100 for run in given[category])
    }
    assert less == {}


def test_lighthouse_gives_at_least_90_for_performance_in_the_median_of_three(
    scores: dict[str, dict[str, list[Score]]],
) -> None:
    reached = {page: sum(run["score"] >= BAR for run in given["performance"]) for page, given in scores.items()}
    assert {page for page, runs in reached.items() if runs < 2} == set(), scores
