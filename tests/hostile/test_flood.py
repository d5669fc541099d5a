"""Two hundred runaway queries at once on the real graph: everybody else goes on reading.

The clients differ by `X-Forwarded-For`, which the server believes from a proxy on its own machine.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import pytest

from ontology.layout import ROOT
from server.settings import Settings
from tests.conftest import free_port, running
from tests.hostile.flooding import RUNAWAYS
from tests.hostile.wire import connect, request
from tests.processes import figure, until

DEADLINE = 2.0


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: status, seconds it took, body, and when to come back."""

    status: int
    seconds: float
    body: str
    retry: str


def ask(base: str, path: str, client: str, patience: float = 30.0) -> Told:
    """One request by a client with an address of its own."""
    place = urlsplit(base)
    started = time.monotonic()
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=patience)
    try:
        connection.request("GET", path, headers={"X-Forwarded-For": client, "Accept": "*/*"})
        reply = connection.getresponse()
        body = reply.read().decode()
        return Told(reply.status, time.monotonic() - started, body, reply.headers.get("retry-after", ""))
    finally:
        connection.close()


def query(text: str) -> str:
    return "/sparql?query=" + quote(text)


@contextlib.contextmanager
def flood(base: str, clients: int, seconds: float) -> Iterator[list[Told]]:
    """Clients that send runaway queries for some seconds; their answers are there at the end."""
    command = [sys.executable, "-m", "tests.hostile.flooding", base, str(clients), str(seconds)]
    answers: list[Told] = []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        yield answers
        written, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    for line in written.splitlines():
        status, taken, retry = json.loads(line)
        answers.append(Told(status, taken, "", retry))


@pytest.fixture(scope="module")
def server(settings: Settings) -> Iterator[str]:
    """A server on the real graph with a short deadline, on a port beside the one of its data."""
    port = str(free_port())
    with running(settings, PORT=port, QUERY_DEADLINE_SECONDS=str(DEADLINE)):
        yield f"http://127.0.0.1:{port}/"


def free_slow_places(server: str) -> float:
    """How many queries that take long could begin at once."""
    return figure(ask(server, "/metrics", "10.0.0.1").body, "palermo_query_places_free_slow ")


@pytest.mark.timing
def test_in_a_flood_of_two_hundred_everybody_else_goes_on_reading(server: str) -> None:
    """Runaways are ended beside queries that take a moment: each of these gets its own right answer."""
    number = time.monotonic_ns() % 1_000_000
    readers: list[tuple[str, Told]] = []
    counted: set[int] = set()
    with flood(server, 200, 3.0) as answers:
        until = time.monotonic() + 3.0
        while time.monotonic() < until:
            number += 1
            for path in (
                "/",
                f"/search?q=border+{number}",
                query(f"SELECT ({number} AS ?n) {{ <{server}x{number}> ?p ?o }} GROUP BY ?s"),
                "/health/ready",
            ):
                readers.append((path, ask(server, path, "10.9.9.9")))
            count = query(f"SELECT (COUNT(*) + {number} AS ?n) {{ ?s a ?class }}")
            readers.append((count, ask(server, count, "10.8.8.8")))
            found = re.search(r'"value":"(\d+)"', readers[-1][1].body)
            counted.add(int(found[1]) - number if found else -1)
            time.sleep(0.1)
    assert len(readers) >= 5  # Each kind was asked for, whatever else the machine had to do.
    assert not [(path, told.status) for path, told in readers if told.status != 200]
    assert len(counted) == 1
    refused = [told for told in answers if told.status == 503]
    assert {told.status for told in answers} <= {503, 504, 400}
    assert len(refused) > 200
    assert all(int(told.retry) >= 1 for told in refused)


def test_one_client_has_a_share_and_no_more(settings: Settings) -> None:
    """With two queries of one client that run long, its third gets 429; another client's is answered."""
    port = str(free_port())
    with running(settings, PORT=port, CLIENT_QUERIES="2", QUERY_SLOW_PLACES="4", QUERY_DEADLINE_SECONDS="60"):
        beside = f"http://127.0.0.1:{port}/"
        free = free_slow_places(beside)
        with contextlib.ExitStack() as stack:
            for number in range(2):
                runaway = request(query(RUNAWAYS[0] % number), "X-Forwarded-For: 10.6.6.6")
                stack.enter_context(connect(beside)).sendall(runaway)
            until(lambda: free_slow_places(beside) == free - 2, "that both have slow places")
            third = ask(beside, query("SELECT (3 AS ?n) {}"), "10.6.6.6")
            other = ask(beside, query("SELECT (4 AS ?n) {}"), "10.6.6.7")
            page = ask(beside, "/", "10.6.6.6")
        assert (third.status, other.status, page.status) == (429, 200, 200)
        assert int(third.retry) >= 1
        until(
            lambda: ask(beside, query("SELECT (5 AS ?n) {}"), "10.6.6.6").status == 200, "that its share is free again"
        )


