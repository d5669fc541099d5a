"""The tables that stand beside generated documents: judgements of an invented editor."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from benchmarks import words
from benchmarks.sentences import Recommended, provision_path
from ingest.document import MeetingReference

LINK = ("reason", "confidence", "agent", "review_status")
JUDGED = ("medium", "palermo-editors", "unreviewed")
Numbered = tuple[int, MeetingReference, Recommended]


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows((header, *rows))


def write_editorial(
    folder: Path, recommendations: Sequence[Numbered], chance: Random, earlier: tuple[str, int] | None
) -> None:
    """Themes for every recommendation, provisions for every third, relations to earlier ones, one to another document.

    ``earlier`` is a recommendation of an earlier document, by slug and number.
    """
    themes: list[tuple[object, ...]] = []
    links: list[tuple[object, ...]] = []
    relations: list[tuple[object, ...]] = []
    for number, meeting, made in recommendations:
        themes += [(number, theme) for theme in chance.sample(words.THEMES, chance.choice((1, 1, 2, 3)))]
        if chance.random() < 0.35:
            provision = chance.choice(words.PROVISIONS)
            if (path := provision_path(provision)) not in made.cites:
                reason = f"Recommendation {number} puts article {provision[1]} into practice."
                links.append((number, path, reason, *JUDGED))
        if chance.random() < 0.04:
            before = [one for one, other, _ in recommendations if other.start < meeting.start]
            if before:
                kind = chance.choice(("restates", "sharpens", "softens"))
                relations.append((number, kind, chance.choice(before), "The earlier text asks for the same.", *JUDGED))
    if earlier is not None:
        number, target = recommendations[0][0], f"{earlier[0]}/{earlier[1]}"
        relations.append((number, "restates", target, "It takes up what an earlier document asks.", *JUDGED))
    _write(folder / "themes.csv", ("recommendation", "theme"), themes)
    _write(folder / "concordance.csv", ("recommendation", "provision", *LINK), links)
    _write(folder / "relations.csv", ("recommendation", "relation", "earlier", *LINK), relations)
