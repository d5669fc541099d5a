"""What rules read in the text, as quads in ``graph/annotation/…``: mentions, citations, directives, their evidence.

What a person put in place of a finding stands in ``graph/editorial/…``, by that person; the finding that it replaces
stays in the annotation graph as a `pal:ReplacedFinding`, which has neither the class nor the statements of a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from ingest.corrections import Correction
from ingest.document import AnyText, Document, NumberedText, Span
from ingest.extraction import Unresolved
from ingest.extraction.findings import Directive, Findings, Mention
from ontology.namespaces import paragraph_and_item
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
        self._editorial = names.graph(f"editorial/{document.slug}")
        self._texts = {text.path: text for text in document.all_texts}
        self.rules = names.node(RULES)
        self.corrections = corrections
        self.unresolved = unresolved
        self._put = {(each.path, each.put): each for each in corrections if each.put is not None}

    def quads(self) -> Iterator[Quad]:
        """Returns all quads about findings, in the graph of the agent that made each."""
        for text in self._texts.values():
            findings = self.findings.get(text.path, Findings())
            for mention in findings.mentions:
                yield from self._by(text, mention, self._mention(text, mention))
            for position, directive in enumerate(findings.directives, start=1):
                yield from self._by(text, directive, self._directive(text, position, directive))
        yield from self._corrections()
        yield from self._open_citations()

    def _say(self, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> Quad:
        return Quad(subject, predicate, value, self.graph)

    def _node(self, text: AnyText, finding: Directive | Mention) -> NamedNode:
        """The IRI of a finding, by its place in the text."""
        return self.names.node(f"{text.path}/{_place(finding)}")

    def _by(self, text: AnyText, finding: Directive | Mention, quads: Iterator[Quad]) -> Iterator[Quad]:
        """The quads of a finding, by the rules, or where a person put it by that person, in the editorial graph."""
        correction = self._put.get((text.path, finding))
        if correction is None:
            yield from quads
            return
        for quad in quads:
            if quad.object != self.rules:
                yield Quad(quad.subject, quad.predicate, quad.object, self._editorial)
        for agent in correction.agents:
            agent_node = self.names.node(f"id/agent/{agent}")
            yield Quad(self._node(text, finding), term("prov:wasAttributedTo"), agent_node, self._editorial)

    def _corrections(self) -> Iterator[Quad]:
        """Each correction with its reason and agents, and the finding that it replaces."""
        pal = self.names.pal
        for each in self.corrections:
            text, about = self._texts[each.path], each.about
            path, _ = paragraph_and_item(text.path)
            tail = _place(about).replace("/", "-") if about else "directive"
            node = self.names.node(f"{text.path}/correction/{tail}")
            did = "replaces what rules read" if each.removed and each.put else "adds" if each.put else "asks nothing"
            did = "removes what rules read" if each.removed and not each.put else did
            did = "confirms what rules read" if each.confirmed else did
            if about:
                words = about.operative if isinstance(about, Directive) else about.span
                did += f"{' in' * (did != 'adds')} “{words.cut(text.words)}”"
            shown = each.put or each.confirmed
            for predicate, value in (
                (term("rdf:type"), pal("Correction")),
                (term("rdfs:label"), english(f"A correction of {in_sentence(text.name)}: {did}")),
                (term("rdfs:comment"), english(each.reason)),
                (term("oa:hasTarget"), self.names.node(text.path)),
                *((term("prov:wasAttributedTo"), self.names.node(f"id/agent/{agent}")) for agent in each.agents),
                *(((term("oa:hasBody"), self._node(text, shown)),) if shown else ()),
            ):
                yield Quad(node, predicate, value, self._editorial)
            if each.removed is not None:
                by = self._node(text, each.put) if each.put else node
                yield from self._replaced(text, each.removed, by)
            if not isinstance(about, Mention) and not self.findings.get(path, Findings()).directives:
                yield Quad(self.names.node(path), pal("asksNothing"), boolean(True), self._editorial)

    def _open_citations(self) -> Iterator[Quad]:
        """What cites something that nothing tells, unless a person said what it is."""
        for each in self.unresolved:
            known, text = self.findings.get(each.path, Findings()).mentions, self._texts.get(each.path)
            if text is None or any(
                mention.span.start < each.span.end and each.span.start < mention.span.end for mention in known
            ):
                continue
            node = self.names.node(f"{text.path}/unresolved/{each.span.start}-{each.span.end}")
            yield self._say(node, term("rdf:type"), self.names.pal("UnresolvedCitation"))
            what = f"Not resolved: “{each.words}” in {in_sentence(text.name)}"
            yield self._say(node, term("rdfs:label"), english(what))
            yield self._say(node, term("rdfs:comment"), english(OPEN))
            yield from self._evidence(node, text, each.span, term("oa:hasTarget"))

    def _replaced(self, text: AnyText, finding: Directive | Mention, by: NamedNode) -> Iterator[Quad]:
        node = NamedNode(f"{self._node(text, finding).value}/replaced")
        yield self._say(node, term("rdf:type"), self.names.pal("ReplacedFinding"))
        label = f"Replaced: “{finding.span.cut(text.words)}” in {in_sentence(text.name)}"
        yield self._say(node, term("rdfs:label"), english(label))
        yield self._say(node, term("rdfs:comment"), english(_said(finding)))
        yield self._say(node, self.names.pal("replacedBy"), by)
        yield from self._evidence(node, text, finding.span, term("oa:hasTarget"))

    def _mention(self, text: AnyText, mention: Mention) -> Iterator[Quad]:
        pal, node, entity = self.names.pal, self._node(text, mention), self.names.node(mention.entity)
        yield self._say(node, term("rdf:type"), pal("Citation" if mention.cites else "Mention"))
        label = f"“{mention.span.cut(text.words)}” in {in_sentence(text.name)}"
        yield self._say(node, term("rdfs:label"), english(label))
        yield self._say(node, term("oa:hasBody"), entity)
        if mention.is_inferred:
            yield self._say(node, term("rdfs:comment"), english(INFERRED))
        yield self._say(node, term("oa:motivatedBy"), term("oa:identifying"))
        yield from self._evidence(node, text, mention.span, term("oa:hasTarget"))
        subject = self.names.node(paragraph_and_item(text.path)[0])
        if mention.kind == "group":
            if isinstance(text, NumberedText) and text.paragraph.is_recommendation:
                yield self._say(subject, pal("affects"), entity)
        elif mention.kind not in OF_DIRECTIVES:
            yield self._say(subject, pal("cites" if mention.cites else "mentions"), entity)
            if mention.kind == "provision":
                instrument = "/".join(mention.entity.split("/")[:3])
                yield self._say(subject, pal("mentions"), self.names.node(instrument))

    def _evidence(self, node: NamedNode, text: AnyText, span: Span, way: NamedNode) -> Iterator[Quad]:
        """By whom a finding is, and the words that it was read from, to which it points in a ``way``."""
        target, position, quote = (NamedNode(f"{node.value}#{part}") for part in ("target", "position", "quote"))
        where = f"characters {span.start} to {span.end} of {in_sentence(text.name)}"
        yield self._say(node, way, target)
        yield self._say(node, term("prov:wasAttributedTo"), self.rules)
        yield self._say(target, term("rdf:type"), term("oa:SpecificResource"))
        yield self._say(target, term("rdfs:label"), english(f"The words at {where}"))
        yield self._say(target, term("oa:hasSource"), self.names.node(text.path))
        yield self._say(target, term("oa:hasSelector"), position)
        yield self._say(target, term("oa:hasSelector"), quote)
        yield self._say(position, term("rdf:type"), term("oa:TextPositionSelector"))
        yield self._say(position, term("rdfs:label"), english(f"The position: {where}"))
        yield self._say(position, term("oa:start"), integer(span.start))
        yield self._say(position, term("oa:end"), integer(span.end))
        yield self._say(quote, term("rdf:type"), term("oa:TextQuoteSelector"))
        yield self._say(quote, term("rdfs:label"), english(f"The quotation: {where}"))
        yield self._say(quote, term("oa:exact"), Literal(span.cut(text.words)))
        yield self._say(quote, term("oa:prefix"), Literal(text.words[max(0, span.start - CONTEXT) : span.start]))
        yield self._say(quote, term("oa:suffix"), Literal(text.words[span.end : span.end + CONTEXT]))

    def _directive(self, text: AnyText, position: int, directive: Directive) -> Iterator[Quad]:
        pal, named, words = self.names.pal, self.names.node, text.words
        node = self._node(text, directive)
        yield self._say(named(text.path), pal("hasDirective"), node)
        yield self._say(node, term("rdf:type"), pal("Directive"))
        yield self._say(node, term("rdfs:label"), english(f"{text.name}, directive {position}"))
        yield self._say(node, pal("order"), integer(position))
        yield self._say(node, pal("text"), english(directive.span.cut(words)))
        yield self._say(node, pal("operativeWords"), english(directive.operative.cut(words)))
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
        for mention in self.findings.get(text.path, Findings()).mentions:
            is_inside = directive.span.start <= mention.span.start and mention.span.end <= directive.span.end
            if is_inside and mention.kind != "group" and mention.kind not in OF_DIRECTIVES:
                yield self._say(node, pal("cites" if mention.cites else "mentions"), named(mention.entity))
        yield from self._evidence(node, text, directive.span, pal("evidence"))


def _place(finding: Directive | Mention) -> str:
    """What tells a finding from others in its text: where it stands."""
    if isinstance(finding, Directive):
        return f"directive/{finding.span.start}"
    return f"mention/{finding.span.start}-{finding.span.end}"


def in_sentence(name: str) -> str:
    """A name as it stands within a sentence: "recommendation 24"."""
    return name[0].lower() + name[1:]


def _said(finding: Directive | Mention) -> str:
    """Describes in one sentence what rules read, for a finding that a correction replaced."""
    if isinstance(finding, Mention):
        return f"What rules read: it {'cites' if finding.cites else 'names'} {finding.entity.removeprefix('id/')}."
    who = ", ".join(finding.addressees) or "nobody named"
    asked = f"; asked actor {', '.join(finding.asked)}" if finding.asked else ""
    only = "; asks only to consider" if finding.consider_only else ""
    return f"What rules read: modality {finding.modality}; addressee {who}{asked}{only}."
