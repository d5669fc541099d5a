"""The scanner: a query text as tokens, exactly as the engine would cut it.

The engine's parser has no separate tokenizer: where `<` stands it tries an IRI or a comparison, depending on what came
before, and it needs no space between a number and the next word. Whoever wants to know what it will read has to cut
the same way, or say that the text can be read in two ways; a text that can is refused here (`ScanError`), because
between two readings a `SERVICE` can hide. Terminals are those of SPARQL 1.1 Query §19.8; what is taken for longer than
the engine would take it (a sign beyond ASCII that no name holds) is an error to the engine anyway.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

_LETTER = r"[^\x00-@\[-`{-\x7f]"  # not as a range to U+10FFFF, which takes Python milliseconds to compile
_NAME = r"[^\x00-/:-@\[-^`{-\x7f]"
_ESCAPED = r"\\[_~.\-!$&'()*+,;=/?#@%]|%[0-9A-Fa-f]{2}"
_LOCAL = rf"(?:(?:[:]|{_NAME}|{_ESCAPED})(?:(?:[:\-]|{_NAME}|{_ESCAPED})|\.+(?=[.:\-%\\]|{_NAME}))*)?"
_STRING = (
    r"'''(?:'{0,2}(?:[^'\\]|\\[tbnrf\"'\\]))*'''"
    r'|"""(?:"{0,2}(?:[^"\\]|\\[tbnrf"\'\\]))*"""'
    r"|'(?:[^'\\\r\n]|\\[tbnrf\"'\\])*'"
    r'|"(?:[^"\\\r\n]|\\[tbnrf"\'\\])*"'
)
_TOKEN = re.compile(
    r"(?:[ \t\r\n]+|\#[^\r\n]*)*+"
    r"(?:"
    rf"(?P<variable>[?$]{_NAME}+)"
    rf"|(?P<name>(?:{_LETTER}{_NAME}*+(?:[.\-]*+{_NAME}++){{0,20}}+-*+)?:{_LOCAL})"
    rf"|(?P<word>{_LETTER}{_NAME}*)"
    r"|(?P<iri><[^<>\"{}|^`\\\x00-\x20]*>)"
    rf"|(?P<string>{_STRING})"
    r"|(?P<number>(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)[eE][+-]?+[0-9]++|[0-9]*+\.[0-9]++|[0-9]++)"
    r"|(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)"
    rf"|(?P<blank>_:{_NAME}(?:[.\-]*(?:{_NAME}|-))*)"
    r"|(?P<symbol>\^\^|&&|\|\||!=|<=|>=|<<|>>|\{\||\|\}|--|[{}()\[\].,;*/+\-|^!<>=?&~])"
    r"|(?P<end>\Z)"
    r"|(?P<other>[\s\S])"
    r")"
)
_CODEPOINT = re.compile(r"\\(?:\\|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*://")
_PLAIN = re.compile(r"<[^\x00-$&-,;-?\[-^`{-}\x7f]*>")
_NAMES = frozenset({"variable", "name", "word", "blank"})
_UNSEEN = re.compile(
    "[\\u00a0\\u00ad\\u061c\\u1680\\u180e\\u2000-\\u200b\\u200e\\u200f\\u2028-\\u202f\\u205f-\\u2064\\u2066-\\u206f\\u3000\\ufeff]"
)
"""Signs that look like a space or like nothing; the two joiners that names may hold are not among them."""
_STRUCTURAL = frozenset("\"'\\<>#\r\n\0")
_BOOLEANS = ("true", "false")


