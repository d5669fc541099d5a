"""The cells of a row of corrections as values: the paragraph that it is about, words as a span, slugs, who and why."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches
from unicodedata import normalize

from ingest.document import Document, Item, Paragraph, Span, nth_place
from ingest.editorial import REJECTED, REVIEW_STATUS, STATUSES, review_of
from ingest.extraction.findings import Directive, Mention
from ingest.judged_texts import CHANGED
from ingest.metadata import SLUG
from ingest.spreadsheets import Row

NONE = "-"
LIKENESS = 0.75
"""How like a name must be to be taken for a misspelling of another, from 0 to 1."""
YES_OR_NO = {"yes": True, "true": True, "no": False, "false": False}
ALIKE = str.maketrans("‘’‛′“”„«»\xa0‑‐–—", '\'\'\'\'""""" ----')
"""Signs that office programs put for each other, each as one that is typed."""
QUOTES = "\"'“”„«»‘’"


def paragraph_of(document: Document, row: Row) -> Paragraph:
    """The recommendation that a row is about: "3", "3." or "140.1". Raises `SourceError` where it is none."""
    said = row.values["recommendation"]
    wanted = said.rstrip(".").replace(".", "-")
    paragraph = next((one for one in document.paragraphs if one.key == wanted), None)
    if paragraph is not None and paragraph.is_recommendation:
        return paragraph
    expected = "the number of a recommendation of this document"
    if paragraph is not None:
        expected += f"; paragraph {wanted} is none until recommendations in {document.slug}.toml name it"
    raise row.error(f"recommendation {said!r}", expected, "recommendation")


def is_rejected(row: Row) -> bool:
    """Whether everybody who reviewed a correction rejected it; the row stays and corrects nothing."""
    status = review_of(row)[0]
    if wrong := [each for each in status.split() if status != CHANGED and each not in STATUSES]:
        raise row.error(f"review_status {wrong[0]!r}", f"one of {', '.join(STATUSES)}", REVIEW_STATUS)
    return set(status.split()) == {REJECTED}


def slugs(row: Row, column: str) -> tuple[str, ...]:
    """The actors in a cell, by name in their addresses."""
    cell = row.values[column]
    slugs = () if cell == NONE else tuple(dict.fromkeys(re.split(r"[\s,;]+", cell)))
    if wrong := [slug for slug in slugs if not SLUG.fullmatch(slug)]:
        expected = "the slugs of actors apart by spaces, such as states-parties unodc, or - for nobody"
        raise row.error(f"{column} {wrong[0]!r}", expected, column)
    return slugs


def path_of(cell: str) -> str:
    """The path of a thing, ``actor/unodc``, also where its whole address was pasted."""
    return re.sub(r"^(?:https?://\S*?/)?(?:id|doc)/", "", cell)


def misspellings(
    put: Directive | Mention | None,
    removed: Directive | Mention | None,
    own: Collection[str],
    described: Collection[str],
) -> Iterator[str]:
    """What to say of the names that a correction puts and that are perhaps misspelt; ``own`` are the actors that the
    document's metadata name, ``described`` the paths that reference data describe."""
    for path in sorted(_named(put) - _named(removed)):
        kind, treaty = path.split("/")[1], "/".join(path.split("/")[:3])
        if path in described or path.removeprefix("id/actor/") in own or kind not in ("actor", "instrument"):
            continue
        beginning = f"{treaty}/" if treaty in described else f"id/{kind}/"
        wanted = path if treaty in described else treaty
        beside = [each for each in described if each.startswith(beginning) and each.count("/") == wanted.count("/")]
        for near in get_close_matches(wanted, beside, 1, LIKENESS):
            names = [each.removeprefix("id/actor/").removeprefix("id/instrument/") for each in (wanted, near)]
            yield f"nobody has described {names[0]!r}; the nearest name is {names[1]!r}"


def _named(finding: Directive | Mention | None) -> set[str]:
    """The paths of those whom a directive addresses and asks, or of what a mention names."""
    if isinstance(finding, Directive):
        return {f"id/actor/{slug}" for slug in (*finding.addressees, *finding.asked)}
    return {finding.entity} if finding else set()


def places(row: Row, column: str, text: str, within: Span | None = None, items: Sequence[Item] = ()) -> Sequence[Span]:
    """The places where the words of a cell stand in a text, or the one that ``occurrence`` counts.

    As whole words if they do anywhere; quotation marks, dashes and spaces are not told apart, and those around the
    words do not count. Raises `SourceError` where there is none, and says in which of the items there is.
    """
    cell = " ".join(row.values.get(column, "").split())
    bounds = within or Span(0, len(text))
    nth = row.values.get("occurrence", "") if column == "words" else ""
    if nth and not (nth.isascii() and nth.isdigit() and int(nth)):
        raise row.error(f"occurrence {nth!r}", "a number from 1 on", "occurrence")
    folded = text.translate(ALIKE)
    for words in dict.fromkeys((cell, composed := normalize("NFC", cell), composed.strip(QUOTES))):
        typed = words.translate(ALIKE)
        if nth:
            start = nth_place(folded, typed, int(nth), bounds.start, bounds.end)
            starts = [start] if start >= 0 else []
        else:
            starts = _starts(folded, typed, bounds)
        if starts:
            return [Span(start, start + len(words)) for start in starts]
    expected = "words of the directive" if within else "words of the text, letter for letter"
    if cell and (there := [item.letter for item in items if cell.translate(ALIKE) in item.text.translate(ALIKE)]):
        expected = f"words of the text above its items: these stand in item ({there[0]})"
    raise row.error(f"{column} {cell!r}", expected, column)


def _starts(text: str, words: str, bounds: Span) -> list[int]:
    """Where words stand: as whole words, or else inside of others."""
    if not words:
        return []
    anywhere = [match.start() for match in re.compile(re.escape(words)).finditer(text, bounds.start, bounds.end)]
    whole = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")
    return [start for start in anywhere if whole.match(text, start)] or anywhere
