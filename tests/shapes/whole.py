"""What tests of the shapes share: a small valid graph, ways to break it, and one report of a whole graph, all of which is
the part that no document brings.

`breaks.tsv` has one break a row: the rule, the node, the property that is taken away there, the Turtle that is added
there, and words of the message.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse

from ontology.layout import ROOT
from ontology.namespaces import Base
from ontology.terms import Names, term
from ontology.turtle import read_turtle
from shapes.report import Report
from shapes.rules import Rules, read_rules
from shapes.validate import PartReport, Validator, joined

HERE = Path(__file__).parent
VOCABULARY = ROOT / "ontology" / "palermo.ttl"
BASE = Base("http://example.org/")
NAMES = Names(BASE)
BREAKS = [row.split("\t") for row in (HERE / "breaks.tsv").read_text(encoding="utf-8").splitlines()[1:]]


@functools.cache
def rules() -> Rules:
    """The rules under this base."""
    return read_rules(BASE)


def small(text: str, base: Base = BASE) -> list[Quad]:
    """The quads of TriG with the published prefixes, relative to the base."""
    head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in base.prefixes().items())
    return list(parse((head + text).encode(), RdfFormat.TRIG, base_iri=base.iri))


@functools.cache
def valid(base: Base = BASE) -> tuple[Quad, ...]:
    """The quads of `valid.trig` and the vocabulary."""
    return (*small((HERE / "valid.trig").read_text(encoding="utf-8"), base), *vocabulary(base))


def vocabulary(base: Base) -> list[Quad]:
    """The vocabulary in its graph, which says what made it."""
    names = Names(base)
    graph = names.graph("ontology")
    origin = Triple(graph, term("prov:wasAttributedTo"), names.node("id/agent/palermo"))
    return [Quad(*triple, graph) for triple in (*read_turtle(VOCABULARY, base), origin)]


def planted(breaks: Iterable[Sequence[str]], sound: Collection[Quad] | None = None) -> list[Quad]:
    """The valid graph, or another, with the breaks of several rows of `breaks.tsv`: without a property of a node ("-"
    for none) and with more Turtle behind the node ("-" for nothing), in the graph of the node."""
    sound = valid() if sound is None else sound
    graphs = {quad.subject: quad.graph_name for quad in reversed(list(sound))}
    prefixes = BASE.prefixes()
    gone, added = set(), set()
    for _, path, without, more, *_ in breaks:
        node = NAMES.node(path)
        if without != "-":
            prefix, local = without.split(":")
            gone.add((node, NamedNode(prefixes[prefix] + local)))
        if more != "-":
            graph = graphs.get(node, NAMES.graph("reference"))
            added |= {Quad(*quad.triple, graph) for quad in small(f"<{path}> {more} .")}
    left = {quad for quad in sound if (quad.subject, quad.predicate) not in gone}
    return sorted(left | added, key=str)


def broken(path: str, without: str = "-", more: str = "-") -> list[Quad]:
    """The valid graph with one break."""
    quads = planted([("", path, without, more)])
    assert set(quads) != set(valid()), f"{path} has no {without} that could be taken away"
    return quads


def validate(quads: Iterable[Quad], base: Base = BASE, known: Rules | None = None) -> Report:
    """The report of a graph, with the vocabulary where the graph does not bring it."""
    given = list(quads)
    if not any(quad.graph_name == Names(base).graph("ontology") for quad in given):
        given += vocabulary(base)
    validator = Validator(given, base, known or (rules() if base == BASE else None))
    return joined([shared_report(validator, ())], validator.rules)


def shared_report(validator: Validator, others: Collection[Quad]) -> PartReport:
    """The report of the shared part. ``others`` is what documents say about its nodes, and one use of each."""
    store = Store()
    store.bulk_extend(validator.shared)
    return validator.report((*validator.shared, *others), others, validator.nodes, store)
