"""Validates a graph part by part: what no document brings once, and every document by itself.

A part is validated together with what other documents say of its nodes and of what it points to. Every node belongs to
exactly one part, and only results at a part's own nodes count, so that the results of all parts together are those of
the whole graph: SHACL core constraints, the set-based checks of `queries/checks/`, and written forms of literals.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store

from ontology.namespaces import Base
from ontology.terms import Names, Node, term
from queries.catalogue import FOLDER, Query, read_query
from shapes.constraints import Data
from shapes.lexical import lexical_fault
from shapes.report import CheckedShape, Report, Result
from shapes.rules import Rule, Rules, ShapesError, Targets, read_rules
from shapes.schema import SEEN, Schema

DEEPEST = 12
"""How many steps lead from evidence to its document at most; a graph that is being validated may have circles."""


@dataclass(frozen=True, slots=True)
class PartReport:
    """What was found in one part: results at its own nodes, and how many of them each shape looked at, by its IRI."""

    results: tuple[Result, ...]
    targets: Mapping[str, int]
    checked: int


def read_checks() -> tuple[Query, ...]:
    """The set-based checks, by name. Raises `QueryFileError` for a bad header."""
    return tuple(read_query(path) for path in sorted((FOLDER / "checks").glob("*.rq")))


def own_nodes(quads: Iterable[Quad]) -> frozenset[Node]:
    """The nodes that quads describe: their subjects, and the graphs that they stand in."""
    quads = list(quads)
    nodes = {quad.subject for quad in quads} | {quad.graph_name for quad in quads}
    return frozenset(node for node in nodes if isinstance(node, NamedNode | BlankNode))


class Validator:
    """Holds the rules and the shared part ready; ``shared`` has everything that no document brings.

    Raises `ShapesError` for a shape or check that cannot be used.
    """

    def __init__(self, shared: Collection[Quad], base: Base, rules: Rules | None = None) -> None:
        self.rules = rules or read_rules(base)
        self.nodes = own_nodes(shared)
        self._names = Names(base)
        self.shared = shared
        self._shapes_graph = self._names.graph("shapes")
        self._data = Data(shared)
        self._schema = Schema(self._data, self._names)
        self._checks = read_checks()

    def report(
        self, quads: Collection[Quad], others: Collection[Quad], owned: frozenset[Node], store: Store
    ) -> PartReport:
        """The report of quads at the nodes that they own. ``others`` is what other documents say of them; the store,
        which holds the shared part and the quads, gets it as well."""
        store.bulk_extend(others)
        if owned is self.nodes:  # the shared part
            data = Data(quad for quad in chain(self.shared, others) if quad.graph_name != self._shapes_graph)
            is_allowed = False
        else:
            data = Data(chain(quads, others), self._data)
            is_allowed = self._schema.allows(data, owned)
        focus = self._focus(data, owned)
        results = [*self._core(focus, data), *self._checked(store, owned, SEEN if is_allowed else ())]
        if not is_allowed:
            results += self._lexical(data, owned)
        labelled = (
            replace(result, label=_label(result.focus, data), place=_place(result.focus, data, self._names))
            for result in results
        )
        return PartReport(
            tuple(sorted(labelled, key=lambda result: result.sort_key)),
            {iri: len(focus[rule.targets]) for iri, rule in self.rules.items() if rule.targets},
            len(frozenset().union(*focus.values())),
        )

    def _focus(self, data: Data, owned: frozenset[Node]) -> dict[Targets, list[Node]]:
        """The focus nodes among those owned, by the targets of the shapes that look at them (SHACL §2.1.3)."""
        targets = {rule.targets for rule in self.rules.values()}
        by_target: dict[tuple[str, NamedNode], dict[Node, None]] = {target: {} for each in targets for target in each}
        for (listed, _), nodes in data.alike.items():
            paths, classes = frozenset(listed), data.classes[nodes[0][0]]
            described = {node: None for node, _ in nodes if node in owned}
            for (way, named), focus in by_target.items():
                if way == "targetClass":
                    if not self._data.subclasses(named).isdisjoint(classes):
                        focus.update(described)
                elif named in paths and way == "targetSubjectsOf":
                    focus.update(described)
                elif named in paths and way == "targetObjectsOf":
                    values = (value for _, said in nodes for value in said[named] if not isinstance(value, Literal))
                    focus.update((value, None) for value in values if value in owned)
        for (way, named), focus in by_target.items():
            if way == "targetNode" and named in owned:
                focus[named] = None
        return {each: list(dict.fromkeys(node for target in each for node in by_target[target])) for each in targets}

    def _core(self, focus: Mapping[Targets, list[Node]], data: Data) -> Iterator[Result]:
        rules: defaultdict[Targets, list[Rule]] = defaultdict(list)
        for rule in self.rules.values():
            if rule.constraints:
                rules[rule.targets].append(rule)
        for targets, looking in rules.items():
            for node in focus[targets]:
                said = data.said(node)
                for rule in looking:
                    values = (node,) if rule.path is None else tuple(said.get(rule.path, ()))
                    for constraint in rule.constraints:
                        for value in constraint.breaks(values, node, data):
                            yield Result(
                                *(node, "", rule.path, value, rule.shape, rule.severity, rule.message),
                                constraint.component,
                            )

    def _checked(self, store: Store, owned: frozenset[Node], idle: Collection[str]) -> Iterator[Result]:
        for query in self._checks:
            if query.name in idle:
                continue
            rule = self.rules.get(f"{self._names.base.iri}shapes#check-{query.name}")
            if rule is None:
                raise ShapesError(f"queries/checks/{query.name}.rq: no shape <shapes#check-{query.name}> describes it.")
            try:
                solutions = store.query(
                    query.absolute(self._names.base),
                    base_iri=self._names.base.iri,
                    use_default_graph_as_union=True,
                )
                rows = list(cast(QuerySolutions, solutions))
            except SyntaxError as error:
                raise ShapesError(f"queries/checks/{query.name}.rq: {error}") from error
            for row in rows:
                focus, path, value, message = row["focus"], row["path"], row["value"], row["message"]
                if not isinstance(focus, NamedNode | BlankNode) or not isinstance(message, Literal):
                    raise ShapesError(f"queries/checks/{query.name}.rq: a row without focus or message.")
                if focus in owned:
                    yield Result(
                        focus,
                        "",
                        path if isinstance(path, NamedNode) else None,
                        value if isinstance(value, NamedNode | BlankNode | Literal) else None,
                        rule.shape,
                        rule.severity,
                        message.value,
                        "SPARQLConstraintComponent",
                    )

    def _lexical(self, data: Data, owned: frozenset[Node]) -> Iterator[Result]:
        """All literals whose written form their datatype does not allow."""
        rule = self.rules.get(f"{self._names.base.iri}shapes#check-lexical-form")
        if rule is None:
            raise ShapesError(
                "shapes/checks.ttl: no shape <shapes#check-lexical-form> describes the check of literals."
            )
        for node, properties in data.described():
            for path, values in properties.items() if node in owned else ():
                for value in values:
                    if isinstance(value, Literal) and (fault := lexical_fault(value)) is not None:
                        component = "DatatypeConstraintComponent"
                        yield Result(node, "", path, value, rule.shape, rule.severity, fault, component)


def _label(focus: Node, data: Data) -> str:
    """The name of a node for people, in English where there are several; its IRI where it has none."""
    labels = [label for label in data.values(focus, term("rdfs:label")) if isinstance(label, Literal)]
    if labels:
        return min((label.language != "en", label.value) for label in labels)[1]
    return focus.value if isinstance(focus, NamedNode) else str(focus)


def _place(focus: Node, data: Data, names: Names) -> str:
    """The file and first line that a node was read from, ``som-wg-2015.md, line 190``; empty where there is none.

    Leads from a finding to what it cuts, from a part to its whole, and from a document to the text that it has now.
    """
    onwards = (term("oa:hasTarget"), term("oa:hasSource"), names.pal("partOf"), term("allot:hasRealization"))
    node, line = focus, ""
    for _ in range(DEEPEST):
        line = line or _words(node, names.pal("sourceFirstLine"), data)
        if file := _words(node, names.pal("sourceFile"), data):
            return f"{file}, line {line}" if line else file
        further = (value for by in onwards for value in sorted(data.values(node, by), key=str))
        following = next(
            (
                each
                for each in further
                if isinstance(each, Node) and not data.values(each, term("dcterms:isReplacedBy"))
            ),
            None,
        )
        if following is None:
            return ""
        node = following
    return ""


def _words(node: Node, by: NamedNode, data: Data) -> str:
    return min((value.value for value in data.values(node, by) if isinstance(value, Literal)), default="")


def joined(reports: Iterable[PartReport], rules: Rules) -> Report:
    """The report of all parts together."""
    results: list[Result] = []
    targets: Counter[str] = Counter()
    checked = 0
    for report in reports:
        results.extend(report.results)
        targets.update(report.targets)
        checked += report.checked
    results.sort(key=lambda result: result.sort_key)
    counts = Counter(result.shape for result in results)
    looked_at = dict(targets)
    shapes = (CheckedShape(rule, looked_at.get(iri), counts[rule.shape]) for iri, rule in rules.items())
    return Report(tuple(results), tuple(shapes), checked)
