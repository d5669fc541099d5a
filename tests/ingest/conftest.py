"""What tests of the build share: the graph of the real document, and a way to read the graph without queries."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from ingest.document import Document
from ingest.extraction import Lexicon
from ingest.reading import read_document
from ingest.reference import lexicon
from ontology.layout import ROOT
from ontology.namespaces import Base
from ontology.terms import Names, term

DOCUMENT = "id/document/som-wg-2015"
CORPUS = ROOT / "tests" / "fixtures" / "corpus"
NOTE = "nota-costas-2023"
"""Invented, and short: where a document is needed and it is not the words that count."""
Node = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True, slots=True)
class Graph:
    """All quads of a published snapshot but those of the catalogue. Nodes are named by their path below the base."""

    names: Names
    store: Store

    def values(self, path: str, predicate: NamedNode) -> set[Node]:
        """The objects of a thing and property, in all graphs."""
        return {quad.object for quad in self.store.quads_for_pattern(self.names.node(path), predicate, None, None)}

    def text(self, path: str) -> str:
        """The one `pal:text` of a thing."""
        (value,) = self.values(path, self.names.pal("text"))
        assert isinstance(value, Literal)
        return value.value

    def said(self, path: str, graph: str) -> set[Triple]:
        """What a named graph says of a thing in our own properties."""
        found = self.store.quads_for_pattern(self.names.node(path), None, None, self.names.graph(graph))
        return {quad.triple for quad in found if quad.predicate.value.startswith(self.names.pal("").value)}

    def typed(self, kind: NamedNode) -> set[str]:
        """The paths of all things of a class."""
        quads = self.store.quads_for_pattern(None, term("rdf:type"), kind, None)
        return {self.names.path(quad.subject) for quad in quads if isinstance(quad.subject, NamedNode)}

    def turtle(self, text: str) -> set[Triple]:
        """The triples of Turtle with the published prefixes, relative to the base."""
        declared = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in self.names.base.prefixes().items())
        base = self.names.base.iri
        return {quad.triple for quad in parse((declared + text).encode(), RdfFormat.TURTLE, base_iri=base)}

    def local_nodes(self) -> set[str]:
        """The paths of all IRIs below the base, wherever they stand."""
        places = ((quad.subject, quad.object, quad.graph_name) for quad in self.store)
        nodes = {node for found in places for node in found if isinstance(node, NamedNode)}
        return {self.names.path(node) for node in nodes if node.value.startswith(self.names.base.iri)}


def package(parts: Mapping[str, str | bytes], unpacked: int = 0) -> bytes:
    """A ZIP file of these parts. Its directory may say that each has so many bytes once it is unpacked."""
    with io.BytesIO() as out:
        with zipfile.ZipFile(out, "w") as file:
            for name, content in parts.items():
                file.writestr(name, content)
            for part in file.infolist() if unpacked else ():
                part.file_size = unpacked
        return out.getvalue()


def copy_note(folder: Path, name: str = NOTE) -> Path:
    """A new folder of sources, with the note or another invented document alone."""
    folder.mkdir(parents=True)
    for path in (CORPUS / "sources").glob(f"{name}.*"):
        shutil.copy(path, folder)
    return folder


def read_graph(file: Path, base: Base) -> Graph:
    """The graph in an N-Quads file."""
    store = Store()
    store.bulk_extend(parse(file.read_bytes(), RdfFormat.N_QUADS))
    return Graph(Names(base), store)


@pytest.fixture(scope="session")
def names(base: Base) -> Names:
    """The names of the session's build."""
    return Names(base)


@pytest.fixture(scope="session")
def document() -> Document:
    """The real document."""
    return read_document(ROOT / "ingest" / "sources" / "som-wg-2015.toml")


@pytest.fixture(scope="session")
def corpus_lexicon(base: Base) -> Lexicon:
    """The spellings that hold in every document."""
    return lexicon(Names(base))


@pytest.fixture(scope="session")
def published(built_snapshot: Path, base: Base) -> Path:
    """The folder of the session's build of the real document."""
    return (built_snapshot / base.slug / "current").resolve()


@pytest.fixture(scope="session")
def graph(published: Path, base: Base) -> Graph:
    """The graph of the real document."""
    return read_graph(published / "graph.nq", base)


@pytest.fixture(scope="session")
def quads(published: Path) -> list[Quad]:
    """All quads of graph.nq."""
    return list(parse((published / "graph.nq").read_bytes(), RdfFormat.N_QUADS))
