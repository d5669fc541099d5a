"""Header fields, methods and bodies that nobody sends in good faith."""

from __future__ import annotations

import gzip
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cases import case
from tests.hostile.wire import connect, harmless, request, send

TARGETS = (
    "/",
    "/doc/actor/unodc",
    "/doc/actor/unodc.ttl",
    "/dumps/actors.csv",
    "/search?q=smuggling",
    "/sparql?query=ASK%7B%7D",
    "/static/site.css",
    "/nowhere",
)
MANY = ", ".join
FIELDS = {
    "an Accept that is none": "Accept: \x01;;;q=,,,//",
    "an Accept without end": "Accept: " + "text/turtle;q=0.5," * 3_000,
    "an Accept of wildcards": "Accept: " + MANY(f"*/*;q=0.{n:03}" for n in range(1, 999)),
    "an Accept with huge weights": "Accept: text/html;q=" + "9" * 5_000,
    "an Accept in quotes that never close": 'Accept: text/html;a="' + "\\" * 5_000,
    "an Accept that breaks the line": "Accept: text/html%0d%0aX-Injected: yes",
    "an Accept of a path": "Accept: ../../etc/passwd",
    "an Accept in another alphabet": "Accept: текст/разметка",
    "two thousand Accepts": "\r\n".join(f"Accept: a/b{n}" for n in range(2_000)),
    "an Accept-Encoding that is none": "Accept-Encoding: ;;q=x,gzip;q=-1,br;q=nan",
    "an Accept-Encoding of everything": "Accept-Encoding: " + MANY(f"x{n}" for n in range(3_000)),
    "an Accept-Encoding without any": "Accept-Encoding: identity;q=0, *;q=0",
    "an Accept-Language of doom": "Accept-Language: " + "a-" * 10_000,
    "an If-None-Match without end": "If-None-Match: " + MANY(f'"{n}"' for n in range(6_000)),
    "an If-None-Match in quotes that never close": 'If-None-Match: "' + "W/" * 5_000,
    "an If-Match of another": 'If-Match: "x"',
    "an If-Modified-Since of no calendar": "If-Modified-Since: Someday, 99 Foo 99999 99:99:99 GMT",
    "an If-Modified-Since far off": "If-Modified-Since: Fri, 31 Dec 9999 23:59:59 GMT",
    "an If-Modified-Since before time": "If-Modified-Since: Mon, 01 Jan 0001 00:00:00 GMT",
    "a Range": "Range: bytes=0-9",
    "a Range of many ranges": "Range: bytes=" + ",".join(f"{n}-" for n in range(5_000)),
    "a Range that overlaps": "Range: bytes=" + ",".join(["0-"] * 5_000),
    "a Range backwards": "Range: bytes=9-0,-0,--,999999999999999999999-",
    "a Range in another unit": "Range: lines=1-2",
    "an If-Range": 'If-Range: "x"\r\nRange: bytes=0-0',
    "a forwarded host": "X-Forwarded-Host: elsewhere.example\r\nForwarded: host=elsewhere.example;proto=gopher",
    "a forwarded address that is none": "X-Forwarded-For: ' OR 1=1, ::::, 999.999.999.999",
    "a forwarded address without end": "X-Forwarded-For: " + MANY(["10.0.0.1"] * 3_000),
    "a forwarded scheme": "X-Forwarded-Proto: javascript",
    "a forwarded prefix": "X-Forwarded-Prefix: //elsewhere.example/\r\nX-Script-Name: /../",
    "another address": "X-Original-URL: /etc/passwd\r\nX-Rewrite-URL: /metrics",
    "another method": "X-HTTP-Method-Override: DELETE\r\nX-Method: PUT\r\nX-HTTP-Method: PATCH",
    "a request id of its own": "X-Request-Id: <script>alert(1)</script>",
    "a request id without end": "X-Request-Id: " + "a" * 20_000,
    "a request id twice": "X-Request-Id: abcdefgh\r\nX-Request-Id: ijklmnop",
    "a cookie of thirty kilobytes": "Cookie: a=" + "b" * 30_000,
    "a password": "Authorization: Basic OjpAQEA=\r\nProxy-Authorization: Digest x",
    "a websocket": "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    "a websocket of another age": "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 1",
    "HTTP/2 in clear": "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
    "a lookup as its agent": "User-Agent: ${jndi:ldap://127.0.0.1/a}\r\nReferer: <script>alert(1)</script>",
    "an agent in NULs": "User-Agent: a\x7fb\x1fc",
    "an origin": "Origin: null\r\nAccess-Control-Request-Method: DELETE\r\nAccess-Control-Request-Headers: *",
    "an expectation": "Expect: 200-ok",
    "a trailer": "TE: trailers, deflate;q=0.5\r\nTrailer: Host",
    "a folded field": "X-Folded: a\r\n b\r\n\tc",
    "a field without a name": ": value",
    "a field without a value": "X-Empty:",
    "a field with a space": "X-Spaced : value",
    "a field in brackets": "X-(Brackets): value",
    "a field that is not closed": "X-Open",
    "four hundred fields": "\r\n".join(f"X-{n}: y" for n in range(400)),
    "a bare line feed": "X-A: b\nX-Injected: yes",
    "a bare carriage return": "X-A: b\rX-Injected: yes",
}  # fmt: skip


