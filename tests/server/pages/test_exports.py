"""A list taken along: every format is opened by a reader that others wrote, and holds one item a recommendation."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import bibtexparser
import docx
import openpyxl
import pytest
import rispy
from starlette.testclient import TestClient

from ontology.namespaces import Base
from server.app import create_app
from server.pages.citing import Source, Work, bibtex, chicago, csl, in_style, ris
from server.settings import Settings
from tests.server.pages.tree import Visit, tree

LIST = "/recommendations.{}?theme=return"
RETURN = [21, 22, 27, 29, 63, 76, 79]
"""The recommendations under the theme: `ingest/editorial/som-wg-2015/themes.csv`."""
CITATION = (
    "Conference of the Parties to the United Nations Convention against Transnational Organized Crime, Working Group on "
    "the Smuggling of Migrants, “Consolidated recommendations of the Working Group on the Smuggling of Migrants,” note by "
    "the Secretariat, 25 August 2015, para. 21, "
)
BODIES = [
    "Conference of the Parties to the United Nations Convention against Transnational Organized Crime",
    "Working Group on the Smuggling of Migrants",
]
WORDS_OF_22 = (
    "States should consider repatriating smuggled migrants directly to their place of origin, giving due regard to their "
    "rights."
)


def taken(client: TestClient, suffix: str) -> bytes:
    answer = client.get(LIST.format(suffix))
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="recommendations.{suffix}"'
    return answer.content


TABLES = (
    "/recommendations.csv",
    "/recommendations.csv?theme=return",
    "/articles.csv",
    "/themes.csv",
    "/crossref.csv?by=meeting",
    "/compare.csv?theme=return&theme=visas",
    "/takes-up.csv",
    "/queries/which-articles-are-never-cited.csv",
)


@pytest.mark.parametrize("address", TABLES)
def test_every_table_leads_to_what_its_columns_hold(address: str, client: TestClient, tmp_path: Path) -> None:
    """CSV on the Web §5.2: read and validated by its Python implementation, which looks for files side by side."""
    answer = client.get(address)
    link = answer.links["describedby"]
    metadata = client.get(link["url"])
    assert link["type"] == metadata.headers["content-type"] == "application/csvm+json"
    name = metadata.json()["url"]
    assert name == address.rpartition("/")[2], "It is relative to the metadata, which stand beside the table."
    (tmp_path / name).write_bytes(answer.content)
    (tmp_path / f"{name}-metadata.json").write_bytes(metadata.content)
    from csvw import CSVW

    table = CSVW(str(tmp_path / f"{name}-metadata.json"), validate=True)
    assert table.is_valid, table.warnings
    rows = list(table.tables[0])
    plain = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert [list(row) for row in rows] == [plain[0]] * (len(plain) - 1)


def test_columns_have_the_datatype_of_all_their_cells(client: TestClient) -> None:
    said = client.get("/recommendations.csv-metadata.json?theme=return").json()
    types = {column["titles"]: column["datatype"] for column in said["tableSchema"]["columns"]}
    assert types["number"] == types["year"] == "integer"
    assert (types["iri"], types["considers_only"], types["text"]) == ("anyURI", "boolean", "string")


def test_each_file_has_one_item_a_recommendation_with_both_bodies_and_its_paragraph(client: TestClient) -> None:
    """A table with a citation ready in each row; and as reference managers read it, each body is one name."""
    rows = list(csv.DictReader(io.StringIO(taken(client, "csv").decode())))
    assert [int(row["number"]) for row in rows] == RETURN
    assert rows[0]["citation"].startswith(CITATION)
    head, *cells = openpyxl.load_workbook(io.BytesIO(taken(client, "xlsx"))).active.iter_rows(values_only=True)
    assert [row[head.index("number")] for row in cells] == RETURN
    assert cells[1][head.index("text")] == WORDS_OF_22
    assert cells[0][head.index("citation")].startswith(CITATION)
    places = [f"para. {number}" for number in RETURN]
    items = rispy.loads(taken(client, "ris").decode())
    assert [item["title"].rpartition(", ")[2] for item in items] == places
    assert all(item["authors"] == BODIES for item in items)
    library = bibtexparser.parse_string(taken(client, "bib").decode())
    assert not library.failed_blocks
    assert [entry["title"].rstrip("}").rpartition(", ")[2] for entry in library.entries] == places
    assert library.entries[0]["author"] == " and ".join(f"{{{body}}}" for body in BODIES)
    items = json.loads(taken(client, "csl.json"))
    assert len({item["id"] for item in items}) == len(RETURN)
    assert all(item["author"] == [{"literal": body} for body in BODIES] for item in items)


def test_word_has_headings_texts_and_a_footnote_that_cites_each(client: TestClient) -> None:
    content = taken(client, "docx")
    paragraphs = [(each.style.name, each.text) for each in docx.Document(io.BytesIO(content)).paragraphs]
    assert paragraphs[0] == ("Title", "Recommendations. Theme: Return (suggested by a language model, not reviewed)")
    assert [text for style, text in paragraphs if style == "Heading 2"] == [f"Recommendation {n}" for n in RETURN]
    assert WORDS_OF_22 in [text for _, text in paragraphs]
    notes = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("word/footnotes.xml"))
    words = ["".join(note.itertext()).strip() for note in notes]
    assert [f", para. {number}, " in note for number, note in zip(RETURN, words[2:], strict=True)] == [True] * len(
        RETURN
    )


BODY = ", ".join(BODIES)
TITLE = "Consolidated Recommendations of the Working Group on the Smuggling of Migrants"
STYLED = {
    # OSCOLA, international law: author, ‘Title’ (date) UN Doc, "para 24", no full stops; <address>.
    "oscola": f"{BODY}, ‘{TITLE}’ (25 August 2015) para 24 <{{}}>.",
    # Bluebook (21st edition) rules 21.7.3 and 3.3: author, title, ¶ number, U.N. Doc. (date); 18.2: address after a comma.
    "bluebook": f"{BODY}, {TITLE}, ¶ 24 (Aug. 25, 2015), {{}}.",
    # Chicago (17th edition) 14.23 and 14.220: author, title, description (publisher, year), place in it, address.
    "chicago": f"{BODY}, {TITLE}, Note by the Secretariat (United Nations, 2015), para. 24, {{}}.",
}


@pytest.mark.parametrize("style", STYLED)
def test_a_citation_is_written_in_the_style_asked_for_wherever_it_stands(
    style: str, client: TestClient, base: Base
) -> None:
    address = f"{base.iri}id/document/som-wg-2015/paragraph/24"
    expected = STYLED[style].format(address)
    text = client.get(f"/cite/document/som-wg-2015/paragraph/24.txt?style={style}").text
    assert text.splitlines()[0] == expected
    query = f"of=som-wg-2015/24&of=som-wg-2015/90&style={style}"
    (row, other) = csv.DictReader(io.StringIO(client.get(f"/recommendations.csv?{query}").text))
    assert row["citation"] == expected
    assert other["citation"] == expected.replace("24", "90")
    word = zipfile.ZipFile(io.BytesIO(client.get(f"/recommendations.docx?{query}").content))
    notes = ElementTree.fromstring(word.read("word/footnotes.xml"))
    assert expected in ["".join(note.itertext()).strip() for note in notes]


def test_an_operator_chooses_the_style_that_pages_show(settings: Settings, base: Base) -> None:
    with TestClient(create_app(settings.model_copy(update={"citation_style": "oscola"}))) as client:
        page = tree(client.get("/doc/document/som-wg-2015/paragraph/24", headers={"Accept": "text/html"}).text)
    address = f"{base.iri}id/document/som-wg-2015/paragraph/24"
    assert page.one("p", "citation").text == STYLED["oscola"].format(address)


def test_a_directive_is_cited_by_its_number_in_the_paragraph(client: TestClient, visit: Visit) -> None:
    """The first of the two of 24."""
    page = visit("/doc/document/som-wg-2015/paragraph/24/directive/0")
    assert ", para. 24, directive 1, " in page.one("p", "citation").text
    text = client.get("/cite/document/som-wg-2015/paragraph/24/directive/0.txt?style=oscola").text
    assert " para 24, directive 1 <" in text


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "docx", "ris", "bib", "csl.json", "jsonld"])
def test_an_empty_list_is_a_file_too_and_the_same_list_gives_the_same_bytes(suffix: str, client: TestClient) -> None:
    assert client.get(f"/recommendations.{suffix}?q=zebra").status_code == 200
    assert client.get(LIST.format(suffix)).content == client.get(LIST.format(suffix)).content


def _table(client: TestClient, address: str) -> tuple[list[str], list[dict[str, object]]]:
    """The table of a spreadsheet, checked to be that of the Word document at the same address."""
    stem, _, query = address.partition("?")
    answers = {suffix: client.get(f"{stem}.{suffix}?{query}") for suffix in ("xlsx", "docx")}
    assert {each.status_code for each in answers.values()} == {200}
    assert answers["xlsx"].headers["content-disposition"].endswith('.xlsx"')
    head, *rows = openpyxl.load_workbook(io.BytesIO(answers["xlsx"].content)).active.iter_rows(values_only=True)
    (table,) = docx.Document(io.BytesIO(answers["docx"].content)).tables
    assert [cell.text for cell in table.rows[0].cells] == list(head)
    rows = rows[: len(table.rows) - 1]
    assert [cell.text for cell in table.rows[-1].cells] == ["" if cell is None else str(cell) for cell in rows[-1]]
    return list(head), [dict(zip(head, row, strict=True)) for row in rows]


def test_the_cross_reference_is_taken_along_as_a_spreadsheet_and_for_word(client: TestClient) -> None:
    """24 cites article 16 ("paragraph 5 of article 16 of the Protocol")."""
    head, rows = _table(client, "/crossref?by=meeting")
    assert head[:3] == ["instrument", "article", "title"]
    (sixteen,) = (row for row in rows if row["article"] == 16 and str(row["title"]).startswith("Protection"))
    assert sixteen["all: cited"] == "24"


def test_the_answer_to_a_question_is_taken_along_with_citations(client: TestClient) -> None:
    """80, 83 and 91 ask UNODC itself; a row a recommendation."""
    head, rows = _table(client, "/queries/what-is-unodc-asked")
    assert head[-1] == "Citation"
    places = [str(row["Citation"]).partition(", para. ")[2].partition(",")[0] for row in rows]
    assert len(places) == len(set(places))
    assert {"80", "83", "91"} <= set(places)


@pytest.mark.parametrize(
    ("path", "named", "count"),
    [("/groups", "Women", 3), ("/meetings", "", 0), ("/themes", "Return", 7), ("/articles", "", 0)],
)
def test_lists_of_things_are_taken_along(path: str, named: str, count: int, client: TestClient) -> None:
    """20, 27 and 29 name women; seven have the theme return."""
    head, rows = _table(client, path)
    assert head[-1] == "address"
    assert rows
    if named:
        assert [row["recommendations"] for row in rows if row["name"] == named] == [count]
    assert client.get(f"{path}.csv").text.startswith(",".join(head))


def test_names_with_commas_and_titles_with_signs_of_tex_stay_whole() -> None:
    """RIS cuts names at commas (last name, first name); BibTeX reads ``& % $ # _`` as commands."""
    work = Work(("Office on Drugs, Crime and Terrorism",), "Costs & 5% of $3 for #1_a", date(2020, 1, 2))
    cited = Source(work, "para. 3 (b)", "http://e.org/id/document/costs/paragraph/3/item/b", "Words.", local=False)
    (entry,) = rispy.loads(ris(cited))
    assert entry["authors"] == ["Office on Drugs Crime and Terrorism"]
    title = bibtexparser.parse_string(bibtex(cited)).entries[0].fields_dict["title"].value
    assert title == r"{Costs \& 5\% of \$3 for \#1\_a, para. 3 (b)}"


