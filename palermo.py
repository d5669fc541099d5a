"""The command: build, serve, validate and query the knowledge graph of the Working Group's recommendations."""

from __future__ import annotations

import gc
import os
import sqlite3
import sys
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from ontology.namespaces import DEFAULT_BASE, Base, InvalidBaseError

app = typer.Typer(
    help="Palermo: recommendations of United Nations bodies as linked data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

BaseOption = Annotated[
    str,
    typer.Option(
        "--base",
        envvar="PALERMO_BASE",
        help="The base IRI of every identifier, ending in '/'. It belongs to the data: choose the address at which the "
        "graph will live. Links below localhost are not for citing.",
    ),
]
VocabularyOption = Annotated[
    str, typer.Option(envvar="PALERMO_VOCABULARY", help="The permanent IRI, ending in '/', below which its terms are.")
]
SnapshotsOption = Annotated[
    Path | None,
    typer.Option(
        "--snapshots",
        envvar="PALERMO_SNAPSHOTS",
        help="The folder that holds snapshots. [default: var/snapshots in the checkout]",
    ),
]
_Folder = partial(typer.Option, exists=True, file_okay=False)
SourcesOption = Annotated[
    Path | None,
    _Folder("--sources", help="The folder with NAME.md and NAME.toml of each document. [default: ingest/sources]"),
]
EditorialOption = Annotated[
    Path | None,
    _Folder("--editorial", help="The folder with what was judged, in CSV tables. [default: ingest/editorial]"),
]


def _base(iri: str, vocabulary: str = "") -> Base:
    try:
        return Base(iri, vocabulary)
    except InvalidBaseError as error:
        typer.echo(f"palermo: {error}", err=True)
        raise typer.Exit(2) from error


def _say(line: str) -> None:
    with suppress(OSError):  # a log that is full, or that nobody reads
        typer.echo(line, err=True)


def _version(wanted: bool) -> None:
    if wanted:
        from ontology.version import program_version

        typer.echo(f"palermo {program_version()}")
        raise typer.Exit


@app.callback()
def check(
    version: Annotated[  # noqa: ARG001 (its callback answers)
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which it is.")
    ] = False,
) -> None:
    """Palermo: the recommendations of the Working Group on the Smuggling of Migrants as linked data."""
    if not any(name.upper().startswith("PALERMO_") for name in os.environ):
        return  # a build and the like need not load the server's settings
    from server.settings import SettingError, check_environment

    try:
        check_environment(os.environ)
    except SettingError as problem:
        _say(f"palermo: {problem}")
        raise typer.Exit(2) from None


@app.command()
def build(
    base: BaseOption = DEFAULT_BASE,
    vocabulary: VocabularyOption = "",
    snapshots: SnapshotsOption = None,
    sources: SourcesOption = None,
    editorial: EditorialOption = None,
    keep_going: Annotated[
        bool,
        typer.Option(
            "--keep-going", help="Leave out a document that cannot be built, say why, and publish the others."
        ),
    ] = False,
) -> None:
    """Read the sources, build and validate the graph, and publish it as a new snapshot.

    Nothing is published when a source cannot be read or the graph breaks its shapes: the report says where and why,
    the exit status is 1, and the snapshot in place keeps serving. Nor is anything when nothing has changed.
    """
    gc.set_threshold(50_000)  # what is loaded stays: looking for garbage among it finds none
    from ingest.command import run_build, settings_for

    chosen = settings_for(_base(base, vocabulary), snapshots, sources, editorial)
    raise typer.Exit(run_build(replace(chosen, keep_going=keep_going), _say))


@app.command()
def prune(
    keep: Annotated[int, typer.Option(min=1, help="How many versions stay, the current one among them.")],
    base: BaseOption = DEFAULT_BASE,
    snapshots: SnapshotsOption = None,
) -> None:
    """Remove old versions of a base: all but the newest. The current one stays in any case."""
    from ingest.command import run_prune, settings_for

    raise typer.Exit(run_prune(settings_for(_base(base), snapshots), keep, _say))


@app.command()
def validate(
    base: BaseOption = DEFAULT_BASE,
    vocabulary: VocabularyOption = "",
    sources: SourcesOption = None,
    editorial: EditorialOption = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Also list every shape and how much it checked.")] = False,
) -> None:
    """Build the graph from the sources and check it against its shapes, without publishing anything.

    The exit status is 0 when there is no violation, 1 when there is one.
    """
    from ingest.command import run_validate, settings_for

    raise typer.Exit(run_validate(settings_for(_base(base, vocabulary), None, sources, editorial), verbose, _say))


@app.command()
def add(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="DOCX, ODT, PDF, HTML, Akoma Ntoso, Markdown or text.")
    ],
    slug: Annotated[str | None, typer.Option(help="The name of the document in every identifier.")] = None,
    title: Annotated[str | None, typer.Option(help="The title as the masthead prints it.")] = None,
    kind: Annotated[str | None, typer.Option(help="Such as note, report or resolution.")] = None,
    symbol: Annotated[str | None, typer.Option(help="The document's own symbol.")] = None,
    body: Annotated[str | None, typer.Option(help="The body that the document is for, by its slug.")] = None,
    publisher: Annotated[str | None, typer.Option(help="The actor who publishes the document.")] = None,
    issued: Annotated[str | None, typer.Option(help="The day of issue, such as 2015-08-25.")] = None,
    distribution: Annotated[str | None, typer.Option(help="Such as General.")] = None,
    language: Annotated[str | None, typer.Option(help="The code of the language, such as en.")] = None,
    agenda_symbol: Annotated[str | None, typer.Option(help="The symbol of the provisional agenda.")] = None,
    issuer: Annotated[str | None, typer.Option(help="The actor whose recommendations they are.")] = None,
    author: Annotated[str | None, typer.Option(help="The actor who wrote the document.")] = None,
    means: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=SLUG", help="What a short name means, once for each: 'the Protocol=untoc'."),
    ] = None,
    meeting: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SLUG/START/END/PLACE[/LABEL]",
            help="A meeting, once for each, in place of those that the headings name.",
        ),
    ] = None,
    replaces: Annotated[
        str | None,
        typer.Option(metavar="SLUG", help="The document of which this is a new issue: it keeps its addresses."),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The encoding of a text or HTML page, where it is guessed wrong: cp1250."),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Ask nothing: take what the masthead says and what is given.")
    ] = False,
    sources: SourcesOption = None,
    editorial: EditorialOption = None,
) -> None:
    """Add a document: confirm its metadata, see what was recognised in it, get tables to judge it with.

    Every question has an answer read from the masthead as its default; “<” goes back to the one before, and whoever
    stops is told the command that goes on from there. Nothing is written when the text cannot be read.
    """
    from ingest.adding.asking import at_terminal
    from ingest.adding.command import run_add
    from ingest.adding.questions import given_by
    from ingest.command import settings_for
    from ingest.errors import BuildError

    said = {
        "slug": slug, "title": title, "kind": kind, "symbol": symbol, "body": body, "publisher": publisher,
        "issued": issued, "distribution": distribution, "language": language, "agenda_symbol": agenda_symbol,
        "issuer": issuer, "author": author,
    }  # fmt: skip
    try:
        given = given_by(said, meeting or (), means or (), replaces or "", encoding or "")
    except BuildError as error:
        _say(f"palermo: {error}")
        raise typer.Exit(2) from error
    chosen = settings_for(_base(DEFAULT_BASE), None, sources, editorial)
    raise typer.Exit(run_add(file, chosen, given, None if yes else at_terminal, _say))


