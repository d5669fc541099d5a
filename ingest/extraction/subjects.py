"""Main clauses: whether a phrase tells somebody to act or only describes, and whose clause it stands in.

"States parties should develop campaigns, which could involve the media": *should* stands in the main clause, *could*
in a relative clause. A phrase is governed when a subordinator (that, which, who, although, so that …) opened its
clause and nothing closed it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ingest.extraction.actors import Actors
from ingest.extraction.clauses import ADVERB, ADVERBS, GAP, PARENTHESIS, WORDS
from ingest.extraction.findings import Mention
from ingest.extraction.verbs import FINITE, KNOWN, OPENS_AN_OBJECT, SURE, may_be_verb

SubjectKind = Literal["actors", "shared", "pronoun", "other", "none"]

_REACH = 900
"""How far before a verb its subject may begin, in characters."""
_SHARED = re.compile(rf"(?:^|[\s,])(?:and|or|nor|but|and/or|as well as)(?:{ADVERBS}|{PARENTHESIS}{ADVERBS})\s*$")
_PRONOUN = re.compile(rf"(They|they|It|it|We|we|I|She|she|He|he)(?:{ADVERBS}|{PARENTHESIS}{ADVERBS})\s*")
_BOUNDARY = re.compile(
    r"(?:,\s+(?:and\s+|but\s+|or\s+)?|[;:]\s+(?:and\s+|but\s+)?|\s(?:and|but|or|while)\s+|"
    r"\b(?:regard|respect|connection|context|end|purpose|effect|note|spirit|vein)\s+)"
)
SPEAKER = (
    r"(?:[Tt]he\s)?(?:[Ee]xpert\s)?(?:[Mm]eeting|[Ss]ession|[Gg]roup|[Ww]orkshop|[Pp]articipants|[Ee]xperts|"
    r"(?:Open-ended\s)?(?:Working\s|Expert\s)?Group|Committee|Subcommittee|Commission|Council|Conference|Board|Panel|Assembly|"
    r"Special\sRapporteurs?|Independent\sExperts?|Special\sRepresentative|Secretary-General|High\sCommissioner|Task\sForce|"
    r"Mechanism|Forum|Chair(?:person)?|Executive\sDirector|Director-General)"
)
"""Who a document calls its own speaker, without the rest of its name."""
_REPORTED = re.compile(
    r"\b(?:(?:stressed|emphasi[sz]ed|underlined|underscored|noted|highlighted|reaffirmed|reiterated|considered|stated|"
    r"stresses|emphasi[sz]es|underlines|declares|clarifies|clarified|confirms|insists|underscores|notes|highlights|reaffirms|reiterates|considers|concluded|concludes|"
    r"concurs|concurred|affirms|affirmed|believes|stress|emphasi[sz]e|underline|underscore|reaffirm|reiterate)"
    r"(?:\s+again|\s+also|,\s[^;:]{1,240},)?|"
    r"(?:expresses|reiterates|restates|reaffirms)\s+(?:its|the)\s+(?:\w+\s)?(?:conviction|view|belief|opinion|position)|"
    r"reminds(?:\s(?!that\b)[\w’'-]+){1,8}|is\s+(?:\w+\s)?(?:convinced|of\sthe\s(?:view|opinion))|"
    rf"it\s+is\s+(?:its|our|my|the)\s+(?:\w+\s)?(?:conviction|view|belief|opinion|position)(?:\s+of\s+{SPEAKER})?)\s+that(?:,\s[^,;:]{{1,120}},)?\s+$",
    re.IGNORECASE,
)
_REPORTS = re.compile(
    r"affirm|belie|clarif|conclu|concur|confirm|consider|convi|declare|emphasi|highlight|insist|note|opinion|position|"
    r"reiterate|reminds|state|stress|under|view",
    re.IGNORECASE,
)
"""Letters without which there are no such words: most clauses need not be searched at each of their *that*."""
_THAT = re.compile(r"\bthat(?:,\s(?:as|in|for|to|at|on|with)\b[^,;:]{1,120},)?\s+")
_CONCEDES = re.compile(r"\bthat,\s(?:while|although|whereas)\b")
"""What a that-clause grants before it says what it says: "that, while ports must pay, States are free"."""
_AND_THAT = re.compile(r",?\s(?:and|or)(?:,\s[^,;:]{1,60},)?\sthat\s+")
_STATES_TOO = re.compile(rf"{_AND_THAT.pattern}$")
_JOINS = re.compile(rf"(?:,|\band){ADVERBS}\s*$")
_OF_ANOTHER = re.compile(r"\b(?:which|who)\s(?:[a-z]+ly\s)?[a-z]+s\sthat\s")
"""What a that-clause is of that is not the issuer's: "recalls article 11, which states that … and that …"."""
_SAID = re.compile(
    rf"\b(?:[Ii]t|[Tt]hey|[Hh]e|[Ss]he|[A-Z][\w/-]+){ADVERBS}\s(?:said|added|felt|thought|argued|insisted|remarked)\s(?!that\b)"
)
"""A speaker whom a text reports without *that*."""
NAMED = r"The\s(?:[A-Z]\w+\s){1,3}(?:Committee|Commission|Group|Board|Panel|Forum|Council)"
"""A speaker that a document calls by a longer name: "The Advisory Committee"."""
_OWN_VOICE = (
    rf"(?is)(?!(?-i:The\s(?:[A-Z]\w+\s){{0,3}}(?:Act|Charter|Code|Constitution|Convention|Covenant|Declaration|Law|Protocol|Statute)\b)(?!.*\b(?:{SPEAKER}|It|We)\s))"
    rf"(?!(?!(?:{SPEAKER}|{NAMED}|It|We)\s)(?-i:(?:[A-Z][\w’-]+\s){{1,6}}(?:[a-z]+ed|said)\b))"
    rf"(?:.{{0,300}}[,;]\s+|(?:{SPEAKER}|{NAMED}|It|We)\s.{{1,300}}(?=\sand\s))?(?:\s?and\s+)?"
    rf"(?:(?:It|it|We|we|She|He|I|{SPEAKER}|(?:[Tt]he\s)?Working\sGroup(?:\son\s[^,]{{3,60}})?|"
    rf"{NAMED})\s+)?"
    rf"(?:(?:{ADVERB}|[a-z]+ly|[A-Z][a-z]+ly),?\s+)*"
)
"""What stands before *stressed that* when the issuer stresses, not a speaker whom a report quotes. Few texts need it:
it is compiled for the first."""
_IT_SAID = re.compile(rf"(?:It|They){ADVERBS}\s[a-z]+ed\s")
"""How a text begins of which nothing says who spoke: "It noted that …"."""
_SHE = re.compile(rf"\b(?:He|She|he|she){ADVERBS}\s*$")
_BEFORE_WORDS = "to in for of at with on by under towards from into against through within"
_NOT_BEHIND = "".join(rf"(?<!\b{word} that)" for word in _BEFORE_WORDS.split())
_SUBORDINATOR = re.compile(
    rf"\bthat\b{_NOT_BEHIND}|"
    r"\b(?!(?-i:WHO)\b)(?:which|who|whom|whose|whereby|whether|although|though|because|since|whereas|unless|how|what|why)\b|"
    r"\b(?:while|if|where|when)\b"
    r"(?!\s+(?:appropriate|applicable|relevant|necessary|possible|needed|required|feasible|and\s+as|[a-z]+(?:ing|ed)\b))",
    re.IGNORECASE,
)
"""Words that open a subordinate clause; after a preposition "that" points back ("to that effect")."""
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|do|does|did|can|may|might|should|shall|must|will|would|could|[a-z]+ed|"
    r"(?P<present>[a-z]+es))\b"
)
_PRESENT = re.compile(
    r"\b(?P<present>applies|belongs|concerns|exists|fails|falls|includes|involves|remains|requires|wishes)\b"
)
"""A verb that closes the clause of *which* before the modal: "meetings whose message falls within article 20 must"."""
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|has|have|had|do|does|did|can|may|should|shall|must|will|could)\b")
_HAS_A_VERB = re.compile(rf"{ADVERBS}\s+(?:have|has|are|is|bear|bears)\b")
_FIRST_VERB = re.compile(
    rf"{ADVERBS}\s+(?:(?:there\s)?(?:is|are|was|were|has|have|had|do|does|did|can|cannot|will|would|may|might)\b|"
    r"(?:(?:they|we|(?:Member\s)?States(?:\s[Pp]arties)?|Governments|Parties)\s)?(?:[a-z]+ly\s)?(?P<verb>[a-z]+)\b)"
)
"""How a relative clause begins whose own verb closes it: "who are at risk", "that adversely affect ports"."""
_BE_OR_HAVE = re.compile(r"\b(?:is|are|was|were|has|have|had)\b")
_MODAL_BEFORE = re.compile(r"\b(?:shall|should|must|may|could),?\s(?:and|or|and/or)\s$")
"""The modal that goes on with another: "which States shall, or shall consider to, punish"."""
_RELATIVE = re.compile(r"\b(?:that|which|who|whom)\s+")
_NOUN_BEFORE = re.compile(
    r"(?:(?:[Aa]ll|[Aa]ny|[Ee]ach|[Ee]very|[Ii]ts|[Nn]o|[Ss]uch|[Tt]hese|[Tt]he|[Tt]heir|[Tt]hose|[Oo]ther|[Bb]oth|[Mm]ost|[Aa]n?|of)\s+)*"
    r"(?:(?!(?:said|felt|found|held|knew|thought|told)\b)[\w’'-]+\s+){0,6}?(?P<noun>[\w’'-]+),?\s+"
)
_WHICH_ASIDE = re.compile(r",\s(?:which|who|whose)\b(?P<rest>[^,;:]*),\s*$")
"""What is said of a subject between commas: "the steps, which the Board welcomed, should"."""
_TOLD = WORDS["told"]
"""Words behind which *that* begins what somebody says or holds, not what a noun is."""
_OF_A_RELATIVE = KNOWN | FINITE | {"benefit", "concern", "qualify", "regard"}
"""Verbs that a relative clause begins or ends with, also such as look like nouns."""
_GOES_ON = re.compile(
    r"(?:(?!\b(?:that|which|who|whom|whose|how|what|where|when|while|if|as|and|or|but|so|because|unless|until|before|after|than)\b)"
    rf"[^,;:.])*?\b{_AUXILIARY.pattern}"
)
"""The verb of a main clause behind a modal that stands in a relative one: "ports that States must open are few"."""
_SUSPENDED = re.compile(r"\b(?:that|which|whom|if|when|where)\s*,[^,]{1,200},\s*$")


