"""What made each graph, as quads inside it: the activity, who carried it out, and what it used (PROV-O).

Only what is the same in every build is said here; dates and checksums of one build are in ``graph/catalogue``.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad

from ingest.document import Document
from ontology.terms import Names, english, term

KINDS = {
    "document": ("Reading", "the source text", "palermo-reader", "Structure, text and metadata of"),
    "annotation": ("Extraction", "rules over the text", "palermo-rules", "What rules read in the text of"),
    "editorial": ("Judgement", "reading by language models and reviewers", "palermo-editors", "What was judged about"),
}

ENGLISH_ONLY = "The rules read English only. This document is in another language: they were not applied to it."


def describe_provenance(document: Document, names: Names) -> Iterator[Quad]:
    """Quads that say of the three graphs of a document what made them."""
    title = document.metadata.title
    for kind, (activity_name, means, agent, what) in KINDS.items():
        graph = names.graph(f"{kind}/{document.slug}")
        activity = names.node(f"id/activity/{activity_name.lower()}-{document.slug}")
        used = names.node(document.path) if kind == "document" else names.graph(f"document/{document.slug}")

        def say(subject: NamedNode, predicate: str, value: NamedNode, graph: NamedNode = graph) -> Quad:
            return Quad(subject, term(predicate), value, graph)

        yield say(graph, "rdf:type", term("prov:Entity"))
        yield say(graph, "rdf:type", term("sd:NamedGraph"))
        yield Quad(graph, term("rdfs:label"), english(f"{what} {title}"), graph)
        if kind == "annotation" and document.metadata.language != "en":
            yield Quad(graph, term("rdfs:comment"), english(ENGLISH_ONLY), graph)
        yield say(graph, "prov:wasGeneratedBy", activity)
        yield say(graph, "prov:wasDerivedFrom", used)
        yield say(activity, "rdf:type", term("prov:Activity"))
        yield Quad(activity, term("rdfs:label"), english(f"{activity_name}: {means}, {title}"), graph)
        yield say(activity, "prov:used", used)
        yield say(activity, "prov:wasAssociatedWith", names.node(f"id/agent/{agent}"))
