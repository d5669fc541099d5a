"""The command: help that a stranger understands, plain sentences for what is wrong, and a server that builds first."""

from __future__ import annotations

import csv
import io
import re
import shutil
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import RdfFormat, parse

from ontology.layout import ROOT
from ontology.namespaces import Base
from palermo import app
from tests.ingest.conftest import copy_note
from tests.processes import free_port

COMMANDS = ("build", "validate", "query", "serve", "settings")
COUNT = "SELECT (COUNT(?x) AS ?n) WHERE { ?x a pal:Recommendation }"


def palermo(*arguments: str, stdin: str = "") -> Result:
    """The outcome of the command with these arguments."""
    return CliRunner().invoke(app, list(arguments), input=stdin, prog_name="palermo", env={"COLUMNS": "100"})


@pytest.fixture
def options(base: Base, built_snapshot: Path) -> list[str]:
    """The options that make a command use the session's build."""
    return ["--base", base.iri, "--snapshots", str(built_snapshot)]


def test_help_names_every_command_with_a_sentence() -> None:
    for shown in (palermo("--help"), palermo()):
        assert "recommendations of United Nations bodies as linked data" in " ".join(shown.output.split())
        for command in COMMANDS:
            assert re.search(rf"^  {command} +[A-Z][a-z]", shown.output, re.MULTILINE)
    assert palermo("--help").exit_code == 0


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("build", ["snapshot in place keeps serving", "--base", "--snapshots", "--sources", "--editorial", "not for citing"]),
        ("validate", ["without publishing", "exit status is 0 when there is no violation", "--verbose", "--sources"]),
        ("query", ["FILE|NAME|TEXT", "--format", "csv, tsv, json", "--set", "published prefixes"]),
        ("serve", ["build it first when there is none", "--host", "--port", "--snapshot ", "default: 8000"]),
        ("settings", ["environment variable"]),
    ],
)  # fmt: skip
def test_the_help_of_a_command_says_what_it_does(command: str, words: list[str]) -> None:
    shown = palermo(command, "--help")
    text = " ".join(shown.output.split())
    assert shown.exit_code == 0
    assert text.startswith(f"Usage: palermo {command} ")
    assert all(word in text for word in words), text
    assert "Traceback" not in text


def test_every_option_is_explained() -> None:
    for command in COMMANDS:
        lines = palermo(command, "--help").output.splitlines()
        bare = [line for line in lines if re.match(r"^  --[\w-]+( <\w+>| [A-Z=]+)?\s*$", line)]
        following = [lines[lines.index(line) + 1] for line in bare]
        assert all(re.match(r"^ {6,}\S", line) for line in following), bare


@pytest.mark.parametrize(
    "base", ["localhost:8000/", "http://localhost:8000", "ftp://example.org/", "http://example.org/?a/"]
)
def test_a_bad_base_is_refused_in_a_sentence_with_status_2(base: str) -> None:
    for command in (["build"], ["validate"], ["query", COUNT], ["serve"]):
        refused = palermo(*command, "--base", base)
        assert refused.exit_code == 2
        assert refused.output.startswith("palermo: The base IRI must ")
        assert refused.output.count("\n") == 1
        assert "Traceback" not in refused.output


def test_a_folder_that_does_not_exist_is_refused_with_status_2() -> None:
    refused = palermo("validate", "--sources", "no/such/folder")
    assert refused.exit_code == 2
    assert "no/such/folder" in refused.output


def test_the_answer_is_a_table_for_the_eye_unless_asked_otherwise(options: list[str]) -> None:
    answer = palermo("query", COUNT, *options)
    assert (answer.exit_code, answer.output) == (0, "n\n--\n88\n(1 row)\n")


def test_iris_are_short_in_the_table(options: list[str]) -> None:
    answer = palermo("query", "SELECT ?what WHERE { rec:83 pal:cites ?what }", *options)
    assert answer.output == "what\n------\nsmp:10\n(1 row)\n"


@pytest.mark.parametrize(
    ("format_", "words"),
    [
        ("csv", "n\n88\n"),
        ("tsv", "?n\n88\n"),
        ("json", '"n":{"type":"literal","value":"88"'),
        ("xml", 'datatype="http://www.w3.org/2001/XMLSchema#integer">88</literal>'),
    ],
)
def test_rows_come_in_the_formats_of_sparql(options: list[str], format_: str, words: str) -> None:
    assert words in palermo("query", COUNT, "--format", format_, *options).output


