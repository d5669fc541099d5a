"""Asked actors: whom the addressee of a directive is to ask for something.

To ask is to request, call upon, call on, invite, ask, urge or appeal to somebody to act, or to request or seek
assistance from somebody. To encourage somebody, to inform, notify, use or cooperate with somebody is not. A request
as a noun ("requests for international cooperation", "at the request of") asks nobody.
"""

from __future__ import annotations

import re

from ingest.document import Span
from ingest.extraction.findings import Mention
from ingest.extraction.subjects import Actors

_VERB = re.compile(
    r"(?<![\w-])(?:request(?:ing)?|call(?:ing)?\s+(?:up)?on|invit(?:e|ing)|ask(?:ing)?|urg(?:e|ing)|"
    r"appeal(?:ing)?\s+to|seek(?:ing)?)\s+"
)
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
    found: list[Mention] = []
    for verb in _VERB.finditer(text, span.start, span.end):
        if _NOUN.search(text[max(span.start, verb.start() - 20) : verb.start()]):
            continue
        found += _asked_by(text, verb, span.end, actors)
    return tuple(dict.fromkeys(found))


def _asked_by(text: str, verb: re.Match[str], end: int, actors: Actors) -> tuple[Mention, ...]:
    for pattern in (_HELP_FROM, _FROM, _HELP_OF):
        help_ = pattern.match(text, verb.end(), end)
        chain = actors.chain(help_.end()) if help_ else None
        if chain is not None:
            return chain.actors
    if verb.group().startswith("seek"):
        return ()
    chain = actors.object(verb.end())
    if chain is None or chain.end > end or not (_ACTS.match(text, chain.end, end) or _asks_for(verb, text, chain.end)):
        return ()
    return chain.actors


def _asks_for(verb: re.Match[str], text: str, position: int) -> bool:
    return verb.group().startswith("ask") and text.startswith(" for ", position)
