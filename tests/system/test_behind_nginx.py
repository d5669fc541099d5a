"""The server behind nginx with the configuration of docs/deploy, below a path; `test_many_servers.py` has the root of a host.

IRIs come from the build, so what nginx stands in front of does not know, and need not know, that it does.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import httpx2
import pytest

from ontology.namespaces import Base
from server.settings import Settings
from tests.conftest import build_real, free_port
from tests.processes import figure, until
from tests.system.nginx import ask, in_front_of
from tests.system.unit import server

pytestmark = pytest.mark.system

THING = "id/document/som-wg-2015/paragraph/24"
DOCUMENT = "doc/document/som-wg-2015/paragraph/24"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(6)) + " }"


@dataclass(frozen=True, slots=True)
class Place:
    """Where nginx answers for a base, and the port of the server itself."""

    address: str
    behind: int

    def get(self, path: str, **fields: str) -> httpx2.Response:
        """A GET through nginx that follows nothing and accepts what it says."""
        return ask(self.address + path, **fields)

    def direct(self, path: str, **fields: str) -> httpx2.Response:
        """The same from the server itself, below the path of the base."""
        address = f"http://127.0.0.1:{self.behind}{urlsplit(self.address).path}{path}"
        return ask(address, **fields)

    def raw(self, target: str, method: str = "GET") -> tuple[int, bytes]:
        """Status and body for a target as it is written, below the base."""
        place = urlsplit(self.address)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=120)
        with contextlib.closing(connection):
            connection.putrequest(method, place.path + target, skip_accept_encoding=True)
            connection.putheader("Accept", "*/*")
            connection.endheaders()
            reply = connection.getresponse()
            return reply.status, reply.read()


@pytest.fixture(scope="module")
def place(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The real document built for a base, one server, and nginx on a port that neither of them knows."""
    outside, behind, folder = free_port(), free_port(), tmp_path_factory.mktemp("nginx")
    base = Base(f"{settings.base}palermo/")
    build_real(base, folder / "snapshots")
    with (
        server(behind, base.iri, folder / "snapshots", CLIENT_QUERIES="2", QUERY_DEADLINE_SECONDS="4"),
        in_front_of([behind], outside, folder / "front"),
    ):
        yield Place(f"http://localhost:{outside}/palermo/", behind)


def test_an_identifier_leads_to_its_document(place: Place) -> None:
    sent = place.get(THING)
    path = urlsplit(place.address).path
    assert (sent.status_code, sent.headers["location"]) == (303, f"{path}{DOCUMENT}")
    followed = httpx2.get(place.address + THING, headers={"accept": "text/turtle"}, follow_redirects=True)
    assert str(followed.url) == place.address + DOCUMENT
    assert followed.headers["content-type"] == "text/turtle; charset=utf-8"
    assert followed.headers["content-location"] == f"{path}{DOCUMENT}.ttl"


@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "application/ld+json", "application/n-triples"])
@pytest.mark.parametrize("path", [DOCUMENT, "ontology", "dataset", ""])
def test_every_format_is_what_the_server_says_however_often_it_is_asked(place: Place, path: str, accept: str) -> None:
    own = place.direct(path, accept=accept)
    for _ in range(2):
        found = place.get(path, accept=accept)
        assert (found.status_code, found.content) == (own.status_code, own.content)
        for name in ("content-type", "etag", "vary", "link", "cache-control", "content-location"):
            assert found.headers.get(name) == own.headers.get(name), name


def test_links_of_a_page_lead_through_nginx(place: Place) -> None:
    page = place.get(DOCUMENT, accept="text/html").text
    path = urlsplit(place.address).path
    links = {part.split('"', 1)[0].replace("&amp;", "&") for part in page.split('href="')[1:]}
    ours = sorted(link.partition("#")[0] for link in links if link.startswith("/") and "/editor" not in link)
    assert len(ours) > 40
    assert all(link.startswith(path) for link in ours)
    for link in ours:
        assert place.get(link.removeprefix(path)).status_code in (200, 303), link


def test_a_conditional_request_is_answered_304_by_whoever_has_the_answer(place: Place) -> None:
    first = place.get(DOCUMENT + ".ttl")
    tag = first.headers["etag"]
    assert tag.startswith('"')
    again = place.get(DOCUMENT + ".ttl", if_none_match=tag)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert place.get(DOCUMENT + ".ttl", if_modified_since=first.headers["last-modified"]).status_code == 304
    assert place.get(DOCUMENT + ".ttl", if_none_match='"other"').status_code == 200


