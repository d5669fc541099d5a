"""Workers as the server sees them: a process, a socket, one reply awaited at a time. The engine cannot stop a query,
so the process is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from server.sparql.forking import Child, Template, start
from server.sparql.frames import Reader, pack

_START_SECONDS = 30.0
_LOW_PRIORITY = 19
Frame = tuple[dict[str, Any], bytes]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a worker stands on: the store of one snapshot, its base IRI and prefixes."""

    store: Path
    base: str
    prefixes: tuple[tuple[str, str], ...]

    def setting(self, memory: int) -> Mapping[str, Any]:
        """The first frame's head."""
        return {"store": str(self.store), "base": self.base, "prefixes": dict(self.prefixes), "memory": memory}


class WorkerDied(Exception):  # noqa: N818 (what happened, not what is wrong)
    """The process ended before it replied. ``signal`` is the number of the signal that ended it, 0 when none did."""

    def __init__(self, number: int) -> None:
        super().__init__(f"The worker process died (signal {number}).")
        self.signal = number


class Worker(asyncio.Protocol):
    """One process, its socket and the reply that is awaited. ``worked`` is the processor time it had, in seconds, when
    it last replied."""

    def __init__(self, ground: Ground, process: Child) -> None:
        self.ground = ground
        self.uses = 0
        self.isolation: Mapping[str, bool] = {}
        self.low_priority = False
        self.worked = 0.0
        self._process = process
        self._reader = Reader()
        self._reply: asyncio.Future[Frame] | None = None
        self._transport: asyncio.Transport | None = None
        self._ended = asyncio.get_running_loop().create_future()

    @classmethod
    async def start(cls, ground: Ground, memory: int, template: Template | None = None) -> Worker:
        """A worker that is ready for its first job, forked from a template where there is one. Raises `WorkerDied`,
        `OSError` or `TimeoutError` when it does not start."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                process: Child = await template.fork(theirs) if template else start("server.sparql.worker", theirs)
            except BaseException:
                ours.close()
                raise
        loop = asyncio.get_running_loop()
        ours.setblocking(False)
        worker = cls(ground, process)
        try:
            await loop.create_connection(lambda: worker, sock=ours)
            async with asyncio.timeout(_START_SECONDS):
                head, _ = await worker.ask(pack(ground.setting(memory)))
        except BaseException:
            worker.kill()
            await worker.ended()
            raise
        worker.isolation = head["isolation"]
        worker.uses = 0
        worker.worked = head["worked"]
        return worker

    async def ask(self, frame: bytes) -> Frame:
        """The reply to a job. Raises `WorkerDied` when the process ends first; a cancelled wait leaves it running."""
        if self._transport is None or self._transport.is_closing():
            raise WorkerDied(0)
        self.uses += 1
        self._reply = asyncio.get_running_loop().create_future()
        self._transport.write(frame)
        return await self._reply

    def lower_priority(self) -> None:
        """Has the process step behind all others while it goes on."""
        self.low_priority = True
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, _LOW_PRIORITY)

    def used_seconds(self) -> float | None:
        """The processor time that the process, by its one thread that runs queries, has had so far; None where the
        system does not tell (Linux does)."""
        try:
            return int(Path(f"/proc/{self._process.pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9
        except (OSError, ValueError, IndexError):
            return None

    def kill(self) -> None:
        """Ends the process at once."""
        if self._process.poll() is None:
            self._process.kill()
        if self._transport is not None:
            self._transport.close()
        else:
            self.connection_lost(None)

    async def ended(self) -> None:
        """Waits until the process is gone."""
        await asyncio.shield(self._ended)

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Part of `asyncio.Protocol`."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Part of `asyncio.Protocol`: collects the reply."""
        frame = self._reader.feed(data)
        if frame is not None and self._reply is not None and not self._reply.done():
            self._reply.set_result(frame)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Part of `asyncio.Protocol`: the process ended, or is about to."""
        asyncio.get_running_loop().create_task(self._collect())

    async def _collect(self) -> None:
        """Waits for the process without blocking, and tells whoever awaits a reply how it ended."""
        pause = 0.001
        while self._process.poll() is None:
            await asyncio.sleep(pause)
            pause = min(pause * 2, 0.05)
        if self._reply is not None and not self._reply.done():
            self._reply.set_exception(WorkerDied(max(0, -(self._process.poll() or 0))))
        if not self._ended.done():
            self._ended.set_result(None)
