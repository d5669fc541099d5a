"""A build from start to end: the same every time, whole or not at all, and plain about what is wrong."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.build import validate
from ingest.command import run_build, run_validate, settings_for
from ingest.corpus import BuildSettings
from ingest.errors import SourceError
from ingest.reference import reference_quads
from ontology.layout import ROOT
from ontology.namespaces import Base
from ontology.terms import Names
from server.settings import Settings
from tests.conftest import publish_small
from tests.ingest.conftest import CORPUS

SLUG = "som-wg-2015"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of the sources that a test may spoil."""
    return Path(shutil.copytree(ROOT / "ingest" / "sources", tmp_path / "sources"))


@pytest.fixture
def editorial(tmp_path: Path) -> Path:
    """A copy of the editorial tables that a test may spoil."""
    return Path(shutil.copytree(ROOT / "ingest" / "editorial", tmp_path / "editorial"))


@pytest.fixture
def snapshots(tmp_path: Path, base: Base) -> Path:
    """A snapshots folder where something is published already."""
    publish_small(tmp_path / "snapshots", base)
    return tmp_path / "snapshots"


def refused(settings: BuildSettings) -> str:
    """What the terminal shows of a build that must fail and leave the snapshot in place."""
    current = settings.snapshots / settings.base.slug / "current"
    before = current.resolve(strict=True)
    said: list[str] = []
    assert run_build(settings, said.append) == 1
    assert current.resolve(strict=True) == before
    assert [path.name for path in before.parent.iterdir()] == [before.name]
    assert "othing was published" in said[-1]
    return "\n".join(said)


def spoil(file: Path, old: str, new: str) -> int:
    """Replaces the one place where words stand in a file; returns its line."""
    text = file.read_bytes().decode()
    assert text.count(old) == 1
    file.write_bytes(text.replace(old, new).encode())
    return text[: text.index(old)].count("\n") + 1


def test_the_same_build_again_from_elsewhere_makes_the_same_files_and_publishes_nothing(
    unlike_settings: Settings, base: Base, tmp_path: Path
) -> None:
    home = Path(shutil.copytree(unlike_settings.snapshots, tmp_path / "snapshots", symlinks=True)) / base.slug
    version = (home / "current").resolve()
    options = {
        "base": base.iri,
        "snapshots": home.parent,
        "sources": CORPUS / "sources",
        "editorial": CORPUS / "editorial",
    }
    command = [sys.executable, ROOT / "palermo.py", "build", *(f"--{name}={value}" for name, value in options.items())]
    elsewhere = os.environ | {"PYTHONHASHSEED": "1", "PYTHONUTF8": "0", "LC_ALL": "C", "TZ": "Asia/Kathmandu"}
    again = subprocess.run(command, cwd=tmp_path, env=elsewhere, capture_output=True, text=True, check=False)
    assert f"\nNothing has changed: {version} stays as it is.\n" in again.stderr
    assert (home / "current").resolve() == version
    assert list((home / "versions").iterdir()) == [version]


def test_what_does_not_stop_a_build_is_said_and_it_ends_with_a_summary(
    sources: Path, editorial: Path, built_snapshot: Path, tmp_path: Path, base: Base
) -> None:
    """A text that is not the one that was read, an article that nobody described, a table that the build before had."""
    snapshots = Path(shutil.copytree(built_snapshot, tmp_path / "snapshots", symlinks=True))
    text = sources / f"{SLUG}.md"
    spoil(text, "37 of the Convention, States", "36 of the Convention, States")
    spoil(text, "article 10 of the Smuggling of Migrants Protocol", "article 99 of the Smuggling of Migrants Protocol")
    line = spoil(text, "irrespective of their migration status", "irrespective12 of their migration status")
    (editorial / SLUG / "relations.csv").unlink()
    said: list[str] = []
    assert run_build(settings_for(base, snapshots, sources, editorial), said.append) == 0
    assert f"  {SLUG}.md, line {line}: in doubt, glued: “irrespective12” in paragraph 16" in said
    assert "      missed 91@“37 of the Convention” (not in the text) id/instrument/untoc/article/37" in said
    assert any("missing: som-wg-2015: the table relations, which the build before had" in line for line in said)
    summary = "\n".join(said)
    for line in (
        "documents                1", "recommendations         88", "directives             104",
        "mentions               446", "citations               32",
    ):  # fmt: skip
        assert f"\n  {line}\n" in summary
    assert re.search(r"\n  triples +\d\d,\d{3}\n", summary)
    assert re.search(r"\n  validation +0 violations, \d+ warnings, \d+ shapes\n", summary)
    assert re.search(r"\n  seconds +\d+\.\d\n", summary)
    # Of the 32 citations that readers found, the rules find 30 in the text with two other articles.
    assert re.search(r"in-sample: som-wg-2015 +citations +32 expected +precision +93\.8% +recall +93\.8%", summary)
    assert re.search(r"\d+ other sentences +directives +\d+ expected +precision", summary)
    assert f"Published {snapshots / base.slug / 'versions'}" in summary
    report = json.loads((snapshots / base.slug / "current" / "validation.json").read_text(encoding="utf-8"))
    assert report["conforms"]
    undescribed = {each["focus"] for each in report["results"] if each["source"] == "shapes/undescribed.ttl"}
    assert f"{base.iri}id/instrument/smuggling-protocol/article/99" in undescribed


