"""What short names mean in one document: "the Protocol", "the Working Group", and whose "resolution 7/1" is.

Nothing here holds for a corpus. A document's metadata say what its short names mean, or its own text does: "the
Organized Crime Convention (hereinafter “the Convention”)". Metadata go before text; a name that a text defines in two
ways has no meaning. What has none is left unresolved.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ingest.document import Document, Span
from ingest.extraction.clauses import BODIES
from ingest.extraction.findings import Mention
from ingest.extraction.lexicon import Entry, Lexicon, Shorthand
from ingest.extraction.resolutions import CODES, numbers_with_bodies, short_bodies
from ingest.extraction.treaties import ACRONYM, OF_OTHERS, UN_CHARTER, described, means_un_charter, unlisted_treaties

INSTRUMENT_NOUNS = ("Convention", "Protocol", "Covenant", "Agreement", "Charter", "Treaty", "Statute")
OF_A_BODY = ("resolution", "decision")
"""Not names, but what a bare number is one of: the metadata say whose."""
REVIEWED = "State under review"
"""The short name of the State that a report of a review turns to."""
_NUMERAL = re.compile(r"\s(?:[IVX]+|\d{1,2})$")
_DETERMINER = re.compile(r"^(?:the|this)\s+", re.IGNORECASE)
_DEFINES = re.compile(
    r"(?:,\s(?:supplementing|adopted|of\s\d)[^();]{0,160}?)?,?\s\(?(?:hereinafter|hereafter|henceforth|\(|[“\"])"
    r"(?:(?:hereinafter|hereafter|henceforth)?,?\s?(?:also\s)?(?:referred\sto\s(?:simply\s)?as|called)?\s*)"
    r"(?:the\s(?=[“\"]))?[“\"‘']?(?:the\s)?(?P<name>[A-Z][\w-]*(?:\s(?:[A-Z][\w-]*|of|on|and|for|in|against)){0,6})[”\"’']?\)?"
)
_OR_CALLED = re.compile(r"\s(?:or|and)\s(?:the\s)?[“\"](?P<name>(?:[A-Z][\w-]*\s){0,4}[A-Z][\w-]*)[”\"]")
"""A second name that a definition gives: "(hereinafter the “Convention” or the “Ports Convention”)"."""
_TREATY_BEFORE = re.compile(r"\b(?:Convention|Covenant|Protocol|Treaty|Statute|Agreement)\b[^.;()]*$")
_MAY_DEFINE = re.compile(r"hereinafter|hereafter|henceforth|\(|“|\"")
"""Without one of these no text defines a name: most need not be searched for what it names."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A short name that a text defines: ``entity`` is a path below the base, ``span`` its words in the text."""

    name: str
    entity: str
    span: Span


def noun_of(name: str) -> str:
    """A short name without its article: "Protocol" of "the Protocol"."""
    return _DETERMINER.sub("", name.strip())


def is_instrument(noun: str) -> bool:
    """Whether a short name is that of a treaty, by its last word; a number may follow ("Protocol V")."""
    return _NUMERAL.sub("", noun).rpartition(" ")[2].rstrip("s") in INSTRUMENT_NOUNS


def definitions(text: str, lexicon: Lexicon) -> Iterator[Definition]:
    """The short names that a text gives to what it names in full, in order."""
    if not _MAY_DEFINE.search(text):
        return
    end = 0
    occurrences = (each for each in lexicon.occurrences(text) if each[1].kind in ("instrument", "actor"))
    named = [each for each in occurrences if not OF_OTHERS.search(text, max(0, each[0].start - 30), each[0].start)]
    unlisted = [*unlisted_treaties(text, [Mention(span, entry.entity, entry.kind) for span, entry in named])]
    yield from _of_unlisted(text, unlisted, lexicon)
    for span, entry in named:
        if span.start < end:
            continue
        end = span.end
        acronym = ACRONYM.match(text, span.end) if entry.kind == "instrument" else None
        match = acronym or _DEFINES.match(text, span.end)
        if match is None:
            continue
        name = match["short" if acronym else "name"]
        of_an_actor = not name.isupper() and not is_instrument(name)
        of_one = is_instrument(name) and not name.endswith("s")
        fits = acronym or of_one if entry.kind == "instrument" else of_an_actor
        own = {(each.spelling, each.entity) for each in lexicon.entries if not each.is_shared}
        if fits and (name, entry.entity) not in own:
            yield Definition(name, entry.entity, Span(*match.span("short" if acronym else "name")))
            yield from _second_name(text, match.end(), entry.entity)


def _second_name(text: str, position: int, entity: str) -> Iterator[Definition]:
    """The other short name that one definition gives to a treaty."""
    other = _OR_CALLED.match(text, position)
    if other is not None and is_instrument(other["name"]):
        yield Definition(other["name"], entity, Span(*other.span("name")))