class ScanError(Exception):
    """A text that no query can have, or a token that cannot stand where it does. ``offset`` counts code points from the
    start."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


class TooDeep(ScanError):  # noqa: N818 (what is found)
    """Brackets nest deeper than they may."""


Token = tuple[str, str, int, int]
"""Kind (variable, name, word, iri, string, number, language, blank or symbol), text, offset, brackets around it."""


def resolve_codepoints(text: str) -> str:
    """The text with its ``\\uXXXX`` escapes resolved (SPARQL 1.1 Query §19.2).

    Raises `ScanError` for an escape that stands for a quote, a bracket of an IRI, a comment sign, a line end, a
    surrogate or nothing: readers differ about those, and each has a plain way to be written.
    """
    if "\\u" not in text and "\\U" not in text:
        return text

    def resolved(escape: re.Match[str]) -> str:
        digits = escape[1] or escape[2]
        if digits is None:
            return escape[0]
        number = int(digits, 16)
        if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
            raise ScanError(f"The escape {escape[0]} stands for no character", escape.start())
        character = chr(number)
        if character in _STRUCTURAL:
            raise ScanError(
                f"The escape {escape[0]} stands for a sign that has to be written in another way", escape.start()
            )
        return character

    return _CODEPOINT.sub(resolved, text)


def scan(text: str, nesting: int) -> Iterator[Token]:
    """The tokens of a query without spaces and comments; ``depth`` is the number of brackets around a token.

    Raises `ScanError` for a bracket without its partner, brackets deeper than ``nesting``, a string that is not
    closed, a sign that no query has, and a ``<`` that can be read in two ways.
    """
    if (nul := text.find("\0")) >= 0:
        raise ScanError("Here stands a NUL character, which no query has", nul)
    plain = text.isascii()
    stack: list[tuple[str, int]] = []
    position, operand_ended = 0, False
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind is None or match.lastindex is None or match.start() != position:
            raise ScanError("The text cannot be read", position)
        start, position = match.span(match.lastindex)
        token = text[start:position]
        if not plain and kind in _NAMES and (unseen := _UNSEEN.search(token)):
            sign = _called(unseen[0]).removeprefix("the sign ")
            raise ScanError(f"Here stands {sign}, which is no space: write a plain one", start + unseen.start())
        if kind == "symbol":
            if token in "{([":
                stack.append((token, start))
                if len(stack) > nesting:
                    raise TooDeep(f"Brackets nest deeper than {nesting}", start)
            elif token in "})]" and (not stack or stack.pop()[0] + token not in ("{}", "()", "[]")):
                raise ScanError(f"This '{token}' closes nothing", start)
            yield kind, token, start, len(stack)
            operand_ended = token in ")}"
            continue
        if kind == "iri":
            if (
                operand_ended
                and stack
                and stack[-1][0] == "("
                and not _PLAIN.match(token)
                and not _ABSOLUTE.match(token)
            ):
                raise ScanError("This '<' can open an IRI or compare: put a space after it to compare", start)
        elif kind == "end":
            if stack:
                raise ScanError(f"This '{stack[-1][0]}' is not closed", stack[-1][1])
            return
        elif kind == "other":
            raise ScanError(_reason(token), start)
        yield kind, token, start, len(stack)
        operand_ended = kind not in ("symbol", "word") or (kind == "word" and token.lower().endswith(_BOOLEANS))


def _reason(sign: str) -> str:
    if sign in "\"'":
        return "A string begins here and is not closed, or holds an escape that does not exist"
    if sign == "\0":
        return "The text holds a NUL character"
    return f"No query holds {_called(sign)} here"


def _called(sign: str) -> str:
    """A sign with its number, and with its name where it cannot be seen."""
    if sign.isprintable():
        return f"the sign {sign!r}"
    return f"the sign U+{ord(sign):04X} ({unicodedata.name(sign, 'a control character').lower()})"


_SHAPE = re.compile(rf"[ \t\r\n]+|\#[^\r\n]*|(<[^<>\"{{}}|^`\\\x00-\x20]*>)|({_STRING})|([?$]{_NAME}+)|[0-9]+")


def shape(text: str) -> str:
    """The text without comments, spaces, names of variables, numbers and strings: alike for queries alike in form."""
    return _SHAPE.sub(lambda match: match[1] or ("'" if match[2] else "?" if match[3] else ""), text)


_CUT = re.compile(
    r"(<[A-Za-z][A-Za-z0-9+.\-]*://[^<>\"{}|^`\\\x00-\x20]*>|<[A-Za-z0-9_./~:@%\-]*>)"
    rf"|(<[^<>\"{{}}|^`\\\x00-\x20]*>)|({_STRING})|[0-9]+"
)
_CUT_SIGNS = ("0", "\x01", "\x03", "\x02")
_MISLEADING = re.compile(r"[\\\x01\x02\x03]|<<")


def template(text: str) -> str | None:
    """The text with one sign for every IRI, one for every string and one for every number. Two texts with the same one
    are read as the same tokens, but for what is in those, and neither has a comment. None where that is not sure: an
    escape, a comment, an odd IRI, a sign beyond ASCII.

    Without those, only a string or an IRI can hold a quote or a ``<``, so this cuts them where `scan` does.
    """
    if not text.isascii() or _MISLEADING.search(text):
        return None
    cut = _CUT.sub(_cut_sign, text)
    return None if "#" in cut or "\x03" in cut else cut


def _cut_sign(match: re.Match[str]) -> str:
    return _CUT_SIGNS[match.lastindex or 0]


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1."""
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")


Edit = tuple[int, int, str]
"""Where a piece of a text begins and ends, and what stands there instead."""


def edited(text: str, edits: Iterable[Edit], offset: int = 0) -> str:
    """A text, or a piece of one from an offset on, with these pieces replaced, which do not overlap."""
    pieces: list[str] = []
    position = offset
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        pieces += (text[position - offset : start - offset], new)
        position = end
    return "".join([*pieces, text[position - offset :]])
