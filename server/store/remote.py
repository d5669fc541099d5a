"""The store that is an engine elsewhere: one SPARQL 1.1 endpoint, asked over HTTP, with a time limit and without trust.

Queries go as forms (SPARQL 1.1 Protocol §2.1.2), which every engine takes; answers are whole or an error; nothing is
sent twice. Engines differ within the standards' reach and a little beyond: Virtuoso calls a literal ``typed-literal``,
begins the names of blank nodes with ``nodeID://``, writes true as ``1``, answers ASK with a table of one number, cuts
results, and says 500 for what a query did wrong.

StoreBroken  502  it gave an answer that is none: an error of its own, a part, something else than was asked for
StoreAway    503  it cannot be reached, is overloaded or does not hold this version; says when to come back
StoreSlow    504  it did not answer in time
NotAnswered  ---  it refused the query as such    } whoever sent the query
ResultCut    ---  it ends every result somewhere  } knows what that means
"""

# ruff: noqa: N818 (the names say what happened)

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import math
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from http import HTTPStatus
from typing import Any

import httpx2
from prometheus_client import Counter
from pyoxigraph import Literal, QueryResultsFormat, RdfFormat, Triple, parse
from pyoxigraph import parse_query_results as parse_results

from ontology.layout import Version
from ontology.terms import term
from queries.catalogue import Catalogue
from server.integrity import SnapshotPending
from server.snapshot import Snapshot
from server.store.embedded import Results, Store, T
from server.store.versioned import RESERVED, VersionedQuery, for_version
from server.web.errors import PalermoError, Unavailable
from server.web.threads import contained, in_loop

ROWS, TRIPLES = "application/sparql-results+json", "application/n-triples"
_JSON = QueryResultsFormat.JSON
_CONNECT_SECONDS, _WAIT_SECONDS, _IDLE_SECONDS, _TRUST_SECONDS = 2.0, 2.0, 4.0, 10.0
_FAILURES, _FIRST_PAUSE, _LONGEST_PAUSE, _TRIAL_SECONDS = 3, 1.0, 30.0, 15.0
_RETRY_SECONDS, _LONGEST_RETRY = 5, 120
_PARTIAL, _ASKED = "S1TAT", "__ASK_RETVAL"
_VIRTUOSO = re.compile(r"Virtuoso (\w{5}) Error (?:\w+: )?(.*)")
_QUERY_AT_FAULT = ("22", "37", "42")
_LARGE, _MOST = 200_000, 200_000_000  # bytes from which an answer is read in a thread, and of one for a page
_TRUTH = {"0": "false", "1": "true"}
_UNREADABLE = "Its answer cannot be read, or ends too early."
_log = logging.getLogger("palermo.remote")


class StoreBroken(PalermoError):
    """The store gave no usable answer."""

    status = HTTPStatus.BAD_GATEWAY

    def __init__(self, reason: str) -> None:
        super().__init__(f"The store behind this server failed, and nothing of its answer is shown. {reason}")


class StoreAway(Unavailable):
    """The store cannot be asked at the moment."""

    title = "The store is not available at the moment"

    def __init__(self, reason: str, retry_after: int = _RETRY_SECONDS) -> None:
        super().__init__(f"The store behind this server is not available. {reason}", retry_after=retry_after)


class StoreSlow(Unavailable):
    """The store did not answer in time."""

    status = HTTPStatus.GATEWAY_TIMEOUT

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The store behind this server did not answer within {seconds:g} seconds.")


class NotAnswered(Exception):
    """The store read the query and refused it; the message is its own."""


class ResultCut(Exception):
    """The store ends every result at so many rows, and this one has at least as many."""

    def __init__(self, rows: int) -> None:
        super().__init__(f"The store ends results at {rows:,} rows.")
        self.rows = rows


