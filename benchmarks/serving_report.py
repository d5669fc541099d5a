"""The section of docs/benchmarks.md on serving: machine, commands, medians with spread, every ratio with its bar."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from benchmarks.serving_load import Rate, program
from benchmarks.serving_peers import PINS, nginx

PREZ = 58.0
"""Objects in Turtle a second that prez 4.7.5 gave at best, when it was measured for this project once."""


@dataclass(frozen=True, slots=True)
class Measured:
    """All rounds of one thing asked of one server on some connections, and the processor time of a request in
    milliseconds, in all processes of the server (median)."""

    who: str
    what: str
    connections: int
    rates: tuple[Rate, ...]
    processor: float

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
class Start:
    """Seconds from the command to the first page, and of the imports alone."""

    whole: float
    imports: float


@dataclass(frozen=True, slots=True)
class Ratio:
    """One measurement over another, by requests a second and by requests a second of processor time (0 where that says
    nothing), and the least the first is to be."""

    what: str
    value: float
    by_processor: float
    bar: float
    connections: int

    @property
    def met(self) -> bool:
        """Whether the bar is reached."""
        return self.value >= self.bar


def ratios(found: Sequence[Measured], connections: int) -> tuple[Ratio, ...]:
    """The ratios on some connections; those whose parts were not measured, or gave no answer, are left out."""
    known = {(one.who, one.what): one for one in found if one.connections == connections}
    asgi, native, rdflib, two = "raw ASGI, constant", "Oxigraph server", "rdflib-endpoint", "Palermo, 2 processes"
    wanted = (
        ("kept page over a constant body of its size", "page", asgi, 0.6),
        ("kept resource over a constant body of its size", "resource in Turtle", asgi, 0.6),
        ("look-up through a worker over rdflib-endpoint", "look-up", rdflib, 3.0),
        ("repeated query over the Oxigraph server", "query, repeated", native, 1.0),
        ("look-up over the Oxigraph server", "look-up", native, 0.0),
        ("join over the Oxigraph server", "join of 100 rows", native, 0.0),
        ("aggregate over the Oxigraph server", "aggregate", native, 0.0),
        ("join over rdflib-endpoint", "join of 100 rows", rdflib, 0.0),
        ("aggregate over rdflib-endpoint", "aggregate", rdflib, 0.0),
        ("kept page over nginx with a file", "page", "nginx, file", 0.0),
        ("kept resource over nginx with a file", "resource in Turtle", "nginx, file", 0.0),
    )
    made = [
        _ratio(name, known["Palermo", what], known[other, what], bar)
        for name, what, other, bar in wanted
        if ("Palermo", what) in known and (other, what) in known and known[other, what].median.per_second >= 1
    ]
    made += [
        _ratio(f"two processes over one, {what}", known[two, what], known["Palermo", what], 0.0)
        for what in ("page, computed", "look-up", "join of 100 rows")
        if (two, what) in known and ("Palermo", what) in known
    ]
    computed = known.get(("Palermo", "resource, computed"))
    if computed is not None:
        over = computed.median.per_second / PREZ
        made.append(Ratio(f"computed resource in Turtle over prez, {PREZ:.0f} a second", over, 0.0, 10.0, connections))
    return tuple(made)


def _ratio(name: str, upper: Measured, lower: Measured, bar: float) -> Ratio:
    pairs = [(one.per_second, other.per_second) for one, other in zip(upper.rates, lower.rates, strict=False)]
    value = statistics.median(one / max(other, 0.5) for one, other in pairs)
    by_processor = lower.processor / upper.processor if upper.processor else 0.0
    return Ratio(name, value, by_processor, bar, upper.connections)


def section(found: Sequence[Measured], start: Start, idle: int, seconds: float, rounds: int) -> str:
    """The text of the section."""
    counts = sorted({one.connections for one in found})
    main = 32 if 32 in counts else counts[-1]
    lines = [
        "## Serving",
        "",
        f"`python -m benchmarks.serving`: {rounds} rounds of {seconds:g} s each, the median counts; in a round all",
        "servers are asked the same, one right after the other. Requests by",
        f"{program()}, on the machine of the servers.",
        f"{machine()}. {versions()}.",
        "",
        "One process of each server, on the real graph. What is *computed*, and every query but the repeated one, has",
        "another number in each request, so that no cache of answers helps; a look-up is one of 88. Refused are",
        "answers with status 503; they do not count as requests a second.",
        "",
        "*Processor* is the processor time of one request in all processes of the server: what is left of a difference",
        "when the machine is busy with other things.",
        "",
        "| Server | What | Connections | A second | Spread | Median, ms | 99 %, ms | Refused | Processor, ms |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for one in found:
        rate = one.median
        figures = f"{rate.per_second:,.0f} | {one.spread} | {rate.median:.2f} | {rate.late:.2f} | {rate.refused:.1%}"
        lines.append(f"| {one.who} | {one.what} | {one.connections} | {figures} | {one.processor:.3f} |")
    lines += ["", "### Ratios", "", "| What | Connections | Ratio | By processor | Bar |"]
    lines.append("| --- | ---: | ---: | ---: | --- |")
    for ratio in (ratio for count in counts for ratio in ratios(found, count)):
        reached = "met" if ratio.met else "**missed**"
        bar = f"{ratio.bar:g} {reached}" if ratio.bar and ratio.connections == main else ""
        processor = f"{ratio.by_processor:.2f}" if ratio.by_processor else ""
        lines.append(f"| {ratio.what} | {ratio.connections} | {ratio.value:.2f} | {processor} | {bar} |")
    lines += [
        "",
        f"The bars are the product's own requirements and are judged at {main} connections. Prez was measured once, on",
        "other hardware; that is the only figure here that this run did not make.",
        "",
        "### Start and memory",
        "",
        f"From `palermo serve` to the first page, with a snapshot: {start.whole:.2f} s, of which Python's imports",
        f"take {start.imports:.2f} s (medians). An idle server with its query workers: {idle / 1e6:.0f} MB",
        "(proportional set size of the process tree).",
        "",
    ]
    return "\n".join(lines)


def machine() -> str:
    """The machine in a line."""
    model = next(_values("/proc/cpuinfo", "model name"), platform.processor() or platform.machine())
    memory = next(_values("/proc/meminfo", "MemTotal"), "").split()
    size = f", {int(memory[0]) / 2**20:.0f} GB" if memory else ""
    busy = f"; load average before the report {os.getloadavg()[1]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores of {model}{size}, {platform.system()} {platform.release()}{busy}"


def _values(path: str, name: str) -> Iterator[str]:
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        if line.startswith(name):
            yield line.partition(":")[2].strip()


def versions() -> str:
    """Python and the packages that serve."""
    ours = ", ".join(f"{name} {metadata.version(name)}" for name in ("pyoxigraph", "fastapi", "uvicorn", "httptools"))
    found = nginx()
    told = subprocess.run([found, "-v"], capture_output=True, text=True, check=False).stderr if found else ""
    beside = f", nginx {told.partition('/')[2].strip()}" if told else ""
    return f"Python {platform.python_version()}, {ours}{beside}; peers {', '.join(PINS[:2])}"


def write_section(path: Path, name: str, text: str) -> None:
    """Puts a section between its marks in a file, which is made when there is none."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    if not path.exists():
        marks = "\n".join(f"<!-- {part}:begin -->\n<!-- {part}:end -->\n" for part in ("ingest", "serving"))
        told = "Every figure here was printed by `benchmarks`; each part names its command, run and machine."
        path.write_text(f"# Benchmarks\n\n{told}\n\n{marks}")
    whole = path.read_text(encoding="utf-8")
    if begin not in whole:
        whole += f"\n{begin}\n{end}\n"
    head, _, rest = whole.partition(begin)
    path.write_text(f"{head}{begin}\n{text.rstrip()}\n{end}{rest.partition(end)[2]}", encoding="utf-8")
