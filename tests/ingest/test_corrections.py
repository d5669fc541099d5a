"""What a person corrects in the findings of rules: findings after it, and graphs that say who and why."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from ingest.corrections import Corrected, correct
from ingest.describing.annotations import AnnotationDescriber
from ingest.document import Document, Item
from ingest.errors import SourceError
from ingest.extraction import Extraction, Lexicon, extract
from ingest.reference import described_paths, reference_quads
from ontology.layout import ROOT
from ontology.namespaces import DEFAULT_BASE, Base
from ontology.terms import Names, term

NAMES = Names(Base(DEFAULT_BASE))
HEADS = {
    "directives": "recommendation,change,directive,words,operative,modality,addressee,asked,consider_only,reason,agent\n",
    "mentions": "recommendation,item,change,words,occurrence,names,cites,reason,agent\n",
}
Correcting = Callable[..., Corrected]
TEXT = "States should, as appropriate, train officials. The offer of UNODC to help, made under article 9, was welcome."
DESCRIBED = described_paths(list(reference_quads(NAMES)), NAMES)
PEOPLE = {"id/agent/jane-doe", "id/agent/palermo-editors"}
HERE = "id/document/som-wg-2015/paragraph/5"


@pytest.fixture(scope="module")
def document(document: Document) -> Document:
    return replace(document, paragraphs=(replace(document.paragraphs[4], text=TEXT),))


@pytest.fixture(scope="module")
def extraction(document: Document, corpus_lexicon: Lexicon) -> Extraction:
    return extract(document, corpus_lexicon)


@pytest.fixture
def corrected(tmp_path: Path, document: Document, extraction: Extraction) -> Correcting:
    """What rows of tables, by their names, make of the findings."""

    def by(**tables: str) -> Corrected:
        for name, rows in tables.items():
            (tmp_path / f"{name}.csv").write_text(HEADS[name] + rows, encoding="utf-8")
        return correct(document, extraction.findings, tmp_path, lambda path: path in DESCRIBED | PEOPLE)

    return by


@pytest.mark.parametrize(
    ("table", "row", "words"),
    [
        ("directives", "5,correct,,,,,unodoc,,,They are asked.,jane-doe", "'unodoc'; the nearest name is 'unodc'"),
        ("directives", "5,correct,,,,,harbour-masters,,,They are asked.,jane-doe", ""),
        ("directives", "5,correct,,,,,states-parties unodc,,,They are asked.,jane-doe", ""),
        ("mentions", "5,,correct,UNODC,,actor/states-partys,,It is meant.,jane-doe", "'states-partys'; the nearest name is 'states-parties'"),
        ("mentions", "5,,add,article 9,,smugling-protocol/article/9,,It cites it.,jane-doe", "'smugling-protocol'; the nearest name is 'smuggling-protocol'"),
        ("mentions", "5,,add,article 9,,smuggling-protocol/article/99,,It cites it.,jane-doe", "'smuggling-protocol/article/99'; the nearest name is 'smuggling-protocol/article/9'"),
        ("mentions", "5,,add,article 9,,convention-on-ferries/article/9,,It cites it.,jane-doe", ""),
    ],
)  # fmt: skip
def test_a_misspelt_name_is_said_with_the_nearest(
    tmp_path: Path, document: Document, extraction: Extraction, table: str, row: str, words: str
) -> None:
    (tmp_path / f"{table}.csv").write_text(f"{HEADS[table]}{row}\n", encoding="utf-8")
    said = correct(document, extraction.findings, tmp_path, lambda path: path in PEOPLE, DESCRIBED).changed
    assert said == ((f"{table}.csv, line 2: recommendation 5: nobody has described {words}",) if words else ())


def test_without_tables_the_findings_stay(extraction: Extraction, corrected: Correcting) -> None:
    assert corrected() == Corrected(extraction.findings)


def test_a_corrected_directive_keeps_what_the_row_leaves_empty(extraction: Extraction, corrected: Correcting) -> None:
    row = "5,correct,,,,urged,states-parties unodc,,true,They are urged.,jane-doe\n"
    found = corrected(directives=row)
    (before,), (after,) = extraction.findings[HERE].directives, found.findings[HERE].directives
    assert (before.modality, before.addressees, before.consider_only) == ("should", ("states",), False)
    assert (after.modality, after.addressees, after.consider_only) == ("urged", ("states-parties", "unodc"), True)
    assert (after.span, after.operative, after.qualifiers) == (before.span, before.operative, before.qualifiers)


def test_an_added_directive_stands_at_its_words(corrected: Correcting) -> None:
    words = "The offer of UNODC to help, made under article 9, was welcome"
    row = f'5,add,,"{words}",was welcome,invited,unodc,,false,It invites.,jane-doe\n'
    found = corrected(directives=row).findings[HERE]
    assert [each.span.cut(TEXT) for each in found.directives] == [
        "States should, as appropriate, train officials",
        words,
    ]
    assert (found.directives[1].modality, found.directives[1].addressees) == ("invited", ("unodc",))


@pytest.mark.parametrize(
    "row", ["5,asks nothing,,,,,,,,It only reports.,jane-doe\n", "5,remove,1,,,,,,,No.,jane-doe\n"]
)
def test_a_recommendation_that_asks_nothing_says_so_in_one_row(
    document: Document, row: str, corrected: Correcting
) -> None:
    found = corrected(directives=row)
    assert found.findings[HERE].directives == ()
    assert not [mention for mention in found.findings[HERE].mentions if mention.kind == "qualifier"]
    said = [quad for quad in quads(document, found) if quad.predicate == NAMES.pal("asksNothing")]
    assert [(quad.subject, quad.object) for quad in said] == [
        (NAMES.node(HERE), Literal("true", datatype=term("xsd:boolean")))
    ]


def test_mentions_are_added_removed_and_corrected(corrected: Correcting) -> None:
    rows = (
        '5,,add,"article 9",1,trafficking-protocol/article/9,yes,The report names it.,jane-doe\n'
        "5,,correct,States,1,actor/member-states,,So it calls them.,jane-doe\n"
        "5,,remove,UNODC,1,,,Only named in passing.,jane-doe\n"
        "5,,correct,train,1,action/teach,,They are to be taught.,jane-doe\n"
    )
    now = corrected(mentions=rows).findings[HERE]
    assert [(each.span.cut(TEXT), each.entity, each.cites) for each in now.mentions if each.kind != "qualifier"] == [
        ("States", "id/actor/member-states", False),
        ("train", "id/action/teach", False),
        ("article 9", "id/instrument/trafficking-protocol/article/9", True),
    ]
    (directive,) = now.directives
    assert [each.entity for each in (*directive.actions, *directive.asked_actions)] == ["id/action/teach"]


@pytest.mark.parametrize(
    ("table", "row", "column", "words"),
    [
        ("directives", "99,remove,1,,,,,,,No.,jane-doe", "recommendation", "recommendation '99'"),
        ("directives", "5,delete,1,,,,,,,No.,jane-doe", "change", "one of add, remove, correct, confirm, asks nothing"),
        ("directives", "5,remove,2,,,,,,,No.,jane-doe", "directive", "a number from 1 to 1"),
        ("directives", "5,correct,1,,,must,,,,No.,jane-doe", "modality", "one of should, urged"),
        ("directives", "5,correct,1,,,,States,,,No.,jane-doe", "addressee", "the slugs of actors"),
        ("directives", "5,correct,1,States must,,,,,,No.,jane-doe", "words", "words of the text, letter for letter"),
        ("directives", "5,add,,train officials,should,should,,,,No.,jane-doe", "operative", "words of the directive"),
        ("directives", "5,add,,States should,should,should,,,,No.,jane-doe", "operative", "correct directive 1"),
        ("directives", "5,correct,1,,,,,,perhaps,No.,jane-doe", "consider_only", "one of yes, true, no, false"),
        ("directives", "5,remove,1,,,,,,,,jane-doe", "reason", "an empty 'reason'"),
        ("directives", "5,remove,1,,,,,,,No.,Jane Doe", "agent", "agent 'Jane'"),
        ("directives", "5,remove,1,,,,,,,No.,john-roe", "agent",
         r"somebody whom ontology/reference/agents\.ttl describes"),
        ("directives", "5,remove,1,The offer of UNODC,,,,,,No.,jane-doe", "words", "words of the directive"),
        ("directives", "5,correct,1,train officials,,,,,,No.,jane-doe", "words", "words with “should"),
        ("directives", "4,remove,1,,,,,,,No.,jane-doe", "recommendation", "the number of a recommendation"),
        ("directives", "5,correct,1,,,,,,,No.,jane-doe", "words", "a value in one of words, operative, modality"),
        ("mentions", "5,,correct,States,1,,,No.,jane-doe", "names", "a value in one of names, cites"),
        ("mentions", "5,,remove,officials,1,,,No.,jane-doe", "words",
         "words that a mention was read from: “States”, “as appropriate”"),
        ("mentions", "5,,add,UNODC,1,actor/iom,,No.,jane-doe", "words", "words without a mention"),
        ("mentions", "5,,add,officials,1,the officials,,No.,jane-doe", "names", "a path such as"),
        ("mentions", "5,,add,officials,1,planet/mars,,No.,jane-doe", "names", "a path such as"),
        ("mentions", "5,,add,officials,1,untoc/article,,No.,jane-doe", "names", "a path such as"),
        ("mentions", "5,,add,officials,1,actor/unodc/article/5,,No.,jane-doe", "names", "a path such as"),
        ("mentions", "5,,add,officials,1,group/official,,No.,jane-doe", "names", "a group that ontology/ describes"),
        ("mentions", "5,b,remove,States,1,,,No.,jane-doe", "item", "the letter of an item"),
        ("mentions", "5,,remove,States,3,,,No.,jane-doe", "words", "letter for letter"),
        ("mentions", "5,,remove,States,second,,,No.,jane-doe", "occurrence", "a number from 1 on"),
        ("mentions", "5,,remove,States,0,,,No.,jane-doe", "occurrence", "a number from 1 on"),
        ("mentions", "5,,add,article 9,,untoc/article/9,no,No.,jane-doe", "cites", "the change remove"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_meant_is_named_with_line_and_column(
    table: str, row: str, column: str, words: str, corrected: Correcting
) -> None:
    with pytest.raises(SourceError, match=words) as wrong:
        corrected(**{table: f"\n{row}\n"})
    assert (wrong.value.file.name, wrong.value.line, wrong.value.column) == (f"{table}.csv", 3, column)
    assert f"line 3, column {column}: " in str(wrong.value)


def test_a_finding_is_corrected_once(corrected: Correcting) -> None:
    rows = 2 * "5,remove,1,,,,,,,No.,jane-doe\n"
    with pytest.raises(SourceError, match="the same finding a second time"):
        corrected(directives=rows)


def test_a_recommendation_that_asks_nothing_has_no_directive_added(corrected: Correcting) -> None:
    rows = (
        "5,asks nothing,,,,,,,,It reports.,jane-doe\n5,add,,was welcome,was welcome,invited,unodc,,,It asks.,jane-doe\n"
    )
    with pytest.raises(SourceError, match="asks nothing, and a directive added to it"):
        corrected(directives=rows)


@pytest.mark.parametrize(
    ("status", "applied"),
    [("Rejected", 0), ("rejected rejected", 0), ("Reviewed", 1), ("", 1), ("reviewed rejected", 1)],
)
def test_a_correction_that_all_reviewers_reject_is_not_applied(
    tmp_path: Path, document: Document, extraction: Extraction, status: str, applied: int
) -> None:
    agents = " ".join(["palermo-editors", "jane-doe", "palermo-rules"][: 1 + (len(status.split()) or 1)])
    table = f"recommendation,change,reason,agent,review_status,reviewed\n5,remove,No.,{agents},{status},28.11.2026\n"
    (tmp_path / "directives.csv").write_text(table, encoding="utf-8")
    assert len(correct(document, extraction.findings, tmp_path).corrections) == applied


@pytest.mark.parametrize(
    ("status", "day"), [("checked", "2026-11-28"), ("reviewed", "28/11/2026"), ("reviewed rejected", "")]
)
def test_the_review_of_a_correction_is_read_as_that_of_any_judgement(
    tmp_path: Path, document: Document, extraction: Extraction, status: str, day: str
) -> None:
    table = f"recommendation,change,reason,agent,review_status,reviewed\n5,remove,No.,jane-doe,{status},{day}\n"
    (tmp_path / "directives.csv").write_text(table, encoding="utf-8")
    with pytest.raises(SourceError, match=r"directives\.csv, line 2, column review"):
        correct(document, extraction.findings, tmp_path)


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("l'État - in its “ports”", 'States, l’État – in its "ports", train.', 'l’État – in its "ports"'),
        ("“l'E\u0301tat”", "States, l’État, train.", "l’État"),
        ("state", "A statement of the state, of this state.", "state,"),
    ],
)
def test_words_are_found_as_office_programs_write_them(
    tmp_path: Path, document: Document, typed: str, text: str, found: str
) -> None:
    paragraph = replace(document.paragraphs[0], text=text)
    row = f'5,,add,"{typed.replace(chr(34), chr(34) * 2)}",,actor/l-etat,,So it is named.,jane-doe\n'
    (tmp_path / "mentions.csv").write_text(HEADS["mentions"] + row, encoding="utf-8")
    now = correct(replace(document, paragraphs=(paragraph,)), {}, tmp_path)
    (mention,) = now.findings[HERE].mentions
    assert text[mention.span.start :].startswith(found)
    assert [words.partition(": ")[2] for words in now.changed] == (
        [
            "recommendation 5: “state” stands 2 times; the first is meant, where the column occurrence has no other number"
        ]
        if typed == "state"
        else []
    )


@pytest.mark.parametrize("names", ["actor/iom", "id/actor/iom", "https://palermo.example/doc/actor/iom"])
def test_what_words_name_may_be_pasted_from_the_address_of_its_page(names: str, corrected: Correcting) -> None:
    found = corrected(mentions=f"5.,,Correct,UNODC,,{names},,Meant.,jane-doe\n")
    assert "id/actor/iom" in [mention.entity for mention in found.findings[HERE].mentions]


def test_words_of_an_item_are_told_where_they_stand(tmp_path: Path, document: Document) -> None:
    paragraph = replace(document.paragraphs[0], items=(Item("a", "Border guards;", 2, document.paragraphs[0].source),))
    listing = replace(document, paragraphs=(paragraph,))
    for name, row in (
        ("directives", "5,add,,Border guards,Border,should,,,,No.,jane-doe\n"),
        ("mentions", "5,,add,Border guards,,actor/border-guards,,No.,jane-doe\n"),
    ):
        (tmp_path / f"{name}.csv").write_text(HEADS[name] + row, encoding="utf-8")
        with pytest.raises(SourceError, match=r"these stand in item \(a\)"):
            correct(listing, {}, tmp_path)
        (tmp_path / f"{name}.csv").unlink()
    (tmp_path / "mentions.csv").write_text(
        HEADS["mentions"] + "5,(a),add,Border guards,,actor/border-guards,,No.,jane-doe\n", encoding="utf-8"
    )
    assert [each.path for each in correct(listing, {}, tmp_path).corrections] == [f"{HERE}/item/a"]


def quads(document: Document, found: Corrected) -> list[Quad]:
    return list(AnnotationDescriber(document, found.findings, NAMES, found.corrections).quads())


def test_the_graphs_say_who_corrected_what_and_keep_what_was_replaced(
    document: Document, corrected: Correcting
) -> None:
    row = "5,correct,1,,,urged,,,,They are urged.,palermo-editors jane-doe\n"
    said = quads(document, corrected(directives=row))
    editorial, annotation = NAMES.graph("editorial/som-wg-2015"), NAMES.graph("annotation/som-wg-2015")
    node, paragraph = NAMES.node(f"{HERE}/directive/0"), NAMES.node(HERE)
    replaced = NAMES.node(f"{HERE}/directive/0/replaced")
    assert Quad(paragraph, NAMES.pal("hasDirective"), node, editorial) in said
    assert Quad(node, NAMES.pal("modality"), NAMES.node("id/modality/urged"), editorial) in said
    who = {quad.object for quad in said if quad.subject == node and quad.predicate == term("prov:wasAttributedTo")}
    assert who == {NAMES.node("id/agent/palermo-editors"), NAMES.node("id/agent/jane-doe")}
    assert Quad(replaced, term("rdf:type"), NAMES.pal("ReplacedFinding"), annotation) in said
    assert Quad(replaced, NAMES.pal("replacedBy"), node, annotation) in said
    (correction,) = {quad.subject for quad in said if quad.object == NAMES.pal("Correction")}
    assert Quad(correction, term("rdfs:comment"), Literal("They are urged.", language="en"), editorial) in said
    # Nothing asks the replaced finding: it has no class of a finding, and its recommendation does not have it.
    assert [quad.object for quad in said if quad.predicate == NAMES.pal("hasDirective")] == [node]
    types = [quad.object for quad in said if quad.subject == replaced and quad.predicate == term("rdf:type")]
    assert types == [NAMES.pal("ReplacedFinding")]
    assert isinstance(correction, NamedNode)


def test_a_correction_says_what_it_does_and_of_which_words(document: Document, corrected: Correcting) -> None:
    found = corrected(
        directives="5,remove,1,,,,,,,It reports.,jane-doe\n",
        mentions="5,,correct,States,1,actor/member-states,,So it calls them.,jane-doe\n"
        + "5,,add,officials,,actor/officials,,They are named.,jane-doe\n5,,confirm,UNODC,,,,Right.,jane-doe\n",
    )
    said = {quad.object.value for quad in quads(document, found) if isinstance(quad.object, Literal)}
    assert {label.partition(": ")[2] for label in said if label.startswith("A correction of ")} == {
        "removes what rules read in “should”",
        "replaces what rules read in “States”",
        "adds “officials”",
        "confirms what rules read in “UNODC”",
    }


def test_a_corrected_name_does_not_say_that_a_recommendation_asks_nothing(
    tmp_path: Path, document: Document, corpus_lexicon: Lexicon
) -> None:
    silent = replace(document, paragraphs=(replace(document.paragraphs[0], text="The offer of UNODC was welcome."),))
    read = extract(silent, corpus_lexicon)
    assert read.findings[HERE].directives == ()
    (tmp_path / "mentions.csv").write_text(
        f"{HEADS['mentions']}5,,remove,UNODC,,,,Not it.,jane-doe\n", encoding="utf-8"
    )
    found = correct(silent, read.findings, tmp_path)
    assert len(found.corrections) == 1
    assert [quad for quad in quads(silent, found) if quad.predicate == NAMES.pal("asksNothing")] == []


@pytest.mark.parametrize(
    ("table", "as_read", "otherwise"),
    [
        (
            "directives",
            '5,confirm,1,"States should, as appropriate, train officials",,should,states,,no,Right.,jane-doe',
            [
                "5,confirm,1,,,urged,states,,no,Right.,jane-doe",
                "5,confirm,1,,,should,states unodc,,no,Right.,jane-doe",
                "5,confirm,2,,,should,,,no,Right.,jane-doe",
            ],
        ),
        (
            "mentions",
            "5,,confirm,UNODC,,actor/unodc,no,Right.,jane-doe",
            [
                "5,,confirm,UNODC,,actor/interpol,no,Right.,jane-doe",
                "5,,confirm,UNODC,,actor/unodc,yes,Right.,jane-doe",
                "5,,confirm,officials,,actor/unodc,no,Right.,jane-doe",
                "5,,confirm,UNODCs,,actor/unodc,no,Right.,jane-doe",
            ],
        ),
    ],
)
def test_what_was_confirmed_is_confirmed_only_while_rules_read_it_so(
    table: str, as_read: str, otherwise: list[str], extraction: Extraction, corrected: Correcting
) -> None:
    found = corrected(**{table: f"{as_read}\n"})
    assert [each.confirmed is not None for each in found.corrections] == [True]
    assert found.changed == ()
    for row in otherwise:
        found = corrected(**{table: f"{row}\n"})
        assert (found.corrections, found.findings) == ((), extraction.findings)
        assert found.changed == (f"{table}.csv, line 2: recommendation 5: unreviewed: the reading changed",)


def test_the_example_rows_of_the_tables_readme_can_be_meant(
    tmp_path: Path, document: Document, corpus_lexicon: Lexicon
) -> None:
    shown = (ROOT / "ingest/editorial/README.md").read_text(encoding="utf-8")
    tables = dict(re.findall(r"^ {4}(\w+)\.csv\n((?: {4}.+\n)+)", shown, re.M))
    assert list(tables) == ["directives", "mentions"]
    texts = (
        "The recommendations below were adopted.",
        "States parties should apply articles 6 and 7 of the Protocol.",
        "States parties should train:",
        "States parties should act. States parties should also report.",
        "It would be good for airlines to train their staff.",
    )
    first = document.paragraphs[0]
    item = Item("a", "Their border officials;", 2, first.source)
    paragraphs = tuple(
        replace(first, number=number, text=text, items=(item,) if number == 5 else ())
        for number, text in enumerate(texts, start=3)
    )
    example = replace(document, paragraphs=paragraphs)
    read = extract(example, corpus_lexicon)
    for name, rows in tables.items():
        (tmp_path / f"{name}.csv").write_text(re.sub(r"(?m)^ {4}", "", rows), encoding="utf-8")
    found = correct(example, read.findings, tmp_path, lambda path: path in DESCRIBED | PEOPLE)
    assert found.changed == ()
    assert len(found.corrections) == sum(len(rows.splitlines()) - 1 for rows in tables.values())
    assert [len(found.findings[f"id/document/som-wg-2015/paragraph/{n}"].directives) for n in range(3, 8)] == [
        0, 1, 1, 1, 1,
    ]  # fmt: skip
