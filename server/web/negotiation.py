"""Content negotiation: the `Accept` and `Accept-Encoding` fields (RFC 9110 §12.5.1, §12.5.3).

The most specific range decides about an offer; of the offers, the greatest weight wins, then the more specific range,
then the server's order. Elements that do not follow the grammar are ignored, and a field with nothing else in it says
nothing; what follows after `LONGEST` characters is not read. Of parameters only ``charset`` may exclude (everything
here is UTF-8); ``profile`` and the like are wishes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_ELEMENT = re.compile(rf"(?:[^,\"]|{_QUOTED})+")
_RANGE = re.compile(rf"({_TOKEN})/({_TOKEN})")
_CODING = re.compile(_TOKEN)
_PARAMETER = re.compile(rf"[ \t]*;[ \t]*(?:({_TOKEN})(?:=({_TOKEN}|{_QUOTED}))?)?")
_WEIGHT = re.compile(r"(?:0(?:\.\d{0,3})?|\.\d{1,3}|1(?:\.0{0,3})?)")
_UTF8 = frozenset({"utf-8", "utf8", "*"})
CODINGS = ("br", "zstd", "gzip")
LONGEST = 1024


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One element of an `Accept` field. ``weight`` is its q-value; parameters after it are left out."""

    main: str
    sub: str
    parameters: tuple[tuple[str, str], ...]
    weight: float

    def specificity(self, offer: str) -> int:
        """How closely the range fits a media type: 4 exact, 3 with parameters, 2 ``type/*``, 1 ``*/*``, 0 not."""
        main, _, sub = offer.partition("/")
        if self.main not in ("*", main) or self.sub not in ("*", sub):
            return 0
        if any(name == "charset" and value.lower() not in _UTF8 for name, value in self.parameters):
            return 0
        wishes = any(name != "charset" for name, _ in self.parameters)
        if wishes and self.weight == 0:  # It excludes a variant that is not on offer, not the type.
            return 0
        return 1 if self.main == "*" else 2 if self.sub == "*" else 3 if wishes else 4


@lru_cache(maxsize=512)
def parse_accept(field: str) -> tuple[MediaRange, ...]:
    """The ranges of an `Accept` field in their order, without what is not one."""
    ranges = []
    for name, parameters, weight in _elements(field, _RANGE):
        main, _, sub = name.partition("/")
        if main != "*" or sub == "*":
            ranges.append(MediaRange(main, sub, parameters, weight))
    return tuple(ranges)


def choose(accept: str, offers: Sequence[str]) -> str | None:
    """The offer to send, given media types in the server's order; None when the field excludes them all (406)."""
    ranges = parse_accept(accept)
    if not ranges:
        return offers[0]
    best, best_rank = None, (0.0, 0)
    for offer in offers:
        fits = [(fit, wanted.weight) for wanted in ranges if (fit := wanted.specificity(offer.lower()))]
        if fits:
            fit, weight = max(fits)
            if weight and (weight, fit) > best_rank:
                best, best_rank = offer, (weight, fit)
    return best


@lru_cache(maxsize=512)
def choose_coding(accept_encoding: str) -> str:
    """The content coding to send, or ``identity``, which is also sent when the field excludes everything."""
    weights: dict[str, float] = {}
    for name, _, weight in _elements(accept_encoding, _CODING):
        weights.setdefault(name.removeprefix("x-"), weight)
    others = weights.get("*", 0.0)
    best, best_weight = "identity", weights.get("identity", 0.0)
    for coding in reversed(CODINGS):
        weight = weights.get(coding, others)
        if weight and weight >= best_weight:
            best, best_weight = coding, weight
    return best


def _elements(field: str, head: re.Pattern[str]) -> Iterator[tuple[str, tuple[tuple[str, str], ...], float]]:
    for element in _ELEMENT.findall(field[:LONGEST]):
        text = element.strip(" \t")
        start = head.match(text)
        if start is None:
            continue
        parsed = _parameters(text, start.end())
        if parsed is not None:
            yield start[0].lower(), *parsed


def _parameters(text: str, position: int) -> tuple[tuple[tuple[str, str], ...], float] | None:
    """The parameters before the weight, and the weight; None when the rest of the element is not parameters."""
    before: list[tuple[str, str]] = []
    weight: float | None = None
    while position < len(text):
        match = _PARAMETER.match(text, position)
        if match is None:
            return None
        position = match.end()
        name, value = (match[1] or "").lower(), (match[2] or "").strip('"')
        if name == "q" and weight is None:
            if not _WEIGHT.fullmatch(value):
                return None
            weight = float(value)
        elif name and weight is None:
            before.append((name, value))
    return tuple(before), 1.0 if weight is None else weight
