"""Every published check, run by the SHACL engine of Apache Jena: it finds all planted faults that our build finds, and no
more. pySHACL is given a choice of the checks in `tests/shapes`, because all of them take it most of a minute."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, parse, serialize
from starlette.testclient import TestClient

from ontology.layout import ROOT
from ontology.namespaces import WELL_KNOWN, Base
from ontology.turtle import read_turtle
from shapes.sparql_constraints import sparql_constraints
from tests.shapes.whole import BASE, BREAKS, planted, validate
from tests.system.test_beside_jena import JAVA, classpath

pytestmark = pytest.mark.system
PROGRAM = Path(__file__).with_name("JenaShacl.java")
PLANTED = [row for row in BREAKS if row[0].startswith("check-")]
LOTS = 5
"""So many that no break hides another of its kind."""
Found = set[tuple[str, str]]


def by_us(quads: list[Quad]) -> Found:
    return {
        (getattr(result.focus, "value", ""), result.shape.value)
        for result in validate(quads).results
        if "#check-" in result.shape.value
    }


def test_jena_finds_the_planted_faults_of_every_check(tmp_path: Path) -> None:
    checks = [triple for path in sorted(ROOT.glob("shapes/*.ttl")) for triple in read_turtle(path, BASE)]
    shapes = [triple for triple in (*checks, *sparql_constraints(BASE)) if "#check-" in str(triple.subject)]
    lots = [planted(()), *(planted(PLANTED[lot::LOTS]) for lot in range(LOTS))]
    files = [tmp_path / "shapes.nt", *(tmp_path / f"{number}.nt" for number in range(len(lots)))]
    for file, triples in zip(files, (shapes, *({quad.triple for quad in lot} for lot in lots)), strict=True):
        serialize(triples, str(file), RdfFormat.N_TRIPLES)
    command = [*JAVA, "-cp", classpath(tmp_path, "jena-shacl"), str(PROGRAM), *map(str, files)]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    assert told.returncode == 0, told.stderr[-3000:]
    theirs: dict[str, Found] = {str(file): set() for file in files[1:]}
    for line in told.stdout.splitlines():
        file, focus, shape = line.split(" ")
        theirs[file].add((focus, shape))
    found = set()
    for file, lot in zip(files[1:], lots, strict=True):
        ours = {(focus, shape) for focus, shape in by_us(lot) if focus.startswith("http")}
        assert {pair for pair in theirs[str(file)] if pair[0].startswith("http")} == ours, file.name
        found |= {shape.partition("#")[2] for _, shape in ours}
    assert not theirs[str(files[1])]
    assert found >= {row[0] for row in PLANTED} - {"check-blank-node"}


def test_jena_finds_with_the_shapes_of_the_server_what_is_wrong_in_its_dump(
    client: TestClient, base: Base, tmp_path: Path
) -> None:
    """As a stranger tries them: two paragraphs 24, a link that no judgement explains, a quotation whose words stand
    nowhere, and a theme above the theme above it."""
    shapes, dump = client.get("/graph/shapes.nt").text, client.get("/dumps/palermo.nq").text
    triples = [f"{quad.triple} ." for quad in parse(dump, RdfFormat.N_QUADS)]
    paragraph, pal = f"{base.iri}id/document/som-wg-2015/paragraph", f"{base.iri}ontology#"
    exact = next(
        line for line in triples if f"<{paragraph}/24/mention/" in line and f"<{WELL_KNOWN['oa']}exact>" in line
    )
    number = next(line for line in triples if line.startswith(f"<{paragraph}/25> <{WELL_KNOWN['eli']}number>"))
    planted = {
        "check-repeated-number": (number, number.replace('"25"', '"24"')),
        "check-statement-without-link": (
            "",
            f"<{paragraph}/10> <{pal}relatesTo> <{base.iri}id/instrument/untoc/article/41> .",
        ),
        "check-evidence-words": (exact, exact.partition("exact> ")[0] + 'exact> "words of nobody" .'),
        "check-hierarchy-cycle": (
            "",
            f"<{base.iri}id/theme/prevention> <{WELL_KNOWN['skos']}broader> <{base.iri}id/theme/border-control> .",
        ),
    }
    gone = {old for old, _ in planted.values()}
    spoilt = [*(line for line in triples if line not in gone), *(new for _, new in planted.values())]
    own = tuple(f"<{base.iri}shapes#{name}{end}>" for name in planted for end in ("", "-sparql"))
    (tmp_path / "shapes.nt").write_text("\n".join(line for line in shapes.splitlines() if line.startswith(own)))
    (tmp_path / "right.nt").write_text("\n".join(triples))
    (tmp_path / "spoilt.nt").write_text("\n".join(spoilt))
    files = [str(tmp_path / f"{name}.nt") for name in ("shapes", "right", "spoilt")]
    command = [*JAVA, "-cp", classpath(tmp_path, "jena-shacl"), str(PROGRAM), *files]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    assert told.returncode == 0, told.stderr[-3000:]
    found = {file: set[str]() for file in files[1:]}
    for line in told.stdout.splitlines():
        file, _, shape = line.split(" ")
        found[file].add(shape.partition("#")[2])
    assert not found[files[1]] & planted.keys()
    assert found[files[2]] >= planted.keys()
