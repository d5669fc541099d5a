"""A running server on a real socket: what only shows on the wire."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx2
import pytest

from ontology.layout import ROOT, SEARCH
from ontology.namespaces import Base
from server.connections import connections_at_most
from server.settings import Settings
from tests.conftest import free_port, process_of, publish_small, running
from tests.processes import PATIENCE, await_answer, figure, started, until

DOCUMENT = "doc/actor/states-parties"
LAST = b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
"""A request after which the server closes the connection, if it has not done so before."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Base, Path]]:
    """The base and the snapshots folder of a running server on the small graph."""
    base, root = Base(f"http://localhost:{free_port()}/"), tmp_path_factory.mktemp("live")
    publish_small(root, base)
    with running(
        Settings(base=base.iri, snapshots=root),
        SNAPSHOT_POLL_SECONDS="0.1",
        QUERY_WORKERS="1",
        REQUEST_SECONDS="4",
        UNREAD_SECONDS="1",
    ):
        yield base, root


@pytest.fixture
def base(place: tuple[Base, Path]) -> Base:
    """The base of that server."""
    return place[0]


@pytest.fixture
def fresh(tmp_path: Path) -> Base:
    """The base of a server that a test starts itself, on the small graph in its own folder."""
    base = Base(f"http://localhost:{free_port()}/")
    publish_small(tmp_path, base)
    return base


def port_of(base: Base) -> int:
    """The port of a server on this base."""
    return urlsplit(base.iri).port or 80


