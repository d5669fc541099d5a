"""What a person corrected in the findings of the rules, from two tables: ``directives`` and ``mentions``.

``directives``: recommendation, change, directive, words, operative, modality, addressee, asked, consider_only,
reason, agent. ``mentions``: recommendation, item, change, words, occurrence, names, cites, reason, agent.
A change is *add*, *remove*, *correct*, or *confirm* where a finding is right as it is, whose cells say how it was read;
once rules read it otherwise nobody has confirmed it. Of a directive also *asks nothing*, which removes all.
``directive`` is its number in the recommendation, as pages show it. In a correction an empty cell keeps what the rules
found, and ``-`` says that there is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from ingest.correction_cells import YES_OR_NO, is_rejected, misspellings, paragraph_of, path_of, places, slugs
from ingest.document import Document, Item, Span
from ingest.editorial import REVIEW_STATUS, REVIEWED, agents_of
from ingest.errors import SourceError
from ingest.extraction.findings import Directive, Findings, Kind, Mention
from ingest.extraction.modality import MODALITIES
from ingest.judged_texts import JUDGED_TEXT, has_changed, recommended_texts
from ingest.metadata import SLUG
from ingest.reference_tables import CLASSES
from ingest.spreadsheets import Row, read_rows, table_path

EDITS = {
    "directives": ("words", "operative", "modality", "addressee", "asked", "consider_only"),
    "mentions": ("names", "cites"),
}
"""The cells of a finding that a correction may change."""
_WHO = ("reason", "agent", REVIEW_STATUS, REVIEWED)
COLUMNS = {
    "directives": ("recommendation", "change", "directive", *EDITS["directives"], *_WHO),
    "mentions": ("recommendation", "item", "change", "words", "occurrence", *EDITS["mentions"], *_WHO),
}
"""The columns of a new table, in their order."""
REQUIRED = {
    "directives": ("recommendation", "change", "reason", "agent"),
    "mentions": ("recommendation", "change", "words", "reason", "agent"),
}
READ_OTHERWISE = "unreviewed: the reading changed"
ASKS_NOTHING = "asks nothing"
CONFIRM = "confirm"
CHANGES = ("add", "remove", "correct", CONFIRM)
KINDS: Mapping[str, Kind] = {
    "actor": "actor", "tool": "tool", "group": "group", "resolution": "resolution", "action": "action",
}  # fmt: skip
Finding = Directive | Mention
PROVISION = re.compile(rf"(?:/(?:{'|'.join(CLASSES)})/[A-Za-z0-9-]+)+")
OF_SCHEMES = ("tool", "group")
"""Kinds of things that a correction can name only where reference data describe them; others get a stub."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person said of one finding. ``removed`` is the rules' finding, ``put`` what stands instead; one may lack.

    ``path`` is the paragraph or item; a recommendation that asks nothing has one correction for each directive found,
    or one without either where there was none. ``confirmed`` is a finding that the person found right.
    """

    path: str
    removed: Finding | None
    put: Finding | None
    reason: str
    agents: tuple[str, ...]
    confirmed: Finding | None = None

    @property
    def about(self) -> Finding | None:
        """The finding that it is about."""
        return self.removed or self.put or self.confirmed


@dataclass(frozen=True, slots=True)
class Corrected:
    """The findings of a document after corrections, and the corrections; ``changed`` says, a line each, which rows were
    about other words than those that stand in the document now, or confirm another reading: they do nothing; and which
    are about words that stand there more than once."""

    findings: Mapping[str, Findings]
    corrections: tuple[Correction, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(slots=True)
class _Tables:
    """Collects the corrections of one document row by row."""

    document: Document
    findings: Mapping[str, Findings]
    is_known: Callable[[str], bool]
    described: Collection[str] = ()
    found: list[Correction] = field(default_factory=list)
    touched: set[tuple[str, Span]] = field(default_factory=set)
    changes: set[tuple[str, str]] = field(default_factory=set)
    said: list[str] = field(default_factory=list)

    def say(self, row: Row, words: str) -> None:
        """Has the build say something of a row."""
        where = f"{row.path.name}, line {row.line}: recommendation {row.values['recommendation']}"
        self.said.append(f"{where}: {words}")


def correct(
    document: Document,
    findings: Mapping[str, Findings],
    folder: Path,
    is_known: Callable[[str], bool] = bool,
    described: Collection[str] = (),
) -> Corrected:
    """The findings as people corrected them; ``is_known`` tells whether reference data describe a path, ``described``
    are all of which they do: a name like one of them is said to be perhaps misspelt.

    Raises `SourceError` with file, line and column for a row that cannot be meant: words that do not stand in the text,
    a directive that the rules did not find, an unknown modality, a group or tool that nobody described.
    """
    tables = _Tables(document, findings, is_known, described)
    texts = recommended_texts(document)
    for name in EDITS:
        path = table_path(folder, name)
        for row in read_rows(path, REQUIRED[name], (*COLUMNS[name], JUDGED_TEXT)) if path else ():
            if has_changed(row.values, document.slug, texts):
                tables.say(row, "the text changed; the correction is not applied")
            elif not is_rejected(row):
                try:
                    _read(tables, name, row)
                except _ReadOtherwiseError:
                    tables.say(row, READ_OTHERWISE)
    return Corrected(_applied(findings, tables.found), tuple(tables.found), tuple(tables.said))


def problem_of(
    table: str,
    cells: Mapping[str, str],
    document: Document,
    findings: Mapping[str, Findings],
    is_known: Callable[[str], bool] = bool,
) -> str:
    """Why a row with these cells would be refused, in words; empty where it would not."""
    try:
        _read(_Tables(document, findings, is_known), table, Row(Path(table), 0, dict(cells)))
    except SourceError as error:
        return f"{error.found}; expected: {error.expected}."
    except _ReadOtherwiseError:
        return "The rules do not read it so."
    return ""


def directive_cells(directive: Directive, text: str) -> dict[str, str]:
    """Returns the cells of a directive in a text, by column."""
    return {
        "words": directive.span.cut(text), "operative": directive.operative.cut(text), "modality": directive.modality,
        "addressee": " ".join(directive.addressees), "asked": " ".join(directive.asked),
        "consider_only": "yes" if directive.consider_only else "no",
    }  # fmt: skip


def mention_cells(mention: Mention) -> dict[str, str]:
    """Returns the cells of a mention other than its words, by column."""
    return {"names": mention.entity.removeprefix("id/"), "cites": "yes" if mention.cites else "no"}


def is_as_confirmed(row: Mapping[str, str], read: Mapping[str, str]) -> bool:
    """Whether a finding equals the row that confirms it; empty cells are not compared."""
    return all(row.get(name) in (None, "", value) for name, value in read.items())


class _ReadOtherwiseError(Exception):
    """Rules read what a row confirms in another way now, or not at all."""


def _confirmed(row: Row, read: Iterable[tuple[Finding, Mapping[str, str]]]) -> Finding:
    """The finding that a row confirms, of those that may be it. Raises `_ReadOtherwiseError`."""
    for finding, cells in read:
        if is_as_confirmed(row.values, cells):
            return finding
    raise _ReadOtherwiseError


def _applied(findings: Mapping[str, Findings], corrections: Iterable[Correction]) -> Mapping[str, Findings]:
    changed = dict(findings)
    for correction in corrections:
        now = changed.get(correction.path, Findings())
        directives = [each for each in now.directives if each is not correction.removed]
        mentions = [each for each in now.mentions if each is not correction.removed]
        if isinstance(correction.put, Directive):
            directives.append(correction.put)
        elif correction.put is not None:
            mentions.append(correction.put)
        directives = [_with_action(each, correction) for each in directives]
        said = {each for of in directives for each in (*of.qualifiers, *of.actions, *of.asked_actions)}
        mentions = [each for each in mentions if each.kind not in ("qualifier", "action") or each in said]
        ordered = sorted(directives, key=lambda each: each.span)
        changed[correction.path] = Findings(tuple(sorted(mentions)), tuple(ordered))
    return changed


def _with_action(directive: Directive, correction: Correction) -> Directive:
    """The directive with its actions as a correction of a mention says; one that is added is the addressee's."""
    old, new = correction.removed, correction.put
    if isinstance(old, Directive) or isinstance(new, Directive):
        return directive
    put = new and new.kind == "action" and directive.span.start <= new.span.start and new.span.end <= directive.span.end
    more = (new,) if new and put else ()
    of_asked = old in directive.asked_actions

    def changed(actions: tuple[Mention, ...], more: tuple[Mention, ...]) -> tuple[Mention, ...]:
        return tuple(sorted((*(each for each in actions if each != old), *more)))

    return replace(
        directive,
        actions=changed(directive.actions, () if of_asked else more),
        asked_actions=changed(directive.asked_actions, more if of_asked else ()),
    )


