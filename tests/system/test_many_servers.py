"""Two servers that share nothing but a published snapshot, behind nginx with its cache: any of them may answer."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from ontology.namespaces import Base
from server.settings import Settings
from tests.conftest import free_port, publish_small
from tests.processes import until
from tests.system.nginx import ask, in_front_of
from tests.system.unit import server

pytestmark = pytest.mark.system

DOCUMENT = "doc/document/som-wg-2015/paragraph/24"
SHARED = "doc/actor/states-parties"
"""A document that both snapshots have: the real one and the small one that follows it."""
PATHS = (
    "",
    DOCUMENT,
    f"{DOCUMENT}.ttl",
    "ontology.jsonld",
    "dumps/palermo.nq",
    "recommendations.csv",
    "static/site.css",
)


@dataclass(frozen=True, slots=True)
class Site:
    """Where nginx answers for two servers, each with a snapshots folder of its own, as on two machines."""

    base: Base
    address: str
    ports: tuple[int, int]
    folders: tuple[Path, Path]

    def one(self, number: int, path: str, **fields: str) -> httpx2.Response:
        """An answer of one server."""
        return ask(f"http://127.0.0.1:{self.ports[number]}/{path}", **fields)

    def front(self, path: str, **fields: str) -> httpx2.Response:
        """An answer of nginx."""
        return ask(self.address + path, **fields)

    def version(self, number: int) -> str:
        """The version that one server has."""
        return self.one(number, "health/ready").text.split()[1]


@pytest.fixture(scope="module")
def site(settings: Settings, base: Base, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("many")
    outside, ports = free_port(), (free_port(), free_port())
    folders = (folder / "one", folder / "two")
    for each in folders:
        shutil.copytree(settings.snapshots, each, symlinks=True)
    with (
        server(ports[0], base.iri, folders[0], SNAPSHOT_POLL_SECONDS="0.1"),
        server(ports[1], base.iri, folders[1], SNAPSHOT_POLL_SECONDS="0.1"),
        in_front_of(ports, outside, folder / "front"),
    ):
        yield Site(base, f"http://localhost:{outside}/", ports, folders)


@pytest.mark.parametrize("coding", ["identity", "br", "gzip", "zstd"])
@pytest.mark.parametrize("path", PATHS)
def test_both_servers_give_the_same_bytes_and_the_same_tag(site: Site, path: str, coding: str) -> None:
    one, two = (site.one(number, path, accept_encoding=coding) for number in (0, 1))
    assert (one.status_code, one.content) == (two.status_code, two.content)
    for name in ("etag", "last-modified", "content-encoding", "content-length", "vary", "link"):
        assert one.headers.get(name) == two.headers.get(name), name
    assert one.headers["etag"]
    assert site.one(1, path, accept_encoding=coding, if_none_match=one.headers["etag"]).status_code == 304


def test_a_result_of_a_query_has_one_tag_on_both(site: Site) -> None:
    path = "sparql?query=SELECT%20*%20%7B%20?s%20?p%20?o%20%7D%20ORDER%20BY%20?s%20?p%20?o%20LIMIT%205&format=csv"
    one, two = site.one(0, path), site.one(1, path)
    assert (one.content, one.headers["etag"]) == (two.content, two.headers["etag"])


def test_the_cache_in_front_answers_the_second_time_and_keeps_formats_apart(site: Site) -> None:
    seen = [
        site.front("doc/theme/sea", accept=accept)
        for accept in ("text/turtle", "text/html", "text/turtle", "text/html")
    ]
    assert [found.headers["x-cache"] for found in seen] == ["MISS", "MISS", "HIT", "HIT"]
    assert [found.headers["content-type"].partition(";")[0] for found in seen] == ["text/turtle", "text/html"] * 2
    assert seen[0].content == seen[2].content != seen[1].content
    compressed = site.front("doc/theme/sea", accept="text/html", accept_encoding="br")
    assert compressed.headers["x-cache"] == "MISS"
    assert compressed.headers["content-encoding"] == "br"
    tag = seen[2].headers["etag"]
    kept = site.front("doc/theme/sea", accept="text/turtle", if_none_match=tag)
    assert (kept.status_code, kept.headers["x-cache"]) == (304, "HIT")


def test_errors_and_queries_are_not_kept(site: Site) -> None:
    for _ in range(2):
        assert site.front("doc/actor/nobody").headers["x-cache"] == "MISS"
    for _ in range(2):
        assert "x-cache" not in site.front("sparql?query=ASK%7B%7D").headers


def test_when_one_server_stops_the_other_answers_for_it(site: Site, tmp_path: Path) -> None:
    third, outside = free_port(), free_port()
    with in_front_of((site.ports[0], third), outside, tmp_path / "front"):
        statuses = []
        with server(third, site.base.iri, site.folders[0]):
            for number in range(10):
                statuses.append(httpx2.get(f"http://localhost:{outside}/search?q=before{number}").status_code)
        for number in range(20):
            statuses.append(httpx2.get(f"http://localhost:{outside}/search?q=after{number}").status_code)
    assert set(statuses) == {200}


def test_snapshots_are_switched_one_server_at_a_time_without_an_error_to_a_reader(site: Site) -> None:
    """Last in this module: it leaves both servers on the small graph."""
    old = site.version(0)
    found: list[tuple[int, str, str]] = []
    stop = threading.Event()

    def read(number: int) -> None:
        turn = 0
        with httpx2.Client(headers={"accept": "text/turtle", "accept-encoding": "identity"}) as client:
            while not stop.wait(0.02):
                turn += 1
                reply = client.get(f"{site.address}{SHARED}?reader={number}&turn={turn}")
                found.append((reply.status_code, reply.headers["x-palermo-version"], reply.headers["etag"]))

    readers = [threading.Thread(target=read, args=(number,)) for number in range(3)]
    for reader in readers:
        reader.start()
    new = publish_small(site.folders[0], site.base).name
    _await_version(site, 0, new)
    assert site.version(1) == old
    slug = site.base.slug
    shutil.copytree(site.folders[0] / slug / "versions" / new, site.folders[1] / slug / "versions" / new)
    (site.folders[1] / slug / "next").symlink_to(f"versions/{new}")
    (site.folders[1] / slug / "next").rename(site.folders[1] / slug / "current")
    _await_version(site, 1, new)
    time.sleep(0.3)
    stop.set()
    for reader in readers:
        reader.join()
    assert {status for status, _, _ in found} == {200}
    assert {version for _, version, _ in found} == {old, new}
    assert len({(version, tag) for _, version, tag in found}) == 2, "One tag for each version, whoever answers."
    assert site.front(f"{SHARED}?after").headers["x-palermo-version"] == new
    assert site.front(f"v/{old}/{DOCUMENT}.ttl").status_code == 200


def _await_version(site: Site, number: int, version: str) -> None:
    until(lambda: site.version(number) == version, "The switch")
