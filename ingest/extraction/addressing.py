"""Who is to act: each operative phrase of a text, sentence by sentence, with the actors it turns to.

Of a modal or a passive these are its subject, named, shared with the phrase before, or by a pronoun ("They may also
wish to"); of a verb of the issuer ("The Working Group requested the Secretariat to") its object, or the subject of
its that-clause. What stands in such a that-clause is part of the recommendation and no directive of its own.

Asked actors: whom the addressee of a directive is to ask for something.

To ask is to request, call upon, call on, invite, ask, urge or appeal to somebody to act, or to request or seek
assistance from somebody. To encourage somebody, to inform, notify, use or cooperate with somebody is not. A request
as a noun ("requests for international cooperation", "at the request of") asks nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.document import Span
from ingest.extraction.actors import Actors
from ingest.extraction.clauses import ADVERB, ADVERBS, GAP, OPENING, PARENTHESIS, sentences
from ingest.extraction.findings import Mention
from ingest.extraction.imperatives import imperatives
from ingest.extraction.modality import Operative, operatives
from ingest.extraction.operative import is_operative
from ingest.extraction.polite import COULD, FROM, IF
from ingest.extraction.speakers import Speakers, is_past, opens_in_present
from ingest.extraction.subjects import Clause, MainClauses

_ASKING = {
    "request": "(?:ing)?",
    "call": r"(?:ing)?\s+(?:up)?on",
    "invit": "(?:e|ing)",
    "ask": "(?:ing)?",
    "urg": "(?:e|ing)",
    "appeal": r"(?:ing)?\s+to",
    "seek": "(?:ing)?",
}
_ANY_ASKING = "|".join(rf"{stem}(?<![\w-]{stem}){ending}" for stem, ending in _ASKING.items())
_VERB = re.compile(rf"(?:{_ANY_ASKING})\s+")
_NOUN = re.compile(r"\b(?:the|a|an|any|each|such|this|that|upon|on|their|its|every|of|s’|'s|’s)\s+$")
_HELP = (
    r"(?:assistance|support|help|advice|expertise|guidance|cooperation|information|training|resources|contributions?)"
)
_HELP_FROM = re.compile(
    rf"(?:(?!to\b)[\w-]+,?\s+){{0,8}}?{_HELP}(?:\s+and\s+[\w-]+(?:\s+[\w-]+)?)?,?\s+(?:(?:including|"
    rf"in particular|inter alia),?\s+)?from\s+"
)
_FROM = re.compile(r"from\s+")
_HELP_OF = re.compile(rf"(?:the\s+)?(?:[\w-]+\s+){{0,3}}?{_HELP}(?:\s+and\s+{_HELP})?\s+of\s+")
_ACTS = re.compile(r"(?:[^;.]{0,300}?)\bto\s+(?!the\b|an?\b|their\b|its\b|[A-Z])[a-z]+")


def asked_actors(text: str, span: Span, actors: Actors) -> tuple[Mention, ...]:
    """The actors to be asked in the words of a directive after its operative phrase, in order."""
    addressees: list[Mention] = []
    for verb in _VERB.finditer(text, span.start, span.end):
        if _NOUN.search(text[max(span.start, verb.start() - 20) : verb.start()]):
            continue
        addressees += _asked_by(text, verb, span.end, actors)
    return tuple(dict.fromkeys(addressees))


def _asked_by(text: str, verb: re.Match[str], end: int, actors: Actors) -> tuple[Mention, ...]:
    for pattern in (_HELP_FROM, _FROM, _HELP_OF):
        help_ = pattern.match(text, verb.end(), end)
        chain = actors.chain(help_.end()) if help_ else None
        if chain is not None:
            return chain.actors
    if verb.group().startswith("seek"):
        return ()
    chain = actors.object(verb.end())
    if chain is None or chain.end > end:
        return ()
    asks_for = verb.group().startswith("ask") and text.startswith(" for ", chain.end)
    return chain.actors if asks_for or _ACTS.match(text, chain.end, end) else ()


_JOINED = re.compile(
    rf"(?:\band|(?<!,\s\d\d\d\d)[,;])(?:\s+(?:(?i:{ADVERB})|[A-Za-z]+ly|continues\sto),?|\s+(?:in|to)\s(?:this|that)\s(?:regard|respect|context|connection|end),?|"
    r",\s[^,;:]{1,120},)*\s*$"
)
SPEAKS_AGAIN = re.compile(
    rf"(?:,|,?\sand)\s(?=(?:{OPENING.pattern})?(?:emphasi[sz]es|reaffirms|reiterates|stresses|underlines|underscores|considers|affirms)\s)"
)
"""Where the issuer goes on to another statement: "demands that …, and further stresses that …"."""
_LEADS_TO_A_LIST = re.compile(
    r"(?:\s*+(?:,\s[^;:]{1,200})?,?\s*+:?|[^.;:]{0,240}?\sto(?:,\s[^;:]{1,200})?\s*+:)\s*+(?:\(\w{1,3}\)\s|$)"
)
"""What is asked stands in a list: "Urges States: (a) …", "Invites States that have ports to, where possible:"."""
_ITEM_MARK = re.compile(r"\s*\(?\w{1,3}[.)]\s*")
_THAT = re.compile(
    r",?(?:\s+to\s+the\s+effect)?\s+that\b"
    r"(?:,?\s+(?:at|in|during|for|by|to|with|where|as|when|pursuant|consistent|on|subject|under|within|without)\b[^,;:]{1,120},\s+|\s+)"
)
_TO = re.compile(r"\s+to\s+")
_THEM = re.compile(
    r"(?:them|it|him|her)(?:,\s[^,;]{1,120},|\s(?:also|further|in\s(?:this|that)\s(?:connection|context|regard|respect)))?\s+to\b"
)
_BEFORE_OBJECT = re.compile(rf"(?:\s+(?!all\b|both\b|each\b|not\b){ADVERB}\b|{PARENTHESIS})+\s+")
"""Adverbs and words between commas, before the object of a verb: "Requests, in this regard, …"."""
_FINITE = re.compile(r"(?:have|had|has|are|were|is|was|do|did|wish)\b")
_ACTION = re.compile(
    r"\bto:?\s+(?:\(\w{1,3}\)\s+)?(?!the\b|an?\b|their\b|its\b|all\b|which\b)(?=[a-z]|(?<=:\s\(\w\)\s)[A-Z])"
)
_REACH = 400
_MODAL_OF_THAT = re.compile(rf"{GAP}\s+(?:should|shall|may wish to|may|could|must)\b")
_IS_DONE_TO = re.compile(
    rf"{GAP}\s+be{ADVERBS}\s+(?!prepared|guided|committed|involved|determined)"
    r"(?:\w+ed|given|made|brought|held|kept|told|taken|put|set|paid|sent|shown|seen)\b"
)
"""An agentless passive: its subject is not who acts ("the Working Group should be informed")."""
_BEFORE_BE = re.compile(r"\s(?:should\s+)?(?=be\s)")
_OPENS_CONDITION = re.compile(r"(?:If|Where|When|While|Although|Once|As)\b")
_AND_THAT = re.compile(r"(?:,|;)?\s+and\s+that\s+")


@dataclass(frozen=True, slots=True)
class Turn:
    """An operative phrase in its clause.

    ``actors`` are who is to act; ``action`` is where the words begin that say what is asked.
    """

    phrase: Operative
    clause: Clause
    actors: tuple[Mention, ...]
    action: int


class Addressing:
    """Finds the operative phrases of one text and whom they address. ``issuer`` is the path of who speaks.

    ``reviewed`` is the path of the State under review, whom bare imperatives ask; empty where there is none.
    """

    def __init__(self, text: str, actors: Actors, issuer: str, reviewed: str = "") -> None:
        self._text = text
        self._reviewed = (Mention(Span(0, 0), reviewed, "actor"),) if reviewed else ()
        self._actors = actors
        self._speakers = Speakers(text, actors, issuer, bool(reviewed))
        self._clauses = MainClauses(text, actors, self._speakers.is_person)

    def sentences(self) -> Iterator[tuple[Span, tuple[Turn, ...]]]:
        """Each sentence with its turns, in order."""
        antecedent: tuple[Mention, ...] = ()
        for sentence in sentences(self._text):
            self._speakers.listen(sentence)
            asked = self._imperatives(sentence) if self._reviewed else ()
            turns = asked or self._turns(sentence, antecedent) or self._imperatives(sentence)
            yield sentence, turns
            if turns:
                antecedent = turns[-1].actors
            elif (chain := self._actors.chain(sentence.start)) is not None:
                antecedent = chain.actors

    def _imperatives(self, sentence: Span) -> tuple[Turn, ...]:
        """Bare imperatives ("Ratify the Convention"): they ask the State under review, where the document names it."""
        return tuple(
            Turn(phrase, Clause("none", phrase.span.start), self._reviewed, phrase.span.start)
            for phrase in imperatives(self._text, sentence, bool(self._reviewed))
        )

    def _turns(self, sentence: Span, antecedent: tuple[Mention, ...]) -> tuple[Turn, ...]:
        turns: list[Turn] = []
        describes: Operative | None = None
        for phrase in operatives(self._text, sentence, bool(self._reviewed)):
            if turns and self._is_reported_by(turns[-1], phrase):
                continue
            bound = turns[-1].phrase.span.end if turns else sentence.start
            if phrase.voice == "active":
                turn = self._of_issuer(phrase, sentence, bound, turns)
            else:
                turn = self._of_subject(phrase, sentence, bound, turns, antecedent)
            is_described = turn is not None and self._goes_on(describes, phrase, turn.clause)
            describes = phrase if turn is None or is_described else None
            if turn is not None and not is_described:
                turns.append(turn)
        return tuple(turns)

    def _goes_on(self, describes: Operative | None, phrase: Operative, clause: Clause) -> bool:
        """Whether a modal goes on with one that describes: "who may … or may", "that could and should"."""
        if describes is None or not describes.carrier:
            return False
        is_same = phrase.carrier == describes.carrier and clause.kind == "shared"
        return is_same or self._text[describes.span.end : phrase.span.start] == " and "

    def _is_reported_by(self, turn: Turn, phrase: Operative) -> bool:
        """Whether a phrase stands in the that-clause of the verb before."""
        if turn.phrase.voice != "active" or phrase.voice == "active":
            return False
        between = self._text[turn.phrase.span.end : phrase.span.start]
        if " that " not in between[: turn.action - turn.phrase.span.end + 1] and not _THAT.match(between):
            return False
        if SPEAKS_AGAIN.search(between):
            return False
        cut = between.rfind(";")
        return cut < 0 or re.match(r";\s*(?:and\s+)?that\b", between[cut:]) is not None

    def _of_subject(
        self, phrase: Operative, sentence: Span, bound: int, turns: list[Turn], antecedent: tuple[Mention, ...]
    ) -> Turn | None:
        if self._speakers.is_report(phrase.span) or (not turns and self._speakers.is_preamble(sentence)):
            return None
        is_elided = phrase.voice == "passive" and phrase.carrier != ""
        if is_elided and not (turns and turns[-1].phrase.voice == "passive"):
            return None
        is_stated = bool(turns) and self._clauses.is_stated(turns[-1].clause)
        clause = self._clauses.clause(bound, phrase.span.start, bool(turns), is_stated)
        if clause is None:
            return None
        actors = clause.actors
        if clause.kind == "shared" and turns:
            actors = turns[-1].actors
        elif clause.kind == "pronoun":
            actors = self._meant(clause, sentence, turns[-1].actors if turns else antecedent)
        before = turns[-1].phrase if turns else None
        if not is_operative(self._text, phrase, clause, bool(actors), before):
            return None
        if phrase.is_bare and _IS_DONE_TO.match(self._text, phrase.span.end):
            actors = ()
        return Turn(phrase, clause, actors, phrase.span.end)

    def _meant(self, clause: Clause, sentence: Span, antecedent: tuple[Mention, ...]) -> tuple[Mention, ...]:
        """Whom a pronoun means: the subject of the condition before it, else who was addressed last."""
        condition = _OPENS_CONDITION.match(self._text, sentence.start)
        if condition is not None and condition.end() < clause.start:
            chain = self._actors.chain(condition.end() + 1)
            antecedent = chain.actors if chain else antecedent
        is_many = len(antecedent) > 1 or any(_is_plural(mention.span.cut(self._text)) for mention in antecedent)
        return antecedent if is_many == (clause.words.lower() == "they") else ()

    def _of_issuer(self, phrase: Operative, sentence: Span, bound: int, turns: list[Turn]) -> Turn | None:
        clause = self._speaker(phrase, sentence, bound, turns)
        if clause is None:
            return None
        end = phrase.span.end
        reach = min(sentence.end, end + _REACH)
        if phrase.is_polite:
            return self._of_polite(phrase, clause, reach)
        that = _THAT.match(self._text, end, reach)
        to = _TO.match(self._text, end, reach)
        if that is not None:
            return self._of_that_clause(phrase, clause, that.end(), reach)
        if to is not None and (chain := self._actors.chain(to.end(), is_object=True)) is not None:
            that = _THAT.match(self._text, chain.end, reach)
            if that is not None:
                return Turn(phrase, clause, chain.actors, self._after_modal(that.end(), reach))
            return Turn(phrase, clause, chain.actors, self._action(chain.end, reach))
        between = _BEFORE_OBJECT.match(self._text, end, reach)
        start = between.end() if between else end + 1
        them = _THEM.match(self._text, start, reach)
        if them is not None:
            before = turns[-1].actors if turns else ()
            return Turn(phrase, clause, before, self._action(them.end(), reach))
        noun = self._actors.object(start)
        if noun is None or self._text[noun.end : noun.end + 1] in ("'", "’"):
            return Turn(phrase, clause, (), self._action(end, reach))
        if (that := _THAT.match(self._text, noun.end, reach)) and not _FINITE.match(self._text, that.end()):
            return Turn(phrase, clause, noun.actors, that.end())
        action = _ACTION.search(self._text, noun.end, reach)
        with_it = re.match(r"\swith\s", self._text[noun.end : reach]) if phrase.modality == "requested" else None
        if with_it is not None and not action:
            return Turn(phrase, clause, noun.actors, noun.end + with_it.end())
        is_heading = _LEADS_TO_A_LIST.match(self._text, noun.end, reach) is not None
        return Turn(phrase, clause, noun.actors if action or is_heading else (), action.end() if action else end)

    def _of_polite(self, phrase: Operative, clause: Clause, reach: int) -> Turn:
        """Who is asked politely: "if States could report", "receiving information from States"."""
        end = phrase.span.end
        whom = IF.match(self._text, end, reach) or FROM.match(self._text, end, reach)
        chain = self._actors.chain(whom.end(), is_object=True) if whom else None
        could = COULD.match(self._text, chain.end, reach) if chain else None
        return Turn(phrase, clause, chain.actors if chain else (), could.end() if could else end)

    def _of_that_clause(self, phrase: Operative, clause: Clause, start: int, reach: int) -> Turn:
        chain = self._actors.object(start)
        if chain is None:
            return Turn(phrase, clause, (), self._after_modal(start, reach))
        actors = list(chain.actors)
        for further in _AND_THAT.finditer(self._text, chain.end, reach):
            other = self._actors.chain(further.end(), is_object=True)
            actors += other.actors if other else ()
        return Turn(phrase, clause, tuple(actors), self._after_modal(chain.end, reach))

    def _after_modal(self, position: int, reach: int) -> int:
        modal = _MODAL_OF_THAT.match(self._text, position, reach)
        if modal is not None:
            return modal.end()
        passive = _BEFORE_BE.search(self._text, position, min(reach, position + 160))
        return passive.end() if passive else position

    def _action(self, position: int, reach: int) -> int:
        match = _ACTION.search(self._text, position, min(reach, position + 160))
        return match.end() if match else position

    def _speaker(self, phrase: Operative, sentence: Span, bound: int, turns: list[Turn]) -> Clause | None:
        """The clause whose subject is the issuer, a meeting, or nobody ("Requests the Secretariat to …")."""
        start = phrase.span.start
        if phrase.is_impersonal:
            return None if self._speakers.is_report(phrase.span) else Clause("pronoun", start)
        region = self._text[bound:start]
        if phrase.lead is not None:
            is_told = is_past(phrase.lead.cut(self._text)) and opens_in_present(self._text, sentence)
            speaks = phrase.is_own or (self._speakers.opens(sentence, phrase.lead) and not is_told)
            return Clause("none", bound + region.lower().rfind("to ")) if speaks else None
        opens = self._text[bound].isupper() or _ITEM_MARK.fullmatch(self._text, 0, bound) is not None
        if not turns and (not region.strip() or OPENING.fullmatch(region)) and opens:
            return Clause("none", bound)
        follows_issuer = bool(turns) and turns[-1].phrase.voice == "active"
        is_told = is_past(phrase.span.cut(self._text)) and opens_in_present(self._text, sentence)
        if _JOINED.search(region) and (follows_issuer or self._speakers.opens(sentence, phrase.span)) and not is_told:
            return Clause("shared", start)
        clause = self._clauses.clause(bound, start, follows_another=bool(turns))
        if clause is None:
            return Clause("shared", start) if phrase.is_own else None
        speaks = (
            phrase.is_own
            or (clause.kind == "none" and self._text[start].isupper())
            or self._speakers.is_issuer(clause, phrase.span, sentence)
        )
        return clause if speaks else None


def _is_plural(name: str) -> bool:
    return (
        name in ("media", "States")
        or (name.endswith("s") and not name.rsplit(maxsplit=1)[-1][0].isupper())
        or name.endswith("States")
    )
