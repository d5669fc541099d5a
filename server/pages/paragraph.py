"""The page of a recommendation, another numbered paragraph, or a lettered item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pyroaring import BitMap

from ontology.namespaces import paragraph_and_item
from ontology.terms import term
from server import page_index
from server.cache import kept_with
from server.linkeddata.description import Resource
from server.pages.citing import citation_of, source_of
from server.pages.marks import items_of, kinds, names_of, read_directives, with_findings
from server.pages.page import Page, Questions
from server.pages.values import (
    Judged,
    Link,
    View,
    fitting,
    flag,
    grouped,
    judged,
    language,
    lines_of,
    link,
    local_name,
    node,
    number,
    text,
)
from server.snapshot import Snapshot
from server.store import Row
from server.web.errors import NotFound
from server.web.request import Exchange, Urls

LEGEND = {
    "citation": "Provision, instrument or resolution cited",
    "name": "Instrument named inside another name",
    "actor": "Actor or tool named",
    "group": "Affected group",
    "directive": "A directive and its strength",
    "operative": "Operative words",
    "action": "What is asked",
    "qualifier": "A qualifying phrase, which limits what is asked",
}
VERBS = {
    ("restates", "from"): "Repeats",
    ("sharpens", "from"): "Goes further than",
    ("softens", "from"): "Is weaker than",
    ("followsUp", "from"): "Follows up",
    ("restates", "to"): "Is repeated by",
    ("sharpens", "to"): "Less far-reaching than",
    ("softens", "to"): "Is stronger than",
    ("followsUp", "to"): "Is followed up by",
}


def paragraph_page(resource: Resource, exchange: Exchange) -> Page:
    """The view of one paragraph. Raises `NotFound` when the graph has no words for it."""
    urls, ask, about = exchange.urls, Questions(exchange), resource.iri
    row = ask.first("paragraph", paragraph=about)
    if not row:
        raise NotFound(f"{resource.label} has no words of its own.")
    document = ask.first("document", document=node(row, "document"))
    place = grouped(ask.rows("paragraph-place", paragraph=about), "way")
    mentions = ask.rows("paragraph-mentions", paragraph=about)
    directives = ask.rows("paragraph-directives", paragraph=about)
    links = ask.rows("paragraph-links", paragraph=about)
    remarks = ask.rows("paragraph-remarks", paragraph=about)
    subjects = ask.rows("paragraph-subjects", paragraph=about)
    ask.same_answer("recommendation-similar", paragraph=about)

    words = text(row, "text")
    asked = read_directives(directives, urls)
    pieces = with_findings(words, asked, grouped(mentions, "source")[about.value], urls)
    items = items_of(place["item"], mentions, urls)
    marks = kinds([*pieces, *(piece for item in items for piece in item.pieces)])
    sections = [link(near, "near", "label", urls, text(near, "text")) for near in place["part of"]]
    crumbs = [link(row, "document", "documentLabel", urls), *sections]
    if paragraph_and_item(resource.path)[1]:
        crumbs.append(link(row, "whole", "wholeLabel", urls))
    judgements = [
        (local_name(text(each[0], "relation")), _judged(each, urls)) for each in grouped(links, "link").values()
    ]
    related = tuple(judgement for relation, judgement in judgements if relation == "relatesTo")
    cited = _subjects(subjects, "cited", urls)
    themes, groups = _subjects(subjects, "theme", urls), _subjects(subjects, "group", urls)
    first, last = number(row, "firstLine"), number(row, "lastLine")
    before, after = neighbours(about.value, exchange)
    return ask.resource_page(
        "paragraph.html",
        resource,
        resource.label,
        words,
        crumbs=crumbs,
        formats=[(urls.doc(about, ".txt"), "Plain text", "text/plain")],
        structured=_structured(row, document, resource, exchange),
        changed=_changed_since(words, resource.path, exchange),
        language=language(row, "text"),
        pieces=pieces,
        items=items,
        legend=tuple((kind, words) for kind, words in LEGEND.items() if kind in marks),
        names=names_of(words, place["item"], mentions, urls),
        notes=[link(near, "near", "mark", urls, text(near, "text")) for near in place["note"]],
        place=sections,
        meeting=link(row, "meeting", "meetingLabel", urls) if "meeting" in row else None,
        previous=before,
        following=after,
        directives=asked,
        corrections=[_remark(each, urls) for each in remarks if "agent" in each],
        cited=cited,
        unresolved=[link(each, "remark", "words", urls, text(each, "reason")) for each in remarks if "words" in each],
        related=related,
        relations=tuple(judgement for relation, judgement in judgements if relation not in ("relatesTo", "theme")),
        themes=themes,
        reasons=tuple(judgement for relation, judgement in judgements if relation == "theme"),
        groups=groups,
        similar=most_alike(about.value, _shared(subjects, links), exchange),
        source_lines=f"lines {first} to {last}" if first != last else f"line {first}" if first else "",
        citation=citation_of(source_of(row, document, resource, exchange), exchange),
        picture=neighbourhood(
            resource.label,
            (
                ("left", "cited", "Cited in the text", cited),
                ("left", "actor", "Addressed or asked", _addressees(asked)),
                ("left", "group", "Groups named", groups),
                ("right", "related", "Related, suggested", [each.about for each in related]),
                ("right", "theme", "Themes, suggested", themes),
            ),
        ),
        explorer=urls.path("neighbours.json", {"of": resource.path}),
        checks=checks_of(exchange, resource),
    )


def _remark(row: Row, urls: Urls) -> View:
    """What a person did with what rules read: "corrected" or "confirmed" it, who, what that does, why, and what rules
    had read. ``finding`` is "directive", "citation" or "name"."""
    before = text(row, "before")
    cites = flag(row, "cites") or " it cites " in before
    directive = local_name(text(row, "remark")).startswith("directive")
    return View(
        verb="confirmed" if flag(row, "confirms") else "corrected",
        agent=link(row, "agent", "agentLabel", urls),
        did=text(row, "did").partition(": ")[2],
        reason=text(row, "reason"),
        before=before,
        finding="directive" if directive else "citation" if cites else "name",
    )


def _changed_since(words: str, resource: str, exchange: Exchange) -> Link | None:
    """Where a reader sees what a part of a document was in the version before; None where its words are the same.

    ``words`` are its words now, ``resource`` its path below the base.
    """
    slug, _, key = resource.removeprefix("id/document/").partition("/")
    versions = exchange.snapshot.document_versions.get(slug, ())
    if not versions or any(part[0] == key and part[2] == words for part in versions[-2]["parts"]):
        return None
    return Link(exchange.urls.path("changes", query={"document": slug}), "see what changed")


def _shared(subjects: Sequence[Row], links: Sequence[Row]) -> list[Subject]:
    """What a recommendation may share with others: provisions that it cites or is related to, themes and groups."""
    ways = {"cited": "cites", "theme": "theme", "group": "group"}
    shared = [(ways[text(row, "way")], text(row, "subject"), text(row, "label")) for row in subjects]
    shared += [
        ("related", text(row, "other"), text(row, "label"))
        for row in links
        if local_name(text(row, "relation")) == "relatesTo" and text(row, "way") == "from"
    ]
    return list(dict.fromkeys(shared))


def _subjects(rows: Sequence[Row], way: str, urls: Urls) -> tuple[Link, ...]:
    chosen = [row for row in rows if text(row, "way") == way]
    return tuple(link(row, "subject", "label", urls, text(row, "title")) for row in chosen)


def _judged(rows: Sequence[Row], urls: Urls) -> Judged:
    row = rows[0]
    relation = VERBS.get((local_name(text(row, "relation")), text(row, "way")), "")
    return replace(judged(rows, urls, "other", "label", text(row, "title") or text(row, "text")), relation=relation)


def _addressees(directives: Sequence[View]) -> tuple[Link, ...]:
    people = (person for directive in directives for person in (*directive.addressees, *directive.asked))
    return tuple({person.href: person for person in people}.values())


def _structured(row: Row, document: Row, resource: Resource, exchange: Exchange) -> dict[str, str | dict[str, str]]:
    issued = text(document, "issued")
    return {
        "@context": term("schema:").value.rstrip("/"),
        "@type": "CreativeWork",
        "@id": resource.iri.value,
        "name": resource.label,
        "text": text(row, "text"),
        "inLanguage": language(row, "text"),
        **({"datePublished": issued} if issued else {}),
        "url": exchange.urls.canonical(exchange.urls.document_path(resource.iri)),
        "isPartOf": {"@type": "Report", "@id": text(row, "document"), "name": text(document, "title")},
    }


WIDTH, ROW, TOP, COLUMN = 720, 30, 24, 250
"""The measures of the picture, in user units; its template has the width and half of it, too."""
SHOWN = 7
"""How many things a group in it shows; the page lists them all."""


def neighbourhood(middle: str, groups: Sequence[tuple[str, str, str, Sequence[Link]]]) -> View | None:
    """The picture of what is beside a paragraph, in groups: side, kind, caption and things. ``summary`` says the same
    in words. None with nothing to show."""
    groups = [group for group in groups if group[-1]]
    if not groups:
        return None
    left, nodes, captions, ends = 8, [], [], {"left": TOP, "right": TOP}
    for side, kind, caption, links in groups:
        x, y = (left if side == "left" else WIDTH - COLUMN - left), ends[side]
        captions.append(View(x=x, y=y, label=caption))
        for at, each in enumerate(links[:SHOWN], start=1):
            end = x + COLUMN if side == "left" else x
            nodes.append(View(x=x, y=y + at * ROW, end_x=end, label=fitting(each.label), href=each.href, kind=kind))
        ends[side] = y + ROW * (len(links[:SHOWN]) + 1) + 10
    said = [f"{caption.lower()}: {', '.join(each.label for each in links)}" for _, _, caption, links in groups]
    return View(height=max(ends.values()), nodes=nodes, captions=captions, summary="; ".join((middle, *said)))


WEIGHTS = {"cites": 3, "related": 3, "theme": 2, "group": 1}
"""What a shared thing counts, by the way in which both point to it; as the query says that is behind the page."""
MOST = 5
"""How many are shown."""
Subject = tuple[str, str, str]
"""A way of pointing, the IRI of a thing and its label."""


def neighbours(iri: str, exchange: Exchange) -> tuple[Link | None, Link | None]:
    """The paragraph before one and the one behind it in its document; none of something that is no paragraph."""
    index = exchange.snapshot.index
    number = index.number(iri)
    if number is None:
        return None, None
    near = {row.id: row for row in page_index.lines(index, (number - 1, number, number + 1))}
    if number not in near:
        return None, None
    own = near[number].document
    before, after = (
        Link(exchange.urls.of(row.iri), row.label) if (row := near.get(at)) and row.document == own else None
        for at in (number - 1, number + 1)
    )
    return before, after


def most_alike(iri: str, subjects: Sequence[Subject], exchange: Exchange) -> tuple[tuple[View, str], ...]:
    """The recommendations that share most of the subjects with a paragraph, each with the names of what they share."""
    index = exchange.snapshot.index
    members = [(WEIGHTS[way], label, index.pointing(way, [thing])) for way, thing, label in subjects]
    own = BitMap() if (number := index.number(iri)) is None else BitMap([number])
    everyone = BitMap.union(BitMap(), *(who for _, _, who in members)) & index.recommendations
    by_likeness = {0: everyone - own}
    for weight, _, who in members:
        further: dict[int, BitMap] = {}
        for likeness, recommendations in by_likeness.items():
            for total, some in ((likeness + weight, recommendations & who), (likeness, recommendations - who)):
                if some:
                    further[total] = further.get(total, BitMap()) | some
        by_likeness = further
    best: list[int] = []
    for likeness in sorted(by_likeness, reverse=True):
        best += by_likeness[likeness][: MOST - len(best)] if len(best) < MOST else []
    return tuple(
        (line, "; ".join(dict.fromkeys(label for _, label, who in members if line.id in who)))
        for line in lines_of(best, exchange)
    )


@kept_with
def _shapes(snapshot: Snapshot) -> list[tuple[str, str, str | None]]:
    """Of each check the kind of things that it is made for, its name and the shape that it is a part of."""
    return [
        (local_name(shape.get("parent") or shape["shape"]), shape["name"], shape.get("parent"))
        for shape in snapshot.validation.get("shapes", ())
    ]


def checks_of(exchange: Exchange, resource: Resource) -> View | None:
    """The checks that were made for the classes of a resource, by their shapes; None when no report came with it."""
    known = {local_name(kind.value) for kind in resource.types}
    own = [(kind, name, parent) for kind, name, parent in _shapes(exchange.snapshot) if kind in known]
    if not own:
        return None
    results = exchange.snapshot.validation.get("results", ())
    remarks = tuple(
        str(result.get("message", ""))
        for result in results
        if result.get("focus", result.get("focusNode")) == resource.iri.value
    )
    return View(
        checks=len(own),
        kinds=tuple(
            Link(exchange.urls.path("shapes") + f"#{kind}", name.lower()) for kind, name, parent in own if not parent
        ),
        built=exchange.snapshot.built.strftime("%Y-%m-%d %H:%M UTC"),
        remarks=remarks,
        href=exchange.urls.path("quality"),
    )
