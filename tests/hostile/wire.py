"""Requests written byte for byte, and what must hold for every answer to them."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from ontology.layout import ROOT
from tests.processes import PATIENCE

INDISCREET = ("Traceback", 'File "', "site-packages", "panicked", "RuntimeError", "sqlite3.", "starlette.", "rocksdb")
"""Words of a program that talks about itself. No answer to a hostile request has them, nor a path of this machine."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: status (0 when the connection was ended without one), head and body."""

    status: int
    head: str
    body: str

    def header(self, name: str) -> str:
        """The value of a field; empty when it is missing."""
        for line in self.head.split("\r\n")[1:]:
            field, _, value = line.partition(":")
            if field.lower() == name.lower():
                return value.strip()
        return ""


def connect(base: str) -> socket.socket:
    """A connection to the server."""
    place = urlsplit(base)
    return socket.create_connection((place.hostname or "", place.port or 80), timeout=PATIENCE)


def request(
    target: str = "/", *lines: str, method: str = "GET", body: bytes = b"", host: str = "Host: localhost"
) -> bytes:
    """A request as bytes. Lines are header fields as they are written; a body gets its length unless one is given."""
    head = [f"{method} {target} HTTP/1.1", *([host] if host else []), *lines]
    framed = any(line.lower().startswith(("content-length", "transfer-encoding")) for line in lines)
    if body and not framed:
        head.append(f"Content-Length: {len(body)}")
    if not any(line.lower().startswith("connection") for line in lines):
        head.append("Connection: close")
    return "\r\n".join(head).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


def send(base: str, message: bytes) -> Reply:
    """The reply to bytes: until it is whole, the server closes the connection, or nothing more comes."""
    received = b""
    with connect(base) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(message)
        with contextlib.suppress(OSError):
            while not _is_whole(received) and (piece := connection.recv(65_536)):
                received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1]) if head.startswith(b"HTTP/1.") else 0
    return Reply(status, head.decode("latin-1"), body.decode("utf-8", "replace"))


def _is_whole(received: bytes) -> bool:
    """Whether an answer that keeps its connection open has as many bytes as it says."""
    head, _, body = received.partition(b"\r\n\r\n")
    fields = dict(line.lower().partition(b": ")[::2] for line in head.split(b"\r\n")[1:])
    return fields.get(b"connection") != b"close" and len(body) >= int(fields.get(b"content-length", 1 << 40))


def harmless(base: str, message: bytes, *statuses: int) -> Reply:
    """The reply, when it is as it must be: no server error, silent about the machine, without a field that the request
    made up."""
    reply = send(base, message)
    if statuses:
        assert reply.status in statuses, f"{reply.status}: {reply.body[:300]}"
    assert reply.status in (0, 501) or 200 <= reply.status < 500, f"{reply.status}: {reply.body[:300]}"
    assert reply.status != 0 or not reply.body
    answer = reply.head + reply.body
    assert str(ROOT) not in answer
    for field in ("set-cookie", "x-injected", "server"):
        assert f"\n{field}:" not in reply.head.lower()
    if reply.status >= 400:
        for word in INDISCREET:
            assert word not in answer
    return reply