@pytest.mark.parametrize("what", FIELDS)
def test_a_request_with(what: str, victim: str) -> None:
    for target in TARGETS:
        with case(target):
            reply = harmless(victim, request(target, *FIELDS[what].split("\r\n")))
            named = "".join(map(reply.header, ("location", "link", "content-location")))
            assert "elsewhere.example" not in named
            assert "elsewhere.example" not in reply.body
            assert "<script>alert(1)" not in reply.head
            if what.startswith("another"):
                assert reply.status == (404 if target == "/nowhere" else 200)


HOSTS: dict[str, int | None] = {
    **dict.fromkeys(
        (
            *("", "Host:", "Host: localhost\r\nHost: elsewhere.example", "Host: elsewhere.example"),
            *("Host: elsewhere.example:99999", "Host: ../../etc/passwd", "Host: <script>alert(1)</script>"),
            *("Host: user:password@elsewhere.example", "Host: " + "a." * 10_000, "Host: пример.испытание"),
            "Host: a%0d%0aX-Injected: yes",
        )
    ),
    **{f"Host: {host}": 400 for host in (
        "[:::::]", "[....]", "[1.2.3.4]", "[1:2:3:4:5:6:7:8:9]", "[::1", "[]", "a@b", "a:b", "a b")},
    **{f"Host: {host}": 200 for host in (
        "[::1]", "[2001:db8::1]:8000", "[::ffff:192.0.2.1]", "192.0.2.1:80", "localhost:", "a_b.example")},
}  # fmt: skip
"""RFC 9112 §3.2: a server responds with 400 to a request with an invalid Host field; RFC 3986 has the valid ones."""


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host[:40] or "none")
def test_a_host(host: str, victim: str) -> None:
    status = HOSTS[host]
    for target in ("/", "/id/actor/unodc", "/doc/actor/unodc.ttl", "/sitemap.xml", "/sparql?query=ASK%7B%7D"):
        with case(target):
            expected = [] if status is None or (status == 200 and target.startswith("/id/")) else [status]
            reply = harmless(victim, request(target, host=host), *expected)
            assert "elsewhere.example" not in reply.head + reply.body
            assert "<script>alert" not in reply.head + reply.body


METHODS = (
    *("POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "MKCOL", "LOCK", "COPY", "PURGE", "QUERY"),
    *("SEARCH", "SUBSCRIBE", "get", "Get", "GETT", "G E T", "", "A" * 5_000, "GET\x00", "\u2603", "PRI", "OPTIONS", "HEAD"),
)  # fmt: skip


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method[:12] or "none")
def test_a_method(method: str, victim: str) -> None:
    for target in ("/", "/doc/actor/unodc.ttl", "/health/ready", "/dumps/palermo.nq", "/nowhere", "*"):
        with case(target):
            reply = harmless(victim, request(target, method=method))
            if method not in ("OPTIONS", "HEAD", "Get", "get"):
                assert not 200 <= reply.status < 400
            if reply.status == 405:
                assert reply.header("allow") in ("GET, HEAD, OPTIONS", "GET, HEAD, OPTIONS, POST")


