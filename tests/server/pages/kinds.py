"""One page of every kind: what tests that go round the site visit."""

from __future__ import annotations

from collections.abc import Iterable

DOCUMENT = "/doc/document/som-wg-2015"
PAGES = [
    "/",
    DOCUMENT,
    f"{DOCUMENT}/section/III",
    f"{DOCUMENT}/section/III/A",
    f"{DOCUMENT}/paragraph/1",
    f"{DOCUMENT}/paragraph/24",
    f"{DOCUMENT}/paragraph/29",
    f"{DOCUMENT}/paragraph/90",
    f"{DOCUMENT}/paragraph/90/item/a",
    f"{DOCUMENT}/paragraph/12/directive/0",
    f"{DOCUMENT}/paragraph/24/mention/0-14",
    f"{DOCUMENT}/paragraph/29/mention/23-40",
    "/doc/instrument/smuggling-protocol",
    "/doc/instrument/untoc",
    "/doc/instrument/smuggling-protocol/chapter/2",
    "/doc/instrument/smuggling-protocol/article/16",
    "/doc/instrument/smuggling-protocol/article/16/paragraph/5",
    "/doc/instrument/untoc/article/1",
    "/doc/actor/unodc",
    "/doc/actor/states-parties",
    "/doc/tool/sherloc",
    "/doc/theme/return",
    "/doc/group/women",
    "/doc/meeting/som-wg-2012",
    "/doc/modality/should",
    "/doc/qualifier/escape-clause",
    "/doc/action/establish",
    "/doc/resolution/cop-5-3",
    "/doc/agent/palermo-rules",
    "/doc/theme",
    "/graph/reference",
    "/ontology",
    "/shapes",
    "/dataset",
    "/validation",
    "/articles",
    "/actors",
    "/tools",
    "/themes",
    "/groups",
    "/meetings",
    "/modalities",
    "/qualifiers",
    "/actions",
    "/instruments",
    "/resolutions",
    "/recommendations",
    "/recommendations?theme=return&q=smuggling",
    "/recommendations?q=zeppelin",
    "/recommendations?of=som-wg-2015/24&of=som-wg-2015/29",
    "/crossref",
    "/crossref?by=theme",
    "/explore",
    "/changes",
    "/takes-up",
    "/compare?of=som-wg-2015/24&of=som-wg-2015/29",
    "/compare?group=women&group=children",
    "/search",
    "/search?q=consular",
    "/queries",
    "/queries/what-is-unodc-asked",
    "/sparql",
    "/editor?query=ASK+%7B%7D",
    "/data",
    "/about",
    "/quality",
]
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
