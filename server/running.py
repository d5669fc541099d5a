"""Runs the server with uvicorn: one process, or several on one port."""

from __future__ import annotations

import contextlib
import gc
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from typing import Any

import uvicorn

from server.app import create_app
from server.connections import bounded_protocol
from server.integrity import SnapshotError
from server.settings import Settings, settings_of_environment
from server.snapshot import Snapshots
from server.sparql.isolation import tie_to_parent
from server.sparql.processes import Template
from server.web.front import Front
from server.web.monitoring import configure_logging

_log = logging.getLogger("palermo.server")
_LEAVE_SECONDS = 2.0
SWITCH_SECONDS = 0.0005
"""How long a thread that makes a page keeps the interpreter when the event loop wants it; Python's own 5 ms would be
added to every response that is sent meanwhile."""


def application() -> Front:
    """The application for the settings in the environment: what each process of several imports. It ends with the one
    that started it, so that none keeps the port."""
    parent = multiprocessing.parent_process()
    tie_to_parent(parent.pid if parent is not None and parent.pid is not None else os.getppid())
    sys.setswitchinterval(SWITCH_SECONDS)
    settings = settings_of_environment()
    configure_logging(settings)
    try:
        front = create_app(settings)
    except SnapshotError as problem:
        print(f"palermo: {problem}", file=sys.stderr)
        sys.exit(2)
    _freeze()
    return front


def _freeze() -> None:
    """Excludes what is loaded at the start (modules, routes, templates) from garbage collection: it is much, and no
    request frees any of it."""
    gc.collect()
    gc.freeze()


async def tell_systemd() -> None:
    """Notifies systemd that this server listens and that its event loop runs (sd_notify(3)): uvicorn calls it when it
    listens, then every thirty seconds. Does nothing without systemd."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notice:
            notice.connect(address.replace("@", "\0", 1) if address.startswith("@") else address)
            notice.send(b"READY=1\nWATCHDOG=1")


def run(settings: Settings, processes: int = 1, template: Template | None = None) -> int:
    """Serves until it is stopped, with the template of query workers that runs already, if one does. Returns 0, or 2
    when there is nothing to serve."""
    signal.signal(signal.SIGHUP, lambda *_: None)  # until the server listens for it: it opens the newest anyway
    configure_logging(settings)
    sys.setswitchinterval(SWITCH_SECONDS)
    served: str | Front = "server.running:application"
    try:
        if processes > 1:
            Snapshots(settings.model_copy(update={"memory_triples": 0}))
        else:
            served = create_app(settings, template)
            _freeze()
    except SnapshotError as problem:
        print(f"palermo: {problem}", file=sys.stderr)
        return 2
    given: dict[str, Any] = {
        "host": settings.host,
        "port": settings.port,
        "http": bounded_protocol(settings) if processes == 1 else "server.connections:of_environment",
        "ws": "none",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": True,
        "forwarded_allow_ips": settings.trusted_proxies,
        "timeout_graceful_shutdown": settings.stop_seconds,
        "timeout_keep_alive": settings.idle_seconds,
    }
    if processes > 1:
        uvicorn.run(served, factory=True, workers=processes, **given)
    else:
        for number in (signal.SIGINT, signal.SIGTERM):  # uvicorn stops by them, and then has us die of them as well
            signal.signal(number, lambda *_: None)
        uvicorn.Server(uvicorn.Config(served, callback_notify=tell_systemd, **given)).run()
        _leave_threads()
    return 0


def _leave_threads() -> None:
    """Ends the process although a thread still waits for a disk that does not answer."""
    until = time.monotonic() + _LEAVE_SECONDS
    for thread in threading.enumerate():
        if not thread.daemon and thread is not threading.current_thread():
            thread.join(max(0.0, until - time.monotonic()))
            if thread.is_alive():
                _log.warning("a thread does not end", extra={"of": thread.name})
                logging.shutdown()
                os._exit(0)
