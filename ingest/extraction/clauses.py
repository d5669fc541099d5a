"""Sentences and what stands inside them: where they begin and end, adverbs, parentheses between commas."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from ingest.document import Span

DATA = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
"""What rules know of words beside their patterns, in tables."""
WORDS = {
    name: frozenset(re.split(r";\s+" if ";" in text else r"\s+", text.strip())) for name, text in DATA["words"].items()
}
"""The words that rules know, by the name of their list."""
BODIES: dict[str, list[str]] = DATA["bodies"]
"""The codes of the bodies whose resolutions are told apart, with their names in full."""
_ADVERB_WORDS = (
    "also|further|furthermore|therefore|thus|hereby|likewise|strongly|urgently|especially|particularly|"
    "accordingly|moreover|again|still|now|always|not|similarly|jointly|additionally|consequently|duly|"
    "kindly|specifically|all|both|each|too|then|however|first|finally|actively|fully|carefully|at least|"
    "in particular|once again|as well|in turn|in addition|once more|equally|firmly|earnestly|"
    "respectfully|repeatedly|solemnly|warmly|only|continuously|constantly|regularly|never|generally|"
    "instead|nevertheless|consistently|systematically"
)
ADVERB = f"(?:{_ADVERB_WORDS})"
ADVERBS_BEGIN = frozenset(words.split()[0] for words in _ADVERB_WORDS.split("|"))
"""The first words of these."""


def begun(*words: str) -> str:
    """The pattern of any of these words, at its beginning. That it begins is told behind its letters: what begins with
    a letter is searched for faster than what begins with ``\\b``."""
    return "|".join(rf"{word}(?<=\b{word})" for word in words)


def holds(text: str, words: Iterable[str]) -> bool:
    """Whether one of the words stands in a text, also inside another: asked before a pattern is searched for."""
    return any(map(text.__contains__, words))


ADVERBS = rf"(?:\s+{ADVERB})*"
_GOES_ON = (
    r"(?:and|or|as|at|by|during|for|from|if|in|including|on|through|to|under|upon|when|where|wherever|while|with|within|"
    r"without|inter alia|\w+ing|consistent|subject|pursuant|particularly|especially)\b"
)
PARENTHESIS = rf"(?:\s*,[^,;:]{{1,200}}(?:,\s*{_GOES_ON}[^,;:]{{0,200}}){{0,2}},)"
"""Words set off by commas: ", in preventing, combating and prosecuting the smuggling of migrants,". Bounded, to stay
linear; what follows a comma inside goes on with them and is not the verb they were put before."""
GAP = rf"(?:\s+{ADVERB}|{PARENTHESIS}){{0,4}}"

_OPENER = (
    rf"(?>(?:{ADVERB}|[a-z]+ly|continues\sto|(?:in|to)\s(?:this|that|the\ssame)\s(?:regard|respect|context|connection|end|spirit|vein))"
    r"(?=,?\s)),?\s+"
)
OPENER = re.compile(_OPENER, re.IGNORECASE)
"""One of the words that may stand before the verb of an operative clause: "Also", "strongly", "Once again", "In this
regard,". Each is read in one way only: what is an adverb by its end as well would double the ways at each word."""
OPENING = re.compile(rf"(?:{_OPENER})+", re.IGNORECASE)
"""All of them: "Also strongly"."""

ABBREVIATIONS = WORDS["abbreviations"]
CLOSING_ABBREVIATIONS = frozenset({"co", "corp", "etc", "inc", "ltd", "plc"})
OPENERS = WORDS["openers"]
LABELLED = WORDS["labelled"]

_STOP = re.compile(r"[.?!][\"'”’)\]]*(?=\s+[\"'“‘(\[]*[^\W\d_])")
_OPENS = r"\s*(?=[A-Z]|to\s)"
_NUMBER = rf"\d{{1,3}}(?:\.|(?:\.\d{{1,3}}){{1,3}}\.?){_OPENS}"
_MARK = re.compile(
    rf"\s*(?:\(?(?:[a-z]|[ivx]{{2,4}}|\d{{1,3}})\){_OPENS}|{_NUMBER}|(?:\([a-z]\)|\d{{1,3}}\.)\s+(?=[a-z]))"
)
_NUMBERED = re.compile(rf"\s*{_NUMBER}")
_NEXT_NUMBER = re.compile(rf"(?<=;)(?:\s*and)?\s*{_NUMBER}")
"""Where the next of several numbered clauses begins: "1. Welcomes the report; 2. Urges States"."""
_LAST_WORD = re.compile(r"([\w.]+)$")
_NEXT_WORD = re.compile(r"\s+[\"'“‘(\[]*(\w+)")
_LOOK_BACK = 40


def _ends_sentence(text: str, stop: re.Match[str]) -> bool:
    following = _NEXT_WORD.match(text, stop.end())
    if following is None or not following.group(1)[0].isupper():
        return False
    if text[stop.start()] != ".":
        return True
    before = text[max(0, stop.start() - _LOOK_BACK) : stop.start()]
    last = _LAST_WORD.search(before)
    if last is None:
        return True
    word = last.group(1)
    if word.lower() in CLOSING_ABBREVIATIONS:
        return word.lower() == "etc" or following.group(1) in OPENERS
    if word.lower() in ABBREVIATIONS or re.fullmatch(r"(?:[A-Z]\.)+[A-Z]", word):
        return False
    if re.fullmatch(r"[A-Z]", word):
        labels = before[: last.start()].split()
        return bool(labels) and labels[-1].lower() in LABELLED
    return True


def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of a text, closing marks included, space around them left out.

    A full stop after an abbreviation ("e.g.", "para.", "U.N.") or an initial ends nothing. The letter or number of an
    item before its text is in none; in a text that begins with a number the next one begins a sentence.
    """
    spans: list[Span] = []
    mark = _MARK.match(text)
    start = mark.end() if mark else 0
    stops = [(stop.end(), stop.end()) for stop in _STOP.finditer(text) if _ends_sentence(text, stop)]
    if _NUMBERED.match(text):
        stops = sorted([*stops, *(number.span() for number in _NEXT_NUMBER.finditer(text))])
    for end, following in stops:
        if end >= start:
            spans.append(Span(start, end))
            start = following
    spans.append(Span(start, len(text)))
    return tuple(trimmed for span in spans if (trimmed := trim(text, span)).start < trimmed.end)


def starts_sentence(text: str, position: int) -> bool:
    """Whether a sentence, or the text, begins at this position."""
    before = text[max(0, position - _LOOK_BACK) : position].rstrip(" \t\n\"'“‘([")
    if not before:
        return position <= _LOOK_BACK
    return before[-1] in ".?!:" or (len(before) > 1 and before[-1] in '"”)' and before[-2] in ".?!")


def trim(text: str, span: Span) -> Span:
    """The span without the space at its ends."""
    words = span.cut(text)
    if words and not (words[0].isspace() or words[-1].isspace()):
        return span
    return Span(span.start + len(words) - len(words.lstrip()), span.end - len(words) + len(words.rstrip()))


def without_closing(text: str, span: Span) -> Span:
    """The words of a sentence or clause: without space, closing full stop, colon, semicolon or comma."""
    span = trim(text, span)
    end = span.end
    if text[end - 1 : end] and text[end - 1] in ".:;,":
        end -= 1
    return trim(text, Span(span.start, end))