def talk(base: Base, *sent: bytes) -> bytes:
    """What the server answers to bytes, sent in these pieces, until it closes the connection; ``[open]`` stands at the
    end if it does not."""
    with socket.create_connection(("127.0.0.1", port_of(base)), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number, piece in enumerate(sent):
            if number:
                time.sleep(0.001)
            connection.sendall(piece)
        received = b""
        try:
            while piece := connection.recv(65536):
                received += piece
        except TimeoutError:
            received += b"[open]"
        return received


def answers(base: Base) -> bool:
    """Whether anything answers at the server's address."""
    try:
        return httpx2.get(f"{base.iri}health/live").is_success
    except httpx2.TransportError:
        return False


def metric(base: Base, name: str) -> float:
    """A figure of the server's, 0 when it has none of that name."""
    return figure(httpx2.get(f"{base.iri}metrics").text, f"{name} ")


def test_a_connection_stays_open_for_the_next_request(base: Base) -> None:
    one = f"GET /{DOCUMENT}.nt HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    head = f"HEAD /{DOCUMENT}.nt HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    answers = talk(base, one + head + one + LAST)
    assert answers.count(b"HTTP/1.1 200") == 4
    assert answers.endswith(b"live\n")


def test_what_is_in_memory_is_sent_as_it_was_the_first_time(base: Base) -> None:

    def heads(*lines: str, times: int = 3) -> list[set[bytes]]:
        """Of so many requests on one connection; one that is refused (400) is the last on it."""
        asked = "".join(f"{line}\r\n" for line in (*lines, "Host: x", "Connection: keep-alive", "", ""))
        sent = [f"GET /{DOCUMENT}.ttl?again HTTP/1.1\r\n{asked}".encode()] * times
        answers = talk(base, *sent, *([LAST] if times > 1 else []))
        found = answers.split(b"HTTP/1.1 ")[1 : times + 1]
        return [
            {line for line in head.split(b"\r\n") if not line.lower().startswith((b"date:", b"x-request-id:"))}
            for head in found
        ]

    first, second, third = heads()
    assert first == second == third
    assert b"200 OK" in first
    tag = next(line for line in first if line.startswith(b"etag:")).split(b": ")[1].decode()
    assert [b"304 Not Modified" in head for head in heads(f"If-None-Match: {tag}")] == [True] * 3
    assert [b"412 Precondition Failed" in head for head in heads('If-Match: "x"')] == [True] * 3
    assert [b"200 OK" in head for head in heads(f"If-Match: {tag}")] == [True] * 3
    assert [b"400 Bad Request" in head for head in heads("Host: y", times=1)] == [True]


RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


class Client(http.client.HTTPConnection):
    """A client that keeps its connection and sends the same fields with every request."""

    def __init__(self, base: Base, name: str) -> None:
        super().__init__("127.0.0.1", port_of(base), timeout=120)
        self.name = name

    def begin(self, query: str, accept: str = "*/*", tag: str = "", **parameters: str) -> None:
        """Asks a query."""
        fields = {"Accept": accept, "User-Agent": self.name} | ({"If-None-Match": tag} if tag else {})
        self.request("GET", f"/sparql?{urlencode({'query': query, **parameters})}", headers=fields)

    def ask(
        self, query: str, accept: str = "*/*", tag: str = "", **parameters: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Asks a query; status, fields and body of the answer."""
        self.begin(query, accept, tag, **parameters)
        response = self.getresponse()
        return response.status, dict(response.getheaders()), response.read()


@pytest.mark.parametrize(
    ("query", "parameters", "status"),
    [
        ("SELECT ?s ({n} AS ?n) {{ ?s a ?kind }} LIMIT 2", {}, 200),
        ("SELECT ?s ({n} AS ?n) {{ ?s a ?kind }} ORDER BY ?s LIMIT 2", {"format": "csv"}, 200),
        ("ASK {{ ?s ?p {n} }}", {}, 200),
        ("CONSTRUCT {{ ?s ?p {n} }} {{ ?s ?p ?o }} LIMIT 1", {}, 200),
        ("SELECT ({n} AS ?n) {{}}", {"format": "html"}, 200),
        ("SELECT (RAND() + {n} AS ?n) {{}}", {}, 200),
        ("SELECT ?s ({n} AS ?n) {{ ?s ?p ?o }}", {"default-graph-uri": "http://elsewhere.test/"}, 403),
        ("SELECT ({n} AS ?n) {{ SERVICE <http://elsewhere.test/> {{}} }}", {}, 403),
        ("SELECT ?s {{ ?s {n} }}", {}, 400),
        ("SELECT ?s {{ FILTER({n} }}", {}, 400),
        ("SELECT ({n} AS ?n) {{}}", {"format": "none"}, 400),
    ],
)
def test_a_query_has_the_same_answer_from_a_client_that_is_known(
    base: Base, query: str, parameters: dict[str, str], status: int
) -> None:
    """The first request of a client goes another way than those that have the same fields again."""
    with contextlib.closing(Client(base, f"{query} {parameters}")) as client:
        answers = [client.ask(query.format(n=n), **parameters) for n in range(101, 104)]
        # Computed anew, since the field is another.
        known = client.ask(query.format(n=103), "*/*, */*", answers[2][1].get("etag", '"none"'), **parameters)
    assert [answer[0] for answer in answers] == [status] * 3
    ids = {fields.pop("x-request-id") for _, fields, _ in answers}
    assert len(ids) == 3
    tags = [fields.pop("etag", "") for _, fields, _ in answers]
    for _, fields, body in answers:
        assert int(fields.pop("content-length")) == len(body)
        del fields["date"]
    assert answers[0][1] == answers[1][1] == answers[2][1]
    if parameters.get("format") != "html":  # which shows how long it took
        assert known[0] == (304 if tags[0] else status)


def test_the_time_of_a_query_that_fails_is_counted_from_its_beginning(base: Base) -> None:
    """Also where the application is asked for the answer only when the query has failed."""
    names = ('palermo_request_seconds_sum{route="/sparql"}', "palermo_query_seconds_sum")
    before = [metric(base, name) for name in names]
    with contextlib.closing(Client(base, "failing")) as client:
        for number in range(3):
            assert client.ask(f"SELECT * {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != {number}) }}")[0] == 413
    requests, queries = (metric(base, name) - so_far for name, so_far in zip(names, before, strict=True))
    assert requests >= queries > 0


def test_a_query_that_takes_a_while_is_answered_in_its_turn_and_ends_with_its_client(base: Base) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c { SELECT * { ?d ?e ?f } LIMIT 300 } }"
    with contextlib.closing(Client(base, "in turn")) as client:
        assert client.ask("ASK { FILTER(1 > 0) }")[0] == 200
        client.begin(slow)
        client.sock.sendall(f"GET /{DOCUMENT}.nt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        received = b"".join(iter(lambda: client.sock.recv(65_536), b""))
    kinds = [part.partition(b"content-type: ")[2].partition(b"\r\n")[0] for part in received.split(b"HTTP/1.1 ")[1:]]
    assert [kind.partition(b";")[0] for kind in kinds] == [b"application/sparql-results+json", b"application/n-triples"]
    for number in range(6):  # There is one place, and each would keep it for ten seconds.
        with contextlib.closing(Client(base, "in turn")) as leaving:
            leaving.begin(f"{RUNAWAY} LIMIT {number + 1}")
            time.sleep(0.05)
    with contextlib.closing(Client(base, "in turn")) as client:
        assert client.ask("ASK { FILTER(2 > 0) }")[0] == 200


def test_a_response_in_memory_waits_for_the_one_before_it(base: Base) -> None:
    kept = f"GET /{DOCUMENT}.nt HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    query = b"ASK { ?s ?p ?o }"
    asked = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    asked += b"Content-Length: %d\r\n\r\n%s" % (len(query), query)
    assert talk(base, kept + LAST).count(b"200 OK") == 2
    answers = talk(base, asked + kept + asked + LAST)
    kinds = [part.partition(b"content-type: ")[2].partition(b"\r\n")[0] for part in answers.split(b"HTTP/1.1 ")[1:-1]]
    assert [kind.partition(b";")[0] for kind in kinds] == [
        b"application/sparql-results+json",
        b"application/n-triples",
        b"application/sparql-results+json",
    ]


UPGRADES = {
    "h2c": b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n",
    "websocket": b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n",
    "TLS": b"Connection: keep-alive, upgrade\r\nUpgrade: TLS/1.0\r\n",
}
"""Other protocols that a client may offer (RFC 9110 §7.8); the server stays with HTTP/1.1."""
FRAMINGS = {
    "whole": (b"Content-Length: 9\r\n", b"ASK { } #"),
    "in chunks": (b"Transfer-Encoding: chunked\r\n", b"4\r\nASK \r\n5\r\n{ } #\r\n0\r\n\r\n"),
}


@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize("offer", UPGRADES)
@pytest.mark.parametrize("pieces", [1, 2, 40], ids=["at once", "head and body apart", "byte by byte"])
def test_a_body_is_read_although_its_request_offers_another_protocol(
    base: Base, offer: str, framing: str, pieces: int
) -> None:
    length, body = FRAMINGS[framing]
    fields = b"Host: x\r\nContent-Type: application/sparql-query\r\n" + UPGRADES[offer] + length
    sent = b"POST /sparql HTTP/1.1\r\n" + fields + b"\r\n"
    if pieces == 1:
        answer = talk(base, sent + body + LAST)
    else:
        apart = [sent, body + LAST] if pieces == 2 else [bytes([byte]) for byte in sent + body] + [LAST]
        answer = talk(base, *apart)
    assert answer.startswith(b"HTTP/1.1 200"), answer
    assert b'"boolean":true' in answer
    assert answer.count(b"HTTP/1.1 ") == 2
    assert answer.endswith(b"live\n")


@pytest.mark.parametrize("offer", UPGRADES)
def test_a_body_that_looks_like_a_request_is_not_answered_as_one(base: Base, offer: str) -> None:
    body = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
    fields = b"Host: x\r\nContent-Type: application/sparql-query\r\nContent-Length: %d\r\n" % len(body)
    answer = talk(base, b"POST /sparql HTTP/1.1\r\n" + fields + UPGRADES[offer] + b"\r\n" + body + LAST)
    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.1 ") == 2


def test_curl_may_offer_http2_with_a_query_by_post(base: Base) -> None:
    curl = shutil.which("curl")
    assert curl, "This test needs curl."
    asked = [curl, "--silent", "--http2", f"{base.iri}sparql", "--data-urlencode", "query=ASK { }"]
    answer = subprocess.run(asked, check=True, capture_output=True).stdout
    assert json.loads(answer)["boolean"] is True


_POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"


@pytest.mark.parametrize("framing", ["whole", "in chunks"])
def test_a_client_that_sends_all_of_a_body_that_is_too_large_is_told_so(base: Base, framing: str) -> None:
    port, body = port_of(base), b"x" * 9_000_000
    length = b"Content-Length: %d\r\n\r\n" % len(body)
    if framing == "in chunks":
        length, body = b"Transfer-Encoding: chunked\r\n\r\n", b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(_POST + length + body)
        assert connection.recv(65536).startswith(b"HTTP/1.1 413")


_CHUNKS = b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nASK {}\r\n0\r\n"


_GET = b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n"
_LAST = b"Connection: close\r\n"
HEADS = {
    "no Host": (b"GET /robots.txt HTTP/1.1\r\n\r\n", b"400"),
    "two Hosts": (_GET + b"Host: y\r\n\r\n", b"400"),
    "a Host of two": (b"GET /robots.txt HTTP/1.1\r\nHost: a b\r\n\r\n", b"400"),
    "a Host with a path": (b"GET /robots.txt HTTP/1.1\r\nHost: x/y\r\n\r\n", b"400"),
    "a Host with a % alone": (b"GET /robots.txt HTTP/1.1\r\nHost: x%zz\r\n\r\n", b"400"),
    "two Hosts in HTTP/1.0": (b"GET /robots.txt HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n", b"400"),
    "an address as Host": (b"GET /robots.txt HTTP/1.1\r\nHost: [::1]:80\r\n" + _LAST + b"\r\n", b"200"),
    "HTTP/1.0 without Host": (b"GET /robots.txt HTTP/1.0\r\n\r\n", b"200"),
    "HTTP/0.9": (b"GET /robots.txt\r\n\r\n", b"505"),
    "HTTP/2.0": (b"GET /robots.txt HTTP/2.0\r\nHost: x\r\n\r\n", b"505"),
    "HTTP/9.9": (b"GET /robots.txt HTTP/9.9\r\nHost: x\r\n\r\n", b"505"),
    "no HTTP": (b"NONSENSE\r\n\r\n", b"400"),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"400"),
    "an unknown method": (b"FOO /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n", b"501"),
    "OPTIONS *": (b"OPTIONS * HTTP/1.1\r\nHost: x\r\n" + _LAST + b"\r\n", b"204"),
    "options of a target without a path": (b"OPTIONS http://x HTTP/1.1\r\nHost: x\r\n" + _LAST + b"\r\n", b"204"),
    "9,000 fields": (_GET + b"".join(b"X-%d: y\r\n" % n for n in range(9_000)), b"431"),
    "a head of 70 kB": (_GET + b"X: " + b"a" * 70_000 + b"\r\n\r\n", b"431"),
    "a target of 70 kB": (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"414"),
    "a space in a name": (_GET + b"Bad Header: y\r\n\r\n", b"400"),
    "a coding of no body": (_GET + b"Content-Encoding: br\r\n\r\n", b"415"),
    "a time zone beyond all": (
        _GET + _LAST + b"If-Modified-Since: 1 Jan 2020 00:00:00 999999999999999999999\r\n\r\n", b"200",
    ),
    "an expectation": (_POST + b"Expect: 100-continue\r\n" + _LAST + b"Content-Length: 6\r\n\r\nASK {}", b"100"),
    "an expectation in HTTP/1.0": (
        _POST.replace(b"/1.1", b"/1.0") + b"Expect: 100-continue\r\nContent-Length: 6\r\n\r\nASK {}", b"200",
    ),
    "two types of a body": (_POST + b"Content-Type: text/plain\r\nContent-Length: 6\r\n\r\nASK {}", b"400"),
    "a body in gzip": (_POST + b"Content-Encoding: gzip\r\nContent-Length: 6\r\n\r\nASK {}", b"415"),
    "a length of 5,001 digits": (_POST + _LAST + b"Content-Length: " + b"0" * 5_000 + b"6\r\n\r\nASK {}", b"200"),
    "a length with a sign": (_POST + b"Content-Length: +6\r\n\r\nASK {}", b"400"),
    "a negative length": (_POST + b"Content-Length: -1\r\n\r\n", b"400"),
    "a length twice": (_POST + b"Content-Length: 6, 6\r\n\r\nASK {}", b"400"),
    "two lengths": (_POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", b"400"),
    "a length and chunks": (_POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG", b"400"),
    "two codings of a body": (_POST + b"Transfer-Encoding: identity, chunked\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n", b"501"),
    "chunks in HTTP/1.0": (_POST.replace(b"/1.1", b"/1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
    "fields after a body": (_POST + _CHUNKS + b"Content-Encoding: gzip\r\nHost: y\r\n" + _LAST + b"\r\n", b"200"),
    "70 kB after a body": (_POST + _CHUNKS + b"X-Long: " + b"a" * 70_000 + b"\r\n\r\n", b"431"),
}  # fmt: skip


@pytest.mark.parametrize("what", HEADS)
def test_http_is_followed_to_the_letter(base: Base, what: str) -> None:
    head, status = HEADS[what]
    for _ in range(2):  # the second comes from the cache where the first is stored
        answer = talk(base, head)
        assert answer.startswith(b"HTTP/1.1 " + status), answer[:300]
        assert b"\r\nx-content-type-options: nosniff\r\n" in answer
        assert not answer.endswith(b"[open]")


def test_a_request_that_does_not_come_is_not_waited_for(base: Base) -> None:
    port = port_of(base)
    query = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    unfinished = {
        "nothing": b"",
        "half a head": b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        "half a body": query + b"Content-Length: 9\r\n\r\nASK",
        "half a body in chunks": query + b"Transfer-Encoding: chunked\r\n\r\n3\r\nASK\r\n",
    }
    waiting = {what: socket.create_connection(("127.0.0.1", port), timeout=60) for what in unfinished}
    for what, connection in waiting.items():
        connection.sendall(unfinished[what])
    for what, connection in waiting.items():
        received = b""
        while piece := connection.recv(65536):
            received += piece
        connection.close()
        assert received.startswith(b"HTTP/1.1 408 Request Timeout"), what


def test_a_response_that_is_not_read_ends_and_others_get_theirs(base: Base) -> None:
    """The result has 14 megabytes, more than the buffers of the machine take; its reader reads nothing."""
    values = " ".join(str(number) for number in range(9_000))
    body = urlencode({"query": f'SELECT ?n ("{"x" * 1_500}" AS ?pad) {{ VALUES ?n {{ {values} }} }}'}).encode()
    received = 0
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(60)
        connection.connect(("127.0.0.1", port_of(base)))
        connection.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        )
        until(lambda: metric(base, 'palermo_connections_ended_total{why="unread"}') >= 1, "The end of the connection")
        assert httpx2.get(f"{base.iri}health/live").status_code == 200
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                received += len(piece)
    assert 0 < received < 10_000_000


def test_connections_of_one_address_are_limited_and_all_stay_below_the_descriptors() -> None:
    assert connections_at_most(Settings(connections=50)) == 50
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert connections_at_most(Settings()) == soft - 128
    assert connections_at_most(Settings(connections=1_000_000)) == min(1_000_000, soft - 128)


def test_idle_connections_give_way_and_one_address_has_its_share(fresh: Base, tmp_path: Path) -> None:
    limits = {"CONNECTIONS": "20", "CLIENT_CONNECTIONS": "10", "TRUSTED_PROXIES": "127.0.0.2/31", "QUERY_WORKERS": "1"}
    port = port_of(fresh)

    def connect(address: str) -> socket.socket:
        return socket.create_connection(("127.0.0.1", port), timeout=120, source_address=(address, 0))

    def ask(connection: socket.socket) -> bytes:
        connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        return connection.recv(65536)

    with running(Settings(base=fresh.iri, snapshots=tmp_path), **limits):
        mine = [connect("127.0.0.1") for _ in range(10)]
        assert all(ask(connection).startswith(b"HTTP/1.1 200") for connection in mine)
        with connect("127.0.0.1") as one_more:
            assert one_more.recv(65536).startswith(b"HTTP/1.1 429")
        proxied = [connect("127.0.0.2") for _ in range(40)]
        assert ask(proxied[-1]).startswith(b"HTTP/1.1 200"), "Idle connections gave way."
        proxied[-1].sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        metrics = b"".join(iter(lambda: proxied[-1].recv(65536), b"")).decode()
        ended = dict(re.findall(r'palermo_connections_ended_total\{why="(\w+)"\} ([0-9.]+)', metrics))
        assert float(ended["429"]) == 1
        assert float(ended["idle"]) >= 20
        for connection in (*mine, *proxied):
            connection.close()


def test_a_hangup_signal_looks_for_a_snapshot_and_ends_nothing(fresh: Base, tmp_path: Path) -> None:
    with process_of(Settings(base=fresh.iri, snapshots=tmp_path), SNAPSHOT_POLL_SECONDS="600") as process:
        with httpx2.Client() as client:
            client.get(f"{fresh.iri}health/live")
            switched = publish_small(tmp_path, fresh).name
            process.send_signal(signal.SIGHUP)
            await_answer(f"{fresh.iri}health/ready", f"ready {switched}\n", process)
        assert process.poll() is None


@pytest.mark.linux
def test_a_server_starts_and_answers_although_its_log_takes_nothing(fresh: Base, tmp_path: Path) -> None:
    port = str(port_of(fresh))
    command = [sys.executable, str(ROOT / "palermo.py"), "serve", "--base", fresh.iri, "--port", port]
    command += ["--snapshots", str(tmp_path)]
    with Path("/dev/full").open("wb") as full, started(command, f"{fresh.iri}health/live", output=full):
        assert httpx2.get(f"{fresh.iri}nothing").status_code == 404
        assert httpx2.get(f"{fresh.iri}{DOCUMENT}.nt").status_code == 200


def test_the_processes_of_a_server_end_with_the_one_that_started_them(fresh: Base, tmp_path: Path) -> None:
    port = port_of(fresh)
    command = [sys.executable, str(ROOT / "palermo.py"), "serve", "--base", fresh.iri, "--port", str(port)]
    command += ["--snapshots", str(tmp_path), "--processes", "2"]
    with started(command, f"{fresh.iri}health/live", output=subprocess.DEVNULL) as process:
        process.kill()
        process.wait()
        until(lambda: not answers(fresh), "The end of the last process, which holds the port,")


def test_a_new_snapshot_is_served_without_dropping_a_request(place: tuple[Base, Path]) -> None:
    base, root = place
    url = f"{base.iri}{DOCUMENT}"
    statuses: list[int] = []
    versions: set[str] = set()
    stop = threading.Event()

    def read() -> None:
        with httpx2.Client() as client:
            while not stop.is_set():
                found = client.get(url, params={"n": str(len(statuses))}, headers={"accept": "text/turtle"})
                statuses.append(found.status_code)
                versions.add(found.headers["x-palermo-version"])

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    fresh = publish_small(root, base).name
    try:
        until(lambda: fresh in versions, "The switch")
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert fresh in versions
    assert len(versions) == 2
    assert set(statuses) == {200}
    assert httpx2.get(f"{base.iri}health/ready").text.startswith(f"ready {fresh}\n")


def test_a_damaged_snapshot_is_shown_by_health_and_metrics_until_a_good_one_comes(place: tuple[Base, Path]) -> None:
    base, root = place

    def shown(*words: str) -> bool:
        ready, metrics = httpx2.get(f"{base.iri}health/ready"), httpx2.get(f"{base.iri}metrics").text
        assert ready.status_code == 200
        return all(word in ready.text + metrics for word in words)

    broken = publish_small(root, base)
    (broken / "graph.nq").write_bytes(b"")
    until(partial(shown, f"refused {broken.name}: ", "manifest says", "palermo_snapshot_refused 1.0"), "The refusal")
    good = publish_small(root, base).name
    until(partial(shown, f"ready {good}\n", "palermo_snapshot_refused 0.0"), "The switch")


def test_a_client_behind_a_proxy_is_told_apart_also_when_its_fields_are_known(fresh: Base, tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "palermo.py", "serve", "--base", fresh.iri, "--port", str(port_of(fresh))]
    given = os.environ | {"PALERMO_SNAPSHOTS": str(tmp_path), "PALERMO_LOG_LEVEL": "info"}
    with (
        log.open("wb") as output,
        started(command, f"{fresh.iri}health/live", given, output=output),
        contextlib.closing(Client(fresh, "behind")) as behind,
    ):
        for number, said in enumerate(["203.0.113.7", "203.0.113.7", "198.51.100.1, 203.0.113.9"] * 2):
            query = urlencode({"query": f"SELECT ({number} AS ?n) {{}}"})
            behind.request("GET", f"/sparql?{query}", headers={"X-Forwarded-For": said})
            assert behind.getresponse().read()
    lines = [json.loads(line) for line in log.read_text().splitlines() if '"path": "/sparql"' in line]
    assert [line["client"] for line in lines] == ["203.0.113.7", "203.0.113.7", "203.0.113.9"] * 2


@pytest.mark.parametrize("known", [False, True])
def test_a_running_query_is_finished_when_the_server_is_told_to_stop(fresh: Base, tmp_path: Path, known: bool) -> None:
    """Also that of a client whose fields are known, which is answered before the application."""
    slow = """SELECT (COUNT(*) AS ?n) WHERE { { SELECT * { ?j ?k ?l } LIMIT 3 }
      ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?c != ?f && ?f != ?i) }"""
    statuses: list[int] = []
    further = {"QUERY_WORKERS": "1", "QUERY_DEADLINE_SECONDS": "110", "STOP_SECONDS": "110"}
    with (
        process_of(Settings(base=fresh.iri, snapshots=tmp_path), **further) as process,
        contextlib.closing(Client(fresh, "known")) as client,
    ):
        client.timeout = 120
        if known:
            assert client.ask("ASK {}")[0] == 200
        free = metric(fresh, "palermo_query_places_free")
        asking = threading.Thread(target=lambda: statuses.append(client.ask(slow)[0]))
        asking.start()
        until(lambda: bool(statuses) or metric(fresh, "palermo_query_places_free") < free, "The start of the query")
        running_when_told = not statuses
        process.terminate()
        asking.join()
        assert process.wait(timeout=PATIENCE) in (0, -15)
    assert running_when_told, "The query is too fast for this test."
    assert statuses == [200]
    assert not answers(fresh)


def test_a_server_whose_disk_does_not_answer_ends_when_it_is_told_to(tmp_path: Path) -> None:
    """The index is a pipe that nobody writes into, so that a page waits for ever."""
    base = Base(f"http://localhost:{free_port()}/")
    index = publish_small(tmp_path, base) / SEARCH
    with process_of(Settings(base=base.iri, snapshots=tmp_path), STOP_SECONDS="1", PAGE_SECONDS="0.2") as process:
        index.rename(index.with_name("away"))
        os.mkfifo(index)
        assert httpx2.get(f"{base.iri}recommendations", timeout=PATIENCE).status_code == 503
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == 0


def test_a_server_that_is_told_to_look_again_while_it_starts_is_not_ended(tmp_path: Path) -> None:
    """There is no snapshot, so that it says so and the signal comes where a start takes longest."""
    code = (
        "import os, signal; from server.running import run; from server.settings import Settings;"
        f"status = run(Settings(snapshots={str(tmp_path)!r}));"
        "os.kill(os.getpid(), signal.SIGHUP); raise SystemExit(status)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False).returncode == 2
