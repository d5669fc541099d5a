"""A document as Akoma Ntoso 1.0 in the profile of the United Nations (AKN4UN): its words with their structure, and what
rules recognised in them as Akoma Ntoso's own elements.

Names of works follow the AKN4UN naming convention (``/akn/un/{type}/{subtype}/{actor}/{date}/{number}``), with our slug
where the document prints no symbol; ``eId`` is made from our IRI, which ``GUID`` holds.
Every element that marks a finding has ``class="annotation"``: without these elements the words are those of the
document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from xml.etree import ElementTree as ET

from ontology.namespaces import CATALOGUE_IRIS
from ontology.terms import term
from server.pages.marks import Mark, Piece, marked
from server.pages.values import count, flag, grouped, local_name, node, text
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
ADDED = "annotation"


def akoma_ntoso(document: str, exchange: Exchange) -> bytes:
    """The XML of a document by its IRI. Raises `NotFound` for what is no document."""
    iri = exchange.snapshot.names.node(exchange.urls.local_path(document))
    about = exchange.store.select("document", document=iri)
    if not about:
        raise NotFound("Only whole documents have Akoma Ntoso.")
    parts = exchange.store.select("document-parts", document=iri)
    rows = exchange.store.select("document-marks", document=iri)
    root = _Writer(about[0], parts, rows, exchange).root()
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n").encode()


class _Writer:
    """Writes one document; ``references`` grows with the things that its elements point to."""

    def __init__(self, about: Row, parts: Sequence[Row], marks: Sequence[Row], exchange: Exchange) -> None:
        self.about = about
        self.parts = {text(row, "part"): row for row in reversed(parts)}.values()
        self.marks_of = grouped(marks, "source")
        self.exchange = exchange
        self.iri = text(about, "document")
        self.kind = local_name(text(about, "kind")) if "kind" in about else ""
        self.element, self.subtype = TYPES.get(self.kind, OTHERWISE)
        self.references: dict[str, ET.Element] = {}

    def root(self) -> ET.Element:
        """The whole file."""
        root = ET.Element("akomaNtoso", {"xmlns": CATALOGUE_IRIS["akoma-ntoso"]})
        document = ET.SubElement(root, self.element, {"name": self.kind or "document"})
        meta = ET.SubElement(document, "meta")
        self._identify(ET.SubElement(meta, "identification", {"source": self._agent("palermo")}))
        cover, body = ET.Element("coverPage"), ET.Element("mainBody")
        preamble, notes = ET.Element("preamble"), ET.Element("notes", {"source": self._agent("palermo-reader")})
        self._write(cover, preamble, body, notes)
        self._agent("palermo-rules")
        listed = ET.SubElement(meta, "references", {"source": self._agent("palermo-rules")})
        listed.extend(sorted(self.references.values(), key=lambda one: (one.tag, one.get("eId", ""))))
        for role, property_ in ROLES.items():
            href = term(property_) if ":" in property_ else self.exchange.snapshot.names.pal(property_)
            ET.SubElement(listed, "TLCRole", {"eId": role, "href": href.value, "showAs": role.capitalize()})
        if len(notes):
            meta.append(notes)
        document.extend(part for part in (cover, preamble) if len(part))
        document.append(body)
        return root

    # ---- Identification ----

    def _identify(self, into: ET.Element) -> None:
        about, issued = self.about, text(self.about, "issued")
        number = text(about, "symbol") or self.iri.rpartition("/")[2]
        actor = next((text(about, name) for name in ("body", "publisher", "issuer") if name in about), "")
        named = number.replace("/", "-").replace(" ", "_")
        work = f"/akn/un/{self.element}/{self.subtype}/{local_name(actor)}/{issued}/{named}"
        code = text(about, "language")
        language = LANGUAGES.get(code, code)
        expression = f"{work}/{language}@{issued}"
        authors = [(name, text(about, key), text(about, label)) for name, key, label in (
            ("author", "creator", "creatorLabel"), ("publisher", "publisher", "publisherLabel"),
        ) if key in about] or [("author", actor, text(about, "issuerLabel"))]  # fmt: skip
        by = [(self._reference(iri, label, "Actor"), f"#{role}") for role, iri, label in authors]
        level = self._level(into, "FRBRWork", f"{work}/!main", work, issued, "issued", by, self.iri)
        ET.SubElement(level, "FRBRcountry", {"value": "un"})
        ET.SubElement(level, "FRBRsubtype", {"value": self.subtype})
        ET.SubElement(level, "FRBRnumber", {"value": named, "showAs": number})
        ET.SubElement(level, "FRBRname", {"value": text(about, "title")})
        level = self._level(into, "FRBRExpression", f"{expression}/!main", expression, issued, "issued", by)
        ET.SubElement(level, "FRBRauthoritative", {"value": "false"})
        ET.SubElement(level, "FRBRlanguage", {"language": language})
        made, by = self.exchange.snapshot.built.date().isoformat(), [(self._agent("palermo-build"), "")]
        level = self._level(
            into, "FRBRManifestation", f"{expression}/!main.xml", f"{expression}/.xml", made, "made", by
        )
        ET.SubElement(level, "FRBRformat", {"value": "xml"})

    @staticmethod
    def _level(
        into: ET.Element,
        name: str,
        this: str,
        iri: str,
        date: str,
        what: str,
        by: Iterable[tuple[str, str]],
        alias: str = "",
    ) -> ET.Element:
        level = ET.SubElement(into, name)
        ET.SubElement(level, "FRBRthis", {"value": this})
        ET.SubElement(level, "FRBRuri", {"value": iri})
        if alias:
            ET.SubElement(level, "FRBRalias", {"value": alias, "name": "palermo"})
        ET.SubElement(level, "FRBRdate", {"date": date, "name": what})
        for href, role in by:
            ET.SubElement(level, "FRBRauthor", {"href": href} | ({"as": role} if role else {}))
        return level

    # ---- References ----

    def _agent(self, name: str) -> str:
        iri = self.exchange.snapshot.names.node(f"id/agent/{name}").value
        return self._reference(iri, name.replace("-", " ").capitalize(), "Agent")

    def _reference(self, iri: str, label: str, kind: str) -> str:
        """``#eId`` of a thing among the references, where it is listed from now on."""
        eid = self.exchange.urls.local_path(iri).removeprefix("id/").replace("/", "-")
        if eid not in self.references:
            tag = INLINE[kind][1]
            attributes = {"eId": eid, "href": iri, "showAs": label} | (
                {"name": kind.lower()} if tag == "TLCReference" else {}
            )
            self.references[eid] = ET.Element(tag, attributes)
        return f"#{eid}"

    # ---- Text ----

    def _write(self, cover: ET.Element, preamble: ET.Element, body: ET.Element, notes: ET.Element) -> None:
        """Writes every part into the part it belongs to, in reading order."""
        within: dict[str, ET.Element] = {}
        for row in sorted(self.parts, key=lambda row: count(row, "order")):
            part, kind, words = text(row, "part"), text(row, "kind"), text(row, "text")
            path = part.removeprefix(f"{self.iri}/")
            whole = within.get(text(row, "whole"), body)
            if kind == "masthead":
                self._masthead(cover, words)
            elif kind == "footnote":
                note = ET.SubElement(notes, "note", {"eId": _eid(path), "marker": text(row, "number")})
                self._paragraph(note, words, part)
            elif kind == "section":
                made = self._hierarchy(whole, SECTIONS[min(path.count("/") - 1, 2)], part, path)
                if printed := text(row, "printed"):
                    ET.SubElement(made, "num").text = f"{printed.rstrip('.')}."
                ET.SubElement(made, "heading").text = words
                within[part] = made
            elif kind == "paragraph":
                made = within[part] = self._hierarchy(whole, "paragraph", part, path)
                for mark in self.marks_of.get(part, ()):
                    if text(mark, "way") == "meeting":
                        made.set("refersTo", self._reference(text(mark, "entity"), text(mark, "label"), "Meeting"))
                printed = text(row, "printed" if "printed" in row else "number")
                if printed:
                    ET.SubElement(made, "num").text = printed if "." in printed else f"{printed}."
                self._paragraph(ET.SubElement(made, "content"), words, part)
            elif kind == "item":
                self._item(whole, row, part, path)
            else:
                self._unnumbered(
                    preamble if not within and text(row, "label").startswith("Clause") else whole, row, path
                )

    def _masthead(self, cover: ET.Element, words: str) -> None:
        title, symbol = text(self.about, "title"), text(self.about, "symbol")
        for line in words.split("\n"):
            into = ET.SubElement(cover, "p")
            if line == title:
                ET.SubElement(into, "docTitle").text = line
            elif symbol and line == symbol:
                ET.SubElement(into, "docNumber").text = line
            else:
                into.text = line

    @staticmethod
    def _hierarchy(whole: ET.Element, name: str, part: str, path: str) -> ET.Element:
        return ET.SubElement(whole, name, {"eId": _eid(path), "GUID": part})

    def _item(self, paragraph: ET.Element, row: Row, part: str, path: str) -> None:
        """An item; the words before the first one become the introduction of a list."""
        items = paragraph.find("list")
        if items is None:
            lead = paragraph.find("content")
            items = ET.SubElement(paragraph, "list", {"eId": f"{paragraph.get('eId')}__list_1"})
            if lead is not None:
                paragraph.remove(lead)
                lead.tag = "intro"
                items.append(lead)
        point = self._hierarchy(items, "point", part, path)
        ET.SubElement(point, "num").text = f"({text(row, 'number').rpartition('-')[2]})"
        self._paragraph(ET.SubElement(point, "content"), text(row, "text"), part)

    def _unnumbered(self, into: ET.Element, row: Row, path: str) -> None:
        """Words without a number. A row of a table is a line, its cells apart by vertical bars."""
        words = text(row, "text")
        is_table = text(row, "label").startswith("Table")
        if into.tag != "preamble":
            made = self._hierarchy(into, "hcontainer", text(row, "part"), path)
            made.set("name", "table" if is_table else "text")
            into = ET.SubElement(made, "content")
        if is_table:
            table = ET.SubElement(into, "table")
            for line in words.split("\n"):
                cells = ET.SubElement(table, "tr")
                for cell in line.split(" | "):
                    ET.SubElement(ET.SubElement(cells, "td"), "p").text = cell
            return
        self._paragraph(into, words, text(row, "part"))

    def _paragraph(self, into: ET.Element, words: str, part: str) -> None:
        into = ET.SubElement(into, "p")
        for piece in marked(words, self._marks(part, words)):
            self._piece(into, piece)

    def _marks(self, part: str, words: str) -> Iterator[Mark]:
        rows = [row for row in self.marks_of.get(part, ()) if "start" in row]
        for row in rows:
            start, end, way = count(row, "start"), count(row, "end"), text(row, "way")
            kind, entity = local_name(text(row, "class")) if "class" in row else "", text(row, "entity")
            if way == "directive":
                href = self._reference(entity, text(row, "label"), kind)
                yield Mark(start, end, "directive", "", href)
                operative = text(row, "words")
                at = words.find(operative, start, end) if operative else -1
                if at >= 0:
                    yield Mark(at, at + len(operative), "operativeWords", "", href)
            elif way == "mention":
                href = self._reference(entity, text(row, "label"), kind)
                if role := next((text(other, "way") for other in rows if _gives_role(other, row)), ""):
                    yield Mark(start, end, "role", "", f"#{role}")
                tag = INLINE[kind][0]
                yield Mark(start, end, tag, "", entity if tag == "ref" and flag(row, "cites") else href)

    def _piece(self, into: ET.Element, piece: Piece) -> None:
        if not piece.kind:
            if len(into):
                into[-1].tail = (into[-1].tail or "") + piece.text
            else:
                into.text = (into.text or "") + piece.text
            return
        named = piece.kind in ("directive", "operativeWords")
        tag = "inline" if named else piece.kind
        attributes = {"name": piece.kind} if named else {}
        made = ET.SubElement(
            into, tag, attributes | {"href" if tag == "ref" else "refersTo": piece.href, "class": ADDED}
        )
        for inner in piece.pieces:
            self._piece(made, inner)


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
