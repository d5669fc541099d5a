"""The front: paths as they come, prefixes, versions, methods, limits, and errors in the format that the reader accepts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import Router
from starlette.testclient import TestClient

from ontology.namespaces import Base
from queries.catalogue import read_catalogue
from server.app import create_app
from server.cache import Cache
from server.settings import Settings
from server.snapshot import Snapshot, Snapshots
from server.store.embedded import Store
from server.web.answers import stored_size
from server.web.errors import PalermoError
from server.web.front import Front, Route, Routes
from server.web.monitoring import Metrics
from server.web.request import Exchange, Services
from server.web.sending import Response
from server.web.threads import PageThreads
from tests.conftest import publish_small

DOCUMENT = "/doc/actor/states-parties"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (DOCUMENT, 200),
        ("/doc/%61ctor/states%2Dparties", 200),
        ("/doc/actor%2Fstates-parties", 404),
        ("/doc/actor%2fstates-parties", 404),
        ("/doc%2Factor/states-parties", 404),
        ("/doc/actor%5Cstates-parties", 404),
        ("/doc/actor/states-parties/", 404),
        ("/doc//actor/states-parties", 404),
        ("//doc/actor/states-parties", 404),
        ("/doc/", 404),
        ("/doc", 404),
        ("/doc/.ttl", 404),
        ("/doc/actor/states-parties.exe", 404),
        ("/doc/actor/states-parties.ttl.ttl", 404),
        ("/doc/actor/States-Parties", 404),
        ("/doc/actor/states-parties%20", 404),
        ("/doc/actor/%E2%98%83", 404),
        ("/doc/actor/<script>", 404),
        ("/doc/actor/x%3E%3Cy", 404),
        ("/doc/actor/%", 400),
        ("/doc/actor/%zz", 400),
        ("/doc/actor/%2", 400),
        ("/doc/actor/%00", 400),
        ("/doc/actor/%0d%0aSet-Cookie:x", 400),
        ("/doc/actor/%ff", 400),
        ("/doc/actor/%c0%af", 400),
        ("/doc/" + "a" * 2000, 414),
        (DOCUMENT + "?x=" + "a" * 40_000, 414),
        (DOCUMENT + "?format=%zz", 400),
        (DOCUMENT + "?format=%00", 400),
        (DOCUMENT + "?format=exe", 400),
        (DOCUMENT + "?format=ttl", 200),
        (DOCUMENT + "?unknown=parameter", 200),
        ("/dumps/..%2Fmanifest.json", 404),
        ("/dumps/%2e%2e/manifest.json", 404),
        ("/dumps/manifest.json", 404),
        ("/dumps/", 404),
        ("/graph/", 404),
        ("/graph/nothing", 404),
        ("/graph/reference.exe", 404),
        ("/ontology.exe", 404),
        ("/sitemap-0.xml", 404),
        ("/sitemap-9.xml", 404),
        ("/sitemap-x.xml", 400),
        ("/v/", 404),
        ("/v/20200101-0000000000/doc/actor/states-parties", 404),
        ("/v/%2e%2e/doc/actor/states-parties", 404),
        ("/docs", 404),
        ("/redoc", 404),
    ],
)
def test_path_gets_the_right_status(small_client: TestClient, path: str, status: int) -> None:
    found = small_client.request("GET", "http://testserver" + path)
    assert found.status_code == status
    if status >= 400:
        assert found.headers["content-type"] == "application/problem+json"
        assert found.json()["status"] == status


def test_an_error_page_comes_back_as_the_reader_wants_it(small_client: TestClient) -> None:
    for accept, media_type in (
        ("*/*", "application/problem+json"),
        ("text/turtle", "application/problem+json"),
        ("application/json", "application/problem+json"),
        ("text/html,*/*;q=0.8", "text/html; charset=utf-8"),
        ("text/plain", "text/plain; charset=utf-8"),
    ):
        found = small_client.get("/doc/actor/nobody", headers={"accept": accept})
        assert (found.status_code, found.headers["content-type"]) == (404, media_type)
        assert found.headers["access-control-allow-origin"] == "*"
        assert "Accept" in found.headers["vary"].split(", ")
        assert found.headers["cache-control"] == "no-store"
        assert "etag" not in found.headers


def test_markup_in_a_path_is_escaped_on_the_error_page(small_client: TestClient) -> None:
    found = small_client.get("/doc/actor/<img%20src=x>", headers={"accept": "text/html"})
    assert "<img" not in found.text.replace('<img src="/static', "")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "QUERY"])
def test_other_methods_get_405_with_those_allowed(small_client: TestClient, method: str) -> None:
    found = small_client.request(method, DOCUMENT)
    assert found.status_code == 405
    assert found.headers["allow"] == "GET, HEAD, OPTIONS"


def test_what_takes_only_a_body_says_so_and_how_to_any_other_method(small_client: TestClient) -> None:
    found = small_client.get("/reconcile/draft/match")
    assert (found.status_code, found.headers["allow"]) == (405, "OPTIONS, POST")
    assert found.json()["allow"] == ["OPTIONS", "POST"]
    assert found.json()["detail"] == "Send what you ask as JSON by POST."


def test_every_parameter_that_is_wrong_is_named_with_what_is_wrong_with_it(small_client: TestClient) -> None:
    found = small_client.get(f"/reconcile/suggest/entity?prefix={'a' * 501}&cursor=-1")
    assert found.status_code == 400
    assert "prefix: String should have at most 500 characters" in found.json()["detail"]
    assert "cursor: Input should be greater than or equal to 0" in found.json()["detail"]


def test_a_variable_of_a_path_counts_and_not_a_parameter_of_its_name(small_client: TestClient) -> None:
    assert small_client.get("/doc/actor/states-parties.ttl?name=actor/nobody").status_code == 200


def test_options_says_what_works_and_lets_other_sites_read(small_client: TestClient) -> None:
    asked = {"origin": "https://example.org", "access-control-request-method": "GET"}
    found = small_client.options(DOCUMENT, headers=asked)
    assert (found.status_code, found.content) == (204, b"")
    assert found.headers["allow"] == "GET, HEAD, OPTIONS"
    assert found.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert found.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in found.headers
    assert small_client.options("/nowhere").status_code == 404
    assert "POST" in small_client.options("/sparql").headers["allow"]


@pytest.mark.parametrize("path", [DOCUMENT, DOCUMENT + ".ttl", "/nowhere", "/robots.txt", "/health/live", "/%zz"])
def test_every_answer_has_the_standing_headers(small_client: TestClient, path: str) -> None:
    found = small_client.get(path).headers
    assert found["x-content-type-options"] == "nosniff"
    assert found["referrer-policy"] == "strict-origin-when-cross-origin"
    assert found["access-control-allow-origin"] == "*"
    assert "ETag" in found["access-control-expose-headers"]
    assert "unsafe-inline" not in found["content-security-policy"]
    assert found["content-security-policy"].startswith("default-src 'none'")
    assert "camera=()" in found["permissions-policy"]
    assert found["cross-origin-opener-policy"] == "same-origin"
    assert found["x-request-id"]


def test_a_request_id_that_is_given_comes_back_and_nothing_else_does(small_client: TestClient) -> None:
    for given, kept in (("abc-123.DEF", True), ("short", False), ("x" * 65, False), ("a b c d e f", False)):
        found = small_client.get("/robots.txt", headers={"x-request-id": given}).headers["x-request-id"]
        assert (found == given) is kept


def test_a_large_body_is_refused_by_its_declared_and_by_its_real_length(small_client: TestClient) -> None:
    declared = small_client.post("/sparql", headers={"content-length": "10000000"}, content=b"x")
    assert declared.status_code == 413

    def pieces() -> Iterator[bytes]:
        for _ in range(200):
            yield b"x" * 10_000

    headers = {"content-type": "application/sparql-query"}
    assert small_client.post("/sparql", headers=headers, content=pieces()).status_code == 413


def test_every_part_of_an_older_version_stays_readable(tmp_path: Path) -> None:
    base = Base("http://localhost:9/")
    first = publish_small(tmp_path, base).name
    second = publish_small(tmp_path, base).name
    assert first != second
    with TestClient(create_app(Settings(base=base.iri, snapshots=tmp_path)), follow_redirects=False) as client:
        current = client.get(DOCUMENT + ".ttl")
        old = client.get(f"/v/{first}{DOCUMENT}.ttl")
        assert current.headers["x-palermo-version"] == second
        assert old.headers["x-palermo-version"] == first
        assert old.status_code == 200
        assert old.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert old.headers["memento-datetime"] == old.headers["last-modified"]
        assert f'<{base.iri}doc/actor/states-parties>; rel="original"' in old.headers["link"]
        assert f'</v/{first}/doc/actor/states-parties.nt>; rel="alternate"' in old.headers["link"]
        assert client.get(f"/v/{first}/dumps/palermo.nq").status_code == 200
        listed = client.get("/versions").json()
        assert listed["current"] == second
        assert {found["version"] for found in listed["versions"]} == {first, second}
        for found in listed["versions"]:
            described = client.get("/" + found["dataset"].removeprefix(base.iri))
            assert described.headers["x-palermo-version"] == found["version"]
        assert client.get(f"/v/{first}/sparql?query=ASK%7B%7D").status_code == 404


@pytest.mark.parametrize("prefix", ["", "/palermo"])
def test_a_base_with_a_path_is_served_with_and_without_it(tmp_path: Path, prefix: str) -> None:
    base = Base("https://data.example.org/palermo/")
    publish_small(tmp_path, base)
    with TestClient(create_app(Settings(base=base.iri, snapshots=tmp_path)), follow_redirects=False) as client:
        sent = client.get(f"{prefix}/id/actor/states-parties", headers={"host": "elsewhere.example"})
        assert (sent.status_code, sent.headers["location"]) == (303, "/palermo/doc/actor/states-parties")
        found = client.get(f"{prefix}{DOCUMENT}", headers={"accept": "text/turtle", "host": "elsewhere.example"})
        assert found.headers["content-location"] == "/palermo/doc/actor/states-parties.ttl"
        assert '<https://data.example.org/palermo/doc/actor/states-parties>; rel="canonical"' in found.headers["link"]
        assert "elsewhere.example" not in found.text + found.headers["link"]


@pytest.mark.parametrize("accept", ["*/*", "text/html", "text/plain"])
def test_what_nobody_foresaw_is_a_500_with_an_id_and_no_details(small_settings: Settings, accept: str) -> None:
    def fails(exchange: Exchange) -> Response:
        raise RuntimeError(f"a secret about {exchange.path}")

    def page(error: PalermoError, exchange: Exchange) -> str:
        raise RuntimeError(f"a secret of {exchange.request_id} about {error.status}")

    def open_store(snapshot: Snapshot) -> Store:
        raise RuntimeError(f"a secret of {snapshot.version}")

    snapshots, cache = Snapshots(small_settings), Cache(1_000_000, stored_size)
    services = Services(
        small_settings,
        snapshots,
        read_catalogue(),
        Metrics(),
        cache,
        cache,
        open_store,
        page,
        PageThreads(small_settings),
    )
    client = TestClient(Front(Routes([Route("/fails", fails)]), services, Router()), follow_redirects=False)
    found = client.get("/fails", headers={"accept": accept})
    assert found.status_code == 500
    assert "secret" not in found.text
    assert "Traceback" not in found.text
    assert found.headers["x-request-id"] in found.text
    assert found.headers["access-control-allow-origin"] == "*"


def test_metrics_count_by_route_and_never_by_address(small_client: TestClient) -> None:
    small_client.get(DOCUMENT + ".nt?metrics")
    small_client.get(DOCUMENT + ".nt?metrics")
    text = small_client.get("/metrics").text
    assert 'route="/doc/{name:path}"' in text
    assert "palermo_kept_answers_total" in text
    assert "states-parties" not in text


def test_what_a_stranger_adds_to_an_address_makes_no_new_responses_and_no_work(client: TestClient) -> None:
    paths = ("/", "/about", f"{DOCUMENT}", f"{DOCUMENT}.ttl", "/sitemap.xml", "/id/actor/unodc")

    def asked() -> list[str]:
        lines = client.get("/metrics").text.splitlines()
        return [line for line in lines if line.startswith("palermo_named_queries_total")]

    first = [client.get(path).content for path in paths]
    before = asked()
    for number in range(3):
        again = [client.get(f"{path}?{number}=x") for path in paths]
        assert [found.content for found in again] == first
    assert asked() == before


def test_a_search_reads_each_word_once_and_twenty_of_them(client: TestClient) -> None:
    known = " ".join(f"word{number}" for number in range(19)) + " migrants"
    repeated = client.get("/search", params={"q": "a " * 245 + "migrants"}).text
    assert repeated.count("Recommendation") == client.get("/search", params={"q": "a migrants"}).text.count(
        "Recommendation"
    )
    assert client.get("/search", params={"q": known}).status_code == 200


def test_readiness_asks_the_store(small_client: TestClient, small_snapshot: Snapshot) -> None:
    lines = small_client.get("/health/ready").text.splitlines()
    assert lines[0] == f"ready {small_snapshot.version}"
    assert lines[1] == f"built {small_snapshot.built:%Y-%m-%dT%H:%M:%SZ}"
    assert any(line.startswith("workers ") for line in lines)
    assert small_client.get("/health/live").text == "live\n"
    assert small_client.get("/health/live").headers["cache-control"] == "no-store"


def test_problem_documents_follow_rfc_9457(small_client: TestClient) -> None:
    problem = json.loads(small_client.get(DOCUMENT, headers={"accept": "image/png"}).content)
    assert problem["status"] == 406
    assert problem["type"] == "about:blank"
    assert "text/turtle" in problem["offers"]
    assert problem["title"]
    assert problem["detail"].endswith(".")
