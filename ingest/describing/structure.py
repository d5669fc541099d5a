"""The source as quads: document, masthead, sections, paragraphs, items and footnotes in ``graph/document/…``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from ingest.document import (
    UNNUMBERED_CLAUSE,
    AnyText,
    Document,
    Footnote,
    Item,
    Masthead,
    Metadata,
    Paragraph,
    Section,
    UnnumberedText,
)
from ingest.metadata import SLUG
from ontology.terms import Names, english, integer, term

Part = Masthead | Section | Paragraph | Item | UnnumberedText | Footnote
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
        front, node = self.document.masthead, self.names.node(f"{self.document.path}/masthead")
        yield from self._types(node, self.names.pal("Masthead"))
        yield from self._part(node, self.node, "Masthead", front.text, front)
        for section in self.document.sections:
            yield from self._section(section)
        for text in self.document.all_texts:
            yield from self._text(text)

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

    def _part(self, node: NamedNode, whole: NamedNode, label: str, text: str, part: Part) -> Iterator[Quad]:
        pal, source = self.names.pal, part.source
        yield self._say(node, term("rdfs:label"), english(label))
        yield self._say(node, pal("text"), self._words(text))
        yield self._say(node, pal("order"), integer(part.order))
        yield self._say(node, pal("partOf"), whole)
        yield self._say(node, pal("sourceFirstLine"), integer(source.first_line))
        yield self._say(node, pal("sourceLastLine"), integer(source.last_line))
        yield self._say(node, pal("sourceStart"), integer(source.start))
        yield self._say(node, pal("sourceEnd"), integer(source.end))

    def _section_or_document(self, path: tuple[str, ...]) -> NamedNode:
        return self.names.node(self.document.section_path(path)) if path else self.node

    def _section(self, section: Section) -> Iterator[Quad]:
        pal, node = self.names.pal, self._section_or_document(section.path)
        yield from self._types(node, pal("Annex" if is_annex(section) and len(section.path) == 1 else "Section"))
        whole = self._section_or_document(section.path[:-1])
        yield from self._part(node, whole, section_name(section), section.heading, section)
        yield self._say(node, pal("number"), Literal(section.path[-1]))
        yield self._say(node, term("eli:number"), Literal(section.path[-1]))
        yield self._say(node, pal("printedNumber"), Literal(section.printed))

    def _text(self, text: AnyText) -> Iterator[Quad]:
        """A paragraph, an item, a text without a number or a footnote."""
        pal, node, part = self.names.pal, self.names.node(text.path), text.part
        if isinstance(part, Paragraph):
            whole = self._section_or_document(part.section)
            yield from self._types(node, pal("Recommendation" if part.is_recommendation else "Paragraph"))
            yield self._say(node, pal("number"), integer(part.number))
            yield self._say(node, term("eli:number"), Literal(part.label))
            if part.within == UNNUMBERED_CLAUSE:
                yield self._say(node, pal("printedNumber"), Literal(""))
            if part.meeting is not None:
                yield self._say(node, pal("adoptedAt"), self.names.node(f"id/meeting/{part.meeting}"))
        elif isinstance(part, Item):
            whole = self.names.node(text.path.rpartition("/item/")[0])
            yield from self._types(node, pal("Item"))
            yield self._say(node, pal("number"), Literal(part.letter))
            yield self._say(node, term("eli:number"), Literal(part.letter))
        elif isinstance(part, UnnumberedText):
            whole = self._section_or_document(part.section)
            yield from self._types(node, pal("UnnumberedText"))
        else:
            whole = self.node
            yield from self._types(node, pal("Footnote"))
            yield self._say(node, pal("mark"), Literal(part.mark))
            for marked in part.marked:
                yield self._say(node, pal("noteTo"), self.names.node(f"{self.document.path}/{marked}"))
        yield from self._part(node, whole, text.name, text.words, part)
