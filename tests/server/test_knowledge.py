"""What a store knows of a thing: reading it pattern by pattern finds what the named queries find."""

from __future__ import annotations

import os

import pytest
from pyoxigraph import NamedNode

from ontology.terms import english, term
from queries.catalogue import read_catalogue
from server.snapshot import Snapshot
from server.store.embedded import EmbeddedStore
from server.store.known import INCOMING, Known, Queries
from server.web.monitoring import Metrics

pytestmark = pytest.mark.anyio


def store_of(snapshot: Snapshot) -> EmbeddedStore:
    return EmbeddedStore(snapshot, read_catalogue(), Metrics().named)


def leading(known: Known, resource: NamedNode) -> int:
    """How many statements have the resource as their value."""
    return sum(resource in values for said in known.facts.values() for values in said.values())


def test_patterns_and_named_queries_know_the_same_of_every_kind_of_thing(snapshot: Snapshot) -> None:
    store = store_of(snapshot)
    described = [store.select("graph-things", graph=graph) for graph in snapshot.graphs]
    things = sorted({NamedNode(row["thing"].value) for rows in described for row in rows}, key=str)
    assert len(things) > 1_000
    for thing in things[:: 1 if os.environ.get("EVERY") else 12]:
        by_patterns, by_queries = store.known(thing), Queries(store).known(thing, snapshot.names)
        assert (by_patterns.graphs, by_patterns.links) == (by_queries.graphs, by_queries.links), thing
        if by_patterns.links <= INCOMING:
            assert by_patterns.facts == by_queries.facts, thing
        else:
            assert leading(by_patterns, thing) == leading(by_queries, thing) == INCOMING, thing
            assert by_patterns.facts[thing] == by_queries.facts[thing]


def test_what_is_said_brings_the_names_of_what_it_points_to(snapshot: Snapshot) -> None:
    """Paragraph 24 cites article 16, paragraph 5, of the Protocol."""
    names = snapshot.names
    known = store_of(snapshot).known(names.node("id/document/som-wg-2015/paragraph/24"))
    article = names.node("id/instrument/smuggling-protocol/article/16/paragraph/5")
    label = english("Article 16, paragraph 5, Smuggling of Migrants Protocol")
    assert known.facts[article][term("rdfs:label").value] == {label}
    assert names.graph("document/som-wg-2015") in known.graphs


def test_of_a_thing_nobody_knows_nothing_is_known(snapshot: Snapshot) -> None:
    store, nobody = store_of(snapshot), snapshot.names.node("id/actor/nobody")
    for known in (store.known(nobody), Queries(store).known(nobody, snapshot.names)):
        assert known == Known({}, frozenset(), 0)
