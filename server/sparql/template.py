"""The template: a process that has loaded what a worker needs, opened nothing, and forks a worker whenever it is asked.

A fork is ready in a few milliseconds, where an interpreter takes two hundred, and shares its memory with all others.
The template has one thread, no store and nothing of the server's; a worker isolates itself before it opens the store,
as one that is started afresh. It is forked twice, so that the kernel gives it to the nearest ancestor that takes
orphans in: the server, whose child it then is (`server.sparql.forking`, Linux).
"""

from __future__ import annotations

import gc
import os
import socket
import struct
import sys
import time

from server.sparql import isolation, worker

NUMBER = struct.Struct(">I")
_ADOPTION_SECONDS = 5.0


def main() -> None:
    """Forks a worker for each socket that comes, and replies with its process id. The first argument is the server."""
    server = int(sys.argv[1])
    isolation.tie_to_parent(server)
    gc.freeze()  # What is loaded stays shared: no collection touches it in a worker.
    with socket.socket(fileno=os.dup(0)) as channel:
        while True:
            _, handed, _, _ = socket.recv_fds(channel, 1, 1)
            if not handed:
                return
            number = _fork(channel, handed[0], server)
            os.close(handed[0])
            channel.sendall(NUMBER.pack(number))


def _fork(channel: socket.socket, handed: int, server: int) -> int:
    """The process id of a new worker that speaks on a socket; 0 when there is none."""
    reading, writing = os.pipe()
    between = os.fork()
    if not between:
        try:
            number = os.fork()
            if number:
                os.write(writing, NUMBER.pack(number))
                os._exit(0)
            channel.close()
            for inherited in (0, reading, writing):
                os.close(inherited)
            _work(handed, server)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        found = told.read(NUMBER.size)
    os.waitpid(between, 0)
    return int(NUMBER.unpack(found)[0]) if found else 0


def _work(handed: int, server: int) -> None:
    """Serves as a worker once the server is its parent."""
    until = time.monotonic() + _ADOPTION_SECONDS
    while os.getppid() != server:
        if time.monotonic() > until:
            return
        time.sleep(0.0002)
    isolation.tie_to_parent(server)
    with socket.socket(fileno=handed) as channel:
        worker.serve(channel)


if __name__ == "__main__":
    main()
