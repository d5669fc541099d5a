"""Polite requests, and other words that ask in a roundabout way.

"The Committee would be grateful if States could report", "would appreciate receiving information from the State party"
and "would welcome comments" ask what the issuer wants to be done. What it would be grateful or glad for otherwise
("would appreciate the help that States give", "would be pleased to assist"), and what a letter says of its own
circulation, asks nothing.

*Insists* asks where somebody is to do something ("insists that Norway release the ferries"), not where it holds that
something is so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.document import Span
from ingest.extraction.clauses import ADVERBS, holds
from ingest.extraction.verbs import SURE, takes_object

_INFORMATION = (
    r"(?:[\w-]+,?\s){0,4}?(?:advice|assistance|clarifications?|comments|contributions?|data|details|explanations?|feedback|guidance|"
    r"information|inputs?|proposals|replies|reply|responses?|suggestions|updates?|views)\b(?!\s(?:provided|received|given)\b)"
)
_RECEIVING = r"(?:receiving|hearing|learning|knowing|being\s(?:informed|provided|told|advised))\b"
_GLADLY = r"(?:\s+(?:also|further|therefore|most|very|much|very\smuch|[a-z]+ly))*"
_POLITE = re.compile(
    rf"\b(?:would|(?<=\bI )should|(?<=\b[Ww]e )should){_GLADLY}\s+(?:"
    rf"be{_GLADLY}\s+(?:grateful|glad|obliged|pleased|thankful)(?=\s(?:if|to\s(?:receive|hear|learn|know)|for\s{_INFORMATION})\b)|"
    rf"be\s+appreciated(?=\sif\b)|"
    rf"(?:appreciate|welcome)(?=\s(?:(?:it\s)?if\b|{_RECEIVING}|{_INFORMATION}))|"
    r"like(?=\sto\s(?:receive|hear|learn|know|be\s(?:informed|provided|told))\b))"
)
_HINTS = ("grateful", "glad", "obliged", "pleased", "thankful", "appreciate", "would welcome", "like to ")
_OF_ITSELF = re.compile(
    r"(?=[^.;]{0,200}?\b(?:present|this|enclosed|attached|annexed)\b)[^.;]{0,200}?\b(?:circulat|issued|distribut|publish|brought)"
)
"""What a letter asks for itself: "I should be grateful if you would have the present letter circulated"."""
IF = re.compile(r"\s+(?:it\s+)?if\s+")
"""Between a polite request and whom it asks: "would appreciate it if"."""
COULD = re.compile(rf"{ADVERBS}\s+(?:could|would|might|were\sto|agreed\sto){ADVERBS}\s")
"""Behind whom a polite request asks: "if States could"."""
FROM = re.compile(
    r"[^.;:]{0,160}?\b(?:from|(?:advice|assistance|comments|cooperation|guidance|support|views)\sof)\s+(?:the\s)?"
)
_FINITE = re.compile(
    r"\b(?:should|shall|must|is|are|was|were|has|have|had|will|would|may|can|could|might|ought|need)\b"
)
_CLAUSE = re.compile(r"\s+that\s+(?P<clause>[^,;:.]{3,200})")
_ON_ITS_IMPORTANCE = re.compile(
    r"\s+on\s(?:(?:the|its|their|an?)\s)?(?:[a-z-]+\s){0,2}?(?:importance|need|necessity|rights?|principles?|role|view|fact|position)\b"
)


def polite_requests(text: str, sentence: Span, lowered: str) -> Iterator[Span]:
    """The words of each polite request in a sentence, whoever speaks; ``lowered`` is the sentence in small letters."""
    if not holds(lowered, _HINTS):
        return
    for polite in _POLITE.finditer(text, sentence.start, sentence.end):
        if not _OF_ITSELF.match(text, polite.end(), sentence.end):
            yield Span(*polite.span())


def insists_on_an_act(text: str, position: int) -> bool:
    """Whether somebody is to act by the words behind *insists*, not only something said to be so."""
    that = _CLAUSE.match(text, position)
    if that is None:
        return text.startswith(" on ", position) and _ON_ITS_IMPORTANCE.match(text, position) is None
    words = that["clause"].split()
    if _FINITE.search(that["clause"]) or any({word[:-1], word[:-2]} & SURE for word in words if word.endswith("s")):
        return False
    of_three = zip(words, words[1:], [*words[2:], ""], strict=False)
    return any(word == "be" or takes_object(word, following) for before, word, following in of_three if before != "to")
