"""Akoma Ntoso of others: resolutions in the United Nations profile, lists, notes, tables, collections, and what is none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingest.document import Metadata
from ingest.errors import SourceError
from ingest.formats.files import Readable, read_file
from ingest.reading import parse

HEAD = (
    '<meta><identification source="#x"><FRBRWork><FRBRthis value="/akn/un/x/!main"/>'
    '<FRBRdate date="2024-03-05" name="adoption"/></FRBRWork><FRBRExpression>'
    '<FRBRlanguage language="eng"/></FRBRExpression></identification></meta>'
)
RESOLUTION = f"""<?xml version="1.0" encoding="UTF-8"?>
<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><statement name="resolution">{HEAD}
<coverPage><table><tr><td><p>United Nations</p></td><td><p><docNumber>A/RES/79/901</docNumber></p></td></tr></table>
  <p><docAuthority>General Assembly</docAuthority><eol/>Seventy-ninth session</p></coverPage>
<preface><p><docNumber>79/901.</docNumber> <docTitle>Safety of
    small harbours</docTitle></p></preface>
<preamble><formula name="enacting"><p><span class="italic">The General Assembly</span>,</p></formula>
  <container name="r"><p><i>Recalling</i> its resolution 78/901,<authorialNote marker="1"><p>See A/78/2.</p>
  </authorialNote></p></container></preamble>
<mainBody>
  <paragraph eId="para_1"><num>1</num><content><p><i>Invites</i> Member <ref href="/x">States</ref> to
    report:</p></content></paragraph>
  <paragraph eId="para_2"><num>2.</num><intro><p>Requests the Secretary-General:</p></intro>
    <point><num>a</num><content><p>To train inspectors;</p></content></point>
    <point><num>(b)</num><content><blockList><listIntroduction>To publish:</listIntroduction>
      <item><num>(i)</num><p>A handbook;</p></item><item><num>(ii)</num><p>A map.</p></item></blockList></content></point>
  </paragraph>
  <hcontainer name="table"><content><table><tr><th><p>Port</p></th><th><p>Beds</p></th></tr>
    <tr><td><p>North</p></td><td><p>12</p></td></tr></table></content></hcontainer>
</mainBody>
<conclusions><p>10th plenary meeting</p></conclusions></statement></akomaNtoso>"""


def read(text: str, folder: Path) -> Readable:
    (folder / "given.xml").write_text(text, encoding="utf-8")
    return read_file(folder / "given.xml")


def test_a_resolution_of_others_is_read_with_its_preamble_points_notes_and_table(tmp_path: Path) -> None:
    readable = read(RESOLUTION, tmp_path)
    assert readable.kind == "Akoma Ntoso"
    lines = [line for line in readable.text.split("\n") if line]
    assert lines == [
        "United Nations",
        "A/RES/79/901",
        "General Assembly",
        "Seventy-ninth session",
        "79/901. Safety of small harbours",
        "The General Assembly,",
        "Recalling its resolution 78/901,[^1]",
        "1. Invites Member States to report:",
        "2. Requests the Secretary-General:",
        "(a) To train inspectors;",
        "(b) To publish:",
        "(i) A handbook;",
        "(ii) A map.",
        "| Port | Beds |",
        "| North | 12 |",
        "10th plenary meeting",
        "[^1]: See A/78/2.",
    ]
    assert readable.says == {
        "kind": "resolution",
        "issued": "2024-03-05",
        "language": "en",
        "symbol": "A/RES/79/901",
        "title": "Safety of small harbours",
    }


def test_its_text_is_a_document_with_paragraphs_and_items(tmp_path: Path) -> None:
    known = {"slug": "res-79-901", "issuer": "assembly-of-ports", "issued": date(2024, 3, 5), "language": "en"}
    metadata = Metadata(title="Safety of small harbours", kind="resolution", **known)  # type: ignore[arg-type]
    document = parse(read(RESOLUTION, tmp_path).text, metadata)
    assert [(one.number, one.text) for one in document.paragraphs] == [
        (1, "Invites Member States to report:"),
        (2, "Requests the Secretary-General:"),
    ]
    assert [text.kind for text in document.texts if text.text.startswith(("The General", "Recalling", "Port"))] == [
        "preamble",
        "preamble",
        "table",
    ]


def test_lists_in_the_manner_of_html_are_numbered_and_bulleted(tmp_path: Path) -> None:
    lists = "<ul><li>Light</li><li><p>Water</p></li></ul><ol><li>North</li><li value='b'>South</li></ol>"
    text = f"<akomaNtoso><doc><mainBody><p>Ports need:</p>{lists}</mainBody></doc></akomaNtoso>"
    expected = ["Ports need:", "• Light", "• Water", "1. North", "(b) South"]
    assert read(text, tmp_path).text.split("\n\n") == [*expected[:-1], expected[-1] + "\n"]


def test_a_collection_is_read_through_its_documents_in_any_namespace_and_with_prefixes(tmp_path: Path) -> None:
    text = """<a:akomaNtoso xmlns:a="http://www.akomantoso.org/2.0"><a:documentCollection name="publication">
    <a:collectionBody><a:component><a:doc name="annex"><a:mainBody><a:section><a:num>II</a:num>
    <a:heading>Ports</a:heading><a:paragraph><a:num>7</a:num><a:content><a:p>Seven.</a:p></a:content></a:paragraph>
    <a:paragraph><a:num>8.</a:num></a:paragraph></a:section></a:mainBody></a:doc></a:component></a:collectionBody>
    </a:documentCollection></a:akomaNtoso>"""
    assert read(text, tmp_path).text == "## II. Ports\n\n7. Seven.\n\n8.\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<?xml version='1.0'?><akomaNtoso><doc></akomaNtoso>", "XML that is broken in line 1"),
        ("<akomaNtoso><doc name='x'><meta><p>Hidden</p></meta></doc></akomaNtoso>", "Akoma Ntoso without words"),
        ("<?xml version='1.0'?><rss><channel/></rss>", "an XML file of another kind"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=said):
        read(text, tmp_path)


def test_entities_of_a_hostile_file_are_not_expanded(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret words")
    dtd = f'<!DOCTYPE akomaNtoso [<!ENTITY x SYSTEM "{tmp_path / "secret"}"><!ENTITY y "yyyy">]>'
    text = f"{dtd}<akomaNtoso><doc><mainBody><p>Open &x;&y; words</p></mainBody></doc></akomaNtoso>"
    assert read(text, tmp_path).text == "Open words\n"


def test_the_title_of_a_resolution_stands_in_a_container_of_that_name(tmp_path: Path) -> None:
    text = RESOLUTION.replace("<docTitle>Safety of\n    small harbours</docTitle></p>", "Resolution</p>").replace(
        "</preface>", '<container name="title" eId="t"><p>Safety of small harbours</p></container></preface>'
    )
    assert read(text, tmp_path).says["title"] == "Safety of small harbours"
