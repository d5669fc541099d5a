"""Programs that tests start: each on a port of its own, answering before a test goes on, and gone at its end."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO

import httpx2

from ontology.layout import ROOT

PATIENCE = 120
"""Seconds that a program may take on a busy machine. Only what never comes takes them all."""


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def figure(metrics: str, beginning: str) -> float:
    """The sum of the figures of a server whose lines begin so; 0 where there is none."""
    return sum(float(line.rpartition(" ")[2]) for line in metrics.splitlines() if line.startswith(beginning))


def until(condition: Callable[[], bool], said: str) -> None:
    """Waits until something is so."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"{said} did not happen within {PATIENCE} seconds."
        time.sleep(0.05)


def await_answer(address: str, expected: str = "", process: subprocess.Popen[bytes] | None = None) -> httpx2.Response:
    """The first answer of 200 at an address whose text begins as expected. Fails at once when the process has stopped."""
    deadline = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(httpx2.TransportError):
            answer = httpx2.get(address, timeout=30)
            if answer.status_code == 200 and answer.text.startswith(expected):
                return answer
        assert process is None or process.poll() is None, f"{process.args!r} stopped with status {process.returncode}."
        assert time.monotonic() < deadline, f"{address} did not answer {expected!r} within {PATIENCE} seconds."
        time.sleep(0.05)


@contextlib.contextmanager
def started(
    command: Sequence[str],
    address: str,
    environment: Mapping[str, str] | None = None,
    *,
    output: int | IO[bytes] | None = None,
    end: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """A program that answers at an address, which nothing did before; at the end it is stopped by a signal.

    SIGKILL goes to its children as well.
    """
    port = httpx2.URL(address).port
    with socket.socket() as visitor:
        assert port is None or visitor.connect_ex(("127.0.0.1", port)), f"Another program listens on port {port}."
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
    )
    try:
        await_answer(address, process=process)
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, end) if end is signal.SIGKILL else process.send_signal(end)
        process.wait(timeout=PATIENCE)
