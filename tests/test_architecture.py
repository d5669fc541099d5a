"""The shape of the project: which room knows which, where IRIs and queries stand, how long a module may be."""

from __future__ import annotations

import ast
import functools
import os
import re
from pathlib import Path

import pytest

from ontology.layout import ROOT
from tests.figures import circles, import_graph

MAY_KNOW = {
    "palermo": {"ingest", "server", "ontology"},
    "ingest": {"shapes", "queries", "ontology"},
    "server": {"shapes", "queries", "ontology"},
    "shapes": {"queries", "ontology"},
    "queries": {"ontology"},
    "ontology": set(),
}
"""The floors, top down. The snapshot on disk is all that `ingest` and `server` share; `shapes` reads its checks there."""

NOT_OURS = {".git", ".venv", "var", "node_modules", "vendor", ".hypothesis", ".mypy_cache", ".pytest_cache"}
NOT_OURS |= {".ruff_cache", "__pycache__"}
MODULES = sorted(
    path for room in MAY_KNOW for path in (*ROOT.glob(f"{room}.py"), *(ROOT / room).rglob("*.py"))
    if NOT_OURS.isdisjoint(path.parts)
)  # fmt: skip
LONGEST, SHORTEST = 400, 60
SHORT = {
    "ingest/doubts.py": "what readers of every format raise",
    "ingest/errors.py": "what every step of the build raises",
    "ingest/extraction/findings.py": "the values that all rules return",
    "ingest/judged_texts.py": "for tables, corrections and reviewers alike",
    "ingest/layout.py": "lines that no format reads as words",
    "ontology/differences.py": "one comparison, for build and server",
    "ontology/turtle.py": "the one reader of Turtle, for build, shapes and tests",
    "queries/prologue.py": "one reading, for gate, hints, command and engines elsewhere",
    "server/cache.py": "the one cache, for all parts of the server",
    "server/running.py": "how the process is started",
    "ontology/version.py": "the version, for build of pages, metrics and command",
    "server/web/health.py": "three routes for machines",
}
"""Files under `SHORTEST` lines that are not part of another, each with its reason."""

IRI = re.compile(r"https?://\w[^\s\"'<>]*")
IRIS_ELSEWHERE = {("server/pages/home.py", "https://creativecommons.org/licenses/by/4.0/")}
"""The exceptions, which may move down as well."""

QUERY = re.compile(r"\b(SELECT|CONSTRUCT|ASK|DESCRIBE)\b[^{}]*\{[^}]*\?\w+")
QUERIES_SHOWN = {"server/pages/queries.py"}
"""The example in the empty query editor: text for a reader to change, run by nobody as it is."""


def name(path: Path) -> str:
    """The path as people write it."""
    return path.relative_to(ROOT).as_posix()


