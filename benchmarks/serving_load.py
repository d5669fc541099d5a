"""Requests as fast as a server answers them: `wrk` where it is installed, else a client of our own that says so."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

# Requests are written before the first is sent, but for their numbers: the client needs the processors of the servers.
_SCRIPT = """
local paths, headers, count = {paths}, {headers}, {start}
local pieces = {{}}
init = function()
  for place, path in ipairs(paths) do
    local head = wrk.format("GET", path, headers)
    local at, last = head:find("{{n}}", 1, true)
    pieces[place] = at and {{head:sub(1, at - 1), head:sub(last + 1)}} or {{head}}
  end
end
request = function()
  count = count + 1
  local piece = pieces[count % #pieces + 1]
  return piece[2] and piece[1] .. count .. piece[2] or piece[1]
end
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('\\nJSON{{"requests":%d,"microseconds":%d,"median":%f,"late":%f,"refused":%d,"broken":%d}}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), e.status,
    e.connect + e.read + e.write + e.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """Requests that one measurement sends in turn. ``{n}`` in a path is another number in every request."""

    paths: tuple[str, ...]
    headers: Mapping[str, str] = field(default_factory=lambda: {"Accept": "*/*"})


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests a second, median and 99th percentile in milliseconds, the share that was refused or broke, and how many
    were sent in all."""

    per_second: float
    median: float
    late: float
    refused: float
    sent: int


def program() -> str:
    """What sends the requests, in words for the report."""
    if shutil.which("wrk") is None:
        return "an asyncio client of our own (`wrk` is not installed), which is slower than the fastest servers"
    return "`wrk` with one thread"


def measure(base: str, load: Load, connections: int, seconds: float) -> Rate:
    """The rate at which a server answers a load on that many connections."""
    return (_by_wrk if shutil.which("wrk") else _by_ourselves)(base, load, connections, seconds)


def _by_wrk(base: str, load: Load, connections: int, seconds: float) -> Rate:
    lua = {
        "paths": "{" + ", ".join(json.dumps(path) for path in load.paths) + "}",
        "headers": "{" + ", ".join(f"[{json.dumps(k)}] = {json.dumps(v)}" for k, v in load.headers.items()) + "}",
    }
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_SCRIPT.format(**lua, start=time.monotonic_ns() // 1_000 % 10**12))
        script.flush()
        whole = max(1, round(seconds))
        command = ["wrk", "-t1", f"-c{connections}", f"-d{whole}s", "--timeout", "20s", "-s", script.name, base]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=whole + 60)
    told = json.loads(done.stdout.rpartition("JSON")[2])
    failed = told["refused"] + told["broken"]
    return Rate(
        (told["requests"] - told["refused"]) / (told["microseconds"] / 1e6),
        told["median"] / 1000,
        told["late"] / 1000,
        failed / max(1, told["requests"] + told["broken"]),
        told["requests"],
    )


def _by_ourselves(base: str, load: Load, connections: int, seconds: float) -> Rate:
    return asyncio.run(_all(base, load, connections, seconds))


async def _all(base: str, load: Load, connections: int, seconds: float) -> Rate:
    place = urlsplit(base)
    taken: list[float] = []
    refused = 0
    number = time.monotonic_ns() // 1_000 % 10**12
    started = time.perf_counter()

    async def one() -> None:
        nonlocal number, refused
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        fields = "".join(f"{name}: {value}\r\n" for name, value in load.headers.items())
        while time.perf_counter() - started < seconds:
            number += 1
            path = load.paths[number % len(load.paths)].replace("{n}", str(number))
            began = time.perf_counter()
            writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            length = head.partition("content-length:")[2].partition("\r\n")[0]
            status = int(head.split(" ", 2)[1])
            if status != 304 and length:
                await reader.readexactly(int(length))
            taken.append(time.perf_counter() - began)
            refused += status >= 400
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    spent = time.perf_counter() - started
    taken.sort()
    middle, late = taken[len(taken) // 2], taken[int(len(taken) * 0.99)]
    return Rate((len(taken) - refused) / spent, middle * 1000, late * 1000, refused / len(taken), len(taken))


def save(folder: Path, name: str, body: bytes) -> Path:
    """A file that servers of constants send."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(body)
    return path
