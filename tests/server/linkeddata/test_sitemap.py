"""The sitemap of a corpus of several source documents: an index, and everything once in its parts (sitemaps.org)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyoxigraph import RdfFormat, parse
from starlette.testclient import TestClient

from ontology.namespaces import Base
from server.app import create_app
from server.settings import Settings
from tests.conftest import SMALL_GRAPH, publish_small

SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
DOCUMENTS = ("som-wg-2015", "tip-wg-2016", "firearms-wg-2017")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small graph with its document under three names."""
    path = tmp_path_factory.mktemp("several") / "several.trig"
    text = SMALL_GRAPH.read_text(encoding="utf-8")
    path.write_text("\n".join(text.replace("som-wg-2015", slug) for slug in DOCUMENTS), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def reader(source: Path, base: Base) -> Iterator[TestClient]:
    """A client of a server with three documents."""
    publish_small(source.parent, base, source)
    settings = Settings(base=base.iri, snapshots=source.parent, log_format="text")
    with TestClient(create_app(settings), follow_redirects=False) as opened:
        yield opened


def locations(client: TestClient, path: str, entry: str) -> list[str]:
    """The addresses in a sitemap or an index."""
    answer = client.get(path)
    assert answer.headers["content-type"] == "application/xml"
    return [found.text or "" for found in ElementTree.fromstring(answer.content).findall(f"s:{entry}/s:loc", SPACE)]


def test_a_corpus_of_several_documents_has_an_index_of_what_is_shared_and_of_each_document(
    reader: TestClient, base: Base
) -> None:
    parts = locations(reader, "/sitemap.xml", "sitemap")
    assert parts == [f"{base.iri}sitemap-{number}.xml" for number in range(1, 2 + len(DOCUMENTS))]
    owned = [locations(reader, part.removeprefix(base.iri), "url") for part in parts]
    for slug, listed in zip(sorted(DOCUMENTS), owned[1:], strict=True):
        assert f"{base.iri}doc/document/{slug}/paragraph/24" in listed
        assert all(f"/document/{slug}" in url for url in listed if "/doc/document/" in url)


def test_the_parts_name_every_described_thing(reader: TestClient, source: Path, base: Base) -> None:
    quads = parse(source.read_bytes(), RdfFormat.TRIG, base_iri=base.iri)
    things = {
        quad.subject.value.partition("#")[0].replace("/id/", "/doc/", 1)
        for quad in quads
        if str(quad.subject).startswith(f"<{base.iri}id/")
    }
    parts = locations(reader, "/sitemap.xml", "sitemap")
    listed = Counter(url for part in parts for url in locations(reader, part.removeprefix(base.iri), "url"))
    assert set(listed) == things
