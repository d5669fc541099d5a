"""A corpus of several documents: their order, links between them, and what happens when one cannot be built.

They are small and invented, and none of them is the real document.
"""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, Store, parse

from benchmarks.generator import write_corpus
from ingest.build import _workers, build
from ingest.command import run_build
from ingest.corpus import BuildSettings, read_corpus
from ingest.errors import SourceError
from ontology.namespaces import Base
from ontology.terms import Names, term
from tests.ingest.conftest import CORPUS, NOTE, Graph

BASE = Base("http://localhost:9/")
NAMES = Names(BASE)
FIRST, SECOND, THIRD = "coast-wg-00001", "coast-wg-00002", "coast-wg-00003"
REAL = "som-wg-2015"
RECOMMENDATION = (term("rdf:type"), NAMES.pal("Recommendation"))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three small documents in the style of the real one, two of which name one agency, and a note in Spanish."""
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder, 3, size=12)
    for path in (folder / "sources").glob(f"{REAL}.*"):
        path.unlink()
    for path in (CORPUS / "sources").glob(f"{NOTE}.*"):
        shutil.copy(path, folder / "sources")
    for slug in (FIRST, SECOND):
        source = folder / "sources" / f"{slug}.md"
        text = source.read_text(encoding="utf-8").rstrip()
        source.write_text(f"{text} The Ocean Rescue Agency should assist States.\n", encoding="utf-8")
    return folder


@pytest.fixture
def work(corpus: Path, tmp_path: Path) -> Path:
    """A copy of the corpus that a test may change."""
    return Path(shutil.copytree(corpus, tmp_path / "corpus"))


def settings(folder: Path, snapshots: Path, processes: int = 1) -> BuildSettings:
    """The settings of a build of a corpus."""
    return BuildSettings(BASE, folder / "sources", folder / "editorial", snapshots=snapshots, processes=processes)


@pytest.fixture(scope="module")
def built(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshots folder with the corpus, from scratch, by one process."""
    root = tmp_path_factory.mktemp("built")
    build(settings(corpus, root), lambda _: None)
    return root


def files(folder: Path, *names: str) -> dict[str, bytes]:
    """The content of files of the current snapshot."""
    return {name: (folder / BASE.slug / "current" / name).read_bytes() for name in names}


WHOLE = ("graph.nq", "validation.json", "dumps/palermo.trig", "dumps/palermo.ttl", "dumps/palermo.jsonld", "dumps/directives.csv")  # fmt: skip


@pytest.fixture(scope="module")
def whole(built: Path) -> set[Quad]:
    """The quads of the corpus."""
    return set(parse(files(built, "graph.nq")["graph.nq"], RdfFormat.N_QUADS, rename_blank_nodes=False))


def test_without_a_list_all_documents_belong_by_name(corpus: Path) -> None:
    assert tuple(path.stem for path in read_corpus(corpus / "sources")) == (FIRST, SECOND, THIRD, NOTE)


def test_a_list_gives_the_documents_and_their_order(work: Path) -> None:
    (work / "sources" / "corpus.toml").write_text(f'documents = ["{NOTE}", "{SECOND}", "{FIRST}"]\n')
    assert tuple(path.stem for path in read_corpus(work / "sources")) == (NOTE, SECOND, FIRST)