XML = "Content-Type: application/xml"
JSON = "Content-Type: application/json"
FORM = "Content-Type: application/x-www-form-urlencoded"
QUERY = "Content-Type: application/sparql-query"
PARTS = "Content-Type: multipart/form-data; boundary=x"
BODIES: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "of ten megabytes": (b"x" * 10_000_000, (QUERY,)),
    "of ten megabytes of form": (b"query=" + b"a" * 10_000_000, (FORM,)),
    "of ten megabytes without a type": (b"\x00" * 10_000_000, ()),
    "of a megabyte in small pieces": (b"".join(b"1\r\nx\r\n" for _ in range(60_000)) + b"0\r\n\r\n", (QUERY, "Transfer-Encoding: chunked")),
    "of ten thousand parentheses": (b"ASK { FILTER(" + b"(" * 10_000 + b"1" + b")" * 10_000 + b") }", (QUERY,)),
    "of ten thousand parentheses in a form": (b"query=" + b"%28" * 10_000, (FORM,)),
    "of an external entity": (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', (XML,)),
    "of a billion laughs": (b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 1_000 + b'">]><l>&b;</l>', (XML,)),
    "of deep JSON": (b"[" * 100_000 + b"]" * 100_000, (JSON,)),
    "of JSON that changes all objects": (b'{"__proto__":{"query":"ASK{}"},"query":{"$ne":null}}', (JSON,)),
    "of RDF in XML": (b"<rdf:RDF/>", ("Content-Type: application/rdf+xml",)),
    "of Turtle": (b"<a> <b> <c> .", ("Content-Type: text/turtle",)),
    "of a multipart form": (b'--x\r\nContent-Disposition: form-data; name="query"; filename="../../x"\r\n\r\nASK {}\r\n--x--\r\n', (PARTS,)),
    "of a multipart form that never ends": (b"--x\r\n" * 20_000, (PARTS,)),
    "of a form of nothing but ampersands": (b"&" * 500_000, (FORM,)),
    "of a form of a hundred thousand names": (b"a=b&" * 100_000, (FORM,)),
    "of nothing": (b"", (QUERY,)),
    "of nothing in a form": (b"", (FORM,)),
    "of a form that says it is JSON": (b"query=ASK%7B%7D", (JSON,)),
    "of JSON that says it is a form": (b'{"query": "ASK {}"}', (FORM,)),
    "of XML that says it is a query": (b"<query>ASK {}</query>", (QUERY,)),
    "of a query that says it is a form": (b"ASK { ?s ?p ?o }", (FORM,)),
    "of an update": (b"INSERT DATA { <a> <b> <c> }", ("Content-Type: application/sparql-update",)),
    "of an update in a form": (b"update=DROP+ALL", (FORM,)),
    "of a query and an update": (b"query=ASK%7B%7D&update=DROP+ALL", (FORM,)),
    "of two queries": (b"query=ASK%7B%7D&query=SELECT+*+%7B%7D", (FORM,)),
    "of broken escapes": (b"query=%zz%&%=%00", (FORM,)),
    "of NULs": (b"\x00" * 10_000, (QUERY,)),
    "of no UTF-8": (b"ASK { } # \xff\xfe\xc0\xaf", (QUERY,)),
    "of UTF-7": (b"+AEEAUwBL- {}", (QUERY + "; charset=utf-7",)),
    "of UTF-16": ("ASK {}".encode("utf-16"), (QUERY,)),
    "of UTF-32": ("ASK {}".encode("utf-32"), (QUERY + "; charset=utf-32",)),
    "of gzip": (gzip.compress(b"ASK {}" + b" " * 50_000_000), (QUERY, "Content-Encoding: gzip")),
    "of less than it says": (b"ASK {}", (QUERY, "Content-Length: 5")),
    "with a type without end": (b"ASK {}", ("Content-Type: a/" + "b" * 30_000,)),
    "with a type that is none": (b"ASK {}", ("Content-Type: \x7f/\x7f;;;=",)),
    "with a charset in quotes that never close": (b"ASK {}", (QUERY + '; charset="utf-8',)),
    "with two types": (b"ASK {}", (QUERY, FORM)),
    "with two lengths": (b"ASK {}", (QUERY, "Content-Length: 6", "Content-Length: 7")),
    "with a length of letters": (b"ASK {}", (QUERY, "Content-Length: six")),
    "with a length below zero": (b"ASK {}", (QUERY, "Content-Length: -6")),
    "with a length beyond all": (b"ASK {}", (QUERY, "Content-Length: " + "9" * 100)),
    "with a length and chunks": (b"0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n", (QUERY, "Content-Length: 4", "Transfer-Encoding: chunked")),
    "in chunks that are none": (b"xyz\r\nASK {}\r\n", (QUERY, "Transfer-Encoding: chunked")),
    "in a chunk beyond all": (b"FFFFFFFFFFFFFFFFFF\r\nASK {}", (QUERY, "Transfer-Encoding: chunked")),
    "in chunks and something else": (b"0\r\n\r\n", (QUERY, "Transfer-Encoding: chunked, gzip")),
    "in chunks with a trailer": (b"6\r\nASK {}\r\n0\r\nX-Injected: yes\r\nHost: elsewhere.example\r\n\r\n", (QUERY, "Transfer-Encoding: chunked")),
}  # fmt: skip


