"""What the tests of the shapes share: a small valid graph, the rules, and a way to break the graph at one node."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from ontology.namespaces import WELL_KNOWN, Base
from shapes.rules import Rules, read_rules

HERE = Path(__file__).parent
VOCABULARY = HERE.parents[1] / "ontology" / "palermo.ttl"
Break = Callable[[str, str, str], list[Quad]]


def planted(rows: Iterable[Sequence[str]], valid: Sequence[Quad], broken: Break) -> list[Quad]:
    """The valid graph with the breaks of several rows of `breaks.tsv`."""
    whole, gone, added = set(valid), set[Quad](), set[Quad]()
    for _, node, without, more, *_ in rows:
        left = set(broken(node, without, "-"))
        gone |= whole - left
        added |= set(broken(node, without, more)) - left
    return sorted((whole - gone) | added, key=str)


@pytest.fixture(scope="session")
def base_of_shapes() -> Base:
    return Base("http://example.org/")


@pytest.fixture(scope="session")
def rules(base_of_shapes: Base) -> Rules:
    return read_rules(base_of_shapes)


@pytest.fixture(scope="session")
def valid(base_of_shapes: Base) -> list[Quad]:
    """The quads of `valid.trig` and the vocabulary."""
    base, graph = base_of_shapes.iri, NamedNode(f"{base_of_shapes.iri}graph/ontology")
    quads = list(parse(path=HERE / "valid.trig", format=RdfFormat.TRIG, base_iri=base))
    for quad in parse(path=VOCABULARY, format=RdfFormat.TURTLE, base_iri=base):
        quads.append(Quad(quad.subject, quad.predicate, quad.object, graph))
    origin, palermo = NamedNode(f"{WELL_KNOWN['prov']}wasAttributedTo"), NamedNode(f"{base}id/agent/palermo")
    return [*quads, Quad(graph, origin, palermo, graph)]


@pytest.fixture(scope="session")
def broken(base_of_shapes: Base, valid: list[Quad]) -> Break:
    """Makes the valid graph wrong: at a node (a path below the base) without a property ("-" for none) and with
    more Turtle behind the node ("-" for nothing), in the graph of the node."""
    prefixes = base_of_shapes.prefixes()
    head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes.items())

    def make(path: str, without: str, added: str) -> list[Quad]:
        node = NamedNode(base_of_shapes.iri + path)
        quads = list(valid)
        if without != "-":
            prefix, local = without.split(":")
            property_ = NamedNode(prefixes[prefix] + local)
            quads = [quad for quad in valid if (quad.subject, quad.predicate) != (node, property_)]
            assert len(quads) < len(valid), f"{path} has no {without} that could be taken away"
        if added != "-":
            graphs = [quad.graph_name for quad in valid if quad.subject == node]
            graph = graphs[0] if graphs else NamedNode(f"{base_of_shapes.iri}graph/reference")
            for new in parse(f"{head}<{path}> {added} .", format=RdfFormat.TURTLE, base_iri=base_of_shapes.iri):
                quads.append(Quad(new.subject, new.predicate, new.object, graph))
        return quads

    return make
