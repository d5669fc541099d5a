"""Three versions of a small graph: a thing changes when its statements do, versions are found by their time (RFC 7089),
and what changed is a feed and a stream."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
import rdflib
from rdflib.namespace import RDF
from starlette.testclient import TestClient

from ontology.namespaces import CATALOGUE_IRIS, DESCRIBING, Base
from server.app import create_app
from server.settings import Settings
from tests.conftest import SMALL_GRAPH, publish_small

BUILT = [datetime(2026, month, 1, 12, tzinfo=UTC) for month in (1, 2, 3)]
DATES = ["Thu, 01 Jan 2026 12:00:00 GMT", "Sun, 01 Feb 2026 12:00:00 GMT", "Sun, 01 Mar 2026 12:00:00 GMT"]
ADDED = '<graph/reference> { <id/tool/new> a pal:Tool ; rdfs:label "A new tool"@en . }\n'
AS = rdflib.Namespace(DESCRIBING["as"])
ATOM = f"{{{CATALOGUE_IRIS['atom']}}}"


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory, base: Base) -> tuple[Path, list[str]]:
    """The first version; one in which an actor has another name; one in which there is a tool more and no mention."""
    root, text = (
        tmp_path_factory.mktemp("versions"),
        SMALL_GRAPH.read_text().replace("a pal:Mention,", "a oa:Annotation, pal:Mention,"),
    )
    second = text.replace('rdfs:label "States parties"@en', 'rdfs:label "The States parties"@en')
    without = re.sub(r"  <[^>]*/mention/63-103> a .*?\n    oa:hasTarget [^\n]*\n", "", second, flags=re.DOTALL)
    without = re.sub(r"  <[^>]*/mention/63-103#\w+> a [^.]*\.\n", "", without)
    names = []
    for number, version in enumerate((text, second, without + ADDED)):
        source = root / f"{number}.trig"
        source.write_text(version)
        names.append(publish_small(root, base, source, BUILT[number]).name)
    return root, names


@pytest.fixture(scope="module")
def visitor(versions: tuple[Path, list[str]], base: Base) -> Iterator[TestClient]:
    """A client of a server with the three versions."""
    with TestClient(create_app(Settings(base=base.iri, snapshots=versions[0])), follow_redirects=False) as opened:
        yield opened


@pytest.mark.parametrize(
    ("path", "version"),
    [("doc/actor/states-parties", 1), ("doc/modality/should", 0), ("doc/tool/new", 2), ("graph/reference", 2)],
)
def test_a_thing_is_as_old_as_its_last_change_and_not_as_the_build(
    visitor: TestClient, path: str, version: int
) -> None:
    found = visitor.get(f"/{path}.ttl")
    assert found.headers["last-modified"] == DATES[version]
    if path.startswith("doc/"):
        assert f'dcterms:modified "{BUILT[version]:%Y-%m-%dT%H:%M:%SZ}"' in found.text
    known = visitor.get(f"/{path}.ttl", headers={"if-modified-since": DATES[version]})
    assert known.status_code == 304


def test_the_sitemap_says_the_same_days(visitor: TestClient, base: Base) -> None:
    text = visitor.get("/sitemap.xml").text
    days = dict(re.findall(r"<loc>([^<]*)</loc><lastmod>([^<]*)</lastmod>", text))
    assert days[f"{base.iri}doc/actor/states-parties"] == "2026-02-01"
    assert days[f"{base.iri}doc/modality/should"] == "2026-01-01"
    assert days[f"{base.iri}doc/tool/new"] == "2026-03-01"


@pytest.mark.parametrize(
    ("asked", "version"),
    [
        (None, 2),
        (DATES[0], 0),
        ("Sat, 31 Jan 2026 23:59:59 GMT", 0),
        (DATES[1], 1),
        ("Mon, 01 Jan 2001 00:00:00 GMT", 0),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 2),
    ],
)
def test_the_timegate_leads_to_the_version_of_a_time(
    visitor: TestClient, versions: tuple[Path, list[str]], base: Base, asked: str | None, version: int
) -> None:
    headers = {"accept-datetime": asked} if asked else {}
    found = visitor.get("/timegate/doc/actor/states-parties", headers=headers)
    assert found.status_code == 302
    assert "accept-datetime" in found.headers["vary"].lower()
    assert found.headers["location"] == f"{base.iri}v/{versions[1][version]}/doc/actor/states-parties"
    memento = visitor.get(found.headers["location"].removeprefix(base.iri.rstrip("/")))
    assert memento.headers["memento-datetime"] == DATES[version]
    assert memento.links["original"]["url"] == f"{base.iri}doc/actor/states-parties"
    assert memento.links["timegate"]["url"] == f"{base.iri}timegate/doc/actor/states-parties"


def test_a_time_that_is_none_is_refused_and_what_nobody_knows_has_no_versions(visitor: TestClient) -> None:
    bad = visitor.get("/timegate/doc/actor/states-parties", headers={"accept-datetime": "yesterday"})
    assert bad.status_code == 400
    assert visitor.get("/timegate/doc/actor/nobody").status_code == 404
    assert visitor.get("/timegate/doc/actor/%C2%86").status_code == 404  # a character that no IRI has
    assert visitor.get("/timemap/doc/actor/nobody").status_code == 404


def test_the_timemap_lists_every_version_with_its_time(
    visitor: TestClient, versions: tuple[Path, list[str]], base: Base
) -> None:
    found = visitor.get("/timemap/doc/actor/states-parties")
    assert found.headers["content-type"] == "application/link-format"
    mementos = re.findall(r'<([^>]*)>; rel="memento"; datetime="([^"]*)"', found.text)
    addresses = [f"{base.iri}v/{name}/doc/actor/states-parties" for name in versions[1]]
    assert mementos == list(zip(addresses, DATES, strict=True))
    assert f'<{base.iri}doc/actor/states-parties>; rel="original"' in found.text
    late = visitor.get("/timemap/doc/tool/new").text
    assert re.findall(r'rel="memento"; datetime="([^"]*)"', late) == DATES[2:]


def test_every_link_to_a_version_has_its_time(visitor: TestClient, versions: tuple[Path, list[str]]) -> None:
    for path in ("/doc/actor/states-parties", f"/v/{versions[1][0]}/doc/actor/states-parties", "/graph/reference"):
        memento = visitor.get(path).links["memento"]
        assert memento["datetime"] in DATES


def test_a_name_in_an_older_version_leads_to_its_document_there(
    visitor: TestClient, versions: tuple[Path, list[str]]
) -> None:
    found = visitor.get(f"/v/{versions[1][0]}/id/actor/states-parties")
    assert (found.status_code, found.headers["location"]) == (303, f"/v/{versions[1][0]}/doc/actor/states-parties")


def test_the_stream_has_what_was_made_changed_and_deleted(visitor: TestClient, base: Base) -> None:
    graph = rdflib.Graph().parse(data=visitor.get("/events.ttl").content, format="turtle")
    happened = {
        (str(graph.value(event, AS.object)).removeprefix(base.iri), str(graph.value(event, AS.published))[:10], way)
        for way in ("Create", "Update", "Delete")
        for event in graph.subjects(RDF.type, AS[way])
    }
    assert ("dataset", "2026-01-01", "Create") in happened
    assert ("id/actor/states-parties", "2026-02-01", "Update") in happened
    assert ("id/tool/new", "2026-03-01", "Create") in happened
    assert ("id/document/som-wg-2015/paragraph/24/mention/63-103", "2026-03-01", "Delete") in happened
    assert not any(thing == "id/modality/should" for thing, _, _ in happened)
    stream = rdflib.URIRef(f"{base.iri}events")
    members = set(graph.objects(stream, rdflib.URIRef(DESCRIBING["tree"] + "member")))
    assert len(members) == len(happened)


def test_the_feed_has_the_same_the_newest_first(visitor: TestClient) -> None:
    page = visitor.get("/events").text
    assert '<link rel="alternate" type="application/atom+xml"' in page
    found = visitor.get("/events.atom")
    assert found.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(found.text)
    entries = feed.findall(f"{ATOM}entry")
    updated = [str(entry.findtext(f"{ATOM}updated")) for entry in entries]
    assert updated == sorted(updated, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == updated[0] == "2026-03-01T12:00:00Z"
    titles = {str(entry.findtext(f"{ATOM}title")) for entry in entries}
    assert {"New: id/tool/new", "Changed: id/actor/states-parties"} <= titles
    assert visitor.get("/events", headers={"accept": "application/atom+xml"}).content == found.content
    shown = visitor.get("/events", headers={"accept": "text/html"}).text
    assert "document/som-wg-2015/paragraph/24/mention/63-103" in shown
    assert 'href="/doc/tool/new"' in shown


def test_an_annotation_says_when_it_came(visitor: TestClient, versions: tuple[Path, list[str]]) -> None:
    path = f"/v/{versions[1][1]}/doc/document/som-wg-2015/paragraph/24/mention/63-103.ttl"
    assert 'dcterms:created "2026-01-01T12:00:00Z"' in visitor.get(path).text


def test_a_version_of_the_vocabulary_answers_where_it_was_the_one(tmp_path: Path, base: Base) -> None:
    """When the next one takes its place, its own address says which version of the data has it, and that one has it."""
    for number in (1, 2):
        (source := tmp_path / f"{number}.trig").write_text(
            f'{SMALL_GRAPH.read_text()}\n<graph/ontology> {{ <ontology/0.{number}> rdfs:label "version 0.{number}"@en . }}\n'
        )
        publish_small(tmp_path / "snapshots", base, source, BUILT[number])
    with TestClient(create_app(Settings(base=base.iri, snapshots=tmp_path / "snapshots"))) as client:
        assert "version 0.2" in client.get("/ontology/0.2.ttl").text
        gone = client.get("/ontology/0.1", headers={"accept": "application/json"})
        assert (gone.status_code, gone.json()["at"].endswith("/ontology/0.1")) == (410, True)
        path = gone.json()["at"].removeprefix(base.iri)
        assert "version 0.1" in client.get(f"/{path}", headers={"accept": "text/turtle"}).text
        assert client.get(f"/{path.replace('0.1', '0.2')}").status_code == 404
        assert client.get("/ontology/0.3").status_code == 404
