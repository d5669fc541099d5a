"""The reference data, against the structure of the treaties and the contract of the vocabulary. Data may be added."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ingest.corpus import BuildSettings
from ingest.describe import Describer
from ingest.errors import SourceError
from ingest.reference_tables import FOLDER, read_provisions
from ontology.namespaces import DEFAULT_BASE, Base
from ontology.terms import Names

PREFIXES = Base(DEFAULT_BASE).prefixes()
# Numbered paragraphs of each article, in order; 0 is one unnumbered paragraph.
PARAGRAPHS = {
    "untoc": "0 0 2 2 3 2 4 4 2 4 6 9 9 3 6 17 0 30 0 4 0 0 0 4 3 5 3 3 4 4 7 5 2 3 4 4 4 2 5 3 2",
    "smuggling-protocol": "3 0 0 0 0 4 0 7 4 2 6 0 0 3 3 5 0 8 2 4 4 2 5 2 2",
}
CHAPTERS = {
    1: ("General provisions", range(1, 7)),
    2: ("Smuggling of migrants by sea", range(7, 10)),
    3: ("Prevention, cooperation and other measures", range(10, 19)),
    4: ("Final provisions", range(19, 26)),
}
ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII")
ACTORS = {
    "pal:Organization": "bali-process global-migration-group icao interpol iom unodc",
    "pal:Body": "conference-of-the-parties secretariat secretary-general working-group",
    "pal:StateGroup": "member-states states states-parties",
    "pal:StakeholderGroup": "academia civil-society international-organizations liaison-officers private-sector "
    "transport-companies",
}
INSTRUMENTS = [
    ("untoc", "2000-11-15", "2003-09-29", "UNTS vol. 2225, p. 209"),
    ("smuggling-protocol", "2000-11-15", "2004-01-28", "UNTS vol. 2241, p. 507"),
    ("trafficking-protocol", "2000-11-15", "2003-12-25", "UNTS vol. 2237, p. 319"),
    ("vccr", "1963-04-24", "1967-03-19", "UNTS vol. 596, p. 261"),
]
OWNERS = {
    "digest-of-organized-crime-cases": "unodc",
    "directory-of-competent-national-authorities": "unodc",
    "interpol-databases": "interpol",
    "sherloc": "unodc",
    "voluntary-reporting-system": "unodc",
}
HELD = ("pal:startDate", "pal:endDate", "pal:place")
MEETINGS = {
    "som-wg-2012": ["2012-05-30", "2012-06-01", "Vienna"],
    "som-wg-2013": ["2013-11-11", "2013-11-13", "Vienna"],
}
NOT_AUTHENTIC = ["Summary written for this project; not the authentic text."]


class Graph:
    """The triples of the reference data; ``of`` gives the values of a property, IRIs below the base by their path."""

    def __init__(self) -> None:
        names = Names(Base(DEFAULT_BASE))
        graph = names.graph("reference")
        self.index: dict[tuple[str, str], list[NamedNode | Literal]] = defaultdict(list)
        for quad in Describer(BuildSettings(base=names.base)).shared:
            if quad.graph_name == graph:
                assert isinstance(quad.object, NamedNode | Literal), "no blank node stands in reference data"
                self.index[short(quad.subject), quad.predicate.value].append(quad.object)

    def of(self, subject: str, prefixed: str) -> list[str]:
        return sorted(short(value) for value in self.index[subject, expand(prefixed)])

    def a(self, class_name: str) -> set[str]:
        type_, class_ = expand("rdf:type"), NamedNode(expand(class_name))
        return {subject for (subject, name), values in list(self.index.items()) if name == type_ and class_ in values}


def expand(prefixed: str) -> str:
    prefix, _, local = prefixed.partition(":")
    return PREFIXES[prefix] + local


def short(term: NamedNode | BlankNode | Literal | Triple) -> str:
    assert isinstance(term, NamedNode | Literal), "no blank node stands in reference data"
    return term.value.removeprefix(DEFAULT_BASE)


@pytest.fixture(scope="module")
def reference() -> Graph:
    return Graph()


@pytest.mark.parametrize("slug", PARAGRAPHS)
def test_articles_and_paragraphs_are_those_of_the_treaty(reference: Graph, slug: str) -> None:
    top, expected = f"id/instrument/{slug}/article", set()
    for article, count in enumerate(map(int, PARAGRAPHS[slug].split()), start=1):
        expected |= {f"{top}/{article}", *(f"{top}/{article}/paragraph/{number}" for number in range(1, count + 1))}
    described = reference.a("pal:Article") | reference.a("pal:ArticleParagraph")
    assert {path for path in described if path.startswith(f"{top}/")} == expected


def test_the_protocol_has_its_four_chapters_and_each_article_is_in_one(reference: Graph) -> None:
    top = "id/instrument/smuggling-protocol"
    for number, (title, articles) in CHAPTERS.items():
        chapter = f"{top}/chapter/{number}"
        assert reference.of(chapter, "dcterms:title") == [title]
        assert reference.of(chapter, "pal:partOf") == [top]
        assert all(reference.of(f"{top}/article/{article}", "pal:partOf") == [chapter] for article in articles)


def test_a_provision_has_the_class_number_place_and_label_that_its_name_says(reference: Graph) -> None:
    kinds = {
        "chapter": "pal:Chapter", "article": "pal:Article", "paragraph": "pal:ArticleParagraph",
        "letter": "pal:Subparagraph", "item": "pal:Subparagraph",
    }  # fmt: skip
    for path in reference.a("pal:Provision"):
        above, kind, number = path.rsplit("/", 2)
        assert {expand(kinds[kind]).removeprefix(DEFAULT_BASE), "ontology#Provision"} <= set(
            reference.of(path, "rdf:type")
        )
        assert reference.of(path, "pal:number") == [number]
        assert reference.of(path, "eli:number") == [ROMAN[int(number)] if kind == "chapter" else number]
        (whole,) = reference.of(path, "pal:partOf")
        assert whole == above or (kind == "article" and whole.startswith(f"{above}/chapter/"))
        assert reference.of(path, "dcterms:isPartOf") == reference.of(path, "eli:is_part_of") == [whole]
        (label,) = reference.of(path, "rdfs:label")
        parts = re.findall(r"/(article|paragraph|letter|item)/([^/]+)", path)
        words = {"article": "Article {}", "paragraph": ", paragraph {}", "letter": " ({})", "item": " ({})"}
        said = "".join(words[part].format(value) for part, value in parts) or f"Chapter {ROMAN[int(number)]}"
        assert label.startswith(f"{said}, "), path


def test_order_is_reading_order_from_one(reference: Graph) -> None:
    parts: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for path in reference.a("pal:Provision"):
        parts[path.split("/")[2]].append((int(*reference.of(path, "pal:order")), path))
    for instrument, ordered in parts.items():
        assert [order for order, _ in sorted(ordered)] == list(range(1, len(ordered) + 1)), instrument
        named = [re.fullmatch(rf"id/instrument/{instrument}/article/(\d+)", path) for _, path in sorted(ordered)]
        articles = [int(article[1]) for article in named if article]
        assert articles == sorted(articles), instrument


@pytest.mark.parametrize(
    ("path", "titles"),
    [
        ("untoc/article/20", ["Special investigative techniques"]),
        ("untoc/article/37", ["Relation with protocols"]),
        ("smuggling-protocol/article/6", ["Criminalization"]),
        ("smuggling-protocol/article/18", ["Return of smuggled migrants"]),
        ("vccr/article/36", []),
    ],
)
def test_an_article_bears_its_title(reference: Graph, path: str, titles: list[str]) -> None:
    assert reference.of(f"id/instrument/{path}", "dcterms:title") == titles


def test_every_summary_is_one_or_two_sentences_and_says_that_it_is_not_authentic(reference: Graph) -> None:
    for path in reference.a("pal:Provision"):
        summaries = reference.of(path, "pal:summary")
        if not summaries and path.split("/")[2] not in PARAGRAPHS:
            continue
        (summary,) = summaries
        assert len(re.findall(r"[.](?: |$)", summary)) in {1, 2}, path
        assert reference.of(path, "pal:summaryStatus") == NOT_AUTHENTIC


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("untoc/article/28/paragraph/1", "shall consider analysing"),
        ("untoc/article/24/paragraph/3", "shall consider"),
        ("untoc/article/31/paragraph/1", "shall endeavour"),
        ("untoc/article/34/paragraph/3", "may adopt"),
        ("untoc/article/20/paragraph/2", "are encouraged"),
        ("smuggling-protocol/article/14/paragraph/3", "shall consider giving"),
        ("smuggling-protocol/article/18/paragraph/2", "shall consider"),
        ("smuggling-protocol/article/18/paragraph/6", "may cooperate"),
        ("smuggling-protocol/article/11/paragraph/4", "shall"),
    ],
)
def test_a_summary_keeps_the_verb_of_the_treaty(reference: Graph, path: str, words: str) -> None:
    assert words in reference.of(f"id/instrument/{path}", "pal:summary")[0]


def test_final_clauses_are_told_apart(reference: Graph) -> None:
    for slug, first, last in (("untoc", 35, 41), ("smuggling-protocol", 20, 25)):
        for number in range(1, last + 1):
            said = reference.of(f"id/instrument/{slug}/article/{number}", "pal:finalClause")
            assert said == ["true" if number >= first else "false"], (slug, number)


@pytest.mark.parametrize(
    "row", ["untoc/article/1\tPurpose\tlast\tWords.", "untoc/art/1\t\t\tWords.", "untoc/article/1\t\t\t"]
)
def test_a_row_that_cannot_be_meant_is_named_with_its_line(tmp_path: Path, row: str) -> None:
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "provisions.tsv").write_text(f"provision\ttitle\tclause\tsummary\n{row}\n")
    with pytest.raises(SourceError) as wrong:
        list(read_provisions(tmp_path))
    assert wrong.value.line == 2


KEYS = {
    "untoc/article/27/paragraph/1/letter/a": "UNTOC 27(1)(a)",
    "untoc/article/2/letter/i": "UNTOC 2(i)",
    "smuggling-protocol/article/16/paragraph/5": "SMP 16(5)",
    "smuggling-protocol/chapter/2": "SMP ch. II",
    "trafficking-protocol/article/6": "TIP 6",
    "firearms-protocol/article/5": "FP 5",
    "vccr/article/36": "VCCR 36",
}


def test_every_provision_has_a_short_citation_that_no_other_has(reference: Graph) -> None:
    named = {path: reference.of(path, "dcterms:identifier") for path in reference.a("pal:Provision")}
    assert all(len(found) == 1 for found in named.values())
    assert len({found[0] for found in named.values()}) == len(named) > 400
    assert {path: named[f"id/instrument/{path}"][0] for path in KEYS} == KEYS


@pytest.mark.parametrize(("slug", "adopted", "in_force", "series"), INSTRUMENTS)
def test_instrument_has_the_established_facts(
    reference: Graph, slug: str, adopted: str, in_force: str, series: str
) -> None:
    path, kind = f"id/instrument/{slug}", "Protocol" if slug.endswith("protocol") else "Convention"
    assert {f"ontology#{kind}", "ontology#Instrument", expand(f"undo:{kind}")} <= set(reference.of(path, "rdf:type"))
    assert reference.of(path, "pal:adopted") == reference.of(path, "dcterms:issued") == [adopted]
    assert reference.of(path, "pal:entryIntoForce") == reference.of(path, "eli:first_date_entry_in_force") == [in_force]
    assert reference.of(path, "pal:treatySeries") == [series]
    supplements = ["id/instrument/untoc"] if kind == "Protocol" else []
    assert reference.of(path, "pal:supplements") == reference.of(path, "eli:related_to") == supplements


@pytest.mark.parametrize(
    ("class_", "names"),
    [
        ("pal:Instrument", "rdfs:label skos:prefLabel dcterms:title skos:definition dc:source"),
        ("pal:Actor", "rdfs:label skos:prefLabel skos:definition pal:role"),
        ("pal:Tool", "rdfs:label skos:prefLabel skos:definition pal:maintainedBy"),
        ("pal:Meeting", "rdfs:label pal:startDate pal:endDate pal:place"),
    ],
)
def test_everything_is_named_and_explained_once(reference: Graph, class_: str, names: str) -> None:
    assert len(reference.a(class_)) > 1
    for path in reference.a(class_):
        assert {name: len(reference.of(path, name)) for name in names.split()} == dict.fromkeys(names.split(), 1), path


@pytest.mark.parametrize(("kind", "slugs"), ACTORS.items())
def test_actors_of_the_contract_are_described_as_what_they_are(reference: Graph, kind: str, slugs: str) -> None:
    assert {f"id/actor/{slug}" for slug in slugs.split()} <= reference.a(kind)


def test_an_actor_has_one_kind_and_a_narrower_one_a_wider_actor(reference: Graph) -> None:
    kinds = [reference.a(kind) for kind in ACTORS]
    for actor in reference.a("pal:Actor"):
        assert sum(actor in kind for kind in kinds) == 1, actor
        assert {expand("foaf:Agent"), expand("undo:Agent")} <= set(reference.of(actor, "rdf:type"))
        assert set(reference.of(actor, "skos:broader")) <= reference.a("pal:Actor") - {actor}


FACTS = [
    ("actor/unodc", "pal:servesAs", "id/actor/secretariat"),
    ("actor/states-parties", "skos:broader", "id/actor/states"),
    *((f"tool/{slug}", "pal:maintainedBy", f"id/actor/{owner}") for slug, owner in OWNERS.items()),
    *(
        (f"meeting/{slug}", name, fact)
        for slug, facts in MEETINGS.items()
        for name, fact in zip(HELD, facts, strict=True)
    ),
    ("resolution/cop-5-3", "dcterms:issued", None),
    ("resolution/cop-7-1", "dcterms:issued", "2014-10-10"),
]
"""Of an actor, tool or meeting; of a resolution only what is established."""


@pytest.mark.parametrize(("path", "name", "fact"), FACTS)
def test_a_thing_has_its_one_value_of_a_property(reference: Graph, path: str, name: str, fact: str | None) -> None:
    assert reference.of(f"id/{path}", name) == ([] if fact is None else [fact])


@pytest.mark.parametrize(
    ("path", "title", "whole"),
    [
        # statengeneraal/laws-markdown, BWBV0001749, BWBV0001710 and BWBV0001830
        ("trafficking-protocol/article/6", "Assistance to and protection of victims of trafficking in persons", "chapter/2"),
        ("trafficking-protocol/article/20", "Depositary and languages", "chapter/4"),
        ("firearms-protocol/article/15", "Brokers and brokering", ""),
        ("uncac/article/30", "Prosecution, adjudication and sanctions", "chapter/3"),
        ("uncac/article/63", "Conference of the States Parties to the Convention", "chapter/7"),
        ("uncac/chapter/5", "Asset recovery", ""),
    ],
)  # fmt: skip
def test_other_treaties_have_their_titles_and_places(reference: Graph, path: str, title: str, whole: str) -> None:
    assert reference.of(f"id/instrument/{path}", "dcterms:title") == [title]
    top = f"id/instrument/{path.split('/', maxsplit=1)[0]}"
    assert reference.of(f"id/instrument/{path}", "pal:partOf") == [f"{top}/{whole}" if whole else top]
