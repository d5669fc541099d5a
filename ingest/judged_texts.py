"""Checks whether a judgement is about the current words of the document.

The column ``judged_text`` of a table keeps a fingerprint of the words that were judged: of the recommendation, and for
a relation within one document of the earlier one too. `palermo add` and `palermo review` write it. Where the words are
others now, the judgement is unreviewed again and a correction is not applied; a row that has no fingerprint is about
whatever stands there. Whoever has judged the new words by hand empties the cell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from ingest.document import Document, Paragraph

JUDGED_TEXT = "judged_text"
CHANGED = "unreviewed: the text changed"
"""The review status of a judgement about words that are others now."""
DIGITS = 16


def words_of(paragraph: Paragraph) -> str:
    """The words of a paragraph with those of its items behind them."""
    return " ".join((paragraph.text, *(f"({item.letter}) {item.text}" for item in paragraph.items)))


def recommended_texts(document: Document) -> dict[str, str]:
    """The words of all recommendations by `Paragraph.key`."""
    return {one.key: words_of(one) for one in document.paragraphs if one.is_recommendation}


def fingerprint(*texts: str) -> str:
    """Returns the fingerprint of texts, prefixed so that no spreadsheet reads it as a number."""
    return "sha256:" + hashlib.sha256("\n".join(texts).encode()).hexdigest()[:DIGITS]


def fingerprint_of(cells: Mapping[str, str], slug: str, texts: Mapping[str, str]) -> str:
    """The fingerprint that a row would have now; empty for a recommendation that is gone."""
    keys = [cells["recommendation"].replace(".", "-")]
    document, _, earlier = cells.get("earlier", "").rpartition("/")
    if earlier and document in ("", slug):
        keys.append(earlier.replace(".", "-"))
    return fingerprint(*(texts[key] for key in keys)) if all(key in texts for key in keys) else ""


def has_changed(cells: Mapping[str, str], slug: str, texts: Mapping[str, str]) -> bool:
    """Whether the fingerprint of a row differs from that of the current words."""
    return cells.get(JUDGED_TEXT, "") not in ("", fingerprint_of(cells, slug, texts))
