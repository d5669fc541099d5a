"""A server of one process as it starts: one copy of the graph, and query workers that have nothing else of the server's."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, Popen, run
from typing import NamedTuple

import httpx2
import pytest

from ontology.layout import ROOT
from ontology.namespaces import Base
from server.settings import Settings
from tests.conftest import free_port, process_of, publish_small
from tests.processes import PATIENCE, await_answer, started, until

pytestmark = pytest.mark.linux
SECRET = "what only the server is told"
MORE = '<graph/reference> { <id/actor/new> a <ontology#Actor> ; <http://www.w3.org/2000/01/rdf-schema#label> "New" . }'
JOIN = "SELECT ?label { ?thing a ?type ; <http://www.w3.org/2000/01/rdf-schema#label> ?label FILTER(?label != '%s') }"


class Serving(NamedTuple):
    """A server, its base and its snapshots folder."""

    process: Popen[bytes]
    base: Base
    root: Path

    def children(self) -> list[int]:
        """The template of query workers and those that it forked."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return sorted(int(child) for task in tasks for child in task.read_text().split())

    def forked(self) -> list[int]:
        """Those that never were a program of their own."""
        return [child for child in self.children() if command(child) == command(self.process.pid)]

    def joined(self) -> int:
        """How many rows a worker finds; -1 when it ended meanwhile."""
        asked = {"query": JOIN % os.urandom(4).hex()}  # another query each time, which no cache answers
        answer = httpx2.get(f"{self.base.iri}sparql", params=asked, headers={"Accept": "text/csv"}, timeout=60)
        return len(answer.text.splitlines()) - 1 if answer.status_code == 200 else -1


def command(pid: int) -> bytes:
    """The program of a process and its arguments; nothing when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """One server for the tests that follow: its workers are forked, then others take their place, then it is interrupted."""
    tmp_path = tmp_path_factory.mktemp("serving")
    base = Base(f"http://localhost:{free_port()}/")
    publish_small(tmp_path, base)
    port = base.iri.rstrip("/").rpartition(":")[2]
    started_by = [sys.executable, str(ROOT / "palermo.py"), "serve", "--base", base.iri, "--port", port]
    given = os.environ | {"PALERMO_SNAPSHOTS": str(tmp_path), "PALERMO_SNAPSHOT_POLL_SECONDS": "0.1", "TOLD": SECRET}
    with (
        (tmp_path / "said").open("wb") as said,
        started(started_by, f"{base.iri}health/ready", given, output=said) as process,
    ):
        yield Serving(process, base, tmp_path)


def memory_of(pid: int) -> bytes:
    """All that a process has written."""
    found = []
    with Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            place, rights, *_ = line.split()
            if rights.startswith("rw"):
                start, end = (int(number, 16) for number in place.split("-"))
                memory.seek(start)
                found.append(memory.read(end - start))
    return b"".join(found)


def test_workers_are_forked_from_the_server_and_have_none_of_its_files_or_secrets(serving: Serving) -> None:
    until(lambda: len(serving.forked()) == 3, "The start of two workers")
    assert SECRET.encode() in memory_of(serving.process.pid)
    for pid in serving.forked():
        opened = {str(handle.readlink()) for handle in Path(f"/proc/{pid}/fd").iterdir()}
        kinds = sorted(target.partition(":")[0] for target in opened)
        assert kinds in (["/dev/null", "socket"], ["/dev/null", "pipe", "socket"]), opened
        assert not Path(f"/proc/{pid}/environ").read_bytes().strip(b"\0")
        if "pipe" not in kinds:  # the template, of which workers have what they have
            assert SECRET.encode() not in memory_of(pid)


def test_the_server_and_its_workers_have_one_copy_of_the_graph(settings: Settings) -> None:
    with process_of(settings, PORT=str(free_port())) as process:
        told = Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
        shared = next(int(line.split()[1]) * 1024 for line in told if line.startswith("Shared_Dirty:"))
    assert shared > (settings.folder / "current" / "graph.nq").stat().st_size, "in memory it is larger than in the file"


def test_another_template_takes_the_place_of_the_first(serving: Serving) -> None:
    until(lambda: len(serving.forked()) == 3, "The start of two workers")
    for pid in serving.children():
        os.kill(pid, signal.SIGKILL)
    until(lambda: serving.joined() > 0, "The start of others")
    assert not serving.forked()


def test_queries_are_answered_from_a_snapshot_that_comes_later(serving: Serving) -> None:
    rows, first = serving.joined(), set(serving.children())
    source = serving.root / "more.trig"
    source.write_text((ROOT / "tests" / "server" / "small.trig").read_text() + MORE)
    fresh = publish_small(serving.root, serving.base, source).name
    await_answer(f"{serving.base.iri}health/ready", f"ready {fresh}\n", serving.process)
    assert serving.joined() == rows + 1
    until(lambda: not first & set(serving.children()), "The end of the first workers")


def test_a_server_says_where_it_serves_and_ends_without_a_traceback_when_it_is_interrupted(serving: Serving) -> None:
    """Last of those on this server."""
    serving.process.send_signal(signal.SIGINT)
    assert serving.process.wait(timeout=PATIENCE) == 0
    said = (serving.root / "said").read_text(encoding="utf-8")
    assert f"Serving {serving.base.iri} at http://127.0.0.1:" in said
    assert "Traceback" not in said


def test_a_server_that_is_interrupted_while_it_starts_ends_without_a_traceback(tmp_path: Path) -> None:
    base = Base(f"http://localhost:{free_port()}/")
    publish_small(tmp_path, base)
    folder = ["--snapshots", str(tmp_path), "--port", base.iri.rstrip("/").rpartition(":")[2]]
    with Popen(
        [sys.executable, str(ROOT / "palermo.py"), "serve", "--base", base.iri, *folder], stderr=PIPE
    ) as process:
        program = Path(f"/proc/{process.pid}")
        until(
            lambda: b"palermo serve" in command(process.pid) and "pyoxigraph" in (program / "maps").read_text(),
            "The interpreter that becomes a server",
        )
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE)
    assert (process.returncode, b"Traceback" in said) == (-signal.SIGINT, False), said


def test_a_server_waits_for_no_pipe_in_place_of_the_graph_that_it_reads_first(tmp_path: Path) -> None:
    base = Base(f"http://localhost:{free_port()}/")
    graph = publish_small(tmp_path, base) / "graph.nq"
    graph.unlink()
    os.mkfifo(graph)
    asked = [sys.executable, str(ROOT / "palermo.py"), "serve", "--base", base.iri, "--snapshots", str(tmp_path)]
    port = base.iri.rstrip("/").rpartition(":")[2]
    done = run([*asked, "--port", port], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, f"palermo: {graph} is no file." in done.stderr) == (2, True), done.stderr
