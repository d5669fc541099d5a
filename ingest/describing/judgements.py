"""What was judged, as quads in ``graph/editorial/…``: themes, and links with their reasons, agents and reviewers."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from ingest.document import Document
from ingest.editorial import REJECTED, Editorial, EditorialLink
from ingest.reference_tables import provision_name
from ontology.terms import Names, english, term

VERBS = {
    "relatesTo": "is related to",
    "theme": "is about",
    "restates": "repeats",
    "sharpens": "goes further than",
    "softens": "is weaker than",
    "followsUp": "follows up",
}


class JudgementDescriber:
    """Describes the judgements about one document; they are never mixed with what the text says."""

    def __init__(self, document: Document, editorial: Editorial, names: Names) -> None:
        self.document = document
        self.editorial = editorial
        self.names = names
        self.graph = names.graph(f"editorial/{document.slug}")

    def quads(self) -> Iterator[Quad]:
        """All quads of the editorial graph."""
        if self.editorial.method:
            activity = self.names.node(f"id/activity/judgement-{self.document.slug}")
            yield self._say(activity, term("rdfs:comment"), english(self.editorial.method))
        for link in self.editorial.links:
            if link.status != REJECTED:
                yield from self._link(link)

    def places(self) -> dict[str, str]:
        """The file and line of each judgement's row, by the IRI of its link."""
        return {self._node(link).value: link.place for link in self.editorial.links}

    def _node(self, link: EditorialLink) -> NamedNode:
        recommendation = self.names.node(self.document.paragraph_path(link.recommendation))
        return NamedNode(f"{recommendation.value}/link/{link.link}")

    def _say(self, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> Quad:
        return Quad(subject, predicate, value, self.graph)

    def _link(self, link: EditorialLink) -> Iterator[Quad]:
        pal, recommendation = self.names.pal, self.names.node(self.document.paragraph_path(link.recommendation))
        node, target = self._node(link), self.names.node(link.target)
        yield self._say(recommendation, pal(link.relation), target)
        if not link.reason:
            return
        yield self._say(node, term("rdf:type"), pal("EditorialLink"))
        label = f"Why recommendation {link.recommendation} {VERBS[link.relation]} {_named(link.link)}"
        yield self._say(node, term("rdfs:label"), english(label))
        yield self._say(node, term("oa:hasTarget"), recommendation)
        yield self._say(node, term("oa:hasBody"), target)
        yield self._say(node, term("oa:motivatedBy"), term("oa:linking"))
        yield self._say(node, pal("relation"), pal(link.relation))
        yield self._say(node, term("rdfs:comment"), english(link.reason))
        yield self._say(node, pal("confidence"), Literal(link.confidence))
        for agent in link.agent.split():
            yield self._say(node, term("prov:wasAttributedTo"), self.names.node(f"id/agent/{agent}"))
        yield self._say(node, pal("reviewStatus"), Literal(link.status))
        for reviewer in link.reviewers:
            yield self._say(node, pal("reviewedBy"), self.names.node(f"id/agent/{reviewer}"))
        for day in sorted(set(link.reviewed.split())):
            yield self._say(node, pal("reviewedOn"), Literal(day, datatype=term("xsd:date")))


def _named(link: str) -> str:
    """The tail of a link's IRI in words: "article 16, paragraph 5, Smuggling of Migrants Protocol"."""
    first, *rest = link.split("/")
    if first == "paragraph":
        return f"recommendation {rest[0]}"
    if first == "theme":
        return f"the theme {rest[0].replace('-', ' ')}"
    if first == "document":
        return f"recommendation {rest[2]} of {rest[0]}"
    return provision_name(link)