def test_a_text_without_metadata_is_refused_beside_other_documents_unless_a_list_leaves_it_out(work: Path) -> None:
    text = work / "sources" / f"{SECOND}.md"
    text.with_suffix(".toml").unlink()
    (work / "sources" / "README.md").write_text("Where these come from.")
    with pytest.raises(SourceError) as refused:
        read_corpus(work / "sources")
    assert str(refused.value) == (
        f"{text}: a text without metadata; expected: a file {SECOND}.toml beside it, which “palermo add {text}” makes."
    )
    (work / "sources" / "corpus.toml").write_text(f'documents = ["{FIRST}"]\n')
    assert tuple(path.stem for path in read_corpus(work / "sources")) == (FIRST,)


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("documents = []", 1, "no documents"),
        ("documents = 3", 1, "no documents"),
        ("documents = [", 1, "TOML that cannot be read"),
        (f'documents = [\n  "{FIRST}",\n  "{FIRST}",\n]', 2, f"the document '{FIRST}' a second time"),
        (f'documents = [\n  "{FIRST}",\n  "nowhere",\n]', 3, "the document 'nowhere'"),
        ('documents = ["../secrets"]', 1, "the document '../secrets'"),
    ],
)
def test_a_list_that_cannot_be_meant_is_refused_at_its_line(work: Path, text: str, line: int, found: str) -> None:
    (work / "sources" / "corpus.toml").write_text(text)
    with pytest.raises(SourceError) as refused:
        read_corpus(work / "sources")
    assert (refused.value.line, refused.value.found) == (line, found)


def test_every_document_has_its_own_graphs_and_its_figures_add_up(built: Path, whole: set[Quad]) -> None:
    graphs = {quad.graph_name for quad in whole}
    for slug in (FIRST, SECOND, THIRD, NOTE):
        assert {NAMES.graph(f"{kind}/{slug}") for kind in ("document", "annotation", "editorial")} <= graphs
    manifest = json.loads(files(built, "manifest.json")["manifest.json"])
    typed = {quad.subject for quad in whole if (quad.predicate, quad.object) == RECOMMENDATION}
    assert manifest["figures"]["documents"] == 4
    assert manifest["figures"]["recommendations"] == len(typed) > 3 * 10
    assert [source["slug"] for source in manifest["sources"]] == [FIRST, SECOND, THIRD, NOTE]
    assert manifest["figures"]["triples"] == len(whole)


def test_the_graph_is_sorted_and_the_store_holds_the_same_quads(built: Path, whole: set[Quad]) -> None:
    lines = files(built, "graph.nq")["graph.nq"].splitlines()
    assert lines == sorted(set(lines))
    store = Store.read_only(str(built / BASE.slug / "current" / "store"))
    assert {quad for quad in store if quad.graph_name != NAMES.graph("catalogue")} == whole


@pytest.mark.parametrize(
    ("suffix", "form"), [("nq", RdfFormat.N_QUADS), ("trig", RdfFormat.TRIG), ("jsonld", RdfFormat.JSON_LD)]
)
def test_a_dump_with_named_graphs_holds_the_same_graph(
    built: Path, whole: set[Quad], suffix: str, form: RdfFormat
) -> None:
    (dump,) = files(built, f"dumps/palermo.{suffix}").values()
    found = list(parse(dump, form, rename_blank_nodes=False))
    assert len(found) == len(whole)
    assert set(found) == whole


def test_the_turtle_dump_is_the_union_of_the_named_graphs(built: Path, whole: set[Quad]) -> None:
    (turtle,) = files(built, "dumps/palermo.ttl").values()
    found = [quad.triple for quad in parse(turtle, RdfFormat.TURTLE, rename_blank_nodes=False)]
    assert len(found) == len(set(found))
    assert set(found) == {quad.triple for quad in whole}


def test_meetings_that_no_reference_data_know_are_described_by_their_document(whole: set[Quad], graph: Graph) -> None:
    meeting, own = NAMES.node(f"id/meeting/{FIRST}-1"), NAMES.graph(f"document/{FIRST}")
    said = {quad.predicate for quad in whole if quad.subject == meeting and quad.graph_name == own}
    assert said >= {term("rdf:type"), term("rdfs:label"), *map(NAMES.pal, ("startDate", "endDate", "place"))}
    known = graph.store.quads_for_pattern(graph.names.node("id/meeting/som-wg-2012"), None, None, None)
    assert {quad.graph_name for quad in known} == {graph.names.graph("reference")}, "The real document names it."


