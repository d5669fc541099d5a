"""The site as files, of documents of every kind: served by Python's plain file server, every link inside it works, and what computes says so."""

from __future__ import annotations

import functools
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urljoin

import httpx2
import lxml.html
import pytest
from starlette.testclient import TestClient

from ingest.build import build
from ingest.corpus import BuildSettings
from ontology.layout import ROOT
from ontology.namespaces import Base
from server.app import create_app
from server.settings import Settings
from server.site_files import export_site
from tests.processes import free_port
from tests.system.nginx import nginx

pytestmark = pytest.mark.system

ACTOR = "doc/actor/unodc"


@pytest.fixture(scope="module")
def shortened(base: Base, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings for the invented documents, where two treaties are described with their articles and the others by name."""
    root, corpus = tmp_path_factory.mktemp("shortened"), ROOT / "tests" / "fixtures" / "corpus"
    for name in ("ontology", "shapes"):
        shutil.copytree(ROOT / name, root / name)
    provisions = root / "ontology" / "reference" / "provisions.tsv"
    kept = [line for line in provisions.read_text("utf-8").splitlines() if not line.startswith(("untoc/", "uncac/"))]
    provisions.write_text("\n".join(kept) + "\n", "utf-8")
    built = BuildSettings(base, corpus / "sources", corpus / "editorial", root, root / "snapshots")
    build(built, lambda _: None)
    return Settings(base=base.iri, snapshots=built.snapshots, log_format="text")


@pytest.fixture(scope="module")
def site(shortened: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as files."""
    folder = tmp_path_factory.mktemp("files") / "site"
    export_site(shortened, folder, lambda _: None)
    return folder


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[httpx2.Client]:
    """A client of the folder behind Python's own file server, which reads no rules."""
    handler = functools.partial(Quiet, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with httpx2.Client(base_url=f"http://127.0.0.1:{server.server_port}", follow_redirects=True) as client:
            yield client
        server.shutdown()


def test_every_link_inside_the_site_works_on_a_plain_file_server(site: Path, served: httpx2.Client) -> None:
    targets: set[str] = set()
    pages = sorted(site.rglob("*.html"))
    for page in pages:
        root = lxml.html.document_fromstring(page.read_bytes())
        for element, _, to, _ in root.iterlinks():
            if element.tag == "form" or not to.startswith(("http:", "https:", "mailto:", "#")):
                targets.add(urljoin(f"/{page.relative_to(site).as_posix()}", to).partition("#")[0])
    assert len(pages) > 1_000
    assert len(targets) > 3_000
    assert not [to for to in targets if "?" in to and "/static/" not in to]
    assert [to for to in sorted(targets) if not _is_there(site, to)] == []
    some = sorted(targets)[::40]
    assert {to: answer.status_code for to in some if (answer := served.get(to)).status_code != 200} == {}


def _is_there(site: Path, address: str) -> bool:
    """Whether a plain file server has something at an address: a file, or the index of a folder."""
    path = site / unquote(address.partition("?")[0]).lstrip("/")
    return (path / "index.html" if path.is_dir() else path).is_file()


def test_a_page_and_its_data_are_at_the_addresses_of_the_server(served: httpx2.Client, shortened: Settings) -> None:
    with TestClient(create_app(shortened)) as client:
        for address in (
            *(f"/{ACTOR}{suffix}" for suffix in (".ttl", ".jsonld", ".nt", ".rdf")),
            *("/doc/document/harbour-group-2024.akn", "/graph/reference.ttl", "/dumps/palermo.nq", "/llms.txt"),
        ):
            assert served.get(address).content == client.get(address).content, address
    assert served.get(f"/{ACTOR}").text == served.get(f"/{ACTOR}.html").text
    assert "<title>UNODC" in served.get(f"/{ACTOR}").text


def test_a_thing_leads_to_its_document_where_no_rule_is_read(served: httpx2.Client) -> None:
    page = lxml.html.document_fromstring(served.get("/id/actor/unodc").content)
    (refresh,) = page.xpath("//meta[@http-equiv='refresh']/@content")
    assert refresh == "0; url=/doc/actor/unodc"
    assert "0; url=/dataset" in served.get("/.well-known/void").text


def test_what_needs_a_server_is_marked_and_says_so(site: Path, served: httpx2.Client) -> None:
    page = lxml.html.document_fromstring((site / ACTOR / "index.html").read_bytes())
    marked = page.xpath("//a[@data-needs-server]")
    assert marked
    assert {link.get("href") for link in marked} == {"/needs-a-server/"}
    assert {form.get("action") for form in page.xpath("//form")} == {"/needs-a-server/"}
    assert "These are files, made of version" in page.text_content()
    said = served.get("/needs-a-server/").text
    assert "This needs a server" in said
    assert "the SPARQL endpoint" in said
    for computing in ("sparql", "search", "compare", "v"):
        assert not (site / computing).exists(), computing


def test_nginx_with_the_rules_sends_types_redirections_and_what_accept_asks_for(site: Path, tmp_path: Path) -> None:
    port = free_port()
    rules = (site / "nginx.conf").read_text().replace("listen 8080", f"listen 127.0.0.1:{port}")
    rules = rules.replace("/srv/palermo", str(site)).replace("include mime.types", "include /etc/nginx/mime.types")
    with nginx(rules, port, tmp_path / "nginx"), httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
        thing = client.get("/id/actor/unodc")
        assert (thing.status_code, thing.headers["location"]) == (303, "/doc/actor/unodc")
        page = client.get("/doc/actor/unodc", headers={"Accept": "text/html,*/*;q=0.8"})
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        turtle = client.get("/doc/actor/unodc", headers={"Accept": "text/turtle"})
        assert turtle.headers["content-type"] == "text/turtle; charset=utf-8"
        assert turtle.content == client.get("/doc/actor/unodc.ttl").content
        assert (
            client.get("/doc/document/harbour-group-2024.akn").headers["content-type"].startswith("application/akn+xml")
        )
        assert client.get("/recommendations.csv").headers["content-type"].startswith("text/csv")
        assert client.get("/articles").status_code == client.get("/").status_code == 200
        missing = client.get("/doc/actor/nobody")
        assert (missing.status_code, "<h1" in missing.text) == (404, True)
