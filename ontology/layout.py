"""The layout of snapshots, which the build writes and the server reads: on disk, and in a store that holds several.

SNAPSHOTS/<base.slug>/versions/<version>/manifest.json, graph.nq, store/, search.sqlite, dumps/, …
SNAPSHOTS/<base.slug>/current -> versions/<version>
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from errno import EFBIG, EINVAL
from pathlib import Path
from stat import S_ISREG
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from ontology.namespaces import Base
from ontology.terms import term

ROOT = Path(__file__).parent.parent
"""The folder that has the program and the sources it comes with."""
Say = Callable[[str], None]
"""What a command writes a line with."""
FORMAT = 5
"""The number of this layout; a server refuses a snapshot of another."""
MANIFEST = "manifest.json"
SEARCH = "search.sqlite"
QUADS = ("graph.nq", "catalogue.nq")
"""The files that hold all statements, which the store holds too."""
VERSIONS = "versions.json"
"""The words of documents that were issued again, version by version."""
HISTORY = "history.sqlite"
TABLES = ("recommendations", "directives", "mentions", "links", "provisions", "actors")
DUMPS = {
    "palermo.nq": "The whole graph, as N-Quads with its named graphs",
    "palermo.trig": "The whole graph, as TriG with its named graphs",
    "palermo.ttl": "The whole graph, as Turtle without named graphs",
    "palermo.jsonld": "The whole graph, as JSON-LD",
    "palermo-tables.zip": "All tables as CSV, in one archive",
    "recommendations.csv": "Recommendations: one a row, with section, meeting and words",
    "directives.csv": "Directives: who is to do what, how strongly",
    "mentions.csv": "Names and citations found in the words, with their positions",
    "links.csv": "Suggested links, relations and themes, with reason, confidence and review status",
    "provisions.csv": "Articles, chapters and paragraphs of the treaties",
    "actors.csv": "Actors with their kinds and names",
    "palermo.db": "All tables as one SQLite file with keys, as Datasette opens it",
    **{f"{name}.parquet": f"The table {name} as Parquet" for name in TABLES},
    "SHA256SUMS": "The checksums of all files, for sha256sum --check",
}
"""The files for download with their titles, in the order in which the page of data has them."""
VERSION = re.compile(r"\d{8}-[0-9a-f]{10}(\.\d+)?")
"""The day of the build and the first digits of the graph's checksum; a number where a day has the same graph twice."""


MANIFEST_BYTES = 64_000_000
"""What a manifest has at most: a hundred times what one of 10,000 documents has."""


def home_of(snapshots: Path, base: Base) -> Path:
    """The folder of a base: the one of its slug, or one of the name that was given before November 2026, which several
    bases could share, where a snapshot of this base is current in it."""
    home, former = snapshots / base.slug, snapshots / base.former_slug
    try:
        manifest = json.loads(read_file(former / "current" / MANIFEST, MANIFEST_BYTES))
        is_ours = manifest["base"] == base.iri
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        is_ours = False
    return former if is_ours and not home.exists() else home


def read_file(path: Path, most: int | None = None) -> bytes:
    """The bytes of a file. Raises `OSError` for a pipe or a device, which have no end, and for a larger file."""
    status = path.stat()
    if not S_ISREG(status.st_mode):
        raise OSError(EINVAL, "it is no file")
    if most is not None and status.st_size > most:
        raise OSError(EFBIG, f"it has {status.st_size:,} bytes")
    return path.read_bytes()


def number_of(version: str) -> int:
    """Returns the number after the version, which sorts ``….9`` before ``….10``; 1 where there is none."""
    return int(version.partition(".")[2] or 1)


def sha256(path: Path) -> str:
    """The SHA-256 checksum of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checksum_of(manifest: Mapping[str, Any]) -> str:
    """Returns the SHA-256 checksum of a manifest without its own checksum."""
    signed = {name: value for name, value in manifest.items() if name != "checksum"}
    words = json.dumps(signed, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the graph with this base, in a store that holds several side by side under names of their own.

    Version ``V`` is one graph of everything, ``<v/V/graph>``, and each of its named graphs, ``<v/V/graph/reference>``
    for ``<graph/reference>``; the graph ``<v/V>`` names its parts and is written last: where it is, the version is
    whole. These are the addresses at which the server shows the version (``/v/V/…``). No name is shared between two.
    """

    base: Base
    name: str

    @property
    def record(self) -> NamedNode:
        """The graph that says that the version is whole, and the version itself."""
        return NamedNode(f"{self.base.iri}v/{self.name}")

    @property
    def everything(self) -> NamedNode:
        """The graph that holds the statements of all graphs."""
        return NamedNode(f"{self.record.value}/graph")

    def graph(self, graph: str) -> NamedNode:
        """The name that a graph of ours has in this version. Raises `ValueError` for one from elsewhere."""
        if not graph.startswith(self.base.iri):
            raise ValueError(f"{graph} is not below {self.base.iri}")
        return NamedNode(f"{self.record.value}/{graph[len(self.base.iri) :]}")

    def statements(self, built: str, graphs: Iterable[NamedNode]) -> Iterator[Triple]:
        """What the record says: the time of the build (``xsd:dateTime``) and the graphs the version is made of."""
        yield Triple(self.record, term("dcterms:issued"), Literal(built, datatype=term("xsd:dateTime")))
        for graph in (self.everything, *graphs):
            yield Triple(self.record, term("dcterms:hasPart"), graph)
