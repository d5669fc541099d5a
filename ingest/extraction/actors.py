"""Who is named where a clause has its subject or its object: actors of the lexicon, and names that no lexicon has.

"States parties, especially those with common borders, should", "States parties to the Convention that are countries of
origin … are encouraged", "States parties and UNODC should", "UNODC, in consultation with States parties, to".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.document import Span
from ingest.extraction.clauses import ADVERBS, PARENTHESIS, WORDS, starts_sentence
from ingest.extraction.findings import Mention

_BEFORE_A_NAME = WORDS["before_a_name"]
_MOST_BEFORE_A_NAME = 6
_STATES = "|".join(map(re.escape, sorted(sorted(WORDS["states"]), key=len, reverse=True))).replace("'", "['’]")
STATE = re.compile(rf"(?:{_STATES})(?![\w-])(?!['’]s\b)(?!\s(?!(?:And|Or)\b)[A-Z])")
"""The name of a State, the longest first, where it owns nothing and no other name goes on from it."""
_EACH_OF = re.compile(r"(?:all|both|each)\sof\s(?:the|these|those)\s")
_LOOK_BACK = 40
_WORD = re.compile(r"([A-Za-z-]+)\s+")
_JOINT = re.compile(
    r"(?:\s*,\s*(?:(?:and|or|as well as|together with|along with|including|especially|in particular|"
    r"particularly|notably|"
    r"such as|inter alia)\s+)*|\s+(?:and/or|and|or|as well as|together with|along with|including|especially|such as)\s+"
    r"(?:in particular\s+|especially\s+)?|\s+(?:and|or),\s[^,;:]{1,80},\s+)"
)
_ASIDE = re.compile(r",\sas\s[^;:]{1,400}")
_UNNAMED = re.compile(
    r",\s(?:and\s)?(?!(?:and|or|in|on|to|for|with|by|as|at|from|where|when|if|including|through|within|upon|who|which|that)\b)"
    r"(?:[a-z-]+\s){1,4}[a-z-]+,\s"
)
"""A member of a list that has no name: ", other relevant partners,"."""
_ITS_OWN = re.compile(r",?\s(?:and\s)?(?:its|their)\s(?:[a-z-]+\s){1,3}?and\s")
"""What belongs to the actor before it: "the Committee, its subcommittees and the Office"."""
_JOINED_BEHIND = re.compile(r",\s(?:and|or|as\swell\sas)\s+")
"""What stands between two actors that act together: "A, as the organ of …, and as the body of …, and B to act"."""
_ACTS = re.compile(r",?\s(?:to|should|shall|must|may)\b")
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


_CAPITALS = r"[A-Z][\w’'-]*[\w]"
_HEADS = WORDS["heads_of_actors"]
_COLLECTIVES = WORDS["collectives"]
_COLLECTIVE = (
    r"(?:\s(?!(?:and|or|of|to|in|on|for|the|with|by|at|from|that|which|who|as)\b)[a-z]+){0,2}?"
    rf"\s(?:{'|'.join(sorted(_COLLECTIVES))})\b"
)
"""What a name is of that only begins with capitals: "United Nations system", "Bretton Woods institutions"."""
_NEXT_ACTOR = rf"(?!(?:{'|'.join(sorted(_HEADS))}|[A-Z]{{2,}})\b)"
_OPEN_NAME = re.compile(
    r"Governments(?=\sof\s)|"
    r"(?:[A-Z][a-z]+(?:ic|al)\sand\s(?=[A-Z][a-z]+(?:ic|al)\s[A-Z])|"
    rf"[A-Z][a-z]+\sand\s(?=[A-Z][a-z]+\s(?:{'|'.join(sorted(_HEADS))})\b)(?<!Governments\sand\s)(?<!States\sand\s))?"
    rf"{_CAPITALS}(?:\s(?:(?:of|at|de)\s(?:the\s)?|d[’'])?{_CAPITALS}|\s(?:parties|party|under\sreview)\b){{0,7}}"
    rf"(?:\s(?:on|for|against)\s(?:the\s)?{_CAPITALS}"
    rf"(?:\sand\sthe\s(?:Pacific|Caribbean)\b|(?:,|,?\sand|\sof|\sof\sthe|\sin|\sfor|\sto|\sagainst)?\s{_NEXT_ACTOR}{_CAPITALS}){{0,9}}"
    r"|(?<!Governments)(?<!States)(?<!Parties)\s(?:on|for)\s[a-z][a-z-]*(?:\s(?!to\b|should\b|shall\b|must\b|may\b|is\b|are\b|could\b)[a-z-]+){0,6}"
    rf"|{_COLLECTIVE})?|(?:[a-z]+ing\s)Powers?\b|secretariat\b"
)
"""A name with capitals: "Governments", "Director-General of UNESCO", "Special Rapporteur on trafficking in persons"."""
_THINGS = WORDS["things"]
"""Names with capitals that name nobody who acts."""
_LONG_NAME = 3
"""From so many words on a name that ends in "Programme" is that of a body ("World Food Programme")."""
_PLACE_OF_HEAD = re.compile(r"\s(?:of|on|for|against|at)\s|,")


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
        mentions = tuple(mentions)
        self._names = {mention.span.start for mention in mentions if mention.kind in ("instrument", "tool")}
        outer: Mention | None = None
        for mention in mentions:
            if outer is not None and mention.span.end <= outer.span.end:
                ahead = text[outer.span.start : mention.span.start]
                if outer.kind == mention.kind == "actor" and not ahead.endswith((" of the ", " of ")):
                    self._at[outer.span.start].append(mention)
                continue
            outer = mention
            if mention.kind == "actor":
                self._at[mention.span.start] = [mention]

    def is_listed(self, mention: Mention) -> bool:
        """Whether the lexicon knows an actor that stands in the text."""
        return mention in self._at.get(mention.span.start, ())

    def chain(self, position: int, is_object: bool = False) -> Chain | None:
        """The actors joined from ``position`` on, articles and adjectives before each passed over.

        An actor that the lexicon does not know is taken at its name: where somebody is asked (``is_object``) any name
        with capitals, else one that names an office or a body ("Governments", "the Commission on Narcotic Drugs").
        """
        first = self._named(position, is_object)
        if first is None:
            return None
        actors = list(first)
        end = first[0].span.end
        while joint := _JOINT.match(self.text, end):
            following = self._named(joint.end(), is_object) or self._further_on(end, is_object)
            if following is None:
                break
            actors += following
            end = following[0].span.end
        return Chain(tuple(actors), position, end)

    def _further_on(self, end: int, is_object: bool) -> list[Mention] | None:
        """Whoever acts together with the actor that ends at ``end``, behind what that one is said to be, or behind
        members of the list that have no name."""
        belonging = _ITS_OWN.match(self.text, end)
        if belonging is not None and (own := self._named(belonging.end(), is_object)) is not None:
            return own
        listed = _UNNAMED.match(self.text, end) if is_object else None
        while listed is not None:
            following = self._named(listed.end(), is_object)
            if following is not None:
                return following
            listed = _UNNAMED.match(self.text, listed.end() - len(", "))
        aside = _ASIDE.match(self.text, end)
        for joint in _JOINED_BEHIND.finditer(self.text, end, aside.end()) if aside else ():
            following = self._named(joint.end(), is_object)
            if following is not None and _ACTS.match(self.text, following[0].span.end):
                return following
        return None

    def _named(self, position: int, is_object: bool = False) -> list[Mention] | None:
        if each := _EACH_OF.match(self.text, position):
            position = each.end()
        for _ in range(_MOST_BEFORE_A_NAME):
            if position in self._at:
                return self._at[position]
            word = _WORD.match(self.text, position)
            if word is None or not self._stands_before_a_name(word):
                return self._unlisted(position, is_object)
            position = word.end()
        return None

    def _stands_before_a_name(self, word: re.Match[str]) -> bool:
        """Whether a word is an article or adjective before a name; one with a capital is a part of it
        ("Intergovernmental Working Group")."""
        before = word.group(1)
        is_small = before[0].islower() or starts_sentence(self.text, word.start())
        return before.lower() in _BEFORE_A_NAME and is_small

    def _unlisted(self, position: int, is_object: bool) -> list[Mention] | None:
        """An actor outside the lexicon, by the words of the document."""
        match = _OPEN_NAME.match(self.text, position)
        if match is None or position in self._names:
            return None
        state = STATE.match(self.text, position)
        if state is not None:
            return [_named_by_words(state)]
        heads = _PLACE_OF_HEAD.split(match.group())[0].split()
        named = {head.removesuffix("'s").removesuffix("’s") for head in heads}
        has_head = bool(named & _HEADS) or heads[-1] in _COLLECTIVES or heads[0][0].islower()
        things = named & _THINGS if heads[-1] != "Programme" or len(heads) < _LONG_NAME else set()
        if things or heads == ["State"] or not (has_head or is_object):
            return None
        inside = (start for start in self._at if match.start() < start < match.end())
        if any(not self.text[:start].endswith((" of ", " of the ", " for ", " on ", " to the ")) for start in inside):
            return None
        followed = self.text.startswith((" to ", ",", " and "), match.end())
        if not has_head and not heads[0].isupper() and not followed:
            return None
        return [_named_by_words(match)]

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
        mentions: list[Mention] = []
        for position in range(span.start, span.end):
            before = self.text[max(span.start, position - _LOOK_BACK) : position]
            if position in self._at and introduction.search(before):
                mentions += self._at[position]
        return mentions

    def object(self, position: int) -> Chain | None:
        """The actors that a verb of request turns to, also behind a head that names none.

        "call upon appropriate partners, including UNODC, to" turns to UNODC.
        """
        chain = self.chain(position, is_object=True)
        if chain is not None:
            return chain
        head = _UNKNOWN_HEAD.match(self.text, position)
        if head is None or _PREPOSITION.search(head.group()):
            return None
        return self.chain(head.end())


def _named_by_words(match: re.Match[str]) -> Mention:
    """The actor that the words of a text are the name of."""
    plain = unicodedata.normalize("NFKD", match.group().replace("’", "'")).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.replace("'s", "")).strip("-")
    return Mention(Span(*match.span()), f"id/actor/{slug}", "actor")


def slugs(actors: Iterable[Mention]) -> tuple[str, ...]:
    """The last parts of the actors' paths, each once, in order."""
    return tuple(dict.fromkeys(mention.entity.rsplit("/", 1)[1] for mention in actors))