class _Breaker:
    """Leaves an engine that fails alone: after three failures in a row nothing is sent for a second, then one request
    as a trial; each trial that fails doubles the pause, up to 30 seconds, and one that succeeds ends it."""

    def __init__(self) -> None:
        self._failures = 0
        self._pause = 0.0
        self._until = 0.0

    def check(self) -> None:
        """Raises `StoreAway` during a pause; lets one request through when it is over."""
        now = time.monotonic()
        if self._pause and now < self._until:
            raise StoreAway("It is left alone for a moment after it failed.", max(1, math.ceil(self._until - now)))
        self._until = now + _TRIAL_SECONDS

    def heard(self, failed: bool) -> None:
        """Whether the engine failed to answer as an engine should."""
        self._failures = self._failures + 1 if failed else 0
        if not failed:
            self._pause = 0.0
        elif self._failures >= _FAILURES:
            self._pause = min(self._pause * 2, _LONGEST_PAUSE) or _FIRST_PAUSE
            self._until = time.monotonic() + self._pause


class Engine:
    """An endpoint. ``connections`` is how many requests may be under way at once for pages; visitors' queries have as
    many of their own. ``deadline`` is in seconds. All methods belong to one event loop."""

    def __init__(self, endpoint: str, catalogue: Catalogue, connections: int, deadline: float) -> None:
        self._endpoint = endpoint
        self._catalogue = catalogue
        self._deadline = deadline
        limits = httpx2.Limits(max_connections=connections, keepalive_expiry=_IDLE_SECONDS)
        trusted = httpx2.create_ssl_context()
        self._clients = [httpx2.AsyncClient(limits=limits, verify=trusted, trust_env=False) for _ in range(2)]
        self._breaker = _Breaker()
        self._held: dict[str, float] = {}
        self._cut: int | None = None
        self._probed = False

    async def close(self) -> None:
        """Ends all connections."""
        for client in self._clients:
            await client.aclose()

    async def prepare(self, snapshot: Snapshot) -> None:
        """Delays a switch to a new snapshot until the engine holds it: raises `SnapshotPending` until then."""
        try:
            await self.require(Version(snapshot.base, snapshot.version))
        except PalermoError as problem:
            raise SnapshotPending(problem.detail) from problem

    async def require(self, version: Version) -> None:
        """Makes sure that the engine holds all of a version, asking at most every ten seconds. Raises as `ask` does,
        and `StoreAway` when it does not."""
        now = time.monotonic()
        if now - self._held.get(version.name, -_TRUST_SECONDS) < _TRUST_SECONDS:
            return
        self._held.pop(version.name, None)
        try:
            body = await self.rows(VersionedQuery(self._catalogue["is-there-data"].text, (version.record.value,)))
        except NotAnswered as problem:
            raise StoreBroken("It does not understand a simple question.") from problem
        if not parse_results(body, format=_JSON):
            raise StoreAway(f"It does not hold version {version.name} yet, or not any more.")
        self._held[version.name] = now

    async def rows(self, query: VersionedQuery, *, deadline: float | None = None, most: int = _MOST) -> bytes:
        """The result of a SELECT or ASK query, in the JSON of the standard. Raises as `ask` does, and `ResultCut` when
        the engine did not send all."""
        body = await self._ask(query, ROWS, deadline, most)
        return await _read_aside(lambda received: _standard_json(received, self._cut), body)

    async def triples(self, query: VersionedQuery, *, deadline: float | None = None, most: int = _MOST) -> list[Triple]:
        """All triples of a query, each once. Raises as `ask` does, and `ResultCut` when the engine did not send all."""
        body = await self._ask(query, TRIPLES, deadline, most)
        triples = await _read_aside(_triples, body)
        if not self._probed:  # Virtuoso says where it cuts with rows only.
            self._probed = True
            with contextlib.suppress(NotAnswered, StoreSlow):
                await self._ask(VersionedQuery(self._catalogue["row-limit"].text), ROWS, None, _MOST)
        if self._cut is not None and len(triples) >= self._cut:
            raise ResultCut(self._cut)
        return triples

    async def _ask(self, query: VersionedQuery, accept: str, deadline: float | None, most: int) -> bytes:
        """The answer to a query. A ``deadline`` in seconds marks a visitor's query, whose slowness says nothing about
        the engine. Raises the errors of this module, and `OverflowError` for more than ``most`` bytes."""
        self._breaker.check()
        limit = deadline or self._deadline
        try:
            async with asyncio.timeout(limit):
                body = await self._send(query, accept, limit, most, deadline is not None)
        except TimeoutError:
            if deadline is None:
                self._breaker.heard(failed=True)
            raise StoreSlow(limit) from None
        except (StoreBroken, StoreAway):
            self._breaker.heard(failed=True)
            raise
        except (StoreSlow, NotAnswered, OverflowError):
            self._breaker.heard(failed=False)
            raise
        self._breaker.heard(failed=False)
        return body

    async def _send(self, query: VersionedQuery, accept: str, limit: float, most: int, visitor: bool) -> bytes:
        form: dict[str, str | list[str]] = {
            "query": query.text,
            "default-graph-uri": list(query.default_graphs),
            "named-graph-uri": list(query.named_graphs),
        }
        patience = httpx2.Timeout(limit, connect=min(limit, _CONNECT_SECONDS), pool=min(limit, _WAIT_SECONDS))
        client, headers = self._clients[visitor], {"Accept": accept}
        try:
            async with client.stream("POST", self._endpoint, data=form, headers=headers, timeout=patience) as response:
                parts, size = [], 0
                async for part in response.aiter_bytes():
                    parts.append(part)
                    size += len(part)
                    if size > most:
                        raise OverflowError
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            raise StoreAway("It cannot be reached.") from None
        except httpx2.PoolTimeout:
            raise StoreAway("All connections to it are in use.", 1) from None
        except httpx2.TimeoutException:
            raise StoreSlow(limit) from None
        except (httpx2.TransportError, httpx2.DecodingError):
            raise StoreBroken("It ended the connection in the middle.") from None
        body = b"".join(parts)
        self._check(response, body, accept, limit)
        return body

    def _check(self, response: httpx2.Response, body: bytes, accept: str, limit: float) -> None:
        if response.status_code != HTTPStatus.OK:
            raise _failure(response, body, limit)
        if response.headers.get("x-sql-state"):
            raise StoreSlow(limit) if response.headers["x-sql-state"] == _PARTIAL else StoreBroken("It says so.")
        given = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if given != accept:
            raise StoreBroken(f"It answered with {given or 'something'} where {accept} was asked for.")
        cut = response.headers.get("x-sparql-maxrows", "")
        if cut.isdigit():
            self._cut = int(cut)
        if not response.headers.get("server", "").startswith("Virtuoso"):
            self._probed = True