@dataclass(frozen=True, slots=True)
class Clause:
    """The clause of a phrase: ``start`` is where its subject begins, or the phrase itself when it shares one."""

    kind: SubjectKind
    start: int
    actors: tuple[Mention, ...] = ()
    words: str = ""


def _is_closed(subordinator: str, rest: str) -> bool:
    """Whether the words behind a subordinator begin with the verb of its clause, so that the next is of another."""
    if subordinator in ("which", "whom", "whose") and _BE_OR_HAVE.search(rest):
        return True
    first = _FIRST_VERB.match(rest)
    verb = first and first["verb"]
    if not first or not verb:
        return first is not None
    return bool({verb, verb[:-1], verb[:-2]} & FINITE) or (subordinator == "who" and may_be_verb(verb))


def _has_finite(words: str) -> bool:
    """Whether words hold a finite verb; a plural like "policies" or "measures" is none."""
    return any(
        verb["present"] is None or {verb["present"][:-1], verb["present"][:-2]} & SURE
        for verb in _FINITE.finditer(words)
    )


def _forms(verb: str) -> set[str]:
    """What a verb may be the third person or the past of, and itself."""
    return {verb, verb[:-1], verb[:-2]}


def _holds_a_verb(words: str) -> bool:
    """Whether a relative clause has its own verb: at its beginning, at its end or between ("the Board has taken")."""
    first, *others = words.replace(",", " ").split() or [""]
    if not others:
        return bool(_forms(first) & SURE)
    if _forms(first) & _OF_A_RELATIVE or (may_be_verb(first) and others[0] in OPENS_AN_OBJECT):
        return True
    return bool(_forms(others[-1]) & _OF_A_RELATIVE) or _has_finite(" ".join(others))