def test_a_recommendation_can_take_up_one_of_another_document(whole: set[Quad]) -> None:
    (across,) = (
        quad
        for quad in whole
        if quad.predicate == NAMES.pal("restates") and f"/{SECOND}/" in str(quad.subject) and f"/{FIRST}/" in str(quad)
    )
    source, target = (NAMES.path(node) for node in (across.subject, across.object))  # type: ignore[arg-type]
    link = NAMES.node(f"{source}/link/{target.removeprefix('id/')}")
    (label,) = (quad.object for quad in whole if (quad.subject, quad.predicate) == (link, term("rdfs:label")))
    assert str(label).endswith(f' of {FIRST}"@en')


def test_two_processes_make_the_same_bytes_as_one(corpus: Path, built: Path, tmp_path: Path) -> None:
    build(settings(corpus, tmp_path, processes=2), lambda _: None)
    assert files(tmp_path, *WHOLE) == files(built, *WHOLE)


def fail_or_note(folder: Path, number: int) -> None:
    """A task of a build: the first fails, every other one takes a moment and leaves a file."""
    if number == 0:
        raise ValueError("the first")
    time.sleep(0.01)
    (folder / str(number)).touch()


def test_a_fault_ends_a_build_before_the_work_that_has_not_begun(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the first"), _workers(BuildSettings(processes=2), 5_000) as mapped:
        list(mapped(partial(fail_or_note, tmp_path), range(5_000)))
    assert len(list(tmp_path.iterdir())) < 2_500


def test_a_document_that_cannot_be_built_is_left_out_and_the_others_are_published(work: Path, tmp_path: Path) -> None:
    # The third document cannot be read; the first links to an article that does not exist, and the second takes up a
    # recommendation of the first, which is not there without it.
    text = work / "sources" / f"{THIRD}.md"
    text.write_bytes(text.read_bytes() + b"\xff\n")
    with (work / "editorial" / FIRST / "concordance.csv").open("a", encoding="utf-8") as table:
        table.write("5,untoc/article/999,There is none.,high,palermo-editors,unreviewed\n")
    chosen = replace(settings(work, tmp_path / "snapshots"), keep_going=True)
    said: list[str] = []
    assert run_build(chosen, said.append) == 0
    manifest = json.loads(files(tmp_path / "snapshots", "manifest.json")["manifest.json"])
    assert [source["slug"] for source in manifest["sources"]] == [NOTE]
    reasons = {refused["slug"]: " ".join(refused["reasons"]) for refused in manifest["refused"]}
    assert set(reasons) == {FIRST, SECOND, THIRD}
    assert "the byte 0xff" in reasons[THIRD]
    assert f"{BASE.iri}id/instrument/untoc/article/999" in reasons[FIRST]
    assert f"{BASE.iri}id/document/{FIRST}/paragraph/" in reasons[SECOND]
    for slug, reason in reasons.items():
        assert f"\nLeft out: {slug}" in said
        assert reason[:40] in "\n".join(said)
    assert FIRST.encode() not in files(tmp_path / "snapshots", "graph.nq")["graph.nq"]


def test_a_corpus_without_the_document_of_2015_says_of_what_it_is(built: Path) -> None:
    (catalogue,) = files(built, "catalogue.nq").values()
    assert REAL not in catalogue.decode()
    assert f"exampleResource> <{BASE.iri}id/document/{FIRST}/paragraph/" in catalogue.decode()
    assert f"document/{REAL}/paragraph/24".encode() not in files(built, "graph.nq")["graph.nq"]


def test_what_two_documents_say_alike_stands_in_one_graph(built: Path, whole: set[Quad]) -> None:
    agency = NAMES.node("id/actor/ocean-rescue-agency")
    naming = {str(quad.subject).split("/paragraph/")[0] for quad in whole if quad.object == agency}
    assert {part.rpartition("/")[2] for part in naming} >= {FIRST, SECOND}
    labels = [quad.graph_name for quad in whole if (quad.subject, quad.predicate) == (agency, term("rdfs:label"))]
    assert labels == [NAMES.graph(f"annotation/{FIRST}")]
    assert len({quad.triple for quad in whole}) == len(whole)
    addressed = files(built, "dumps/directives.csv")["dumps/directives.csv"].decode()
    assert all(f"/{slug}/" in addressed for slug in (FIRST, SECOND))
