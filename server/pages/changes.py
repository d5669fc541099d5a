"""What changed: between two versions of a document, paragraph by paragraph with the words marked, or of the data; and
from version to version, as a page and as a feed: Atom for people's readers, for programs a Linked Data Event Stream
whose members are activities of ActivityStreams (Create, Update, Delete).

Events are numbered from the oldest and never change, so that a page that is full never changes either. A stream begins
with its first page; a reader of Atom gets the last, with a link to the one before (RFC 5005 §4)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from ontology.differences import Way, statement_changes
from ontology.formats import ATOM
from ontology.namespaces import CATALOGUE_IRIS
from ontology.terms import date_time, english, term
from ontology.words import in_words, natural
from server.history import Event
from server.integrity import NoSnapshotError
from server.linkeddata.description import identify, licence_of
from server.linkeddata.representing import Data, collection, pages_of, view
from server.pages.page import Page, Questions, turned
from server.pages.values import Link, View
from server.store.known import state
from server.web.errors import BadRequest, NotFound
from server.web.request import Exchange, Urls

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,80}")
MOST = 300
"""How many paragraphs a page shows; how many more there are is said."""
LARGEST = 500_000_000
"""Bytes of two graphs that are compared while a reader waits."""
WAYS = {
    Way.CHANGED: "other words",
    Way.ADDED: "new",
    Way.REMOVED: "gone",
    Way.RENUMBERED: "another number",
    Way.SAME: "the same",
}


def changes_page(document: str, before: str, after: str, exchange: Exchange) -> Page:
    """The changes of a document between two of its versions ("1", "2"), or without one those of the data set between
    two of its own. Raises `NotFound` for a version that there is not."""
    if document:
        return _of_document(document, before, after, exchange)
    return _of_data(before, after, exchange)


def _of_document(slug: str, before: str, after: str, exchange: Exchange) -> Page:
    urls = exchange.urls
    if not _SLUG.fullmatch(slug):
        raise NotFound("There is no such document.")
    named = identify(exchange.snapshot.names.node(f"id/document/{slug}"), exchange)
    if named is None:
        raise NotFound(f"There is no document {slug}.")
    title = named[0].label
    versions = exchange.snapshot.document_versions.get(slug, ())
    numbers = [str(number) for number in range(1, len(versions) + 1)]
    after = after or (numbers[-1] if numbers else "")
    before = before or (numbers[-2] if numbers else "")
    if numbers and not {before, after} <= set(numbers):
        raise NotFound(f"The versions of {slug} are 1 to {numbers[-1]}.")
    at = urls.doc(exchange.snapshot.names.node(f"id/document/{slug}"))
    documents: tuple[View, ...] = ()
    if numbers:
        old, new = ([TextPart(*part) for part in versions[int(number) - 1]["parts"]] for number in (before, after))
        documents = (_shown(Link(at, title), paragraph_changes(old, new)),)
    links = [
        Link(urls.path(f"sources/{each['file']}"), number, f"issued {in_words(date.fromisoformat(each['issued']))}")
        for number, each in zip(numbers, versions, strict=True)
    ]
    heading = f"What changed in {title}"
    return _page(exchange, heading, before, after, versions=links, document=slug, documents=documents, graphs=())


def _of_data(before: str, after: str, exchange: Exchange) -> Page:
    snapshots = exchange.services.snapshots
    versions = snapshots.versions()
    after = after or exchange.snapshot.version
    older = versions[versions.index(after) + 1 :] if after in versions else ()
    before = before or next(iter(older), after)
    try:
        folders = snapshots.version(before).folder, snapshots.version(after).folder
    except NoSnapshotError as problem:
        raise NotFound(str(problem)) from None
    documents, graphs = _between(*folders, exchange)
    links = [Link(exchange.urls.version(version), version) for version in versions]
    heading = "What changed in the data"
    return _page(exchange, heading, before, after, versions=links, document="", documents=documents, graphs=graphs)


def _page(exchange: Exchange, title: str, before: str, after: str, **context: Any) -> Page:
    return Questions(exchange).page(
        "changes.html",
        "changes",
        title,
        f"Version {before} beside version {after}: each paragraph, with the words that differ marked.",
        indexed=False,
        title=title,
        before=before,
        after=after,
        ways=WAYS,
        most=MOST,
        **context,
    )


def _shown(document: Link, changes: Sequence[Change]) -> View:
    """What is not the same, and in how many parts each thing happened."""
    counted = Counter(change.way for change in changes)
    shown = [change for change in changes if change.way is not Way.SAME]
    counts = tuple((words, counted[way]) for way, words in WAYS.items() if counted[way])
    return View(document=document, counts=counts, changes=tuple(shown[:MOST]), hidden=max(0, len(shown) - MOST))


def _between(
    before: Path, after: Path, exchange: Exchange
) -> tuple[tuple[View, ...], tuple[tuple[Link, int, int], ...]]:
    """The documents whose words differ in two versions of the data, and how many statements of each graph do."""
    paths = before / "graph.nq", after / "graph.nq"
    if not all(path.is_file() for path in paths):
        raise NotFound("This server does not hold the whole of both versions; compare them where they were built.")
    if sum(path.stat().st_size for path in paths) > LARGEST:
        raise NotFound("These versions are too large to be compared while you wait; compare their dumps.")
    text = exchange.snapshot.names.pal("text")
    counts: Counter[tuple[str, Way]] = Counter()
    words: list[tuple[Way, Quad]] = []
    for way, line in statement_changes(*paths):
        counts[line.rsplit(" ", 2)[1], way] += 1
        if f" {text} " in line:
            words += [(way, quad) for quad in parse(line, RdfFormat.N_QUADS)]
    graphs = tuple(
        (
            Link(exchange.urls.of(graph[1:-1]), graph[1:-1].removeprefix(exchange.snapshot.base.iri)),
            counts[graph, Way.ADDED],
            counts[graph, Way.REMOVED],
        )
        for graph in sorted({graph for graph, _ in counts})
    )
    return tuple(_by_document(words, exchange.urls)), graphs


def _by_document(words: Iterable[tuple[Way, Quad]], urls: Urls) -> Iterable[View]:
    """The parts whose words changed, by document, in the order of their numbers."""
    start = f"{urls.base.iri}id/document/"
    documents: dict[str, dict[str, dict[Way, str]]] = {}
    for way, quad in words:
        subject = quad.subject
        if isinstance(subject, NamedNode) and isinstance(quad.object, Literal) and subject.value.startswith(start):
            slug, _, key = subject.value.removeprefix(start).partition("/")
            if key and "/directive/" not in key:
                documents.setdefault(slug, {}).setdefault(key, {})[way] = quad.object.value
    for slug, parts in sorted(documents.items()):
        changes = [
            _change(key, words_by_way) for key, words_by_way in sorted(parts.items(), key=lambda part: natural(part[0]))
        ]
        yield _shown(Link(urls.doc(f"{start}{slug}"), slug), changes)


def _change(key: str, words_by_way: Mapping[Way, str]) -> Change:
    before, after = words_by_way.get(Way.REMOVED), words_by_way.get(Way.ADDED)
    label = key.replace("/", " ")
    label = label[0].upper() + label[1:]
    old, new = (None if words is None else TextPart(key, label, words) for words in (before, after))
    way = Way.ADDED if old is None else Way.REMOVED if new is None else Way.CHANGED
    return Change(way, old, new, word_changes(before or "", after or ""))


ALIKE = 0.5
"""How much two paragraphs of different numbers must share to be versions of one another (`SequenceMatcher.ratio`)."""
MOST_STEPS = 4_000_000
"""Product of the lengths of two texts, in words, beyond which they are shown one after the other, unmarked."""
_WORD = re.compile(r"\s*(?:\w+|[^\w\s])\s*")


class TextPart(NamedTuple):
    """A part of a text: ``key`` names it in one version ("paragraph/24"), ``label`` is for people."""

    key: str
    label: str
    text: str


class Words(NamedTuple):
    """Some words, and whether both versions have them, or only the later or the earlier one."""

    way: Way
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One part in both versions, or in one of them; ``words`` are those of both, in reading order."""

    way: Way
    before: TextPart | None
    after: TextPart | None
    words: tuple[Words, ...]


