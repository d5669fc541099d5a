"""Every query file says what it is, is SPARQL 1.1 that two engines read, and answers."""

from __future__ import annotations

import json
import re
import subprocess

from pyoxigraph import QuerySolutions

from ontology.namespaces import Base
from queries.catalogue import FOLDERS, Catalogue, Query, bind, read_catalogue
from queries.executables import defaults
from server.pages.tables import projection
from server.snapshot import Snapshot
from tests.cases import case
from tests.clients.test_comunica import HERE as COMUNICA
from tests.clients.test_comunica import SEARCHED
from tests.queries.examples import EXAMPLES, example_values

ALL = [query for folder in FOLDERS for query in read_catalogue().folder(folder)]
QUESTIONS = [query for query in ALL if query.folder == "questions"]
THEMES = {"Provisions", "Actors", "Strength", "Subjects", "Judgement", "One recommendation"}


def is_select(query: Query) -> bool:
    """Whether the query gives rows."""
    return re.search(r"^SELECT\b", query.text, re.MULTILINE) is not None


SPARQLJS = """
const { Parser } = require("sparqljs");
for (const [name, text] of Object.entries(JSON.parse(require("fs").readFileSync(0, "utf8")))) {
  try { new Parser().parse(text); } catch (refused) { console.log(name, refused.message); }
}
"""
"""Prints what the parser of Comunica refuses, and why."""


def test_a_query_is_sparql_1_1_once_its_prefixes_are_absolute_and_a_question_as_it_is_handed_out(base: Base) -> None:
    texts = {query.name: f"BASE <{base.iri}>\n{query.absolute(base)}" for query in ALL if query not in QUESTIONS}
    texts |= {query.name: bind(query.absolute(base), defaults(query, base)) for query in QUESTIONS}
    command = ["node", "-e", SPARQLJS]
    done = subprocess.run(
        command,
        cwd=COMUNICA,
        env={"PATH": SEARCHED},
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_a_query_runs_in_the_engine_that_serves(snapshot: Snapshot) -> None:
    """Questions run with their values, as they are handed out (`test_executables`)."""
    base = snapshot.base
    for query in (each for each in ALL if each not in QUESTIONS):
        with case(query.name):
            text = bind(query.absolute(base), example_values(query, base))
            if query.name == "selection":  # which never has all of its filters in use without a value
                text += f"\nVALUES ?recommendation {{ <{base.iri}{EXAMPLES['recommendation']}> }}"
            found = snapshot.store.query(text, base_iri=base.iri, use_default_graph_as_union=True)
            if isinstance(found, QuerySolutions):
                next(found, None)


def test_parameters_are_columns_of_the_answer() -> None:
    for query in ALL:
        with case(query.name):
            if is_select(query):
                assert {parameter.name for parameter in query.parameters} <= set(projection(query.text))


def test_the_header_of_a_question_is_complete_and_its_text_needs_no_base(base: Base) -> None:
    for query in QUESTIONS:
        with case(query.name):
            assert query.title
            assert query.question.endswith("?")
            assert not query.row.endswith(".")
            assert query.fields["theme"] in THEMES
            assert query.fields["show"] in {"table", "bars", "matrix"}
            assert "# To change it:" in query.text, "A researcher is told how to bend it."
            assert all(parameter.default or parameter.name == "recommendation" for parameter in query.parameters)
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", query.name)
            names = projection(query.text)
            assert all(name.removesuffix("Label") in names for name in names if name.endswith("Label"))
            code = re.sub(r"(?m)^\s*#.*$", "", query.absolute(base))
            assert all("://" in iri for iri in re.findall(r"<([^<>\s]*)>", code))
    titles = [query.title for query in QUESTIONS]
    assert len(set(titles)) == len(titles)
    assert {int(query.fields["order"]) for query in QUESTIONS} == set(range(1, 21)), "All twenty are answered."


def test_strength_is_never_averaged(catalogue: Catalogue) -> None:
    assert not [query.name for query in catalogue.queries.values() if re.search(r"\bAVG\s*\(", query.text)]
