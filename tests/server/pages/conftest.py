"""What tests of the site share: opening a page, a corpus of several documents, and one of two that are unlike."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from benchmarks.generator import write_corpus
from ingest.build import build
from ingest.corpus import BuildSettings
from ontology.layout import ROOT
from ontology.namespaces import Base
from server.app import create_app
from server.settings import Settings
from tests.conftest import made_once
from tests.server.pages.tree import Element, Visit, tree


def opener(client: TestClient) -> Visit:
    """Opens a page by its path, as a browser does, and gives its tree."""

    def opened(path: str) -> Element:
        answer = client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        return tree(answer.text)

    return opened


@pytest.fixture(scope="session")
def visit(client: TestClient) -> Visit:
    """Opens a page of the real document."""
    return opener(client)


@pytest.fixture(scope="session")
def corpus_snapshots(tmp_path_factory: pytest.TempPathFactory, base: Base) -> Path:
    """A snapshots folder with the real document and two of about sixty recommendations."""

    def make(root: Path) -> None:
        write_corpus(root, 2, size=60)
        build(BuildSettings(base, root / "sources", root / "editorial", snapshots=root / "snapshots"), lambda _: None)

    return made_once(tmp_path_factory, "corpus", make) / "snapshots"


@pytest.fixture(scope="session")
def corpus_client(corpus_snapshots: Path, settings: Settings) -> Iterator[TestClient]:
    """A client of the whole application on that corpus."""
    chosen = settings.model_copy(update={"snapshots": corpus_snapshots})
    with TestClient(create_app(chosen), follow_redirects=False) as opened:
        yield opened


@pytest.fixture(scope="session")
def visit_corpus(corpus_client: TestClient) -> Visit:
    """Opens a page of the corpus."""
    return opener(corpus_client)


@pytest.fixture(scope="session")
def visit_unlike(unlike_client: TestClient) -> Visit:
    """Opens a page of the two unlike documents."""
    return opener(unlike_client)


@pytest.fixture(scope="session")
def note_client(tmp_path_factory: pytest.TempPathFactory, base: Base) -> Iterator[TestClient]:
    """A client of the application on one document, which has no recommendation."""
    root = tmp_path_factory.mktemp("note")
    (root / "sources").mkdir()
    for ending in ("md", "toml"):
        shutil.copy(ROOT / f"tests/fixtures/corpus/sources/nota-costas-2023.{ending}", root / "sources")
    build(BuildSettings(base, root / "sources", root / "editorial", snapshots=root / "snapshots"), lambda _: None)
    settings = Settings(base=base.iri, snapshots=root / "snapshots", log_format="text")
    with TestClient(create_app(settings), follow_redirects=False) as opened:
        yield opened
