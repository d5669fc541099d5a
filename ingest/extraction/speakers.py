"""Who speaks in a sentence: the issuer of the document, or somebody whom it reports.

A document's own speaker is called by its office ("the Committee recommends"). In the past tense it is only the office
that issued the document: a compilation in which "the Committee recommended" reports a treaty body. What was asked
("it was recommended that", "were encouraged to") is the issuer's in the report of a body that meets; a resolution, an
expert and an office speak in the present, and the report of a review tells what others said.
"""

from __future__ import annotations

import re
from functools import cache

from ingest.document import Span
from ingest.extraction.actors import Actors
from ingest.extraction.clauses import ADVERB, ADVERBS, OPENING, WORDS, begun
from ingest.extraction.lexicon import SMALL_WORDS
from ingest.extraction.subjects import NAMED, SPEAKER, Clause

_SPEAKERS = re.compile(rf"{SPEAKER}(?:\s+(?:also|further|therefore|[a-z]+ly))*")
_FULL_SPEAKER = re.compile(rf"{SPEAKER}(?:\s(?:on|of|for)\s.{{3,160}})?", re.DOTALL)
"""A speaker with the whole of its name; in the past tense ("the Committee on … recommended") a report quotes it."""
_NAMED_SPEAKER = re.compile(
    r"[Tt]he\s(?:[A-Z][\w’-]+\s){1,4}(?:Assembly|Committee|Subcommittee|Commission|Group|Board|Panel|Forum|Council|Bureau|Body|Meeting)"
    rf"(?:\s(?:on|of|for)\s.{{3,160}})?{ADVERBS}",
    re.DOTALL,
)
"""A body with its name that no reference data list: "the Advisory Committee recommends"."""
_POLITELY = re.compile(r"\s+(?:would\s(?:also\s|further\s)?like|wishes)(?:\s(?:also|further))?\s+to$")
_PRONOUN_OPENS = re.compile(r"(?:It|He|She|They)\s")
_GOES_ON = re.compile(rf"(?:{begun('It', 'He', 'She', 'They', 'it', 'he', 'she', 'they')})\s")
"""Without such a word it does not matter who spoke before."""
_SPEAKING = "|".join(sorted(WORDS["issuer_verbs"])).replace("iz", "i[sz]")
_OPENS_IN_PRESENT = re.compile(rf"(?:{OPENING.pattern})?(?:{_SPEAKING})\b", re.IGNORECASE)
_OPENS_IN_PAST = re.compile(
    rf"(?:{OPENING.pattern})?(?:Acknowledged|Affirmed|Commended|Considered|Emphasi[sz]ed|Endorsed|Expressed|Noted|Reaffirmed|"
    r"Recalled|Recogni[sz]ed|Regretted|Stressed|Thanked|Took\snote|Underlined|Underscored|Welcomed)\s",
    re.IGNORECASE,
)
"""The same in the conclusions of a body that meets: "Welcomed the report and requested"."""
_ISSUER_OPENS = re.compile(
    rf"(?:{OPENING.pattern})?(?:(?:{_SPEAKING})\b|(?:Is|Are|Deeply)\s|(?:It|We|I|She|He)\s|{SPEAKER}\s|{NAMED}\s)",
    re.IGNORECASE,
)
"""How a sentence begins in which the issuer speaks: "Takes note of …", "Also welcomes …", "We reaffirm …"."""
_PARTICIPLE_OPENS = re.compile(
    rf"(?:{OPENING.pattern})?(?:Acknowledging|Acting|Affirming|Alarmed|Appalled|Aware|Bearing|Commending|Concerned|Condemning|"
    r"Convinced|Deploring|Determined|Emphasi[sz]ing|Expressing|Gravely|Having|Mindful|Noting|Reaffirming|Recalling|Recogni[sz]ing|"
    r"Regretting|Reiterating|Stressing|Taking|Underlining|Underscoring|Welcoming)\s"
)
_BEHIND_A_COMMA = re.compile(rf",\s(?:(?:{ADVERB}|[a-z]+ly)\s)*$", re.IGNORECASE)
_ANOTHER_SPEAKS = re.compile(
    r"(?:(?:As|At|By|During|For|In|On|To|With)\s[^,;:.]{1,160},\s)?"
    rf"(?!(?:{SPEAKER}|{NAMED}|[Ii]t|We|we|I)\s(?!(?:on|against|for|of)\s))"
    r"(?:[Tt]he\s(?:same\s)?)?[A-Z][\w’'-]*(?:,?\s(?:(?:and|of|the|de|des|di|du|la|on|for|against)\s)*[A-Z(][\w’')-]*){0,12}"
    r"(?:\s(?:[a-z]+\s){0,14}?)(?:[a-z]+ed|said|thought|felt)\b"
)
"""How a sentence begins in which somebody else spoke: "Norway commended …", "In 2005, the Committee on … noted …"."""
_NOTES_IN_PRESENT = re.compile(rf"(?:{SPEAKER}|{NAMED})\s(?:(?:{ADVERB}|[a-z]+ly)\s)*(?:notes|observes|recalls)\s")
"""How the issuer tells in the present what others did: "The Committee notes that … . It recommended" is of those."""
_MINUTES = re.compile(
    r"(?:The\s(?:Chair(?:person|man)?|President)|M(?:r|s|rs)\.\s[A-Z][\w’' -]{1,60})(?:\s\([^()]{2,60}\))?,?"
    r"\s(?:said|asked|wondered|suggested|proposed)\b"
)
"""How the minutes of a meeting tell what somebody said: "Mr. Berg (Norway) said that"."""
_QUOTES_A_RULE = re.compile(
    rf"(?:(?:{begun('According', 'according')})"
    r"\sto\s(?=articles?\b|paragraphs?\b|rules?\b|the\s(?:Charter|Convention|Covenant|Protocol|Statute))|"
    rf"(?:{begun('As', 'as')})"
    r"\s(?:enshrined|established|laid\sdown|prescribed|provided|required|set\s(?:forth|out)|specified|stated|stipulated)"
    r"(?:\sfor)?\s(?:in|by|under)\s)[^;:.]*$"
)
"""Before what a treaty says and the text repeats: "as set out in article 1, no one shall"."""
_OF_A_VIEW = re.compile(r"ccording to |n the (?:opinion|view|words) of ")
_IN_THE_VIEW_OF = re.compile(
    r"\b(?:[Aa]ccording\sto|[Ii]n\sthe\s(?:opinion|view|words)\sof)\s"
    r"(?P<who>(?:the\s)?(?:[A-Z][\w’-]+\s){0,4}(?:Committee|Commission|Council|Court|Government|Rapporteur|Experts?|Group|Board|Panel)\b|[A-Z]{3,}\b)"
    r"(?!['’])(?:[^;:.]|\.(?=\s\d))*,\s[^;:.]*$"
)
"""Before what somebody else holds: "according to the Committee on Ports, ferries should"."""
_IN_QUOTES = re.compile(
    r"(?:[,:]|\b(?:declares?|guarantees?|prescribes?|proclaims?|provides?|reads?|reminded|requires?|says?|states?|stipulates?)(?:\sthat)?[,:]?)\s"
    r"[“\"](?:[^“”\"]*[”\"](?:\s[^“”\"]{1,40})?,?\s(?:and|or)(?:\sthat)?\s[“\"])*[^“”\"]*$"
)
"""Before the words of a treaty or a principle in quotation marks: "which provides that “States shall"."""
_REACH = 200
_QUOTED_REACH = 500
_TELLS = re.compile(
    r"\b(?:added|asked|called|commended|considered|encouraged|expressed|hoped|indicated|noted|observed|recommended|regretted|"
    r"reported|requested|said|stated|stressed|suggested|thanked|underlined|urged|welcomed)\b"
)
_RECALLS = re.compile(
    r"(?:In|By|Through)\s(?:its|paragraphs?\s[^,;:]{1,40}\sof\sits)\s(?:resolution|decision)s?\s|On\s\d{1,2}\s[A-Z][a-z]+\s\d{4},"
)
"""How a sentence begins that says what the issuer did before: "In its resolution 6/2, the Conference encouraged", "On 5
May 2020, the Committee requested"."""
_WAS_ASKED = re.compile(r"(?:was|were|has\sbeen|have\sbeen)\b")
_WAS_IT = re.compile(rf"\b(?:was|has\sbeen)(?:\s+{ADVERB})*\s+$")
_MEETS = WORDS["bodies_that_meet"]
"""What a body is called whose report tells in the past what it asked for itself."""
_PERSONS = WORDS["persons"]
"""What an issuer is called who is *she* or *he* in the own document."""
_ITSELF = frozenset(("experts", "meeting", "participants", "session", "workshop"))
"""What the report of such a body calls it beside its name."""
_OF_A_REVIEW = frozenset(("universal", "periodic", "review"))


