"""Operative phrases: where a sentence may tell somebody to act, and which modality of the closed list that is.

The words of other documents map to the nearest of the nine:

- should: should, shall, must, ought to, need to
- urged: urge, call upon, call on, call for, appeal to, demand that, insist that, exhort, implore
- encouraged: encourage
- invited: invite
- may-wish: may wish to, might wish to
- could: could; may: may (can, might, will and would describe and are no directives)
- requested: request, ask, instruct, direct, charge, entrust, mandate, remind, require, task, seek from somebody; polite
  requests ("would be grateful if States could")
- recommended: recommend, suggest, propose, advise, agree that, decide that; a bare imperative in a list
  of recommendations ("Ratify the Convention")

A directive verb in the passive keeps its own modality after *be* and *should* ("should be urged to" is urged); after
*may* and *could* those decide ("may be requested to" is may).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from ingest.document import Span
from ingest.extraction.clauses import ADVERB, ADVERBS, DATA, GAP, OPENER, OPENING, PARENTHESIS, WORDS, begun, holds
from ingest.extraction.lexicon import lower
from ingest.extraction.polite import insists_on_an_act, polite_requests
from ingest.extraction.verbs import may_be_verb

MODALITIES = ("should", "urged", "encouraged", "invited", "may-wish", "could", "may", "requested", "recommended")
Voice = Literal["modal", "passive", "active", "imperative"]

_STEMS = [(stem, slug) for slug, stems in DATA["directives"].items() for stem in stems.split()]
_PARTICIPLE = r"(?:urged|encouraged|invited|requested|asked|instructed|recommended|advised|called (?:up)?on)"
_PARTICIPLES = rf"(?P<participle>{_PARTICIPLE})(?:\s+and{ADVERBS}\s+{_PARTICIPLE})?"
_TO = rf"(?:{PARENTHESIS}|,\s(?:on|in|as|by|within)\b[^;:.]{{1,120}},)?\s+to"
_OPEN_LIST = r"(?=(?:,\s[^.;:]{1,200})?:\s*$)"
"""What is asked stands in a list behind a colon: "are urged, as appropriate:"."""
_NO_NOUN = "".join(f"(?<!{word} need)" for word in sorted(WORDS["before_a_need"]))
"""No noun, as in "the urgent need to cooperate"."""
_TASKED = r"(?:charged|entrusted|mandated|tasked)"
_TO_OR_WITH = rf"(?:{_TO}|{PARENTHESIS}?\s+with)"
_MODAL = re.compile(
    rf"(?P<modal>{begun('should', 'shall', 'must', 'may', 'might', 'could', 'ought to')}|"
    rf"{begun('need')}{_NO_NOUN}s? to)\b"
    rf"(?P<phrase>{GAP}\s+(?:wish{ADVERBS}\s+to|be{ADVERBS}\s+(?:{_PARTICIPLES}{_TO}|(?P<tasked>{_TASKED}){_TO_OR_WITH}))\b)?"
)
_INVERTED = re.compile(r"\s+(?:the|any|an?|this|that|such|these|those|they|it|there|he|she|we|you|no)\b")
"""What follows a *should* that is an *if*: "should the need arise"."""
_TURNS_ROUND = re.compile(
    r"(?:^|[\s,(])(?:[Nn]or|[Nn]either|[Nn]ever|(?:(?:[Aa]t|[Ii]n|[Uu]nder)\s)?[Nn]o\s[a-z]+|[Oo]nly\s[^,;.]{1,60})\s$"
)
"""What turns a main clause round: "nor should any ferry", "under no circumstances should a ferry"."""
_TURNED = 80
_CLAUSE_DONE = re.compile(r"\b(?:may|might|will|would|can|could|is|are)\b[^,;:.]*$")
_PLAIN_WORD = re.compile(r"\s([a-z]+)(?=\s[a-z]+)")
_POLITE = re.compile(rf"{GAP}\s+(?:be{ADVERBS}\s+(?:grateful|glad|obliged|pleased)|appreciate|like\s+to|be\s+most)\b")
"""What follows a *should* of a letter: "I should be grateful if …"."""
_PASSIVE = re.compile(rf"(?:{begun('is', 'are', 'was', 'were')})\b{GAP}\s+{_PARTICIPLES}(?:{_TO}\b|{_OPEN_LIST})")
_IS_TASKED = re.compile(
    rf"(?:{begun('is', 'are', 'was', 'were')})\s"
    rf"(?:(?P<participle>tasked){_TO_OR_WITH}|(?<!was\s)(?<!were\s)hereby\s(?P<hereby>{_TASKED}){_TO_OR_WITH}|"
    rf"(?:hereby\s|also\s|further\s)?(?P<directed>directed){_TO}(?=\s(?!\w+ing\b)[a-z]))\b"
)
"""A task that is given here; "is mandated to" says what somebody is for, and so does "is tasked by the Assembly to"."""
_ELIDED = re.compile(rf"(?:{begun('and', 'or')}){GAP}\s+(?P<phrase>{_PARTICIPLES}{_TO})\b")
_DIRECTIVE_VERB = (
    r"(?:request{x}|urge{e}|encourage{e}|invite{e}|call{x}{again}\s+(?:(?:up)?on|for)|"
    r"ask{x}(?!\s(?:about|whether|if|how|what|why|when|which|who|where)\b)|appeal{x}{again}\s+to|"
    r"recommend{x}|suggest{x}\s+that|propose{e}\s+that|advise{e}|demand{x}(?={again}(?:,\s[^,;:]{{1,80}},)?\s+(?:that|to|the|an?|all|full|immediate)\b)|exhort{x}|implore{e}|instruct{x}|"
    r"direct{x}(?=\sthat\b|\s[^;:.]{{1,160}}\sto\s[a-z])|"
    r"(?:agree{e}|decide{e}){again}(?:(?:(?:,\s[^,;:]{{1,200}}){{1,2}},)?(?:\s+to\s+recommend)?\s+that"
    r"(?!\s(?:it\s(?:is|has)|(?:the\s)?(?:authors?|case|claims?|communications?|complainants?|complaint|evidence|facts|information\s(?:before|does|is|provided|received|submitted)))\b)|"
    r"\s+to\s+(?P<infinitive>request|urge|encourage|invite|call\s+(?:up)?on|ask|recommend))|"
    r"(?:(?:reiterate{e}|renew{x}|repeat{x}){again}\s+(?:its|their|our|her|his|my|the)|(?:address|extend|issue|launch|make)(?=[a-z]*\s(?:\w+\s){{1,2}}(?:appeal|call|invitation|request)\s(?:to|on|upon)\b)(?:{e}|{x}|es)?\s+(?:an?|its|their|our))(?:\s\w+)?\s"
    r"(?P<noun>recommendation|request|invitation|call|appeal|demand)s?(?:\s+(?:up)?on\b)?(?!\s(?:of|by|from|made)\b)|"
    r"(?:charge{e}|entrust{x}|mandate{e}|remind{x}(?!\s(?:(?!\sto\s(?!the\b))[^.;:]){{1,120}}\sof\s)|task{x})(?=\s(?:the\b|its\b|each\b|all\b|both\b|every\b|(?-i:[A-Z])\w)(?:(?!\b(?:of\sthe|that|which)\b)[^.;:]){{1,160}}?\s(?:to|with)[\s:]))\b"
)
_ONLY_OF_ONE = (
    r"(?<!\bit\s)requires(?=\sthat\b|\s(?:the\b|its\b|each\b|all\b|any\b|every\b|(?-i:[A-Z])\w)[^.;:]{1,160}?\sto\s[a-z])|insist(?:s|ed)\b|"
    r"(?<!\bit\s)seeks(?=\s(?:[\w-]+\s){0,5}?(?:advice|assistance|comments|contributions|cooperation|guidance|information|support|views)\s"
    r"[^.;:]{0,120}?\b(?:from|of)\s)"
)
"""Verbs that ask where one speaks: "Seek help from UNODC" is no request of the issuer, nor what "it" requires."""
_ACTIVE = re.compile(
    rf"(?P<verb>{_DIRECTIVE_VERB.format(x='(?:s|ed)', e='[sd]', again=ADVERBS)}|{_ONLY_OF_ONE})", re.IGNORECASE
)
_BASE = _DIRECTIVE_VERB.format(x="", e="", again=ADVERBS)
_MANY = r"(?:Governments|Heads\sof\sState(?:\sand\sGovernment)?|Leaders|Ministers|Participants|Parties|States)"
_RESOLVE = r"(?:agree|are\s\w+|commit(?:\sourselves)?|decide|intend|look\sforward|pledge|resolve|strive|undertake)"
"""What the issuer does itself before it asks others: "We resolve to open ports and urge States to lend ships"."""
_FIRST_PERSON = re.compile(
    rf"\b(?:(?:(?P<own>(?:[Ww]e|I)(?:\s+would)?|[Tt]he\s(?:Committees|Special\sRapporteurs|Independent\sExperts)|(?:[Ww]e|I)(?:,\s[^,;.]{{1,80}},)?\s(?:{_RESOLVE}\sto\s)?(?:(?!\b(?:that|which|who|how|to)\b)[^.;:]){{1,120}}\sand)|"
    rf"[Tt]he\s{_MANY}){GAP}|"
    rf"(?:would\s(?:also\s|further\s)?like|wishes|continues)(?:\s(?:also|further))?\s+to)\s+(?P<verb>{_BASE})"
)
"""The issuer in its own voice ("We also urge"), several in one ("The Committees urge"), politely ("wishes to"), or
again ("continues to")."""
_BASE_FORM = re.compile(rf"(?P<verb>{_BASE})", re.IGNORECASE)
_NOT_FINITE = re.compile(
    r"\w+ed\sby\b|Requests?\sfor\b|Calls\sfor\s(?:(?!\b(?:that|which|who)\b)[^,;:.])*\b(?:was|were|is|are|has|have)\b",
    re.IGNORECASE,
)
"""What looks like a verb and is none: "invited by", "Requests for assistance", "Calls for cooperation were made"."""
_RARE_WORDS = (
    *("appeal", "charge", "entrust", "insist", "invitation", "mandate", "remind", "requires", "seeks", "task"),
    *(" a call", " a request"),
)
_RARE_STEM = re.compile(
    r"charge|entrust|insist|mandate|remind|requires\s|seeks\s|task|(?:address|extend|issue|launch|make)[a-z]*\s(?:an?|its|our|their)\s"
)
"""Further stems, searched for where a text has one of these words."""
_DECIDING_WORDS = ("agree", "commit", "decide", "pledge", "resolve", "undertake")
_THAT_AT_END = re.compile(r",?\sthat$", re.IGNORECASE)
_FIRST_PERSON_HINT = re.compile(
    rf"(?:(?:{begun('We', 'we')}),?|(?:{begun('The', 'the')})\s{_MANY}|"
    rf"{begun('I', 'would', 'wishes', 'continues', 'Committees', 'Rapporteurs', 'Experts')})\s"
)
_CAPITALS_HINT = re.compile(r"[A-Z]{3}")
_BEGINNING = re.compile(r"\b")
DECLARES = re.compile(
    rf"(?:{OPENING.pattern})?(?P<we>[Ww]e\s(?:[a-z]+ly\s|also\s|further\s)?)?(?:acknowledge|affirm|appreciate|commend|commit|condemn|emphasi[sz]e|express|highlight|note|"
    r"recall|reaffirm|recogni[sz]e|regret|reiterate|resolve|stress|take\snote|underline|underscore|welcome)\s",
    re.IGNORECASE,
)
"""How such a clause begins that asks nothing and goes on with another verb: "Recognize …, and encourage …"."""
_INFINITIVES = re.compile(rf"(?:{OPENING.pattern})?to\s", re.IGNORECASE)
"""How a clause of a decision begins whose *decides* stands above: "To request the Secretariat to …"."""
_DECIDES = re.compile(
    rf"\b(?:{'|'.join(_DECIDING_WORDS)})(?:s|d)?(?:\sourselves)?(?:{ADVERBS}|{PARENTHESIS})(?::|\s+to\s)", re.IGNORECASE
)
"""The verb on which infinitives of the issuer depend: "Decides to meet, and to invite …", "RESOLVES: 1. To urge …"."""
_JOINED_INFINITIVE = re.compile(
    rf"(?P<joint>[:;]|(?:[,;]\s|\s)and)(?:,?{ADVERBS}|,\s[^,;:]{{1,120}},)\s+(?:\(?\w{{1,3}}[.)]\s)?(?:[Aa]lso\s)?[Tt]o\s(?:{OPENING.pattern})?(?P<verb>{_BASE})",
    re.IGNORECASE,
)
_SUBORDINATE = r"(?!\b(?:that|which|who|whom|whose|where|how|whether|what|when|if|as|to|by|and)\b)"
_MAIN_CLAUSE = re.compile(
    rf"(?:(?!\b(?:that|which|who|whether|how)\b)[^;:])*?,\s(?:{_SUBORDINATE}[\w’'-]+\s){{1,8}}?"
    r"(?:(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|shall|should)\b|[a-z]+ed\s(?:an?|the|its|their|that)\s)"
)
"""What shows that an infinitive before a comma says what something is for: "To urge States to act, ports were …"."""
_STATES = re.compile(r"\b(?:Parties|[Ss]tates|Governments|[Cc]ountries)\b")
_IMPERSONAL = re.compile(
    rf"(?:{begun('it', 'It')})(?<!which it)(?<!which It)(?<!whom it)(?<!whom It) "
    rf"(?:(?:is|was|has been){ADVERBS}\s+(?P<verb>recommended|requested|agreed|decided)|"
    rf"is{ADVERBS}\s+(?P<proposed>suggested|proposed)) that\b"
)
_THEN_CONSIDER = re.compile(rf"{GAP}\s+(?:continue\s+(?:to\s+)?)?consider(?:ing)?\b")


@dataclass(frozen=True, slots=True)
class Operative:
    """A phrase that may be operative.

    ``span`` is the phrase up to its *to* or its bare modal; ``carrier`` the modal as printed, empty for a directive
    verb alone; ``is_bare`` says that neither *wish* nor a directive verb follows the modal; ``is_own`` that its form
    shows the issuer speaking ("we urge", "URGES"); ``is_polite`` that it asks politely, or seeks something from
    somebody; ``needs_agent`` that somebody must be its subject; ``lead`` is what an infinitive depends on.
    """

    span: Span
    modality: str
    voice: Voice
    carrier: str = ""
    is_bare: bool = False
    is_impersonal: bool = False
    is_own: bool = False
    is_polite: bool = False
    needs_agent: bool = False
    lead: Span | None = None

    def with_consider(self, text: str, end: int) -> Span:
        """The span, and *consider* with it where it follows before ``end``: "may wish to consider"."""
        follows = text.find("consider", self.span.end, end) >= 0
        match = _THEN_CONSIDER.match(text, self.span.end, end) if follows else None
        return Span(self.span.start, match.end()) if match else self.span


@cache
def slug_of(verb: str) -> str:
    """The modality of a directive verb, in any of its forms."""
    return next((slug for stem, slug in _STEMS if verb.lower().startswith(stem)), "recommended")


def operatives(text: str, sentence: Span, is_review: bool = False) -> tuple[Operative, ...]:
    """All phrases of a sentence that may be operative, in order; whether they are, their clauses say.

    In a review, "Invite the Special Rapporteur" at the start of a sentence asks the State and is an imperative.
    """
    phrases = [*_modals(text, sentence)]
    lowered = lower(sentence.cut(text))
    phrases += (
        Operative(span, "requested", "active", is_polite=True) for span in polite_requests(text, sentence, lowered)
    )
    here = [word for word in WORDS["directive_stems"] if word in lowered]
    stems = sorted(sentence.start + stem.start() for word in here for stem in re.finditer(word, lowered))
    if holds(lowered, _RARE_WORDS):
        stems = sorted({*stems, *(sentence.start + stem.start() for stem in _RARE_STEM.finditer(lowered))})
    if stems:
        phrases += (*_passives(text, sentence), *_actives(text, sentence, stems))
        phrases += () if is_review else _declared(text, sentence)
        decides = holds(lowered, _DECIDING_WORDS)
        depends = decides or "to " in lowered[:80]
        phrases += _infinitives(text, sentence, decides) if depends and not is_review else ()
    kept: list[Operative] = []
    for each in sorted(phrases, key=lambda each: (each.span.start, not each.is_impersonal, -each.span.end)):
        if not kept or each.span.start >= kept[-1].span.end:
            kept.append(each)
    return tuple(kept)


def _modals(text: str, sentence: Span) -> Iterator[Operative]:
    for match in _MODAL.finditer(text, sentence.start, sentence.end):
        word = match["modal"]
        if word == "should" and (_is_condition(text, match) or _POLITE.match(text, match.end())):
            continue
        modality = DATA["modals"][word]
        participle = match["participle"] or match["tasked"]
        is_weak = modality in ("may", "could")
        if participle and not is_weak:
            modality = slug_of(participle)
        elif match["phrase"] and not participle and is_weak:
            modality = "may-wish" if modality == "may" else "could"
        yield Operative(Span(*match.span()), modality, "modal", word, is_bare=match["phrase"] is None)


def _is_condition(text: str, should: re.Match[str]) -> bool:
    """Whether a *should* is an *if*: "should the need arise", "may be needed should restrictions continue"."""
    if _INVERTED.match(text, should.end()):
        return _TURNS_ROUND.search(text, max(0, should.start() - _TURNED), should.start()) is None
    following = _PLAIN_WORD.match(text, should.end())
    if following is None or should["phrase"] or _CLAUSE_DONE.search(text, 0, should.start()) is None:
        return False
    return not may_be_verb(following[1]) and re.fullmatch(ADVERB, following[1]) is None


def _passives(text: str, sentence: Span) -> Iterator[Operative]:
    for match in _PASSIVE.finditer(text, sentence.start, sentence.end):
        yield Operative(Span(*match.span()), slug_of(match["participle"]), "passive")
    for match in _IS_TASKED.finditer(text, sentence.start, sentence.end):
        yield Operative(Span(*match.span()), "requested", "passive", needs_agent=match["directed"] is not None)
    for match in _ELIDED.finditer(text, sentence.start, sentence.end):
        yield Operative(Span(*match.span("phrase")), slug_of(match["participle"]), "passive", carrier="and")


def _matches(pattern: re.Pattern[str], text: str, places: Iterable[int], end: int) -> Iterator[re.Match[str]]:
    """The matches of a pattern that begins with a verb, at the places where one may begin."""
    position = 0
    for place in places:
        begins = place >= position and _BEGINNING.match(text, place)
        match = pattern.match(text, place, end) if begins else None
        if match is not None:
            position = match.end()
            yield match


def _actives(text: str, sentence: Span, stems: list[int]) -> Iterator[Operative]:
    """The verbs of the issuer; ``stems`` are the places where one of them may begin."""
    for pattern, hint in ((_ACTIVE, None), (_FIRST_PERSON, _FIRST_PERSON_HINT), (_BASE_FORM, _CAPITALS_HINT)):
        if hint is not None and hint.search(text, sentence.start, sentence.end) is None:
            continue
        is_first_person = pattern is _FIRST_PERSON
        whole = pattern.finditer(text, sentence.start, sentence.end) if is_first_person else None
        for match in whole or _matches(pattern, text, stems, sentence.end):
            words = match["verb"]
            if pattern is _BASE_FORM and not words.isupper():
                continue
            if _NOT_FINITE.match(text, match.start("verb")) or text.endswith("had been ", 0, match.start("verb")):
                continue
            if pattern is _ACTIVE and match["noun"] and text.endswith(" to ", 0, match.start("verb")):
                continue  # "the failure to extend an invitation"
            if words[:6].lower() == "insist" and not insists_on_an_act(text, match.end()):
                continue
            verb = (match["infinitive"] or match["noun"] or words).lower()
            modality = "recommended" if verb == "recommendation" else slug_of(verb)
            end = match.start("verb") + len(_THAT_AT_END.sub("", words))
            is_own = words.isupper() or (pattern is _FIRST_PERSON and match["own"] is not None)
            span = Span(match.start("verb"), end)
            yield Operative(span, modality, "active", is_own=is_own, is_polite=verb.startswith("seek"))
    for match in _IMPERSONAL.finditer(text, sentence.start, sentence.end):
        verb = "requested" if match["verb"] == "requested" else "recommended"
        span = Span(*match.span("verb" if match["verb"] else "proposed"))
        yield Operative(span, verb, "active", is_impersonal=True)


def _behind_opening(text: str, start: int, end: int) -> re.Match[str] | None:
    """The base form with which a clause begins ("Call upon Member States to …"), after all words that may open it, or
    fewer of them: a verb may look like one."""
    places = [start]
    while opener := OPENER.match(text, places[-1], end):
        places.append(opener.end())
    matches = (_BASE_FORM.match(text, place, end) for place in reversed(places))
    return next(filter(None, matches), None)


@cache
def _further_declared() -> re.Pattern[str]:
    """What a declaration asks behind another of its verbs: "Recognize …, and encourage …". It is seldom needed."""
    return re.compile(rf"(?:,\sand|\band|,)(?:{ADVERBS}|,\s[^,;:]{{1,120}},)\s+(?P<verb>{_BASE})")


def _declared(text: str, sentence: Span) -> Iterator[Operative]:
    """The base forms of a declaration whose *we* stands far above: at the start of its clause, or behind another of its
    verbs."""
    opening = _behind_opening(text, sentence.start, sentence.end)
    clauses = [opening] if opening and text[sentence.start].isupper() else []
    declares = DECLARES.match(text, sentence.start, sentence.end) if not clauses else None
    if declares:
        too = _further_declared().finditer(text, sentence.start, sentence.end)
        clauses += [match for match in too if not declares["we"] or match.group().startswith(", ")]
    for match in clauses:
        yield Operative(Span(*match.span("verb")), slug_of(match["noun"] or match["verb"]), "active", is_own=True)


def _infinitives(text: str, sentence: Span, decides: bool) -> Iterator[Operative]:
    """What a decision asks in infinitives: at its beginning ("To urge States to act"), each further one behind a
    semicolon or an *and* that cannot join it to what somebody was asked. ``decides`` says whether a verb may stand
    there on which they depend."""
    opening = _INFINITIVES.match(text, sentence.start, sentence.end)
    lead = opening or (_DECIDES.search(text, sentence.start, sentence.end) if decides else None)
    if lead is None or (opening and _MAIN_CLAUSE.match(text, opening.end(), sentence.end)):
        return
    before = _behind_opening(text, opening.end(), sentence.end) if opening else None
    asking = [before] if before else []
    for joined in _JOINED_INFINITIVE.finditer(text, lead.end() - 1, sentence.end):
        between = text[before.end() if before else lead.end() : joined.start()]
        if _goes_on(joined["joint"], between, before is not None):
            asking.append(before := joined)
    for verb in asking:
        modality = slug_of(verb["noun"] or verb["verb"])
        yield Operative(Span(*verb.span("verb")), modality, "active", is_own=lead is opening, lead=Span(*lead.span()))


def _goes_on(joint: str, between: str, is_asked: bool) -> bool:
    """Whether an infinitive is the issuer's, not of the one who was asked before: bodies ask others, States do not."""
    if not joint.endswith("and") or joint[0] == ";":
        return True
    if is_asked:
        return joint[0] == "," and _STATES.search(between.partition(" to ")[0]) is not None
    return joint[0] == "," or re.search(r"(?<!,)\sto\s", between) is None
