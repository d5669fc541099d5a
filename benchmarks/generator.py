"""Writes documents in the house style of the source, as many as wanted.

``python -m benchmarks.generator FOLDER --documents 100 --seed 1`` makes ``FOLDER/sources`` (``.md`` and ``.toml``) and
``FOLDER/editorial``. The same seed writes the same bytes. Headings, numbering, page breaks, the number of meetings (one
to five) and every sentence vary by chance.
"""

from __future__ import annotations

import argparse
import csv
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from benchmarks import words
from benchmarks.sentences import Recommended, Sentences, provision_path
from ingest.document import MeetingReference
from ingest.outline import letter, roman
from ontology.words import period_in_words

INGEST = Path(__file__).parent.parent / "ingest"
TITLE = "Consolidated recommendations of the Working Group on the Smuggling of Migrants"
BODY = "Conference of the Parties to the United Nations Convention against Transnational Organized Crime"
MEANS = {
    "the Convention": "untoc",
    "the Protocol": "smuggling-protocol",
    "the Conference": "conference-of-the-parties",
    "the Conference of the Parties": "conference-of-the-parties",
    "the Working Group": "working-group",
    "the Secretariat": "secretariat",
    "resolution": "conference-of-the-parties",
}
"""What the short names of every document mean."""
FIRST_DAY = date(1960, 1, 4)
DAYS_BETWEEN = 20
INTRODUCTIONS = (
    "The present background paper was prepared to assist the meeting in its deliberations.",
    "All recommendations of earlier meetings are consolidated below.",
    "They are grouped by area of work and, within an area, by meeting.",
)
LINK = ("reason", "confidence", "agent", "review_status")
JUDGED = ("medium", "palermo-editors", "unreviewed")
Numbered = tuple[int, MeetingReference, Recommended]


@dataclass(frozen=True, slots=True)
class Generated:
    """One document as it is written: its source, its metadata, and its recommendations by number with their meeting."""

    slug: str
    source: str
    metadata: str
    meetings: tuple[MeetingReference, ...]
    recommendations: tuple[Numbered, ...]


def slug_of(position: int) -> str:
    """The name of the document at a position, counted from 1: names sort in the order of positions."""
    return f"coast-wg-{position:05}"


def _meetings(chance: Random, position: int) -> tuple[MeetingReference, ...]:
    found = []
    for number in range(chance.choice((1, 2, 2, 3, 5))):
        start = FIRST_DAY + timedelta(days=DAYS_BETWEEN * position + 4 * number)
        end = start + timedelta(days=chance.choice((0, 1, 2)))
        found.append(MeetingReference(f"{slug_of(position)}-{number + 1}", start, end, chance.choice(words.PLACES)))
    return tuple(found)


def _heading(style: str, number: str, text: str) -> str:
    printed = f"{number}. {text}" if number else text
    return f"**{printed}**" if style == "bold" else f"## **{printed}**" if style == "both" else f"### {printed}"


def _broken(chance: Random, text: str) -> str:
    """The text, now and then with a page break in mid-sentence."""
    spaces = [
        place
        for place, character in enumerate(text)
        if character == " " and text[place - 1].isalpha() and text[place + 1].islower()
    ]
    if not spaces or chance.random() > 0.05:
        return text
    place = chance.choice(spaces)
    page = chance.choice(("", "---\n\n", f"{chance.randint(2, 40)}\n\n"))
    return f"{text[:place]}\n\n{page}{text[place + 1 :]}"