@pytest.mark.parametrize(
    ("format_", "syntax"),
    [("table", RdfFormat.TURTLE), ("turtle", RdfFormat.TURTLE), ("ntriples", RdfFormat.N_TRIPLES), ("rdfxml", RdfFormat.RDF_XML), ("jsonld", RdfFormat.JSON_LD)],
)  # fmt: skip
def test_a_graph_comes_in_the_formats_of_rdf(options: list[str], base: Base, format_: str, syntax: RdfFormat) -> None:
    query = "CONSTRUCT { ?s pal:cites ?o } WHERE { VALUES ?s { rec:91 } ?s pal:cites ?o }"
    output = palermo("query", query, "--format", format_, *options).output
    cited = {quad.object.value for quad in parse(output.encode(), syntax)}
    instruments = f"{base.iri}id/instrument/"
    assert cited == {
        f"{instruments}{path}" for path in ("untoc", "untoc/article/32", "untoc/article/37", "smuggling-protocol")
    }


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("ASK { rec:90 a pal:Recommendation }", "yes\n"),
        ("ASK { rec:4 a pal:Recommendation }", "no\n"),
        ("ASK { GRAPH ?g { SELECT ?x { ?x a pal:Document } } FILTER(BOUND(?g)) }", "yes\n"),
        ("ASK { <nothing> pal:partOf* <nothing> }", "yes\n"),
    ],
)
def test_a_question_of_yes_or_no_is_answered_so(options: list[str], query: str, answer: str) -> None:
    assert palermo("query", query, *options).output == answer


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("SELECT ?x WHERE { ?x pal:cites ?y", "palermo: this is not a SPARQL query. Line 1, column 17: This '{' is not closed."),
        ("SELECT ?x\nWHERE { ?x foo:bar ?y }", "palermo: this is not a SPARQL query. Line 2, column 12: The prefix 'foo:' is not declared"),
        ("SELECT WHERE { ?x ?y ?z }", "palermo: this is not a SPARQL query. Line 1, column 8: "),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", "palermo: this is not a SPARQL query. Line 1, column 1: "),
        ("SELEC", "palermo: the query cannot be run: 'SELEC' is neither a file, nor the name of a question (queries/questions/ has them all), nor a query."),
        ("who-is-adressed", "palermo: the query cannot be run: 'who-is-adressed' is neither a file, nor the name of a question"),
        ("", "palermo: the query cannot be run: '' is neither a file, nor the name of a question"),
    ],
)  # fmt: skip
def test_a_query_that_is_none_is_answered_in_a_sentence_with_its_place(
    options: list[str], query: str, sentence: str
) -> None:
    refused = palermo("query", query, *options)
    assert refused.exit_code == 2
    assert refused.output.startswith(sentence)
    assert refused.output.count("\n") == 1
    assert "expected one of" not in refused.output


@pytest.mark.parametrize(
    ("query", "format_", "words"),
    [
        (COUNT, "yaml", "unknown format 'yaml'; there are: table, csv, tsv, json, xml, turtle, jsonld, ntriples, rdfxml."),
        (COUNT, "turtle", "this query gives rows, not a graph; formats for rows: table, csv, tsv, json, xml."),
        ("CONSTRUCT WHERE { ?s pal:cites ?o }", "csv", "this query gives a graph, not rows; formats for graphs: turtle"),
    ],
)  # fmt: skip
def test_a_format_that_does_not_fit_is_refused(options: list[str], query: str, format_: str, words: str) -> None:
    refused = palermo("query", query, "--format", format_, *options)
    assert refused.exit_code == 2
    assert refused.output.startswith(f"palermo: {words}")


def test_a_named_question_is_answered_with_its_parameters(options: list[str], base: Base) -> None:
    name = "which-recommendations-cite-an-article"
    article = f"{base.iri}id/instrument/smuggling-protocol/article/10"
    (parameter,) = re.findall(
        r"^# parameter: (\w+) iri", (ROOT / "queries" / "questions" / f"{name}.rq").read_text(), re.MULTILINE
    )
    answer = palermo("query", name, "--set", f"{parameter}={article}", "--format", "csv", *options)
    assert answer.exit_code == 0
    # Article 10 of the Protocol is cited in one place of the text, recommendation 83.
    rows = list(csv.DictReader(io.StringIO(answer.output)))
    assert {cell for row in rows for cell in row.values() if "/paragraph/" in cell} >= {
        f"{base.iri}id/document/som-wg-2015/paragraph/83"
    }
    assert len(rows) == 1


def test_a_parameter_that_a_question_does_not_have_is_refused(options: list[str]) -> None:
    for query in ("who-is-addressed", COUNT):
        refused = palermo("query", query, "--set", "colour=red", *options)
        assert refused.exit_code == 2
        assert refused.output.startswith("palermo: the query cannot be run: ")


def test_a_file_of_ones_own_and_standard_input_are_run(options: list[str], tmp_path: Path) -> None:
    file = tmp_path / "mine.sparql"
    file.write_text(f"# My query\n{COUNT}\n")
    assert "88" in palermo("query", str(file), *options).output
    assert "88" in palermo("query", "-", *options, stdin=COUNT).output


def test_a_query_without_a_snapshot_says_how_to_make_one(tmp_path: Path) -> None:
    refused = palermo("query", COUNT, "--base", "https://example.org/", "--snapshots", str(tmp_path))
    assert refused.exit_code == 2
    assert refused.output == (
        "palermo: there is no snapshot for https://example.org/. "
        "Make one with: palermo build --base https://example.org/\n"
    )


