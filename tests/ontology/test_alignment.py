"""The alignments: where they start, where they lead and how strong they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from ontology.namespaces import DEFAULT_BASE, Base

FOLDER = Path(__file__).parents[2] / "ontology"
PREFIXES = Base(DEFAULT_BASE).prefixes()
LABEL = NamedNode(PREFIXES["rdfs"] + "label")
SAME_AS = NamedNode(PREFIXES["schema"] + "sameAs")
SEE_ALSO = NamedNode(PREFIXES["rdfs"] + "seeAlso")
MATCHES = {kind: NamedNode(f"{PREFIXES['skos']}{kind}Match") for kind in ("exact", "close", "broad", "related")}
VOCABULARIES = {
    "http://metadata.un.org/thesaurus/": "UNBIS",
    "http://eurovoc.europa.eu/": "EuroVoc",
    "http://www.wikidata.org/entity/Q": "Wikidata",
    "https://treaties.un.org/": "United Nations Treaty Collection",
}


def iri(term: NamedNode | BlankNode | Literal | Triple) -> str:
    assert isinstance(term, NamedNode)
    return term.value


def turtle(folder: str) -> list[Triple]:
    files = sorted((FOLDER / folder).glob("*.ttl"))
    return [quad.triple for path in files for quad in parse(path.read_bytes(), RdfFormat.TURTLE, base_iri=DEFAULT_BASE)]


@pytest.fixture(scope="module")
def links() -> list[Triple]:
    return [triple for triple in turtle("alignment") if triple.predicate != LABEL]


def objects(links: list[Triple], path: str, predicate: NamedNode) -> set[str]:
    subject = NamedNode(DEFAULT_BASE + path)
    return {iri(triple.object) for triple in links if triple.subject == subject and triple.predicate == predicate}


def test_links_lead_to_a_known_vocabulary_and_its_identifiers_have_a_label(links: list[Triple]) -> None:
    labels = {triple.subject: triple.object for triple in turtle("alignment") if triple.predicate == LABEL}
    assert {triple.object for triple in links} == set(labels)
    for identifier, label in labels.items():
        name = next(name for start, name in VOCABULARIES.items() if iri(identifier).startswith(start))
        assert isinstance(label, Literal)
        assert label.language == "en"
        assert f"({name}" in label.value


def test_links_match_concepts_and_only_wikidata_items_are_the_same_thing(links: list[Triple]) -> None:
    assert {triple.predicate for triple in links} == {*MATCHES.values(), SAME_AS, SEE_ALSO}
    for triple in links:
        assert (triple.predicate == SAME_AS) == ("wikidata" in iri(triple.object))


def test_two_things_are_matched_in_one_way_only(links: list[Triple]) -> None:
    pairs = [(triple.subject, triple.object) for triple in links]
    assert len(pairs) == len(set(pairs))


def test_only_groups_have_exact_matches_and_an_actor_has_none(links: list[Triple]) -> None:
    """Themes look at a subject from the smuggling of migrants; the mapping properties are between concepts (SKOS S19, S40)."""
    exact = {iri(triple.subject) for triple in links if triple.predicate == MATCHES["exact"]}
    assert exact
    assert all(subject.startswith(f"{DEFAULT_BASE}id/group/") for subject in exact)
    assert not {triple.predicate for triple in links if "/id/actor/" in iri(triple.subject)} & set(MATCHES.values())


@pytest.mark.parametrize(
    ("path", "kind", "identifier"),
    [
        ("id/theme/visas", "close", "http://metadata.un.org/thesaurus/1006888"),
        ("id/theme/witness-protection", "close", "http://eurovoc.europa.eu/8455"),
        ("id/theme/border-control", "close", "http://eurovoc.europa.eu/5540"),
        ("id/theme/consular-assistance", "broad", "http://metadata.un.org/thesaurus/1001254"),
        ("id/theme/trafficking-in-persons", "broad", "http://metadata.un.org/thesaurus/1006622"),
        ("id/group/victims-of-crime", "exact", "http://metadata.un.org/thesaurus/1001377"),
        ("id/theme/implementation-of-the-protocol", "broad", "http://metadata.un.org/thesaurus/1006691"),
        ("id/group/smuggled-migrants", "broad", "http://metadata.un.org/thesaurus/1003416"),
        *(
            (f"id/actor/{slug}", "same", f"http://www.wikidata.org/entity/{item}")
            for slug, item in {"icao": "Q125761", "interpol": "Q8475", "iom": "Q472311", "unodc": "Q636107"}.items()
        ),
    ],
)
def test_a_thing_is_matched_as_strongly_as_it_means_the_same(
    links: list[Triple], path: str, kind: str, identifier: str
) -> None:
    assert identifier in objects(links, path, SAME_AS if kind == "same" else MATCHES[kind])
    assert kind == "exact" or objects(links, path, MATCHES["exact"]) == set()
