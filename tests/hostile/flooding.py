"""Runaway queries from many clients at once, in a process of its own so that the readers' clock is their own.

`python -m tests.hostile.flooding BASE CLIENTS SECONDS` writes one line of JSON an answer: status, seconds, Retry-After.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from urllib.parse import quote, urlsplit

PRODUCT = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(6))
RUNAWAYS = (
    f"SELECT (COUNT(*) + %d AS ?n) {{ {PRODUCT} }}",
    f"SELECT * {{ {PRODUCT} FILTER(?a0 != ?a%d) }} ORDER BY ?c3 ?c5 LIMIT 1",
    f"SELECT DISTINCT ?a1 ?b2 ?c3 {{ {PRODUCT} FILTER(?c0 != %d) }}",
    "SELECT (COUNT(*) + %d AS ?n) { ?a (!<x>)* ?b . ?b (!<y>)* ?c . ?c (!<z>)* ?d }",
)


async def client(base: str, number: int, until: float) -> None:
    """One client, with an address of its own: one runaway after the other, a moment of rest after a refusal."""
    place, turn = urlsplit(base), 0
    while time.monotonic() < until:
        turn += 1
        text = quote(RUNAWAYS[number % len(RUNAWAYS)] % (number * 1_000 + turn))
        started = time.monotonic()
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        head = (
            f"GET /sparql?query={text} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.1.{number // 250}.{number % 250}\r\n"
        )
        writer.write(head.encode() + b"Connection: close\r\n\r\n")
        answer = (await reader.read()).decode()
        writer.close()
        fields = dict(line.lower().split(": ", 1) for line in answer.partition("\r\n\r\n")[0].split("\r\n")[1:])
        status = int(answer.split(" ", 2)[1]) if answer else 0
        print(json.dumps([status, time.monotonic() - started, fields.get("retry-after", "")]), flush=True)
        if status == 503:
            await asyncio.sleep(0.4)


async def flood(base: str, clients: int, seconds: float) -> None:
    """All clients, for some seconds."""
    until = time.monotonic() + seconds
    await asyncio.gather(*(client(base, number, until) for number in range(clients)))


if __name__ == "__main__":
    asyncio.run(flood(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