class _Part(NamedTuple):
    """A recommendation, or an item of one: its path, its words, those of its items, and what the rules found there."""

    path: str
    text: str
    items: Sequence[Item]
    findings: Findings


Reading = tuple[Finding | None, Finding | None, Finding | None]
"""What a row has removed, put and confirmed."""


def _read(tables: _Tables, table: str, row: Row) -> None:
    """Adds the corrections that a row makes. Raises `SourceError`, and `_ReadOtherwiseError`."""
    document, paragraph = tables.document, paragraph_of(tables.document, row)
    path, text, items = document.paragraph_path(paragraph.key), paragraph.text, paragraph.items
    if table == "mentions" and (letter := row.values.get("item", "").strip("(). ")):
        item = next((item for item in items if item.letter == letter), None)
        if item is None:
            letters = ", ".join(each.letter for each in items) or "it has none"
            raise row.error(f"item {letter!r}", f"the letter of an item: {letters}", "item")
        path, text, items = document.item_path(paragraph.key, letter), item.text, ()
    row.require(("reason", "agent"))
    reason, agents = row.values["reason"], agents_of(row, tables.is_known)
    part = _Part(path, text, items, tables.findings.get(path, Findings()))
    for removed, put, confirmed in {"directives": _directives, "mentions": _mentions}[table](tables, row, part):
        correction = Correction(path, removed, put, reason, agents, confirmed)
        subject = correction.about
        key = (path, subject.span if subject else Span(0, 0))
        if key in tables.touched:
            raise row.error("the same finding a second time", "one row for each finding")
        tables.touched.add(key)
        tables.found.append(correction)
        for words in misspellings(put, removed, document.metadata.actors, tables.described):
            tables.say(row, words)


