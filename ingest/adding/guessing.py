"""Proposes the metadata of a document from its text, each value with its line, for a person to confirm."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from ingest.adding.titles import KINDS, day_of_issue, in_small_letters, remaining_title, state_under_review, title_of
from ingest.document import MeetingReference, Metadata
from ingest.extraction import Lexicon
from ingest.extraction.findings import Mention
from ingest.extraction.meanings import REVIEWED
from ingest.extraction.treaties import unlisted_treaties
from ingest.front import ENACTING, read_front, unwrapped
from ingest.metadata import LONGEST_MEETING, PRINTED_DATES, period
from ingest.numbering import following_numbers, paragraph_numbers
from ingest.source import Line, read_lines
from ontology.words import period_in_words

LANGUAGES = {
    "en": ("the", "of", "and", "to", "in", "that"),
    "fr": ("les", "des", "et", "du", "dans", "que"),
    "es": ("los", "las", "del", "y", "que", "en"),
    "ru": ("и", "в", "на", "по", "с", "что"),
}
_OTHER_SCRIPTS = (
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ru", re.compile("[а-я]")),
)
_IN_LATIN_LETTERS = str.maketrans({
    **dict(zip("абвгдеёзийклмнопрстуфыэъь", [*"abvgdeezijklmnoprstufye", "", ""], strict=True)),
    "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya", "ß": "ss", "ø": "o",
    "æ": "ae", "œ": "oe", "ł": "l", "’": "-",
})  # fmt: skip
"""Russian letters, and Latin ones that are no letter with a mark."""
_OF_AN_ASSEMBLY = re.compile(r"WHA[0-9]+\.[0-9]+(?=\s)")
_ORDINAL = re.compile(
    r"^(?:The )?(?:(?:\w+-)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|"
    r"\w+teenth|\w+ieth|\d+(?:st|nd|rd|th)) )?",
    re.IGNORECASE,
)
_OF_MANY = re.compile(r"(?:Conference(?: of the (?:States )?Parties)?|Committee|Council|Commission|Assembly|Meeting)$")
"""What more than one body is called."""
_SYMBOL = re.compile(r"[A-Z]{1,8}(?:/[\w.()-]+)+(?<![.])")
_AGENDA = re.compile(rf"\*+\s*({_SYMBOL.pattern})\.?")
"""The note to "Item 3 of the provisional agenda": a star and nothing but a symbol."""
_BODY = re.compile(
    r"^(?:Conference|Council|Assembly|General Assembly|Economic and Social Council|Security Council|"
    r"Human Rights Council|Commission|Committee|Board|Conferencia|Consejo|Asamblea|Comisión|Comité|Conférence|Conseil|"
    r"Assemblée)\b[^.]*$"
)
_PLACE = re.compile(r"\bheld in ([A-Z][\w’' -]*?),? (?:from|on)\b")
_HELD = re.compile(r"\b(?:meeting|session|held|adopted)\b", re.IGNORECASE)
_NOTE_OR_NUMBER = re.compile(r"\d|\[\^|[*†‡]")
_MEETING = re.compile(r"\bits (\w+) (?:meeting|session)\b")
_GROUP = re.compile(
    r"\bWorking Group on .*?(?=,| at its\b| on its\b| held\b| to the\b| [A-Z][a-z-]* session\b|[.;]|$)|"
    r"(?<=^Report of the )(?:Advisory Committee|Special Rapporteur|Independent Expert|Special Representative|"
    r"Special Committee|Committee|Commission|Board|Ad Hoc Committee|Panel|Expert Group|Open-ended) .*?"
    r"(?=\*|, [A-Z][a-z]+ [A-Z]| at its\b| on its\b| held\b| to the\b|[.;]|$)"
)
"""Whose report it is: a working group, a committee or an expert by the whole of the name."""
_DEFINED = re.compile(
    r"[(](?:hereinafter(?: referred to as| called)?,? )?[“\"‘]?(the [A-Z][A-Za-z-]*(?: [A-Z][A-Za-z-]*)*)[”\"’]?[)]"
)
_NOUN = re.compile("Protocol|Convention")
_CLAUSE = re.compile(r",[^.;()]{1,90}")
SHORT_NAMES = (
    "the Working Group",
    "the Special Rapporteur",
    "the Independent Expert",
    "the Advisory Committee",
    "the Conference",
    "the Committee",
    "the Commission",
    "the Council",
    "the Assembly",
)
CORRECTS = re.compile(r"/Corr\.\d+$")
"""How the symbol of a corrigendum ends."""
CLOSING_LINES = 3
"""Where a statement has its place and day, if its masthead has none."""
DISTRIBUTIONS = re.compile(r"Distr\.?:?\s*([A-Za-zÀ-ÿ]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value, with the line of the source text that supports it (0 for none) and the text of that line."""

    value: str
    line: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is described already: names of actors by slug, and meetings with body and days (slug of each)."""

    lexicon: Lexicon
    actors: Mapping[str, str]
    meetings: tuple[MeetingReference, ...] = ()

    def actor_named(self, text: str) -> str:
        """The slug of the actor whose whole name a text is, empty for none."""
        for span, entry in self.lexicon.occurrences(text):
            if entry.kind == "actor" and (span.start, span.end) == (0, len(text)):
                return entry.entity.removeprefix("id/actor/")
        return ""


@dataclass(slots=True)
class Guess:
    """Proposals by the keys of a ``.toml`` file; what short names mean; undescribed actors; meetings."""

    values: dict[str, Proposal] = field(default_factory=dict)
    means: dict[str, Proposal] = field(default_factory=dict)
    actors: dict[str, str] = field(default_factory=dict)
    meetings: tuple[MeetingReference, ...] = ()

    def set(self, key: str, value: str, line: Line | None = None) -> None:
        """Proposes a value for a key that has none yet."""
        if value and key not in self.values:
            self.values[key] = Proposal(value, line.number if line else 0, line.text if line else "")


def slug_of(name: str) -> str:
    """A name in lower-case Latin letters, digits and hyphens: "Comité des ports" is comite-des-ports, "Совет" sovet.
    One of other letters alone has a number that is made of it."""
    latin = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", name).lower().translate(_IN_LATIN_LETTERS))
    plain = "".join(sign for sign in latin if not unicodedata.combining(sign))
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    is_other = not slug and any(sign.isalnum() for sign in name)
    return f"name-{hashlib.sha256(name.encode()).hexdigest()[:8]}" if is_other else slug


def guess(
    text: str, file: str, known: Known, says: Mapping[str, str] | None = None, left_out: Sequence[str] = ()
) -> Guess:
    """The guesses for a source text; ``file`` is its name as it came, ``says`` what it holds beside it, ``left_out``
    the heads and feet of its pages."""
    lines, _ = read_lines(text)
    numbers = [opening.printed for opening in paragraph_numbers(lines)]
    empty = Metadata("", "", date.min, "", "")
    front = read_front(lines, numbers, following_numbers(lines, numbers), empty)
    end = front.end if front else len(lines)
    contents = front.contents if front else frozenset[int]()
    opening = (n for n, line in enumerate(lines) if line.begins and ENACTING.match(line.text))
    enacting = next(opening, len(lines))
    above = [line for position, line in enumerate(lines[: min(end, enacting)]) if position not in contents]
    top = unwrapped([line for line in above if not line.text.startswith(("*", "†")) and line.text[:1] != "["])
    guessed = Guess()
    guessed.set("slug", slug_of(Path(file).stem))
    for key, value in (says or {}).items():
        guessed.values[key] = Proposal(value, words="the file's own metadata")
    _masthead(top, guessed)
    head = next((line for line in left_out if "/" in line and _SYMBOL.fullmatch(line.rstrip("*"))), "")
    if head:
        guessed.values.setdefault("symbol", Proposal(head.rstrip("*"), words="the head of its pages"))
    own = guessed.values.get("symbol")
    if own is not None and CORRECTS.search(own.value):
        guessed.values["kind"] = replace(own, value="corrigendum")
    title, line_of_title = title_of(top)
    _bodies(top, title, guessed, known)
    if enacting < len(lines) and "body" not in guessed.values:
        _enacting(lines[enacting], guessed, known)
    if not title:
        title, line_of_title = remaining_title(top, {proposal.line for proposal in guessed.values.values()})
    guessed.set("title", title, line_of_title)
    guessed.set(
        "issued", *day_of_issue([line for line in lines[-CLOSING_LINES:] if line.begins and line.text[0].isalpha()])
    )
    guessed.set("language", _language(text))
    agenda = (match for line in lines if (match := _AGENDA.fullmatch(line.text)))
    if symbol := next(agenda, None):
        guessed.set("agenda_symbol", symbol[1])
    if state := state_under_review(top):
        name = state.text.rstrip("*")
        guessed.actors[slug_of(name)] = name
        guessed.means[REVIEWED] = Proposal(slug_of(name), state.number, state.text)
    for short, proposal in _definitions(lines, known, guessed.values.get("body", Proposal(""))):
        guessed.means.setdefault(short, proposal)
    _usual_meanings(guessed)
    guessed.meetings = tuple(_meetings(lines, guessed, known))
    return guessed


def _masthead(top: list[Line], guessed: Guess) -> None:
    guessed.set("issued", *day_of_issue(top))
    for line in top:
        if distribution := DISTRIBUTIONS.match(line.text):
            guessed.set("distribution", distribution[1].capitalize(), line)
        if _SYMBOL.fullmatch(line.text.rstrip("*")) and "/" in line.text:
            guessed.set("symbol", line.text.rstrip("*"), line)
        elif assembly := _OF_AN_ASSEMBLY.match(line.text):
            guessed.set("symbol", assembly[0], line)
        if re.fullmatch(r"Note by the Secretariat\*?", line.text):
            guessed.set("author", "secretariat", line)
        elif re.fullmatch(r"(?:Note by|Report of) the Secretary-General\*?", line.text):
            guessed.set("author", "secretary-general", line)
    for kind, pattern in KINDS:
        said = (line for line in top if line.text[0] != "|" and not line.text.endswith((";", ",")))
        if line_ := next((line for line in said if pattern.search(line.text)), None):
            guessed.set("kind", kind, line_)


def _bodies(top: list[Line], title: str, guessed: Guess, known: Known) -> None:
    """The body is the first that the masthead names; the issuer is the working group that it names, else the body."""
    for line in top:
        name = in_small_letters(line.text.rstrip("*,"))
        if name.lower() in ("united nations", "general assembly") and line is not top[-1] and name != title:
            later = [one for one in top if _BODY.match(in_small_letters(one.text)) and one.text != line.text]
            if later or name.lower() == "united nations":
                continue
        slug = known.actor_named(name)
        if not slug and _BODY.match(name):
            slug = slug_of(name)
            guessed.actors[slug] = name
        if slug and slug not in known.actors and slug not in guessed.actors:
            continue
        if slug and not _GROUP.match(name):
            guessed.set("body", slug, line)
            break
    for line in top:
        for match in _GROUP.finditer(line.text):
            name = match[0].rstrip("* ")
            slug = known.actor_named(name)
            if not slug:
                slug = slug_of(name)
                guessed.actors[slug] = name
            guessed.set("issuer", slug, line)
    if body := guessed.values.get("body"):
        guessed.values.setdefault("issuer", body)
        guessed.values.setdefault("publisher", body)


def _enacting(line: Line, guessed: Guess, known: Known) -> None:
    """The body that speaks, where no masthead names it: "The Sixty-sixth World Health Assembly, Recalling"."""
    name = in_small_letters(_ORDINAL.sub("", line.text.partition(",")[0]))
    if _OF_MANY.match(name):
        return
    slug = known.actor_named(name) or slug_of(name)
    if slug not in known.actors:
        guessed.actors[slug] = name
    for key in ("body", "issuer", "publisher"):
        guessed.set(key, slug, line)


def _language(text: str) -> str:
    sample = text[:20000]
    for language, pattern in _OTHER_SCRIPTS:
        if len(pattern.findall(sample)) * 4 > len(re.findall(r"\w", sample)):
            return language
    words = Counter(re.findall(r"[^\W\d_]+", sample.lower()))
    scores = {language: sum(words[word] for word in common) for language, common in LANGUAGES.items()}
    best = max(scores, key=lambda language: scores[language])
    return best if scores[best] else ""


def _definitions(lines: tuple[Line, ...], known: Known, body: Proposal) -> Iterator[tuple[str, Proposal]]:
    """Short names that the text itself defines: "… (the Protocol)", "… (hereinafter “the Convention”)"; those also by
    the name of its body, and by being the only one of their noun."""
    defined: dict[str, list[Proposal]] = {}
    for place, line in enumerate(lines):
        for match in _DEFINED.finditer(line.text):
            above = " ".join(one.text for one in lines[max(0, place - 3) : place])
            before = f"{above} {line.text[: match.start()]}".rstrip()
            if entity := _defined(before, match[1].rpartition(" ")[2], known):
                proposal = Proposal(entity.rpartition("/")[2], line.number, match[0])
                defined.setdefault(match[1], []).append(proposal)
    for short, proposals in defined.items():
        meanings = {each.value: f"{each.value} in line {each.line}" for each in reversed(proposals)}
        several = f"defined as {' and as '.join(reversed(meanings.values()))}: say which is meant"
        yield short, Proposal("", words=several) if len(meanings) > 1 else proposals[0]
    whole = [(*one, line) for line in lines for one in _treaties(line.text, known)]
    of_body = dict(_treaties(body.words, known))
    for noun in ("Protocol", "Convention"):
        named = {entity: line.number for entity, of, line in reversed(whole) if of == noun}
        if own := [entity for entity, of in of_body.items() if of == noun]:
            yield f"the {noun}", Proposal(own[0].rpartition("/")[2], body.line, "the name of the body")
        elif len(named) == 1 and not any(noun in name for line in lines for name in _unlisted(line.text, known)):
            ((entity, number),) = named.items()
            yield f"the {noun}", Proposal(entity.rpartition("/")[2], number, f"no other {noun} is named")


def _treaties(text: str, known: Known) -> Iterator[tuple[str, str]]:
    """The treaties that a text names in several words, each with what it is called for short."""
    for _, entry in known.lexicon.occurrences(text):
        if entry.kind == "instrument" and " " in entry.spelling and (noun := _NOUN.search(entry.spelling)):
            yield entry.entity, noun[0]


def _defined(before: str, noun: str, known: Known) -> str:
    """What a short name with this noun is defined as behind these words: what they end with, or the treaty of that noun
    that they name last, with a clause behind it such as "supplementing that Convention". Empty for nothing."""
    named = [
        (span, entry)
        for span, entry in known.lexicon.occurrences(before)
        if (span.end == len(before) and entry.kind in ("instrument", "actor"))
        or (entry.kind == "instrument" and noun in span.cut(before) and _CLAUSE.fullmatch(before, span.end))
    ]
    return max(named, key=lambda one: (one[0].end, len(one[1].spelling)))[1].entity if named else ""


def _unlisted(text: str, known: Known) -> Iterator[str]:
    """The treaties of a line that no reference data list: what "the Convention" is, is open then."""
    named = [Mention(span, entry.entity, entry.kind) for span, entry in known.lexicon.occurrences(text)]
    return (mention.span.cut(text) for mention in unlisted_treaties(text, named))


def _usual_meanings(guessed: Guess) -> None:
    """What short names of bodies mean in a document of this issuer and body."""
    for key in ("issuer", "body"):
        proposal = guessed.values.get(key)
        if proposal is None:
            continue
        name = guessed.actors.get(proposal.value, proposal.words)
        for short in SHORT_NAMES:
            if re.search(rf"\b{short.removeprefix('the ')}\b", name):
                guessed.means.setdefault(short, proposal)
    if body := guessed.values.get("body"):
        guessed.means.setdefault("resolution", body)
        if body.value == "conference-of-the-parties":
            guessed.means.setdefault("the Secretariat", replace(body, value="secretariat"))


def _meetings(lines: tuple[Line, ...], guessed: Guess, known: Known) -> Iterator[MeetingReference]:
    """The meetings whose dates stand in a line that speaks of recommendations, in order of time.

    One that is described already keeps its name only where its body is that of this document.
    """
    issuer = guessed.values["issuer"].value if "issuer" in guessed.values else ""
    slug = guessed.values["slug"].value
    own = [one for one in known.meetings if one.body in ("", issuer)]
    stems = Counter(re.sub(r"-\d{4}(-\d{2})?$", "", one.slug) for one in own)
    stem = stems.most_common(1)[0][0] if stems else re.sub(r"-?\d{4}$", "", slug) or slug
    meetings: dict[tuple[date, date], MeetingReference] = {}
    for line in lines:
        if (
            "recommendations" not in line.text.lower()
            or not _HELD.search(line.text)
            or _NOTE_OR_NUMBER.match(line.text)
        ):
            continue
        for match in PRINTED_DATES.finditer(line.text):
            try:
                days_ = period(match)
            except ValueError:
                continue
            if (days_[1] - days_[0]).days > LONGEST_MEETING:
                continue
            same = next((one for one in own if (one.start, one.end) == days_), None)
            meetings.setdefault(days_, same or _new(line.text, days_, guessed, issuer))
    taken = {one.slug for one in known.meetings}
    for _, meeting in sorted(meetings.items()):
        if meeting.slug:
            yield meeting
            continue
        name = f"{stem}-{meeting.start.year}"
        name = name if name not in taken else f"{name}-{meeting.start.month:02}"
        taken.add(name)
        yield replace(meeting, slug=name)


def _new(line: str, days_: tuple[date, date], guessed: Guess, issuer: str) -> MeetingReference:
    place, ordinal, group = _PLACE.search(line), _MEETING.search(line), _GROUP.search(line)
    name = f"{ordinal[1].capitalize()} meeting" if ordinal else "Meeting"
    whose = group[0] if group else guessed.actors.get(issuer, "Working Group")
    label = f"{name} of the {whose}, {f'{place[1]}, ' if place else ''}{period_in_words(*days_)}"
    return MeetingReference("", *days_, place[1] if place else "", label, issuer)
