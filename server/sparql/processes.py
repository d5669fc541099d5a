"""Starts, queries, pauses and ends worker processes from the server."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from pathlib import Path
from typing import Any, cast

from pyoxigraph import Store

from ontology.layout import ROOT
from server.integrity import Files
from server.sparql.serializing import Reply

_LOAD_SECONDS, _START_SECONDS, _FORK_SECONDS, _END_SECONDS = 60.0, 20.0, 5.0, 1.0
_LOW_PRIORITY = 19
_MOST_WORDS = 2_000  # bytes of standard error that are kept of a worker: a reason comes before its details
_PR_SET_CHILD_SUBREAPER = 36
_ENVIRONMENT = {"PYTHONDONTWRITEBYTECODE": "1", "PATH": "", "PYTHONPATH": str(ROOT)}


@dataclass(frozen=True, slots=True)
class Dataset:
    """The data set that queries run on. A worker opens the store of one snapshot, with its base IRI and prefixes, or
    has what files say in memory. ``version`` changes whenever a result may; ``graphs`` are the published ones, by IRI;
    ``opened`` is the store where it is open in this process as well, for look-ups; ``files`` are those of the snapshot.
    """

    store: Path
    base: str
    prefixes: tuple[tuple[str, str], ...]
    in_memory: tuple[Path, ...] = ()
    version: str = ""
    graphs: frozenset[str] = frozenset()
    opened: Store | None = field(default=None, compare=False, repr=False)
    files: Files | None = field(default=None, compare=False, repr=False)

    @property
    def is_damaged(self) -> bool:
        """Whether workers read a store of which a file is known to be damaged."""
        changed = () if self.in_memory or self.files is None else self.files.changed
        return any(name.startswith("store/") for name in changed)


@lru_cache(maxsize=256)
def _told(**told: object) -> str:
    return json.dumps(told)


def job(query: str, **told: object) -> bytes:
    """The line that has a worker evaluate a query (`server.sparql.worker`). What is told beside it is mostly the same,
    and hashable."""
    return f"[{_told(**told)}, {encode_basestring_ascii(query)}]\n".encode()


class WorkerDied(Exception):  # noqa: N818 (what happened, not what is wrong)
    """The process ended before it replied, or did not start. ``signal`` is the number of the signal that ended it, 0
    when none did; ``words`` is what it wrote to standard error."""

    def __init__(self, number: int, words: str = "") -> None:
        super().__init__(words or f"The worker process ended by signal {number}.")
        self.signal = number
        self.words = words


class Child:
    """A child process: a forked worker, which the kernel made a child of this process, or an interpreter."""

    __slots__ = ("_code", "pid")

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._code: int | None = None

    def poll(self) -> int | None:
        """The exit code (negative: the signal that ended it), or None while the process runs. Its id stays taken until
        this returned the code."""
        if self._code is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:  # Somebody else has waited for it.
                self._code = -signal.SIGKILL
            else:
                self._code = os.waitstatus_to_exitcode(status) if pid else None
        return self._code

    def kill(self) -> None:
        """Ends the process at once."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)


def _interpreter(mode: str, channel: socket.socket, errors: int, *files: Path) -> Child:
    """`server.sparql.worker` in an interpreter of its own, with a socket as its standard input, and little else."""
    command = [sys.executable, "-P", "-m", "server.sparql.worker", mode, str(os.getpid()), *map(str, files)]
    nothing = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
    handed = [(os.POSIX_SPAWN_DUP2, channel.fileno(), 0), nothing, (os.POSIX_SPAWN_DUP2, errors, 2)]
    return Child(os.posix_spawn(sys.executable, command, _ENVIRONMENT, file_actions=handed))