REFUSED = {
    413: ("of ten megabytes", "of ten megabytes of form"),
    415: ("of a multipart form", "of a form that says it is JSON", "of an external entity", "of Turtle", "of deep JSON"),
    400: ("of a form of nothing but ampersands", "of a form of a hundred thousand names", "of nothing", "of nothing in a form",
          "of broken escapes", "of no UTF-8", "of UTF-16", "of NULs", "of two queries", "with two lengths"),
}  # fmt: skip
"""The status for some of them at the endpoint; of ten megabytes the connection may be ended before it is read."""


@pytest.mark.parametrize("what", BODIES)
def test_a_body(what: str, victim: str) -> None:
    body, lines = BODIES[what]
    for method, target in (("POST", "/sparql"), ("POST", "/"), ("GET", "/doc/actor/unodc"), ("PUT", "/sparql")):
        with case(method, target):
            reply = harmless(victim, request(target, *lines, method=method, body=body))
            assert "root:x:0" not in reply.body
            assert reply.body.count("HTTP/1.1") == 0, "A second answer to one request."
            if method == "PUT" and reply.status:
                assert reply.status >= 400
            if (method, target) == ("POST", "/sparql"):
                for status, bodies in REFUSED.items():
                    assert what not in bodies or reply.status in (status, 0 if status == 413 else status)


ENDLESS = {
    "a chunk extension": b"6;",
    "the value of a trailer": b"6\r\nASK {}\r\n0\r\nX-Trailer: ",
    "the name of a trailer": b"6\r\nASK {}\r\n0\r\n",
}


@pytest.mark.parametrize("what", ENDLESS)
def test_what_does_not_end_between_or_after_the_chunks_of_a_body_is_refused_before_it_fills_memory(
    what: str, victim: str
) -> None:
    head = request("/sparql", QUERY, "Transfer-Encoding: chunked", method="POST")
    harmless(victim, head + ENDLESS[what] + b"a" * 1_000_000, 431)


def test_what_comes_after_a_broken_request_is_not_answered(victim: str) -> None:
    hidden = request("/metrics")
    for lines in (("Content-Length: 3", "Transfer-Encoding: chunked"), ("Content-Length: 3", "Content-Length: 0")):
        reply = send(
            victim,
            request("/sparql", QUERY, *lines, "Connection: keep-alive", method="POST", body=b"0\r\n\r\n") + hidden,
        )
        assert (reply.head + reply.body).count("HTTP/1.1 ") <= 1
        assert "palermo_requests_total" not in reply.body


def test_a_hundred_slow_senders_keep_nobody_waiting(victim: str) -> None:
    """Half of them never end their head, half their body, one byte at a time."""
    head = b"GET /doc/actor/unodc HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
    body = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: 500\r\n\r\n"
    slow = [connect(victim) for _ in range(100)]
    try:
        for number, connection in enumerate(slow):
            connection.sendall(body if number % 2 else head)
        for number in range(8):
            for connection in slow:
                connection.sendall(b"a")
            target = f"/search?q=slow{number}"
            harmless(victim, request(target), 200)
            harmless(victim, request(f"/sparql?query=SELECT%20({number}%20AS%20?n)%7B%7D"), 200)
    finally:
        for connection in slow:
            connection.close()
    harmless(victim, request("/health/ready"), 200)


def test_a_reader_who_never_reads_keeps_nobody_waiting(victim: str) -> None:
    stuck = [connect(victim) for _ in range(40)]
    try:
        for connection in stuck:
            connection.sendall(request("/dumps/palermo.nq") * 3)
        harmless(victim, request("/search?q=stuck"), 200)
    finally:
        for connection in stuck:
            connection.close()


def test_many_connections_at_once_are_all_answered(victim: str) -> None:
    with ThreadPoolExecutor(150) as pool:
        requests = (request(f"/search?q=many{number}") for number in range(150))
        assert {reply.status for reply in pool.map(lambda asked: send(victim, asked), requests)} == {200}
