"""nginx as a process, with the configuration that operators are given, on free ports and in a folder of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx2
import pytest

from ontology.layout import ROOT
from tests.processes import started

TEMPLATE = ROOT / "docs" / "deploy" / "nginx.conf"
MISSING = "These tests need nginx and there is none. On Debian: apt-get install nginx-light"
_SERVERS = """    server 127.0.0.1:8001 max_fails=2 fail_timeout=5s;   # yours: one line for each server
    server 127.0.0.1:8002 max_fails=2 fail_timeout=5s;
"""
_WHOLE = """
{user}daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{http}
}}
"""


def program() -> str:
    """Where nginx is. Fails in words when it is not installed."""
    found = shutil.which("nginx", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin")))
    if found is None:
        pytest.fail(MISSING)
    return found


def configuration(port: int, servers: Sequence[int], cache: Path) -> str:
    """The operators' configuration with its own port, servers and cache folder."""
    text = TEMPLATE.read_text(encoding="utf-8")
    lines = "".join(f"    server 127.0.0.1:{server} max_fails=2 fail_timeout=5s;\n" for server in servers)
    for given, own in (
        (_SERVERS, lines),
        ("listen 80; ", f"listen 127.0.0.1:{port}; "),
        ("server_name data.example.org;", "server_name localhost;"),
        ("/var/cache/nginx/palermo", str(cache)),
    ):
        assert text.count(given) == 1, f"docs/deploy/nginx.conf no longer has {given!r} once."
        text = text.replace(given, own)
    return text


@contextlib.contextmanager
def nginx(http: str, port: int, folder: Path) -> Iterator[Path]:
    """nginx with what stands in its ``http`` block, answering on a port; gives its folder."""
    folder.mkdir(exist_ok=True)
    whole = folder / "nginx.conf"
    user = "user root;\n" if os.geteuid() == 0 else ""
    whole.write_text(_WHOLE.format(user=user, folder=folder, http=http))
    command = [program(), "-c", str(whole), "-p", str(folder), "-e", str(folder / "error.log")]
    with started(command, f"http://127.0.0.1:{port}/robots.txt", end=signal.SIGQUIT):
        yield folder


@contextlib.contextmanager
def in_front_of(servers: Sequence[int], port: int, folder: Path) -> Iterator[Path]:
    """nginx in front of servers on these ports, listening on a port; gives the folder of its cache."""
    with nginx(configuration(port, servers, folder / "cache"), port, folder):
        yield folder / "cache"


def ask(address: str, **fields: str) -> httpx2.Response:
    """An answer at an address; header fields have ``_`` for ``-``."""
    given = {"accept": "*/*", "accept-encoding": "identity"} | {k.replace("_", "-"): v for k, v in fields.items()}
    return httpx2.get(address, headers=given, timeout=120)
