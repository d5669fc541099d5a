"""Footnotes, and the parts of a document that have their marks.

A mark in brackets (``[^1]``) was set aside when the lines were read; one that is a sign (``*``, ``1/``, ``¹``) stays
among the words, at the end of one. A mark that is used again on a later page belongs to the next note that has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.document import Doubt, Footnote
from ingest.outline import quoted
from ingest.passages import ParagraphDraft, Passage, TextDraft

_BEHIND_A_WORD = r"(?<=[\w.,;:!?\"'”’»)\]%])[ \u00a0]?{}(?![\w*/])"


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """A footnote in the making, with its mark as it is printed: "1" for ``[^1]:``, whose marks in the text were set
    aside."""

    printed: str
    is_set_aside: bool
    order: int
    passage: Passage


@dataclass(frozen=True, slots=True)
class Marked:
    """A part of a document where marks of notes may stand: its path below the document, first line, words and marks."""

    path: str
    order: int
    line: int
    text: str
    marks: Sequence[str]

    @classmethod
    def of(cls, path: str, order: int, passage: Passage) -> Marked:
        """A passage that is a part."""
        return cls(path, order, passage.first.number, passage.text, passage.marks)


def marked_parts(paragraphs: Sequence[ParagraphDraft], texts: Sequence[TextDraft]) -> Iterator[Marked]:
    """Yields the paragraphs, their items and the texts without numbers."""
    for draft in paragraphs:
        path = f"paragraph/{draft.key}"
        yield Marked.of(path, draft.order, draft.passage)
        for item in draft.items:
            yield Marked.of(f"{path}/item/{item.letter}", item.order, item.passage)
    for position, text in enumerate(texts, start=1):
        yield Marked.of(f"text/{position}", text.order, text.passage)


def tied(notes: Sequence[NoteDraft], parts: Sequence[Marked]) -> tuple[tuple[Footnote, ...], list[Doubt]]:
    """The footnotes with the paths of the parts that have their marks, and what is doubtful: a note that no part has,
    and a mark without a note."""
    tied_to: dict[int, list[str]] = {note.order: [] for note in notes}
    doubts: list[Doubt] = []
    by_mark: dict[tuple[str, bool], list[NoteDraft]] = {}
    for note in notes:
        by_mark.setdefault((note.printed, note.is_set_aside), []).append(note)
    signs = {mark: re.compile(_BEHIND_A_WORD.format(re.escape(mark))) for mark, aside in by_mark if not aside}
    for part in parts:
        for mark in dict.fromkeys(part.marks):
            if (mark, True) not in by_mark:
                doubts.append(Doubt(part.line, "note", f"the mark {mark} of no note, at {quoted(part.text)}"))
        found = [(mark, True) for mark in part.marks]
        found += [(mark, False) for mark, sign in signs.items() if mark in part.text and sign.search(part.text)]
        for mark, aside in found:
            own = by_mark.get((mark, aside), ())
            tying = next((note for note in own if note.order >= part.order), own[-1] if own else None)
            if tying is not None and part.path not in tied_to[tying.order]:
                tied_to[tying.order].append(part.path)
    footnotes = []
    for note in notes:
        text, source = note.passage.text, note.passage.source
        footnotes.append(Footnote(note.printed, text, note.order, source, tuple(tied_to[note.order])))
        if not tied_to[note.order]:
            words = f"nothing has the mark {note.printed} of the note {quoted(text)}"
            doubts.append(Doubt(source.first_line, "note", words))
    return tuple(footnotes), doubts
