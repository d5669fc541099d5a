"""Paragraphs that are numbered in another form than "1.": which form a document has, and what stays a list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ingest.document import Document, Metadata
from ingest.reading import parse

METADATA = Metadata(slug="quays", title="Report on quays", issued=date(2021, 3, 4), language="en", issuer="group")


def read(body: str, kind: str = "") -> Document:
    return parse(f"# Report on quays\n\n{body}", replace(METADATA, kind=kind))


def keys_and_words(document: Document) -> list[tuple[str, str]]:
    return [(one.key, one.text) for one in document.paragraphs]


@pytest.mark.parametrize(
    "form",
    ["{}.", "{})", "{}.)", "({})", "[{}]", "§ {}", "§{}.", "Para. {}", "PARA {}.", "Paragraph {}:", "{} -", "{} –", "{}.-", "{}º", "{}.º", "OP{}", "OP{}."],
)  # fmt: skip
def test_paragraphs_are_numbered_in_the_form_that_the_document_has(form: str) -> None:
    first, second, third = (form.format(number) for number in (1, 2, 3))
    document = read(
        f"## I. Facts\n\n{first} Quays are old.\n\n## II. Recommendations\n\n"
        f"{second} States should mend:\n\n(a) steps;\n\n(b) rings.\n\n{third} States should paint them.\n"
    )
    assert keys_and_words(document) == [
        ("1", "Quays are old."),
        ("2", "States should mend:"),
        ("3", "States should paint them."),
    ]
    assert [(item.letter, item.text) for item in document.paragraphs[1].items] == [("a", "steps;"), ("b", "rings.")]
    assert [one.is_recommendation for one in document.paragraphs] == [False, True, True]
    assert document.doubts == document.texts == ()


def test_digits_of_arabic_are_numbers() -> None:
    document = parse(
        "تقرير\n\n١- الأرصفة قديمة.\n\n٢- تدعو الدول.\n", Metadata("a", "تقرير", date(2021, 3, 4), "ar", "group")
    )
    assert keys_and_words(document) == [("1", "الأرصفة قديمة."), ("2", "تدعو الدول.")]


@pytest.mark.parametrize("marks", [("1.", "2.", "3."), ("(1)", "(2)", "(3)"), ("[1]", "[2]", "[3]")])
@pytest.mark.parametrize("items", [("(1)", "(2)"), ("1)", "2)")])
def test_numbers_behind_a_colon_stay_a_list_whatever_the_form_of_paragraphs(
    marks: tuple[str, str, str], items: tuple[str, str]
) -> None:
    document = read(
        f"{marks[0]} States should:\n\n{items[0]} mend steps;\n\n{items[1]} paint rings.\n\n{marks[1]} They wait.\n\n{marks[2]} They go.\n"
    )
    assert keys_and_words(document) == [("1", "States should:"), ("2", "They wait."), ("3", "They go.")]
    assert [(item.letter, item.text) for item in document.paragraphs[0].items] == [
        ("1", "mend steps;"),
        ("2", "paint rings."),
    ]
    assert document.doubts == ()


@pytest.mark.parametrize(
    ("body", "paragraphs", "texts"),
    [
        ("The Group asks States to:\n\n(1) mend steps;\n\n(2) paint rings.\n", [],
         ["The Group asks States to:", "(1) mend steps;", "(2) paint rings."]),
        ("The Group recommends:\n\n(1) States should mend steps.\n\n(2) States should paint rings.\n",
         ["States should mend steps.", "States should paint rings."], []),  # what stands above the first is the masthead
        ("(1) States should mend\nsteps, see article\n(3) of it.\n(2) They wait.\n(3) They go.\n",
         ["States should mend steps, see article (3) of it.", "They wait.", "They go."], []),
    ],
    ids=["a list in a text without numbers", "sentences behind a colon", "a number in brackets that opens a wrapped line"],
)  # fmt: skip
def test_a_number_in_brackets_opens_a_paragraph_an_item_or_words(
    body: str, paragraphs: list[str], texts: list[str]
) -> None:
    document = read(body)
    assert keys_and_words(document) == [(str(number), words) for number, words in enumerate(paragraphs, 1)]
    assert [one.text for one in document.texts] == texts


def test_numbers_with_a_point_are_headings_where_paragraphs_have_brackets() -> None:
    document = read(
        "1. Facts\n\n[1] Quays are old.\n\n[2] They rust.\n\n2. Recommendations\n\n[3] States should wait.\n"
    )
    assert [(one.printed, one.heading) for one in document.sections] == [("1", "Facts"), ("2", "Recommendations")]
    assert [(one.key, one.is_recommendation) for one in document.paragraphs] == [
        ("1", False),
        ("2", False),
        ("3", True),
    ]


@pytest.mark.parametrize(("of_the_body", "of_the_annex"), [("{}.", "({})"), ("({})", "{}."), ("§ {}", "{})")])
def test_an_annex_has_a_form_of_its_own(of_the_body: str, of_the_annex: str) -> None:
    numbers = [form.format(number) for form in (of_the_body, of_the_annex) for number in (1, 2)]
    document = read(
        "{} Mend.\n\n{} Paint.\n\nAnnex\n\n{} Steps are of stone.\n\n{} Rings are of iron.\n".format(*numbers)
    )
    assert [one.key for one in document.paragraphs] == ["1", "2", "annex-1", "annex-2"]


def test_articles_above_numbers_in_brackets_are_headings() -> None:
    document = read(
        "Article 1\n\n(1) Steps are of stone.\n\n(2) Rings are of iron.\n\nArticle 2\n\n(1) Paint is red.\n"
    )
    assert [one.heading for one in document.sections] == ["Article 1", "Article 2"]
    assert [one.key for one in document.paragraphs] == ["1", "2", "2-1"]


@pytest.mark.parametrize(
    ("kind", "clauses"),
    [
        ("resolution", ["Takes note of the report;", "Also requests States to mend quays;", "Once again urges all to pay."]),
        ("declaration", ["We recognize that quays are old.", "We call upon States to mend them.", "Commit ourselves to pay."]),
        ("decision", ["At its 5th meeting, on 3 May 2021, the Commission decided to mend quays.", "The Commission requested the Secretariat to pay."]),
    ],
)  # fmt: skip
def test_operative_clauses_without_numbers_are_recommendations_and_their_preamble_is_none(
    kind: str, clauses: list[str]
) -> None:
    document = read("\n\n".join(["The Commission on Quays,", "Recalling its resolution 7/1,", *clauses]), kind)
    assert [(one.key, one.text) for one in document.paragraphs] == [
        (f"clause-{place}", words) for place, words in enumerate(clauses, 1)
    ]
    assert all(one.is_recommendation for one in document.paragraphs)
    assert [one.text for one in document.texts] == ["The Commission on Quays,", "Recalling its resolution 7/1,"]


@pytest.mark.parametrize("kind", ["report", "note", ""])
def test_a_text_that_decides_nothing_has_no_clauses(kind: str) -> None:
    document = read("Quays are old, and the group spoke about them.\n\nRequests for assistance were made.", kind)
    assert document.paragraphs == ()


def test_clauses_with_numbers_are_told_by_these_alone_and_words_behind_the_last_that_are_none_stand_outside() -> None:
    document = read("The Commission on Quays,\n\nReaffirms that quays are old:\n\n1. Urges all to pay.", "resolution")
    assert keys_and_words(document) == [("1", "Urges all to pay.")]
    document = read("We call upon States to mend quays.\n\nDone at Porto.", "declaration")
    assert keys_and_words(document) == [("clause-1", "We call upon States to mend quays.")]
    assert [one.text for one in document.texts] == ["Done at Porto."]


def test_a_number_or_letter_without_words_is_a_doubt_and_nothing_else_is_lost() -> None:
    document = read("1. Quays are old.\n\n2.\n\n3. States should mend:\n\n(a) steps;\n\n(b)\n\n(c) rings.\n")
    assert keys_and_words(document) == [("1", "Quays are old."), ("3", "States should mend:")]
    assert [item.letter for item in document.paragraphs[1].items] == ["a", "c"]
    assert [(doubt.line, doubt.name) for doubt in document.doubts] == [
        (5, "empty: 2 without words"),
        (11, "empty: 3 (b) without words"),
    ]
    assert [mark.marks for mark in document.furniture if mark.kind == "number"] == ["2", "3 (b)"]


@pytest.mark.parametrize("opening", ["1. (a) Quays are old;", "1.\n\n(a) Quays are old;"])
def test_a_paragraph_that_is_a_list_goes_on_with_its_second_item(opening: str) -> None:
    document = read(f"{opening}\n\n(b) Steps are new.\n\n2. They wait.\n")
    first = document.paragraphs[0]
    assert first.text == "(a) Quays are old;"
    assert [(item.letter, item.text) for item in first.items] == [("b", "Steps are new.")]
    assert document.doubts == ()


def test_numbers_before_the_first_section_do_not_take_those_of_the_body() -> None:
    document = read(
        "1. PG Port Group\n\n2. ICJ International Court\n\n## I. Method\n\n1. The Group met.\n\n## II. Law\n\n2. Quays are old.\n"
    )
    assert [(one.key, one.name) for one in document.paragraphs] == [
        ("front-1", "Paragraph 1 of the front"),
        ("front-2", "Paragraph 2 of the front"),
        ("1", "Paragraph 1"),
        ("2", "Paragraph 2"),
    ]
    assert [doubt.name for doubt in document.doubts] == ["again: the numbers begin again at 1 in section I"]
