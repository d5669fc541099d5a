"""The engine: one SPARQL 1.1 endpoint elsewhere, asked over HTTP, with a time limit and without trust in its answers.

Queries go as forms (SPARQL 1.1 Protocol §2.1.2), which every engine takes; answers are whole or an error. Nothing is
sent twice: who asks again is the reader.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import httpx2
from pyoxigraph import Triple

from ontology.versions import Version
from queries.catalogue import Catalogue
from server.remote.breaker import Breaker
from server.remote.failures import NotAnswered, ResultCut, StoreAway, StoreBroken, StoreSlow, failure_of
from server.remote.results import Rows, read_rows, read_triples
from server.remote.text import RemoteText
from server.snapshot import Snapshot, SnapshotPending
from server.web.errors import PalermoError

ROWS = "application/sparql-results+json"
TRIPLES = "application/n-triples"
_CONNECT_SECONDS = 2.0
_WAIT_SECONDS = 2.0
_IDLE_SECONDS = 4.0
_TRUST_SECONDS = 10.0
_PARTIAL = "S1TAT"
_LARGE = 200_000
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer. ``cut`` is where the engine says it ends results, in rows; ``virtuoso`` whether it is one."""

    body: bytes
    cut: int | None
    virtuoso: bool


class Engine:
    """An endpoint. ``connections`` is how many requests may be under way at once for pages; visitors' queries have as
    many of their own. ``deadline`` is in seconds. All methods belong to one event loop."""

    def __init__(self, endpoint: str, catalogue: Catalogue, connections: int, deadline: float) -> None:
        self._endpoint = endpoint
        self._catalogue = catalogue
        self._connections = connections
        self._deadline = deadline
        self._clients: dict[bool, httpx2.AsyncClient] = {}
        self._breaker = Breaker(time.monotonic)
        self._held: dict[str, float] = {}
        self._cut: int | None = None
        self._probed = False

    async def close(self) -> None:
        """Ends all connections."""
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    async def prepare(self, snapshot: Snapshot) -> None:
        """Has a switch to a new snapshot wait until the engine holds it. Raises `SnapshotPending` until then."""
        try:
            await self.stand_on(Version(snapshot.base, snapshot.version))
        except PalermoError as problem:
            raise SnapshotPending(problem.detail) from problem

    async def rows(self, query: RemoteText, *, deadline: float | None = None, most: int | None = None) -> Rows:
        """All rows of a query. Raises as `ask` does, and `ResultCut` when the engine did not send all."""
        reply = await self.ask(query, ROWS, deadline=deadline, most=most)
        rows = await _read_aside(read_rows, reply.body)
        if reply.cut is not None and len(rows.rows) >= reply.cut:
            raise ResultCut(reply.cut)
        return rows

    async def triples(
        self, query: RemoteText, *, deadline: float | None = None, most: int | None = None
    ) -> list[Triple]:
        """All triples of a query. Raises as `ask` does, and `ResultCut` when the engine did not send all."""
        reply = await self.ask(query, TRIPLES, deadline=deadline, most=most)
        triples = await _read_aside(read_triples, reply.body)
        if reply.virtuoso and not self._probed:
            self._probed = True
            probe = RemoteText(self._catalogue["row-limit"].text, (), ())
            with contextlib.suppress(NotAnswered, StoreSlow):
                await self.ask(probe, ROWS)
        if self._cut is not None and len(triples) >= self._cut:
            raise ResultCut(self._cut)
        return triples

    async def stand_on(self, version: Version) -> None:
        """Makes sure that the engine holds all of a version, asking at most every ten seconds. Raises as `ask` does,
        and `StoreAway` when it does not."""
        now = time.monotonic()
        if now - self._held.get(version.name, -_TRUST_SECONDS) < _TRUST_SECONDS:
            return
        self._held.pop(version.name, None)
        question = RemoteText(self._catalogue["is-there-data"].text, (version.record.value,), ())
        try:
            found = await self.rows(question)
        except NotAnswered as problem:
            raise StoreBroken("It does not understand a simple question.") from problem
        if not found.boolean:
            raise StoreAway(f"It does not hold version {version.name} yet, or not any more.")
        self._held[version.name] = now

    def forget(self) -> None:
        """Has the next `stand_on` ask again."""
        self._held.clear()

    async def ask(
        self, query: RemoteText, accept: str, *, deadline: float | None = None, most: int | None = None
    ) -> Reply:
        """The answer to a query. A ``deadline`` in seconds marks a visitor's query, whose slowness says nothing about
        the engine. Raises `StoreBroken`, `StoreAway`, `StoreSlow`, `NotAnswered`, and `OverflowError` for an answer of
        more than ``most`` bytes."""
        self._breaker.check()
        limit = deadline or self._deadline
        form: dict[str, str | list[str]] = {
            "query": query.text,
            "default-graph-uri": list(query.default_graphs),
            "named-graph-uri": list(query.named_graphs),
        }
        try:
            async with asyncio.timeout(limit):
                reply = await self._send(form, accept, limit, most, deadline is not None)
        except TimeoutError:
            if deadline is None:
                self._breaker.failed()
            raise StoreSlow(limit) from None
        except (StoreBroken, StoreAway):
            self._breaker.failed()
            raise
        except (StoreSlow, NotAnswered, OverflowError):
            self._breaker.succeeded()
            raise
        self._breaker.succeeded()
        return reply

    async def _send(
        self, form: Mapping[str, str | list[str]], accept: str, limit: float, most: int | None, visitor: bool
    ) -> Reply:
        request = self._client(visitor).build_request(
            "POST", self._endpoint, data=form, headers={"Accept": accept}, timeout=self._patience(limit)
        )
        try:
            response = await self._client(visitor).send(request, stream=True)
            try:
                body = await _read(response, most)
            finally:
                await response.aclose()
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            raise StoreAway("It cannot be reached.") from None
        except httpx2.PoolTimeout:
            raise StoreAway("All connections to it are in use.", 1) from None
        except httpx2.TimeoutException:
            raise StoreSlow(limit) from None
        except (httpx2.TransportError, httpx2.DecodingError):
            raise StoreBroken("It ended the connection in the middle.") from None
        if response.status_code != 200:
            raise failure_of(response, body, limit)
        if response.headers.get("x-sql-state"):
            raise StoreSlow(limit) if response.headers["x-sql-state"] == _PARTIAL else StoreBroken("It says so.")
        given = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if given != accept:
            raise StoreBroken(f"It answered with {given or 'something'} where {accept} was asked for.")
        cut = response.headers.get("x-sparql-maxrows", "")
        if cut.isdigit():
            self._cut = int(cut)
        return Reply(body, self._cut, response.headers.get("server", "").startswith("Virtuoso"))

    def _client(self, visitor: bool) -> httpx2.AsyncClient:
        if visitor not in self._clients:
            limits = httpx2.Limits(max_connections=self._connections, keepalive_expiry=_IDLE_SECONDS)
            self._clients[visitor] = httpx2.AsyncClient(limits=limits, trust_env=False, follow_redirects=False)
        return self._clients[visitor]

    @staticmethod
    def _patience(limit: float) -> httpx2.Timeout:
        return httpx2.Timeout(limit, connect=min(limit, _CONNECT_SECONDS), pool=min(limit, _WAIT_SECONDS))


async def _read(response: httpx2.Response, most: int | None) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_bytes():
        parts.append(part)
        size += len(part)
        if most is not None and size > most:
            raise OverflowError
    return b"".join(parts)


async def _read_aside(read: Callable[[bytes], _Read], body: bytes) -> _Read:
    """What a reader makes of an answer; a long one is read in a thread, so that others do not wait."""
    return read(body) if len(body) < _LARGE else await asyncio.to_thread(read, body)