def paragraph_changes(before: Sequence[TextPart], after: Sequence[TextPart]) -> tuple[Change, ...]:
    """Every part of two texts, in the order of the later one, with what happened to it."""
    changes: list[Change] = []
    matcher = SequenceMatcher(None, [part.text for part in before], [part.text for part in after], autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        old, new = before[start:end], after[new_start:new_end]
        if kind == "equal":
            changes += [_same(one, other) for one, other in zip(old, new, strict=True)]
        else:
            changes += _replaced(old, new)
    return tuple(changes)


def word_changes(before: str, after: str) -> tuple[Words, ...]:
    """The words of two texts in reading order, those that only one of them has marked."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) * len(new) > MOST_STEPS:
        return Words(Way.REMOVED, before), Words(Way.ADDED, after)
    changes: list[Words] = []
    matcher = SequenceMatcher(None, list(map(str.rstrip, old)), list(map(str.rstrip, new)), autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            changes.append(Words(Way.SAME, "".join(new[new_start:new_end])))
            continue
        changes += [Words(Way.REMOVED, "".join(old[start:end]))] if end > start else []
        changes += [Words(Way.ADDED, "".join(new[new_start:new_end]))] if new_end > new_start else []
    return tuple(changes)


def _same(before: TextPart, after: TextPart) -> Change:
    way = Way.SAME if before.key == after.key else Way.RENUMBERED
    return Change(way, before, after, (Words(Way.SAME, after.text),))


def _replaced(before: Sequence[TextPart], after: Sequence[TextPart]) -> Iterable[Change]:
    """Parts between two that are the same: those that are alike are versions of one another, in their order."""
    rest = list(before)
    for part in after:
        place = _version(part, rest)
        if place is None:
            yield Change(Way.ADDED, None, part, (Words(Way.ADDED, part.text),))
            continue
        yield from map(_gone, rest[:place])
        yield Change(Way.CHANGED, rest[place], part, word_changes(rest[place].text, part.text))
        del rest[: place + 1]
    yield from map(_gone, rest)


def _version(part: TextPart, among: Sequence[TextPart]) -> int | None:
    """The place of what a part was before: the first that is alike, or else the one of its name."""
    words = _WORD.findall(part.text)
    for place, other in enumerate(among):
        matcher = SequenceMatcher(None, _WORD.findall(other.text), words)
        if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE:
            return place
    return next((place for place, other in enumerate(among) if other.key == part.key), None)


def _gone(part: TextPart) -> Change:
    return Change(Way.REMOVED, part, None, (Words(Way.REMOVED, part.text),))


PATH, LABEL, PAGE = "events", "What changed in the data", 200
LINK = "/link/"
"""Stands in the names of editorial links."""
_WAYS = {"create": "as:Create", "update": "as:Update", "delete": "as:Delete"}
WORDS = {"create": "New", "update": "Changed", "delete": "Gone"}


def pages(exchange: Exchange) -> int:
    """How many pages of events there are."""
    first, last = exchange.snapshot.history.numbers
    return pages_of(last - first + 1, PAGE) if last else 1


def page_of(number: int, exchange: Exchange) -> list[Event]:
    """The events of one page, the oldest first. Raises `BadRequest` for a page that there is not."""
    if number > pages(exchange):
        raise BadRequest(f"There are {pages(exchange)} pages of changes.")
    first = exchange.snapshot.history.numbers[0] + (number - 1) * PAGE
    return exchange.snapshot.history.events(first, first + PAGE - 1)


def event_stream(number: int, exchange: Exchange) -> Data:
    """One page of the stream."""
    urls, events, last = exchange.urls, page_of(number, exchange), pages(exchange)
    address = urls.canonical(PATH)
    members = [(iri_of(event, address), title_of(event, exchange), term(_WAYS[event.way]).value) for event in events]
    low, high = exchange.snapshot.history.numbers
    total, licence = high - low + 1 if high else 0, licence_of(PATH, exchange)
    made = collection(address, LABEL, members, total, number, last, exchange, licence=licence, at=urls.path(PATH))
    stream, here = NamedNode(address), NamedNode(view(address, number))
    state(made.facts, stream, "rdf:type", term("ldes:EventStream"))
    state(made.facts, stream, "ldes:timestampPath", term("as:published"))
    state(made.facts, stream, "ldes:versionOfPath", term("as:object"))
    state(made.facts, stream, "tree:view", here)
    state(made.facts, here, "rdf:type", term("tree:Node"))
    for event in events:
        node = NamedNode(iri_of(event, address))
        state(made.facts, stream, "tree:member", node)
        state(made.facts, node, "as:object", NamedNode(event.iri))
        state(made.facts, node, "as:published", date_time(event.moment))
        state(made.facts, node, "dcat:version", Literal(event.version))
    if number < last and events:
        relation = NamedNode(f"{here.value}#later")
        state(made.facts, here, "tree:relation", relation)
        state(made.facts, relation, "rdf:type", term("tree:GreaterThanOrEqualToRelation"))
        state(made.facts, relation, "rdfs:label", english("Later changes"))
        state(made.facts, relation, "tree:node", NamedNode(view(address, number + 1)))
        state(made.facts, relation, "tree:path", term("as:published"))
        state(made.facts, relation, "tree:value", date_time(events[-1].moment))
    return made


def title_of(event: Event, exchange: Exchange) -> str:
    """What happened to what."""
    return f"{WORDS[event.way]}: {event.iri.removeprefix(exchange.snapshot.base.iri)}"


def iri_of(event: Event, address: str) -> str:
    """The IRI of an event in the stream at an address."""
    return f"{address}#event-{event.number}"


def events_page(number: int, exchange: Exchange) -> Page:
    """One page of the changes, counted from the oldest; its events are shown the newest first."""
    urls, last = exchange.urls, pages(exchange)
    groups: dict[str, tuple[str, list[View]]] = {}
    for event in reversed(page_of(number, exchange)):
        path = event.iri.removeprefix(exchange.snapshot.base.iri)
        link = Link(urls.of(event.iri) if event.way != "delete" else "", path.removeprefix("id/"))
        day = in_words(event.moment.date())
        groups.setdefault(event.version, (day, []))[1].append(
            View(number=event.number, words=WORDS[event.way], link=link)
        )
    return Questions(exchange).page(
        "events.html",
        PATH,
        LABEL,
        "What is new, changed and gone in the data, from version to version.",
        groups=tuple((version, day, tuple(events)) for version, (day, events) in groups.items()),
        feed=urls.path(PATH + ATOM.suffix),
        **turned(number, last, lambda to: urls.path(PATH, {"page": str(to)})),
    )


def events_feed(number: int, exchange: Exchange) -> Page:
    """One page of the changes as an Atom feed (RFC 4287), the newest first."""
    urls, events, last = exchange.urls, page_of(number, exchange), pages(exchange)
    own, address = urls.canonical(PATH + ATOM.suffix), urls.canonical(PATH)
    links = [("self", own if number == last else view(own, number)), ("alternate", address), ("current", own)]
    links += [("prev-archive", view(own, number - 1))] if number > 1 else []
    return Page(
        "events.atom",
        {
            "namespace": CATALOGUE_IRIS["atom"],
            "label": LABEL,
            "address": address,
            "updated": date_time(events[-1].moment if events else exchange.snapshot.built).value,
            "links": links,
            "events": [
                View(
                    id=iri_of(event, address),
                    title=title_of(event, exchange),
                    moment=date_time(event.moment).value,
                    href=urls.absolute(urls.of(event.iri)) if event.way != "delete" else "",
                    words=WORDS[event.way],
                    version=event.version,
                    judged=LINK in event.iri,
                )
                for event in reversed(events)
            ],
        },
    )
