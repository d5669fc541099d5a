"""What rules read in the text, as quads in ``graph/annotation/…``: mentions, citations, directives, their evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Quad

from ingest.describing.structure import paragraph_name
from ingest.document import Document, Paragraph, Span
from ingest.extraction.findings import Directive, Findings, Mention
from ontology.terms import Names, boolean, english, integer, term

CONTEXT = 32
"""How many characters before and after the words a quote selector keeps (Web Annotation Data Model §4.2.4)."""

RULES = "id/agent/palermo-rules"


class AnnotationDescriber:
    """Describes the findings of one document, keyed by the path of their paragraph or item."""

    def __init__(self, document: Document, findings: Mapping[str, Findings], names: Names) -> None:
        self.document = document
        self.findings = findings
        self.names = names
        self.graph = names.graph(f"annotation/{document.slug}")
        self.rules = names.node(RULES)

    def quads(self) -> Iterator[Quad]:
        """All quads of the annotation graph."""
        for paragraph in self.document.paragraphs:
            node, name = self.names.node(self.document.paragraph_path(paragraph.key)), paragraph_name(paragraph)
            found = self.findings.get(self.names.path(node), Findings())
            yield from self._mentions(paragraph, node, node, name, paragraph.text, found.mentions)
            for position, directive in enumerate(found.directives, start=1):
                yield from self._directive(paragraph, node, name, position, directive)
            for item in paragraph.items:
                part = self.names.node(self.document.item_path(paragraph.key, item.letter))
                inside = self.findings.get(self.names.path(part), Findings())
                label = f"{name}, item ({item.letter})"
                yield from self._mentions(paragraph, node, part, label, item.text, inside.mentions)

    def _say(self, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> Quad:
        return Quad(subject, predicate, value, self.graph)

    def _mentions(
        self,
        paragraph: Paragraph,
        subject: NamedNode,
        source: NamedNode,
        name: str,
        text: str,
        mentions: tuple[Mention, ...],
    ) -> Iterator[Quad]:
        pal = self.names.pal
        for mention in mentions:
            node = NamedNode(f"{source.value}/mention/{mention.span.start}-{mention.span.end}")
            entity = self.names.node(mention.entity)
            yield self._say(node, term("rdf:type"), pal("Citation" if mention.cites else "Mention"))
            label = f"“{mention.span.cut(text)}” in {name[0].lower()}{name[1:]}"
            yield self._say(node, term("rdfs:label"), english(label))
            yield self._say(node, term("oa:hasBody"), entity)
            yield self._say(node, term("oa:motivatedBy"), term("oa:identifying"))
            yield self._say(node, term("oa:hasTarget"), NamedNode(f"{node.value}#target"))
            yield self._say(node, term("prov:wasAttributedTo"), self.rules)
            yield from self._target(node, source, name, text, mention.span)
            yield from self._statements(paragraph, subject, entity, mention)

    def _statements(
        self, paragraph: Paragraph, subject: NamedNode, entity: NamedNode, mention: Mention
    ) -> Iterator[Quad]:
        pal = self.names.pal
        if mention.kind == "group":
            if paragraph.is_recommendation:
                yield self._say(subject, pal("affects"), entity)
            return
        if mention.kind == "qualifier":  # said of the directive that it limits
            return
        yield self._say(subject, pal("cites" if mention.cites else "mentions"), entity)
        if mention.kind == "provision":
            instrument = "/".join(mention.entity.split("/")[:3])
            yield self._say(subject, pal("mentions"), self.names.node(instrument))

    def _target(self, node: NamedNode, source: NamedNode, name: str, text: str, span: Span) -> Iterator[Quad]:
        target, position, quote = (NamedNode(f"{node.value}#{part}") for part in ("target", "position", "quote"))
        where = f"characters {span.start} to {span.end} of {name[0].lower()}{name[1:]}"
        yield self._say(target, term("rdf:type"), term("oa:SpecificResource"))
        yield self._say(target, term("rdfs:label"), english(f"The words at {where}"))
        yield self._say(target, term("oa:hasSource"), source)
        yield self._say(target, term("oa:hasSelector"), position)
        yield self._say(target, term("oa:hasSelector"), quote)
        yield self._say(position, term("rdf:type"), term("oa:TextPositionSelector"))
        yield self._say(position, term("rdfs:label"), english(f"The position: {where}"))
        yield self._say(position, term("oa:start"), integer(span.start))
        yield self._say(position, term("oa:end"), integer(span.end))
        yield self._say(quote, term("rdf:type"), term("oa:TextQuoteSelector"))
        yield self._say(quote, term("rdfs:label"), english(f"The quotation: {where}"))
        yield self._say(quote, term("oa:exact"), Literal(span.cut(text)))
        yield self._say(quote, term("oa:prefix"), Literal(text[max(0, span.start - CONTEXT) : span.start]))
        yield self._say(quote, term("oa:suffix"), Literal(text[span.end : span.end + CONTEXT]))

    def _directive(
        self, paragraph: Paragraph, subject: NamedNode, name: str, position: int, directive: Directive
    ) -> Iterator[Quad]:
        pal, named = self.names.pal, self.names.node
        node = NamedNode(f"{subject.value}/directive/{directive.span.start}")
        yield self._say(subject, pal("hasDirective"), node)
        yield self._say(node, term("rdf:type"), pal("Directive"))
        yield self._say(node, term("rdfs:label"), english(f"{name}, directive {position}"))
        yield self._say(node, pal("order"), integer(position))
        yield self._say(node, pal("text"), english(directive.span.cut(paragraph.text)))
        yield self._say(node, pal("operativeWords"), english(directive.operative.cut(paragraph.text)))
        yield self._say(node, pal("modality"), named(f"id/modality/{directive.modality}"))
        yield self._say(node, pal("considerOnly"), boolean(directive.consider_only))
        yield self._say(node, pal("issuer"), named(f"id/actor/{directive.issuer}"))
        for addressee in directive.addressees:
            yield self._say(node, pal("addressee"), named(f"id/actor/{addressee}"))
        for asked in directive.asked:
            yield self._say(node, pal("askedActor"), named(f"id/actor/{asked}"))
        for qualifier in dict.fromkeys(each.entity for each in directive.qualifiers):
            yield self._say(node, pal("qualifier"), named(qualifier))
        yield self._say(node, pal("evidence"), NamedNode(f"{node.value}#target"))
        yield self._say(node, term("prov:wasAttributedTo"), self.rules)
        yield from self._target(node, subject, name, paragraph.text, directive.span)