def _failure(response: httpx2.Response, body: bytes, limit: float) -> Exception:
    """What a response whose status is not 200 says. The classes of Virtuoso's SQL states tell what a query did wrong
    (22 data, 37 and 42 syntax, S1T00 time)."""
    text = body[:2_000].decode("utf-8", "replace")
    status = response.status_code
    virtuoso = _VIRTUOSO.search(text)
    if status in (408, 504) or (virtuoso and (virtuoso[1] == "S1T00" or "estimated execution time" in text)):
        return StoreSlow(limit)
    if status in (429, 503):
        asked = response.headers.get("retry-after", "")
        return StoreAway("It is overloaded.", min(int(asked), _LONGEST_RETRY) if asked.isdigit() else _RETRY_SECONDS)
    if status == HTTPStatus.BAD_REQUEST or (virtuoso and virtuoso[1].startswith(_QUERY_AT_FAULT)):
        return NotAnswered(virtuoso[2] if virtuoso else text.strip())
    return StoreBroken(f"It answered with status {status}.")


async def _read_aside(read: Callable[[bytes], T], body: bytes) -> T:
    """What a reader makes of an answer; a long one is read in a thread, so that others do not wait."""
    return read(body) if len(body) < _LARGE else await asyncio.to_thread(contained, read, body)


