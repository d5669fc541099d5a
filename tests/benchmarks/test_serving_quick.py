"""Serving keeps its proportions, on any machine: ratios between things measured side by side, loose enough for noise.

The whole benchmark is `python -m benchmarks.serving`; its bars are stricter, and it measures the peers as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.serving import fetch
from benchmarks.serving_load import Load, Rate, measure, save
from benchmarks.serving_peers import constant
from benchmarks.serving_report import ASGI, NOW, OLD, Figure, Idle, Measured, figures, section
from benchmarks.serving_work import PAGE, computed, constants, ours
from server.settings import Settings
from tests.conftest import free_port, running

pytestmark = pytest.mark.timing

CONNECTIONS, ROUNDS, SECONDS = 8, 3, 0.25


@dataclass(frozen=True, slots=True)
class Bench:
    """Our server, and a constant of a page's size on the same HTTP server."""

    address: str
    loads: dict[str, Load]
    constant: str

    def ratio(self, upper: tuple[str, Load], lower: tuple[str, Load], bar: float) -> float:
        """The best of a few rounds, or the first beyond the bar; each side right after the other, so that both meet the
        same machine."""
        best = 0.0
        for _ in range(ROUNDS):
            rates = [measure(base, load, CONNECTIONS, SECONDS).per_second for base, load in (upper, lower)]
            best = max(best, rates[0] / max(rates[1], 1e-9))
            if best > bar:
                break
        return best

    def own(self, name: str) -> tuple[str, Load]:
        return self.address, self.loads[name]


@pytest.fixture(scope="module")
def bench(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    port, beside = free_port(), free_port()
    folder: Path = tmp_path_factory.mktemp("bench")
    with running(settings, PORT=str(port), CLIENT_QUERIES="0", LOG_LEVEL="error", ACCESS_LOG="off"):
        address = f"http://127.0.0.1:{port}"
        body = save(folder, "body.html", fetch(address + PAGE, "text/html"))
        with constant(body, beside):
            yield Bench(address, ours(settings.base, address), f"http://127.0.0.1:{beside}")


def test_a_kept_page_is_not_much_slower_than_a_constant_body(bench: Bench) -> None:
    assert bench.ratio(bench.own("page"), (bench.constant, constants("page", "/")["page"]), 0.4) > 0.4


def test_a_304_is_at_least_as_fast_as_the_page(bench: Bench) -> None:
    assert bench.ratio(bench.own("304"), bench.own("page"), 0.7) > 0.7


def test_a_repeated_query_is_several_times_as_fast_as_a_new_one(bench: Bench) -> None:
    assert bench.ratio(bench.own("query, repeated"), bench.own("join of 100 rows"), 4) > 4


@pytest.fixture(scope="module")
def anew(settings: Settings) -> Iterator[str]:
    """A server that keeps no page."""
    port = free_port()
    with running(settings, PORT=str(port), PAGE_CACHE_BYTES="1", LOG_LEVEL="error", ACCESS_LOG="off"):
        yield f"http://127.0.0.1:{port}"


def test_a_new_look_up_is_not_much_slower_than_a_computed_resource(bench: Bench, anew: str) -> None:
    """Both run queries; one of them in a worker process behind a gate."""
    assert bench.ratio(bench.own("look-up"), (anew, computed()["resource, computed"]), 0.15) > 0.15


def test_pages_that_are_measured_as_computed_are_there_and_cost_more_than_a_kept_one(bench: Bench, anew: str) -> None:
    pages = computed()["page, computed"]
    assert all(fetch(anew + path, "text/html").startswith(b"<!doctype html>") for path in pages.paths)
    assert bench.ratio(bench.own("page"), (anew, pages), 2) > 2


def measured(who: str, what: str, *rates: float, own: float = 0.0) -> Measured:
    return Measured(who, what, 32, tuple(Rate(rate, 1.0, 2.0, 0.0, 3_000) for rate in rates), 0.5, own)


def test_each_figure_stands_beside_that_of_the_earlier_commit_and_its_bar() -> None:
    found = [
        measured(NOW, "page", 600, 800, 1_000),
        measured(OLD, "page", 500, 400, 300),
        measured(ASGI, "page", 1_000, 1_000, 1_000),
        measured(NOW, "look-up", 100, own=0.25),
        measured(OLD, "look-up", 50, own=1.0),
    ]
    listed = list(figures(found, Idle(1.0, 90_000_000), Idle(2.0, 100_000_000)))
    assert listed == [
        Figure("kept page over a constant body on raw ASGI, same server", 32, 0.4, 0.8, 0.75),
        Figure("kept page over the one before", 32, None, 2.0, 2.0),
        Figure("processor time of a look-up in the server process", 32, 1.0, 0.25, 0.3, less=True, unit=" ms"),
        Figure("idle memory with workers", 0, 100.0, 90.0, 100.0, less=True, unit=" MB"),
        Figure("from the command to the first page", 0, 2.0, 1.0, None, less=True, unit=" s"),
    ]
    assert [figure.met for figure in listed] == [True, True, True, True, False]
    assert "| Palermo | page | 32 | 800 | 600 to 1,000 | 1.00 | 2.00 | 0.0% | 0.500 | 0.000 |" in section(
        found, listed, 2, 3
    )
