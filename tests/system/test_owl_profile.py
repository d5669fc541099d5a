"""The vocabulary is OWL 2 DL, as the OWL API's own checker of profiles says. docs/vocabulary.md has what a reasoner said."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, serialize

from ontology.namespaces import DEFAULT_BASE, Base
from ontology.turtle import read_turtle
from tests.system.test_beside_jena import JAVA

pytestmark = pytest.mark.system
PROGRAM = Path(__file__).with_name("OwlProfile.java")
VOCABULARY = Path(__file__).parents[2] / "ontology" / "palermo.ttl"


def test_the_vocabulary_has_the_owl_profile_dl(tmp_path: Path) -> None:
    """Java with `libowlapi-java` of Debian. Without the declarations of the terms of others, the checker finds faults."""
    base = Base(DEFAULT_BASE)
    triples = list(read_turtle(VOCABULARY, base))
    ours = [triple for triple in triples if str(triple.subject).startswith(f"<{DEFAULT_BASE}")]
    files = {str(tmp_path / f"{name}.rdf"): written for name, written in (("whole", triples), ("undeclared", ours))}
    for file, written in files.items():
        Path(file).write_bytes(serialize(written, format=RdfFormat.RDF_XML, prefixes=base.prefixes()))
    told = subprocess.run(
        [*JAVA, "-cp", "/usr/share/java/*", str(PROGRAM), *files], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    for file, right in zip(files, (True, False), strict=True):
        axioms, *faults = [line.partition(" ")[2] for line in told.stdout.splitlines() if line.startswith(f"{file} ")]
        assert int(axioms) > 500
        assert (faults == []) is right, faults