@pytest.mark.timing
def test_a_busy_client_of_quick_queries_is_served(server: str) -> None:
    """By default: thirty look-ups at once from one address are all answered."""
    with ThreadPoolExecutor(30) as pool:
        queries = (query(f"SELECT ({number} AS ?n) {{}}") for number in range(30))
        assert {told.status for told in pool.map(lambda target: ask(server, target, "10.5.5.5"), queries)} == {200}


def test_of_two_runaways_of_a_client_one_runs_and_the_other_is_told_so(settings: Settings) -> None:
    """By default; the first goes on for longer than any query waits for its place."""
    port = str(free_port())
    with running(settings, PORT=port, QUERY_DEADLINE_SECONDS="60"):
        beside = f"http://127.0.0.1:{port}/"
        free = free_slow_places(beside)
        with connect(beside) as connection:
            connection.sendall(request(query(RUNAWAYS[0] % 0), "X-Forwarded-For: 10.5.5.6"))
            until(lambda: free_slow_places(beside) < free, "that the first runaway has a slow place")
            taken = free_slow_places(beside)
            second = ask(beside, query(RUNAWAYS[1] % 1), "10.5.5.6")
            assert second.status == 429
            assert "long" in second.body
            assert free_slow_places(beside) == taken


LOADS: dict[str, Callable[[int], bytes]] = {
    "pages": lambda n: request(f"/doc/document/som-wg-2015?{n}", KEEP),
    "searches of one letter": lambda n: request(f"/search?q={'+'.join('a' * 245)}+{n}", KEEP),
    "forms of a megabyte": lambda n: request("/sparql", KEEP, FORM, method="POST", body=b"a=1&" * 250_000 + b"%d" % n),
    "look-ups": lambda n: request(query(f"SELECT ({n} AS ?n) {{}}"), KEEP),
    "runaways": lambda n: request(query(RUNAWAYS[n % 4] % n), KEEP, f"X-Forwarded-For: 10.2.{n % 9}.{n % 250}"),
    "one page from memory": lambda _: request("/", KEEP),
}
KEEP, FORM = "Connection: keep-alive", "Content-Type: application/x-www-form-urlencoded"
TIMES_AS_LONG = 50
"""What a load may do to health, which alone takes two milliseconds: a tenth of a second."""


def seconds_of_health(server: str) -> float:
    """How long an answer about health takes, in the middle of many."""
    taken = []
    for _ in range(15):
        taken.append(ask(server, "/health/ready", "10.9.9.8").seconds)
        time.sleep(0.01)
    return statistics.median(taken)


@pytest.mark.timing
@pytest.mark.parametrize("load", LOADS)
def test_health_answers_under_any_load(server: str, load: str) -> None:
    alone, over = seconds_of_health(server), threading.Event()

    def send(number: int) -> None:
        while not over.is_set():
            with contextlib.suppress(OSError), connect(server) as connection:
                connection.settimeout(0.3)
                while not over.is_set():
                    number += 1_000
                    connection.sendall(LOADS[load](number))
                    connection.recv(65_536)

    with ThreadPoolExecutor(16) as pool:
        pool.map(send, range(16))
        try:
            loaded = seconds_of_health(server)
        finally:
            over.set()
    assert loaded < TIMES_AS_LONG * alone


def seconds_of_pages(server: str, client: str) -> float:
    """How long a page takes that no cache holds, in the middle of many."""
    number = time.monotonic_ns()
    return statistics.median(ask(server, f"/search?q=border+{number + n}", client).seconds for n in range(15))


@pytest.mark.timing
def test_a_client_of_thirty_two_connections_leaves_pages_to_others(server: str) -> None:
    alone, over = seconds_of_pages(server, "10.3.3.1"), threading.Event()

    def send(number: int) -> None:
        while not over.is_set():
            number += 1_000
            ask(server, f"/search?q=migrants+{number}", "10.3.3.2")

    with ThreadPoolExecutor(32) as pool:
        sent = pool.map(send, range(32))
        try:
            beside = seconds_of_pages(server, "10.3.3.1")
        finally:
            over.set()
        list(sent)
    assert beside < 5 * alone
