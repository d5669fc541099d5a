"""Operative phrases: where a sentence may tell somebody to act, and which modality of the closed list that is.

The words of other documents map to the nearest of the nine:

- should: should, shall, must, ought to, need to
- urged: urge, call upon, call on, call for, appeal to
- encouraged: encourage
- invited: invite
- may-wish: may wish to, might wish to
- could: could; may: may (can, might, will and would describe and are no directives)
- requested: request, ask
- recommended: recommend, suggest, propose, advise, agree that, decide that, reiterate a recommendation

A directive verb in the passive keeps its own modality after *be* and *should* ("should be urged to" is urged); after
*may* and *could* those decide ("may be requested to" is may).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ingest.document import Span
from ingest.extraction.clauses import ADVERBS, GAP, PARENTHESIS

Voice = Literal["modal", "passive", "active"]

_MODALS = {
    "should": "should",
    "shall": "should",
    "must": "should",
    "ought to": "should",
    "need to": "should",
    "needs to": "should",
    "could": "could",
    "may": "may",
    "might": "may",
}
_STEMS = (
    ("urg", "urged"),
    ("call", "urged"),
    ("appeal", "urged"),
    ("encourag", "encouraged"),
    ("invit", "invited"),
    ("request", "requested"),
    ("ask", "requested"),
    ("", "recommended"),
)
_PARTICIPLE = r"(?:urged|encouraged|invited|requested|asked|recommended|advised|called (?:up)?on)"
_PARTICIPLES = rf"(?P<participle>{_PARTICIPLE})(?:\s+and{ADVERBS}\s+{_PARTICIPLE})?"
_TO = rf"{PARENTHESIS}?\s+to"
_MODAL = re.compile(
    rf"\b(?P<modal>should|shall|must|may|might|could|ought to|needs? to)\b"
    rf"(?P<phrase>{GAP}\s+wish{ADVERBS}\s+to\b|{GAP}\s+be{ADVERBS}\s+{_PARTICIPLES}{_TO}\b)?"
)
_PASSIVE = re.compile(rf"\b(?:is|are|was|were|(?:has|have) been)\b{GAP}\s+{_PARTICIPLES}{_TO}\b")
_ELIDED = re.compile(rf"\b(?:and|or){GAP}\s+(?P<phrase>{_PARTICIPLES}{_TO})\b")
_ACTIVE = re.compile(
    r"\b(?P<verb>[Rr]equest(?:s|ed)|[Uu]rge[sd]|[Ee]ncourage[sd]|[Ii]nvite[sd]|[Cc]all(?:s|ed) (?:upon|on|"
    r"for)|[Aa]sk(?:s|ed)|"
    r"[Aa]ppeal(?:s|ed) to|[Rr]ecommend(?:s|ed)|[Ss]uggest(?:s|ed) that|[Pp]ropose[sd] that|[Aa]dvise[sd]|"
    r"(?:[Aa]gree[sd]|[Dd]ecide[sd])(?: to recommend)? that|"
    r"(?:[Aa]gree[sd]|[Dd]ecide[sd]) to (?P<infinitive>request|urge|encourage|invite|call (?:up)?on|ask|recommend)|"
    r"[Rr]eiterate[sd] (?:its|their) (?P<noun>recommendation|request|invitation|call)s?)\b"
)
_IMPERSONAL = re.compile(
    rf"\b[Ii]t (?:is|was|has been){ADVERBS}\s+(?P<verb>recommended|suggested|proposed|requested|agreed|decided) that\b"
)
_CONSIDER = re.compile(rf"{GAP}\s+(?:continue\s+(?:to\s+)?)?consider(?:ing)?\b")


@dataclass(frozen=True, slots=True)
class Operative:
    """A phrase that may be operative.

    ``span`` is the phrase up to its *to* or its bare modal; ``carrier`` the modal as printed, empty for a directive
    verb alone; ``is_bare`` says that neither *wish* nor a directive verb follows the modal.
    """

    span: Span
    modality: str
    voice: Voice
    carrier: str = ""
    is_bare: bool = False
    is_impersonal: bool = False

    def with_consider(self, text: str, end: int) -> Span:
        """The span, and *consider* with it where it follows before ``end``: "may wish to consider"."""
        found = _CONSIDER.match(text, self.span.end, end)
        return Span(self.span.start, found.end()) if found else self.span


def slug_of(verb: str) -> str:
    """The modality of a directive verb, in any of its forms."""
    return next(slug for stem, slug in _STEMS if verb.lower().startswith(stem))


def operatives(text: str, sentence: Span) -> tuple[Operative, ...]:
    """All phrases of a sentence that may be operative, in order; whether they are, their clauses say."""
    found = [
        *_modals(text, sentence),
        *_passives(text, sentence),
        *_actives(text, sentence),
    ]
    kept: list[Operative] = []
    for each in sorted(found, key=lambda each: (each.span.start, not each.is_impersonal, -each.span.end)):
        if not kept or each.span.start >= kept[-1].span.end:
            kept.append(each)
    return tuple(kept)


def _modals(text: str, sentence: Span) -> Iterator[Operative]:
    for found in _MODAL.finditer(text, sentence.start, sentence.end):
        word = found["modal"]
        modality = _MODALS[word]
        participle = found["participle"]
        is_weak = modality in ("may", "could")
        if participle and not is_weak:
            modality = slug_of(participle)
        elif found["phrase"] and not participle and is_weak:
            modality = "may-wish" if modality == "may" else "could"
        yield Operative(Span(*found.span()), modality, "modal", word, is_bare=found["phrase"] is None)


def _passives(text: str, sentence: Span) -> Iterator[Operative]:
    for found in _PASSIVE.finditer(text, sentence.start, sentence.end):
        yield Operative(Span(*found.span()), slug_of(found["participle"]), "passive")
    for found in _ELIDED.finditer(text, sentence.start, sentence.end):
        yield Operative(Span(*found.span("phrase")), slug_of(found["participle"]), "passive", carrier="and")


def _actives(text: str, sentence: Span) -> Iterator[Operative]:
    for found in _ACTIVE.finditer(text, sentence.start, sentence.end):
        verb = found["infinitive"] or found["noun"] or found["verb"]
        modality = "recommended" if verb == "recommendation" else slug_of(verb)
        end = found.end() - len(" that") if found.group().endswith(" that") else found.end()
        yield Operative(Span(found.start(), end), modality, "active")
    for found in _IMPERSONAL.finditer(text, sentence.start, sentence.end):
        verb = "requested" if found["verb"] == "requested" else "recommended"
        span = Span(found.start("verb"), found.end("verb"))
        yield Operative(span, verb, "active", is_impersonal=True)
