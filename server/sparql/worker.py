"""The worker process: reads jobs from a socket, runs them on one store, writes replies.

It is forked from `template` or started by `workers`, isolates itself, and may be killed at any moment; it keeps nothing
that matters. It imports the engine and little else. Its outcome is one of ok, syntax, failed, rows, bytes, memory.
"""

from __future__ import annotations

import os
import resource
import socket
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

from pyoxigraph import NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, Store

from ontology.formats import BY_KEY
from ontology.namespaces import Base
from server.linkeddata.jsonld import read_context
from server.linkeddata.writing import as_xml, write_triples
from server.sparql import isolation
from server.sparql.frames import Reader, pack
from server.sparql.graphs import distinct_triples, table_reply
from server.sparql.tally import Overflow, Tally

_PRIORITY = 5  # behind the server itself and behind workers that are starting
TABLES = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
Reply = tuple[dict[str, Any], bytes]


class Runner:
    """Runs jobs on one store. ``setting`` says which store, the base IRI and the prefixes."""

    def __init__(self, setting: dict[str, Any]) -> None:
        self._base: str = setting["base"]
        self._prefixes: dict[str, str] = setting["prefixes"]
        self._context = read_context(Base(self._base))
        self._store = Store.read_only(setting["store"])

    def answer(self, job: dict[str, Any], text: str) -> Reply:
        """The reply to a job; whatever a query does wrong is in it."""
        started = time.perf_counter()
        try:
            head, body = self._run(job, text)
        except Overflow as over:
            head, body = {"outcome": over.unit}, b""
        except SyntaxError as problem:
            head, body = {"outcome": "syntax", "message": str(problem)}, b""
        except MemoryError:
            head, body = {"outcome": "memory"}, b""
        except (OSError, ValueError, RuntimeError) as problem:
            head, body = {"outcome": "failed", "message": str(problem)}, b""
        head["seconds"] = time.perf_counter() - started
        head["worked"] = time.thread_time()
        head["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return head, body

    def _run(self, job: dict[str, Any], text: str) -> Reply:
        default, named, form, rows = job["default"], job["named"], job["format"], job["rows"]
        chosen = default is not None or named is not None
        results = self._store.query(
            text,
            base_iri=self._base,
            use_default_graph_as_union=not chosen and not job["dataset"],
            default_graph=[NamedNode(graph) for graph in default or ()] if chosen else None,
            named_graphs=[NamedNode(graph) for graph in named or ()] if chosen else None,
        )
        if form == "html":
            return table_reply(results, rows)
        if isinstance(results, QuerySolutions):
            tally = Tally(form, rows, job["size"])
            results.serialize(cast(IO[bytes], tally), format=TABLES[form])
            body, count = tally.close()
            return {"outcome": "ok", "rows": count}, as_xml(body) if form == "xml" else body
        if isinstance(results, QueryBoolean):
            return {"outcome": "ok", "rows": 1}, results.serialize(format=TABLES[form]) or b""
        if isinstance(results, QueryTriples):
            triples = distinct_triples(islice(results, rows + 1))
            if len(triples) > rows:
                raise Overflow("rows")
            body = write_triples(triples, BY_KEY[form], self._prefixes, self._context)
            if len(body) > job["size"]:
                raise Overflow("bytes")
            return {"outcome": "ok", "rows": len(triples)}, body
        raise RuntimeError("The engine gave no result.")


def isolate(setting: dict[str, Any]) -> Callable[[], dict[str, bool]]:
    """Begins the isolation and returns what completes it, for when the store is open."""
    network = isolation.leave_network()
    isolation.allow_deep_stack()

    def complete() -> dict[str, bool]:
        memory = isolation.limit_memory(setting["memory"])
        files, tcp = isolation.restrict_files(Path(setting["store"]))
        return {"network": network or tcp, "memory": memory, "files": files}

    return complete


def serve(channel: socket.socket) -> None:
    """Isolates the process, and serves jobs until the socket closes."""
    reader = Reader()
    runner: Runner | None = None
    while received := channel.recv(1 << 16):
        frame = reader.feed(received)
        if frame is None:
            continue
        head, body = frame
        if runner is None:
            complete = isolate(head)
            runner = Runner(head)
            channel.sendall(pack({"outcome": "ready", "isolation": complete(), "worked": time.thread_time()}))
            os.nice(_PRIORITY)
        else:
            channel.sendall(pack(*runner.answer(head, body.decode())))


def main() -> None:
    """A worker with an interpreter of its own. The first argument is the process id of the parent."""
    isolation.tie_to_parent(int(sys.argv[1]))
    with socket.socket(fileno=os.dup(0)) as channel:
        serve(channel)


if __name__ == "__main__":
    main()