@functools.cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a module, which every rule looks at."""
    return ast.parse(path.read_text(encoding="utf-8"))


@functools.cache
def texts(path: Path) -> list[str]:
    """All text literals of a module except docstrings: pieces of one f-string apart."""
    nodes = list(ast.walk(parsed(path)))
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    constants = (node for node in nodes if isinstance(node, ast.Constant) and id(node) not in docstrings)
    return [node.value for node in constants if isinstance(node.value, str)]


def committed_files() -> list[Path]:
    """Every file of the project: what is not set up, built or kept by a tool."""
    found: list[Path] = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = sorted(set(folders) - NOT_OURS)
        found += [Path(folder, file) for file in files if file not in NOT_OURS]
    return found


@pytest.fixture(scope="module")
def imported() -> dict[str, set[str]]:
    """For each module the modules it imports, those under `TYPE_CHECKING` and inside functions too."""
    return import_graph()


def test_a_module_imports_only_from_its_own_room_and_the_floors_below(imported: dict[str, set[str]]) -> None:
    for module, found in imported.items():
        room = module.partition(".")[0]
        assert {name.partition(".")[0] for name in found} <= MAY_KNOW[room] | {room}, module


def test_no_module_imports_itself_by_way_of_others(imported: dict[str, set[str]]) -> None:
    assert circles(imported) == []


def test_what_answers_http_knows_nothing_of_what_is_answered(imported: dict[str, set[str]]) -> None:
    above = ("server.sparql", "server.linkeddata", "server.pages")
    web = {name for module, found in imported.items() if module.startswith("server.web") for name in found}
    assert {name for name in web if name.startswith(above)} == set()


def test_iris_are_written_in_the_ontology_only() -> None:
    found = {
        (name(path), iri)
        for path in MODULES
        if path.parent.name != "ontology"
        for text in texts(path)
        for iri in IRI.findall(text)
    }
    assert found - IRIS_ELSEWHERE == set()


def test_no_query_is_written_in_code() -> None:
    assert {name(path) for path in MODULES if any(QUERY.search(text) for text in texts(path))} == QUERIES_SHOWN


def test_a_module_is_short_enough_to_be_one_idea_and_says_which() -> None:
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= LONGEST, name(path)
        assert ast.get_docstring(parsed(path)), name(path)
        assert not {"utils", "helpers", "common", "manager"} & {path.stem, path.parent.name}, name(path)


def test_a_file_is_worth_opening_or_has_a_reason_to_be_short() -> None:
    short = {name(path) for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) < SHORTEST}
    without = {path for path in short - set(SHORT) if not path.endswith("__init__.py")}
    assert without == set(), "Merge them with what uses them, or say in SHORT why not."
    gone = {path for path in SHORT if not (ROOT / path).is_file()}
    assert gone == set(), "These have gone: take them out of SHORT."


def test_every_folder_says_what_it_is_for() -> None:
    holding = {path.parent for path in committed_files() if not path.relative_to(ROOT).parts[0].startswith(".")}
    folders = {above for folder in holding for above in (folder, *folder.parents) if ROOT in above.parents}
    rooms = {folder for folder in folders if name(folder).count("/") < 2 or not name(folder).startswith("tests/")}
    silent = [name(folder) for folder in sorted(rooms) if not _speaks(folder)]
    assert silent == []


def _speaks(folder: Path) -> bool:
    """Whether a README or docstring stands in a folder, or that of a folder above names it."""
    module = folder / "__init__.py"
    if (folder / "README.md").is_file() or (module.is_file() and ast.get_docstring(ast.parse(module.read_text()))):
        return True
    for above in folder.parents[: len(folder.relative_to(ROOT).parts)]:
        marks = (f"{folder.name}/", f"{folder.relative_to(above).as_posix()}/")
        says = (above / said for said in ("README.md", "CONTRIBUTING.md", "__init__.py"))
        said = "".join(text.read_text(encoding="utf-8") for text in says if text.is_file())
        if any(mark in said for mark in marks):
            return True
    return False


def test_nothing_that_is_committed_names_the_place_where_it_was_made() -> None:
    marks = tuple(mark.encode() for mark in ("/wor" + "k/", "../sha" + "red", ".libr" + "ary/"))
    guilty = [name(path) for path in committed_files() if any(mark in path.read_bytes() for mark in marks)]
    assert guilty == []


def test_nothing_is_left_undone_or_skipped() -> None:
    marks = re.compile(r"\bTO" + r"DO\b|\bFIX" + r"ME\b|mark\.sk" + r"ip(?:if)?\b|unittest\.mo" + "ck")
    python = [path for path in committed_files() if path.suffix == ".py"]
    assert [name(path) for path in python if marks.search(path.read_text(encoding="utf-8"))] == []


def test_no_two_test_files_outside_packages_have_one_name() -> None:
    """pytest imports them by their name alone, and stops at the second before any test has run."""
    tests = [path for path in committed_files() if re.fullmatch(r"test_.*\.py", path.name)]
    alone = sorted(path.name for path in tests if not (path.parent / "__init__.py").is_file())
    assert sorted(set(alone)) == alone
