"""The section of docs/benchmarks.md on serving: machine, commands, medians with spread, and each figure that has a bar
beside the same figure of the commit of 28 November 2026."""

from __future__ import annotations

import statistics
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.report import machine_line
from benchmarks.serving_load import Rate, program
from benchmarks.serving_peers import BEFORE, PINS, nginx

NOW, OLD, PAIR = "Palermo", f"Palermo {BEFORE}", "Palermo, 2 processes"
OXIGRAPH, RDFLIB, ASGI, NGINX = "Oxigraph server", "rdflib-endpoint", "raw ASGI, constant", "nginx, file"
BUSY, BUSY_PAIR = "raw ASGI that computes", "raw ASGI, 2 processes"
PAGE, LOOK_UP, JOIN, AGGREGATE, COMPUTED = "page", "look-up", "join of 100 rows", "aggregate", "page, computed"


@dataclass(frozen=True, slots=True)
class Measured:
    """All rounds of one thing asked of one server on some connections, and the processor time of a request in
    milliseconds (medians): in all processes of the server, and ``own`` in the one that talks HTTP."""

    who: str
    what: str
    connections: int
    rates: tuple[Rate, ...]
    processor: float
    own: float = 0.0

    @property
    def median(self) -> Rate:
        """The round in the middle, by requests a second."""
        return sorted(self.rates, key=lambda rate: rate.per_second)[len(self.rates) // 2]

    @property
    def spread(self) -> str:
        """The slowest and the fastest round."""
        found = [rate.per_second for rate in self.rates]
        return f"{min(found):,.0f} to {max(found):,.0f}"


@dataclass(frozen=True, slots=True)
class Idle:
    """Of one version: seconds from the command to the first page, and bytes of an idle server with its workers."""

    start: float
    memory: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with what it was and what it is to be; None where it was not measured. Of times and sizes less is
    better."""

    what: str
    connections: int
    before: float | None
    now: float
    bar: float | None
    less: bool = False
    unit: str = ""

    @property
    def met(self) -> bool:
        """Whether the bar is reached."""
        return self.bar is not None and (self.now <= self.bar if self.less else self.now >= self.bar)

    def row(self) -> str:
        """The figure as a row of a table."""
        reached = "" if self.bar is None else "yes" if self.met else "**no**"
        told = [f"{each:.2f}{self.unit}" if each is not None else "–" for each in (self.before, self.now, self.bar)]
        return f"| {self.what} | {self.connections or ''} | {' | '.join(told)} | {reached} |"


_RATIOS = (
    ("look-up over the Oxigraph server", LOOK_UP, NOW, OXIGRAPH, 0.45),
    ("join of 100 rows over the Oxigraph server", JOIN, NOW, OXIGRAPH, 0.9),
    ("aggregate over the Oxigraph server", AGGREGATE, NOW, OXIGRAPH, 0.55),
    ("kept page over a constant body on raw ASGI, same server", PAGE, NOW, ASGI, 0.75),
    ("kept page over the one before", PAGE, NOW, OLD, 2.0),
    ("kept page over nginx with a file", PAGE, NOW, NGINX, 0.6),
    ("two server processes over one: look-up", LOOK_UP, PAIR, NOW, 1.6),
    ("the same of an application that only computes as long", LOOK_UP, BUSY_PAIR, BUSY, None),
    ("look-up over rdflib-endpoint", LOOK_UP, NOW, RDFLIB, 3.0),
)


def figures(found: Sequence[Measured], idle: Idle | None = None, idle_before: Idle | None = None) -> Iterator[Figure]:
    """The figures that have a bar, of what was measured."""
    known = {(one.who, one.what, one.connections): one for one in found}
    counts = sorted({one.connections for one in found if one.connections > 1})
    for name, what, upper, lower, bar in _RATIOS:
        for count in counts:
            now, before, other = (known.get((who, what, count)) for who in (upper, OLD, lower))
            if now is not None and other is not None:
                was = ratio(before, other) if before is not None and upper == NOW and lower != OLD else None
                yield Figure(name, count, was, ratio(now, other), bar)
    for name, what, part, bar in (
        ("processor time of a look-up in the server process", LOOK_UP, "own", 0.3),
        ("processor time of a computed page", COMPUTED, "processor", 2.0),
    ):
        for count in sorted({one.connections for one in found}):
            now, before = (known.get((who, what, count)) for who in (NOW, OLD))
            if now is not None:
                was = getattr(before, part) if before is not None else None
                yield Figure(name, count, was, getattr(now, part), bar, less=True, unit=" ms")
    if idle is not None:
        old = idle_before.memory / 1e6 if idle_before is not None else None
        yield Figure("idle memory with workers", 0, old, idle.memory / 1e6, old, less=True, unit=" MB")
        was = idle_before.start if idle_before is not None else None
        yield Figure("from the command to the first page", 0, was, idle.start, None, less=True, unit=" s")


def ratio(upper: Measured, lower: Measured) -> float:
    """One rate over another: the median of the rounds, in each of which both were measured one after the other."""
    pairs = zip(upper.rates, lower.rates, strict=False)
    return statistics.median(one.per_second / max(other.per_second, 0.5) for one, other in pairs)


def section(found: Sequence[Measured], listed: Sequence[Figure], seconds: float, rounds: int) -> str:
    """The text of the section."""
    lines = [
        "## Serving",
        "",
        machine_line("python -m benchmarks.serving", "starlette", "uvicorn", "httptools"),
        peers(),
        f"{rounds} rounds of {seconds:g} s each, the median counts; in a round all servers are asked the same, one",
        f"right after the other. Requests by {program()}, on the machine of the servers.",
        "",
        f"*Before* is commit {BEFORE} of 28 November 2026, checked out and measured in the same run, with the packages",
        "of today.",
        "",
        "| What | Connections | Before | Now | To reach | Reached |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
        *(figure.row() for figure in listed),
        "",
        "### Everything that was measured",
        "",
        "On the real graph, one process of each server unless it says two. Every query but the repeated one has",
        "another number in each request, so that no cache of answers helps; a look-up is one of 88. Pages that are",
        "*computed* are asked of a server, and of one of the commit before, whose cache of pages has one byte: a",
        "recommendation, an article, an actor, a theme, a list, a search, a question and the home page in turn.",
        "An application that computes 0.05 ms and sends a small body shows what a second process can give on this",
        "machine, whose processors the client needs too.",
        "Refused are answers with an error; they do not count as requests a second. *All* is the processor time of a",
        "request in all processes of a server, *own* that of the process that talks HTTP: what is left of a difference",
        "when the machine is busy with other things.",
        "",
        "| Server | What | Connections | A second | Spread | Median, ms | 99 %, ms | Refused | All, ms | Own, ms |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for one in found:
        rate = one.median
        told = f"{rate.per_second:,.0f} | {one.spread} | {rate.median:.2f} | {rate.late:.2f} | {rate.refused:.1%}"
        lines.append(f"| {one.who} | {one.what} | {one.connections} | {told} | {one.processor:.3f} | {one.own:.3f} |")
    return "\n".join(lines) + "\n"


def peers() -> str:
    """The versions of what is measured beside ours."""
    found = nginx()
    told = subprocess.run([found, "-v"], capture_output=True, text=True, check=False).stderr if found else ""
    beside = f", nginx {told.partition('/')[2].strip()}" if told else ""
    return f"Peers {', '.join(PINS[:2])}{beside}."