@app.command()
def review(
    as_: Annotated[
        str | None,
        typer.Option("--as", metavar="NAME", help="Your name, as it will stand beside all that you review."),
    ] = None,
    base: BaseOption = DEFAULT_BASE,
    vocabulary: VocabularyOption = "",
    snapshots: SnapshotsOption = None,
    sources: SourcesOption = None,
    editorial: EditorialOption = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    rebuild: Annotated[bool, typer.Option(help="Build and publish at the end, when something was decided.")] = True,
) -> None:
    """Review judgements one at a time, on a page that only this machine can open.

    Each decision is written at once into the tables of ingest/editorial. Commit them as you would any other change.
    """
    from ingest.command import settings_for
    from ingest.review.bench import run_review

    name = as_ or typer.prompt("Your name, as it will stand beside every judgement that you review")
    settings = settings_for(_base(base, vocabulary), snapshots, sources, editorial)
    raise typer.Exit(run_review(settings, name, _say, show=browser, rebuild=rebuild))


@app.command()
def query(
    text: Annotated[
        str,
        typer.Argument(
            metavar="FILE|NAME|TEXT",
            help="A query file, the name of a public question, a query itself, or '-' for standard input.",
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--format", help="table, csv, tsv, json or xml for rows; turtle, jsonld, ntriples or rdfxml for graphs."
        ),
    ] = "table",
    parameters: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="The value of a parameter of a question, once for each."),
    ] = None,
    base: BaseOption = DEFAULT_BASE,
    snapshots: SnapshotsOption = None,
) -> None:
    """Ask the published snapshot a SPARQL query on the command line.

    The published prefixes (pal:, rec:, smp:, untoc:, actor:, theme: and so on) need not be declared.
    """
    from server.command import run_query

    raise typer.Exit(run_query(text, parameters or [], output, _base(base), snapshots, sys.stdout, _say))


