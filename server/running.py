"""Runs the server with uvicorn: one process, or several on one port."""

from __future__ import annotations

import sys

import uvicorn

from server.app import create_app
from server.connections import bounded_protocol
from server.integrity import SnapshotError
from server.settings import Settings, settings_of_environment
from server.snapshot import Snapshots
from server.web.front import Front
from server.web.log import configure_logging

SWITCH_SECONDS = 0.0005
"""How long a thread that makes a page keeps the interpreter when the event loop wants it; Python's own 5 ms would be
added to every response that is sent meanwhile."""


def application() -> Front:
    """The application for the settings in the environment: what each process of several imports."""
    sys.setswitchinterval(SWITCH_SECONDS)
    settings = settings_of_environment()
    configure_logging(settings)
    return create_app(settings)


def run(settings: Settings, processes: int = 1) -> int:
    """Serves until it is told to stop. Returns 0, or 2 when there is nothing to serve."""
    configure_logging(settings)
    sys.setswitchinterval(SWITCH_SECONDS)
    served: str | Front = "server.running:application"
    try:
        if processes > 1:
            Snapshots(settings.model_copy(update={"memory_triples": 0}))
        else:
            served = create_app(settings)
    except SnapshotError as problem:
        print(f"palermo: {problem}", file=sys.stderr)
        return 2
    uvicorn.run(
        served,
        factory=processes > 1,
        workers=processes if processes > 1 else None,
        host=settings.host,
        port=settings.port,
        http=bounded_protocol(settings) if processes == 1 else "server.connections:of_environment",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=settings.stop_seconds,
        timeout_keep_alive=settings.idle_seconds,
    )
    return 0
