"""The catalogue: VoID counts that are the graph's, and distributions that are the files beside it."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from ingest.catalogue_graph import CatalogueWriter, statistics
from ingest.command import contact_of
from ingest.errors import BuildError
from ingest.publish import Draft
from ontology.layout import ROOT
from ontology.namespaces import Base
from ontology.terms import Names, term
from tests.ingest.conftest import Graph, Node, read_graph

DATASET = "dataset"


@pytest.fixture(scope="module")
def catalogue(published: Path, base: Base) -> Graph:
    """The catalogue of the real build."""
    return read_graph(published / "catalogue.nq", base)


def value(catalogue: Graph, path: str, prefixed: str) -> str:
    """The one value of a property."""
    (found,) = catalogue.values(path, term(prefixed))
    assert isinstance(found, NamedNode | Literal)
    return found.value


def partitions(catalogue: Graph, kind: str, counted: str) -> dict[str, int]:
    """The count of each partition by what it is about."""
    nodes = catalogue.values(DATASET, term(f"void:{kind}Partition"))
    paths = [catalogue.names.path(node) for node in nodes if isinstance(node, NamedNode)]
    return {value(catalogue, path, f"void:{kind}"): int(value(catalogue, path, f"void:{counted}")) for path in paths}


def test_everything_in_the_catalogue_is_in_its_graph_and_has_a_label(catalogue: Graph) -> None:
    assert {quad.graph_name for quad in catalogue.store} == {catalogue.names.graph("catalogue")}
    typed = {quad.subject for quad in catalogue.store if quad.predicate == term("rdf:type")}
    described = {node for node in typed if str(node).startswith(f"<{catalogue.names.base.iri}")}
    named = {quad.subject for quad in catalogue.store if quad.predicate == term("rdfs:label")}
    graphs = {catalogue.names.node(path) for path in catalogue.local_nodes() if path.startswith("graph/")}
    elsewhere = graphs | {catalogue.names.node("sparql"), catalogue.names.node("id/agent/palermo")}
    assert described - named <= elsewhere, "Graphs and agents have their labels in the graphs about them."


def test_nothing_in_the_catalogue_is_said_in_another_graph_as_well(catalogue: Graph, quads: list[Quad]) -> None:
    """So that its counts, which leave out the catalogue itself, and its own size add up to a query over everything."""
    inside = {quad.triple for quad in catalogue.store}
    elsewhere = {quad.triple for quad in quads}
    assert inside & elsewhere == set()
    assert int(value(catalogue, DATASET, "void:triples")) == len(elsewhere)
    assert "without this catalogue" in value(catalogue, DATASET, "dcterms:description")


def test_the_totals_are_those_of_the_graph(catalogue: Graph, quads: list[Quad]) -> None:
    triples = {quad.triple for quad in quads}
    assert int(value(catalogue, DATASET, "void:triples")) == len(triples)
    assert int(value(catalogue, DATASET, "void:distinctSubjects")) == len({triple.subject for triple in triples})
    assert int(value(catalogue, DATASET, "void:distinctObjects")) == len({triple.object for triple in triples})


def test_class_partitions_count_the_things_of_each_class(catalogue: Graph, quads: list[Quad]) -> None:
    things: defaultdict[str, set[object]] = defaultdict(set)
    for quad in quads:
        if quad.predicate == term("rdf:type") and isinstance(quad.object, NamedNode):
            things[quad.object.value].add(quad.subject)
    assert partitions(catalogue, "class", "entities") == {kind: len(found) for kind, found in things.items()}
    assert partitions(catalogue, "class", "entities")[catalogue.names.pal("Recommendation").value] == 88


def test_property_partitions_count_the_triples_of_each_property(catalogue: Graph, quads: list[Quad]) -> None:
    triples = {quad.triple for quad in quads}
    assert partitions(catalogue, "property", "triples") == Counter(triple.predicate.value for triple in triples)


def test_every_named_graph_is_a_subset_with_its_size(catalogue: Graph, quads: list[Quad]) -> None:
    sizes = Counter(quad.graph_name for quad in quads)
    subsets = catalogue.values(DATASET, term("void:subset"))
    linksets = {quad.subject for quad in catalogue.store if quad.object == term("void:Linkset")}
    assert linksets < subsets
    assert subsets - linksets == set(sizes)
    for graph, size in sizes.items():
        assert isinstance(graph, NamedNode)
        assert int(value(catalogue, catalogue.names.path(graph), "void:triples")) == size


def distributions(catalogue: Graph) -> dict[str, str]:
    """The path of each distribution by the name of its file."""
    nodes = catalogue.values(DATASET, term("dcat:distribution"))
    paths = [catalogue.names.path(node) for node in nodes if isinstance(node, NamedNode)]
    return {value(catalogue, path, "dcat:downloadURL").rpartition("/dumps/")[2]: path for path in paths}


def test_every_dump_is_a_distribution(catalogue: Graph, published: Path) -> None:
    files = {path.name for path in (published / "dumps").iterdir()}
    metadata = {name for name in files if name.endswith(".csv-metadata.json")}
    assert set(distributions(catalogue)) == files - {"SHA256SUMS"} - metadata
    assert {"palermo.nq", "palermo.trig", "palermo.ttl", "palermo.jsonld", "palermo-tables.zip"} <= files


MEDIA_TYPES = {
    "nq": "application/n-quads", "trig": "application/trig", "ttl": "text/turtle", "jsonld": "application/ld+json",
    "zip": "application/zip", "csv": "text/csv",
}  # fmt: skip


def test_size_checksum_and_registered_type_of_every_distribution_are_those_of_its_file(
    catalogue: Graph, published: Path
) -> None:
    for name, path in distributions(catalogue).items():
        content = (published / "dumps" / name).read_bytes()
        assert int(value(catalogue, path, "dcat:byteSize")) == len(content)
        checksum = catalogue.names.path(NamedNode(value(catalogue, path, "spdx:checksum")))
        assert value(catalogue, checksum, "spdx:checksumValue") == hashlib.sha256(content).hexdigest()
        assert value(catalogue, checksum, "spdx:algorithm") == term("spdx:checksumAlgorithm_sha256").value
        if (suffix := name.rpartition(".")[2]) in MEDIA_TYPES:
            registered = f"https://www.iana.org/assignments/media-types/{MEDIA_TYPES[suffix]}"
            assert value(catalogue, path, "dcat:mediaType") == registered
    assert {name.rpartition(".")[2] for name in distributions(catalogue)} >= MEDIA_TYPES.keys()


def test_rdf_dumps_are_data_dumps_of_void_and_tables_are_not(catalogue: Graph, names: Names) -> None:
    dumps: set[Node] = {names.node(f"dumps/palermo.{suffix}") for suffix in ("nq", "trig", "ttl", "jsonld")}
    assert catalogue.values(DATASET, term("void:dataDump")) == dumps


def test_the_data_set_says_when_and_by_which_build_it_was_made(catalogue: Graph, published: Path) -> None:
    manifest = json.loads((published / "manifest.json").read_text())
    assert value(catalogue, DATASET, "dcterms:issued") == manifest["built"]
    assert value(catalogue, DATASET, "dcat:version") == manifest["version"]
    activity = catalogue.names.path(NamedNode(value(catalogue, DATASET, "prov:wasGeneratedBy")))
    assert activity == f"id/activity/build-{manifest['version']}"
    assert value(catalogue, activity, "prov:startedAtTime") == manifest["built"]
    assert manifest["built"] <= value(catalogue, activity, "prov:endedAtTime")
    informed = {catalogue.names.path(node) for node in catalogue.values(activity, term("prov:wasInformedBy"))}  # type: ignore[arg-type]
    assert informed == {f"id/activity/{name}-som-wg-2015" for name in ("reading", "extraction", "judgement")}
    number = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    for agent in ("palermo-build", "palermo-reader", "palermo-rules"):
        assert value(catalogue, f"id/agent/{agent}", "schema:softwareVersion").startswith(f"{number}+")


def test_each_table_says_on_the_web_what_its_columns_hold(published: Path) -> None:
    """CSV on the Web, read and validated by its Python implementation, which looks for the metadata beside the table."""
    from csvw import CSVW

    tables = {path.stem: CSVW(str(path), validate=True) for path in (published / "dumps").glob("*.csv")}
    assert all(table.is_valid for table in tables.values())
    rows = {name: list(table.tables[0]) for name, table in tables.items()}
    assert rows["recommendations"][0]["number"] == 5
    directives = {row["number"]: row for row in rows["directives"]}
    assert directives[91]["considerOnly"] in (True, False)
    addressed = {str(iri.unsplit()).rpartition("/")[2] for iri in directives[91]["addressees"]}
    assert addressed == {"states-parties", "unodc"}
    assert {row["cites"] for row in rows["mentions"]} == {True, False}
    for name, table in tables.items():
        columns = table.tables[0].tableSchema.columns
        assert all(column.common_props.get("dc:description") for column in columns), name


def test_a_contact_is_an_address_of_mail_or_of_a_page(base: Base, tmp_path: Path) -> None:
    assert contact_of("data@palermo.example.org") == contact_of("mailto:data@palermo.example.org")
    with pytest.raises(BuildError, match="PALERMO_CONTACT"):
        contact_of("ring twice")
    draft = Draft(tmp_path, base, datetime(2026, 11, 29, tzinfo=UTC))
    (draft.folder / "dumps").mkdir(parents=True)
    (draft.folder / "graph.nq").write_bytes(b"")
    quads = CatalogueWriter(draft, statistics(()), [("A", "id/a")], Names(base), contact_of("data@example.org")).quads()
    said = {(str(quad.subject), quad.predicate, str(quad.object)) for quad in quads}
    contact = f"<{base.iri}dataset#contact>"
    assert (contact, term("vcard:hasEmail"), "<mailto:data@example.org>") in said
    assert sum(what == term("dcat:contactPoint") for _, what, _ in said) == 3, "Catalogue, data set and service."


LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def test_the_licence_is_for_our_annotations_and_none_is_claimed_for_the_source(catalogue: Graph) -> None:
    assert value(catalogue, "graph/editorial/som-wg-2015", "dcterms:license") == LICENCE
    assert not catalogue.values(DATASET, term("dcterms:license"))
    assert not catalogue.values("graph/document/som-wg-2015", term("dcterms:license"))
    assert "no licence for it is claimed" in value(catalogue, "dataset#rights", "rdfs:label")
    assert value(catalogue, DATASET, "dcterms:rights").endswith("dataset#rights")


def test_the_endpoint_serves_the_data_set(catalogue: Graph, names: Names) -> None:
    assert catalogue.values("sparql", term("dcat:servesDataset")) == {names.node(DATASET)}
    assert catalogue.values(DATASET, term("void:sparqlEndpoint")) == {names.node("sparql")}
    features = {value.value.rpartition("/")[2] for value in catalogue.values(DATASET, term("void:feature"))}
    assert features == {"Turtle", "N-Triples", "RDF_XML", "JSON-LD"}, "VoID §3.3 names them by W3C's IRIs."
    assert catalogue.values(DATASET, term("foaf:homepage")) == {names.node("")}
    assert value(catalogue, DATASET, "void:uriSpace") == names.base.iri
