"""Worker processes by fork: the server's side of `server.sparql.template` (Linux)."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Protocol

from server.sparql.template import NUMBER

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {"PYTHONDONTWRITEBYTECODE": "1", "PATH": ""}
_PR_SET_CHILD_SUBREAPER = 36
_REPLY_SECONDS = 30.0


class Child(Protocol):
    """A child process: its id, its exit code once it has one (negative: the signal that ended it), and its end."""

    pid: int

    def poll(self) -> int | None:
        """The exit code, or None while the process runs."""

    def kill(self) -> None:
        """Ends the process at once."""


def start(module: str, channel: socket.socket) -> subprocess.Popen[bytes]:
    """An interpreter that runs one of our modules, with a socket as its standard input, and little else."""
    return subprocess.Popen(
        [sys.executable, "-m", module, str(os.getpid())],
        stdin=channel.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=ENVIRONMENT,
    )


class Adopted:
    """A forked worker, which the kernel made a child of this process."""

    __slots__ = ("_code", "pid")

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._code: int | None = None

    def poll(self) -> int | None:
        """The exit code, or None while the process runs. Its id stays taken until this has told the code."""
        if self._code is None:
            try:
                found, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:  # Somebody else has waited for it.
                self._code = -signal.SIGKILL
            else:
                self._code = os.waitstatus_to_exitcode(status) if found else None
        return self._code

    def kill(self) -> None:
        """Ends the process at once."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)


class Template:
    """The process that forks, started when it is first needed and again when it has ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self._turn = asyncio.Lock()

    async def fork(self, channel: socket.socket) -> Adopted:
        """A worker at the other end of a socket. Raises `OSError` when there is none, from a new template either."""
        async with self._turn:
            try:
                return await self._ask(channel)
            except OSError:
                return await self._ask(channel)

    async def _ask(self, channel: socket.socket) -> Adopted:
        try:
            ours = self._channel or self._open()
            socket.send_fds(ours, [b"w"], [channel.fileno()])
            async with asyncio.timeout(_REPLY_SECONDS):
                reply = await asyncio.get_running_loop().sock_recv(ours, NUMBER.size)
            number = NUMBER.unpack(reply)[0] if len(reply) == NUMBER.size else 0
            if not number:
                raise OSError("The template forked no worker.")
        except BaseException:  # What it would still reply belongs to nobody.
            self.close()
            raise
        return Adopted(number)

    def close(self) -> None:
        """Ends the process; the workers go on."""
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._channel = self._process = None

    def _open(self) -> socket.socket:
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        ours, theirs = socket.socketpair()
        with theirs, contextlib.ExitStack() as undo:
            undo.callback(ours.close)
            self._process = start("server.sparql.template", theirs)
            undo.pop_all()
        ours.setblocking(False)
        self._channel = ours
        return ours


def template() -> Template | None:
    """A template where the system forks and adopts; None elsewhere, where each worker is an interpreter of its own."""
    return Template() if sys.platform == "linux" else None
