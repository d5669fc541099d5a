"""A walk for each kind of file: added, built, served; its page, its source text and the file as it came are there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from ingest.build import build
from ingest.corpus import BuildSettings
from ontology.namespaces import Base
from palermo import app
from server.app import create_app
from server.settings import Settings
from tests.ingest.formats.conftest import WRITERS, Words

KINDS = list({Path(name).suffix: name for name in WRITERS}.values())
SLUGS = {name: f"from-{name.replace('.', '-')}" for name in KINDS}
FEW = 18
"""Blocks of the real text: the masthead, the introduction and the first recommendations are enough for a walk."""


@pytest.fixture(scope="module")
def came(tmp_path_factory: pytest.TempPathFactory, words: Words) -> Path:
    """A folder with a short file of every kind."""
    folder = tmp_path_factory.mktemp("came")
    for name in KINDS:
        WRITERS[name]([words[0], ("line", "", f"From {name}"), *words[1:FEW]], folder / name)
    return folder


@pytest.fixture(scope="module")
def site(came: Path, tmp_path_factory: pytest.TempPathFactory, base: Base) -> Iterator[TestClient]:
    """A site of the documents added from those files."""
    root = tmp_path_factory.mktemp("walk")
    (root / "sources").mkdir()
    (root / "editorial").mkdir()
    folders = ["--sources", str(root / "sources"), "--editorial", str(root / "editorial")]
    for name, slug in SLUGS.items():
        said = CliRunner().invoke(app, ["add", str(came / name), "--yes", "--slug", slug, *folders])
        assert said.exit_code == 0, said.output
    build(
        BuildSettings(base, root / "sources", root / "editorial", snapshots=root / "snapshots", processes=1),
        lambda _: None,
    )
    settings = Settings(base=base.iri, snapshots=root / "snapshots", log_format="text")
    with TestClient(create_app(settings), follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize("name", KINDS)
def test_a_file_becomes_a_page_with_its_words_and_its_files(
    name: str, site: TestClient, came: Path, words: Words
) -> None:
    slug = SLUGS[name]
    page = site.get(f"/doc/document/{slug}", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert f"/sources/{slug}.md" in page.text
    kind, number, text = next(block for block in words if block[0] == "paragraph")
    assert site.get(f"/doc/document/{slug}/paragraph/{number[:-1]}.txt").text == text, kind
    source = site.get(f"/sources/{slug}.md")
    assert text.split()[0] in source.text
    assert source.headers["content-type"].startswith("text/plain")
    original = site.get(f"/sources/{slug}{Path(name).suffix}")
    assert original.content == (came / name).read_bytes()
    assert "html" not in original.headers["content-type"]
    assert f"/sources/{slug}{Path(name).suffix}" in page.text


def test_no_other_file_is_served(site: TestClient) -> None:
    for name in ("..%2fmanifest.json", "manifest.json", f"{SLUGS['pages.pdf']}.toml"):
        assert site.get(f"/sources/{name}").status_code == 404