def test_a_document_without_a_date_is_cited_without_one() -> None:
    work = Work(("Committee on Ferries",), "Report on ferries", None, "report", "FER/1")
    source = Source(work, "para. 3", "https://palermo.example/id/document/ferries/paragraph/3", "Act.", local=False)
    assert chicago(source) == (
        "Committee on Ferries, “Report on ferries,” report, FER/1, para. 3, "
        "https://palermo.example/id/document/ferries/paragraph/3."
    )
    assert "year" not in bibtex(source)
    assert "PY  -" not in ris(source)
    assert "issued" not in csl(source)


@pytest.mark.parametrize(
    ("style", "written"),
    [
        # OSCOLA, international law: ‘Title’ (date) UN Doc symbol para.
        ("oscola", "Committee on Ferries, ‘Report on Ferries’ (2 January 2020) UN Doc FER/1 para 3 <{}>."),
        # Bluebook rule 21.7.3: title, ¶, U.N. Doc. symbol (date).
        ("bluebook", "Committee on Ferries, Report on Ferries, ¶ 3, U.N. Doc. FER/1 (Jan. 2, 2020), {}."),
    ],
)
def test_a_symbol_stands_where_each_manual_wants_it(style: str, written: str) -> None:
    work = Work(("Committee on Ferries",), "Report on ferries", date(2020, 1, 2), "report", "FER/1")
    iri = "https://palermo.example/id/document/ferries/paragraph/3"
    assert in_style(style, Source(work, "para. 3", iri, "Act.", local=False)) == written.format(iri)