@app.command()
def serve(
    host: Annotated[str, typer.Option(envvar="PALERMO_HOST", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PALERMO_PORT", help="The port to listen on.")] = 8000,
    base: BaseOption = DEFAULT_BASE,
    vocabulary: VocabularyOption = "",
    snapshot: Annotated[
        Path | None,
        typer.Option("--snapshot", envvar="PALERMO_SNAPSHOT", help="A version's folder to serve, not the current one."),
    ] = None,
    snapshots: SnapshotsOption = None,
    processes: Annotated[int, typer.Option(min=1, help="How many server processes share the port.")] = 1,
) -> None:
    """Serve the current snapshot of a base; build it first when there is none.

    Everything else is a setting, given as an environment variable; `palermo settings` lists them with their defaults.
    """
    from server.command import has_snapshot, run_serve

    chosen = _base(base, vocabulary)
    # Under systemd, which sets INVOCATION_ID, a server that lacks its snapshot says so and builds nothing.
    if snapshot is None and not has_snapshot(chosen, snapshots) and "INVOCATION_ID" not in os.environ:
        from ingest.command import run_build, settings_for

        _say(f"There is no snapshot for {chosen.iri} yet; building one first.")
        if status := run_build(settings_for(chosen, snapshots), _say):
            raise typer.Exit(status)
    raise typer.Exit(run_serve(chosen, host, port, snapshot, snapshots, processes, _say))


@app.command()
def mcp(base: BaseOption = DEFAULT_BASE, snapshots: SnapshotsOption = None) -> None:
    """Answer a language model's client on this machine, over standard input and output (Model Context Protocol).

    A server answers at /mcp with PALERMO_MCP=1.
    """
    from server.command import run_mcp

    raise typer.Exit(run_mcp(_base(base), snapshots, _say))


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is new or empty.")],
    base: BaseOption = DEFAULT_BASE,
    snapshots: SnapshotsOption = None,
) -> None:
    """Write the current snapshot's whole site as files, for a plain web server or an object store.

    Every page and every representation, with rules for nginx, Apache and others; what needs a server says so.
    """
    from server.command import run_export

    raise typer.Exit(run_export(folder, _base(base), snapshots, _say))


@app.command()
def publish(
    to: Annotated[str, typer.Option("--to", metavar="URL", help="The graph store: what '?graph=…' is added to.")] = "",
    files: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Instead: write graphs.nq and record.nq for the store's own bulk loader."),
    ] = None,
    user: Annotated[str, typer.Option(envvar="PALERMO_STORE_USER", help="Who loads, when the store asks.")] = "",
    drop: Annotated[list[str] | None, typer.Option(metavar="VERSION", help="An older version to remove.")] = None,
    base: BaseOption = DEFAULT_BASE,
    snapshots: SnapshotsOption = None,
) -> None:
    """Load the current snapshot into a store elsewhere, beside the versions that are there.

    For servers with PALERMO_STORE: each switches to a new snapshot once its store holds all of it. The password is read
    from PALERMO_STORE_PASSWORD.
    """
    from ingest.remote_publishing import run_bulk_files, run_publish
    from server.command import current_snapshot, has_snapshot

    chosen = _base(base)
    if bool(to) == bool(files):
        raise typer.BadParameter("Say where to: --to URL or --files DIR.")
    if not has_snapshot(chosen, snapshots):
        _say(f"palermo: there is no snapshot for {chosen.iri}. Make one with: palermo build --base {chosen.iri}")
        raise typer.Exit(2)
    if files:
        raise typer.Exit(run_bulk_files(current_snapshot(chosen, snapshots), files, _say))
    password = os.environ.get("PALERMO_STORE_PASSWORD", "")
    raise typer.Exit(run_publish(current_snapshot(chosen, snapshots), to, user, password, drop or [], _say))


@app.command()
def verify(
    snapshot: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER]", help="A snapshot's folder, instead of the current one.")
    ] = None,
    base: BaseOption = DEFAULT_BASE,
    snapshots: SnapshotsOption = None,
) -> None:
    """Compare every file of a snapshot with its manifest: existence, size and checksum.

    The exit status is 0 when the snapshot is whole, 1 when it is not: each fault is a line.
    """
    from server.command import run_verify

    raise typer.Exit(run_verify(_base(base), snapshot, snapshots, _say))


@app.command()
def settings() -> None:
    """List every setting of the server: its environment variable, default and meaning."""
    from server.command import print_settings

    print_settings(sys.stdout)


def main() -> None:
    """Runs the command. What the disk or the system refuses is a sentence."""
    try:
        app(prog_name="palermo")
    except (OSError, sqlite3.Error) as problem:
        _say(f"palermo: {problem}")
        sys.exit(1)


if __name__ == "__main__":
    main()
