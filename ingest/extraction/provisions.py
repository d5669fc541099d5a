"""The grammar of provisions: "article 16, paragraph 5", "paragraphs 1 and 3 of article 6", "articles 7 to 9",
"chapter II".

`read_provision` reads one such phrase without the instrument; whose provisions they are is for `citations` to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ingest.document import Span
from ingest.extraction.clauses import begun
from ingest.extraction.lexicon import lower

LONGEST_RANGE = 60
_DEEPEST = 2
_LOOK_BACK = 200
THAT_ARTICLE = ("article", "that")
"""The steps that stand for the article cited before: "paragraph 3 of that article"."""

_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50}
_HEAD = re.compile(
    r"\b(?:(articles?|arts?\.)|(chapters?|chaps?\.)|(paragraphs?|paras?\.)|(sub-?paragraphs?|subparas?\.))\s",
    re.IGNORECASE,
)
_MAY_BEGIN = re.compile(begun("sub-para", "subpara", "para", "art", "chap"))
_BIS = r"\s?(?:bis|ter|quater|quinquies|sexies|septies|octies|novies|decies)\b"
_NUMBER = re.compile(rf"\d{{1,3}}(?![\d/]|\.\d|[A-Za-z]|{_BIS})")
_ARTICLE_NUMBER = re.compile(rf"\d{{1,3}}(?![\d/]|\.\d{{3}}|[A-Za-z]|{_BIS})")
_DOTTED = re.compile(r"\.(\d{1,2})(?![\d.]|[A-Za-z])")
"""A paragraph right behind its article: "article 16.1 (c)"."""
TITLE = re.compile(r"\s\([A-Za-z][^()\d]{3,120}\)(?=,|\s(?:and|or)\s)")
"""What an article of a list is on: "articles 20 (Personal mobility), 25 (Health) and 26"."""
_BELOW = r"(?:\.\d{1,2})?(?:\s?\(\w{1,3}\))*"
_ONE_OF_MORE = re.compile(rf"{_BELOW}(?:,\s\d{{1,3}}{_BELOW})*,?\s(?:and|or|to)\s\d{{1,3}}{_BELOW}(?:,?\sof\s|\))")
"""What shows a list behind a word in the singular: "article 6 and 14 of the Covenant"."""
_INSERTED = re.compile(rf"(?P<value>\d{{1,3}})(?:{_BIS}|[A-Z]\b|\s[A-Z](?=\s?\(|,?\sof\s))")
"""The number of an article that was put between others, and is an article of its own: "6 bis", "12A"."""
_ROMAN_NUMBER = re.compile(r"[IVXL]{1,6}\b")
_LETTER = re.compile(r"\s?\((?:([a-z])|(\d{1,2})|([ivx]{1,5}))\)")
_HALF_LETTER = re.compile(r"(?<=[\d)\s])\s?([a-h])()()\)(?=[\s,;.])")
"""A letter with its closing bracket only, in the groups of `_LETTER`: "article 5, paragraph 2 b)"."""
_BARE_LETTER = re.compile(r"\s([a-h])(?=\sof\sthe\s[A-Z])")
"""A letter as the Charter of the United Nations is cited: "Article 73 e of the Charter"."""
_OF_THIS_TEXT = re.compile(r"(?:\.[A-Z])?\s(?:above|below)\b|\.[A-Z]\b")
"""Behind a chapter of the same document: "chapter III.B above", as "(see chap. III)" is."""
_AND = re.compile(r"(?:\s?,\s(?:and|or)\s|\s(?:and|or|and/or)\s|\s?,\s)")
_AND_ARTICLE = re.compile(r";\s(?:(?:and|or)\s)?(?=\d{1,3}(?:\s?[,;(]|\s(?:and|of)\b))")
"""Between articles of a list whose parts have commas: "articles 3, paragraph 1; 4; and 5 of"."""
_TO = re.compile(r"(?:\s(?:to|through)\s|[-–])")
_ESPECIALLY = re.compile(
    r"\b[Aa]rticles?\s[\dIVX][^;.]{0,160},?\s(?:especially|in\sparticular|notably|particularly|specifically|including)(?:\sits)?,?\s$"
)
"""Before a paragraph of the article that was named before: "article 6, in particular paragraph 3"."""
_OF = re.compile(r",?\s(?:of|in)\s(?:the\s)?")
_OF_THAT_ARTICLE = re.compile(r",?\s(?:of|in)\s(?:that|the\s(?:same|said))\sarticle\b")
_PARAGRAPH = re.compile(r",?\s(?:(paragraphs?|paras?\.)\s|(§§?)\s?)")
_IN_BRACKETS = re.compile(r"\s\((paragraphs?|paras?\.)\s(?=\d)")
"""Before a paragraph that stands in brackets: "article 4 (paragraph 2)"."""
_ANOTHER_PARAGRAPH = re.compile(r",?\s(?:and|or)\s(paragraphs?|paras?\.)\s")
_OF_AN_ARTICLE = re.compile(r",?\sof\s(?:the\s|that\s)?(?:same\s)?article")
_SUBPARAGRAPH = re.compile(r",?\s(?:sub-?paragraphs?|subparas?\.)(?=\s\()")


@dataclass(frozen=True, slots=True)
class Piece:
    """One provision of a phrase: its words, and its steps below the instrument, ``("article", "6", "letter", "a")``."""

    span: Span
    steps: tuple[str, ...]

    @property
    def path(self) -> str:
        """The path below the instrument."""
        return "/".join(self.steps)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that names provisions of one instrument, in order of the text."""

    pieces: tuple[Piece, ...]
    span: Span


