"""Where the masthead of a document ends and its body begins; a table of contents between them is set aside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.document import Metadata
from ingest.outline import ITEM_MARK, LONGEST_HEADING, NAMED_PART, NUMBERED_HEADING, NUMBERED_PARAGRAPH, OPERATIVE_KINDS
from ingest.source import Line

CONTENTS = re.compile(r"Contents|CONTENTS|Índice|Sumario|Table des matières|Содержание|目录|المحتويات")
LEADERS = re.compile(r"\.\s?\.\s?\.\s?\.|……")
ENACTING = re.compile(
    r"(?:The|THE|La|LA|Le|LE|El|EL|L['’]|Los|Les)\s?[A-ZÉÁ](?:[^.;:,]|\.(?=\S)|,(?=\s[a-z])){3,160}"
    r",(?:$|\s(?=(?:[A-Z][a-z]+ing|Guided|Aware|Mindful|Convinced|Concerned|Determined|Deeply|Gravely)\b))|"
    r"We, the [^.;]{3,300},$"
)
"""``The General Assembly,`` above the clauses of a preamble, or in one line with the first; perhaps "under the terms of
Article 15.b" as well; or ``We, the Ministers of …,``."""
SUBJECT, OPERATES = re.compile(r"(?:The|La|Le|El) [A-ZÉÁ][^.;:,]{3,80}"), re.compile(r"[A-Z][a-z]+(?:s|ing)\b")
"""``The General Assembly`` without a comma, and the verb of the clause below it."""
OPENING_WORDS = re.compile(
    r"(?:Introduction|Introducción|Введение|Background|Summary|Resumen|Résumé|Antecedentes|Preface|Foreword|导言|مقدمة)"
)
BYLINE = re.compile(r"(?:Note|Report|Letter|Nota|Informe|Rapport|Prepared|Submitted)\b")
PROSE_ENDING = re.compile(r"[.;:?!。؟][\"”’»)]*$")
LONGEST_NUMBER, LONGEST_CONTENTS = 3, 24


@dataclass(frozen=True, slots=True)
class Front:
    """The position of the line behind the masthead, those of a table of contents, and whether a preamble follows."""

    end: int
    contents: frozenset[int]
    preamble: bool


def plain(text: str) -> str:
    """A text without marks, case and spacing, for comparing a title with a masthead."""
    return re.sub(r"[\W_]+", "", text).casefold()


def unwrapped(lines: Sequence[Line]) -> list[Line]:
    """The lines of a masthead; one that goes on in small letters within its block is one line with that above it."""
    out: list[Line] = []
    for line in lines:
        if out and not line.begins and line.text[0].islower():
            out[-1] = replace(out[-1], text=f"{out[-1].text} {line.text}")
        else:
            out.append(line)
    return out


def begins_again(lines: Sequence[Line], numbers: Sequence[str], position: int, number: str) -> bool:
    """Whether ``number`` comes behind lines that count on from one, before the next heading without a number: "1.
    Treaties" and "2. Other instruments" above paragraph 1."""
    count = int(numbers[position])
    for line, other in zip(lines[position + 1 :], numbers[position + 1 :], strict=True):
        if line.begins and other.isdigit():
            is_next = other == str(count + 1) and not line.text.endswith((".", ";", ":", ","))
            if other == number or not is_next:
                return other == number
            count += 1
        elif line.signed and not other:
            return False
    return False


def following_mark(lines: Sequence[Line], numbers: Sequence[str], position: int) -> str | None:
    """The next mark of an item behind a line, before a heading and the next paragraph."""
    for line, number in zip(lines[position + 1 :], numbers[position + 1 :], strict=True):
        if (match := ITEM_MARK.match(line.text)) and not (match[3] or number):
            return match[1] or match[2]
        if line.signed or number:
            break
    return None