@pytest.mark.parametrize("coding", ["br", "gzip", "zstd"])
def test_compression_is_the_servers_and_has_its_own_strong_tag(place: Place, coding: str) -> None:
    def coded(get: httpx2.Client, address: str) -> tuple[dict[str, str], bytes]:
        with get.stream("GET", address, headers={"accept": "text/html", "accept-encoding": coding}) as reply:
            return dict(reply.headers), b"".join(reply.iter_raw())

    path = urlsplit(place.address).path
    with httpx2.Client() as client:
        headers, body = coded(client, place.address + DOCUMENT)
        own, expected = coded(client, f"http://127.0.0.1:{place.behind}{path}{DOCUMENT}")
    assert headers["content-encoding"] == own["content-encoding"] == coding
    assert body == expected
    assert headers["etag"] == own["etag"] != place.get(DOCUMENT, accept="text/html").headers["etag"]
    assert not headers["etag"].startswith("W/")
    assert "Accept-Encoding" in headers["vary"]


def test_escapes_arrive_as_they_were_sent(place: Place) -> None:
    for target in ("doc%2Factor/unodc", "doc/actor%2Funodc", "doc/actor/unodc%2F..%2Finterpol"):
        status, body = place.raw(target)
        assert (status, b"encoded slash" in body) == (404, True), target
    assert place.raw("doc/%61ctor/unodc.nt") == (200, place.get("doc/actor/unodc.nt").content)
    assert (place.raw("doc//actor/unodc")[0], place.raw("doc/actor/%zz")[0]) == (404, 400)


def test_head_has_the_fields_of_get_and_no_body(place: Place) -> None:
    got = place.get(DOCUMENT + ".ttl")
    head = httpx2.head(place.address + DOCUMENT + ".ttl", headers={"accept": "*/*", "accept-encoding": "identity"})
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "etag", "content-length", "link"):
        assert head.headers[name] == got.headers[name]


def test_queries_pass_by_get_and_post_and_are_not_kept_by_nginx(place: Place) -> None:
    query = "SELECT ?n { ?r a <ontology#Recommendation> ; <ontology#number> ?n } ORDER BY ?n LIMIT 1"
    got = place.get(f"sparql?query={quote(query)}")
    assert got.json()["results"]["bindings"][0]["n"]["value"] == "5"
    posted = httpx2.post(place.address + "sparql", data={"query": query}, headers={"accept": "*/*"})
    assert posted.content == got.content
    assert "x-cache" not in got.headers
    assert place.get(f"sparql?query={quote(query)}", if_none_match=got.headers["etag"]).status_code == 304
    assert place.get("sparql?query=SELECT").json()["line"] == 1


def test_a_long_query_passes_and_a_longer_one_is_refused_in_words_by_the_server(place: Place) -> None:
    fits = quote("ASK {} #" + "x" * 30_000)
    assert place.get(f"sparql?query={fits}").status_code == 200
    refused = place.get("sparql?query=" + "x" * 33_000)
    assert (refused.status_code, refused.json()["status"]) == (414, 414)
    for size in (2_000_000, 4_500_000):
        too_long = httpx2.post(f"{place.address}sparql", data={"query": "ASK {} #" + "x" * size})
        assert (too_long.status_code, too_long.headers["content-type"]) == (413, "application/problem+json"), (
            too_long.text
        )


def test_a_reader_who_goes_away_frees_the_worker_through_nginx(place: Place) -> None:
    def metric(name: str) -> float:
        return figure(place.direct("metrics").text, f"palermo_{name} ")

    def gone() -> float:
        return metric('queries_total{outcome="gone"}')

    before, places = gone(), metric("query_places_free")
    where = urlsplit(place.address)
    with socket.create_connection((where.hostname or "", where.port or 80)) as connection:
        target = f"{where.path}sparql?query={quote(RUNAWAY)}"
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        until(lambda: metric("query_places_free") < places, "The start of the query")
    until(lambda: gone() > before, "Its end")
    assert gone() == before + 1


def test_the_servers_own_pages_are_for_this_machine(place: Place) -> None:
    """The tests come from this machine, so they may; the rule that keeps others out stands in the file."""
    assert place.get("health/ready").text.startswith("ready ")
    assert "palermo_requests_total" in place.get("metrics").text


def test_a_visitor_cannot_choose_the_address_that_is_counted(place: Place) -> None:
    """Clients that differ by X-Forwarded-For only are one client, whose share here is two running queries."""

    def run(number: int) -> int:
        text = RUNAWAY.replace("COUNT(*)", f"COUNT(*) + {number}")
        return place.get(f"sparql?query={quote(text)}", x_forwarded_for=f"10.0.0.{number}").status_code

    with ThreadPoolExecutor(12) as pool:
        statuses = set(pool.map(run, range(12)))
    assert 429 in statuses
    assert statuses <= {429, 503, 504}
