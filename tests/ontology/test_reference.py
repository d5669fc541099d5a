"""The reference data, against the structure of the treaties, the vocabulary and the source document."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from ingest.errors import SourceError
from ingest.provisions import TABLE, describe_provisions, read_provisions
from ontology.namespaces import DEFAULT_BASE, Base
from ontology.terms import Names

ROOT = Path(__file__).parents[2]
FILES = ("actors", "instruments", "meetings", "resolutions", "tools")
SOURCE = " ".join((ROOT / "ingest/sources/som-wg-2015.md").read_text(encoding="ascii").split())
PREFIXES = Base(DEFAULT_BASE).prefixes()

# Numbered paragraphs of each article, in order; 0 is one unnumbered paragraph.
PARAGRAPHS = {
    "untoc": "0 0 2 2 3 2 4 4 2 4 6 9 9 3 6 17 0 30 0 4 0 0 0 4 3 5 3 3 4 4 7 5 2 3 4 4 4 2 5 3 2",
    "smuggling-protocol": "3 0 0 0 0 4 0 7 4 2 6 0 0 3 3 5 0 8 2 4 4 2 5 2 2",
}
# Lettered subparagraphs to which an editorial link points: article, paragraph, letter.
LETTERS = {
    "untoc": {
        (2, 0): "i", (18, 3): "ah", (24, 2): "ab", (27, 1): "abd", (29, 1): "e", (30, 2): "c", (32, 3): "bd", (33, 2): "a"
    },
    "smuggling-protocol": {
        (3, 0): "ac", (6, 1): "b", (6, 3): "b", (9, 1): "a", (10, 1): "bce", (12, 0): "ab", (14, 2): "bc"
    },
}  # fmt: skip
SHORT = {"untoc": "Organized Crime Convention", "smuggling-protocol": "Smuggling of Migrants Protocol"}
CHAPTERS = {
    1: ("I", "General provisions", range(1, 7)),
    2: ("II", "Smuggling of migrants by sea", range(7, 10)),
    3: ("III", "Prevention, cooperation and other measures", range(10, 19)),
    4: ("IV", "Final provisions", range(19, 26)),
}
ACTORS = {
    "pal:Organization": "bali-process global-migration-group icao interpol iom unodc",
    "pal:Body": "conference-of-the-parties extended-bureau secretariat secretary-general working-group",
    "pal:StateGroup": "countries-of-origin-transit-and-destination member-states states states-not-yet-parties states-parties "
    "states-parties-with-common-borders",
    "pal:StakeholderGroup": "academia airline-companies civil-society competent-authorities consular-authorities "
    "criminal-justice-authorities international-organizations judicial-authorities law-enforcement-authorities liaison-officers "
    "media private-sector regional-organizations service-providers social-welfare-authorities transport-companies",
}
NARROWER = """
airline-companies < transport-companies
countries-of-origin-transit-and-destination < states
member-states < states
states-not-yet-parties < states
states-parties < states
states-parties-with-common-borders < states-parties
"""
SPELLINGS = """
airline-companies: airline companies
bali-process: Bali Process on People Smuggling, Trafficking in Persons and Related Transnational Crime
competent-authorities: competent authorities | competent national authorities
conference-of-the-parties: Conference of the Parties to the United Nations Convention against Transnational Organized Crime
conference-of-the-parties: Conference of the Parties to the Organized Crime Convention
consular-authorities: consular and diplomatic representations | consular authorities
countries-of-origin-transit-and-destination: countries of origin, transit and destination
criminal-justice-authorities: criminal justice practitioners | criminal justice authorities
extended-bureau: Extended Bureau of the Conference
global-migration-group: Global Migration Group
icao: International Civil Aviation Organization
international-organizations: international and regional organizations | international intergovernmental organizations
interpol: International Criminal Police Organization (INTERPOL) | INTERPOL
iom: International Organization for Migration
judicial-authorities: judicial officials
law-enforcement-authorities: law enforcement and judicial officials
member-states: Member States
regional-organizations: regional or international organizations
secretary-general: Secretary-General
service-providers: service providers
states-not-yet-parties: States that have not yet done so
states-parties: States parties
states-parties-with-common-borders: those with common borders
unodc: United Nations Office on Drugs and Crime (UNODC) | UNODC
working-group: Working Group on the Smuggling of Migrants
"""
INSTRUMENTS = [
    ("untoc", "2000-11-15", "2003-09-29", "UNTS vol. 2225, p. 209"),
    ("smuggling-protocol", "2000-11-15", "2004-01-28", "UNTS vol. 2241, p. 507"),
    ("trafficking-protocol", "2000-11-15", "2003-12-25", "UNTS vol. 2237, p. 319"),
    ("firearms-protocol", "", "2005-07-03", ""),
    ("vccr", "1963-04-24", "1967-03-19", "UNTS vol. 596, p. 261"),
]
OWNERS = {
    "digest-of-organized-crime-cases": "unodc",
    "directory-of-competent-national-authorities": "unodc",
    "interpol-databases": "interpol",
    "sherloc": "unodc",
    "voluntary-reporting-system": "unodc",
}


class Graph:
    """The triples of some files; ``of`` gives the values of a property, IRIs below the base by their path."""

    def __init__(self, paths: list[Path]) -> None:
        quads = [quad for path in paths for quad in parse(path.read_bytes(), RdfFormat.TURTLE, base_iri=DEFAULT_BASE)]
        self.triples = [quad.triple for quad in quads]
        self.triples += describe_provisions(read_provisions(ROOT / TABLE), Names(Base(DEFAULT_BASE)))
        self.index: dict[tuple[str, str], list[NamedNode | Literal]] = defaultdict(list)
        for subject, predicate, value in self.triples:
            assert isinstance(value, NamedNode | Literal), "no blank node stands in reference data"
            self.index[short(subject), predicate.value].append(value)

    def of(self, subject: str, prefixed: str) -> list[str]:
        return sorted(short(value) for value in self.index[subject, expand(prefixed)])

    def having(self, prefixed: str, value: str) -> set[str]:
        found = [subject for subject, predicate in list(self.index) if predicate == expand(prefixed)]
        return {subject for subject in found if value in self.of(subject, prefixed)}

    def a(self, class_name: str) -> set[str]:
        return self.having("rdf:type", expand(class_name).removeprefix(DEFAULT_BASE))


def expand(prefixed: str) -> str:
    prefix, _, local = prefixed.partition(":")
    return PREFIXES[prefix] + local


def short(term: NamedNode | BlankNode | Literal | Triple) -> str:
    assert isinstance(term, NamedNode | Literal), "no blank node stands in reference data"
    return term.value.removeprefix(DEFAULT_BASE)


def lines(table: str, separator: str) -> list[tuple[str, str]]:
    parts = [line.partition(separator) for line in table.strip().splitlines()]
    return [(left.strip(), right.strip()) for left, _, right in parts]


def provisions() -> list[tuple[str, str, int | str, str, str]]:
    """(path, class, number, whole, label) of every expected part of the Convention and the Protocol, in reading order."""
    rows: list[tuple[str, str, int | str, str, str]] = []
    for slug, counts in PARAGRAPHS.items():
        top, name = f"id/instrument/{slug}", SHORT[slug]
        for article, count in enumerate(map(int, counts.split()), start=1):
            whole = top
            if slug == "smuggling-protocol":
                chapter = next(number for number, (_, _, articles) in CHAPTERS.items() if article in articles)
                whole = f"{top}/chapter/{chapter}"
                if article == CHAPTERS[chapter][2].start:
                    rows.append((whole, "pal:Chapter", chapter, top, f"Chapter {CHAPTERS[chapter][0]}, {name}"))
            path = f"{top}/article/{article}"
            rows.append((path, "pal:Article", article, whole, f"Article {article}, {name}"))
            for letter in LETTERS[slug].get((article, 0), ""):
                named = f"Article {article} ({letter}), {name}"
                rows.append((f"{path}/letter/{letter}", "pal:Subparagraph", letter, path, named))
            for number in range(1, count + 1):
                label = f"Article {article}, paragraph {number}, {name}"
                part = f"{path}/paragraph/{number}"
                rows.append((part, "pal:ArticleParagraph", number, path, label))
                for letter in LETTERS[slug].get((article, number), ""):
                    named = f"Article {article}, paragraph {number} ({letter}), {name}"
                    rows.append((f"{part}/letter/{letter}", "pal:Subparagraph", letter, part, named))
    for slug, article, parts, name in (
        ("trafficking-protocol", 3, ("letter/a",), "Trafficking in Persons Protocol"),
        ("vccr", 36, ("paragraph/1", "paragraph/1/letter/b", "paragraph/2"), "Vienna Convention on Consular Relations"),
    ):
        top = f"id/instrument/{slug}"
        rows.append((f"{top}/article/{article}", "pal:Article", article, top, f"Article {article}, {name}"))
        for part in parts:
            whole, _, last = f"{top}/article/{article}/{part}".rpartition("/")
            label = {"letter/a": "Article 3 (a)", "paragraph/1/letter/b": "Article 36, paragraph 1 (b)"}.get(part)
            kind = "pal:Subparagraph" if "letter" in part else "pal:ArticleParagraph"
            rows.append((
                f"{whole}/{last}", kind, last if "letter" in part else int(last), whole.rpartition("/")[0],
                f"{label or f'Article 36, paragraph {last}'}, {name}",
            ))  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def reference() -> Graph:
    return Graph([ROOT / f"ontology/reference/{name}.ttl" for name in FILES])


def test_convention_has_41_articles_and_the_protocol_25(reference: Graph) -> None:
    articles = Counter(path.split("/")[2] for path in reference.a("pal:Article"))
    assert articles == {"untoc": 41, "smuggling-protocol": 25, "trafficking-protocol": 1, "vccr": 1}


def test_provisions_are_exactly_those_of_the_treaties(reference: Graph) -> None:
    assert reference.a("pal:Provision") == {row[0] for row in provisions()}


def test_every_provision_has_class_number_place_and_label(reference: Graph) -> None:
    integer = NamedNode(expand("xsd:integer"))
    for path, kind, number, whole, label in provisions():
        types = {
            expand(name).removeprefix(DEFAULT_BASE) for name in (kind, "pal:Provision", "eli:LegalResourceSubdivision")
        }
        assert set(reference.of(path, "rdf:type")) == types
        counted = Literal(str(number), datatype=integer) if isinstance(number, int) else Literal(number)
        assert reference.index[path, expand("pal:number")] == [counted]
        printed = CHAPTERS[int(number)][0] if kind == "pal:Chapter" else str(number)
        assert reference.index[path, expand("eli:number")] == [Literal(printed)]
        assert all(reference.of(path, name) == [whole] for name in ("pal:partOf", "dcterms:isPartOf", "eli:is_part_of"))
        assert reference.of(path, "rdfs:label") == [label]


@pytest.mark.parametrize("slug", ["untoc", "smuggling-protocol", "trafficking-protocol", "vccr"])
def test_order_is_reading_order_from_one(reference: Graph, slug: str) -> None:
    parts = [row[0] for row in provisions() if f"/{slug}/" in row[0]]
    assert [reference.of(part, "pal:order") for part in parts] == [[str(n)] for n in range(1, len(parts) + 1)]


@pytest.mark.parametrize(
    ("path", "titles"),
    [
        ("untoc/article/20", ["Special investigative techniques"]),
        ("untoc/article/32", ["Conference of the Parties to the Convention"]),
        ("untoc/article/37", ["Relation with protocols"]),
        ("smuggling-protocol/article/6", ["Criminalization"]),
        ("smuggling-protocol/article/16", ["Protection and assistance measures"]),
        ("smuggling-protocol/article/18", ["Return of smuggled migrants"]),
        ("vccr/article/36", []),
        *((f"smuggling-protocol/chapter/{number}", [title]) for number, (_, title, _) in CHAPTERS.items()),
    ],
)
def test_provision_bears_its_title(reference: Graph, path: str, titles: list[str]) -> None:
    assert reference.of(f"id/instrument/{path}", "dcterms:title") == titles


def test_every_article_of_the_two_treaties_has_one_title(reference: Graph) -> None:
    articles = [path for path in reference.a("pal:Article") if "/vccr/" not in path]
    assert all(len(reference.of(article, "dcterms:title")) == 1 for article in articles)


def test_articles_and_chapters_have_a_summary_that_says_it_is_not_authentic(reference: Graph) -> None:
    for path in reference.a("pal:Article") | reference.a("pal:Chapter"):
        (summary,) = reference.of(path, "pal:summary")
        assert len(re.findall(r"[.](?: |$)", summary)) in {1, 2}, path
        assert reference.of(path, "pal:summaryStatus") == ["Summary written for this project; not the authentic text."]


def test_every_paragraph_of_both_treaties_has_one_sentence_that_says_it_is_not_authentic(reference: Graph) -> None:
    parts = reference.a("pal:ArticleParagraph") | reference.a("pal:Subparagraph")
    # 174 numbered paragraphs in the Convention, 66 in the Protocol.
    assert len([path for path in reference.a("pal:ArticleParagraph") if "/vccr/" not in path]) == 240
    for path in parts:
        (summary,) = reference.of(path, "pal:summary")
        assert summary.endswith(".")
        assert ". " not in summary, path
        assert " should " not in summary or path.endswith("untoc/article/31/paragraph/2"), (
            f"no treaty paragraph says so: {path}"
        )
        assert reference.of(path, "pal:summaryStatus") == ["Summary written for this project; not the authentic text."]


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
    final = reference.having("pal:finalClause", "true")
    assert final == {
        *(f"id/instrument/untoc/article/{number}" for number in range(35, 42)),
        *(f"id/instrument/smuggling-protocol/article/{number}" for number in range(20, 26)),
    }


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ("untoc/article/1\tPurpose\tlast\tWords.", 2),
        ("untoc/art/1\t\t\tWords.", 2),
        ("untoc/article/1\tPurpose\t\t", 2),
    ],
)
def test_a_row_that_cannot_be_meant_is_named_with_its_line(tmp_path: Path, row: str, line: int) -> None:
    (tmp_path / "provisions.tsv").write_text(f"provision\ttitle\tclause\tsummary\n{row}\n")
    with pytest.raises(SourceError) as wrong:
        list(read_provisions(tmp_path / "provisions.tsv"))
    assert wrong.value.line == line


@pytest.mark.parametrize(("slug", "adopted", "in_force", "series"), INSTRUMENTS)
def test_instrument_has_the_established_facts(
    reference: Graph, slug: str, adopted: str, in_force: str, series: str
) -> None:
    path, kind = f"id/instrument/{slug}", "Protocol" if slug.endswith("protocol") else "Convention"
    supplements = ["id/instrument/untoc"] if kind == "Protocol" else []
    types = {f"ontology#{kind}", "ontology#Instrument", expand("eli:LegalResource"), expand(f"undo:{kind}")}
    assert set(reference.of(path, "rdf:type")) == types
    assert reference.of(path, "pal:adopted") == reference.of(path, "dcterms:issued") == adopted.split()
    assert reference.of(path, "pal:entryIntoForce") == reference.of(path, "eli:first_date_entry_in_force") == [in_force]
    assert reference.of(path, "pal:treatySeries") == ([series] if series else [])
    assert reference.of(path, "pal:supplements") == reference.of(path, "eli:based_on") == supplements
    names = ("rdfs:label", "skos:prefLabel", "dcterms:title", "skos:definition", "dcterms:source")
    assert all(len(reference.of(path, name)) == 1 for name in names)


def test_there_are_five_instruments(reference: Graph) -> None:
    assert reference.a("pal:Instrument") == {f"id/instrument/{row[0]}" for row in INSTRUMENTS}


def test_actors_are_the_closed_list_with_kind_definition_and_role(reference: Graph) -> None:
    for kind, slugs in ACTORS.items():
        assert reference.a(kind) == {f"id/actor/{slug}" for slug in slugs.split()}
    assert len(reference.a("pal:Actor")) == sum(len(slugs.split()) for slugs in ACTORS.values())
    for actor in reference.a("pal:Actor"):
        assert {expand("foaf:Agent"), expand("undo:Agent")} <= set(reference.of(actor, "rdf:type"))
        names = ("rdfs:label", "skos:prefLabel", "skos:definition", "pal:role")
        assert all(len(reference.of(actor, name)) == 1 for name in names)


def test_narrower_actors_point_to_the_wider_one(reference: Graph) -> None:
    broader = {(actor, wider) for actor in reference.a("pal:Actor") for wider in reference.of(actor, "skos:broader")}
    assert broader == {(f"id/actor/{narrow}", f"id/actor/{wide}") for narrow, wide in lines(NARROWER, "<")}


def test_only_unodc_serves_as_another_actor_the_secretariat(reference: Graph) -> None:
    assert reference.having("pal:servesAs", "id/actor/secretariat") == {"id/actor/unodc"}
    assert len([t for t in reference.triples if t.predicate.value == expand("pal:servesAs")]) == 1


@pytest.mark.parametrize(("slug", "spellings"), lines(SPELLINGS, ":"))
def test_spelling_of_the_source_names_exactly_one_actor(reference: Graph, slug: str, spellings: str) -> None:
    for spelling in spellings.split(" | "):
        assert spelling in SOURCE
        assert reference.having("skos:prefLabel", spelling) | reference.having("skos:altLabel", spelling) == {
            f"id/actor/{slug}"
        }


def test_tools_have_an_owner_and_a_definition(reference: Graph) -> None:
    assert reference.a("pal:Tool") == {f"id/tool/{slug}" for slug in OWNERS}
    for slug, owner in OWNERS.items():
        assert reference.of(f"id/tool/{slug}", "pal:maintainedBy") == [f"id/actor/{owner}"]
        assert len(reference.of(f"id/tool/{slug}", "skos:definition")) == 1


def test_meetings_have_their_dates_and_place(reference: Graph) -> None:
    facts = ("pal:startDate", "pal:endDate", "pal:place")
    assert {meeting: [reference.of(meeting, fact) for fact in facts] for meeting in reference.a("pal:Meeting")} == {
        "id/meeting/som-wg-2012": [["2012-05-30"], ["2012-06-01"], ["Vienna"]],
        "id/meeting/som-wg-2013": [["2013-11-11"], ["2013-11-13"], ["Vienna"]],
    }


def test_resolutions_say_only_what_is_established(reference: Graph) -> None:
    assert reference.a("pal:Resolution") == {"id/resolution/cop-5-3", "id/resolution/cop-7-1"}
    assert reference.of("id/resolution/cop-5-3", "dcterms:issued") == []
    assert "translation" in reference.of("id/resolution/cop-5-3", "rdfs:comment")[0]
    assert reference.of("id/resolution/cop-7-1", "dcterms:issued") == ["2014-10-10"]
