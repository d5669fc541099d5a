"""Sees in one pass that all statements of a document are as the vocabulary has them.

The checks that `SEEN` names look at every statement, and mostly find nothing: an engine takes longest for them. Of a
document that passes here they need not be asked, for it is asked at least as much here; of any other they run, and only
they say what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from pyoxigraph import BlankNode, Literal, NamedNode

from ontology.terms import Names, Node, Term, term
from shapes.constraints import Data
from shapes.lexical import lexical_fault

SEEN = frozenset(
    {"blank-node", "dangling", "lexical-form", "outside-domain", "outside-range", "superclass-not-written"}
    | {"superproperty-not-written", "two-preferred-labels", "unlabelled"}
)
"""The checks that find nothing in what passes, by name."""
DOMAIN, RANGE = ("rdfs:domain", "schema:domainIncludes"), ("rdfs:range", "schema:rangeIncludes")
SPOKEN_OF_TERMS = frozenset(map(term, ("rdfs:subClassOf", "rdfs:subPropertyOf", *DOMAIN, *RANGE)))
Classes = frozenset[Term]


@dataclass(frozen=True, slots=True)
class Property:
    """What the vocabulary says of a property. A domain or range that it does not have is empty; ``fitting`` are the
    classes of values that were seen to be in the range."""

    is_declared: bool
    is_name: bool
    domain: Classes
    range: Classes
    above: tuple[NamedNode, ...]
    fitting: set[Classes] = field(default_factory=set)


class Schema:
    """The vocabulary, and what else the shared part describes, ready for one document after another."""

    def __init__(self, shared: Data, names: Names) -> None:
        self._shared, self._names = shared, names
        values = (values for _, said in shared.described() for values in said.values())
        self._spoken_of = frozenset[Term](shared.classes).union(*values)
        self._property = cache(self._read_property)

    def _read_property(self, path: NamedNode) -> Property:
        def values(*names: str) -> Classes:
            return frozenset(value for name in names for value in self._shared.values(path, term(name)))

        is_declared = not values("rdf:type").isdisjoint((term("owl:ObjectProperty"), term("owl:DatatypeProperty")))
        return Property(
            is_declared or not path.value.startswith(self._names.pal("").value),
            path in (term("rdfs:label"), term("skos:prefLabel")),
            values(*DOMAIN),
            values(*RANGE),
            tuple(each for each in values("rdfs:subPropertyOf") if isinstance(each, NamedNode)),
        )

    def allows(self, data: Data, owned: frozenset[Node]) -> bool:
        """Whether it is certain that the nodes that a document owns break none of these checks.

        ``data`` is all that documents say of them. It is not certain where there are blank nodes, or where a document
        speaks of the vocabulary or the shared part of what the document owns.
        """
        alike, classes = data.alike, data.classes
        if (
            any(type(node) is BlankNode for node in classes)
            or any(not SPOKEN_OF_TERMS.isdisjoint(paths) for paths, _ in alike)
            or not self._spoken_of.isdisjoint(owned)
        ):
            return False
        for (paths, _), nodes in alike.items():
            described = [said for node, said in nodes if node in owned]
            kinds, properties = classes[nodes[0][0]], [self._property(path) for path in paths]
            if not described:
                continue
            if not (self._allows_form(kinds, properties) and (term("rdfs:label") in paths or not kinds)):
                return False
            wider = [(path, above) for path, of in zip(paths, properties, strict=True) for above in of.above]
            for said in described:
                if not all(said[path].keys() <= said.get(above, {}).keys() for path, above in wider):
                    return False
                for of, values in zip(properties, said.values(), strict=True):
                    if not self._allows_values(of, values, classes):
                        return False
        return True

    def _allows_form(self, kinds: Classes, properties: Iterable[Property]) -> bool:
        above = (self._shared.values(kind, term("rdfs:subClassOf")) for kind in kinds)
        return all(kinds.issuperset(each) for each in above) and all(
            of.is_declared and not (of.domain and of.domain.isdisjoint(kinds)) for of in properties
        )

    def _allows_values(self, of: Property, values: Mapping[Term, None], classes: Mapping[Term, Classes]) -> bool:
        for value in values:
            if type(value) is Literal:
                if (of.range and value.datatype not in of.range) or lexical_fault(value) is not None:
                    return False
                continue
            kinds = classes.get(value) or self._shared.classes.get(value)
            if kinds is None and (type(value) is BlankNode or value.value.startswith(self._names.base.iri)):
                return False
            if of.range and kinds not in of.fitting:
                if kinds is None or kinds.isdisjoint(of.range):
                    return False
                of.fitting.add(kinds)
        return len(values) == 1 or not of.is_name
