"""The vocabulary and the shapes as pages: every class, property and check with its meaning and its use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pyoxigraph import NamedNode

from ontology.namespaces import shorten
from server.linkeddata.description import Resource
from server.pages.page import Page, Questions, resource_formats
from server.pages.pictures import diagram
from server.pages.values import Link, View, count, link, local_name, node, text
from server.store import Row
from server.web.request import Exchange

PARTS = {
    "under": "Kind of", "of": "Of", "to": "Leads to", "inverse": "The other way round", "never also": "Never also",
    "see also": "Close to",
}  # fmt: skip
LONGEST = 90
"""Characters of an example's words that are shown."""


def vocabulary_page(resource: Resource, exchange: Exchange) -> Page:
    """The view of the vocabulary."""
    ask = Questions(exchange)
    rows = ask.rows("vocabulary-terms")
    use = {text(row, "term"): row for row in ask.rows("vocabulary-use")}
    examples = {text(row, "term"): row for row in reversed(ask.rows("vocabulary-examples"))}
    itself = [
        {name: text(row, name) for name in ("version", "versionIri", "created", "modified", "licence")}
        for row in ask.rows("vocabulary-itself")
    ]
    by_kind: dict[str, dict[str, list[Row]]] = {"class": {}, "property": {}}
    for row in rows:
        by_kind[text(row, "kind")].setdefault(text(row, "term"), []).append(row)
    return ask.page(
        "vocabulary.html",
        "ontology",
        "Vocabulary",
        "Every class and property of this graph, with its meaning, its use and an example.",
        formats=resource_formats(exchange, resource.path),
        permalink=exchange.snapshot.prefixes["pal"],
        itself=itself,
        diagram=diagram(
            {
                local_name(iri): (text(rows[0], "label"), count(use.get(iri, {}), "count"))
                for iri, rows in by_kind["class"].items()
            },
            {local_name(iri): text(rows[0], "label") for iri, rows in by_kind["property"].items()},
        ),
        tree=_tree(by_kind["class"], use),
        classes=tuple(_term(of_one, use, examples, exchange) for of_one in by_kind["class"].values()),
        properties=tuple(_term(of_one, use, examples, exchange) for of_one in by_kind["property"].values()),
    )


def _term(rows: Sequence[Row], use: Mapping[str, Row], examples: Mapping[str, Row], exchange: Exchange) -> View:
    row, urls = rows[0], exchange.urls
    iri, prefixes = text(row, "term"), exchange.snapshot.prefixes
    facts = []
    for way, heading in PARTS.items():
        others = [each for each in rows if text(each, "way") == way]
        links = {
            text(each, "other"): Link(
                urls.of(node(each, "other")), text(each, "otherLabel") or shorten(text(each, "other"), prefixes)
            )
            for each in others
        }
        if links:
            facts.append((heading, tuple(links.values())))
    used, example = use.get(iri, {}), examples.get(iri, {})
    return View(
        anchor=local_name(iri),
        name=shorten(iri, prefixes),
        label=text(row, "label"),
        definition=text(row, "definition"),
        sample=text(row, "sample"),
        facts=tuple(facts),
        used=count(used, "count"),
        example=link(example, "thing", "thingLabel", urls) if example else None,
        example_value=_value(example, exchange) if "value" in example else None,
    )


def _value(example: Row, exchange: Exchange) -> Link:
    """What the example leads to: a link, or words, cut where they are long."""
    value = example["value"]
    if isinstance(value, NamedNode):
        label = text(example, "valueLabel") or shorten(value.value, exchange.snapshot.prefixes)
        return Link(exchange.urls.of(value), label)
    words = value.value
    return Link("", words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…")


def _tree(classes: Mapping[str, Sequence[Row]], use: Mapping[str, Row]) -> tuple[View, ...]:
    above = {
        iri: {text(row, "other") for row in rows if text(row, "way") == "under"} & set(classes)
        for iri, rows in classes.items()
    }

    def branch(iri: str) -> View:
        row = classes[iri][0]
        return View(
            link=Link(f"#{local_name(iri)}", text(row, "label")),
            used=count(use.get(iri, {}), "count"),
            branches=tuple(branch(other) for other in classes if iri in above[other]),
        )

    return tuple(branch(iri) for iri in classes if not above[iri])


def shapes_page(resource: Resource, exchange: Exchange) -> Page:
    """The view of the shapes."""
    known: Sequence[Mapping[str, Any]] = exchange.snapshot.validation.get("shapes", ())
    figures = exchange.snapshot.manifest.get("validation", {})
    below: dict[str, list[Mapping[str, Any]]] = {}
    for shape in known:
        if shape.get("parent"):
            below.setdefault(shape["parent"], []).append(shape)
    return Questions(exchange).page(
        "shapes.html",
        "shapes",
        "Checks",
        "Every check of the graph in words, with what it looked at and what it found.",
        formats=resource_formats(exchange, resource.path),
        checks=tuple(_check(shape, below) for shape in known if not shape.get("parent")),
        shapes=int(figures.get("shapes", len(known))),
        checked=int(figures.get("checked", 0)),
        results=len(exchange.snapshot.validation.get("results", ())),
    )


def _check(shape: Mapping[str, Any], below: Mapping[str, Sequence[Mapping[str, Any]]]) -> View:
    """One check with its parts; ``targets``, how much it looked at, is None for one that only others refer to."""
    return View(
        anchor=local_name(shape["shape"]),
        name=shape["name"],
        meaning=shape["description"],
        message=shape["message"],
        severity=shape["severity"],
        targets=None if shape["targets"] is None else int(shape["targets"]),
        results=int(shape["results"] or 0),
        source=shape["source"],
        parts=tuple(_check(part, below) for part in below.get(shape["shape"], ())),
    )
