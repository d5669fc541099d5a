"""The servers that are measured, each a process on a free port: ours, a constant on the same server, nginx, and peers.

The peers live in an environment of their own, ``var/bench-venv``, with pinned versions; nothing of theirs is installed
beside the project's own packages.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
PEERS = ROOT / "var" / "bench-venv"
BEFORE = "2cdcb90"
"""The commit of 28 November 2026, which everything is measured beside."""
PINS = ("oxigraph==0.5.13", "rdflib-endpoint==0.6.3", "uvicorn==0.54.0", "httptools==0.9.0", "uvloop==0.22.1")
_CONSTANT = """
import os, socket, sys, time, uvicorn
from server.connections import bounded_protocol
from server.settings import Settings
body, works = open(sys.argv[1], "rb").read(), float(sys.argv[4])
listener = socket.create_server(("127.0.0.1", int(sys.argv[2])), backlog=1024)
head = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body)).encode())]
async def application(scope, receive, send):
    if scope["type"] == "http":
        until = time.thread_time() + works
        while works and time.thread_time() < until:
            pass
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": body})
for _ in range(int(sys.argv[3]) - 1):
    if not os.fork():
        break
uvicorn.Server(uvicorn.Config(application, http=bounded_protocol(Settings()), lifespan="off", log_config=None,
    access_log=False, server_header=False)).run(sockets=[listener])
"""
_NGINX = """
daemon off; {user} worker_processes {processes}; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 2048; }}
http {{
    access_log off; sendfile on; keepalive_requests 1000000000; etag off; default_type text/html;
    client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
    uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
    server {{ listen 127.0.0.1:{port} backlog=1024; root {folder}; }}
}}
"""


def nginx() -> str | None:
    """Where nginx is, if it is."""
    return shutil.which("nginx", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin")))


def set_up_peers() -> Path:
    """The folder with the peers' programs, installed once. Raises `CalledProcessError` where that fails."""
    stamp = PEERS / ".pins"
    if not stamp.exists() or stamp.read_text() != "\n".join(PINS):
        venv.create(PEERS, with_pip=True, clear=True)
        command = [str(PEERS / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", *PINS]
        subprocess.run(command, check=True)
        stamp.write_text("\n".join(PINS))
    return PEERS / "bin"


@contextlib.contextmanager
def process(command: Sequence[str], address: str, root: Path = ROOT, **environment: str) -> Iterator[int]:
    """A server as a process group; gives its process id once the address answers. It is ended with all its children."""
    started = subprocess.Popen(
        command,
        cwd=root,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        await_answer(address, started)
        yield started.pid
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGTERM)
        try:
            started.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()


def await_answer(address: str, started: subprocess.Popen[bytes], patience: float = 90.0) -> None:
    """Waits until an address answers anything. Raises `RuntimeError` when the process ends or time runs out."""
    until = time.monotonic() + patience
    while True:
        try:
            urllib.request.urlopen(address, timeout=20).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            if started.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{started.args!r} does not answer at {address}.") from None
            time.sleep(0.01)


@contextlib.contextmanager
def checkout(commit: str, folder: Path) -> Iterator[Path]:
    """A commit of this repository in a folder of its own. Raises `CalledProcessError` where git does not have it."""
    subprocess.run(["git", "worktree", "add", "--detach", "--quiet", str(folder), commit], cwd=ROOT, check=True)
    try:
        yield folder
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", str(folder)], cwd=ROOT, check=False)


def publish(base: str, snapshots: Path, root: Path = ROOT) -> None:
    """Has a checkout build the corpus that it holds. Raises `CalledProcessError` when it cannot."""
    command = [sys.executable, "palermo.py", "build", "--base", base, "--snapshots", str(snapshots)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)


def palermo(
    base: str, snapshots: Path, port: int, processes: int = 1, root: Path = ROOT, *, keeps: bool = True
) -> contextlib.AbstractContextManager[int]:
    """Our server of a checkout, without the limit on one client's queries, since one client is all there is. One that
    does not keep pages makes each anew."""
    command = [sys.executable, "palermo.py", "serve", "--base", base, "--snapshots", str(snapshots)]
    command += ["--port", str(port), "--processes", str(processes)]
    settings = {"PALERMO_CLIENT_QUERIES": "0", "PALERMO_LOG_LEVEL": "error", "PALERMO_ACCESS_LOG": "off"}
    if not keeps:
        settings["PALERMO_PAGE_CACHE_BYTES"] = "1"
    return process(command, f"http://127.0.0.1:{port}/health/ready", root, **settings)


def constant(body: Path, port: int, processes: int = 1, works: float = 0.0) -> contextlib.AbstractContextManager[int]:
    """The same HTTP server with a raw ASGI application that sends one body, after so many seconds of work for each."""
    command = [sys.executable, "-c", _CONSTANT, str(body), str(port), str(processes), str(works)]
    return process(command, f"http://127.0.0.1:{port}/")


def file_server(body: Path, port: int, processes: int = 1) -> contextlib.AbstractContextManager[int]:
    """nginx that sends the file. Raises `RuntimeError` where there is none."""
    found = nginx()
    if found is None:
        raise RuntimeError("nginx is not installed (Debian: nginx-light)")
    folder = body.parent
    user = "user root;" if os.geteuid() == 0 else ""
    whole = folder / "nginx.conf"
    whole.write_text(_NGINX.format(user=user, folder=folder, port=port, processes=processes))
    command = [found, "-c", str(whole), "-p", str(folder), "-e", str(folder / "error.log")]
    return process(command, f"http://127.0.0.1:{port}/{body.name}")


def oxigraph(nquads: Path, folder: Path, port: int) -> contextlib.AbstractContextManager[int]:
    """The Oxigraph server of the wheel on the same quads, read-only, from disk."""
    program = str(set_up_peers() / "oxigraph")
    shutil.rmtree(folder, ignore_errors=True)
    command = [program, "load", "--location", str(folder), "--file", str(nquads)]
    subprocess.run(command, check=True, capture_output=True)
    serve = [program, "serve-read-only", "--location", str(folder), "--bind", f"127.0.0.1:{port}"]
    return process([*serve, "--union-default-graph"], f"http://127.0.0.1:{port}/query?query=ASK%7B%7D")


def rdflib_endpoint(triples: Path, port: int) -> contextlib.AbstractContextManager[int]:
    """rdflib-endpoint on the same triples, in memory."""
    program = str(set_up_peers() / "rdflib-endpoint")
    command = [program, "serve", "--host", "127.0.0.1", "--port", str(port), str(triples)]
    return process(command, f"http://127.0.0.1:{port}/?query=ASK%7B%7D")
