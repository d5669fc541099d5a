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

import click

from ontology.namespaces import DEFAULT_BASE, Base, InvalidBaseError

_option = partial(click.option, show_envvar=True)
_repeated = partial(click.option, multiple=True)
_PATH = click.Path(path_type=Path)
_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
_with_base = _option(
    "--base",
    envvar="PALERMO_BASE",
    default=DEFAULT_BASE,
    help="The base IRI of every identifier, ending in '/'. It belongs to the data: choose the address at which the "
    "graph will live. Links below localhost are not for citing.",
)
_with_vocabulary = _option(
    "--vocabulary", envvar="PALERMO_VOCABULARY", help="The permanent IRI, ending in '/', below which its terms are."
)
_with_snapshots = _option(
    "--snapshots",
    envvar="PALERMO_SNAPSHOTS",
    type=_PATH,
    help="The folder that holds snapshots. [default: var/snapshots in the checkout]",
)
_with_sources = _option(
    "--sources", type=_FOLDER, help="The folder with NAME.md and NAME.toml of each document. [default: ingest/sources]"
)
_with_editorial = _option(
    "--editorial", type=_FOLDER, help="The folder with what was judged, in CSV tables. [default: ingest/editorial]"
)


class _Commands(click.Group):
    """The commands, listed as they are written; Ctrl-C ends each with the status that shells give."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            ctx.exit(130)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (as the class above has it)
        return list(self.commands)


def _base(iri: str, vocabulary: str | None = None) -> Base:
    try:
        return Base(iri, vocabulary or "")
    except InvalidBaseError as error:
        click.echo(f"palermo: {error}", err=True)
        sys.exit(2)


def _say(line: str) -> None:
    with suppress(OSError):  # a log that is full, or that nobody reads
        click.echo(line, err=True)


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from ontology.version import program_version

        click.echo(f"palermo {program_version()}")
        context.exit()


@click.group(
    cls=_Commands,
    help="Palermo: recommendations of United Nations bodies as linked data.",
    context_settings={"show_default": True},
)
@click.option("--version", is_flag=True, expose_value=False, callback=_version, is_eager=True, help="Say which it is.")
def app() -> None:
    """Checks the settings in the environment before any command."""
    if not any(name.upper().startswith("PALERMO_") for name in os.environ):
        return  # a build and the like need not load the server's settings
    from server.settings import SettingError, check_environment

    try:
        check_environment(os.environ)
    except SettingError as problem:
        _say(f"palermo: {problem}")
        sys.exit(2)


@app.command()
@_with_base
@_with_vocabulary
@_with_snapshots
@_with_sources
@_with_editorial
@click.option(
    "--keep-going", is_flag=True, help="Leave out a document that cannot be built, say why, and publish the others."
)
def build(
    base: str,
    vocabulary: str | None,
    snapshots: Path | None,
    sources: Path | None,
    editorial: Path | None,
    keep_going: bool,
) -> None:
    """Read the sources, build and validate the graph, and publish it as a new snapshot.

    Nothing is published when a source cannot be read or the graph breaks its shapes: the report says where and why,
    the exit status is 1, and the snapshot in place keeps serving. Nor is anything when nothing has changed.
    """
    gc.set_threshold(500_000)  # what is loaded stays: looking for garbage among it finds none, nor does it at the end
    click.get_current_context().call_on_close(gc.freeze)
    from ingest.command import run_build, settings_for

    chosen = settings_for(_base(base, vocabulary), snapshots, sources, editorial)
    sys.exit(run_build(replace(chosen, keep_going=keep_going), _say))


@app.command()
@click.option(
    "--keep", type=click.IntRange(min=1), required=True, help="How many versions stay, the current one among them."
)
@_with_base
@_with_snapshots
def prune(keep: int, base: str, snapshots: Path | None) -> None:
    """Remove old versions of a base: all but the newest. The current one stays in any case."""
    from ingest.command import run_prune, settings_for

    sys.exit(run_prune(settings_for(_base(base), snapshots), keep, _say))


@app.command()
@_with_base
@_with_vocabulary
@_with_sources
@_with_editorial
@click.option("--verbose", is_flag=True, help="Also list every shape and how much it checked.")
def validate(base: str, vocabulary: str | None, sources: Path | None, editorial: Path | None, verbose: bool) -> None:
    """Build the graph from the sources and check it against its shapes, without publishing anything.

    The exit status is 0 when there is no violation, 1 when there is one.
    """
    from ingest.command import run_validate, settings_for

    sys.exit(run_validate(settings_for(_base(base, vocabulary), None, sources, editorial), verbose, _say))


@app.command()
@click.argument(
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="DOCX, ODT, PDF, HTML, Akoma Ntoso, Markdown or text.",
)
@click.option("--slug", help="The name of the document in every identifier.")
@click.option("--title", help="The title as the masthead prints it.")
@click.option("--kind", help="Such as note, report or resolution.")
@click.option("--symbol", help="The document's own symbol.")
@click.option("--body", help="The body that the document is for, by its slug.")
@click.option("--publisher", help="The actor who publishes the document.")
@click.option("--issued", help="The day of issue, such as 2015-08-25.")
@click.option("--distribution", help="Such as General.")
@click.option("--language", help="The code of the language, such as en.")
@click.option("--agenda-symbol", help="The symbol of the provisional agenda.")
@click.option("--issuer", help="The actor whose recommendations they are.")
@click.option("--author", help="The actor who wrote the document.")
@_repeated("--means", metavar="NAME=SLUG", help="What a short name means, once for each: 'the Protocol=untoc'.")
@_repeated(
    "--meeting",
    metavar="SLUG/START/END/PLACE[/LABEL]",
    help="A meeting, once for each, in place of those that the headings name.",
)
@click.option("--replaces", metavar="SLUG", help="The document of which this is a new issue: it keeps its addresses.")
@click.option(
    "--encoding", metavar="NAME", help="The encoding of a text or HTML page, where it is guessed wrong: cp1250."
)
@click.option("--yes", is_flag=True, help="Ask nothing: take what the masthead says and what is given.")
@_with_sources
@_with_editorial
def add(
    file: Path,
    means: tuple[str, ...],
    meeting: tuple[str, ...],
    replaces: str | None,
    encoding: str | None,
    yes: bool,
    sources: Path | None,
    editorial: Path | None,
    **said: str | None,
) -> None:
    """Add a document: confirm its metadata, see what was recognised in it, get tables to judge it with.

    Every question has an answer read from the masthead as its default; “<” goes back to the one before, and whoever
    stops is told the command that goes on from there. Nothing is written when the text cannot be read.
    """
    from ingest.adding.command import run_add
    from ingest.adding.questions import at_terminal, given_by
    from ingest.command import settings_for
    from ingest.errors import BuildError

    try:
        given = given_by(said, meeting, means, replaces or "", encoding or "")
    except BuildError as error:
        _say(f"palermo: {error}")
        sys.exit(2)
    chosen = settings_for(_base(DEFAULT_BASE), None, sources, editorial)
    sys.exit(run_add(file, chosen, given, None if yes else at_terminal, _say))


@app.command()
@click.option("--as", "as_", metavar="NAME", help="Your name, as it will stand beside all that you review.")
@_with_base
@_with_vocabulary
@_with_snapshots
@_with_sources
@_with_editorial
@click.option("--browser/--no-browser", default=True, help="Open the page in a browser.")
@click.option("--rebuild/--no-rebuild", default=True, help="Build and publish at the end, when something was decided.")
def review(
    as_: str | None,
    base: str,
    vocabulary: str | None,
    snapshots: Path | None,
    sources: Path | None,
    editorial: Path | None,
    browser: bool,
    rebuild: bool,
) -> None:
    """Review judgements one at a time, on a page that only this machine can open.

    Each decision is written at once into the tables of ingest/editorial. Commit them as you would any other change.
    """
    from ingest.command import settings_for
    from ingest.review.bench import run_review

    name = as_ or click.prompt("Your name, as it will stand beside every judgement that you review")
    settings = settings_for(_base(base, vocabulary), snapshots, sources, editorial)
    sys.exit(run_review(settings, name, _say, show=browser, rebuild=rebuild))


@app.command()
@click.argument(
    "text",
    metavar="FILE|NAME|TEXT",
    help="A query file, the name of a public question, a query itself, or '-' for standard input.",
)
@click.option(
    "--format",
    "output",
    default="table",
    help="table, csv, tsv, json or xml for rows; turtle, jsonld, ntriples or rdfxml for graphs.",
)
@_repeated("--set", "parameters", metavar="NAME=VALUE", help="The value of a parameter of a question, once for each.")
@_with_base
@_with_snapshots
def query(text: str, output: str, parameters: tuple[str, ...], base: str, snapshots: Path | None) -> None:
    """Ask the published snapshot a SPARQL query on the command line.

    The published prefixes (pal:, rec:, smp:, untoc:, actor:, theme: and so on) need not be declared.
    """
    from server.command import run_query

    sys.exit(run_query(text, list(parameters), output, _base(base), snapshots, sys.stdout, _say))


@app.command()
@_option("--host", envvar="PALERMO_HOST", default="127.0.0.1", help="The address to listen on.")
@_option("--port", envvar="PALERMO_PORT", default=8000, help="The port to listen on.")
@_with_base
@_with_vocabulary
@_option("--snapshot", envvar="PALERMO_SNAPSHOT", type=_PATH, help="A version's folder to serve, not the current one.")
@_with_snapshots
@click.option("--processes", type=click.IntRange(min=1), default=1, help="How many server processes share the port.")
def serve(
    host: str,
    port: int,
    base: str,
    vocabulary: str | None,
    snapshot: Path | None,
    snapshots: Path | None,
    processes: int,
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
            sys.exit(status)
    sys.exit(run_serve(chosen, host, port, snapshot, snapshots, processes, _say))


@app.command()
@_with_base
@_with_snapshots
def mcp(base: str, snapshots: Path | None) -> None:
    """Answer a language model's client on this machine, over standard input and output (Model Context Protocol).

    A server answers at /mcp with PALERMO_MCP=1.
    """
    from server.command import run_mcp

    sys.exit(run_mcp(_base(base), snapshots, _say))


@app.command()
@click.argument("folder", metavar="DIR", type=_PATH, help="A folder that is new or empty.")
@_with_base
@_with_snapshots
def export(folder: Path, base: str, snapshots: Path | None) -> None:
    """Write the current snapshot's whole site as files, for a plain web server or an object store.

    Every page and every representation, with rules for nginx, Apache and others; what needs a server says so.
    """
    from server.command import run_export

    sys.exit(run_export(folder, _base(base), snapshots, _say))


@app.command()
@click.option("--to", metavar="URL", help="The graph store: what '?graph=…' is added to.")
@click.option(
    "--files", metavar="DIR", type=_PATH, help="Instead: write graphs.nq and record.nq for the store's own bulk loader."
)
@_option("--user", envvar="PALERMO_STORE_USER", help="Who loads, when the store asks.")
@_repeated("--drop", metavar="VERSION", help="An older version to remove.")
@_with_base
@_with_snapshots
def publish(to: str, files: Path | None, user: str, drop: tuple[str, ...], base: str, snapshots: Path | None) -> None:
    """Load the current snapshot into a store elsewhere, beside the versions that are there.

    For servers with PALERMO_STORE: each switches to a new snapshot once its store holds all of it. The password is read
    from PALERMO_STORE_PASSWORD.
    """
    from ingest.remote_publishing import run_bulk_files, run_publish
    from server.command import current_snapshot, has_snapshot

    chosen = _base(base)
    if bool(to) == bool(files):
        raise click.BadParameter("Say where to: --to URL or --files DIR.")
    if not has_snapshot(chosen, snapshots):
        _say(f"palermo: there is no snapshot for {chosen.iri}. Make one with: palermo build --base {chosen.iri}")
        sys.exit(2)
    if files:
        sys.exit(run_bulk_files(current_snapshot(chosen, snapshots), files, _say))
    password = os.environ.get("PALERMO_STORE_PASSWORD", "")
    sys.exit(run_publish(current_snapshot(chosen, snapshots), to or "", user or "", password, list(drop), _say))


@app.command()
@click.argument(
    "snapshot", metavar="[FOLDER]", required=False, type=_PATH, help="A snapshot's folder, instead of the current one."
)
@_with_base
@_with_snapshots
def verify(snapshot: Path | None, base: str, snapshots: Path | None) -> None:
    """Compare every file of a snapshot with its manifest: existence, size and checksum.

    The exit status is 0 when the snapshot is whole, 1 when it is not: each fault is a line.
    """
    from server.command import run_verify

    sys.exit(run_verify(_base(base), snapshot, snapshots, _say))


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
