"""Measures the rules on sentences that somebody labelled: precision and recall of directives, citations and treaties.

``python -m benchmarks.accuracy LABELS.jsonl`` with one text a line, labelled by `docs/conventions.md` before the rules
read it:

    {"id": "a1", "text": "States should apply article 6 of the Protocol.", "issuer": "working-group",
     "means": {"the Protocol": "smuggling-protocol"}, "directives": ["should"],
     "citations": {"article 6": "smuggling-protocol/article/6"}, "instruments": {"Protocol": "smuggling-protocol"}}

``directives`` are the operative words of each, ``citations`` and ``instruments`` the first words of each mention with
its path below ``id/instrument/``; words that stand in a text more than once are written "words#2" for the second. A
finding is right where it begins with these words and is the same thing. A directive begins at its verb or modal, with
or without the adverbs before it, a *to* and, in the passive, its auxiliary ("Also urges", "To ratify", "is requested").

What a reader by the conventions may find or leave is said in ``"either"``, in the same form: found or not, it is
neither right nor wrong (``--strict`` counts it as wrong). Of a mention that may be one of several things, ``either``
has a list of their paths: ``{"instruments": {"Protocol": ["smuggling-protocol", "firearms-protocol"]}}``.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.report import table
from ingest.accuracy import Fact, Score, compare
from ingest.document import nth_place
from ingest.extraction import Lexicon, extract_text
from ingest.extraction.clauses import OPENING
from ingest.reference import lexicon
from ontology.namespaces import DEFAULT_BASE, Base
from ontology.terms import Names

_ADVERBS = re.compile(rf"(?:{OPENING.pattern}|(?:is|are|was|were)\s)*(?:to\s)?", re.IGNORECASE)
KINDS = ("directives", "citations", "mentions of instruments")
"""The kinds of `ingest.accuracy` that labels have: provisions and treaties, and where somebody is asked."""


def expected(label: Mapping[str, Any]) -> Iterator[Fact]:
    """What a label says. Words that do not stand in its text are a fact without a place, which nothing finds."""
    for words in label.get("directives", ()):
        yield "directives", f"{label['id']}@{_past_adverbs(label['text'], _place(label['text'], words))}"
    for key, kind in (("citations", "citations"), ("instruments", "mentions of instruments")):
        for words, paths in label.get(key, {}).items():
            for path in [paths] if isinstance(paths, str) else paths:
                yield kind, f"{label['id']}@{_place(label['text'], words)} {path}"


def _place(text: str, words: str) -> int:
    name, _, number = words.partition("#")
    return nth_place(text, name, int(number or 1))


def _past_adverbs(text: str, place: int) -> int:
    adverbs = _ADVERBS.match(text, place) if place >= 0 else None
    return adverbs.end() if adverbs else place


def read(label: Mapping[str, Any], known: Lexicon) -> Iterator[Fact]:
    """What the rules find in the text of a label."""
    findings = extract_text(label["text"], known, label.get("issuer", "working-group"), label.get("means", {}))
    for directive in findings.directives:
        yield "directives", f"{label['id']}@{_past_adverbs(label['text'], directive.operative.start)}"
    for mention in findings.mentions:
        kind = {"provision": "citations", "instrument": "mentions of instruments"}.get(mention.kind)
        if kind:
            yield kind, f"{label['id']}@{mention.span.start} {mention.entity.removeprefix('id/instrument/')}"


def measure(path: Path, is_strict: bool = False) -> tuple[Score, ...]:
    """The scores of a file of labels, by kind; a strict one takes what labels leave open for wrong."""
    known = lexicon(Names(Base(DEFAULT_BASE)))
    facts: defaultdict[bool, list[Fact]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            label = json.loads(line)
            either = (
                set()
                if is_strict
                else set(expected({**label.get("either", {}), "id": label["id"], "text": label["text"]}))
            )
            facts[True] += [fact for fact in expected(label) if fact not in either]
            facts[False] += [fact for fact in read(label, known) if fact not in either]
    return tuple(score for score in compare(path.name, facts[True], facts[False]) if score.kind in KINDS)


def main() -> None:
    """Prints a table of the scores, then what was missed and what was wrong."""
    parser = argparse.ArgumentParser(description="Measure the rules on labelled sentences.")
    parser.add_argument("labels", type=Path, help="a file with one label as JSON a line")
    parser.add_argument("--strict", action="store_true", help="take what labels leave open for wrong")
    chosen = parser.parse_args()
    scores = measure(chosen.labels, chosen.strict)
    rows = [(score.kind, str(score.expected), f"{score.precision:.3f}", f"{score.recall:.3f}") for score in scores]
    print(*table(("kind", "expected", "precision", "recall"), rows), sep="\n")
    for score in scores:
        print(*(f"missed: {score.kind} {fact}" for fact in score.missed), sep="\n", end="\n" if score.missed else "")
        print(*(f"wrong: {score.kind} {fact}" for fact in score.wrong), sep="\n", end="\n" if score.wrong else "")


if __name__ == "__main__":
    main()