class Template:
    """The process that forks workers (Linux), started when it is first needed and again when it failed. It reads files
    into memory, which its workers share; the first one may run already, and is asked by a socket. Elsewhere each worker
    is an interpreter of its own."""

    def __init__(
        self, files: tuple[Path, ...] = (), process: Child | None = None, channel: socket.socket | None = None
    ) -> None:
        self.files = files
        self._closed = False
        self._process = process
        self._channel = channel
        self._turn = asyncio.Lock()

    async def fork(self, channel: socket.socket, errors: int) -> Child:
        """A worker with a socket and a pipe for its standard error. Raises `OSError`, of which `TimeoutError` is one,
        when there is none, from a new template either."""
        if sys.platform != "linux":
            return _interpreter("serve", channel, errors)
        try:
            return await self._ask(channel, errors)
        except OSError:
            return await self._ask(channel, errors)

    def close(self) -> None:
        """Ends the process for good; the workers go on."""
        self._closed = True
        self._end()

    def _end(self) -> None:
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            self._process.kill()
            until = time.monotonic() + _END_SECONDS  # it may wait for a disk, and is not waited for
            while self._process.poll() is None and time.monotonic() < until:
                time.sleep(0.001)
        self._channel = self._process = None

    async def _ask(self, channel: socket.socket, errors: int) -> Child:
        """A worker from the process. Whatever goes wrong ends it: what it would still reply belongs to nobody."""
        async with self._turn:
            if self._closed:
                raise OSError("The process that forks workers has ended.")
            try:
                if self._channel is None:
                    self._channel, theirs = socket.socketpair()
                    self._channel.setblocking(False)
                    with theirs:
                        self._process = _interpreter("fork", theirs, 1, *self.files)
                    await self._told(self._channel, _LOAD_SECONDS)
                ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
                socket.send_fds(self._channel, [b"w"], [channel.fileno(), errors])
                return Child(await self._told(self._channel, _FORK_SECONDS))
            except BaseException:
                self._end()
                raise

    @staticmethod
    async def _told(ours: socket.socket, seconds: float) -> int:
        async with asyncio.timeout(seconds):
            number = int(await asyncio.get_running_loop().sock_recv(ours, 16) or 0)
        if not number:
            raise OSError("The process that forks workers forked none.")
        return number