def is_past(words: str) -> bool:
    """Whether an operative verb is in the past tense."""
    return re.match(r"\w+ed\b", words) is not None


def opens_in_present(text: str, sentence: Span) -> bool:
    """Whether a sentence begins with a verb of the issuer in the present: "Takes note of …"."""
    return _OPENS_IN_PRESENT.match(text, sentence.start) is not None


@cache
def _called(issuer: str) -> tuple[str, str, frozenset[str]]:
    """The name of an issuer, its acronym, and the words of its name."""
    parts = issuer.rpartition("/")[2].split("-")
    acronym = "".join(part[:1] for part in parts if part not in SMALL_WORDS)
    return " ".join(parts), acronym.upper(), frozenset(parts)


class Speakers:
    """Tells the issuer of one text from those whom it reports. ``issuer`` is a path; `listen` to each sentence first.

    ``is_review`` says that the text is of a review, whose reports tell what others said.
    """

    def __init__(self, text: str, actors: Actors, issuer: str, is_review: bool) -> None:
        self._text = text
        self._actors = actors
        self._issuer = issuer
        self._own_name, self._acronym, self._names = _called(issuer)
        self._tells = is_review or self._names >= _OF_A_REVIEW
        self._speaks_in_past = not self._tells and not self._names.isdisjoint(_MEETS)
        self._goes_on = self._tells or _GOES_ON.search(text) is not None
        self._has_quotes = "“" in text or '"' in text
        self._has_views = _OF_A_VIEW.search(text) is not None
        self._is_quoting = False
        self._is_minuted = False
        self._is_telling = False
        self._begins = True
        self.is_person = not self._names.isdisjoint(_PERSONS)

    def listen(self, sentence: Span) -> None:
        """Notes who speaks in a sentence: "it" in the next ones is the same speaker, and so is all that follows what
        somebody *said* in the minutes of a meeting."""
        self._begins = sentence.start == 0
        self._is_minuted = self._is_minuted or _MINUTES.match(self._text, sentence.start) is not None
        if self._goes_on and _PRONOUN_OPENS.match(self._text, sentence.start) is None:
            self._is_quoting = self._another_speaks(sentence) or (self._tells and self._is_quoting)
            self._is_telling = _NOTES_IN_PRESENT.match(self._text, sentence.start) is not None

    def _another_speaks(self, sentence: Span) -> bool:
        if self._tells and _TELLS.search(self._text, sentence.start, sentence.end):
            return True
        if _ANOTHER_SPEAKS.match(self._text, sentence.start) is None or self._is_own_name(sentence.start):
            return False
        chain = self._actors.chain(sentence.start)
        return chain is None or all(mention.entity != self._issuer for mention in chain.actors)

    def is_preamble(self, sentence: Span) -> bool:
        """Whether a sentence is a clause of a preamble, which asks nothing: from a participle to a comma."""
        return self._text[sentence.end - 1] == "," and _PARTICIPLE_OPENS.match(self._text, sentence.start) is not None

    def opens(self, sentence: Span, phrase: Span) -> bool:
        """Whether the issuer speaks at the start of a sentence, also in a participle right before the verb: "Expressing
        concern at delays, requests"."""
        if _PARTICIPLE_OPENS.match(self._text, sentence.start) and _BEHIND_A_COMMA.search(
            self._text, sentence.start, phrase.start
        ):
            is_of_another = re.search(r",\s(?:which|who)\s", self._text[sentence.start : phrase.start])
            return not is_of_another and not is_past(phrase.cut(self._text))
        if self._is_quoting and _PRONOUN_OPENS.match(self._text, sentence.start):
            return False
        if self._speaks_in_past and _OPENS_IN_PAST.match(self._text, sentence.start):
            return True
        opening = _ISSUER_OPENS.match(self._text, sentence.start)
        if opening is not None:
            before = OPENING.match(self._text, sentence.start)
            office = _SPEAKERS.match(self._text, before.end() if before else sentence.start)
            return office is None or not is_past(phrase.cut(self._text)) or self._is_called(office.group())
        if self._is_own_name(sentence.start):
            return True
        chain = self._actors.chain(sentence.start)
        return chain is not None and any(mention.entity == self._issuer for mention in chain.actors)

    def _is_own_name(self, start: int) -> bool:
        """Whether the issuer's name or acronym stands at a place: "The SBI", "Norway"."""
        start += len("the ") if self._text.startswith(("The ", "the "), start) else 0
        if len(self._acronym) > 2 and self._text.startswith(f"{self._acronym} ", start):
            return True
        return self._text[start : start + len(self._own_name) + 1].lower() == f"{self._own_name} "

    def is_report(self, phrase: Span) -> bool:
        """Whether a modal, a passive or an impersonal phrase tells what somebody else asked for."""
        if (self._tells and self._is_quoting) or self._is_minuted:
            return True
        told = self._has_views and _IN_THE_VIEW_OF.search(self._text, max(0, phrase.start - _REACH), phrase.start)
        if told and not self._is_called(told["who"]):
            return True
        if self._has_quotes and _IN_QUOTES.search(self._text, max(0, phrase.start - _QUOTED_REACH), phrase.start):
            return True
        if _QUOTES_A_RULE.search(self._text, max(0, phrase.start - _REACH), phrase.start):
            return phrase.cut(self._text).startswith("shall")
        before = self._text[max(0, phrase.start - 60) : phrase.start]
        was_it = is_past(phrase.cut(self._text)) and _WAS_IT.search(before)
        in_past = was_it or _WAS_ASKED.match(self._text, phrase.start)
        return bool(in_past) and (not self._speaks_in_past or self._is_quoting)

    def is_issuer(self, clause: Clause, phrase: Span, sentence: Span) -> bool:
        """Whether the subject of an operative verb is the issuer."""
        in_past = is_past(phrase.cut(self._text))
        if in_past and _RECALLS.match(self._text, sentence.start):
            return False
        if clause.kind == "actors" and any(mention.entity == self._issuer for mention in clause.actors):
            return True
        if clause.kind == "pronoun":
            return self._is_meant(clause.words, in_past)
        behind_comma = self._text[clause.start : phrase.start].rpartition(", ")[2].strip().lower()
        is_named = self._is_own_name(clause.start) or behind_comma == f"the {self._own_name}"
        if clause.kind != "shared" and is_named:
            return not in_past or (self._speaks_in_past and not self._is_quoting)
        return clause.kind in ("actors", "other") and self._is_speaker(clause, phrase, in_past)

    def _is_meant(self, pronoun: str, in_past: bool) -> bool:
        """Whether a pronoun is the issuer: *she* and *he* are in the present; in the past a report quotes them."""
        if in_past and (self._is_quoting or self._is_telling or not self._speaks_in_past or self._begins):
            return False
        is_several = pronoun in ("They", "they") and self._own_name == "ministers"
        return is_several or pronoun in ("It", "it", "We", "we", "I") or (pronoun[-1] == "e" and not in_past)

    def _is_speaker(self, clause: Clause, phrase: Span, in_past: bool) -> bool:
        """Whether the subject is the document's own speaker: "the Committee", "the Special Rapporteur"."""
        words = _POLITELY.sub("", self._text[clause.start : phrase.start].strip().rstrip(","))
        if any(self._actors.is_listed(mention) for mention in clause.actors):
            return False
        short = words.split(",")[0].strip()
        if _SPEAKERS.fullmatch(short):
            return not in_past or self._is_called(short)
        named = _FULL_SPEAKER.fullmatch(words) or _NAMED_SPEAKER.fullmatch(words)
        if named is not None and self.is_person and not self._is_called(re.split(r"\s(?:on|of|for)\s", words)[0]):
            return False
        return named is not None and not in_past

    def _is_called(self, office: str) -> bool:
        """Whether the issuer holds an office, or is the meeting whose report this is."""
        said = set(re.findall(r"[a-z]+", office.lower()))
        own = {name.removesuffix("s") for name in said} & self._names
        return bool(own - {"of", "on", "the", "for"}) or (self._speaks_in_past and not said.isdisjoint(_ITSELF))