def _directives(tables: _Tables, row: Row, part: _Part) -> Iterator[Reading]:
    directives = part.findings.directives
    change = row.chosen("change", (*CHANGES, ASKS_NOTHING))
    tables.changes.add((part.path, change))
    if {(part.path, "add"), (part.path, ASKS_NOTHING)} <= tables.changes:
        raise row.error("a recommendation that asks nothing, and a directive added to it", "one of the two", "change")
    if change == ASKS_NOTHING:
        yield from ((each, None, None) for each in directives or (None,))
    elif change == "add":
        new = _directive(row, part, None, tables.document.metadata.issuer)
        for at, each in enumerate(directives, start=1):
            if each.operative == new.operative and (part.path, each.span) not in tables.touched:
                expected = f"operative words that no directive has: correct directive {at}"
                raise row.error(f"operative {row.values['operative']!r}", expected, "operative")
        yield None, new, None
    elif change == CONFIRM:
        number = row.values.get("directive", "") or "1"
        there = [each for place, each in enumerate(directives, start=1) if str(place) == number]
        yield None, None, _confirmed(row, ((each, directive_cells(each, part.text)) for each in there))
    else:
        old = _numbered(row, directives)
        if change == "remove" and row.values.get("words"):
            places(row, "words", part.text, within=old.span)
        yield old, _directive(row, part, old, old.issuer) if change == "correct" else None, None


def _numbered(row: Row, directives: Sequence[Directive]) -> Directive:
    text = row.values.get("directive", "")
    if not text and len(directives) == 1:
        return directives[0]
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= len(directives):
        expected = f"a number from 1 to {len(directives)}" if directives else "a recommendation with a directive"
        raise row.error(f"directive {text!r}", expected, "directive")
    return directives[int(text) - 1]


