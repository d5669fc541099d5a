"""What `palermo serve`, `palermo query` and `palermo settings` do and say on the terminal."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from ontology.formats import BY_KEY
from ontology.layout import Say, home_of
from ontology.namespaces import Base, shorten
from ontology.version import program_version
from queries.catalogue import Query, QueryFileError, bind, read_catalogue, read_query
from queries.grammar import read_if_query
from queries.prologue import read_prologue
from queries.scanner import ScanError
from server.integrity import SnapshotError, faults, read_manifest
from server.linkeddata.jsonld import read_context
from server.linkeddata.writing import write_triples
from server.settings import SettingError, Settings, describe_settings, settings_of_environment
from server.snapshot import open_snapshot
from server.sparql.detours import detour
from server.sparql.explanations import explain
from server.sparql.outcomes import QueryFailed
from server.sparql.serializing import TABLE_FORMATS

ROWS = ("csv", "tsv", "json", "xml")
GRAPHS = ("turtle", "jsonld", "ntriples", "rdfxml")
WIDEST = 72
"""Columns of a terminal table are cut at this many characters; `--format csv` gives them whole."""


def current_snapshot(base: Base, snapshots: Path | None) -> Path:
    """The folder of the current snapshot of a base, whether or not it exists."""
    return home_of(snapshots or Settings().snapshots, base) / "current"


def has_snapshot(base: Base, snapshots: Path | None) -> bool:
    """Whether a snapshot of this base has been published."""
    return (current_snapshot(base, snapshots) / "manifest.json").exists()


def run_export(folder: Path, base: Base, snapshots: Path | None, say: Say) -> int:
    """Writes the site as files; returns the exit status."""
    from server.site_files import NotExportedError, export_site

    settings = Settings(base=base.iri) if snapshots is None else Settings(base=base.iri, snapshots=snapshots)
    try:
        files = export_site(settings, folder, say)
    except (NotExportedError, SnapshotError) as error:
        say(f"palermo: {error}")
        return 1
    say(f"{files:,} files in {folder}; SERVING.txt says how to serve them.")
    return 0


def _found(written: str) -> Query | str:
    """The named question, the query of a file with our header, or the text. Raises `ValueError` for a mere name."""
    named = read_catalogue().queries.get(written)
    if named is not None:
        return named
    if written == "-":
        return sys.stdin.read()
    if any(sign in written for sign in "{}\n"):
        return written
    path = Path(written)
    if path.is_file():
        try:
            return read_query(path)
        except QueryFileError:
            return path.read_text(encoding="utf-8")
    if not any(character.isspace() for character in written):
        raise ValueError(
            f"{written!r} is neither a file, nor the name of a question (queries/questions/ has them all), nor a query"
        )
    return written


def _query(written: str, values: list[str], base: Base) -> str:
    """The text of a query with the values of its parameters. Raises `ValueError` for a parameter it does not have."""
    named = _found(written)
    if isinstance(named, str):
        if values:
            raise ValueError("only a question, or a query file that says '# parameter:', has parameters")
        return named
    chosen = {parameter.name: parameter.default for parameter in named.parameters}
    for value in values:
        name, sign, given_value = value.partition("=")
        if not sign or name not in chosen:
            raise ValueError(f"{value!r} sets none of its parameters ({', '.join(chosen) or 'it has none'})")
        chosen[name] = given_value
    terms = {
        parameter.name: parameter.term(text, base)
        for parameter in named.parameters
        if (text := chosen[parameter.name]) is not None
    }
    try:
        return bind(named.text, terms)
    except ScanError:
        return named.text  # The engine refuses it, and `explain` says why.


def _detour(text: str, store: Store, base: Base, prefixes: dict[str, str]) -> str:
    """The query as the engine has to be asked for the right answer. Raises `QueryFailed` where there is no way."""
    declared = "".join(f"PREFIX {name}: <{iri}> " for name, iri in prefixes.items()) + text
    query = read_if_query(declared)
    if query is None:
        return text
    chosen = read_prologue(query.tokens, base.iri).graphs
    known = (graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode))
    return detour(query, chosen[1] if chosen else tuple(known))


def _reason(text: str, message: str, prefixes: dict[str, str]) -> str:
    """Why a text is no query, with line and column, in words. Published prefixes count as declared."""
    declared = " ".join(f"PREFIX {name}: <{iri}>" for name, iri in prefixes.items())
    problem = explain(f"{declared}\n{text}", message)
    line = problem.extra.get("line")
    return problem.detail.replace(f"Line {line},", f"Line {line - 1},", 1) if isinstance(line, int) else problem.detail


def _table(solutions: QuerySolutions, prefixes: dict[str, str]) -> Iterator[str]:
    columns = [variable.value for variable in solutions.variables]
    rows = [
        [shorten(str(getattr(solution[name], "value", "") or ""), prefixes) for name in columns]
        for solution in solutions
    ]
    cut = [[cell if len(cell) <= WIDEST else f"{cell[: WIDEST - 1]}…" for cell in row] for row in rows]
    widths = [max(len(row[place]) for row in [columns, *cut]) for place in range(len(columns))]
    for row in [columns, ["-" * width for width in widths], *cut]:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    yield f"({len(rows)} {'row' if len(rows) == 1 else 'rows'})"


def _graph(triples: QueryTriples, form: str, base: Base) -> str:
    """The graph as the endpoint writes it; JSON-LD brings its context, since that may not be served."""
    context = read_context(base)
    written = write_triples(triples, BY_KEY[form], base.prefixes(), context).decode()
    if form != "jsonld":
        return written
    return json.dumps(json.loads(written) | context.document, ensure_ascii=False, indent=2) + "\n"


def run_query(
    written: str, values: list[str], output: str, base: Base, snapshots: Path | None, out: TextIO, say: Say
) -> int:
    """Runs a query on the current snapshot; returns 0, or 2 with a sentence when it cannot be run."""
    if not has_snapshot(base, snapshots):
        say(f"palermo: there is no snapshot for {base.iri}. Make one with: palermo build --base {base.iri}")
        return 2
    if output != "table" and output not in ROWS and output not in GRAPHS:
        say(f"palermo: unknown format {output!r}; there are: table, {', '.join([*ROWS, *GRAPHS])}.")
        return 2
    text, prefixes = "", base.prefixes()
    try:
        folder = current_snapshot(base, snapshots)
        base = Base(base.iri, read_manifest(folder, base).get("vocabulary", ""))
        store, prefixes = Store.read_only(str(folder / "store")), base.prefixes()
        text = _query(written, values, base)
        asked = _detour(text, store, base, prefixes)
        results = store.query(asked, base_iri=base.iri, prefixes=prefixes, use_default_graph_as_union=True)
    except SyntaxError as error:
        say(f"palermo: this is not a SPARQL query. {_reason(text, str(error), prefixes)}")
        return 2
    except QueryFailed as error:
        say(f"palermo: {error.detail}")
        return 2
    except (SnapshotError, OSError, RuntimeError, ValueError) as error:
        say(f"palermo: the query cannot be run: {error}.")
        return 2
    if isinstance(results, QueryTriples):
        if output in ROWS:
            say(f"palermo: this query gives a graph, not rows; formats for graphs: {', '.join(GRAPHS)}.")
            return 2
        out.write(_graph(results, output if output in GRAPHS else "turtle", base))
    elif output in GRAPHS:
        say(f"palermo: this query gives rows, not a graph; formats for rows: table, {', '.join(ROWS)}.")
        return 2
    elif isinstance(results, QueryBoolean) and output in {"table", "csv", "tsv"}:
        out.write(f"{'yes' if results else 'no'}\n")
    elif output == "table" and isinstance(results, QuerySolutions):
        out.writelines(f"{line}\n" for line in _table(results, prefixes))
    else:
        out.write((results.serialize(format=TABLE_FORMATS[output]) or b"").decode())
    return 0


def print_settings(out: TextIO) -> None:
    """Writes every setting with its environment variable, default and meaning."""
    for name, default, description in describe_settings():
        out.write(f"{name} [{default}]\n    {description}\n")


def run_verify(base: Base, snapshot: Path | None, snapshots: Path | None, say: Say) -> int:
    """Compares a snapshot with its manifest, all checksums too; returns 0 when it is whole, else 1."""
    folder = (snapshot or current_snapshot(base, snapshots)).resolve()
    try:
        manifest = read_manifest(folder, None if snapshot else base)
        problems = list(faults(folder, manifest, most_bytes=None))
        if not problems:
            open_snapshot(folder)
            say(f"{folder} is whole: {len(manifest['files'])} files, version {manifest['version']}.")
    except SnapshotError as problem:
        problems = [str(problem)]
    for fault in problems:
        say(f"palermo: {fault}")
    return 1 if problems else 0


def run_mcp(base: Base, snapshots: Path | None, say: Say) -> int:
    """Answers a language model's client over standard input and output until it closes; returns the exit status."""
    if not has_snapshot(base, snapshots):
        say(f"palermo: there is no snapshot for {base.iri}. Make one with: palermo build --base {base.iri}")
        return 2
    from server.app import model_server
    from server.web.monitoring import configure_logging

    os.environ["PALERMO_BASE"] = base.iri
    if snapshots is not None:
        os.environ["PALERMO_SNAPSHOTS"] = str(snapshots)

    async def answer() -> None:
        async with model_server(settings) as server:
            await server.over_standard_streams()

    try:
        settings = settings_of_environment().model_copy(update={"log_level": "warning"})
        configure_logging(settings)
        asyncio.run(answer())
    except (SettingError, SnapshotError) as problem:
        say(f"palermo: {problem}")
        return 2
    return 0


