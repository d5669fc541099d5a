"""Runs the server with uvicorn: one process, or several on one port."""

from __future__ import annotations

import uvicorn

from server.app import create_app
from server.settings import Settings
from server.snapshot import SnapshotError, Snapshots
from server.web.front import Front
from server.web.journal import configure_logging


def application() -> Front:
    """The application for the settings in the environment: what each process of several imports."""
    settings = Settings()
    configure_logging(settings)
    return create_app(settings)


def run(settings: Settings, processes: int = 1) -> int:
    """Serves until it is told to stop. Returns 0, or 2 when there is nothing to serve."""
    configure_logging(settings)
    try:
        Snapshots(settings)
    except SnapshotError as problem:
        print(f"palermo: {problem}")
        return 2
    uvicorn.run(
        "server.running:application" if processes > 1 else create_app(settings),
        factory=processes > 1,
        workers=processes if processes > 1 else None,
        host=settings.host,
        port=settings.port,
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=settings.stop_seconds,
        timeout_keep_alive=20,
    )
    return 0
