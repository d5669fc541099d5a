"""Habits of all Turtle that makes up the reference data: names, tags, IRIs, order."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from pyoxigraph import Literal, RdfFormat, Triple, parse

from ingest.reference_tables import describe_tables
from ontology.namespaces import DEFAULT_BASE, WELL_KNOWN, Base
from ontology.terms import Names

ONTOLOGY = Path(__file__).parents[2] / "ontology"
FILES = sorted(path for folder in ("reference", "concepts", "alignment") for path in (ONTOLOGY / folder).glob("*.ttl"))
PREFIXES = Base(DEFAULT_BASE).prefixes()
WORDS = """
rdfs:label rdfs:comment skos:prefLabel skos:altLabel skos:hiddenLabel skos:definition skos:scopeNote dcterms:title
dc:source pal:summary pal:summaryStatus pal:role pal:acronym pal:adoption pal:place
"""


def expand(prefixed: str) -> str:
    prefix, _, local = prefixed.partition(":")
    return PREFIXES[prefix] + local


def triples(path: Path) -> list[Triple]:
    return [quad.triple for quad in parse(path.read_bytes(), RdfFormat.TURTLE, base_iri=DEFAULT_BASE)]


@pytest.fixture(scope="module")
def everything() -> list[Triple]:
    tables = describe_tables(ONTOLOGY.parent, Names(Base(DEFAULT_BASE)))
    return [*(triple for path in FILES for triple in triples(path)), *tables]


def test_words_are_tagged_english_and_have_no_stray_space(everything: list[Triple]) -> None:
    words = {expand(name) for name in WORDS.split()}
    for triple in everything:
        if triple.predicate.value in words:
            assert isinstance(triple.object, Literal), triple
            assert triple.object.language == "en", triple
            assert triple.object.value == " ".join(triple.object.value.split()), triple


def test_a_thing_has_one_preferred_label_and_no_name_twice(everything: list[Triple]) -> None:
    names: dict[object, list[object]] = defaultdict(list)
    preferred: list[object] = []
    for triple in everything:
        if triple.predicate.value in {expand(f"skos:{kind}Label") for kind in ("pref", "alt", "hidden")}:
            names[triple.subject].append(triple.object)
        if triple.predicate.value == expand("skos:prefLabel"):
            preferred.append(triple.subject)
    assert len(preferred) == len(set(preferred))
    assert [subject for subject, own in names.items() if len(own) != len(set(own))] == []


def test_properties_come_from_a_known_vocabulary(everything: list[Triple]) -> None:
    known = (expand("pal:"), *WELL_KNOWN.values())
    assert all(triple.predicate.value.startswith(known) for triple in everything)


def test_no_file_says_a_thing_twice(everything: list[Triple]) -> None:
    assert len(everything) == len(set(everything))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_says_at_the_top_what_it_holds(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize("name", ["meetings", "resolutions", "tools"])
def test_blocks_of_a_file_are_in_alphabetical_order(name: str) -> None:
    text = (ONTOLOGY / f"reference/{name}.ttl").read_text(encoding="utf-8")
    blocks = re.findall(r"^<(id/\S+)>$", text, re.MULTILINE)
    assert len(blocks) > 1
    assert all(first < second for first, second in pairwise(blocks))
