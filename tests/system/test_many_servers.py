"""Two servers behind nginx with its cache: any of them may answer, and a new version comes without a reader who sees half of it.

They share nothing but a published snapshot, each in a folder of its own, as on two machines; or they have an engine elsewhere
and no more of the snapshot than its small files, as docs/operating.md copies them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from ontology.namespaces import Base
from server.snapshot import Snapshot
from tests.cases import case
from tests.conftest import free_port, publish_small
from tests.processes import until
from tests.system.engines import ENGINES, Engine, copy_version, load
from tests.system.nginx import ask, in_front_of
from tests.system.unit import server

pytestmark = pytest.mark.system

DOCUMENT = "doc/document/som-wg-2015/paragraph/24"
COUNT = "sparql?format=csv&query=SELECT%20(COUNT(*)%20AS%20?n)%20%7B%20?s%20a%20%3Contology%23Recommendation%3E%20%7D"
PATHS = (
    *("", DOCUMENT, f"{DOCUMENT}.ttl", "ontology.jsonld", "dumps/palermo.nq", "recommendations.csv", "static/site.css"),
    "sparql?query=SELECT%20*%20%7B%20?s%20?p%20?o%20%7D%20ORDER%20BY%20?s%20?p%20?o%20LIMIT%205&format=csv",
)
OF_AN_ENGINE = (DOCUMENT, f"{DOCUMENT}.ttl", COUNT)


@dataclass(frozen=True, slots=True)
class Site:
    """Where nginx answers for two servers with these snapshots, and the engine that they have."""

    base: Base
    address: str
    builder: Path
    ports: tuple[int, int]
    folders: tuple[Path, Path]
    engine: Engine | None

    def one(self, number: int, path: str, **fields: str) -> httpx2.Response:
        """An answer of one server."""
        return ask(f"http://127.0.0.1:{self.ports[number]}/{path}", **fields)

    def front(self, path: str, **fields: str) -> httpx2.Response:
        """An answer of nginx."""
        return ask(self.address + path, **fields)

    def version(self, number: int) -> str:
        """The version that one server has."""
        return self.one(number, "health/ready").text.split()[1]


@pytest.fixture(scope="module", params=["their own stores", *ENGINES])
def site(
    request: pytest.FixtureRequest, snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    folder, base, further = tmp_path_factory.mktemp("site"), snapshot.base, {"SNAPSHOT_POLL_SECONDS": "0.1"}
    outside, ports, folders = free_port(), (free_port(), free_port()), (folder / "one", folder / "two")
    with ExitStack() as running:
        engine = None
        if request.param in ENGINES:
            (folder / "engine").mkdir()
            engine = running.enter_context(ENGINES[request.param](folder / "engine"))
            load(engine, snapshot.folder)
            further |= {"STORE": engine.sparql, "STORE_SECONDS": "30"}
        for port, own in zip(ports, folders, strict=True):
            copy_version(snapshot.folder, own, base.slug, small=engine is not None)
            running.enter_context(server(port, base.iri, own, **further))
        running.enter_context(in_front_of(ports, outside, folder / "front"))
        yield Site(base, f"http://localhost:{outside}/", folder / "builder", ports, folders, engine)


def test_both_servers_give_the_same_bytes_and_the_same_tag(site: Site) -> None:
    for path in OF_AN_ENGINE if site.engine else PATHS:
        for coding in ["identity"] if site.engine else ["identity", "br", "gzip", "zstd"]:
            with case(path, coding):
                one, two = (site.one(number, path, accept_encoding=coding) for number in (0, 1))
                assert (one.status_code, one.content) == (200, two.content)
                for name in ("etag", "last-modified", "content-encoding", "content-length", "vary", "link"):
                    assert one.headers.get(name) == two.headers.get(name), name
                known = site.one(1, path, accept_encoding=coding, if_none_match=one.headers["etag"])
                assert known.status_code == 304


def test_the_cache_in_front_answers_the_second_time_and_keeps_formats_apart(site: Site) -> None:
    seen = [site.front("doc/theme/sea", accept=accept) for accept in ["text/turtle", "text/html"] * 2]
    assert [found.headers["x-cache"] for found in seen] == ["MISS", "MISS", "HIT", "HIT"]
    assert [found.headers["content-type"].partition(";")[0] for found in seen] == ["text/turtle", "text/html"] * 2
    assert seen[0].content == seen[2].content != seen[1].content
    compressed = site.front("doc/theme/sea", accept="text/html", accept_encoding="br")
    assert (compressed.headers["x-cache"], compressed.headers["content-encoding"]) == ("MISS", "br")
    kept = site.front("doc/theme/sea", accept="text/turtle", if_none_match=seen[2].headers["etag"])
    assert (kept.status_code, kept.headers["x-cache"]) == (304, "HIT")
    for _ in range(2):  # neither errors nor results of queries are kept
        assert site.front("doc/actor/nobody").headers["x-cache"] == "MISS"
        assert "x-cache" not in site.front("sparql?query=ASK%7B%7D").headers


@pytest.mark.parametrize("site", ["their own stores"], indirect=True)
def test_when_one_server_stops_the_other_answers_for_it(site: Site, tmp_path: Path) -> None:
    third, outside = free_port(), free_port()
    with in_front_of((site.ports[0], third), outside, tmp_path / "front"):
        with server(third, site.base.iri, site.folders[0]):
            statuses = [ask(f"http://localhost:{outside}/search?q=before{n}").status_code for n in range(10)]
        statuses += [ask(f"http://localhost:{outside}/search?q=after{n}").status_code for n in range(20)]
    assert set(statuses) == {200}


def test_no_reader_has_an_error_or_half_a_corpus_while_versions_are_switched(site: Site) -> None:
    """Last in this module: it leaves both servers on the small graph. Where there is an engine, the links are changed before
    it has the version, so that servers have to wait for it; else one server is switched after the other."""
    old = site.version(0)
    found: set[tuple[int, str, str]] = set()
    stop = threading.Event()

    def read(number: int) -> None:
        with httpx2.Client(timeout=120) as client:
            for turn in range(10_000):
                reply = client.get(f"{site.address}{COUNT}%23{number}-{turn}")
                found.add((reply.status_code, reply.headers["x-palermo-version"], reply.text.split()[-1]))
                if stop.wait(0.02):
                    return

    readers = [threading.Thread(target=read, args=(number,)) for number in range(3)]
    for reader in readers:
        reader.start()
    fresh = publish_small(site.builder, site.base)
    for number in (0, 1):
        copy_version(fresh, site.folders[number], site.base.slug, small=site.engine is not None)
        if not site.engine:
            until(lambda number=number: site.version(number) == fresh.name, "The switch")  # type: ignore[misc]
            assert site.version(1) == (fresh.name if number else old)
    if site.engine:
        time.sleep(1)
        assert {site.version(number) for number in (0, 1)} == {old}
        load(site.engine, fresh)
        until(lambda: {site.version(number) for number in (0, 1)} == {fresh.name}, "The switch")
    time.sleep(0.5)
    stop.set()
    for reader in readers:
        reader.join()
    small = sum(
        "ontology#Recommendation>" in line and "22-rdf-syntax-ns#type>" in line
        for line in (fresh / "graph.nq").read_text(encoding="utf-8").splitlines()
    )
    assert found == {(200, old, "88"), (200, fresh.name, str(small))}
    assert site.engine or site.front(f"v/{old}/{DOCUMENT}.ttl").status_code == 200
