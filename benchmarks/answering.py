"""How long pages and look-ups take on a snapshot, so that sizes of a corpus can be set side by side.

The whole application answers in one process, without a network and with its cache of finished pages off. A page about a
resource is asked for several resources, each once; a list several times.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.testclient import TestClient

from server.app import create_app
from server.settings import Settings
from server.snapshot import open_snapshot

DOCUMENT = "/doc/document/som-wg-2015"
TREATY = "/doc/instrument/smuggling-protocol/article"
TIMES = 5
PAGES: dict[str, tuple[str, ...]] = {
    "home": ("/",) * TIMES,
    "recommendations": ("/recommendations",) * TIMES,
    "recommendations, three filters": (
        "/recommendations?theme=return&addressee=states-parties&strength=5",
        "/recommendations?theme=training&addressee=states&consider=false",
        "/recommendations?theme=sea&group=migrants&modality=should",
    ),
    "recommendations, words": tuple(
        f"/recommendations?q={word}" for word in ("smuggling", "States", "sea", "training")
    ),
    **{
        f"cross-reference by {by}": (f"/crossref?by={by}",) * TIMES
        for by in ("section", "theme", "meeting", "addressee", "strength", "document")
    },
    "articles": ("/articles",) * TIMES,
    "themes": ("/themes",) * TIMES,
    "actors": ("/actors",) * TIMES,
    "meetings": ("/meetings",) * TIMES,
    "an article": tuple(f"{TREATY}/{number}" for number in (6, 8, 10, 16, 18)),
    "an actor": tuple(f"/doc/actor/{slug}" for slug in ("unodc", "states-parties", "interpol", "secretariat", "iom")),
    "a theme": tuple(f"/doc/theme/{slug}" for slug in ("return", "sea", "training", "evidence", "visas")),
    "a recommendation": tuple(f"{DOCUMENT}/paragraph/{number}" for number in range(20, 31)),
    "a document": (DOCUMENT,) * TIMES,
    "search": tuple(f"/search?q={word}" for word in ("consular", "States", "smuggling", "return", "training")),
}
STEADY = ("an article", "an actor", "a theme", "a recommendation", "a document", "home", "articles", "actors")
"""Pages that show as much whatever the corpus holds, once each list on them is full."""
HEADER = "page"
MEANING = (
    "Medians in milliseconds of processor time, in one process, without network and with the cache of finished pages "
    "off; pages about resources are asked for a resource that was not asked for before."
)


@dataclass(frozen=True, slots=True)
class Answered:
    """Milliseconds of processor time to open a snapshot, to look up all that is said of a recommendation, and for each
    kind of page: medians."""

    opened: float
    looked_up: float
    pages: dict[str, float]


def _timed(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return (time.process_time() - before) * 1000


def answer(snapshots: Path, base: str) -> Answered:
    """Opens the current snapshot of a base and asks for every kind of page."""
    settings = Settings(base=base, snapshots=snapshots, page_cache_bytes=1, log_level="error")
    folder = (settings.folder / "current").resolve()
    opened = statistics.median(_timed(lambda: open_snapshot(folder, 0)) for _ in range(TIMES))
    snapshot = open_snapshot(folder, 0)
    store = snapshot.store
    assert store is not None
    nodes = [snapshot.names.node(f"id/document/som-wg-2015/paragraph/{number}") for number in range(5, 93)]
    looked_up = [_timed(lambda: list(store.quads_for_pattern(node, None, None))) for node in nodes]  # noqa: B023
    pages = {}
    with TestClient(create_app(settings), follow_redirects=False) as client:
        for name, paths in PAGES.items():
            pages[name] = statistics.median(_timed(lambda: _page(client, path)) for path in paths)  # noqa: B023
    return Answered(opened, statistics.median(looked_up), pages)


def _page(client: TestClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "text/html", "Accept-Encoding": "identity"})
    if response.status_code != 200:
        raise RuntimeError(f"{path} answered {response.status_code}.")


def rows(measured: Sequence[Answered]) -> list[tuple[str, ...]]:
    """A row for each kind of page, then opening and looking up; a column for each size."""
    found = [(name, *(f"{each.pages[name]:.1f}" for each in measured)) for name in PAGES]
    found.append(("opening the snapshot", *(f"{each.opened:.1f}" for each in measured)))
    found.append(("looking up a recommendation", *(f"{each.looked_up:.3f}" for each in measured)))
    return found
