"""Actions: the verbs that say what a directive asks, with the words they are read from.

"States parties should continue to review and strengthen their legislation" asks to *review* and to *strengthen*. What
is only to be considered is an action as well ("consider establishing": establish), and *consider* itself where nothing
else is named ("consider the importance of cooperation"). Verbs that only carry another one are passed over: "continue
to", "continue its efforts to". "Take measures to" counts, and so does what the measures are for.

Behind a verb of asking, what somebody else is to do is told apart: "request UNODC to collect" asks the addressee to
*request*, and UNODC, through it, to *collect*. What is not to be done ("should not detain") is *refrain*.

Verbs are joined in one form (base forms, gerunds, participles) as long as no other verb stands nearer: what follows
"in order to", "that", "which" or "by …ing" belongs to that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from ingest.document import Span
from ingest.extraction.clauses import ADVERB, ADVERBS_BEGIN, DATA, WORDS
from ingest.extraction.findings import Mention
from ingest.extraction.verbs import SURE, base_form, is_gerund, may_be_verb, takes_object

Form = Literal["base", "gerund", "participle"]

_OFFENCE = r"as\s+(?:an?\s+)?(?:[a-z]+\s+){0,2}?offences?\b"
_MEASURES = r"\s+(?:[\w,/-]+\s+){0,4}?(?:measures?|steps|action|actions)\b"
_WORDINGS: dict[str, tuple[tuple[str, str], ...]] = {
    "adopt": ((_MEASURES, "take-measures"),),
    "be": ((r"\s+guided\b", "take-into-account"),),
    "bear": ((r"\s+in\s+mind\b", "bear-in-mind"),),
    "become": ((r"\s+(?:a\s+party|parties|States?\s+[Pp]art(?:y|ies))\b", "accede"),),
    "call": ((r"\s+(?:up)?on\b", "request"), (r"\s+for\b", "request")),
    "carry": ((r"\s+out\s+an?\s+(?:[a-z]+\s+)?assessment\b", "assess"), (r"\s+out\b", "carry-out")),
    "conduct": ((r"\s+an?\s+(?:[a-z]+\s+)?assessment\b", "assess"),),
    "deal": ((r"\s+with\b", "address"),),
    "do": ((r"\s+an?\s+(?:[a-z]+\s+)?assessment\b", "assess"),),
    "draw": ((r"\s+up\b", "prepare"), (r"\s+(?:up)?on\b", "use")),
    "establish": ((rf"\s+{_OFFENCE}", "criminalize"), (rf"(?=\s+[^;.]{{1,120}}?\s{_OFFENCE})", "criminalize")),
    "give": (
        (r"\s+(?:[a-z]+\s+){0,2}?attention\s+to\b", "give-attention"),
        (r"(?:\s+[a-z]+){0,2}?\s+priority\s+to\b", "prioritize"),
        (r"(?:\s+[a-z]+){0,2}?\s+consideration\s+to\b", "consider"),
        (r"(?:\s+[a-z]+)?\s+effect\s+to\b", "implement"),
    ),
    "keep": ((r"\s+in\s+mind\b", "bear-in-mind"),),
    "make": (
        (r"\s+(?:[a-z]+\s+){0,3}?use\s+of\b", "use"),
        (r"\s+an?\s+(?:[a-z]+\s+)?assessment\b", "assess"),
        (r"(?=\s+[^;.,]{1,80}?\sa\s+criminal\s+offence\b)", "criminalize"),
    ),
    "pay": ((r"\s+(?:[a-z]+\s+){0,2}?(?:attention|regard)\s+to\b", "give-attention"),),
    "provide": ((r"\s+for\b", "provide"),),
    "put": ((r"\s+in(?:to)?\s+place\b", "establish"), (r"\s+into\s+(?:effect|practice|operation)\b", "implement")),
    "raise": ((r"(?:\s+(?:public|the))?\s+awareness\b", "raise-awareness"),),
    "refrain": ((r"\s+from\b", "refrain"),),
    "scale": ((r"\s+up\b", "intensify"),),
    "set": ((r"\s+up\b", "establish"),),
    "step": ((r"\s+up\b", "intensify"),),
    "take": (
        (r"\s+(?:[a-z]+\s+)?(?:into\s+(?:[a-z]+\s+)?(?:account|consideration)|account\s+of)\b", "take-into-account"),
        (r"\s+(?:[a-z]+\s+)?note\s+of\b", "take-note"),
        (r"\s+part\s+in\b", "participate"),
        (r"\s+(?:[a-z]+\s+)?advantage\s+of\b", "use"),
        (r"\s+an?\s+(?:[\w-]+\s+){0,4}?approach\b", "adopt"),
        (_MEASURES, "take-measures"),
    ),
    "work": ((r"\s+(?:closely\s+)?together\b", "cooperate"),),
}
"""Behind the base form of a verb: words that make another action of it. The first that stands there holds."""
_PATTERNS = {verb: tuple((re.compile(rest), slug) for rest, slug in wordings) for verb, wordings in _WORDINGS.items()}
_CARRY = WORDS["carrying"]
_ASK = frozenset({"request", "invite", "encourage", "urge", "instruct", "mandate", "task", "call"})
_GERUND_NOUNS = WORDS["gerund_nouns"]
_LY = r"(?!(?:apply|comply|imply|multiply|rely|reply|supply)\b)[a-z]+ly"
_ASIDE = r"\s*+,(?:[^,;:()]|\([^()]*\)){1,200},"
_BETWEEN = re.compile(
    rf"(?:\s*+(?:,\s*+)?(?:{ADVERB}|{_LY}|neither|at\s+all\s+times|inter\s+alia)\b(?!-),?|{_ASIDE}){{0,8}}\s*",
    re.IGNORECASE,
)
_BETWEEN_BEGINS = ADVERBS_BEGIN | {"neither", "at", "inter"}
_NEXT_WORD = re.compile(r"\s*([A-Za-z]+)")
"""Most often a verb follows at once, and nothing stands between."""
_NOT = re.compile(r"\b(?:not(?! only)|never|neither|no longer)\b")
_WORD = re.compile(r"[A-Za-z][a-z]+\b(?!-)")
_BE = re.compile(rf"be(?:ing)?\s+(?:(?:{ADVERB}|{_LY})\s+)*(?P<verb>[a-z]+)\b")
_LIKE_TO = r"(?:in\s+order\s+|so\s+as\s+)?to\s+(?:(?:also|further|then|[a-z]+ly)\s+)?"
_TO_VERB = re.compile(rf"\b{_LIKE_TO}(?P<verb>[a-z]+)\b")
_EFFORTS = re.compile(r"\s+(?:(?:its|their|all|every|joint|the|in)\s+)?(?:[a-z]+\s+){0,2}?efforts?\b")
_UNDER_CONSIDERATION = re.compile(
    r"(?P<to>(?:how|whether|(?:[a-z]+\s+){0,2}?(?:ways?|means|measures|options)(?:\s+and\s+(?:means|ways))?)\s+"
    r"(?:best\s+)?to\s+|to\s+)(?=(?P<verb>[a-z]+)\b)"
    r"|(?P<of>(?:the\s+)?(?:possibility|feasibility|advisability|option|desirability|need|idea|ways)\s+"
    r"(?:of|for)\s+)?(?P<gerund>[a-z]+ing)\b(?P<object>\s+[a-z]+|)"
)
_NOMINAL = re.compile(r"(?:the\s+)?(?P<verb>[a-z]+ing)\s+of\b")
_JOINT = re.compile(
    r"(?P<sign>[;,\s])(?:(?<=;)\s*(?:(?:and|or|but)\s+)?|"
    r"(?:(?<=,)\s+|(?<=\s)(?<!\s\s)\s*)(?P<word>and/or|and|or|as\s+well\s+as|but\s+also|but)\b|(?<=,)(?=\s))"
)
_JOINED = re.compile(r"(?P<to>to\s+)?(?P<be>be\s+)?(?P<verb>[a-z]+)\b(?!-)(?P<rest>\s+[a-zA-Z]+|)")
_NEARER = re.compile(
    rf"\b(?:{_LIKE_TO}(?P<verb>[a-z]+)\b|with\s+a\s+view\s+to\b|"
    r"(?<!\bto )(?<!\bin )(?<!\bof )(?<!\bfor )(?<!\bwith )that\b|"
    r"which\b|who\b|whom\b|whose\b|how\b|such\s+as\b|(?:when|where|if)\s(?!appropriate|relevant|necessary|applicable|"
    r"possible|needed|required|it\sis|so\b)|(?:by|through|in|of|for|from|with|on|after|before|while|without|towards?|to)\s+"
    r"(?:[a-z]+ly\s+)?(?P<gerund>[a-z]+ing)\b(?!\s+(?:of|and|or|in|to)\b))"
)
_AND_TO = re.compile(r"(?:(?!\bto\s)[^;])*?\b(?:and|or)(?:,[^,;]*,)?\s+to\s")
"""What shows that ", to hold …" goes on with a list: "to coordinate …, to hold meetings and to share"."""
_REACH = 200
"""How far behind measures, efforts or somebody asked the verb may stand that says what for, in characters."""


@dataclass(frozen=True, slots=True)
class Actions:
    """The actions of a directive: what the addressee is to do, and what those are to do whom it is to ask."""

    own: tuple[Mention, ...] = ()
    asked: tuple[Mention, ...] = ()


def find_actions(text: str, position: int, end: int, subject: str = "") -> Actions:
    """The actions in the words from ``position``, behind the operative phrase, to ``end``.

    ``subject`` are the words before the phrase, which matter for a passive ("measures should be put in place").
    """
    reader = _Reader(text, end, subject)
    reader.read(position)
    return Actions(tuple(reader.own.values()), tuple(reader.asked.values()))


@dataclass(slots=True)
class _Reader:
    """Reads the verbs of one directive from left to right. ``forms`` are those in which further verbs are joined."""

    text: str
    end: int
    subject: str
    own: dict[Span, Mention] = field(default_factory=dict)
    asked: dict[Span, Mention] = field(default_factory=dict)
    forms: set[Form] = field(default_factory=set)
    is_asked: bool = False
    is_refrained: bool = False

    def read(self, position: int) -> None:
        start = self._past_adverbs(position)
        nominal = _NOMINAL.match(self.text, start, self.end)
        if nominal is not None:
            self._note(Span(*nominal.span("verb")), base_form(nominal["verb"]))
            return
        here = self._verb(start, "gerund" if self.text.endswith("with", 0, position) else "base", position)
        if here is None and self.text[position:].lstrip().startswith(","):
            for comma in re.finditer(r",\s+", self.text[start : min(self.end, start + _REACH)]):
                here = self._verb(start + comma.end(), "base", position) if here is None else here
        while here is not None:
            here = self._joined(here)

    def _past_adverbs(self, position: int) -> int:
        word = _NEXT_WORD.match(self.text, position, self.end)
        if word and not (word[1].lower() in _BETWEEN_BEGINS or word[1].lower().endswith("ly")):
            return word.start(1)
        adverbs = _BETWEEN.match(self.text, position, self.end)
        return adverbs.end() if adverbs else position

    def _note(self, span: Span, slug: str) -> None:
        notes = self.asked if self.is_asked else self.own
        notes[span] = Mention(span, f"id/action/{slug}", "action")

    def _verb(self, start: int, form: Form, since: int) -> int | None:
        """Reads the verb at a place, and what it carries; where its words end. None where no verb stands."""
        is_negated = _NOT.search(self.text, since, start)
        passive = _BE.match(self.text, start, self.end) if form == "base" else None
        if passive is not None:
            form = "participle"
        word = _WORD.match(self.text, passive.start("verb") if passive else start, self.end)
        if word is None or (form == "gerund" and not is_gerund(word.group())):
            return None
        if form == "base" and not may_be_verb(word.group().lower()):
            return None
        verb = base_form(word.group())
        if passive is not None and not re.search(r"(?:ed|en)$", word.group()) and verb == word.group() != "put":
            return word.end()
        self.forms.add(form)
        if is_negated is not None:
            self.is_refrained = True
            self._note(Span(is_negated.start(), word.end()), "refrain")
            return word.end()
        self.is_refrained = False
        slug, stop = self._wording(verb, word.end())
        span = Span(word.start(), stop)
        if slug == "establish" and passive is not None and re.search(r"\b(?:measures|steps)$", self.subject):
            slug = "take-measures"
        if slug == "consider" and form != "participle":
            return self._considered(span)
        carried = self._carried(verb, span) if verb in _CARRY else None
        if carried is not None:
            return carried
        efforts = self._efforts(stop)
        if slug in ("be", "have") or (slug == "make" and efforts):
            return (efforts and self._for_what(stop, is_asked=self.is_asked)) or stop
        self._note(span, slug)
        if verb in _ASK or slug == "request":
            return self._for_what(stop, is_asked=True) or stop
        if slug == "take-measures" or efforts:
            return self._for_what(stop, is_asked=self.is_asked) or stop
        return stop

    def _wording(self, verb: str, stop: int) -> tuple[str, int]:
        """The action of a verb with the words behind it, and where they end."""
        for pattern, slug in _PATTERNS.get(verb, ()):
            if wording := pattern.match(self.text, stop, self.end):
                return slug, wording.end()
        return DATA["same_actions"].get(verb, verb), stop

    def _considered(self, span: Span) -> int:
        """Reads what is to be considered: a gerund, a verb behind *how to*, else *consider* is the action."""
        start = self._past_adverbs(span.end)
        considered = _UNDER_CONSIDERATION.match(self.text, start, self.end)
        self.forms.add("gerund")
        if considered is not None:
            verb, gerund = considered["verb"], considered["gerund"]
            form: Form = "base" if verb else "gerund"
            is_one = may_be_verb(verb) if verb else self._is_gerund(gerund, considered["object"])
            start = considered.start("verb" if verb else "gerund")
            if is_one and (read := self._verb(start, form, start)) is not None:
                return read
        self._note(span, "consider")
        return span.end

    def _is_gerund(self, word: str, following: str) -> bool:
        return word not in _GERUND_NOUNS or takes_object(base_form(word), following.strip())

    def _carried(self, verb: str, span: Span) -> int | None:
        """Reads the verb that another only carries, if there is one; where it ends."""
        start = self._past_adverbs(span.end)
        efforts = self._efforts(span.end)
        if efforts is not None and verb in ("continue", "keep"):
            return self._for_what(efforts.end(), is_asked=self.is_asked)
        to = _TO_VERB.match(self.text, start, self.end)
        if to is not None and may_be_verb(to["verb"]):
            return self._verb(to.start("verb"), "base", to.start("verb"))
        word = _WORD.match(self.text, start, self.end)
        if (
            verb in ("continue", "start", "begin", "keep")
            and word
            and is_gerund(word.group())
            and self._is_gerund(word.group(), "the")
        ):
            return self._verb(start, "gerund", start)
        return None

    def _efforts(self, position: int) -> re.Match[str] | None:
        return _EFFORTS.match(self.text, position, self.end) if "effort" in self.text else None

    def _for_what(self, position: int, *, is_asked: bool) -> int | None:
        """Reads the first verb behind *to* that nothing separates from here; where it ends."""
        reach = min(self.end, position + _REACH)
        here = position
        while nearer := _NEARER.search(self.text, here, reach):
            if nearer["verb"] is None and nearer["gerund"] not in _GERUND_NOUNS:
                return None
            if nearer["verb"] and may_be_verb(nearer["verb"]):
                self.forms, self.is_asked = {"base"}, is_asked
                return self._verb(nearer.start("verb"), "base", nearer.start("verb"))
            here = nearer.end()
        return None

    def _joined(self, position: int) -> int | None:
        """Reads the next verb that is joined to those before and to no nearer one; where it ends."""
        here = position
        between: list[Span] = []
        while joint := _JOINT.search(self.text, here, self.end):
            between = [] if joint["sign"] == ";" else [*between, Span(here, joint.start())]
            here, adjacent = joint.end(), joint.start() == position
            joined = _JOINED.match(self.text, self._past_adverbs(here), self.end)
            form = self._form(joint, joined, adjacent=adjacent) if joined else None
            if joined is None or form is None or (self.is_refrained and joint["word"] == "or"):
                continue
            if adjacent or self._holds_on(joint, between, joined):
                passive = form == "participle" and joined["be"]
                place = joined.start("be") if passive else joined.start("verb")
                read = self._verb(place, "base" if passive else form, here)
                if read is not None:
                    return read
        return None

    def _has_nearer(self, words: Span) -> bool:
        """Whether another verb opens a clause of its own in words between two joints."""
        for nearer in _NEARER.finditer(self.text, words.start, words.end):
            if nearer["gerund"] in _GERUND_NOUNS:
                continue
            if nearer["verb"] is None or may_be_verb(nearer["verb"]):
                return True
        return False

    def _holds_on(self, joint: re.Match[str], between: list[Span], joined: re.Match[str]) -> bool:
        """Whether what is joined may go with the verbs before: no other verb stands nearer, or it goes past that."""
        if not any(self._has_nearer(words) for words in between):
            return True
        is_apart = joint["sign"] == "," and (joint["word"] or "").startswith("as")
        return is_apart and "gerund" in self.forms and is_gerund(joined["verb"])

    def _form(self, joint: re.Match[str], joined: re.Match[str], *, adjacent: bool) -> Form | None:
        """The form in which a word is joined as a verb, or None where it is none."""
        word, following = joined["verb"], joined["rest"].strip()
        is_comma = joint.group() == ","
        if is_comma and not adjacent and (is_gerund(word) or joined["to"]):
            goes_on = joined["to"] and _AND_TO.match(self.text, joined.end("verb"), self.end)
            return "base" if goes_on and "base" in self.forms and may_be_verb(word) else None
        if "gerund" in self.forms and is_gerund(word) and not joined["to"]:
            return "gerund" if self._is_gerund(word, following) else None
        if "participle" in self.forms and not joined["to"] and (word.endswith("ed") or joined["be"]):
            is_last = not following or following in ("by", "with", "to", "in", "at", "on", "for", "as", "and", "or")
            return "participle" if adjacent or joined["be"] or is_last or following.endswith("ly") else None
        if "base" not in self.forms or is_gerund(word):
            return None
        if is_comma:
            return "base" if word in SURE else None
        if joined["to"] or adjacent:
            return "base" if may_be_verb(word) else None
        return "base" if takes_object(word, following) else None
