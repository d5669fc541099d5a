"""Who a clause speaks of: the actors before a modal, or after a verb of request, as a text joins them.

"States parties, especially those with common borders, should", "States parties to the Convention that are countries of
origin … are encouraged", "States parties and UNODC should", "UNODC, in consultation with States parties, to".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.document import Span
from ingest.extraction.clauses import ADVERBS, PARENTHESIS
from ingest.extraction.findings import Mention

_BEFORE_A_NAME_WORDS = (
    "the a an all other those these such each every any both most many several certain various relevant "
    "interested appropriate competent concerned developed developing donor affected requesting requested "
    "participating existing neighbouring national foreign local individual specialized respective own new key "
    "multilateral bilateral their its open-ended intergovernmental interim subregional regional international "
    "future next in particular"
)
_BEFORE_A_NAME = frozenset(_BEFORE_A_NAME_WORDS.split())
_MOST_BEFORE_A_NAME = 6
_LOOK_BACK = 40
_WORD = re.compile(r"([A-Za-z-]+)\s+")
_JOINT = re.compile(
    r"(?:\s*,\s*(?:(?:and|or|as well as|together with|along with|including|especially|in particular|"
    r"particularly|notably|"
    r"such as|inter alia)\s+)*|\s+(?:and/or|and|or|as well as|together with|along with|including|especially|such as)\s+"
    r"(?:in particular\s+|especially\s+)?|\s+(?:and|or),\s[^,;:]{1,80},\s+)"
)
_NARROWER = re.compile(r"\b(?:(?:that|which|who) are|being|especially|in particular|including)\s+(?:also\s+)?$")
_ALSO_LISTED = re.compile(r"(?:\b(?:and|or)|,)\s+(?:[a-z]+\s+){0,2}$")
_TIGHT = re.compile(rf"(?:{ADVERBS}\s*|{PARENTHESIS}{ADVERBS}\s*)")
_AFTER_A_NAME = re.compile(
    r"\s(?:the|to|that|who|which|whose|in|concerned|with|of|from|at|not|wishing|having|participating|affected|on|for|"
    r"involved|and|or|as well as|within)\b"
)
_ENUMERATED = re.compile(r",[^;:]{1,160}\s(?:and|or)\s[^,;:]{1,80}$")
_UNKNOWN_HEAD = re.compile(r"[^,;.]{1,80}?(?:,\s(?:including|such as|especially|in particular|notably)|,?\sand|,)\s+")


_PREPOSITION = re.compile(r"\b(?:to|between|of|from|among|with|by|for|in|on|through)\s(?!particular\b)")


@dataclass(frozen=True, slots=True)
class Chain:
    """Actors that a text joins: ``start`` and ``end`` are the words from the first name to the last."""

    actors: tuple[Mention, ...]
    start: int
    end: int


class Actors:
    """The actors named in one text, ready to be asked what begins where."""

    def __init__(self, text: str, mentions: Iterable[Mention]) -> None:
        self.text = text
        self._at: dict[int, list[Mention]] = {}
        outer: Mention | None = None
        for mention in mentions:
            if outer is not None and mention.span.end <= outer.span.end:
                if outer.kind == "actor" and mention.kind == "actor" and self._is_one_of(outer, mention):
                    self._at[outer.span.start].append(mention)
                continue
            outer = mention
            if mention.kind == "actor":
                self._at[mention.span.start] = [mention]

    def _is_one_of(self, outer: Mention, inner: Mention) -> bool:
        return not self.text[outer.span.start : inner.span.start].endswith((" of the ", " of "))

    def chain(self, position: int) -> Chain | None:
        """The actors joined from ``position`` on, articles and adjectives before each passed over."""
        first = self._named(position)
        if first is None:
            return None
        actors = list(first)
        end = first[0].span.end
        while joint := _JOINT.match(self.text, end):
            following = self._named(joint.end())
            if following is None:
                break
            actors += following
            end = following[0].span.end
        return Chain(tuple(actors), position, end)

    def _named(self, position: int) -> list[Mention] | None:
        for _ in range(_MOST_BEFORE_A_NAME):
            if position in self._at:
                return self._at[position]
            word = _WORD.match(self.text, position)
            if word is None or word.group(1).lower() not in _BEFORE_A_NAME:
                return None
            position = word.end()
        return None

    def subject(self, start: int, end: int) -> tuple[Chain, bool] | None:
        """The actors that begin at ``start`` if they are the subject of the verb at ``end``, and whether nothing but
        adverbs and words between commas stands between.
        """
        chain = self.chain(start)
        if chain is None or chain.end > end:
            return None
        rest = self.text[chain.end : end]
        if _TIGHT.fullmatch(rest) or (rest.strip() == "," and len(chain.actors) > 1):
            return chain, True
        if _AFTER_A_NAME.match(rest) or _ENUMERATED.match(rest.rstrip()):
            listed = rest.startswith((" and", " or", " as well as", ","))
            narrower = tuple(self._further(Span(chain.end, end), _ALSO_LISTED if listed else _NARROWER))
            return Chain(chain.actors + narrower, chain.start, chain.end), False
        return None

    def _further(self, span: Span, introduction: re.Pattern[str]) -> list[Mention]:
        found: list[Mention] = []
        for position in range(span.start, span.end):
            before = self.text[max(span.start, position - _LOOK_BACK) : position]
            if position in self._at and introduction.search(before):
                found += self._at[position]
        return found

    def object(self, position: int) -> Chain | None:
        """The actors that a verb of request turns to, also behind a head that names none.

        "call upon appropriate partners, including UNODC, to" turns to UNODC.
        """
        chain = self.chain(position)
        if chain is not None:
            return chain
        head = _UNKNOWN_HEAD.match(self.text, position)
        if head is None or _PREPOSITION.search(head.group()):
            return None
        return self.chain(head.end())


def slugs(actors: Iterable[Mention]) -> tuple[str, ...]:
    """The last parts of the actors' paths, each once, in order."""
    return tuple(dict.fromkeys(mention.entity.rsplit("/", 1)[1] for mention in actors))
