"""Prints the figures of the house: lines and files, modules that a request enters, circles between modules."""

from __future__ import annotations

import ast
import functools
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import FrameType

from starlette.testclient import TestClient

from ingest.build import build
from ingest.corpus import BuildSettings
from ontology.layout import ROOT
from ontology.namespaces import Base
from server.app import create_app
from server.settings import Settings

PRODUCT = ("ontology", "queries", "shapes", "ingest", "server", "palermo.py")
ENDPOINT = ("server/sparql", "server/store/remote.py", "server/store/versioned.py")
REQUESTS = (
    ("a 303 from /id/…", "/id/actor/unodc"),
    ("a recommendation's page", "/doc/document/som-wg-2015/paragraph/24"),
    ("a SPARQL look-up", "/sparql?query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+1"),
)


def modules(*places: str) -> list[Path]:
    """The Python files at or below some places, without what is installed there."""
    found = (path for place in places for path in (ROOT / place).rglob("*.py") if "node_modules" not in path.parts)
    return sorted({*found, *(ROOT / place for place in places if place.endswith(".py"))})


def lines(paths: Iterable[Path]) -> int:
    """The lines of files, empty ones too."""
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


def imports(path: Path, known: Iterable[str]) -> Iterator[str]:
    """Which of the known modules a file imports: anywhere in it, for types only as well."""
    names = set(known)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        found: list[str] = []
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import; imports here say the whole name."
            found = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from {name if name in names else name.rpartition(".")[0] for name in found} & names


@functools.cache
def import_graph() -> dict[str, set[str]]:
    """Each module of the product and those it imports, by dotted name."""
    names = ((path.relative_to(ROOT).with_suffix("").parts, path) for path in modules(*PRODUCT))
    paths = {".".join(parts).removesuffix(".__init__"): path for parts, path in names}
    return {name: set(imports(path, paths)) - {name} for name, path in paths.items()}


def circles(graph: Mapping[str, set[str]]) -> list[set[str]]:
    """The sets of modules that import each other, directly or by way of others (Tarjan 1972)."""
    found: list[set[str]] = []
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_names: list[str] = []

    def visit(name: str) -> None:
        number[name] = lowest[name] = len(number)
        open_names.append(name)
        for other in sorted(graph[name]):
            if other not in number:
                visit(other)
            if other in open_names:
                lowest[name] = min(lowest[name], lowest[other])
        if lowest[name] == number[name]:
            start = open_names.index(name)
            if len(open_names) - start > 1:
                found.append(set(open_names[start:]))
            del open_names[start:]

    for name in graph:
        if name not in number:
            visit(name)
    return found


class Trace:
    """Notes which modules of the product are entered, in threads started after it was made, while it is on."""

    def __init__(self) -> None:
        self.on = False
        self.entered: set[str] = set()
        self._ours = {str(path) for path in modules(*PRODUCT)}
        threading.setprofile(self._note)

    def _note(self, frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if self.on and event == "call" and code.co_filename in self._ours and code.co_name != "<module>":
            self.entered.add(Path(code.co_filename).relative_to(ROOT).as_posix())

    def modules_of(self, client: TestClient, path: str) -> set[str]:
        """The modules that one request enters, without those of worker processes. Its answer was not cached before."""
        self.on = True
        self._wait_until_quiet()
        status = client.get(path, headers={"Accept": "text/html, application/sparql-results+json"}).status_code
        self.on = False
        assert status in {200, 303}, f"{path}: {status}"
        return self.entered

    def _wait_until_quiet(self) -> None:
        """Returns when nothing was entered for a moment: workers are started and looked after in the background."""
        entered: set[str] | None = None
        while entered != set():
            self.entered = set()
            time.sleep(0.2)
            entered = self.entered


def modules_entered(settings: Settings) -> dict[str, set[str]]:
    """The modules that each of `REQUESTS` enters, by its name."""
    trace = Trace()
    try:
        with TestClient(create_app(settings), follow_redirects=False) as client:
            client.get("/health/live")
            return {name: trace.modules_of(client, path) for name, path in REQUESTS}
    finally:
        threading.setprofile(None)


def figures(settings: Settings) -> Iterator[tuple[str, str]]:
    """Each figure's name and value."""
    product, endpoint, tests = modules(*PRODUCT), modules(*ENDPOINT), modules("tests")
    yield "product Python", f"{lines(product):,} lines, {len(product)} files"
    yield "of it server/sparql and the engine elsewhere", f"{lines(endpoint):,} lines, {len(endpoint)} files"
    yield "tests", f"{lines(tests):,} lines, {len(tests)} files"
    yield "longest module", f"{max(lines([path]) for path in product)} lines"
    yield "modules under 60 lines", str(sum(lines([path]) < 60 for path in product if path.name != "__init__.py"))
    for name, entered in modules_entered(settings).items():
        yield f"own modules that {name} enters", str(len(entered))
        if "--names" in sys.argv:
            yield "", " ".join(sorted(entered))
    found = circles(import_graph())
    yield "circles between modules", str(len(found))
    yield from (("", " ".join(sorted(circle))) for circle in found)


def main() -> None:
    """Builds the real document in a folder of its own and prints the figures, a line each."""
    with tempfile.TemporaryDirectory() as folder:
        base = Base("http://localhost:8000/")
        build(BuildSettings(base=base, snapshots=Path(folder)), lambda _: None)
        settings = Settings(base=base.iri, snapshots=Path(folder), log_level="error", snapshot_poll_seconds=600)
        for name, value in figures(settings):
            print(f"{name:<50}{value}")


if __name__ == "__main__":
    main()
