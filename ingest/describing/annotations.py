"""What rules read in the text, as quads in ``graph/annotation/…``: mentions, citations, directives, their evidence.

What a person put in place of a finding stands in ``graph/editorial/…``, by that person; the finding that it replaces
stays in the annotation graph as a `pal:ReplacedFinding`, which has neither the class nor the statements of a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from ingest.corrections import Correction
from ingest.document import Document, Paragraph, Span
from ingest.extraction import Unresolved
from ingest.extraction.findings import Directive, Findings, Mention
from ontology.terms import Names, boolean, english, integer, term

CONTEXT = 32
"""How many characters before and after the words a quote selector keeps (Web Annotation Data Model §4.2.4)."""

RULES = "id/agent/palermo-rules"
OPEN = "Neither the text nor the metadata of the document say which instrument, or whose resolution, is meant."
INFERRED = (
    "The document does not say what these words mean: a rule reads them by the one treaty of their kind that the same "
    "text names in full before them."
)
OF_DIRECTIVES = ("qualifier", "action")
"""Kinds of mentions that say something of the directive in whose words they stand."""


class AnnotationDescriber:
    """Describes the findings of one document, keyed by the path of their paragraph or item, with what was corrected."""

    def __init__(
        self,
        document: Document,
        findings: Mapping[str, Findings],
        names: Names,
        corrections: Sequence[Correction] = (),
        unresolved: Sequence[Unresolved] = (),
    ) -> None:
        self.document = document
        self.findings = findings
        self.names = names
        self.graph = names.graph(f"annotation/{document.slug}")
        self.rules = names.node(RULES)
        self.corrections = corrections
        self.unresolved = unresolved
        self._put = {(each.path, each.put): each for each in corrections if each.put is not None}

    def quads(self) -> Iterator[Quad]:
        """Returns all quads about findings, in the graph of the agent that made each."""
        for text in self.document.numbered:
            subject = self.names.node(self.document.paragraph_path(text.paragraph.key))
            node, findings = self.names.node(text.path), self.findings.get(text.path, Findings())
            yield from self._mentions(text.paragraph, subject, node, text.name, text.words, findings.mentions)
            for position, directive in enumerate(findings.directives, start=1):
                quads = self._directive(text.paragraph, node, text.name, position, directive)
                yield from self._by(node, directive, quads)
        yield from self._corrections()
        for path, name, words in self.document.unnumbered:
            node = self.names.node(path)
            yield from self._mentions(None, node, node, name, words, self.findings.get(path, Findings()).mentions)
        yield from self._open_citations()

    def _say(self, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> Quad:
        return Quad(subject, predicate, value, self.graph)

    def _by(self, source: NamedNode, finding: Directive | Mention, quads: Iterator[Quad]) -> Iterator[Quad]:
        """The quads of a finding, by the rules, or where a person put it by that person, in the editorial graph."""
        correction = self._put.get((self.names.path(source), finding))
        if correction is None:
            yield from quads
            return
        graph = self.names.graph(f"editorial/{self.document.slug}")
        node = _node(source, finding)
        for quad in quads:
            if quad.object != self.rules:
                yield Quad(quad.subject, quad.predicate, quad.object, graph)
        for agent in correction.agents:
            yield Quad(node, term("prov:wasAttributedTo"), self.names.node(f"id/agent/{agent}"), graph)

    def _corrections(self) -> Iterator[Quad]:
        """Each correction with its reason and agents, and the finding that it replaces."""
        pal, graph = self.names.pal, self.names.graph(f"editorial/{self.document.slug}")
        texts = {text.path: text for text in self.document.numbered}
        for each in self.corrections:
            paragraph, words = texts[each.path].paragraph, texts[each.path].words
            path, name = self.document.paragraph_path(paragraph.key), paragraph.name
            source, about = self.names.node(each.path), each.about
            tail = (
                _node(source, about).value.removeprefix(f"{source.value}/").replace("/", "-") if about else "directive"
            )
            node = NamedNode(f"{source.value}/correction/{tail}")
            did = "replaces what rules read" if each.removed and each.put else "adds" if each.put else "asks nothing"
            did = "removes what rules read" if each.removed and not each.put else did
            did = "confirms what rules read" if each.confirmed else did
            shown = each.put or each.confirmed
            for predicate, value in (
                (term("rdf:type"), pal("Correction")),
                (term("rdfs:label"), english(f"A correction of {name[0].lower()}{name[1:]}: {did}")),
                (term("rdfs:comment"), english(each.reason)),
                (term("oa:hasTarget"), source),
                *((term("prov:wasAttributedTo"), self.names.node(f"id/agent/{agent}")) for agent in each.agents),
                *(((term("oa:hasBody"), _node(source, shown)),) if shown else ()),
            ):
                yield Quad(node, predicate, value, graph)
            if each.removed is not None:
                yield from self._replaced(each, source, node, name, words)
            if not self.findings.get(path, Findings()).directives:
                yield Quad(self.names.node(path), pal("asksNothing"), boolean(True), graph)

    def _open_citations(self) -> Iterator[Quad]:
        """What cites something that nothing tells, unless a person said what it is."""
        texts = {path: (name, text) for path, name, text in self.document.unnumbered}
        texts |= {text.path: (text.name, text.words) for text in self.document.numbered}
        for each in self.unresolved:
            known = self.findings.get(each.path, Findings()).mentions
            if each.path not in texts or any(
                mention.span.start < each.span.end and each.span.start < mention.span.end for mention in known
            ):
                continue
            label, text = texts[each.path]
            source = self.names.node(each.path)
            node = NamedNode(f"{source.value}/unresolved/{each.span.start}-{each.span.end}")
            yield self._say(node, term("rdf:type"), self.names.pal("UnresolvedCitation"))
            what = f"Not resolved: “{each.words}” in {label[0].lower()}{label[1:]}"
            yield self._say(node, term("rdfs:label"), english(what))
            yield self._say(node, term("rdfs:comment"), english(OPEN))
            yield self._say(node, term("oa:hasTarget"), NamedNode(f"{node.value}#target"))
            yield self._say(node, term("prov:wasAttributedTo"), self.rules)
            yield from self._target(node, source, label, text, each.span)

    def _replaced(
        self, correction: Correction, source: NamedNode, by: NamedNode, name: str, text: str
    ) -> Iterator[Quad]:
        finding = correction.removed
        assert finding is not None
        node = NamedNode(f"{_node(source, finding).value}/replaced")
        put = _node(source, correction.put) if correction.put else by
        yield self._say(node, term("rdf:type"), self.names.pal("ReplacedFinding"))
        words = finding.span.cut(text)
        yield self._say(node, term("rdfs:label"), english(f"Replaced: “{words}” in {name[0].lower()}{name[1:]}"))
        yield self._say(node, term("rdfs:comment"), english(_said(finding)))
        yield self._say(node, self.names.pal("replacedBy"), put)
        yield self._say(node, term("oa:hasTarget"), NamedNode(f"{node.value}#target"))
        yield self._say(node, term("prov:wasAttributedTo"), self.rules)
        yield from self._target(node, source, name, text, finding.span)

    def _mentions(
        self,
        paragraph: Paragraph | None,
        subject: NamedNode,
        source: NamedNode,
        name: str,
        text: str,
        mentions: tuple[Mention, ...],
    ) -> Iterator[Quad]:
        for mention in mentions:
            yield from self._by(source, mention, self._mention(paragraph, subject, source, name, text, mention))

    def _mention(
        self, paragraph: Paragraph | None, subject: NamedNode, source: NamedNode, name: str, text: str, mention: Mention
    ) -> Iterator[Quad]:
        pal, node, entity = self.names.pal, _node(source, mention), self.names.node(mention.entity)
        yield self._say(node, term("rdf:type"), pal("Citation" if mention.cites else "Mention"))
        label = f"“{mention.span.cut(text)}” in {name[0].lower()}{name[1:]}"
        yield self._say(node, term("rdfs:label"), english(label))
        yield self._say(node, term("oa:hasBody"), entity)
        if mention.is_inferred:
            yield self._say(node, term("rdfs:comment"), english(INFERRED))
        yield self._say(node, term("oa:motivatedBy"), term("oa:identifying"))
        yield self._say(node, term("oa:hasTarget"), NamedNode(f"{node.value}#target"))
        yield self._say(node, term("prov:wasAttributedTo"), self.rules)
        yield from self._target(node, source, name, text, mention.span)
        yield from self._statements(paragraph, subject, entity, mention)

    def _statements(
        self, paragraph: Paragraph | None, subject: NamedNode, entity: NamedNode, mention: Mention
    ) -> Iterator[Quad]:
        pal = self.names.pal
        if mention.kind == "group":
            if paragraph is not None and paragraph.is_recommendation:
                yield self._say(subject, pal("affects"), entity)
            return
        if mention.kind in OF_DIRECTIVES:
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
        node = _node(subject, directive)
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
        for qualifier in dict.fromkeys(directive.qualifiers):
            property_ = "qualifier" if qualifier in directive.beside else "wholeQualifier"
            yield self._say(node, pal(property_), named(qualifier.entity))
        for property_, actions in (("action", directive.actions), ("askedAction", directive.asked_actions)):
            for entity in dict.fromkeys(action.entity for action in actions):
                yield self._say(node, pal(property_), named(entity))
        for mention in self.findings.get(self.names.path(subject), Findings()).mentions:
            is_inside = directive.span.start <= mention.span.start and mention.span.end <= directive.span.end
            if is_inside and mention.kind != "group" and mention.kind not in OF_DIRECTIVES:
                yield self._say(node, pal("cites" if mention.cites else "mentions"), named(mention.entity))
        yield self._say(node, pal("evidence"), NamedNode(f"{node.value}#target"))
        yield self._say(node, term("prov:wasAttributedTo"), self.rules)
        yield from self._target(node, subject, name, paragraph.text, directive.span)


def _node(source: NamedNode, finding: Directive | Mention) -> NamedNode:
    """The IRI of a finding, by its place in the text."""
    if isinstance(finding, Directive):
        return NamedNode(f"{source.value}/directive/{finding.span.start}")
    return NamedNode(f"{source.value}/mention/{finding.span.start}-{finding.span.end}")


def _said(finding: Directive | Mention) -> str:
    """Describes in one sentence what rules read, for a finding that a correction replaced."""
    if isinstance(finding, Mention):
        return f"What rules read: it {'cites' if finding.cites else 'names'} {finding.entity.removeprefix('id/')}."
    who = ", ".join(finding.addressees) or "nobody named"
    asked = f"; asked actor {', '.join(finding.asked)}" if finding.asked else ""
    only = "; asks only to consider" if finding.consider_only else ""
    return f"What rules read: modality {finding.modality}; addressee {who}{asked}{only}."
