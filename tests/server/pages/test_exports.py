"""A list taken along: every format is opened by a reader that others wrote, and holds one item a recommendation."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from xml.etree import ElementTree

import bibtexparser
import docx
import openpyxl
import pytest
import rispy
from starlette.testclient import TestClient

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


def test_csv_has_a_citation_ready_in_each_row(client: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(taken(client, "csv").decode())))
    assert [int(row["number"]) for row in rows] == RETURN
    assert rows[0]["citation"].startswith(CITATION)


def test_xlsx_has_a_row_for_each_recommendation(client: TestClient) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(taken(client, "xlsx"))).active
    head, *rows = sheet.iter_rows(values_only=True)
    assert [row[head.index("number")] for row in rows] == RETURN
    assert rows[1][head.index("text")] == WORDS_OF_22
    assert rows[0][head.index("citation")].startswith(CITATION)


def test_word_has_headings_texts_and_a_footnote_that_cites_each(client: TestClient) -> None:
    content = taken(client, "docx")
    paragraphs = [(each.style.name, each.text) for each in docx.Document(io.BytesIO(content)).paragraphs]
    assert paragraphs[0] == ("Title", "Recommendations. Theme: Return")
    assert [text for style, text in paragraphs if style == "Heading 2"] == [f"Recommendation {n}" for n in RETURN]
    assert WORDS_OF_22 in [text for _, text in paragraphs]
    notes = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("word/footnotes.xml"))
    words = ["".join(note.itertext()).strip() for note in notes]
    assert [f", para. {number}, " in note for number, note in zip(RETURN, words[2:], strict=True)] == [True] * len(
        RETURN
    )


def test_ris_is_one_item_a_recommendation_with_the_paragraph_in_its_title(client: TestClient) -> None:
    items = rispy.loads(taken(client, "ris").decode())
    assert [item["title"].rpartition(", ")[2] for item in items] == [f"para. {number}" for number in RETURN]
    assert all(item["authors"] == BODIES for item in items)


def test_bibtex_is_one_item_a_recommendation_with_two_bodies_as_authors(client: TestClient) -> None:
    library = bibtexparser.parse_string(taken(client, "bib").decode())
    assert not library.failed_blocks
    assert [entry["title"].rstrip("}").rpartition(", ")[2] for entry in library.entries] == [
        f"para. {number}" for number in RETURN
    ]
    assert library.entries[0]["author"] == " and ".join(f"{{{body}}}" for body in BODIES)


def test_csl_json_names_each_body_as_one_name(client: TestClient) -> None:
    items = json.loads(taken(client, "csl.json"))
    assert len({item["id"] for item in items}) == len(RETURN)
    assert all(item["author"] == [{"literal": body} for body in BODIES] for item in items)


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "docx", "ris", "bib", "csl.json", "jsonld"])
def test_an_empty_list_is_a_file_too_and_the_same_list_gives_the_same_bytes(suffix: str, client: TestClient) -> None:
    assert client.get(f"/recommendations.{suffix}?q=zebra").status_code == 200
    assert client.get(LIST.format(suffix)).content == client.get(LIST.format(suffix)).content