def _standard_json(body: bytes, cut: int | None) -> bytes:
    """A result as the standard has it (SPARQL 1.1 Query Results JSON Format), without the columns that are ours. Raises
    `StoreBroken` for anything that is not a whole result, and `ResultCut`."""
    try:
        result: dict[str, Any] = json.loads(body)
        if "boolean" in result:
            return json.dumps({"head": {}, "boolean": result["boolean"] is True}).encode()
        columns, rows = result["head"]["vars"], result["results"]["bindings"]
        if columns == [_ASKED]:
            return json.dumps({"head": {}, "boolean": any(row[_ASKED]["value"] != "0" for row in rows)}).encode()
        head = [name for name in columns if not name.startswith(RESERVED)]
        bindings = [{name: _standard_term(row[name]) for name in head if name in row} for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise StoreBroken(_UNREADABLE) from problem
    if cut is not None and len(bindings) >= cut:
        raise ResultCut(cut)
    return json.dumps({"head": {"vars": head}, "results": {"bindings": bindings}}).encode()


def _standard_term(given: dict[str, str]) -> dict[str, str]:
    kind = given["type"]
    changed = {**given, "type": "literal" if kind == "typed-literal" else kind}
    if kind == "bnode":
        changed["value"] = str(given["value"]).removeprefix("nodeID://")
    if given.get("datatype") == term("xsd:boolean").value:
        changed["value"] = _TRUTH.get(given["value"], given["value"])
    return changed


def _triples(body: bytes) -> list[Triple]:
    """Triples from N-Triples, each once. Raises `StoreBroken` when they cannot be read."""
    if body and not body.endswith(b"\n"):
        raise StoreBroken(_UNREADABLE)
    try:
        return list(dict.fromkeys(_with_truth(quad.triple) for quad in parse(body, RdfFormat.N_TRIPLES)))
    except (SyntaxError, ValueError) as problem:
        raise StoreBroken(_UNREADABLE) from problem


def _with_truth(triple: Triple) -> Triple:
    value = triple.object
    if isinstance(value, Literal) and value.datatype == term("xsd:boolean") and value.value in _TRUTH:
        return Triple(triple.subject, triple.predicate, Literal(_TRUTH[value.value], datatype=value.datatype))
    return triple


class RemoteStore(Store):
    """A `Store` on one version in an engine. Raises the errors of this module."""

    def __init__(
        self, snapshot: Snapshot, catalogue: Catalogue, engine: Engine, counted: Callable[[str], Counter]
    ) -> None:
        super().__init__(snapshot.base, catalogue, counted)
        self._engine = engine
        self._graphs = frozenset(graph.value for graph in snapshot.graphs)
        self._version = Version(snapshot.base, snapshot.version)

    def _ask(self, name: str, text: str, read: Callable[[Results], T]) -> T:
        with _refusals(name):
            return read(parse_results(in_loop(self._sent(self._engine.rows, text)), format=_JSON))

    def _triples(self, name: str, text: str) -> list[Triple]:
        with _refusals(name):
            return in_loop(self._sent(self._engine.triples, text))

    async def _sent(self, ask: Callable[[VersionedQuery], Awaitable[T]], text: str) -> T:
        await self._engine.require(self._version)
        return await ask(for_version(text, self._version, self._graphs))


@contextlib.contextmanager
def _refusals(name: str) -> Iterator[None]:
    """A refusal of one of our own queries, and a result that is cut, are faults of the engine."""
    try:
        yield
    except NotAnswered as problem:
        _log.error("question refused by the store", extra={"query": name, "reason": str(problem)})
        raise StoreBroken(f"It does not understand the question '{name}'.") from problem
    except OverflowError:
        raise StoreBroken(f"It sent more than {_MOST:,} bytes.") from None
    except ResultCut as cut:
        _log.error("result cut by the store", extra={"query": name, "rows": cut.rows})
        raise StoreBroken(f"It ends results at {cut.rows:,} rows.") from cut
