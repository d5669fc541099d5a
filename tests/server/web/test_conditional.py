"""Entity-tags, dates and codings: what is sent again and what is not (RFC 9110 §8.8, §13, §12.5.3)."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import brotli
import pytest
import zstandard
from starlette.testclient import TestClient

from ontology.namespaces import Base
from server.app import create_app
from server.settings import Settings
from server.snapshot import Snapshot
from server.web.answers import is_since, matches_tag
from tests.conftest import publish_small
from tests.processes import figure

DOCUMENT = "/doc/document/som-wg-2015/paragraph/24"
TURTLE = {"accept": "text/turtle"}


@pytest.mark.parametrize(
    ("field", "matches"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ('"b","a","c"', True),
        ('"b", W/"a"', True),
        ("*", True),
        (" * ", True),
        ('"b"', False),
        ('"A"', False),
        ("a", False),
        ('"a', False),
        ('"a-br"', False),
        ("", False),
    ],
)
def test_if_none_match_compares_weakly(field: str, matches: bool) -> None:
    assert matches_tag(field, '"a"') is matches


@pytest.mark.parametrize(
    ("field", "unchanged"),
    [
        ("Tue, 24 Nov 2026 11:00:00 GMT", True),
        ("Tue, 24 Nov 2026 12:00:00 GMT", True),
        ("Tuesday, 24-Nov-26 11:00:00 GMT", True),
        ("Tue, 24 Nov 2026 10:59:59 GMT", False),
        ("yesterday", False),
        ("", False),
        ("Tue, 24 Nov 2026 99:00:00 GMT", False),
    ],
)
def test_if_modified_since_compares_with_the_build(field: str, unchanged: bool) -> None:
    assert is_since(field, datetime(2026, 11, 24, 11, 0, tzinfo=UTC)) is unchanged


def test_every_coding_of_every_format_has_its_own_strong_tag(client: TestClient) -> None:
    tags = set()
    for suffix in (".html", ".ttl", ".jsonld", ".nt", ".rdf"):
        for coding in ("identity", "gzip", "br", "zstd"):
            found = client.get(DOCUMENT + suffix, headers={"accept-encoding": coding})
            assert found.headers.get("content-encoding", "identity") == coding
            tags.add(found.headers["etag"])
            assert found.headers["etag"].startswith('"')
    assert len(tags) == 20


@pytest.mark.parametrize(
    ("coding", "decode"), [("br", brotli.decompress), ("gzip", gzip.decompress), ("zstd", zstandard.decompress)]
)
def test_codings_decode_to_the_same_bytes(
    small_client: TestClient, coding: str, decode: Callable[[bytes], bytes]
) -> None:
    plain = small_client.get(DOCUMENT, headers=TURTLE | {"accept-encoding": "identity"}).content
    with small_client.stream("GET", DOCUMENT, headers=TURTLE | {"accept-encoding": coding}) as coded:
        assert decode(b"".join(coded.iter_raw())) == plain


def test_short_answers_are_not_coded(small_client: TestClient) -> None:
    found = small_client.get("/id/actor/states-parties", headers={"accept-encoding": "br"})
    assert "content-encoding" not in found.headers
    assert "vary" not in found.headers


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
def test_a_known_tag_gets_304_with_the_headers_of_the_document(small_client: TestClient, coding: str) -> None:
    headers = TURTLE | {"accept-encoding": coding}
    first = small_client.get(DOCUMENT, headers=headers)
    again = small_client.get(DOCUMENT, headers=headers | {"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    for name in ("etag", "vary", "link", "cache-control", "content-location", "last-modified"):
        assert again.headers[name] == first.headers[name]
    assert again.headers["access-control-allow-origin"] == "*"


def test_a_tag_of_another_format_or_coding_gets_the_document(small_client: TestClient) -> None:
    tag = small_client.get(DOCUMENT, headers=TURTLE | {"accept-encoding": "br"}).headers["etag"]
    for other in ({"accept": "application/ld+json", "accept-encoding": "br"}, TURTLE | {"accept-encoding": "gzip"}):
        assert small_client.get(DOCUMENT, headers=other | {"if-none-match": tag}).status_code == 200


def test_if_none_match_outweighs_if_modified_since(small_client: TestClient) -> None:
    late = "Fri, 01 Jan 2100 00:00:00 GMT"
    asked = TURTLE | {"if-none-match": '"something else"', "if-modified-since": late}
    assert small_client.get(DOCUMENT, headers=asked).status_code == 200
    assert small_client.get(DOCUMENT, headers=TURTLE | {"if-modified-since": late}).status_code == 304


LATE, EARLY = "Fri, 01 Jan 2100 00:00:00 GMT", "Wed, 01 Jan 2020 00:00:00 GMT"


@pytest.mark.parametrize(
    "path", [DOCUMENT, DOCUMENT + ".nt", "/dumps/palermo.nq", "/sparql?query=CONSTRUCT WHERE {?s a ?o} LIMIT 1"]
)
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"if-match": "TAG"}, 200),
        ({"if-match": '"x", TAG'}, 200),
        ({"if-match": "*"}, 200),
        ({"if-match": '"x"'}, 412),
        ({"if-match": "W/TAG"}, 412),
        ({"if-match": "TAG", "if-unmodified-since": EARLY}, 200),
        ({"if-match": "TAG", "if-none-match": "TAG"}, 304),
        ({"if-match": '"x"', "if-none-match": '"x"'}, 412),
        ({"if-unmodified-since": "DATE"}, 200),
        ({"if-unmodified-since": LATE}, 200),
        ({"if-unmodified-since": EARLY}, 412),
        ({"if-unmodified-since": "yesterday"}, 200),
    ],
)
def test_preconditions_compare_strongly_and_refuse(
    small_client: TestClient, path: str, fields: dict[str, str], status: int
) -> None:
    """RFC 9110 §13.1.1, §13.1.4 and the order of §13.2.2; the second request is for what is in memory."""
    known = small_client.get(path, headers=TURTLE).headers
    asked = TURTLE | {
        name: value.replace("TAG", known["etag"]).replace("DATE", known["last-modified"])
        for name, value in fields.items()
    }
    for found in (small_client.get(path, headers=asked), small_client.head(path, headers=asked)):
        assert found.status_code == status
        assert found.headers.get("etag", known["etag"]) == known["etag"]
        assert found.headers["access-control-allow-origin"] == "*"


def test_preconditions_of_what_is_no_200_are_ignored(small_client: TestClient) -> None:
    for path in ("/nowhere", "/id/document/som-wg-2015", "/sparql?query=nonsense"):
        asked = {"if-match": '"x"', "if-unmodified-since": EARLY}
        assert small_client.get(path, headers=asked).status_code == small_client.get(path).status_code


def test_last_modified_is_the_time_of_the_build(small_client: TestClient, small_snapshot: Snapshot) -> None:
    found = small_client.get(DOCUMENT, headers=TURTLE).headers["last-modified"]
    assert datetime.strptime(found, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC) == small_snapshot.built


@pytest.mark.parametrize("path", [DOCUMENT, "/dumps/palermo.nq", "/"])
def test_last_modified_is_not_after_the_date_where_the_clock_is_behind_that_of_the_build(
    tmp_path: Path, path: str
) -> None:
    base = Base("http://localhost:9/")
    publish_small(tmp_path, base, now=datetime.now(UTC) + timedelta(hours=1))
    with TestClient(create_app(Settings(base=base.iri, snapshots=tmp_path))) as client:
        for _ in range(2):  # the second comes from the cache where the first is stored
            told = client.get(path).headers["last-modified"]
            assert parsedate_to_datetime(told) <= datetime.now(UTC)
            again = client.get(path, headers={"if-modified-since": told})
            later = parsedate_to_datetime(again.headers["last-modified"]) > parsedate_to_datetime(told)
            assert again.status_code == 304 or later  # for a file, once another second has begun


def test_head_has_the_headers_of_get_and_no_body(small_client: TestClient) -> None:
    for path in (
        DOCUMENT,
        DOCUMENT + ".ttl",
        "/id/actor/states-parties",
        "/dumps/palermo.nq",
        "/nowhere",
        "/robots.txt",
        "/sparql?query=ASK {}",
    ):
        get, head = small_client.get(path), small_client.head(path)
        assert head.status_code == get.status_code, path
        assert head.content == b""
        drop = {"x-request-id"}
        kept = {name: value for name, value in get.headers.items() if name not in drop}
        if get.status_code < 400:
            assert {name: value for name, value in head.headers.items() if name not in drop} == kept


def test_a_query_whose_snapshot_the_client_has_is_not_run(small_client: TestClient, small_snapshot: Snapshot) -> None:
    """The day the snapshot was built is known, so `If-Modified-Since` alone decides."""
    query = "/sparql?query=SELECT (41 AS ?n) { ?s ?p ?o } LIMIT 1"
    built, before = (day.strftime("%a, %d %b %Y %H:%M:%S GMT") for day in (small_snapshot.built, datetime(2020, 1, 1)))

    def ran() -> float:
        return figure(small_client.get("/metrics").text, "palermo_queries_total{")

    so_far = ran()
    kept = small_client.get(query, headers={"if-modified-since": built})
    assert (kept.status_code, kept.content, kept.headers["last-modified"]) == (304, b"", built)
    assert ran() == so_far
    assert small_client.get(query, headers={"if-modified-since": before}).status_code == 200
    assert ran() == so_far + 1