def read_front(
    lines: Sequence[Line], numbers: Sequence[str], following: Sequence[str], metadata: Metadata
) -> Front | None:
    """The front of a document, None for a text that has neither a body nor a title.

    ``numbers`` has the number that each line begins with, ``following`` the next plain one that opens a block.
    """
    led = [n for n, line in enumerate(lines) if LEADERS.search(line.text)]
    short = ((n, line.text.rstrip("*:")) for n, line in enumerate(lines) if led and len(line.text) < LONGEST_CONTENTS)
    opening = next((n for n, words in short if CONTENTS.fullmatch(words)), None)
    if led and opening is None and led[-1] > len(lines) // 2:
        led = []
    first = led[-1] + 1 if led else 0
    contents = range(led[0] if opening is None else min(opening, led[0]), led[-1] + 1) if led else range(0)
    heading = next((n for n in range(first, len(lines)) if _opens_body(lines[n])), len(lines))
    number = next(
        (n for n in range(first, heading) if lines[n].begins and _opens_paragraphs(numbers[n], following[n])), None
    )
    end = heading if number is None else number
    title = plain(metadata.title)
    if number is not None:
        while end > first and _is_opening_heading(lines[end - 1], title):
            end -= 1
    for position in range(first, end):
        if lines[position].begins and _enacts(lines, position, metadata):
            return Front(position, frozenset(contents), preamble=True)
    if end == len(lines):
        end = _above_prose(lines, title)
        if end in (0, len(lines)):
            return None
    return Front(end, frozenset(contents), preamble=False)


def _above_prose(lines: Sequence[Line], title: str) -> int:
    """The position of the first sentence, or of the headings right above it, in a text without numbers; behind the
    title in any case. 0 where nothing is below it."""
    below = _below_title(lines, title)
    first = next((n for n in range(below, len(lines)) if lines[n].begins and _is_prose(lines, n)), len(lines))
    end = first
    while end > below and (lines[end - 1].signed or lines[end - 1].bold or OPENING_WORDS.match(lines[end - 1].text)):
        end -= 1
    return end if first < len(lines) else below if title else 0


def _is_prose(lines: Sequence[Line], position: int) -> bool:
    """Whether the block that opens at a position is a sentence: by its sign at the end, or its length."""
    behind = (n for n in range(position + 1, len(lines)) if lines[n].begins)
    block = " ".join(line.text for line in lines[position : next(behind, len(lines))])
    return len(block) > LONGEST_HEADING or (" " in block and PROSE_ENDING.search(block) is not None)


def _below_title(lines: Sequence[Line], title: str) -> int:
    """The position behind the line that completes the title; without one, behind the first line that is set as a
    heading, or the first of all."""
    if not title:
        return 1 + next((n for n, line in enumerate(lines) if line.signed or line.bold), 0)
    words = ""
    for position, line in enumerate(lines):
        words += plain(line.text)
        if title in words:
            return position + 1
    return 0


def _enacts(lines: Sequence[Line], position: int, metadata: Metadata) -> bool:
    """Whether a line names who decides what follows: by the comma behind it, or the verb on the next line."""
    line, behind = lines[position], lines[position + 1 : position + 2]
    decides, goes_on = metadata.kind in OPERATIVE_KINDS, bool(behind and behind[0].begins)
    if ENACTING.match(line.text):
        return decides or (goes_on and behind[0].text[0].isupper())
    if not (decides and goes_on) or line.signed or line.bold:
        return False
    return SUBJECT.fullmatch(line.text) is not None and OPERATES.match(behind[0].text) is not None


def _opens_body(line: Line) -> bool:
    """A numbered heading ends the masthead; one that is not set as a heading must be the first, I or A."""
    numbered = NUMBERED_HEADING.match(line.text)
    return numbered is not None and (line.signed or line.bold or (line.begins and numbered[1] in ("I", "A")))


def _opens_paragraphs(number: str, following: str) -> bool:
    """A number that opens a block and is 1, or is followed by the next, or is 140.1, ends the masthead."""
    if not number.isdigit():
        return bool(number)
    return number == "1" or (len(number) <= LONGEST_NUMBER and following == str(int(number) + 1))


def _is_opening_heading(line: Line, title: str) -> bool:
    """Whether a line above the first paragraph is a heading of it, not the last line of the masthead."""
    words = plain(line.text)
    if not line.begins or words in title or title in words or ITEM_MARK.match(line.text):
        return False
    if NAMED_PART.fullmatch(line.text) or NUMBERED_PARAGRAPH.match(line.text):
        return True
    set_as_heading = line.signed or line.bold
    return BYLINE.match(line.text) is None if set_as_heading else OPENING_WORDS.match(line.text) is not None
