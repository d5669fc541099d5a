"""One page of every kind: what tests that go round the site visit."""

from __future__ import annotations

from collections.abc import Iterable

from tests.browser.kinds import PAGES as IN_THE_BROWSER

DOCUMENT = "/doc/document/som-wg-2015"
PAGES = [path for name, path in IN_THE_BROWSER.items() if not name.startswith("question ")]
PAGES += ["/queries/what-is-unodc-asked", "/validation", "/editor?query=ASK+%7B%7D"]
"""Those that are opened in the browser, of the questions one; and what is for programs as well."""
REPORT, NOTE = "/doc/document/harbour-group-2024", "/doc/document/nota-costas-2023"
UNLIKE_PAGES = [
    "/",
    "/documents",
    REPORT,
    f"{REPORT}/section/II",
    f"{REPORT}/section/II/B",
    f"{REPORT}/paragraph/1",
    f"{REPORT}/paragraph/6",
    f"{REPORT}/paragraph/7",
    f"{REPORT}/paragraph/7/item/b",
    f"{REPORT}/paragraph/4/directive/0",
    f"{REPORT}/paragraph/4/mention/0-14",
    NOTE,
    f"{NOTE}/section/I",
    f"{NOTE}/paragraph/3",
    "/doc/actor/conference-on-safe-harbours",
    "/doc/actor/harbour-group",
    "/doc/meeting/harbour-group-2024",
    "/doc/instrument/trafficking-protocol",
    "/doc/instrument/smuggling-protocol",
    "/doc/theme/training",
    "/doc/modality/urged",
    "/doc/agent/palermo-rules",
    "/graph/document/nota-costas-2023",
    "/dataset",
    "/validation",
    "/articles",
    "/actors",
    "/themes",
    "/meetings",
    "/instruments",
    "/recommendations",
    "/recommendations?theme=training",
    "/crossref",
    "/crossref?by=theme",
    "/search?q=puertos",
    "/search?q=harbours",
    "/queries",
    "/queries/who-is-addressed",
    "/queries/everything-about-a-recommendation",
    "/data",
    "/about",
    "/quality",
]
"""Pages of two invented documents of another body: a report, and a note in Spanish without a recommendation."""
WORDS = {
    *("activity", "actor", "agent", "article", "chapter", "directive", "document", "footnote", "group", "instrument"),
    *("item", "kind", "letter", "link", "masthead", "meeting", "mention", "modality", "paragraph", "qualifier"),
    *("resolution", "section", "theme", "tool"),
}
"""The parts of a path that say what it names."""


def kind_of(path: str) -> tuple[str, ...]:
    """The kind of a path: those of a kind differ in names and numbers only."""
    parts = path.split("/")
    return (str(len(parts)), *(part for part in parts if part in WORDS))


def some_of_each_kind(paths: Iterable[str], most: int) -> list[str]:
    """So many paths of each kind."""
    kinds: dict[tuple[str, ...], list[str]] = {}
    for path in paths:
        kinds.setdefault(kind_of(path), []).append(path)
    return [path for alike in kinds.values() for path in alike[:: max(1, len(alike) // most)]]
