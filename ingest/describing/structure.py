"""The source as quads: document, masthead, sections, paragraphs, items and footnotes in ``graph/document/…``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from ingest.document import (
    TEXT_NAMES,
    UNNUMBERED_CLAUSE,
    Document,
    Item,
    Metadata,
    Paragraph,
    Section,
    SourceRange,
    UnnumberedText,
)
from ingest.metadata import SLUG
from ontology.terms import Names, english, integer, term

UNDO_CLASSES = {
    "note": "undo:Note",
    "resolution": "undo:Resolution",
    "decision": "undo:Decision",
    "recommendation": "undo:Recommendation",
    "letter": "undo:OfficialLetter",
    "paper": "undo:Paper",
}
"""The class that UNDO has for a kind of document; a report has none beside `undo:Document`."""


def section_name(section: Section) -> str:
    """What people call it: "Section III", "Section III, part A"."""
    top, *rest = section.path
    name = (
        f"Annex{top.removeprefix('ANNEX').rjust(2) if top != 'ANNEX' else ''}"
        if is_annex(section)
        else f"Section {top}"
    )
    return name + "".join(f", part {number}" for number in rest)


def is_annex(section: Section) -> bool:
    """Whether a section is an annex or a part of one."""
    return section.path[0].startswith("ANNEX")


class StructureDescriber:
    """Describes one document. Quads come in reading order; a graph is a set, so order carries no meaning."""

    def __init__(self, document: Document, names: Names, earlier: Sequence[Metadata] = ()) -> None:
        self.document = document
        self.earlier = earlier
        self.names = names
        self.graph = names.graph(f"document/{document.slug}")
        self.node = names.node(document.path)

    def quads(self) -> Iterator[Quad]:
        """All quads of the document graph."""
        yield from self._document()
        yield from self._front_and_notes()
        for section in self.document.sections:
            yield from self._section(section)
        for paragraph in self.document.paragraphs:
            yield from self._paragraph(paragraph)
        for position, text in enumerate(self.document.texts, start=1):
            yield from self._unnumbered(position, text)

    def _say(self, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> Quad:
        return Quad(subject, predicate, value, self.graph)

    def _types(self, subject: NamedNode, *types: NamedNode) -> Iterator[Quad]:
        for type_ in types:
            yield self._say(subject, term("rdf:type"), type_)

    def _words(self, text: str) -> Literal:
        """Words of the document, tagged with its language."""
        return Literal(text, language=self.document.metadata.language)

    def _actor(self, slug: str) -> NamedNode:
        return self.names.node(f"id/actor/{slug}")

    def _document(self) -> Iterator[Quad]:
        pal, node, known = self.names.pal, self.node, self.document.metadata
        yield from self._types(node, pal("Document"))
        if known.kind in UNDO_CLASSES:
            yield from self._types(node, term(UNDO_CLASSES[known.kind]))
        title = self._words(known.title)
        yield self._say(node, term("rdfs:label"), self._words(f"{known.title} ({known.issued.year})"))
        yield self._say(node, term("dcterms:title"), title)
        yield self._say(node, term("dcterms:issued"), Literal(known.issued.isoformat(), datatype=term("xsd:date")))
        yield self._say(node, term("dcterms:language"), Literal(known.language))
        yield self._say(node, pal("issuer"), self._actor(known.issuer))
        for predicate, slug in (
            (term("dcterms:creator"), known.author),
            (term("dcterms:publisher"), known.publisher),
            (pal("body"), known.body if SLUG.fullmatch(known.body) else ""),
        ):
            if slug:
                yield self._say(node, predicate, self._actor(slug))
        if known.kind:
            yield self._say(node, pal("kind"), self.names.node(f"id/kind/{known.kind}"))
        if known.distribution:
            yield self._say(node, pal("distribution"), self._words(known.distribution))
        for name, symbol in (("symbol", known.symbol), ("agendaSymbol", known.agenda_symbol)):
            if symbol:
                yield self._say(node, pal(name), Literal(symbol))
        for meeting in known.meetings:
            yield self._say(node, pal("consolidates"), self.names.node(f"id/meeting/{meeting.slug}"))
        for name, slugs in (("corrects", known.corrects), ("supersedes", known.supersedes)):
            for slug in slugs:
                yield self._say(node, pal(name), self.names.node(f"id/document/{slug}"))
        node = self.names.node(f"{self.document.path}/{known.language}")
        yield from self._expression(node, known, known.language)
        for number, version in reversed(list(enumerate(self.earlier, start=1))):
            replaced = self.names.node(f"{self.document.path}/version/{number}")
            yield from self._expression(replaced, version, f"version {number}, replaced")
            yield self._say(replaced, term("dcterms:isReplacedBy"), node)
            node = replaced

    def _expression(self, node: NamedNode, known: Metadata, which: str) -> Iterator[Quad]:
        """A text of the document with its files: the current one, or one that was replaced."""
        pal = self.names.pal
        yield from self._types(node, pal("Expression"))
        yield self._say(node, term("rdfs:label"), Literal(f"{known.title} ({which})", language=known.language))
        yield self._say(node, term("dcterms:title"), Literal(known.title, language=known.language))
        yield self._say(node, term("dcterms:language"), Literal(known.language))
        yield self._say(node, term("dcterms:issued"), Literal(known.issued.isoformat(), datatype=term("xsd:date")))
        yield self._say(node, pal("realizes"), self.node)
        yield self._say(self.node, term("allot:hasRealization"), node)
        yield self._say(node, pal("sourceFile"), Literal(known.source_file))
        yield self._say(node, pal("sourceSha256"), Literal(known.sha256))
        if known.original:
            yield self._say(node, pal("originalFile"), Literal(known.original))
            yield self._say(node, pal("originalSha256"), Literal(known.original_sha256))

    def _part(
        self, node: NamedNode, whole: NamedNode, label: str, text: str, order: int, source: SourceRange
    ) -> Iterator[Quad]:
        pal = self.names.pal
        yield self._say(node, term("rdfs:label"), english(label))
        yield self._say(node, pal("text"), self._words(text))
        yield self._say(node, pal("order"), integer(order))
        yield self._say(node, pal("partOf"), whole)
        yield self._say(node, pal("sourceFirstLine"), integer(source.first_line))
        yield self._say(node, pal("sourceLastLine"), integer(source.last_line))
        yield self._say(node, pal("sourceStart"), integer(source.start))
        yield self._say(node, pal("sourceEnd"), integer(source.end))

    def _front_and_notes(self) -> Iterator[Quad]:
        pal, front = self.names.pal, self.document.masthead
        node = self.names.node(f"{self.document.path}/masthead")
        yield from self._types(node, pal("Masthead"))
        yield from self._part(node, self.node, "Masthead", front.text, front.order, front.source)
        for position, note in enumerate(self.document.footnotes, start=1):
            node = self.names.node(f"{self.document.path}/footnote/{position}")
            yield from self._types(node, pal("Footnote"))
            yield self._say(node, pal("mark"), Literal(note.mark))
            yield from self._part(node, self.node, f"Footnote {position}", note.text, note.order, note.source)
            for part in note.marked:
                yield self._say(node, pal("noteTo"), self.names.node(f"{self.document.path}/{part}"))

    def _unnumbered(self, position: int, text: UnnumberedText) -> Iterator[Quad]:
        node = self.names.node(f"{self.document.path}/text/{position}")
        whole = self.names.node(self.document.section_path(text.section)) if text.section else self.node
        yield from self._types(node, self.names.pal("UnnumberedText"))
        label = f"{TEXT_NAMES[text.kind]} ({position})"
        yield from self._part(node, whole, label, text.text, text.order, text.source)

    def _section(self, section: Section) -> Iterator[Quad]:
        pal, node = self.names.pal, self.names.node(self.document.section_path(section.path))
        whole = self.names.node(self.document.section_path(section.path[:-1])) if section.path[1:] else self.node
        yield from self._types(node, pal("Annex" if is_annex(section) and len(section.path) == 1 else "Section"))
        yield from self._part(node, whole, section_name(section), section.heading, section.order, section.source)
        yield self._say(node, pal("number"), Literal(section.path[-1]))
        yield self._say(node, term("eli:number"), Literal(section.path[-1]))
        yield self._say(node, pal("printedNumber"), Literal(section.printed))

    def _paragraph(self, paragraph: Paragraph) -> Iterator[Quad]:
        pal, node = self.names.pal, self.names.node(self.document.paragraph_path(paragraph.key))
        whole = self.names.node(self.document.section_path(paragraph.section)) if paragraph.section else self.node
        name = paragraph.name
        yield from self._part(node, whole, name, paragraph.text, paragraph.order, paragraph.source)
        yield self._say(node, pal("number"), integer(paragraph.number))
        yield self._say(node, term("eli:number"), Literal(paragraph.label))
        if paragraph.within == UNNUMBERED_CLAUSE:
            yield self._say(node, pal("printedNumber"), Literal(""))
        yield from self._types(node, pal("Recommendation" if paragraph.is_recommendation else "Paragraph"))
        if paragraph.meeting is not None:
            yield self._say(node, pal("adoptedAt"), self.names.node(f"id/meeting/{paragraph.meeting}"))
        for item in paragraph.items:
            yield from self._item(paragraph, node, item)

    def _item(self, paragraph: Paragraph, whole: NamedNode, item: Item) -> Iterator[Quad]:
        pal, node = self.names.pal, self.names.node(self.document.item_path(paragraph.key, item.letter))
        yield from self._types(node, pal("Item"))
        label = f"{paragraph.name}, item ({item.letter})"
        yield from self._part(node, whole, label, item.text, item.order, item.source)
        yield self._say(node, pal("number"), Literal(item.letter))
        yield self._say(node, term("eli:number"), Literal(item.letter))