def _of_unlisted(text: str, unlisted: list[Mention], lexicon: Lexicon) -> Iterator[Definition]:
    """The short names and acronyms that a text gives to treaties that no lexicon has."""
    for treaty in unlisted:
        words = treaty.span.cut(text)
        acronym = ACRONYM.search(words)
        name = acronym or _DEFINES.match(text, treaty.span.end)
        short = name and name["short" if acronym else "name"]
        if name and short and (acronym or is_instrument(short)):
            place = treaty.span.start if acronym else 0
            start, end = name.span("short" if acronym else "name")
            entity = described(treaty, text, lexicon).entity
            yield Definition(short, entity, Span(place + start, place + end))
            yield from _second_name(text, name.end() if not acronym else 0, entity)


def path_of(noun: str, slug: str, lexicon: Lexicon) -> str:
    """The path of what a metadata file calls ``slug``: as it is described, else by the kind of name."""
    known = {entry.entity for entry in lexicon.entries}
    kinds = ("instrument", "actor") if is_instrument(noun) else ("actor", "instrument")
    paths = [f"id/{kind}/{slug}" for kind in kinds]
    return next((path for path in paths if path in known), paths[0])


def with_meanings(lexicon: Lexicon, means: Mapping[str, str], texts: Iterable[str] = ()) -> Lexicon:
    """The lexicon as one document uses it: with the short names of its metadata and of its texts.

    ``means`` has a slug for each name ("the Protocol": "trafficking-protocol"); for "resolution" and "decision", and
    for a body that is no described actor, also one of the codes of `resolutions` ("ga").
    """
    texts = tuple(texts)
    meant: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        for definition in definitions(text, lexicon):
            meant[definition.name].add(definition.entity)
    paths = {noun: next(iter(entities)) for noun, entities in meant.items() if len(entities) == 1}
    unsure = {noun for noun, entities in meant.items() if len(entities) > 1 and is_instrument(noun)}
    acronyms = {noun: path for noun, path in paths.items() if noun.isupper() and not _means_another(noun, texts)}
    paths = {noun: path for noun, path in paths.items() if not noun.isupper()}
    names = {noun_of(name): slug for name, slug in means.items()}
    bodies = {**lexicon.bodies, **short_bodies(texts)}
    bodies |= {noun: CODES.get(slug, slug) for noun, slug in names.items() if noun in OF_A_BODY or slug in BODIES}
    for noun, slug in names.items():
        if noun not in OF_A_BODY and slug not in BODIES:
            paths[noun] = path_of(noun, slug, lexicon)
    if means_un_charter(texts):
        paths.setdefault("Charter", f"id/instrument/{UN_CHARTER}")
    treaties = {each.noun: each for each in lexicon.shorthands}
    treaties |= {noun: Shorthand(noun, "") for noun in sorted(unsure)}
    treaties |= {noun: Shorthand(noun, path) for noun, path in sorted(paths.items()) if "/instrument/" in path}
    named = {noun: Entry(noun, path, "actor", is_short=True) for noun, path in paths.items() if "/actor/" in path}
    entries = (*(entry for entry in lexicon.entries if entry.spelling not in named), *named.values())
    entries += tuple(Entry(acronym, path, "instrument") for acronym, path in acronyms.items())
    resolutions = numbers_with_bodies(texts, entries, bodies)
    return replace(
        lexicon, entries=entries, shorthands=tuple(treaties.values()), bodies=bodies, resolutions=resolutions
    )


def _means_another(acronym: str, texts: Iterable[str]) -> bool:
    """Whether texts give an acronym to something else as well: "Committee on the Rights of the Child (CRC)"."""
    return any(
        _TREATY_BEFORE.search(text[: acronym_given.start()]) is None
        for text in texts
        for acronym_given in re.finditer(rf"\s\({acronym}\)", text)
    )


def gives_meanings(text: str, lexicon: Lexicon, meaning: Lexicon) -> bool:
    """Whether a text says itself what some name means; ``meaning`` is the lexicon with what metadata say."""
    defined = next(definitions(text, lexicon), None)
    return defined is not None or bool(
        (text.count("Charter") > 1 and means_un_charter((text,)))
        or short_bodies((text,))
        or numbers_with_bodies((text,), meaning.entries, meaning.bodies)
    )


def reviewed_state(means: Mapping[str, str]) -> str:
    """The path of the State under review, where metadata say which it is; empty elsewhere."""
    slug = next((slug for name, slug in means.items() if noun_of(name) == REVIEWED), "")
    return f"id/actor/{slug}" if slug else ""


def in_document(document: Document, lexicon: Lexicon) -> Lexicon:
    """The lexicon as a document uses it."""
    texts = [document.masthead.text]
    texts += [note.text for note in document.footnotes]
    for paragraph in document.paragraphs:
        texts += [paragraph.text, *(item.text for item in paragraph.items)]
    named = tuple(Entry(name, f"id/actor/{slug}", "actor") for slug, name in document.metadata.actors.items())
    own = replace(lexicon, entries=(*lexicon.entries, *named)) if named else lexicon
    return with_meanings(own, document.metadata.means, texts)