def generate(seed: int, position: int, size: int = 100) -> Generated:
    """The document at a position (from 1) of the corpus that a seed makes, with about ``size`` recommendations."""
    chance = Random(f"{seed}-{position}")
    sentences, meetings = Sentences(chance), _meetings(chance, position)
    style, lettered = chance.choice(("bold", "both", "signed")), chance.random() < 0.7
    issued = meetings[-1].end + timedelta(days=3)
    symbol = f"CTOC/COP/WG.7/{issued.year}/{position}"
    lines = [
        f"# {BODY}\n",
        "Distr.: General",
        f"{issued.day} {issued:%B} {issued.year}\n",
        "Original: English\n",
        "---\n",
    ]
    lines += ["Item 5 of the provisional agenda\\*\n", f"## {TITLE}\n", "Note by the Secretariat\n"]
    lines += [_heading(style, roman(1), "Introduction") + "\n"]
    number = 0
    for text in INTRODUCTIONS[: chance.randint(1, 3)]:
        number += 1
        lines.append(f"{number}. {text}\n")
    lines.append(f"\\* {symbol}.\n")
    areas = chance.sample(words.AREAS, chance.randint(2, len(words.AREAS)))
    each = max(1, round(size / (len(areas) * len(meetings))))
    recommendations = []
    for place, area in enumerate(areas, start=2):
        lines.append(_heading(style, roman(place), f"Recommendations in the area of {area}") + "\n")
        for part, meeting in enumerate(meetings, start=1):
            held = period_in_words(meeting.start, meeting.end)
            text = (
                f"Recommendations adopted by the Working Group at its {words.ORDINALS[part - 1]} meeting, held in "
                f"{meeting.place} {'on' if meeting.start == meeting.end else 'from'} {held}"
            )
            lines.append(_heading(style, letter(part) if lettered else "", text) + "\n")
            for _ in range(each):
                number += 1
                made = sentences.recommendation()
                recommendations.append((number, meeting, made))
                lines.append(
                    f"{number}. {_broken(chance, made.text)}" + ("\n" if made.items or chance.random() < 0.9 else "")
                )
                lines += [f"({letter(item + 1).lower()}) {words_}\n" for item, words_ in enumerate(made.items)]
    source = "\n".join(lines)
    return Generated(
        slug_of(position), source, _metadata(position, issued, symbol, meetings), meetings, tuple(recommendations)
    )


def _metadata(position: int, issued: date, symbol: str, meetings: tuple[MeetingReference, ...]) -> str:
    lines = [
        f'slug = "{slug_of(position)}"',
        f'title = "{TITLE}"',
        'body = "conference-of-the-parties"',
        'author = "secretariat"',
    ]
    lines += ['issuer = "working-group"', f"issued = {issued}", 'distribution = "General"', 'language = "en"']
    lines += [f'agenda_symbol = "{symbol}"', "", "[means]"]
    lines += [f'"{short}" = "{thing}"' for short, thing in MEANS.items()]
    for ordinal, meeting in zip(words.ORDINALS, meetings, strict=False):
        held = period_in_words(meeting.start, meeting.end)
        label = f"{ordinal.capitalize()} meeting on the coast, {meeting.place}, {held}"
        lines += ["", "[[meetings]]", f'slug = "{meeting.slug}"', f'label = "{label}"', f"start = {meeting.start}"]
        lines += [f"end = {meeting.end}", f'place = "{meeting.place}"']
    return "\n".join(lines) + "\n"


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


def write_corpus(folder: Path, documents: int, seed: int = 1, size: int = 100, *, first: int = 1) -> int:
    """Writes documents with their tables below a folder; returns how many recommendations they hold.

    The real document stands among them: the questions of the project name its paragraphs as examples.
    """
    sources, editorial = folder / "sources", folder / "editorial"
    shutil.copytree(INGEST / "sources", sources, dirs_exist_ok=True)
    shutil.copytree(INGEST / "editorial", editorial, dirs_exist_ok=True)
    count, earlier = 0, None
    for position in range(first, first + documents):
        made = generate(seed, position, size)
        (sources / f"{made.slug}.md").write_text(made.source, encoding="utf-8")
        (sources / f"{made.slug}.toml").write_text(made.metadata, encoding="utf-8")
        write_editorial(editorial / made.slug, made.recommendations, Random(f"{seed}-{position}-editor"), earlier)
        count += len(made.recommendations)
        earlier = (made.slug, made.recommendations[-1][0])
    return count


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Write documents in the house style of the source.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--size", type=int, default=100, help="recommendations in a document, about")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    count = write_corpus(chosen.folder, chosen.documents, chosen.seed, chosen.size)
    print(f"{chosen.documents} documents with {count:,} recommendations in {chosen.folder}")


if __name__ == "__main__":
    main()
