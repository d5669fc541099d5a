"""How right the rules are, against answers that people worked out by reading: precision and recall by kind.

The gold standard of a document is a folder ``tests/gold/<slug>/`` with ``mentions.tsv`` and ``directives.tsv``. Rules
were written with this document in view, so its figure is in-sample. ``tests/gold/sentences/`` holds sentences in the
style of other recommendations, written before anybody saw what the rules make of them.
"""

from __future__ import annotations

import csv
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.document import Document, nth_place
from ingest.extraction import Lexicon, extract_texts
from ingest.extraction.findings import Findings

GOLD = Path(__file__).parent.parent / "tests" / "gold"
KINDS = (
    "citations", "mentions of actors", "mentions of tools", "mentions of instruments", "affected groups",
    "directives", "modality", "consider only", "addressees", "asked actors", "qualifiers", "words of qualifiers",
    "actions", "actions of who is asked",
)  # fmt: skip
MENTION_KINDS = {
    "actor": "mentions of actors",
    "tool": "mentions of tools",
    "instrument": "mentions of instruments",
    "group": "affected groups",
    "qualifier": "words of qualifiers",
}
Fact = tuple[str, str]
"""A kind and what is claimed, in words that name place and value: two facts are the same or they are not."""


@dataclass(frozen=True, slots=True)
class Score:
    """One kind in one sample: how many facts were expected and found, and which are missed or wrong."""

    sample: str
    kind: str
    expected: int
    found: int
    missed: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def precision(self) -> float:
        """The share of what was found that is right, from 0 to 1; 1 where nothing was found."""
        return (self.found - len(self.wrong)) / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of what was expected that was found, from 0 to 1; 1 where nothing was expected."""
        return (self.expected - len(self.missed)) / self.expected if self.expected else 1.0


Scores = tuple[Score, ...]
"""Those of all samples and kinds."""


def as_json(scores: Iterable[Score]) -> list[dict[str, object]]:
    """The scores as plain values, for ``accuracy.json``."""
    return [
        {
            "sample": score.sample,
            "kind": score.kind,
            "expected": score.expected,
            "found": score.found,
            "precision": round(score.precision, 4),
            "recall": round(score.recall, 4),
            "missed": list(score.missed),
            "wrong": list(score.wrong),
        }
        for score in scores
    ]


def _table(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def gold_facts(folder: Path, texts: Mapping[str, str]) -> Iterator[Fact]:
    """The facts that readers wrote down. ``texts`` gives the text of each paragraph or item by its name.

    Words that do not stand in the text, since it was changed after it was read, are facts without a place: missed.
    """
    for row in _table(folder / "mentions.tsv"):
        start = nth_place(texts.get(row["paragraph"], ""), row["words"], int(row["occurrence"]))
        where = f"{start}-{start + len(row['words'])}" if start >= 0 else f"“{row['words']}” (not in the text)"
        yield from _mention_facts(f"{row['paragraph']}@{where}", row["kind"], row["entity"], row["cites"] == "yes")
    position = 0
    previous = ""
    for row in _table(folder / "directives.tsv"):
        text = texts.get(row["paragraph"], "")
        position = position if row["paragraph"] == previous else 0
        previous = row["paragraph"]
        start = text.find(row["begins"], position)
        last = text.find(row["ends"], max(start, start + len(row["begins"]) - len(row["ends"]), 0))
        end = -1 if start < 0 or last < 0 else last + len(row["ends"])
        position = max(position, start + len(row["begins"])) if start >= 0 else position
        values = {
            kind: [] if row[column] == "-" else row[column].split()
            for kind, column in (("addressees", "addressees"), ("asked actors", "asked"), ("qualifiers", "qualifiers"))
        }
        place = f"{row['paragraph']}@{start}"
        yield from _directive_facts(place, end, row["modality"], row["consider_only"] == "true", values)


def _mention_facts(place: str, kind: str, entity: str, cites: bool) -> Iterator[Fact]:
    if cites:
        yield "citations", f"{place} {entity}"
    if kind in MENTION_KINDS:
        yield MENTION_KINDS[kind], f"{place} {entity}"


def _directive_facts(
    place: str, end: int, modality: str, consider_only: bool, values: Mapping[str, Iterable[str]]
) -> Iterator[Fact]:
    yield "directives", f"{place}-{end}"
    yield "modality", f"{place} {modality}"
    yield "consider only", f"{place} {consider_only}"
    for kind, claimed in values.items():
        for value in claimed:
            yield kind, f"{place} {value}"


def gold_actions(folder: Path) -> dict[str, list[Fact]]:
    """What is asked to be done in each text for which a reader wrote that down, by the names of the scheme."""
    path = folder / "actions.tsv"
    return {
        row["paragraph"]: [
            (kind, f"{row['paragraph']} {slug}")
            for kind, column in (("actions", "actions"), ("actions of who is asked", "asked"))
            for slug in row[column].split()
            if slug != "-"
        ]
        for row in (_table(path) if path.is_file() else ())
    }


def _actions(name: str, findings: Findings) -> Iterator[Fact]:
    for directive in findings.directives:
        for kind, those in (("actions", directive.actions), ("actions of who is asked", directive.asked_actions)):
            for each in those:
                yield kind, f"{name} {each.entity.removeprefix('id/action/')}"


def found_facts(findings: Mapping[str, Findings], acting: Collection[str] = ()) -> Iterator[Fact]:
    """The facts that rules found, by the name of the text they stand in; actions only of those for which there are
    answers."""
    for name, one in findings.items():
        if name in acting:
            yield from _actions(name, one)
        for mention in one.mentions:
            place = f"{name}@{mention.span.start}-{mention.span.end}"
            yield from _mention_facts(place, mention.kind, mention.entity, mention.cites)
        for directive in one.directives:
            values = {
                "addressees": directive.addressees,
                "asked actors": directive.asked,
                "qualifiers": [each.entity.removeprefix("id/qualifier/") for each in directive.qualifiers],
            }
            place = f"{name}@{directive.span.start}"
            yield from _directive_facts(place, directive.span.end, directive.modality, directive.consider_only, values)


def compare(sample: str, expected: Iterable[Fact], read: Iterable[Fact]) -> Scores:
    """Scores by kind: facts as sets, so a fact said twice counts once."""
    wanted: dict[str, set[str]] = defaultdict(set)
    got: dict[str, set[str]] = defaultdict(set)
    for kind, fact in expected:
        wanted[kind].add(fact)
    for kind, fact in read:
        got[kind].add(fact)
    return tuple(
        Score(
            sample,
            kind,
            len(wanted[kind]),
            len(got[kind]),
            tuple(sorted(wanted[kind] - got[kind])),
            tuple(sorted(got[kind] - wanted[kind])),
        )
        for kind in KINDS
    )


def measure(document: Document, findings: Mapping[str, Findings], gold: Path = GOLD) -> Scores:
    """The in-sample scores of one document; no scores where it has no right answers."""
    folder = gold / document.slug
    if not folder.is_dir():
        return ()
    numbered = {f"{text.paragraph.key}{text.letter}": text for text in document.numbered}
    texts = {name: text.words for name, text in numbered.items()}
    named = {name: findings.get(text.path, Findings()) for name, text in numbered.items()}
    return _compared(f"in-sample: {document.slug}", folder, texts, named)


def measure_sentences(lexicon: Lexicon) -> Scores:
    """The scores on sentences that no rule was written for; no scores when there are none."""
    folder = GOLD / "sentences"
    if not folder.is_dir():
        return ()
    texts = {row["id"]: row["text"] for row in _table(folder / "sentences.tsv")}
    means = tomllib.loads((folder / "means.toml").read_text(encoding="utf-8"))
    findings = extract_texts(texts, lexicon, "working-group", means)
    return _compared(f"{len(texts)} other sentences", folder, texts, findings)


def _compared(sample: str, folder: Path, texts: Mapping[str, str], findings: Mapping[str, Findings]) -> Scores:
    actions = gold_actions(folder)
    expected = (*gold_facts(folder, texts), *(fact for facts in actions.values() for fact in facts))
    return compare(sample, expected, found_facts(findings, actions))
