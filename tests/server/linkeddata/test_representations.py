"""Bytes of the data formats, judged by other people's parsers: rdflib for all, PyLD for JSON-LD."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable

import pytest
import rdflib
from pyld import jsonld
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse
from rdflib.compare import isomorphic

from ontology.formats import GRAPHS, JSON_LD, N_TRIPLES, RDF_XML, TURTLE, Format
from ontology.layout import ROOT
from ontology.namespaces import Base
from ontology.terms import term
from server.linkeddata.jsonld import read_context
from server.linkeddata.writing import order, write_triples
from server.snapshot import Snapshot
from server.store.known import Facts
from tests.conftest import SMALL_GRAPH

PARSERS = {"Turtle": "turtle", "N-Triples": "nt", "RDF/XML": "xml"}


def read(body: bytes, chosen: Format, base: Base) -> rdflib.Graph:
    """The graph another library reads."""
    if chosen is not JSON_LD:
        return rdflib.Graph().parse(data=body, format=PARSERS[chosen.name])
    published = read_context(base).document

    def load(url: str, _: object) -> dict[str, object]:
        assert url == base.iri + "context.jsonld", "The document asks for nothing but our context."
        return {"contextUrl": None, "documentUrl": url, "document": published}

    lines = jsonld.to_rdf(json.loads(body), {"documentLoader": load, "format": "application/n-quads"})
    return rdflib.Graph().parse(data=lines, format="nt")


def all_triples(base: Base) -> list[Triple]:
    """All statements of the small graph, as one graph."""
    return [quad.triple for quad in parse(SMALL_GRAPH.read_bytes(), RdfFormat.TRIG, base_iri=base.iri)]


def awkward_triples(base: Base) -> list[Triple]:
    """Literals and nodes that serializers get wrong."""
    thing = NamedNode(base.iri + "id/thing/one")
    value, label, number = term("rdf:value"), term("rdfs:label"), NamedNode(base.iri + "ontology#number")
    shared, looped, nested = BlankNode("shared"), BlankNode("looped"), BlankNode("nested")
    literals = [
        Literal('quotes " and \\ backslash \\" and \n new line \r return \t tab'),
        Literal("<b>&amp;</b> ]]> <!-- -->"),
        Literal(""),
        Literal(" leading and trailing "),
        Literal("العربية", language="ar"),
        Literal("text", language="en-GB"),
        Literal("\U0001f600 e\u0301"),
        Literal("007", datatype=term("xsd:integer")),
        Literal("-5", datatype=term("xsd:integer")),
        Literal("+5", datatype=term("xsd:integer")),
        Literal("123456789012345678901234567890", datatype=term("xsd:integer")),
        Literal("1", datatype=term("xsd:boolean")),
        Literal("true", datatype=term("xsd:boolean")),
        Literal("1.50", datatype=term("xsd:decimal")),
        Literal("1e3", datatype=term("xsd:double")),
        Literal("NaN", datatype=term("xsd:double")),
        Literal("2026-11-24", datatype=term("xsd:date")),
        Literal("true"),
        Literal("5"),
        Literal("abc", datatype=NamedNode("urn:own:type")),
    ]
    return [
        *(Triple(thing, value, literal) for literal in literals),
        Triple(thing, label, Literal("fr", language="fr")),
        Triple(thing, label, Literal("en", language="en")),
        Triple(thing, label, Literal("plain")),
        Triple(thing, number, Literal("III")),
        Triple(thing, number, Literal("3", datatype=term("xsd:integer"))),
        Triple(thing, number, thing),
        Triple(thing, term("rdfs:seeAlso"), shared),
        Triple(thing, term("skos:related"), shared),
        Triple(shared, label, Literal("used twice", language="en")),
        Triple(thing, term("rdfs:seeAlso"), nested),
        Triple(nested, term("rdfs:seeAlso"), BlankNode("leaf")),
        Triple(looped, term("rdf:rest"), looped),
        Triple(thing, term("rdfs:seeAlso"), NamedNode("https://example.org/a?b=c&d='e'#f(g)")),
        Triple(thing, term("rdfs:seeAlso"), NamedNode(base.iri + "id/thing/one.")),
        Triple(thing, term("rdfs:seeAlso"), NamedNode(base.iri + "id/actor/-dash")),
        Triple(thing, term("rdf:type"), BlankNode("type")),
    ]


def represent(triples: list[Triple], chosen: Format, snapshot: Snapshot, first: tuple[NamedNode, ...] = ()) -> bytes:
    """The triples in a format, with the prefixes and the context of a snapshot."""
    return write_triples(triples, chosen, snapshot.prefixes, read_context(snapshot.base), first)


@pytest.mark.parametrize("chosen", GRAPHS, ids=lambda known: known.name)
@pytest.mark.parametrize("made", [all_triples, awkward_triples])
def test_every_format_says_the_same_triples(
    small_snapshot: Snapshot, chosen: Format, made: Callable[[Base], list[Triple]]
) -> None:
    triples = made(small_snapshot.base)
    lines = "".join(f"{triple} .\n" for triple in triples)
    expected = rdflib.Graph().parse(data=lines, format="nt")
    found = read(represent(triples, chosen, small_snapshot), chosen, small_snapshot.base)
    assert isomorphic(found, expected), chosen.name


@pytest.mark.parametrize("chosen", GRAPHS, ids=lambda known: known.name)
def test_the_order_and_labels_of_the_input_do_not_show(small_snapshot: Snapshot, chosen: Format) -> None:
    triples = all_triples(small_snapshot.base)
    renamed = all_triples(small_snapshot.base)
    assert {str(t) for t in triples} != {str(t) for t in renamed}, "The parser names blank nodes anew."
    assert represent(triples, chosen, small_snapshot) == represent(renamed[::-1], chosen, small_snapshot)


def test_turtle_reads_well(small_snapshot: Snapshot) -> None:
    base = small_snapshot.base.iri
    text = represent(all_triples(small_snapshot.base), TURTLE, small_snapshot).decode()
    prefixes = [line for line in text.splitlines() if line.startswith("@prefix")]
    assert prefixes == sorted(prefixes)
    assert not any("@prefix dcat:" in line and "dcat:" not in text.replace(line, "") for line in prefixes)
    assert f"@prefix rec: <{base}id/document/som-wg-2015/paragraph/> ." in prefixes
    assert "@prefix foaf:" not in text, "A prefix that nothing uses is not declared."
    assert "\nrec:24 a pal:Paragraph , pal:Recommendation ;\n\trdfs:label" in text
    assert "pal:considerOnly false" in text


def test_n_triples_are_sorted_lines(small_snapshot: Snapshot) -> None:
    lines = represent(all_triples(small_snapshot.base), N_TRIPLES, small_snapshot).decode().splitlines()
    assert lines == sorted(lines)


def test_json_ld_is_compact_and_names_our_context(small_snapshot: Snapshot) -> None:
    base = small_snapshot.base.iri
    thing = NamedNode(base + "id/document/som-wg-2015/paragraph/24")
    document = json.loads(represent(all_triples(small_snapshot.base), JSON_LD, small_snapshot, (thing,)))
    assert document["@context"] == base + "context.jsonld"
    first = document["@graph"][0]
    assert first["@id"] == thing.value
    assert first["@type"] == ["Paragraph", "Recommendation"]
    assert first["label"] == "Recommendation 24"
    assert first["number"] == 24
    assert first["cites"] == [base + "id/instrument/smuggling-protocol/article/16/paragraph/5"]


def test_a_property_that_xml_cannot_name_is_said_so(small_snapshot: Snapshot) -> None:
    odd = Triple(NamedNode("http://e/a"), NamedNode("http://e/1"), Literal("x"))
    with pytest.raises(ValueError, match="RDF/XML cannot say it"):
        represent([odd], RDF_XML, small_snapshot)
    assert b"<http://e/1>" in represent([odd], TURTLE, small_snapshot)


def test_the_bytes_are_the_same_in_another_process(small_snapshot: Snapshot) -> None:
    """The engine writes its prefixes in an order that changes from run to run."""
    base = small_snapshot.base.iri
    program = (
        "import hashlib, sys\n"
        "from ontology.formats import RDF_XML, TURTLE\nfrom ontology.namespaces import Base\n"
        "from server.linkeddata.jsonld import read_context\nfrom server.linkeddata.writing import write_triples\n"
        "from tests.server.linkeddata.test_representations import all_triples\n"
        f"base = Base({base!r})\n"
        "for known in (TURTLE, RDF_XML):\n"
        "    written = write_triples(all_triples(base), known, base.prefixes(), read_context(base))\n"
        "    print(hashlib.sha256(written).hexdigest())\n"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)
    here = [represent(all_triples(small_snapshot.base), known, small_snapshot) for known in (TURTLE, RDF_XML)]
    assert run.stdout.split() == [hashlib.sha256(written).hexdigest() for written in here]


def test_what_a_document_is_about_comes_first_with_its_fragments() -> None:
    first, names = (
        NamedNode("http://a/b"),
        ("http://a/a", "http://a/b#end", "http://a/b", "http://a/b#start", "http://a/c"),
    )
    facts: Facts = {NamedNode(name): {term("rdfs:label").value: {Literal(name)}} for name in names}
    ordered = [str(statements.subject)[1:-1] for statements in order(facts, [first])]
    assert ordered == ["http://a/b", "http://a/b#end", "http://a/b#start", "http://a/a", "http://a/c"]