def _why_not_listen(host: str, port: int) -> str:
    """Why no server can listen at an address, as far as trying it for a moment shows; empty when one can."""
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            with socket.socket(family, kind, protocol) as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    tried.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                tried.bind(address)
    except OSError as problem:
        return problem.strerror or str(problem)
    except UnicodeError:  # a name that the naming system cannot have
        return "it is no name of a host"
    return ""


def run_serve(
    base: Base, host: str, port: int, snapshot: Path | None, snapshots: Path | None, processes: int, say: Say
) -> int:
    """Serves until it is stopped; returns the exit status of the server."""
    os.environ["PALERMO_BASE"] = base.iri
    os.environ["PALERMO_HOST"] = host
    os.environ["PALERMO_PORT"] = str(port)
    if snapshots is not None:
        os.environ["PALERMO_SNAPSHOTS"] = str(snapshots)
    if snapshot is not None:
        os.environ["PALERMO_SNAPSHOT"] = str(snapshot)
    try:
        settings = settings_of_environment()
    except SettingError as problem:
        say(f"palermo: {problem}")
        return 2
    shown = f"[{host}]" if ":" in host else host
    if why := _why_not_listen(host, port):
        say(f"palermo: no server can listen at {shown}:{port}: {why}.")
        return 2
    say(f"Serving {base.iri} at http://{shown}:{port}{base.path} with palermo {program_version()}")
    if processes == 1 and sys.platform == "linux":
        from server.starting import become_server

        current = settings.snapshot or settings.folder / "current"
        become_server(base, current, 0 if settings.store else settings.memory_triples)
    from server.running import run

    return run(settings, processes)
