"""What `palermo review` does: opens the bench, and when the reviewer ends, says what changed and rebuilds."""

from __future__ import annotations

import socket
import webbrowser
from datetime import date

import uvicorn

from ingest.command import run_build
from ingest.corpus import BuildSettings
from ingest.errors import BuildError
from ingest.review.bench import Bench
from ingest.review.decisions import reviewer_of
from ingest.review.desk import Change, Desk
from ontology.layout import Say

LOOPBACK = "127.0.0.1"


def run_review(settings: BuildSettings, name: str, say: Say, *, show: bool = True, rebuild: bool = True) -> int:
    """Serve the bench for one person until they end it; returns the exit status.

    ``show`` opens a browser; ``rebuild`` builds and publishes when something was decided.
    """
    try:
        reviewer = reviewer_of(name, settings.ground)
        desk = Desk.open(settings, reviewer.slug, date.today())
    except BuildError as error:
        say(f"palermo: {error}")
        return 1
    with socket.socket() as place:
        place.bind((LOOPBACK, 0))
        place.listen()
        port = place.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config("", log_level="error", lifespan="off"))

        def finished() -> None:
            server.should_exit = True

        bench = Bench(desk, reviewer, finished)
        server.config.app = bench.app()
        address = f"http://{LOOPBACK}:{port}/?token={bench.token}"
        say(f"Reviewing as {reviewer.name}. Open this address once, on this machine:\n{address}")
        say("Every decision is written at once. End with “Finish” on the page, or with Ctrl+C.")
        if show:
            webbrowser.open(address)
        server.run(sockets=[place])
    return _end(desk.changes, settings, say, rebuild=rebuild)


def _end(changes: list[Change], settings: BuildSettings, say: Say, *, rebuild: bool) -> int:
    for change in changes:
        say(f"  {change.decision:7}{change}")
    say(f"{len(changes)} decisions. See them with: git diff {settings.editorial}")
    return run_build(settings, say) if changes and rebuild else 0