def test_settings_are_listed_with_defaults_and_meanings() -> None:
    shown = palermo("settings")
    assert shown.exit_code == 0
    assert "PALERMO_PORT [8000]\n    Port to listen on.\n" in shown.output
    assert "PALERMO_SNAPSHOTS [var/snapshots]\n" in shown.output
    assert str(ROOT) not in shown.output


def test_validate_ends_with_0_when_there_is_no_violation(base: Base, tmp_path: Path) -> None:
    note = copy_note(tmp_path / "note")
    shown = palermo("validate", "--base", base.iri, "--verbose", "--sources", str(note))
    assert shown.exit_code == 0
    assert "The graph conforms: 0 violations" in shown.output
    assert "All rules, with the nodes they looked at" in shown.output


def test_validate_ends_with_1_and_a_report_when_there_is_one(base: Base, tmp_path: Path) -> None:
    sources = Path(shutil.copytree(ROOT / "ingest" / "sources", tmp_path / "sources"))
    file = sources / "som-wg-2015.md"
    text = file.read_text()
    related = "awareness, under article 6, paragraph 3, of the Smuggling of Migrants Protocol, of the penalties"
    text = text.replace("awareness of the penalties", related, 1)
    file.write_text(text.replace("chapter II of the Protocol", "chapter IX of the Protocol"))
    line = next(number for number, words in enumerate(text.splitlines(), 1) if words.startswith("5. "))
    shown = palermo("validate", "--base", base.iri, "--sources", str(sources))
    assert shown.exit_code == 1
    assert "The graph does not conform: 1 violation, " in shown.output
    first, *others = re.split(r"^\n", shown.output.partition("The graph does not conform")[2], flags=re.MULTILINE)[1:]
    assert first.splitlines()[0] == "Violation: An editorial link that the text makes itself"
    assert first.splitlines()[2:] == [
        f"  - Recommendation 5 (som-wg-2015.md, line {line}) {base.iri}id/document/som-wg-2015/paragraph/5",
        f"    Its text already cites {base.iri}id/instrument/smuggling-protocol/article/6/paragraph/3; "
        "an editorial link must not repeat it.",
    ]
    others = [each for each in others if each.startswith("Warning: ")]
    assert others
    for other in others:
        said = other.splitlines()[2:]
        found = list(zip(said[::2], said[1::2], strict=True))
        assert len(found) == len(set(found)), "Equal lines are folded."


def test_serve_builds_first_when_there_is_no_snapshot_and_says_so(tmp_path: Path) -> None:
    address = "http://localhost:9/"
    told = palermo("serve", "--base", address, "--snapshots", str(tmp_path), "--host", "a..b")
    assert told.output.startswith(f"There is no snapshot for {address} yet; building one first.\nBuilding {address}\n")
    assert (tmp_path / Base(address).slug / "current" / "manifest.json").is_file()
    assert "no server can listen at a..b" in told.output.splitlines()[-1]
    assert told.exit_code == 2


def test_serve_does_not_start_when_the_first_build_fails(tmp_path: Path, base: Base) -> None:
    (tmp_path / base.slug).write_text("a file where a folder must be")
    refused = palermo("serve", "--base", base.iri, "--snapshots", str(tmp_path), "--port", str(free_port()))
    assert refused.exit_code == 1
    assert "Serving" not in refused.output


def test_a_bad_value_of_a_setting_is_a_sentence_of_every_command() -> None:
    for command in ("serve", "settings", "verify"):
        told = CliRunner().invoke(app, [command], env={"PALERMO_STORE": "nowhere"})
        assert told.exit_code == 2
        assert (
            told.output == "palermo: PALERMO_STORE=nowhere: The store is the http or https URL of a SPARQL endpoint.\n"
        )


@pytest.mark.parametrize("host", ["unresolvable.invalid", "a..b", "203.0.113.7", "127.0.0.1"])
def test_an_address_at_which_no_server_can_listen_is_said_with_status_2(host: str, options: list[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        asked = {
            "PALERMO_BASE": options[1],
            "PALERMO_SNAPSHOTS": options[3],
            "PALERMO_HOST": host,
            "PALERMO_PORT": port,
        }
        told = CliRunner().invoke(app, ["serve"], env=asked)
    assert told.exit_code == 2
    assert re.search(rf"^palermo: no server can listen at {host}:{port}: [^\n]+\.\n$", told.output, re.MULTILINE)


def test_a_server_has_one_process_at_least_and_the_folder_that_the_environment_names(tmp_path: Path) -> None:
    assert palermo("serve", "--processes", "0").exit_code == 2
    named = {"PALERMO_SNAPSHOT": str(tmp_path / "none"), "PALERMO_SNAPSHOTS": str(tmp_path)}
    told = CliRunner().invoke(app, ["serve", "--port", str(free_port())], prog_name="palermo", env=named)
    assert told.exit_code == 2
    assert "building" not in told.output
    assert not list(tmp_path.iterdir())