class Worker(asyncio.Protocol):
    """One process, its socket and the reply that is awaited. ``worked`` is the processor time it had, in seconds, when
    it last replied."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.isolation: Mapping[str, bool] = {}
        self.reusable = True
        self.idle_since = 0.0
        self.worked = 0.0
        self.pid = 0
        self._memory = 0
        self._process: Child | None = None
        self._line = b""
        self._head: dict[str, Any] | None = None
        self._pieces: list[bytes] = []
        self._tell: Callable[[Reply | WorkerDied], None] | None = None
        self._transport: asyncio.Transport | None = None
        self._errors = -1
        self._words = b""
        self._ended = asyncio.Event()

    @classmethod
    async def start(cls, dataset: Dataset, memory: int, template: Template) -> Worker:
        """A worker that is ready for its first job. Raises `WorkerDied` with the reason when it does not start."""
        worker = cls(dataset)
        try:
            await worker._start(memory, template)
        except BaseException as problem:
            worker.kill()
            if not isinstance(problem, OSError | WorkerDied):
                raise
            with contextlib.suppress(TimeoutError):  # a process that waits for a disk cannot be ended
                await asyncio.wait_for(worker.ended(), _END_SECONDS)
            words = str(problem) or worker._said() or "The worker process did not start in time."
            raise WorkerDied(getattr(problem, "signal", 0), words) from None
        return worker

    async def _start(self, memory: int, template: Template) -> None:
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        self._errors, writing = os.pipe()
        for end in (self._errors, writing):  # nobody reads before the end: what is beyond the room of the pipe is lost
            os.set_blocking(end, False)
        try:
            with theirs:
                self._process = await template.fork(theirs, writing)
            self.pid = self._process.pid
            ours.setblocking(False)
            await loop.create_connection(lambda: self, sock=ours)
        except BaseException:
            ours.close()
            raise
        finally:
            os.close(writing)
        where = self.dataset
        setting = {"store": str(where.store), "base": where.base, "prefixes": dict(where.prefixes), "memory": memory}
        setting["in_memory"] = [str(path) for path in where.in_memory]
        async with asyncio.timeout(_START_SECONDS):
            head, _ = await self.ask(json.dumps(setting).encode() + b"\n")
        self.isolation, self._memory = head["isolation"], self._held()

    async def ask(self, job: bytes) -> Reply:
        """The reply to a job. Raises `WorkerDied` when the process ends first; a cancelled wait leaves it running."""
        reply: asyncio.Future[Reply | WorkerDied] = asyncio.get_running_loop().create_future()
        self.send(job, lambda answered: None if reply.done() else reply.set_result(answered))
        answered = await reply
        if isinstance(answered, WorkerDied):
            raise answered
        return answered

    def send(self, job: bytes, tell: Callable[[Reply | WorkerDied], None]) -> None:
        """Sends a job; ``tell`` is called later with the reply, or with how the process ended before it replied."""
        self._tell = tell
        if self._ended.is_set():
            asyncio.get_running_loop().call_soon(self._reply, self._death())
        elif self._transport is not None and not self._transport.is_closing():
            self._transport.write(job)

    def lower_priority(self) -> None:
        """Lowers the priority of the process while it finishes; it is not used again."""
        self.reusable = False
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, _LOW_PRIORITY)

    def pause(self) -> None:
        """Stops the process until `resume`."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Lets a stopped process go on."""
        self._signal(signal.SIGCONT)

    def used_seconds(self) -> float | None:
        """The processor time that the process has had so far; None where the system does not tell (Linux does)."""
        try:
            return int(Path(f"/proc/{self.pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9
        except (OSError, ValueError, IndexError):
            return None

    def memory(self) -> int:
        """The bytes of memory that the process has now beyond those that it began with, which workers share; 0 where
        the system does not tell."""
        return self._held() - self._memory

    def _held(self) -> int:
        try:
            pages = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1]
        except (OSError, IndexError):
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def kill(self) -> None:
        """Ends the process at once."""
        if self._process is not None:
            self._process.kill()
        self._reply(WorkerDied(signal.SIGKILL))  # now: a process that waits for a disk does not end
        if self._transport is not None:
            self._transport.close()
        else:
            self.connection_lost(None)

    async def ended(self) -> None:
        """Waits until the process is gone."""
        await self._ended.wait()

    @property
    def takes_jobs(self) -> bool:
        """Whether the process runs and its connection is open: when it is killed, the connection closes a moment
        before."""
        return self.alive and self._transport is not None and not self._transport.is_closing()

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Part of `asyncio.Protocol`."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Part of `asyncio.Protocol`: collects the reply."""
        if self._head is None:
            self._line, ended, data = (self._line + data).partition(b"\n")
            if not ended:
                return
            self._head, self._line = json.loads(self._line.decode()), b""
        self._pieces.append(data)
        if sum(map(len, self._pieces)) >= self._head["size"]:
            reply = self._head, b"".join(self._pieces)
            self.worked = self._head.get("worked", 0.0)
            self._head, self._pieces = None, []
            self._reply(reply)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Part of `asyncio.Protocol`: the process ended, or is about to."""
        asyncio.get_running_loop().create_task(self._collect())

    def _reply(self, reply: Reply | WorkerDied) -> None:
        tell, self._tell = self._tell, None
        if tell is not None:
            tell(reply)

    def _signal(self, number: int) -> None:
        if self.alive:
            os.kill(self.pid, number)

    def _said(self) -> str:
        return " ".join(self._words.decode("utf-8", "replace").split())

    def _death(self) -> WorkerDied:
        """How the process ended."""
        code = self._process.poll() if self._process is not None else 0
        return WorkerDied(max(0, -(code or 0)), self._said())

    async def _collect(self) -> None:
        """Waits for the process without blocking, and ends an awaited reply with its exit status."""
        pause = 0.001
        while self.alive:
            await asyncio.sleep(pause)
            pause = min(pause * 2, 0.05)
        if self._errors >= 0:
            with contextlib.suppress(BlockingIOError):
                self._words = os.read(self._errors, _MOST_WORDS)
            os.close(self._errors)
            self._errors = -1
        self._reply(self._death())
        self._ended.set()
