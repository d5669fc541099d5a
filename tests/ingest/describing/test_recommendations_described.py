"""What the graph says of single recommendations, worked out by reading their text and the vocabulary. That every finding is in
it, at its words, is in the tests of accuracy and of evidence."""

from __future__ import annotations

import pytest
from pyoxigraph import Triple

from ontology.terms import term
from tests.ingest.conftest import DOCUMENT, Graph

ANNOTATION = "annotation/som-wg-2015"

FACTS = {
    24: "pal:affects group:smuggled-migrants, group:migrants ; "
    "pal:cites <id/instrument/vccr>, <id/instrument/smuggling-protocol/article/16/paragraph/5> ; "
    "pal:mentions <id/instrument/vccr>, <id/instrument/smuggling-protocol/article/16/paragraph/5>, "
    "<id/instrument/smuggling-protocol>, actor:states-parties, actor:consular-authorities",
    83: "pal:cites smp:10 ; pal:mentions smp:10, <id/instrument/smuggling-protocol>, actor:states, actor:unodc, "
    "actor:states-parties, actor:international-organizations, actor:iom, actor:working-group",
    90: "pal:affects group:vulnerable-migrants, group:children, group:unaccompanied-minors ; "
    "pal:mentions actor:working-group, actor:conference-of-the-parties",
    91: "pal:cites <id/instrument/untoc>, untoc:32, untoc:37, <id/instrument/smuggling-protocol> ; "
    "pal:mentions <id/instrument/untoc>, untoc:32, untoc:37, <id/instrument/smuggling-protocol>, "
    "actor:states-parties, actor:unodc",
}
"""What is named in each; in 90 the groups stand in item (a)."""

DIRECTIVES = [
    (24, "States parties may wish", "to such migrants", "may wish to consider", "may-wish", True,
     "actor:states-parties", "", ""),
    (24, "In case of detention", "Smuggling of Migrants Protocol", "should", "should", False,
     "actor:states-parties", "", ""),
    (83, "States may wish", "Organization for Migration", "may wish to", "may-wish", False,
     "actor:states", "actor:unodc", ""),
    (83, "The global report", "means of transportation", "should", "should", False, "", "", ""),
    (83, "The report should", "combat the smuggling of migrants", "should", "should", False, "", "", ""),
    (83, "The Working Group requests", "such a report", "requests", "requested", False, "actor:unodc", "", ""),
    (90, "The Working Group", "of the Working Group", "recommended", "recommended", True,
     "actor:conference-of-the-parties", "", ""),
    (91, "Recalling", "challenges and priorities", "should", "should", False,
     "actor:states-parties, actor:unodc", "", ""),
]  # fmt: skip
"""Number, first and last words, operative words, modality, only to consider, addressees, asked actors, qualifiers."""


def path_of(number: int) -> str:
    """The path of a paragraph."""
    return f"{DOCUMENT}/paragraph/{number}"


def starts_of(graph: Graph, number: int) -> list[int]:
    """Where the directives of a recommendation begin."""
    text = graph.text(path_of(number))
    return [text.index(begins) for found, begins, *_ in DIRECTIVES if found == number]


@pytest.mark.parametrize("number", FACTS)
def test_a_recommendation_says_what_its_words_name_and_which_directives_it_has(graph: Graph, number: int) -> None:
    directives = ", ".join(f"<{path_of(number)}/directive/{start}>" for start in starts_of(graph, number))
    expected = graph.turtle(f"<{path_of(number)}> {FACTS[number]} ; pal:hasDirective {directives} .")
    cites, concerns = graph.names.pal("cites"), graph.names.pal("concerns")
    expected |= {Triple(each.subject, concerns, each.object) for each in expected if each.predicate == cites}
    assert graph.said(path_of(number), ANNOTATION) == expected