def _directive(row: Row, part: _Part, old: Directive | None, issuer: str) -> Directive:
    """The directive that a row puts in place of an old one, whose values stay where it has none; or a new one."""
    cells, text = row.values, part.text
    if old is not None:
        _refuse_without_any(row, EDITS["directives"])
    span = old.span if old and not cells.get("words") else places(row, "words", text, items=part.items)[0]
    keeps_operative = old and not cells.get("operative")
    operative = old.operative if old and keeps_operative else places(row, "operative", text, within=span)[0]
    if not span.start <= operative.start <= operative.end <= span.end:
        raise row.error("words without the operative words", f"words with “{operative.cut(text)}”", "words")
    modality = old.modality if old and not cells.get("modality") else row.chosen("modality", MODALITIES)

    def inside(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
        return tuple(each for each in mentions if span.start <= each.span.start and each.span.end <= span.end)

    new = replace(
        old or Directive(span, modality, False, (), (), (), issuer, operative),
        span=span,
        operative=operative,
        modality=modality,
        qualifiers=inside(old.qualifiers if old else ()),
        actions=inside(old.actions if old else ()),
        asked_actions=inside(old.asked_actions if old else ()),
    )
    if cells.get("addressee"):
        new = replace(new, addressees=slugs(row, "addressee"), unlisted=())
    if cells.get("asked"):
        new = replace(new, asked=slugs(row, "asked"))
    if cells.get("consider_only"):
        new = replace(new, consider_only=YES_OR_NO[row.chosen("consider_only", tuple(YES_OR_NO))])
    return new


def _refuse_without_any(row: Row, columns: Sequence[str]) -> None:
    """Raises `SourceError` for a correction of nothing, such as one whose column has a misspelt name."""
    if not any(row.values.get(column) for column in columns):
        raise row.error("a correction of nothing", f"a value in one of {', '.join(columns)}", columns[0])


def _mentions(tables: _Tables, row: Row, part: _Part) -> Iterator[Reading]:
    text, change = part.text, row.chosen("change", CHANGES)
    if change == CONFIRM and row.values["words"] not in text:
        raise _ReadOtherwiseError
    spans = places(row, "words", text, items=part.items)
    found = {each.span: each for each in part.findings.mentions}
    fitting = [span for span in spans if (span in found) != (change == "add")] or spans
    if len(fitting) > 1:
        words = f"“{fitting[0].cut(text)}” stands {len(fitting)} times"
        tables.say(row, f"{words}; the first is meant, where the column occurrence has no other number")
    span, old = fitting[0], found.get(fitting[0])
    if change == CONFIRM:
        yield None, None, _confirmed(row, [(old, mention_cells(old))] if old is not None else [])
    elif change != "add" and old is None:
        known = ", ".join(f"“{each.span.cut(text)}”" for each in found.values()) or "there are none"
        raise row.error(f"words {row.values['words']!r}", f"words that a mention was read from: {known}", "words")
    elif change == "add" and old is not None:
        raise row.error(f"words {row.values['words']!r}", "words without a mention: correct it", "words")
    else:
        yield old, None if change == "remove" else _mention(tables, row, span, old), None


def _mention(tables: _Tables, row: Row, span: Span, old: Mention | None) -> Mention:
    cells = row.values
    names = path_of(cells.get("names", ""))
    if old is not None:
        _refuse_without_any(row, EDITS["mentions"])
    entity, kind = (old.entity, old.kind) if old is not None and not names else _entity(tables, row, names)
    cites = old.cites if old is not None else kind in ("provision", "resolution")
    if cells.get("cites"):
        cites = YES_OR_NO[row.chosen("cites", tuple(YES_OR_NO))]
    if not cites and kind in ("provision", "resolution"):
        raise row.error(f"cites 'no' of a {kind}", "yes, or the change remove where it is not cited", "cites")
    return Mention(span, entity, kind, cites)


def _entity(tables: _Tables, row: Row, names: str) -> tuple[str, Kind]:
    """Path and kind of ``actor/unodc``, ``smuggling-protocol/article/16`` or ``instrument/untoc``."""
    first, _, rest = names.partition("/")
    treaty, _, below = names.removeprefix("instrument/").partition("/")
    if first in KINDS and SLUG.fullmatch(rest):
        if first in OF_SCHEMES and not tables.is_known(f"id/{names}"):
            raise row.error(f"names {names!r}", f"a {first} that ontology/ describes", "names")
        return f"id/{names}", KINDS[first]
    if SLUG.fullmatch(treaty) and first not in KINDS:
        if PROVISION.fullmatch(f"/{below}"):
            return f"id/instrument/{treaty}/{below}", "provision"
        if first == "instrument" and not below:
            return f"id/{names}", "instrument"
    example = "smuggling-protocol/article/16, instrument/untoc, resolution/ga-55-25 or actor/unodc"
    raise row.error(f"names {names!r}", f"a path such as {example}: the end of its page's address", "names")
