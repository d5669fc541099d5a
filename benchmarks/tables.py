"""The tables that stand beside generated documents: judgements of an invented editor, and the right answers."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from benchmarks import words
from benchmarks.markup import Mark
from benchmarks.sentences import Recommended
from ingest.document import MeetingReference
from ingest.outline import letter

LINK = ("reason", "confidence", "agent", "review_status")
JUDGED = ("medium", "palermo-editors", "unreviewed")
Numbered = tuple[int, MeetingReference, Recommended]


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], delimiter: str = ",") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        if delimiter == "\t":
            file.writelines("\t".join(map(str, row)) + "\n" for row in (header, *rows))
        else:
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
            instrument, article, paragraph = chance.choice(words.PROVISIONS)
            path = f"{instrument}/article/{article}" + (f"/paragraph/{paragraph}" if paragraph else "")
            if f"instrument/{path}" not in {mark.entity for mark in made.marks}:
                links.append((number, path, f"Recommendation {number} puts article {article} into practice.", *JUDGED))
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


def write_gold(folder: Path, recommendations: Sequence[tuple[int, Recommended]]) -> None:
    """The right answers in the form that `ingest.accuracy` reads."""
    mentions: list[tuple[object, ...]] = []
    directives: list[tuple[object, ...]] = []
    for number, made in recommendations:
        mentions += _mention_rows(str(number), made.text, made.marks)
        for position, (text, marks) in enumerate(made.items, start=1):
            mentions += _mention_rows(f"{number}{letter(position).lower()}", text, marks)
        for asking in made.askings:
            said = made.text[asking.start : asking.end]
            lists = [" ".join(slugs) or "-" for slugs in (asking.addressees, asking.asked, asking.qualifiers)]
            consider = "true" if asking.consider_only else "false"
            directives.append((number, said, said.rpartition(" ")[2], "-", asking.modality, consider, *lists, ""))
    _write(folder / "mentions.tsv", ("paragraph", "words", "occurrence", "kind", "entity", "cites"), mentions, "\t")
    header = ("paragraph", "begins", "ends", "operative", "modality", "consider_only", "addressees", "asked")
    _write(folder / "directives.tsv", (*header, "qualifiers", "note"), directives, "\t")


def _mention_rows(name: str, text: str, marks: Iterable[Mark]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for mark in marks:
        said = text[mark.start : mark.end]
        occurrence = sum(text.startswith(said, place) for place in range(mark.start + 1))
        rows.append((name, said, occurrence, mark.kind, f"id/{mark.entity}", "yes" if mark.cites else "no"))
    return rows
