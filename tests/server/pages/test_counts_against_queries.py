"""Counts made at build time against the queries that pages show: the same numbers, for every filter, list and cell.

On a corpus in which the real document stands beside two others.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from pyroaring import BitMap
from starlette.testclient import TestClient

from queries.catalogue import read_catalogue
from server import page_index
from server.pages.kinds import KINDS, LISTED
from server.pages.thing import ASKING, NAMING
from server.settings import Settings
from server.snapshot import Snapshot, open_snapshot
from server.store import Row
from server.store.embedded import EmbeddedStore
from server.web.monitoring import Metrics
from tests.server.pages.tree import tree

Asked = Callable[..., list[Row]]
CATALOGUE = read_catalogue()
STRIDE = 1 if os.environ.get("EVERY") else 4
"""One thing of so many is counted; with ``EVERY=1`` each."""


@pytest.fixture(scope="module")
def counted(corpus_snapshots: Path, settings: Settings) -> Snapshot:
    """A snapshot whose index is compared with its graph."""
    chosen = settings.model_copy(update={"snapshots": corpus_snapshots})
    return open_snapshot((chosen.folder / "current").resolve())


@pytest.fixture(scope="module")
def ask(counted: Snapshot) -> Asked:
    """Asks a named query of the graph."""
    store = EmbeddedStore(counted, CATALOGUE, Metrics().named)
    return store.select


def iris(numbers: Iterable[int], counted: Snapshot) -> set[str]:
    """The IRIs of paragraphs by their numbers in the index."""
    return {row.iri for row in page_index.lines(counted.index, numbers)}


def values_of(found: Iterable[Row], *names: str) -> set[tuple[str, ...]]:
    """Columns of rows as text."""
    return {tuple(row[name].value if name in row else "" for name in names) for row in found}


def things(counted: Snapshot) -> list[str]:
    """Everything that has a page of the kind of an actor, a theme and so on."""
    kinds = [kind.class_ for kind in KINDS if kind.class_ not in ("Instrument", "Document")]
    return sorted({thing.iri for kind in kinds for thing in page_index.things(counted.index, kind)})


def test_every_filter_holds_the_recommendations_that_the_query_finds(counted: Snapshot, ask: Asked) -> None:
    expected = values_of(ask("recommendation-facts"), "filter", "value", "recommendation")
    names = {name for name, _, _ in expected}
    found = {
        (name, value.term.strip('<>"').partition('"')[0], iri)
        for name in names
        for value in counted.index.values(name).values()
        for iri in iris(value.members, counted)
    }
    assert found == expected
    assert {name.partition(" ")[0] for name in names} >= {"document", "section", "theme", "article", "qualifier"}


def test_lines_say_what_the_query_says(counted: Snapshot, ask: Asked) -> None:
    columns = (
        "recommendation", "number", "text", "items", "start", "sectionLabel", "strongest", "directives", "onlyConsiders",
    )  # fmt: skip
    expected = {
        (*row[:2], f"{row[2]} {row[3]}".strip(), row[4][:4], row[5], row[6], row[7], row[8] == "true")
        for row in values_of(ask("recommendation-lines"), *columns)
    }
    found = {
        (line.iri, str(line.number), line.text, line.year, line.section,
         str(line.force or ""), str(line.directives), bool(line.considers))
        for line in page_index.lines(counted.index, counted.index.recommendations)
    }  # fmt: skip
    assert found == expected


def test_every_cell_of_the_cross_reference_counts_what_the_query_finds(counted: Snapshot, ask: Asked) -> None:
    expected = values_of(ask("crossref-pairs"), "article", "way", "recommendation")
    start = f"{counted.base.iri}id/instrument/"
    found = {
        (start + value.slug, way, iri)
        for way in ("cited", "related")
        for value in counted.index.values(f"article {way}").values()
        for iri in iris(value.members, counted)
    }
    assert found == expected


@pytest.mark.parametrize("path", LISTED)
def test_every_list_counts_what_the_query_counts(path: str, counted: Snapshot, ask: Asked) -> None:
    class_ = LISTED[path].class_
    expected = values_of(ask("list-things", **{"class": counted.names.pal(class_)}), "thing", "recommendations")
    wider = {(thing.iri, thing.wider) for thing in page_index.things(counted.index, class_)}
    assert {thing for thing, _ in wider} == {thing for thing, _ in expected}
    for thing, number in expected:
        below = {thing}
        while fresh := {iri for iri, above in wider if above in below} - below:
            below |= fresh
        name, slug = LISTED[path].filter * LISTED[path].by_filter, thing.rpartition("/")[2]
        members = counted.index.with_value(name, slug) if name else counted.index.pointing("about", below)
        assert len(members) == int(number), thing


def test_articles_count_what_the_query_counts(counted: Snapshot, ask: Asked) -> None:
    expected = values_of(ask("list-articles"), "article", "title", "chapter", "cited", "related")
    start = f"{counted.base.iri}id/instrument/"
    ways = ("cited", "related")
    found = {
        (each.iri, each.title, each.chapter,
         *(str(len(counted.index.with_value(f"article {way}", each.iri.removeprefix(start)))) for way in ways))
        for articles in page_index.treaties(counted.index).values() for each in articles
    }  # fmt: skip
    assert found == expected


def test_figures_are_those_of_the_query(counted: Snapshot, ask: Asked) -> None:
    (row,) = ask("home-figures")
    figures = {name: int(value.value) for name, value in row.items()}
    things = {"actors": "Actor", "themes": "Theme"}
    made = {name: page_index.number_of_things(counted.index, class_) for name, class_ in things.items()}
    assert {name: (dict(counted.index.figures) | made)[name] for name in figures} == figures


def test_themes_are_together_where_the_query_finds_both(counted: Snapshot, ask: Asked) -> None:
    expected = values_of(ask("themes-together"), "theme", "other", "recommendation")
    index = counted.index
    found = {
        (*sorted((one, other)), iri)
        for one, other in itertools.combinations(index.targets("theme"), 2)
        for iri in iris(index.pointing("theme", [one]) & index.pointing("theme", [other]), counted)
    }
    assert found == expected


def test_things_have_the_recommendations_and_directives_that_the_queries_find(counted: Snapshot, ask: Asked) -> None:
    seen = 0
    for thing in map(NamedNode, things(counted)[::STRIDE]):
        reach = ask("thing-reach", thing=thing)
        within = {row["through"].value for row in reach if row["within"].value == "true"}
        through = {row["through"].value for row in reach}
        named = BitMap.union(BitMap(), *(counted.index.pointing(way, within) for way in NAMING))
        asking = BitMap.union(BitMap(), *(counted.index.pointing(way, through) for way in ASKING))
        expected = values_of(ask("thing-recommendations", thing=thing), "recommendation")
        assert {(iri,) for iri in iris(named, counted)} == expected, thing
        directives = {(row.iri,) for row in page_index.directives(counted.index, asking)}
        assert directives == values_of(ask("thing-directives", thing=thing), "directive"), thing
        seen += len(named) + len(asking)
    assert seen > 50


def test_provisions_have_what_the_queries_find(counted: Snapshot, ask: Asked) -> None:
    index = counted.index
    provisions = {iri for way in ("cites", "related") for iri in index.targets(way) if "/instrument/" in iri}
    articles = [row for rows in page_index.treaties(index).values() for row in rows]
    provisions |= {row.iri for row in articles} | {row.instrument for row in articles}
    for provision in map(NamedNode, sorted(provisions)[::STRIDE]):
        parts = {row["part"].value for row in ask("provision-reach", provision=provision)}
        citing, related = (index.pointing(way, parts) for way in ("cites", "related"))
        assert values_of(ask("provision-citations", provision=provision), "recommendation") == {
            (iri,) for iri in iris(citing, counted)
        }
        links = page_index.links(index, related, set(parts).__contains__)
        expected = values_of(ask("provision-links", provision=provision), "link", "other", "reason", "agent")
        assert {(link.iri, link.other, link.reason, link.agent) for link in links} == expected
        counts = {
            (way, modality.iri, considers, str(number))
            for way, of in (("cited", "directive cites"), ("related", "directive related"))
            for considers in ("true", "false")
            for modality in page_index.things(index, "Modality")
            if (number := len(index.pointing(of, parts) & index.pointing("modality", [modality.iri])
                              & index.pointing("considers", [considers])))
        }  # fmt: skip
        columns = ("way", "modality", "considerOnly", "directives")
        expected = values_of(ask("provision-strength", provision=provision), *columns)
        assert counts == expected


def test_who_cites_what_a_provision_is_part_of_is_as_the_query_says(counted: Snapshot, ask: Asked) -> None:
    """Recommendation 19 cites chapter II of the Protocol, in which article 8 stands."""
    provision = counted.names.node("id/instrument/smuggling-protocol/article/8")
    wholes = values_of(
        [row for row in ask("provision-place", provision=provision) if row["way"].value == "part of"], "near"
    )
    chapters = [iri for (iri,) in wholes if "/chapter/" in iri]
    citing = values_of(ask("provision-citations-of-whole", provision=provision), "recommendation")
    assert citing == {(iri,) for iri in iris(counted.index.pointing("cites", chapters), counted)}
    assert (counted.names.node("id/document/som-wg-2015/paragraph/19").value,) in citing


def test_likeness_is_that_of_the_query(client: TestClient, snapshot: Snapshot) -> None:
    store = EmbeddedStore(snapshot, CATALOGUE, Metrics().named)
    for number in (5, 24, 46, 83, 90):
        paragraph = snapshot.names.node(f"id/document/som-wg-2015/paragraph/{number}")
        expected = store.select("recommendation-similar", paragraph=paragraph)
        page = tree(client.get(f"/doc/document/som-wg-2015/paragraph/{number}", headers={"Accept": "text/html"}).text)
        section = page.section("similar")
        assert section.numbers() == [int(row["number"].value) for row in expected]
        for row, line in zip(expected, section.all("li", "line"), strict=True):
            assert all(name in line.text for name in row["shared"].value.split("; "))


def test_editorial_links_are_counted_by_relation_confidence_status_and_agent(counted: Snapshot, ask: Asked) -> None:
    names = ("relation", "confidence", "status", "agent", "links")
    shown = {
        (row.relation, row.confidence, row.status, row.agent, str(row.links))
        for row in page_index.judgements(counted.index.database)
    }
    assert shown == values_of(ask("editorial-links-by-status"), *names)