def roman(numeral: str) -> int:
    """The value of a roman numeral up to fifty."""
    values = [_ROMAN[letter] for letter in numeral]
    return sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))


def heads(text: str) -> Iterator[int]:
    """Where a provision may begin."""
    return (match.start() for match in _MAY_BEGIN.finditer(lower(text)))


def read_provision(text: str, start: int, depth: int = 0) -> Phrase | None:
    """The phrase that begins at ``start``, or None when it is none (an article on migration, a paragraph above).

    ``depth`` counts the units before it, as in "subparagraph (a) of paragraph 1 of article 6", which are two.
    """
    head = _HEAD.match(text, start)
    if head is None:
        return None
    article, chapter, paragraph, subparagraph = head.groups()
    if article or chapter:
        unit = "article" if article else "chapter"
        pieces = _units(text, start, head.end(), unit, many=_is_plural(article or chapter))
    elif paragraph:
        parts = _units(text, start, head.end(), "paragraph", many=_is_plural(paragraph))
        pieces = _within(text, parts, depth) or _of_the_article_before(text, start, parts)
    else:
        pieces = _within(text, _letters(text, start, head.end() - 1, ()), depth) if subparagraph else []
    is_seen = chapter and text.endswith(("(see ", "(see also "), 0, start)
    if not pieces or _OF_THIS_TEXT.match(text, end := pieces[-1].span.end) or (is_seen and not _OF.match(text, end)):
        return None
    return Phrase(tuple(pieces), Span(start, max(piece.span.end for piece in pieces)))


def read_more(text: str, start: int) -> Phrase | None:
    """The articles whose numbers begin at ``start``, behind a plural: "articles 41 of … and 81 of …"."""
    pieces = _units(text, start, start, "article", many=True)
    return Phrase(tuple(pieces), Span(start, pieces[-1].span.end)) if pieces else None


def _is_plural(word: str) -> bool:
    return word.lower().rstrip(".").endswith("s")


def _number(text: str, position: int, unit: str) -> re.Match[str] | None:
    if unit == "paragraph":
        return _NUMBER.match(text, position)
    if unit == "chapter":
        return _ROMAN_NUMBER.match(text, position) or _NUMBER.match(text, position)
    patterns = (_INSERTED, _ROMAN_NUMBER, _ARTICLE_NUMBER)
    return next((number for pattern in patterns if (number := pattern.match(text, position))), None)


def _value(number: re.Match[str]) -> int:
    if number.re is _ROMAN_NUMBER:
        return roman(number.group())
    return int(number["value"] if number.re is _INSERTED else number.group())