@pytest.fixture
def ground(tmp_path: Path) -> Path:
    """A copy of the Turtle of the ground floor that a test may spoil."""
    for folder in ("ontology", "shapes"):
        shutil.copytree(ROOT / folder, tmp_path / "ground" / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "ground"


def test_a_syntax_error_in_turtle_is_named_with_its_line(ground: Path, snapshots: Path, base: Base) -> None:
    file = ground / "ontology" / "reference" / "tools.ttl"
    file.write_text(
        file.read_text(encoding="utf-8") + "\n<id/tool/nothing> a pal:Tool rdfs:label .\n", encoding="utf-8"
    )
    line = file.read_text(encoding="utf-8").count("\n")
    said = refused(BuildSettings(base=base, snapshots=snapshots, root=ground))
    assert f"palermo: {file}, line {line}: Turtle that cannot be read; expected: " in said


def test_what_no_table_no_metadata_and_no_reference_may_say_stops_the_build_with_each_of_them_by_name(
    sources: Path, editorial: Path, ground: Path, snapshots: Path, base: Base
) -> None:
    with (editorial / SLUG / "concordance.csv").open("a", encoding="utf-8") as table:
        table.write("61,smuggling-protocol/article/98,No such article.,high,palermo-editors,unreviewed\n")
        table.write("62,untoc/article/27,A reader nobody knows.,high,a-stranger,unreviewed\n")
        table.write("63,untoc/article/28,A status that is none.,high,palermo-editors,certain\n")
        table.write("64,untoc/article/28,Too short.,high,palermo-editors,unreviewed\n")
    last = (editorial / SLUG / "concordance.csv").read_text(encoding="utf-8").count("\n")
    with (editorial / SLUG / "themes.csv").open("a", encoding="utf-8") as table:
        table.write("61,weather,It rains.,high,palermo-editors,unreviewed\n")
    spoil(sources / f"{SLUG}.toml", 'author = "secretariat"', 'author = "nobody"')
    spoil(ground / "ontology" / "reference" / "meetings.ttl", '"2012-05-30"^^xsd:date', '"2012-05-32"^^xsd:date')
    said = refused(BuildSettings(base, sources, editorial, ground, snapshots))
    for name in ("instrument/smuggling-protocol/article/98", "agent/a-stranger", "theme/weather", "actor/nobody"):
        assert f"{base.iri}id/{name}" in said
    assert "certain" in said
    assert "2012-05-32" in said
    for number in (61, 62, 63):
        assert f"paragraph/{number}" in said
    for line in range(last - 2, last + 1):
        assert f"({SLUG}/concordance.csv, line {line})" in said


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path, base: Base) -> None:
    (tmp_path / base.slug).write_text("a file where a folder must be")
    said: list[str] = []
    assert run_build(settings_for(base, tmp_path), said.append) == 1
    assert said[-1].startswith(f"palermo: File exists: {tmp_path / base.slug}")


def test_the_validation_report_is_published_with_the_graph(published: Path) -> None:
    report = json.loads((published / "validation.json").read_text(encoding="utf-8"))
    assert report["conforms"] is True
    assert report["figures"]["violations"] == 0
    assert {shape["source"].partition("/")[0] for shape in report["shapes"]} >= {"shapes"}
    assert "sh:conforms" in (published / "validation.ttl").read_text(encoding="utf-8")


def test_reference_blank_nodes_keep_their_names(base: Base) -> None:
    first, second = ({str(quad) for quad in reference_quads(Names(base))} for _ in range(2))
    assert first == second
    assert any("_:" in line for line in first)


def test_a_folder_without_documents_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no document"):
        validate(BuildSettings(sources=tmp_path), lambda _: None)


def test_validation_says_what_stops_a_build_and_what_is_in_doubt_or_not_read_and_publishes_nothing(
    tmp_path: Path, base: Base
) -> None:
    for name, content in {
        "sources/lights.md": "# Recommendations on lights\n\n1. States should mark lights.\n\n3. States should tend them.\n"
        "\n5. States should pay.\n",
        "sources/lights.toml": 'slug = "lights"\ntitle = "Recommendations on lights"\nissued = 2030-05-06\nlanguage = "en"\n'
        'issuer = "working-group"\nrecommendations = ["1-5"]\nauthor = "nobody"\n'
        'confirmed = ["gap: paragraph 4 before paragraph 5"]\n',
        "editorial/lights/themes.csv": "recommendation,theme,reasons\n1,pending,\n",
        "editorial/lights/thoughts.txt": "Why?",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    chosen = settings_for(base, tmp_path / "none", tmp_path / "sources", tmp_path / "editorial")
    said: list[str] = []
    assert run_validate(chosen, False, said.append) == 1
    told = "\n".join(said)
    assert "lights.md, line 5: in doubt, gap: paragraph 2 before paragraph 3" in told
    assert "paragraph 4 before paragraph 5" not in told, "Somebody has confirmed it."
    assert "lights: the file thoughts.txt is not read" in told
    assert "lights: themes.csv: the column 'reasons' is not read; the nearest name is 'reason'" in told
    assert f"{base.iri}id/actor/nobody" in told
    assert not (tmp_path / "none").exists()
