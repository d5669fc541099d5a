"""A small SPARQL engine over HTTP, for the server to stand in front of: one store, the query operation, and bad behaviour
on request. It is a real engine behind a real socket; what it cannot do is last."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

from pyoxigraph import NamedNode, Quad, QueryResultsFormat, QueryTriples, RdfFormat, Store, parse, serialize

from ontology.layout import Version
from server.snapshot import Snapshot

JSON = "application/sparql-results+json"


@dataclass(slots=True)
class Behaviour:
    """How the engine behaves next: a status instead of an answer, a pause, fewer bytes than it says, fewer bytes that it
    admits to, another type, further headers."""

    status: int = 200
    body: bytes = b""
    seconds: float = 0.0
    lose: int = 0
    short: int = 0
    type: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class SmallEngine:
    """A running engine: its address, what it was asked, how it is to behave, and how many it had to answer at once."""

    store: Store
    address: str = ""
    behaviour: Behaviour = field(default_factory=Behaviour)
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    now: int = 0
    most: int = 0

    def load(self, snapshot: Snapshot) -> Version:
        """Holds a snapshot's graphs under the names of its version."""
        version = Version(snapshot.base, snapshot.version)
        for name in ("graph.nq", "catalogue.nq"):
            for quad in parse((snapshot.folder / Path(name)).read_bytes(), RdfFormat.N_QUADS):
                assert isinstance(quad.graph_name, NamedNode)
                self.store.add(Quad(*quad.triple, version.graph(quad.graph_name.value)))
                self.store.add(Quad(*quad.triple, version.everything))
        for triple in version.statements("2026-11-24T12:00:00Z", snapshot.graphs):
            self.store.add(Quad(*triple, version.record))
        return version

    def answer(self, form: dict[str, list[str]], accept: str) -> tuple[int, str, bytes]:
        """Status, type and body for a query."""
        graphs = {
            "default_graph": [NamedNode(iri) for iri in form.get("default-graph-uri", [])] or None,
            "named_graphs": [NamedNode(iri) for iri in form.get("named-graph-uri", [])],
        }
        try:
            results = self.store.query(form["query"][0], **graphs)
        except SyntaxError as problem:
            return 400, "text/plain", str(problem).encode()
        if isinstance(results, QueryTriples):
            return 200, accept, serialize(results, format=RdfFormat.N_TRIPLES)
        return 200, JSON, results.serialize(format=QueryResultsFormat.JSON) or b""


@contextmanager
def small_engine() -> Iterator[SmallEngine]:
    """A small engine with an empty store."""
    engine = SmallEngine(Store())

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = parse_qs(body)
            engine.asked.append(form)
            behaviour = engine.behaviour
            engine.now += 1
            engine.most = max(engine.most, engine.now)
            time.sleep(behaviour.seconds)
            engine.now -= 1
            status, kind, answer = engine.answer(form, self.headers["accept"])
            if behaviour.status != 200:
                status, kind, answer = behaviour.status, "text/plain", behaviour.body
            answer = answer[: len(answer) - behaviour.short]
            self.send_response(status)
            for name, value in {"Content-Type": behaviour.type or kind, **behaviour.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer[: len(answer) - behaviour.lose])
            if behaviour.lose:
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    engine.address = f"http://127.0.0.1:{server.server_address[1]}/sparql"
    try:
        yield engine
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
