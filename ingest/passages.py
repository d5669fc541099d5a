"""Lines joined to the text of a part: a line end or a page break is one space, none behind a hyphen that splits a word.

A passage knows where in the source it stands and whether its last line ends a sentence, which tells a page break in
mid-sentence from a new beginning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ingest.document import UNNUMBERED_CLAUSE, Item, Paragraph, SourceRange, UnnumberedText, paragraph_key
from ingest.outline import ITEM_MARK, OPERATIVE_KINDS, ItemSequence, SectionPath
from ingest.source import Line

SENTENCE_END = re.compile(r"[.:;?!。؟][\"'”’»)\]]*(?:\s?(?:[*†‡§¹²³⁴-⁹⁰]+|[0-9]{1,3}/))?$")
PUNCTUATED = re.compile(r"[.,:;?!。؟—–][\"'”’»)\]]*$")
PHRASE_END = re.compile(r"(?:[.,:;?!—–][\"'”’»)\]]*|\b(?:and|or|y|o|et|ou))$")
LIST_ENDING = (";", ",", " and", " or")
"""How an item ends behind which the sentence goes on with another."""
SPLIT_WORD = re.compile(r"\w-$")
SUSPENDED = re.compile(r"(?:and|or|to|nor)\b")
ANNOUNCED = re.compile(r"\brecommendations\b.*\b(?:below|following)\b|\bfollowing recommendations\b", re.DOTALL)
_VERBS = (
    "accept acknowledge adopt affirm agree appeal appoint approve authorize call commend commit concur condemn confirm "
    "congratulate consider decide declare demand deplore designate draw elect emphasize encourage endorse establish "
    "express extend highlight instruct invite note pledge proclaim reaffirm recall recognize recommend regret "
    "reiterate reject remain remind renew repeat request resolve stress strive suggest support take thank trust "
    "undertake underline underscore urge welcome"
)
_ADVERBS_WORDS = "also further furthermore strongly again hereby solemnly therefore likewise firmly deeply gravely thus"
_ADVERBS = rf"(?:(?:{'|'.join(_ADVERBS_WORDS.split())}|once (?:again|more)),? )*"
_OTHER_LANGUAGES = (
    "Decide|Pide|Solicita|Insta|Exhorta|Invita|Alienta|Recomienda|Toma nota|Acoge|Hace suy[oa]|Reafirma|Aprueba|"
    "Décide|Demande|Prie|Invite|Recommande|Encourage|Engage|Exhorte|Prend note|Se félicite|Réaffirme|Approuve"
)
CLAUSE = re.compile(
    rf"(?:We,? )?{_ADVERBS}(?:{'|'.join(_VERBS.split())})(?:e?s)?\b(?! by\b)|"
    rf"(?:también |également )?(?:{_OTHER_LANGUAGES})\b",
    re.IGNORECASE,
)
"""How an operative clause begins: its verb, which in the preamble above it is a participle."""
_DECIDED = re.compile(
    r"(?:At its|At the|On (?:the )?[0-9]|The|In)\b[^.;:]*\b(?:decide[ds]|adopt(?:s|ed)|approve[ds]|elect(?:s|ed)|"
    r"request(?:s|ed)|recommend(?:s|ed)|endorse[ds]|took note|takes note|urge[ds]|invite[ds])\b"
)
"""How a decision tells what was decided: "At its fifth meeting, the Commission decided …"."""
LONGEST_ENDING = 20


class Passage:
    """A text in the making; ``first`` is the line on which it begins."""

    def __init__(self, line: Line, text: str) -> None:
        self.first = self._last = line
        self._pieces = [text] if text else []
        self.marks = [mark for _, mark in line.marks]

    def add(self, line: Line) -> None:
        """Continues the text with a whole line."""
        ending = self._ending()
        if ending:
            hyphenated = SPLIT_WORD.search(ending) and line.text[0].isalnum() and not SUSPENDED.match(line.text)
            self._pieces.append("" if hyphenated else " ")
        self._pieces.append(line.text)
        self.marks += (mark for _, mark in line.marks)
        self._last = line

    def add_row(self, line: Line, text: str) -> None:
        """Continues the text with a row of a table, on a line of its own."""
        self._pieces += ["\n", text]
        self.marks += (mark for _, mark in line.marks)
        self._last = line

    @property
    def opening(self) -> str:
        """The words of its first line; empty for a passage without words."""
        return self._pieces[0] if self._pieces else ""

    def ends_with(self, signs: tuple[str, ...]) -> bool:
        """Whether one of these signs or words stands last."""
        return self._ending().endswith(signs)

    def _ending(self) -> str:
        return self._pieces[-1][-LONGEST_ENDING:] if self._pieces else ""

    @property
    def text(self) -> str:
        """The words so far."""
        return "".join(self._pieces)

    @property
    def is_empty(self) -> bool:
        """Whether it has no words."""
        return not any(self._pieces)

    @property
    def source(self) -> SourceRange:
        """From the first mark of the first line to the last of the last."""
        return SourceRange(self.first.number, self._last.number, self.first.start, self._last.end)

    @property
    def ends_sentence(self) -> bool:
        """Whether a sentence (or a lead-in) is complete; footnote marks behind the full stop do not count."""
        return SENTENCE_END.search(self._ending()) is not None

    def ends(self, pattern: re.Pattern[str]) -> bool:
        """Whether what stands last has a form: `PUNCTUATED`, or `PHRASE_END` where an item may follow."""
        return pattern.search(self._ending()) is not None


class ItemDraft(NamedTuple):
    """A lettered item in the making."""

    letter: str
    order: int
    passage: Passage


@dataclass(slots=True)
class ParagraphDraft:
    """A numbered paragraph in the making."""

    number: int
    printed: str
    within: str
    order: int
    section: SectionPath
    passage: Passage
    items: list[ItemDraft] = field(default_factory=list)
    sequence: ItemSequence = field(default_factory=ItemSequence)

    @property
    def key(self) -> str:
        """What names it in IRIs and tables."""
        return paragraph_key(self.within, self.printed or str(self.number))

    @property
    def innermost(self) -> Passage:
        """The passage that a line without a number continues."""
        return self.items[-1].passage if self.items else self.passage

    @property
    def in_list(self) -> bool:
        """Whether the last item is not the end of its list."""
        return bool(self.items) and self.innermost.ends_with(LIST_ENDING)

    def takes(self, line: Line) -> bool:
        """Continues the paragraph with a line that has no number; a block behind the end of a clause is none of it."""
        if self.within == UNNUMBERED_CLAUSE and line.begins and self.innermost.ends_with((".", ";")):
            return False
        self.innermost.add(line)
        return True

    def take_item(
        self, line: Line, match: re.Match[str], following: Callable[[], str | None], order: Callable[[], int]
    ) -> tuple[bool, str]:
        """Whether a line opens an item, as its mark does where a list may go on, and what is doubtful about it; marks
        of a nested list stay in the text of the item. ``following`` tells the next mark, ``order`` the item's place."""
        above = self.innermost
        if not self.passage.opening or not (line.begins or above.ends(PHRASE_END)):
            return False, ""
        if match[3] and not (above.ends_with((":", *LIST_ENDING)) or (line.begins and self.items)):
            return False, ""
        if not self.sequence.items and (first := ITEM_MARK.match(self.passage.opening)):
            self.sequence.take(first, following)  # "5. (a) …", whose first item is the text of the paragraph
        expected = " or ".join(f"({mark})" for mark in self.sequence.expected())
        kind, mark = self.sequence.take(match, following), match[1] or match[2]
        odd = kind == "gap" or (kind is None and (self.items or above.ends_sentence))
        if kind in ("item", "gap"):
            passage = Passage(line, line.text[match.end() :])
            self.items.append(ItemDraft(mark or str(self.sequence.items), order(), passage))
        doubt = f"({mark}) in paragraph {self.number}, where {expected} would come next" if odd else ""
        return kind in ("item", "gap"), doubt

    def take_number(self, value: int, order: Callable[[], int], line: Line, words: str) -> bool:
        """Whether "1." or "2." is an item, as it is in a list behind a colon."""
        if not (self.items or self.passage.ends_with((":",))) or not self.sequence.take_number(value):
            return False
        self.items.append(ItemDraft(str(value), order(), Passage(line, words)))
        return True

    def finished(self, meeting: str | None, recommended: bool) -> Paragraph:
        """The paragraph as a value."""
        items = tuple(Item(one.letter, one.passage.text, one.order, one.passage.source) for one in self.items)
        text, source = self.passage.text, self.passage.source
        return Paragraph(
            self.number, text, self.section, self.order, source, meeting, items, self.printed, self.within, recommended
        )


