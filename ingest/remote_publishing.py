"""A published snapshot for a store elsewhere: loaded over SPARQL 1.1 Graph Store HTTP Protocol, or as files that an
engine loads by itself.

Each version has graphs of its own (`ontology.layout`), so that loading one changes nothing that a reader sees. The
graph that names the version's parts comes last; a server switches to a snapshot when it finds that graph in its store.
A load that was interrupted is begun again and leaves nothing behind. No engine has to move graphs, or be fast at it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx2
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse, serialize

from ingest.errors import BuildError
from ingest.publish import sorted_nquads
from ontology.formats import N_TRIPLES
from ontology.layout import QUADS, Say, Version
from ontology.namespaces import Base
from ontology.terms import term

_TRIPLES = N_TRIPLES.media_type
_TOGETHER = 8_000_000  # bytes of small graphs that go into the graph of everything in one request
_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class GraphStore:
    """A graph store: its address, to which ``?graph=`` is added (Graph Store Protocol §4.2), and how to be let in."""

    address: str
    auth: httpx2.Auth | None = None

    def send(self, method: str, graph: NamedNode, body: bytes | None = None) -> httpx2.Response:
        """One operation on a graph; 404 is an answer. Raises `BuildError` with a sentence for any other failure."""
        headers = {"Content-Type": _TRIPLES} if body is not None else {"Accept": f"{_TRIPLES}, */*;q=0.1"}
        try:
            response = httpx2.request(
                method,
                self.address,
                params={"graph": graph.value},
                content=body,
                headers=headers,
                auth=self.auth,
                timeout=_SECONDS,
                trust_env=False,
            )
        except httpx2.TransportError as problem:
            raise BuildError(f"The graph store at {self.address} cannot be reached: {problem}.") from problem
        if response.status_code in (401, 403):
            raise BuildError(f"The graph store at {self.address} does not let this user in ({response.status_code}).")
        if not response.is_success and response.status_code != 404:
            reason = " ".join(response.text.split())[:200]
            raise BuildError(f"The graph store answered {method} of {graph} with {response.status_code}: {reason}")
        return response


def graph_store(address: str, user: str, password: str) -> GraphStore:
    """The graph store at an address; the way to be let in (RFC 7617 Basic, RFC 7616 Digest) is the one it asks for."""
    if not user:
        return GraphStore(address)
    try:
        asked = httpx2.get(address, timeout=_SECONDS, trust_env=False).headers.get("www-authenticate", "")
    except httpx2.TransportError as problem:
        raise BuildError(f"The graph store at {address} cannot be reached: {problem}.") from problem
    digest = not asked.lower().startswith("basic")
    return GraphStore(address, (httpx2.DigestAuth if digest else httpx2.BasicAuth)(user, password))


def publish_version(folder: Path, target: GraphStore, say: Say) -> Version:
    """Loads a snapshot's graphs; returns its version. Raises `BuildError` when the graph store refuses one."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    version = Version(Base(manifest["base"]), manifest["version"])
    if target.send("GET", version.record).status_code != 404 and _parts(target, version):
        say(f"Version {version.name} is there already.")
        return version
    store = Store.read_only(str(folder / "store"))
    graphs = sorted((graph for graph in store.named_graphs() if isinstance(graph, NamedNode)), key=str)
    together, method = bytearray(), "PUT"
    for number, graph in enumerate(graphs, start=1):
        body = store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) or b""
        target.send("PUT", version.graph(graph.value), body)
        say(f"  {number}/{len(graphs)}  {graph.value}  {len(body):,} bytes")
        together += body
        if len(together) > _TOGETHER or number == len(graphs):
            target.send(method, version.everything, bytes(together))
            together, method = bytearray(), "POST"
    record = list(version.statements(manifest["built"], (version.graph(graph.value) for graph in graphs)))
    target.send("PUT", version.record, serialize(record, format=RdfFormat.N_TRIPLES))
    say(f"Version {version.name} is whole.")
    return version


def drop_version(version: Version, target: GraphStore, say: Say) -> None:
    """Removes a version, its record first. No server may serve it any more: it would answer 503 from then on."""
    parts = _parts(target, version)
    target.send("DELETE", version.record)
    for part in parts:
        target.send("DELETE", part)
    say(f"Version {version.name} is gone ({len(parts)} graphs).")


def _parts(target: GraphStore, version: Version) -> list[NamedNode]:
    """The graphs that the record of a version names; none when it is not there."""
    response = target.send("GET", version.record)
    if response.status_code == 404:
        return []
    said = (quad for quad in parse(response.content, RdfFormat.N_TRIPLES) if quad.predicate == term("dcterms:hasPart"))
    return [quad.object for quad in said if isinstance(quad.object, NamedNode)]


def run_publish(folder: Path, address: str, user: str, password: str, drop: list[str], say: Say) -> int:
    """Publishes a snapshot, then drops versions; returns 0, or 1 with a sentence on what went wrong."""
    try:
        target = graph_store(address, user, password)
        published = publish_version(folder, target, say)
        for name in drop:
            drop_version(Version(published.base, name), target, say)
    except (BuildError, OSError) as problem:
        say(f"palermo: {problem}")
        return 1
    return 0


GRAPHS, RECORD = "graphs.nq", "record.nq"


def write_bulk_files(snapshot: Path, folder: Path) -> Version:
    """Writes both files for a snapshot into a folder, which is made; returns the version. Needs twice the size of
    ``graph.nq`` and no memory to speak of."""
    manifest = json.loads((snapshot / "manifest.json").read_text(encoding="utf-8"))
    version = Version(Base(manifest["base"]), manifest["version"])
    everything = f" {version.everything} .\n".encode()
    ends: dict[bytes, bytes] = {}
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / GRAPHS).open("wb") as output:
        for name in QUADS:
            with (snapshot / name).open("rb") as lines:
                for line in lines:
                    statement, _, graph = line.rpartition(b" <")
                    if graph not in ends:
                        iri = graph.decode().removesuffix("> .\n")
                        ends[graph] = f" {version.graph(iri)} .\n".encode()
                    output.write(statement + ends[graph] + statement + everything)
    graphs = sorted(end.decode()[2:].removesuffix("> .\n") for end in ends.values())
    statements = version.statements(manifest["built"], map(NamedNode, graphs))
    (folder / RECORD).write_bytes(
        sorted_nquads(Quad(each.subject, each.predicate, each.object, version.record) for each in statements)
    )
    return version


def run_bulk_files(snapshot: Path, folder: Path, say: Callable[[str], None]) -> int:
    """Writes the files; returns 0, or 1 with a sentence on what went wrong."""
    try:
        version = write_bulk_files(snapshot, folder)
    except OSError as problem:
        for name in (GRAPHS, RECORD):  # half of a graph must not be loaded as a whole one
            (folder / name).unlink(missing_ok=True)
        say(f"palermo: {problem}. Nothing is left in {folder}.")
        return 1
    say(f"Version {version.name} is in {folder / GRAPHS} and, to be loaded after it, {folder / RECORD}.")
    return 0
