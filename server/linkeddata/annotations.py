"""Mentions and editorial links as Web Annotations: JSON-LD with the context of the standard and in its shape.

One annotation is an object of its own; those of a text are an annotation collection with its one page inside (Web
Annotation Data Model §3, §4, §5). A selector counts in the source that it names: the text as it is served.
"""

from __future__ import annotations

import json
from typing import Any

from pyoxigraph import Literal, NamedNode

from ontology.formats import ANNOTATIONS, TEXT
from ontology.terms import Node, Term, term
from server.store.known import TYPE, Facts
from server.web.request import Urls

_ANNOTATION = term("oa:Annotation")
_SELECTORS: dict[Term, tuple[str, tuple[str, ...]]] = {
    term("oa:TextPositionSelector"): ("TextPositionSelector", ("start", "end")),
    term("oa:TextQuoteSelector"): ("TextQuoteSelector", ("exact", "prefix", "suffix")),
}
_AGENTS: dict[Term, str] = {
    term("prov:Person"): "Person",
    term("foaf:Person"): "Person",
    term("prov:SoftwareAgent"): "Software",
    term("prov:Organization"): "Organization",
}
"""What the context of the standard calls the kinds of agents; its `Software` is `as:Application`."""
JSON = dict[str, Any]


def annotations_in(facts: Facts) -> list[NamedNode]:
    """The annotations that the facts describe, in the order of their names."""
    nodes = [
        subject
        for subject, properties in facts.items()
        if isinstance(subject, NamedNode)
        and _ANNOTATION in properties.get(TYPE, ())
        and term("oa:hasTarget").value in properties
        and term("oa:hasBody").value in properties
    ]
    return sorted(nodes, key=lambda node: node.value)


def web_annotations(facts: Facts, topic: NamedNode, urls: Urls) -> bytes:
    """The annotation that is the topic, or the collection of all that the facts describe."""
    reading, nodes = _Reading(facts, urls), annotations_in(facts)
    if topic in nodes:
        written = reading.annotation(topic)
    else:
        own = urls.canonical(urls.document_path(topic)) + ANNOTATIONS.suffix
        page = {"id": f"{own}#page", "type": "AnnotationPage", "partOf": own, "startIndex": 0}
        written = {
            "id": own,
            "type": "AnnotationCollection",
            "label": f"Annotations of {reading.label(topic)}",
            "total": len(nodes),
            "first": {**page, "items": [reading.annotation(node) for node in nodes]},
        }
    document = {"@context": ANNOTATIONS.profile, **written}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


class _Reading:
    def __init__(self, facts: Facts, urls: Urls) -> None:
        self._facts = facts
        self._urls = urls

    def annotation(self, node: NamedNode) -> JSON:
        """One annotation."""
        purpose = next((value.value.rpartition("#")[2] for value in self._values(node, "oa:motivatedBy")), "")
        bodies = [self._named(value) for value in self._values(node, "oa:hasBody")]
        bodies += [
            {"type": "TextualBody", "value": value.value, "format": TEXT.media_type, **_language(value)}
            for value in self._values(node, "rdfs:comment")
            if isinstance(value, Literal)
        ]
        targets = [self._target(value) for value in self._values(node, "oa:hasTarget")]
        creators = [self._agent(value) for value in self._values(node, "dcterms:creator")]
        return {
            "id": node.value,
            "type": "Annotation",
            **({"motivation": purpose} if purpose else {}),
            **{
                name: value.value for name in ("created", "modified") for value in self._values(node, f"dcterms:{name}")
            },
            **({"creator": _one(creators)} if creators else {}),
            "body": _one(bodies),
            "target": _one(targets),
        }

    def label(self, node: Node) -> str:
        """The name of a thing, or its IRI."""
        return min((value.value for value in self._values(node, "rdfs:label")), default=node.value)

    def _values(self, node: Node, prefixed: str) -> list[Term]:
        return sorted(self._facts.get(node, {}).get(term(prefixed).value, ()), key=str)

    def _named(self, value: Term) -> JSON | str:
        if isinstance(value, Literal):
            return {"type": "TextualBody", "value": value.value, **_language(value)}
        labels = self._values(value, "rdfs:label")
        return {"id": value.value, "label": labels[0].value} if labels else value.value

    def _agent(self, value: Term) -> JSON:
        types = [] if isinstance(value, Literal) else self._values(value, "rdf:type")
        kinds = list(dict.fromkeys(_AGENTS[type_] for type_ in types if type_ in _AGENTS))
        return {
            "id": value.value,
            **({"type": _one(kinds)} if kinds else {}),
            **({"name": self.label(value)} if isinstance(value, NamedNode) else {}),
        }

    def _target(self, value: Term) -> JSON | str:
        if isinstance(value, Literal) or not self._values(value, "oa:hasSource"):
            return value.value
        source = self._values(value, "oa:hasSource")[0]
        text = self._urls.absolute(self._urls.doc(source.value, TEXT.suffix))
        return {
            "id": value.value,
            "type": "SpecificResource",
            "source": {"id": text, "type": "Text", "format": TEXT.media_type},
            "selector": [
                selector for each in self._values(value, "oa:hasSelector") if (selector := self._selector(each))
            ],
        }

    def _selector(self, value: Term) -> JSON:
        if isinstance(value, Literal):
            return {}
        for type_ in self._values(value, "rdf:type"):
            if type_ in _SELECTORS:
                name, keys = _SELECTORS[type_]
                fields = {key: literal.value for key in keys for literal in self._values(value, f"oa:{key}")}
                numbers = {key: int(text) if key in ("start", "end") else text for key, text in fields.items()}
                return {"id": value.value, "type": name, **numbers}
        return {}


def _language(value: Literal) -> JSON:
    return {"language": value.language} if value.language else {}


def _one(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