@pytest.mark.parametrize(
    ("number", "begins", "ends", "operative", "modality", "consider_only", "addressees", "asked", "qualifiers"),
    DIRECTIVES,
)
def test_a_directive_says_who_is_to_do_what_how_strongly(
    graph: Graph,
    number: int,
    begins: str,
    ends: str,
    operative: str,
    modality: str,
    consider_only: bool,
    addressees: str,
    asked: str,
    qualifiers: str,
) -> None:
    text = graph.text(path_of(number))
    start = text.index(begins)
    words = text[start : text.index(ends, start) + len(ends)]
    node = f"{path_of(number)}/directive/{start}"
    place = starts_of(graph, number).index(start) + 1
    expected = f"""<{node}> pal:text "{words}"@en ; pal:operativeWords "{operative}"@en ; pal:order {place} ;
        pal:modality modality:{modality} ; pal:considerOnly {str(consider_only).lower()} ;
        pal:issuer actor:working-group ; pal:evidence <{node}#target>"""
    for name, values in (("addressee", addressees), ("askedActor", asked), ("qualifier", qualifiers)):
        expected += f" ; pal:{name} {values}" if values else ""
    pal = graph.names.pal
    # What its own words name and ask to do follows from the mentions inside them, which tests of mentions, of actions and
    # of evidence compare.
    apart = {pal(name) for name in ("mentions", "cites", "concerns", "action", "askedAction")}
    apart |= {term("eli:cites"), term("allot:mentions")}
    said = {triple for triple in graph.said(node, ANNOTATION) if triple.predicate not in apart}
    assert said == graph.turtle(f"{expected} .")


def test_a_directive_cites_and_mentions_what_stands_in_its_own_words(graph: Graph) -> None:
    # 24: "… the Vienna Convention on Consular Relations …" stands in the second sentence only, with article 16(5).
    first, second = (f"{path_of(24)}/directive/{start}" for start in starts_of(graph, 24))
    cited = {path: graph.values(path, graph.names.pal("cites")) for path in (first, second)}
    assert cited[first] == set()
    assert cited[second] == {
        graph.names.node("id/instrument/vccr"),
        graph.names.node("id/instrument/smuggling-protocol/article/16/paragraph/5"),
    }


@pytest.mark.parametrize(
    ("part", "words", "kind", "entity"),
    [
        ("paragraph/24", "article 16, paragraph 5, of the Smuggling of Migrants Protocol", "Citation",
         "id/instrument/smuggling-protocol/article/16/paragraph/5"),
        ("paragraph/24", "Smuggling of Migrants Protocol", "Mention", "id/instrument/smuggling-protocol"),
        ("paragraph/17", "if necessary", "Mention", "id/qualifier/where-necessary"),
        ("paragraph/90/item/a", "vulnerable migrants", "Mention", "id/group/vulnerable-migrants"),
    ],
)  # fmt: skip
def test_a_mention_is_an_annotation_with_its_evidence(
    graph: Graph, part: str, words: str, kind: str, entity: str
) -> None:
    source = f"{DOCUMENT}/{part}"
    text = graph.text(source)
    start = text.index(words)
    end = start + len(words)
    node = f"{source}/mention/{start}-{end}"
    types = "pal:Citation, pal:Mention, oa:Annotation" if kind == "Citation" else "pal:Mention, oa:Annotation"
    expected = graph.turtle(f"""
        <{node}> a {types} ; oa:hasBody <{entity}> ; oa:motivatedBy oa:identifying ; oa:hasTarget <{node}#target> ;
            prov:wasAttributedTo <id/agent/palermo-rules> .
        <{node}#target> a oa:SpecificResource ; oa:hasSource <{source}> ; oa:hasSelector <{node}#position>, <{node}#quote> .
        <{node}#position> a oa:TextPositionSelector ; oa:start {start} ; oa:end {end} .
        <{node}#quote> a oa:TextQuoteSelector ; oa:exact "{words}" ; oa:prefix "{text[max(0, start - 32) : start]}" ;
            oa:suffix "{text[end : end + 32]}" .
    """)
    label = graph.names.base.prefixes()["rdfs"] + "label"
    subjects = [f"{node}{fragment}" for fragment in ("", "#target", "#position", "#quote")]
    annotation = graph.names.graph(ANNOTATION)
    found = {
        quad.triple
        for subject in subjects
        for quad in graph.store.quads_for_pattern(graph.names.node(subject), None, None, annotation)
    }
    assert {triple for triple in found if triple.predicate.value != label} == expected
    assert {triple.subject for triple in found if triple.predicate.value == label} == {
        graph.names.node(subject) for subject in subjects
    }
