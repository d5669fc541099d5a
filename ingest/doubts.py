"""Finds what a person should check in a document that was read: paragraphs that are too long, digits glued to a word,
words outside every part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.document import Doubt, Paragraph, UnnumberedText

TIMES_THE_MEDIAN = 10
LEAST_LONG = 1500
"""Characters; what is shorter is read at a glance."""
GLUED = re.compile(
    r"\b(?!(?i:paras?|arts?|nos?|vols?|sects?|chap|recs?)\.)[A-Za-zÀ-ÿ]*[a-zà-öø-ÿ]{3}[.,;:”)]?[0-9]{1,3}(?=[\s,;.]|$)"
)
"""A number behind an abbreviation ("Para.3") is none of these."""
MAY_BE_GLUED = re.compile(r"[0-9](?<=[^\s0-9].)")
"""A digit right behind a letter or a sign, which is rare: searched for before the pattern."""
SHOWN = 60


def doubts_about(paragraphs: Sequence[Paragraph], texts: Sequence[UnnumberedText]) -> Iterator[Doubt]:
    """The doubts about the words of a document, whatever its numbers say."""
    lengths = sorted(len(paragraph.text) for paragraph in paragraphs) or [0]
    usual = (lengths[(len(lengths) - 1) // 2] + lengths[len(lengths) // 2]) / 2  # the median
    for paragraph in paragraphs:
        parts = [(paragraph.label, paragraph.text, paragraph.source.first_line)]
        for item in paragraph.items:
            parts.append((f"{paragraph.label} ({item.letter})", item.text, item.source.first_line))
        for label, text, line in parts:
            if len(text) > max(LEAST_LONG, TIMES_THE_MEDIAN * usual):
                yield Doubt(
                    line, "long", f"paragraph {label} has {len(text):,} characters, half of the paragraphs {usual:,.0f}"
                )
            for match in GLUED.finditer(text) if MAY_BE_GLUED.search(text) else ():
                yield Doubt(line, "glued", f"“{match[0]}” in paragraph {label}")
    for run in _runs(texts):
        shown = run[0].text if len(run[0].text) <= SHOWN else run[0].text[:SHOWN].rstrip() + "…"
        further = f" and {len(run) - 1} more behind it" if run[1:] else ""
        yield Doubt(run[0].source.first_line, "outside", f"“{shown}”{further}")


def _runs(texts: Sequence[UnnumberedText]) -> Iterator[list[UnnumberedText]]:
    """Yields the words without a number and a kind, those that follow each other in one section together."""
    run: list[UnnumberedText] = []
    for one in texts:
        if run and (one.kind != "text" or one.section != run[-1].section or one.order != run[-1].order + 1):
            yield run
            run = []
        if one.kind == "text":
            run.append(one)
    if run:
        yield run
