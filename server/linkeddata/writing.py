"""Triples to bytes in each RDF format: prefixed Turtle, TriG and RDF/XML by the engine, N-Triples, N-Quads, and compact
JSON-LD; the same triples give the same bytes.

Triples stand in reading order: by subject, then by property, type first and label second, then by value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from ontology.formats import JSON_LD, JSON_LD_GRAPHS, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from ontology.terms import Node, Term
from server.linkeddata.jsonld import Context, Statements, json_ld
from server.store.known import LABEL, TYPE, Facts, gather

_ENGINE = {TURTLE: RdfFormat.TURTLE, RDF_XML: RdfFormat.RDF_XML}
Places = Mapping[NamedNode | None, Facts]
"""Facts by the named graph that says them; under None what no named graph says."""
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_XML_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*$")
_XML_ROOT = re.compile(rb"<rdf:RDF ([^>]*)>")


def write_triples(
    triples: Iterable[Triple],
    chosen: Format,
    prefixes: Mapping[str, str],
    context: Context,
    first: Sequence[NamedNode] = (),
) -> bytes:
    """The triples as `write_facts` writes them."""
    return write_facts(gather(triples), chosen, prefixes, context, first)


def write_facts(
    facts: Facts, chosen: Format, prefixes: Mapping[str, str], context: Context, first: Sequence[NamedNode] = ()
) -> bytes:
    """The facts in an RDF format, ``first`` at the head. Raises `ValueError` for what RDF/XML has no way to say."""
    statements = order(facts, first)
    if chosen is JSON_LD:
        return json_ld(statements, context)
    triples = _triples(statements)
    if chosen is N_TRIPLES:
        return "".join(sorted([f"{triple} .\n" for triple in triples])).encode()
    used = _used(triples, prefixes)
    written = serialize(triples, format=_ENGINE[chosen], prefixes=used) or b""
    return _sorted_prefixes(written) if chosen is TURTLE else _checked_xml(written, statements)


def write_dataset(
    places: Places, chosen: Format, prefixes: Mapping[str, str], context: Context, first: Sequence[NamedNode] = ()
) -> bytes:
    """The facts of several graphs, each in its graph, as TriG, N-Quads or JSON-LD. No blank node is in two of them."""
    names = sorted(places, key=lambda name: name.value if name else "")
    ordered = [(name, order(places[name], first)) for name in names]
    if chosen is JSON_LD_GRAPHS:
        default = next((statements for name, statements in ordered if name is None), ())
        return json_ld(default, context, [(name, statements) for name, statements in ordered if name is not None])
    quads = [
        Quad(triple.subject, triple.predicate, triple.object, name or DefaultGraph())
        for at, (name, statements) in enumerate(ordered)
        for triple in _triples(statements, f"g{at}b")
    ]
    if chosen is N_QUADS:
        return "".join(sorted([f"{quad} .\n" for quad in quads])).encode()
    assert chosen is TRIG
    used = _used([quad.triple for quad in quads], prefixes)
    return _sorted_prefixes(serialize(quads, format=RdfFormat.TRIG, prefixes=used) or b"")


def as_xml(written: bytes) -> bytes:
    """XML as the engine writes it, with carriage returns escaped, which a reader would take for line ends (XML 1.0
    §2.11). Raises `ValueError` for a control character, which XML has no way to hold."""
    if _NOT_XML.search(written):
        raise ValueError("The result holds a control character, which XML cannot carry; ask for another format")
    return written.replace(b"\r", b"&#13;")


def order(facts: Facts, first: Sequence[NamedNode] = ()) -> tuple[Statements, ...]:
    """The facts in reading order.

    Subjects in ``first`` come first, each followed by its fragments; then the others, sorted; blank nodes last, in an
    order that depends on what is said of them and not on their labels.
    """
    leading = [node.value for node in first]
    named = sorted((node for node in facts if isinstance(node, NamedNode)), key=lambda node: _place(node, leading))
    blank = sorted((node for node in facts if isinstance(node, BlankNode)), key=lambda node: _signature(node, facts))
    subjects: list[Node] = [*named, *blank]
    return tuple([Statements(subject, _properties(facts[subject], facts)) for subject in subjects])


def _place(node: NamedNode, leading: Sequence[str]) -> tuple[int, str]:
    value = node.value
    whole = value.partition("#")[0]
    for place, iri in enumerate(leading):
        if iri in (value, whole):
            return place, value
    return len(leading), value


def _properties(properties: dict[str, set[Term]], facts: Facts) -> tuple[tuple[str, tuple[Term, ...]], ...]:
    names = sorted(properties) if len(properties) > 1 else list(properties)
    for leading in (LABEL, TYPE):
        if leading in properties:
            names.remove(leading)
            names.insert(0, leading)
    return tuple([(name, _ordered(properties[name], facts)) for name in names])


def _ordered(values: set[Term], facts: Facts) -> tuple[Term, ...]:
    return tuple(values) if len(values) == 1 else tuple(sorted(values, key=lambda value: _value_key(value, facts)))


def _value_key(value: Term, facts: Facts) -> tuple[int, str]:
    if isinstance(value, NamedNode):
        return 0, value.value
    if isinstance(value, BlankNode):
        return 2, _signature(value, facts)
    if value.value.isdigit():
        return 1, value.value.zfill(20)
    return 1, str(value)


def _signature(node: BlankNode, facts: Facts, depth: int = 12) -> str:
    """What is said of a blank node, in words without labels, to a depth that no list or shape here exceeds."""
    if depth == 0:
        return "_"
    parts = []
    for iri, values in facts.get(node, {}).items():
        for value in values:
            shown = _signature(value, facts, depth - 1) if isinstance(value, BlankNode) else str(value)
            parts.append(f"{iri} {shown}")
    return "[" + ";".join(sorted(parts)) + "]"


def _triples(statements: Sequence[Statements], label: str = "b") -> list[Triple]:
    """The statements as triples, blank nodes numbered in the order in which they come."""
    labels: dict[BlankNode, BlankNode] = {}

    def named(node: Term) -> Term:
        return labels.setdefault(node, BlankNode(f"{label}{len(labels)}")) if isinstance(node, BlankNode) else node

    triples = []
    for about in statements:
        subject = about.subject
        if isinstance(subject, BlankNode):
            subject = labels.setdefault(subject, BlankNode(f"{label}{len(labels)}"))
        for iri, values in about.properties:
            property_ = NamedNode(iri)
            triples += [Triple(subject, property_, named(value)) for value in values]
    return triples


def _used(triples: Sequence[Triple], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Those prefixes in whose namespace an IRI of the triples is."""
    iris: set[str] = set()
    for triple in triples:
        iris.update(node.value for node in triple if isinstance(node, NamedNode))
        if isinstance(triple.object, Literal):
            iris.add(triple.object.datatype.value)
    return {name: namespace for name, namespace in prefixes.items() if any(iri.startswith(namespace) for iri in iris)}


def _sorted_prefixes(turtle: bytes) -> bytes:
    """The engine's Turtle with its prefixes in order, which the engine does not keep, and a line between blocks."""
    lines = turtle.splitlines(keepends=True)
    count = next((number for number, line in enumerate(lines) if not line.startswith(b"@prefix ")), len(lines))
    return b"".join([*sorted(lines[:count]), *([b"\n"] if count else []), *lines[count:]])


def _checked_xml(written: bytes, statements: Sequence[Statements]) -> bytes:
    """The engine's RDF/XML with its namespaces in order. Raises `ValueError` for a property that XML has no name for,
    which the engine would write all the same."""
    for iri in {iri for about in statements for iri, _ in about.properties}:
        if not _XML_NAME.search(iri):
            raise ValueError(f"{iri} ends in no XML name, so RDF/XML cannot say it; ask for another format")

    def in_order(root: re.Match[bytes]) -> bytes:
        return b"<rdf:RDF " + b" ".join(sorted(root[1].split(b" "))) + b">"

    return _XML_ROOT.sub(in_order, as_xml(written), count=1)