class MainClauses:
    """Finds the main clause that a phrase stands in, in one text."""

    def __init__(self, text: str, actors: Actors, is_person: bool = False) -> None:
        self._text = text
        self._actors = actors
        self._is_person = is_person
        self._begins = False

    def clause(self, bound: int, position: int, follows_another: bool, is_stated: bool = False) -> Clause | None:
        """The clause of the phrase at ``position``, read back to ``bound``; None when the phrase is governed.

        ``bound`` is the start of the sentence or the end of the operative phrase before, as ``follows_another`` says;
        ``is_stated`` says that the phrase before stands in a that-clause of the issuer's own, which another may follow.
        """
        self._begins = bound == 0
        bound = max(bound, position - _REACH)
        region = self._text[bound:position]
        if not region.strip():
            return Clause("shared" if follows_another else "none", position)
        modal = _MODAL_BEFORE.search(region)
        if modal is not None and not follows_another:
            return self.clause(bound, bound + modal.start(), follows_another)
        if _SHARED.search(region):
            return Clause("shared", position) if follows_another else self._with_two_verbs(bound, region, position)
        boundaries = self._boundaries(bound, region, follows_another)
        if is_stated:
            boundaries = [start + len("that ") * self._text.startswith("that ", start) for start in boundaries]
        loose: Clause | None = None
        for start in boundaries:
            subject = self._actors.subject(start, position)
            if subject is None or _SUSPENDED.search(self._text[bound:start]):
                continue
            chain, is_tight = subject
            clause = Clause("actors", start, chain.actors, self._text[start:position])
            if is_tight:
                return clause
            if not self._is_relative(self._text[chain.end : position]):
                loose = loose or clause
        if loose is not None:
            return loose
        for start in boundaries:
            pronoun = _PRONOUN.fullmatch(self._text, start, position)
            if pronoun is not None:
                return Clause("pronoun", start, words=pronoun.group(1))
        return self._other(bound, region, follows_another, is_stated)

    def is_stated(self, clause: Clause) -> bool:
        """Whether a clause is what the issuer states ("Reiterates that …", "…, and that …"), not a main clause."""
        before = self._text[max(0, clause.start - _REACH) : clause.start]
        return before.endswith("that ") and (_REPORTED.search(before) or _STATES_TOO.search(before)) is not None

    def _boundaries(self, bound: int, region: str, follows_another: bool) -> list[int]:
        starts = [] if follows_another else [bound]
        for boundary in _BOUNDARY.finditer(region):
            if boundary.group()[0].isspace() and not follows_another:
                continue
            starts.append(bound + boundary.end())
        for that in re.finditer(r"\bthat\s+", region) if _REPORTS.search(region) else ():
            verb = _REPORTED.search(region, 0, that.end())
            if verb is not None and (follows_another or self._is_own(region[: verb.start()])):
                starts.append(bound + that.end())
        if " and that " in region and (own := self._own_statement(region)):
            starts.append(bound + own)
        return sorted(starts)

    def _is_own(self, words: str) -> bool:
        """Whether the issuer speaks in the words before *stressed that*; *he* and *she* are none where it is a body."""
        is_another = (not self._is_person and _SHE.search(words)) or (self._begins and _IT_SAID.match(self._text))
        return not is_another and re.fullmatch(_OWN_VOICE, words) is not None

    def _with_two_verbs(self, bound: int, region: str, position: int) -> Clause | None:
        """The clause whose subject has a verb that asks nothing before: "States have duties, and must prevent"."""
        start = bound + self._own_statement(region)
        chain = self._actors.chain(start)
        words = self._text[start:position]
        if chain is None and _AUXILIARY.search(words) and not self._is_governed(words):
            return Clause("other", start, words=words)
        if chain is None or not _HAS_A_VERB.match(self._text, chain.end):
            return None
        return Clause("actors", start, chain.actors, words)

    def _own_statement(self, region: str, follows_another: bool = False) -> int:
        """Where a that-clause of the issuer's own begins in a region ("Stresses that …"); 0 where there is none."""
        if "that" not in region or _REPORTS.search(region) is None:
            return 0
        starts = [
            that.end()
            for that in _THAT.finditer(region)
            if (verb := _REPORTED.search(region, 0, that.end()))
            and (self._is_own(region[: verb.start()]) or (follows_another and _JOINS.search(region[: verb.start()])))
        ]
        if not starts:
            return 0
        of_another = _OF_ANOTHER.search(region, starts[-1])
        joined = list(_AND_THAT.finditer(region, starts[-1], of_another.start() if of_another else len(region)))
        return joined[-1].end() if joined else starts[-1]

    def _other(self, bound: int, region: str, follows_another: bool, is_stated: bool) -> Clause | None:
        cut = max(region.rfind(";"), region.rfind(":"), self._own_statement(region, follows_another) - 1)
        clause = region[cut + 1 :]
        if follows_another and cut < 0:
            joints = list(re.finditer(r",\s+(?:and|but|while)\s+", clause)) or list(
                re.finditer(r"\s(?:and|but),?\s+", clause)
            )
            if not joints:
                return None
            clause = clause[joints[-1].end() :].removeprefix("that " if is_stated else "")
        start = bound + len(region) - len(clause.lstrip())
        if self._is_governed(clause) and not self._is_main(clause.lstrip(), bound + len(region)):
            return None
        return Clause("other", start, words=clause.strip())

    def _is_main(self, clause: str, position: int) -> bool:
        """Whether the modal at ``position`` is of a noun with a relative clause: "measures that concern ferries must",
        "decisions which the Board takes must"."""
        aside = _WHICH_ASIDE.search(clause)
        if aside is not None and _has_finite(aside["rest"]):
            clause = clause[: aside.start() + 1].replace(",", " ")
            if not self._is_governed(clause):
                return True
        relative = _RELATIVE.search(clause)
        noun = _NOUN_BEFORE.fullmatch(clause, 0, relative.start()) if relative else None
        if relative is None or noun is None or _has_finite(noun.group()) or _SUBORDINATOR.search(noun.group()):
            return False
        words = clause[relative.end() :]
        is_told = _forms(noun["noun"].lower()) & _TOLD and " " in noun.group().strip()
        if is_told or _SUBORDINATOR.search(words):
            return False
        return _holds_a_verb(words) and _GOES_ON.match(self._text, self._text.find(" ", position)) is None

    def _is_relative(self, rest: str) -> bool:
        """Whether the words from a name to the verb leave the verb to a relative or a that-clause.

        "States parties that have not yet done so" is closed; "service providers who" is not.
        """
        subordinators = list(_SUBORDINATOR.finditer(rest))
        if not subordinators:
            return False
        last = subordinators[-1]
        after = rest[last.end() :]
        if not after.strip() or re.fullmatch(GAP + r"\s*", after):
            return True
        before = rest[: last.start()].rstrip()
        if before.endswith((" and", " or")):
            return self._is_relative(before.rpartition(" ")[0])
        return before != "" and self._is_governed(rest)

    def _is_governed(self, clause: str) -> bool:
        if _SAID.search(clause) or _CONCEDES.search(clause):
            return True
        subordinators = list(_SUBORDINATOR.finditer(clause))
        if not subordinators:
            return False
        last = subordinators[-1]
        rest = clause[last.end() :]
        if not rest.strip() or re.fullmatch(GAP + r"\s*", rest):
            return True
        if last.group() in ("which", "who", "whose") and any(verb["present"] for verb in _PRESENT.finditer(rest)):
            return False
        if _is_closed(last.group(), rest):
            outer = subordinators[-2].group() if len(subordinators) > 1 and "," not in rest else ""
            return outer == "that" and self._is_governed(clause[: last.start()])
        comma = rest.rstrip().rfind(", ")
        return comma < 0 or not rest[comma + 1 :].strip() or not _has_finite(rest[:comma])