def _step(number: re.Match[str]) -> str:
    """The number of a unit as a step of its path: "6bis" for "6 bis", "12a" for "12A"."""
    return re.sub(r"\s", "", number.group()).lower() if number.re is _INSERTED else str(_value(number))


def _units(text: str, start: int, position: int, unit: str, many: bool) -> list[Piece]:
    """The numbered units of a list; the first begins at ``start``, each later one at its own number."""
    pieces: list[Piece] = []
    while True:
        number = _number(text, position, unit)
        if number is None:
            return pieces
        begin = start if not pieces else number.start()
        units = _below(text, begin, number.end(), (unit, _step(number)))
        pieces += units
        position = max(piece.span.end for piece in units)
        many = many or (unit == "article" and _ONE_OF_MORE.match(text, number.end()) is not None)
        if not many:
            return pieces
        through = _TO.match(text, position)
        last = _number(text, through.end(), unit) if through else None
        if through is not None and last is not None:
            first = _value(number)
            inside = range(first + 1, min(_value(last), first + LONGEST_RANGE))
            pieces += _between(text, Span(begin, last.end()), through, [(unit, str(each)) for each in inside])
            pieces.append(Piece(Span(*last.span()), (unit, _step(last))))
            position = last.end()
        title = TITLE.match(text, position)
        behind = title.end() if title else position
        joint = _AND.match(text, behind) or (_AND_ARTICLE.match(text, behind) if unit == "article" else None)
        if joint is None:
            return pieces
        position = joint.end()


def _between(text: str, whole: Span, through: re.Match[str], units: Iterable[tuple[str, ...]]) -> Iterator[Piece]:
    """The units inside a range, which have no words of their own: each gets another cut around the word "to".

    The span of a unit for which no cut is left is empty.
    """
    ahead = re.finditer(r"\S+", text[whole.start : through.start()])
    starts = [*(whole.start + word.start() for word in ahead), through.start() + text[through.start()].isspace()]
    ends = [whole.end, through.start() + len(through.group().rstrip())]
    cuts = [Span(start, end) for end in ends for start in starts if start < end]
    for place, steps in enumerate(units):
        yield Piece(cuts[place] if place < len(cuts) else Span(whole.end, whole.end), steps)


def _below(text: str, start: int, position: int, steps: tuple[str, ...]) -> list[Piece]:
    """The unit that ends at ``position``, or what the words after it single out in it."""
    if steps[0] == "article" and (dotted := _DOTTED.match(text, position)):
        return _below(text, start, dotted.end(), (*steps, "paragraph", dotted[1]))
    if _letter(text, position):
        return _letters(text, start, position, steps)
    if steps[0] == "article" and "paragraph" not in steps:
        paragraph = _PARAGRAPH.match(text, position)
        if paragraph is not None and _NUMBER.match(text, paragraph.end()):
            many = paragraph[2] == "§§" or _is_plural(paragraph[1] or "")
            units = _units(text, start, paragraph.end(), "paragraph", many)
            units += _more_paragraphs(text, units[-1].span.end)
            return [replace(piece, steps=steps + piece.steps) for piece in units]
        if paragraph is not None and _letter(text, paragraph.end() - 1):
            return _letters(text, start, paragraph.end() - 1, steps)
        if within := _in_brackets(text, start, position, steps):
            return within
    if bare := _BARE_LETTER.match(text, position):
        return [Piece(Span(start, bare.end()), (*steps, "letter", bare[1]))]
    lettered = _SUBPARAGRAPH.match(text, position)
    if lettered is not None:
        return _letters(text, start, lettered.end(), steps)
    return [Piece(Span(start, position), steps)]


def _in_brackets(text: str, start: int, position: int, steps: tuple[str, ...]) -> list[Piece]:
    """The paragraphs of an article that stand in brackets behind it, with nothing else there."""
    opening = _IN_BRACKETS.match(text, position)
    units = _units(text, start, opening.end(), "paragraph", _is_plural(opening[1])) if opening else []
    if not units or not text.startswith(")", units[-1].span.end):
        return []
    units[-1] = replace(units[-1], span=Span(units[-1].span.start, units[-1].span.end + 1))
    return [replace(piece, steps=steps + piece.steps) for piece in units]