def opens_clause(text: str, kind: str) -> bool:
    """Whether a block of a resolution, or of another ``kind`` of document that decides, is an operative clause."""
    if kind not in OPERATIVE_KINDS:
        return False
    return CLAUSE.match(text) is not None or (kind == "decision" and _DECIDED.match(text) is not None)


def announces_recommendations(words: str) -> bool:
    """Whether words lead in to recommendations that have numbers of their own: 1, 2, and so on."""
    return ANNOUNCED.search(words) is not None


def without_empty(paragraphs: Sequence[ParagraphDraft]) -> tuple[list[ParagraphDraft], list[tuple[str, SourceRange]]]:
    """The paragraphs with their items, without those that have a number and no words; and each such number, with its
    place."""
    empty: list[tuple[str, SourceRange]] = []
    for draft in paragraphs:
        number = draft.printed or str(draft.number)
        if draft.passage.is_empty:
            empty.append((number, draft.passage.source))
        empty += [(f"{number} ({item.letter})", item.passage.source) for item in draft.items if item.passage.is_empty]
        draft.items = [item for item in draft.items if not item.passage.is_empty]
    return [draft for draft in paragraphs if not draft.passage.is_empty], empty


@dataclass(slots=True)
class TextDraft:
    """Words outside the numbered paragraphs, in the making."""

    kind: str
    order: int
    section: SectionPath
    passage: Passage

    def takes(self, line: Line) -> bool:
        """Continues the text with a line of its block, or one that goes on with its sentence behind a page break."""
        opens_nothing = line.text[0].islower() or line.text[0].isdigit()
        goes_on = (
            opens_nothing
            and self.kind != "closing"
            and not self.passage.ends(PUNCTUATED)
            and not (line.signed or line.bold)
        )
        if self.kind == "table" or (line.begins and not goes_on):
            return False
        self.passage.add(line)
        return True

    def finished(self) -> UnnumberedText:
        """The text as a value."""
        return UnnumberedText(self.kind, self.passage.text, self.section, self.order, self.passage.source)
