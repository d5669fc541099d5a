"""Apache Jena of Debian: as a client by GET and POST, and as another engine on the same graph, whose answers must be
those of the endpoint. Asked are the forms in which engines differ, or in which ours needs a way round."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from collections import Counter
from pathlib import Path

import httpx2
import pytest

from ontology.namespaces import Base

pytestmark = pytest.mark.system
PROGRAM = Path(__file__).with_name("Jena.java")
QUERIES = Path(__file__).with_name("beside-jena.rq")
JARS = Path("/usr/share/java")
JAVA = ("java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""For some seconds: to compile for long runs, and to look for garbage beside the program, takes longer than it saves."""
NAMES = """
jena-arq jena-base jena-core jena-iri commons-cli commons-codec commons-compress commons-csv commons-io commons-lang3
dexx.collection gson guava httpclient httpcore jackson-annotations jackson-core jackson-databind jakarta.json-api
jcl-over-slf4j jsonld-java thrift protobuf slf4j-api slf4j-jdk14 titanium-json-ld
"""
NUMERIC = re.compile(r"\^\^<http://www.w3.org/2001/XMLSchema#(?:integer|decimal|double)>")
Rows = tuple[list[str], Counter[tuple[str, ...]]]


def classpath(tmp_path: Path, *more: str) -> str:
    """What Java finds Jena by. Debian's package moved classes of Xerces and forgot their texts, without which no datatype
    is known: they are put where the classes look for them."""
    with zipfile.ZipFile(JARS / "jena-core.jar") as jar:
        for entry in jar.namelist():
            if entry.startswith("org/apache/jena/ext/xerces/") and entry.endswith(".properties"):
                target = tmp_path / entry.removeprefix("org/apache/jena/ext/")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(jar.read(entry))
    return ":".join([str(tmp_path), *(str(JARS / f"{name}.jar") for name in (*NAMES.split(), *more))])


def prepared(base: str) -> dict[str, str]:
    """The queries of the file, parted by empty lines, with the published prefixes."""
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in Base(base).prefixes().items())
    text = "\n".join(line for line in QUERIES.read_text().splitlines() if not line.startswith("#"))
    return {f"{number:03}": prefixes + query for number, query in enumerate(filter(None, text.split("\n\n")))}


Answered = dict[str, tuple[dict[str, str], Path]]


@pytest.fixture(scope="module")
def answered(live_server: str, tmp_path_factory: pytest.TempPathFactory) -> Answered:
    """The queries that Jena asked of the endpoint and of a dump, in one run, and the folders with what it was told."""
    dump = tmp_path_factory.mktemp("dump") / "dump.nq"
    names = httpx2.get(f"{live_server}sparql", params={"query": "SELECT DISTINCT ?g { GRAPH ?g {} }", "format": "csv"})
    graphs = [httpx2.get(graph, headers={"accept": "application/n-quads"}) for graph in names.text.split()[1:]]
    assert {told.status_code for told in graphs} == {200}
    dump.write_text("".join(told.text for told in graphs))
    pal = f"{live_server}ontology#"
    many = " ".join(f"<{live_server}id/document/som-wg-2015/paragraph/{number}>" for number in range(300))
    simple = {
        "select": f"SELECT (COUNT(*) AS ?n) {{ VALUES ?s {{ {many} }} ?s a <{pal}Recommendation> }}",
        "ask": f"ASK {{ ?s a <{pal}Recommendation> }}",
        "construct": f"CONSTRUCT {{ ?s a <{pal}Recommendation> }} WHERE {{ ?s a <{pal}Recommendation> }}",
        "describe": f"DESCRIBE <{live_server}id/actor/unodc>",
    }
    found: Answered = {}
    given = [live_server]
    for place, queries in ((f"{live_server}sparql", simple), (str(dump), prepared(live_server))):
        folder = tmp_path_factory.mktemp("jena")
        for name, query in queries.items():
            (folder / f"{name}.rq").write_text(query)
        found["dump" if place == str(dump) else "endpoint"] = (queries, folder)
        given += [place, str(folder)]
    command = [*JAVA, "-cp", classpath(tmp_path_factory.mktemp("classes")), str(PROGRAM), *given]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return found


def test_jena_asks_by_get_and_by_post(live_server: str, answered: Answered) -> None:
    """Java's HTTP client offers HTTP/2 on every request, by an Upgrade."""
    queries, folder = answered["endpoint"]
    for way in ("asGetAlways", "asPost", "asPostForm"):
        told = {name: (folder / f"{name}.{way}").read_text() for name in queries}
        assert json.loads(told["select"])["results"]["bindings"][0]["n"]["value"] == "88"
        assert json.loads(told["ask"])["boolean"] is True
        assert len(told["construct"].splitlines()) == 88
        assert f"<{live_server}id/actor/unodc>" in told["describe"]


def value_of(term: dict[str, str] | None) -> str:
    if term is None or term["type"] == "bnode":
        return "-" if term is None else "_:"
    kind, text = term.get("datatype", ""), term["value"]
    if NUMERIC.fullmatch(f"^^<{kind}>"):
        return f"{float(text):.9g}"
    tag = term.get("xml:lang", "").lower()
    return f"{term['type'] == 'uri'} {text}@{tag} {kind.removesuffix('XMLSchema#string')}"


def rows_of(text: str) -> Rows:
    """A result of rows, a truth value or a graph, so that two of the same meaning are equal."""
    if not text.lstrip().startswith("{"):
        lines = (re.sub(r"_:\S+", "_:b", line) for line in text.splitlines() if line.strip())
        return [], Counter((re.sub(r"\^\^<[^>]*#string>", "", line),) for line in lines)
    found = json.loads(text)
    if "boolean" in found:
        return [], Counter([(str(found["boolean"]),)])
    names = sorted(found["head"]["vars"])
    return names, Counter(tuple(value_of(row.get(name)) for name in names) for row in found["results"]["bindings"])


def test_the_endpoint_answers_as_jena_does_on_the_same_graph(live_server: str, answered: Answered) -> None:
    queries, folder = answered["dump"]
    assert len(queries) > 100
    wrong = {}
    for name, query in queries.items():
        graph = re.search(r"^(CONSTRUCT|DESCRIBE)", query, re.MULTILINE)
        accept = "application/n-triples" if graph else "application/sparql-results+json"
        answer = httpx2.post(f"{live_server}sparql", data={"query": query}, headers={"accept": accept}, timeout=30)
        theirs = rows_of((folder / f"{name}.result").read_text())
        if answer.status_code != 200 or rows_of(answer.text) != theirs:
            wrong[query.rpartition(">\n")[2]] = (answer.text[:300], str(theirs)[:300])
    assert not wrong