def _more_paragraphs(text: str, position: int) -> list[Piece]:
    """ "… and paragraph 3" after "article 6, paragraph 1", unless it is the paragraph of another article."""
    pieces: list[Piece] = []
    while another := _ANOTHER_PARAGRAPH.match(text, position):
        more = _units(text, another.start(1), another.end(), "paragraph", many=_is_plural(another.group(1)))
        if not more or _OF_AN_ARTICLE.match(text, more[-1].span.end):
            break
        pieces += more
        position = more[-1].span.end
    return pieces


def _letter(text: str, position: int) -> re.Match[str] | None:
    """A letter, number or item in brackets; or a letter before a closing bracket that closes nothing else."""
    half = None if (letter := _LETTER.match(text, position)) else _HALF_LETTER.match(text, position)
    if half is None:
        return letter
    ahead = text[max(0, position - _LOOK_BACK) : position]
    return half if ahead.count("(") <= ahead.count(")") else None


def _letters(text: str, start: int, position: int, steps: tuple[str, ...]) -> list[Piece]:
    pieces: list[Piece] = []
    base = steps
    while True:
        below, end = base, position
        while letter := _letter(text, end):
            character, digits, numeral = letter.groups()
            if digits:
                below = (*below, "paragraph", digits)
            elif "letter" in below:
                below = (*below, "item", character or numeral)
            else:
                below = (*below, "letter", character or numeral)
            end = letter.end()
        if end == position:
            return pieces
        pieces.append(Piece(Span(start, end), below))
        through = _TO.match(text, end)
        last = _LETTER.match(text, through.end()) if through and below[-2:-1] == ("letter",) else None
        if through and last and last[1] and text[through.end()] == "(":
            inside = [(*below[:-1], chr(letter)) for letter in range(ord(below[-1][0]) + 1, ord(last[1]))]
            pieces += _between(text, Span(start, last.end()), through, inside)
            pieces.append(Piece(Span(through.end(), last.end()), (*below[:-1], last[1])))
            end = last.end()
        joint = _AND.match(text, end)
        further = _letter(text, joint.end()) if joint else None
        if further is None or text[further.start()].isspace():
            return pieces
        base = _shared(steps, below, further)
        start = position = further.start()


def _shared(steps: tuple[str, ...], below: tuple[str, ...], further: re.Match[str]) -> tuple[str, ...]:
    """What a further letter or item shares with the one before it: the paragraph in "(1) (c) and (e)"."""
    character, digits, numeral = further.groups()
    unit = "item" if "item" in below and (numeral or character in "ivx") else "letter"
    return below[: below.index(unit)] if unit in below and not digits else steps


def _of_the_article_before(text: str, start: int, parts: list[Piece]) -> list[Piece]:
    is_narrower = _ESPECIALLY.search(text, max(0, start - _LOOK_BACK), start)
    if not parts or is_narrower is None or text.startswith((" above", " below"), parts[-1].span.end):
        return []
    return [replace(part, steps=THAT_ARTICLE + part.steps) for part in parts]


def _within(text: str, parts: list[Piece], depth: int) -> list[Piece]:
    """The parts of the article that follows: "paragraphs 1 and 3 of article 6". Nothing when no article follows."""
    if not parts or depth > _DEEPEST:
        return []
    that = _OF_THAT_ARTICLE.match(text, parts[-1].span.end)
    if that is not None:
        pieces = [replace(part, steps=THAT_ARTICLE + part.steps) for part in parts]
        pieces[-1] = replace(pieces[-1], span=Span(pieces[-1].span.start, that.end()))
        return pieces
    of = _OF.match(text, parts[-1].span.end)
    inner = read_provision(text, of.end(), depth + 1) if of else None
    if inner is None or inner.pieces[0].steps[0] != "article":
        return []
    first, *others = inner.pieces
    pieces = [replace(part, steps=first.steps + part.steps) for part in parts]
    pieces[-1] = replace(pieces[-1], span=Span(pieces[-1].span.start, first.span.end))
    return pieces + [replace(other, steps=other.steps + parts[-1].steps) for other in others]
