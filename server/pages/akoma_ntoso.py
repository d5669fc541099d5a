"""A document as Akoma Ntoso 1.0 in the profile of the United Nations (AKN4UN): its words with their structure, and what
rules recognised in them as Akoma Ntoso's own elements.

Names of works follow the AKN4UN naming convention (``/akn/un/{type}/{subtype}/{actor}/{date}/{number}``), with our slug
where the document prints no symbol; ``eId`` is made from our IRI, which ``GUID`` holds.
Every element that marks a finding has ``class="annotation"``: without these elements the words are those of the
document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ontology.namespaces import CATALOGUE_IRIS
from ontology.terms import term
from server.pages.marks import Mark, Piece, marked
from server.pages.page import Page
from server.pages.values import View, count, flag, grouped, local_name, node, text
from server.store import Row
from server.web.errors import NotFound
from server.web.request import Exchange

TYPES = {
    "note": ("doc", "communication"),
    "letter": ("doc", "communication"),
    "paper": ("doc", "paper"),
    "report": ("debateReport", "minute"),
    "resolution": ("statement", "deliberation"),
    "decision": ("statement", "deliberation"),
    "recommendation": ("statement", "deliberation"),
}
"""The element and the subtype of each kind of document (AKN4UN part 1, §3.3). A recommendation is no ``act`` here: that
type is for texts that bind, and its body allows no words outside articles."""
OTHERWISE = ("doc", "communication")
LANGUAGES = {"ar": "ara", "zh": "zho", "en": "eng", "fr": "fra", "ru": "rus", "es": "spa"}
"""ISO 639-2 codes of the official languages, as the naming convention has them."""
INLINE = {
    "Actor": ("organization", "TLCOrganization"),
    "Tool": ("object", "TLCObject"),
    "AffectedGroup": ("concept", "TLCConcept"),
    "Qualifier": ("term", "TLCTerm"),
    "Instrument": ("ref", "TLCReference"),
    "Provision": ("ref", "TLCReference"),
    "Resolution": ("ref", "TLCReference"),
    "Modality": ("inline", "TLCConcept"),
    "Meeting": ("", "TLCEvent"),
    "Agent": ("", "TLCProcess"),
}
"""What marks the words that name a thing of a class, and what lists it among the references."""
ROLES = {"author": "dcterms:creator", "publisher": "dcterms:publisher", "addressee": "addressee", "asked": "askedActor"}
"""What an actor can be to a document or a directive, each with the property that says so."""
SECTIONS = ("section", "subsection", "level")
AGENTS = ("palermo", "palermo-build", "palermo-reader", "palermo-rules")


def akoma_ntoso(document: str, exchange: Exchange) -> Page:
    """The XML of a document by its IRI. Raises `NotFound` for what is no document."""
    iri = exchange.snapshot.names.node(exchange.urls.local_path(document))
    rows = exchange.store.select("document", document=iri)
    if not rows:
        raise NotFound("Only whole documents have Akoma Ntoso.")
    about, snapshot = rows[0], exchange.snapshot
    kind = local_name(text(about, "kind")) if "kind" in about else ""
    element, subtype = TYPES.get(kind, OTHERWISE)
    number = text(about, "symbol") or iri.value.rpartition("/")[2]
    actor = next((text(about, name) for name in ("body", "publisher", "issuer") if name in about), "")
    texts = _Texts(exchange, grouped(exchange.store.select("document-marks", document=iri), "source"))
    by = [(name, text(about, key), text(about, label)) for name, key, label in (
        ("author", "creator", "creatorLabel"), ("publisher", "publisher", "publisherLabel"),
    ) if key in about] or [("author", actor, text(about, "issuerLabel"))]  # fmt: skip
    for agent in AGENTS:
        texts.reference(snapshot.names.node(f"id/agent/{agent}").value, agent.replace("-", " ").capitalize(), "Agent")
    context = {
        "document": iri.value,
        "namespace": CATALOGUE_IRIS["akoma-ntoso"],
        "element": element,
        "subtype": subtype,
        "kind": kind,
        "actor": local_name(actor),
        "number": number,
        "named": number.replace("/", "-").replace(" ", "_"),
        "language": LANGUAGES.get(text(about, "language"), text(about, "language")),
        "authors": [(texts.reference(href, label, "Actor"), role) for role, href, label in by],
        "made": snapshot.built.date().isoformat(),
        **{name: text(about, name) for name in ("issued", "title", "symbol")},
        **_parts(exchange.store.select("document-parts", document=iri), iri.value, texts),
        "references": sorted(texts.references.values()),
        "roles": [
            (role, (term(name) if ":" in name else snapshot.names.pal(name)).value) for role, name in ROLES.items()
        ],
    }
    return Page("akoma_ntoso.xml", context)


def _parts(rows: Sequence[Row], document: str, texts: _Texts) -> dict[str, list[Any]]:
    """The parts of a document in reading order, each in the one that it belongs to: lines of the ``masthead``, the
    ``preamble`` of what stands before every section, the ``body``, and ``notes``."""
    masthead: list[str] = []
    preamble, body, notes = list[View](), list[View](), list[View]()
    within: dict[str, View] = {}
    first = {text(row, "part"): row for row in reversed(rows)}
    for row in sorted(first.values(), key=lambda row: count(row, "order")):
        kind, iri, words = text(row, "kind"), text(row, "part"), text(row, "text")
        if kind == "masthead":
            masthead += words.split("\n")
            continue
        path = iri.removeprefix(f"{document}/")
        part = View(
            kind=kind,
            iri=iri,
            eid=_eid(path),
            tag=SECTIONS[min(path.count("/") - 1, 2)],
            text=words,
            pieces=texts.pieces(iri, words),
            is_table=text(row, "label").startswith("Table"),
            number=text(row, "number"),
            printed=text(row, "printed") if "printed" in row else None,  # empty where the text prints none
            meeting=texts.meeting(iri),
            items=[],
            below=[],
        )
        whole = within.get(text(row, "whole"))
        if kind == "footnote":
            notes.append(part)
        elif kind == "item" and whole:
            whole.items.append(part)
        elif kind == "unnumberedtext" and not within and text(row, "label").startswith("Clause"):
            preamble.append(part)
        else:
            (whole.below if whole else body).append(part)
        if kind in ("section", "paragraph"):
            within[iri] = part
    return {"masthead": masthead, "preamble": preamble, "body": body, "notes": notes}


class _Texts:
    """Marks the words of parts; ``references`` grows with the things that marks point to: what lists each, its eId, its
    IRI, its label, and what more is said of it."""

    def __init__(self, exchange: Exchange, marks_of: Mapping[str, list[Row]]) -> None:
        self._exchange, self._marks_of = exchange, marks_of
        self.references: dict[str, tuple[str, str, str, str, str]] = {}

    def reference(self, iri: str, label: str, kind: str) -> str:
        """``#eId`` of a thing among the references, where it is listed from now on."""
        eid = self._exchange.urls.local_path(iri).removeprefix("id/").replace("/", "-")
        tag = INLINE[kind][1]
        self.references.setdefault(eid, (tag, eid, iri, label, kind.lower() if tag == "TLCReference" else ""))
        return f"#{eid}"

    def meeting(self, part: str) -> str:
        """The meeting that adopted a paragraph, if one did."""
        rows = [row for row in self._marks_of[part] if text(row, "way") == "meeting"]
        return next((self.reference(text(row, "entity"), text(row, "label"), "Meeting") for row in reversed(rows)), "")

    def pieces(self, part: str, words: str) -> tuple[Piece, ...]:
        """The words of a part with its findings."""
        return marked(words, self._marks(part, words))

    def _marks(self, part: str, words: str) -> Iterator[Mark]:
        rows = [row for row in self._marks_of[part] if "start" in row]
        for row in rows:
            start, end, way = count(row, "start"), count(row, "end"), text(row, "way")
            kind, entity = local_name(text(row, "class")) if "class" in row else "", text(row, "entity")
            if way == "directive":
                href = self.reference(entity, text(row, "label"), kind)
                yield Mark(start, end, "directive", "", href)
                operative = text(row, "words")
                at = words.find(operative, start, end) if operative else -1
                if at >= 0:
                    yield Mark(at, at + len(operative), "operativeWords", "", href)
            elif way == "mention":
                href = self.reference(entity, text(row, "label"), kind)
                if role := next((text(other, "way") for other in rows if _gives_role(other, row)), ""):
                    yield Mark(start, end, "role", "", f"#{role}")
                tag = INLINE[kind][0]
                yield Mark(start, end, tag, "", entity if tag == "ref" and flag(row, "cites") else href)


def _gives_role(directive: Row, mention: Row) -> bool:
    """Whether a row says that a directive around a mention addresses what it names, or asks it to act."""
    return (
        text(directive, "way") in ("addressee", "asked")
        and node(directive, "entity") == node(mention, "entity")
        and count(directive, "start") <= count(mention, "start")
        and count(mention, "end") <= count(directive, "end")
    )


ABBREVIATIONS = {"section": "sec", "paragraph": "para", "item": "point", "text": "hcontainer", "footnote": "note"}


def _eid(path: str) -> str:
    """The eId of a part by its path below the document: ``sec_III__subsec_A``, ``para_90__point_a`` (AKN-NC §5)."""
    steps = path.split("/")
    if steps[0] == "section":
        names = ("sec", "subsec", "lvl", "lvl")
        return "__".join(f"{name}_{number}" for name, number in zip(names, steps[1:], strict=False))
    return "__".join(f"{ABBREVIATIONS[kind]}_{name}" for kind, name in zip(steps[::2], steps[1::2], strict=True))
