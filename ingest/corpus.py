"""What a build reads: its settings, and the corpus: which documents, in which order.

A folder of sources holds a ``.md`` and a ``.toml`` file for each document. A file ``corpus.toml`` beside them lists
the documents in their order (``documents = ["som-wg-2015", …]``); without it all of them belong, by name. A document
that is taken from the list, whose files are removed or that its metadata call withdrawn is gone from the next build
with all its graphs. Earlier versions of a document that was issued again are in ``earlier/``.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from ingest.document import Metadata
from ingest.errors import SourceError
from ingest.metadata import SLUG, read_metadata
from ingest.source import decode, read_bytes
from ontology.layout import ROOT
from ontology.namespaces import DEFAULT_BASE, Base

WITHDRAWN = re.compile(rb"(?m)^\s*withdrawn\s*=")
LIST = "corpus.toml"
EARLIER = "earlier"
"""The folder of what `palermo add --replaces` replaced: ``som-wg-2015.v1.md`` and what stands beside it."""


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """Where a build reads and writes, and the base IRI of what it publishes.

    ``root`` is the folder that holds ``ontology/`` and the Turtle of ``shapes/``. ``processes`` work side by side;
    0 means as many as there are processors, and only one while there is little to do. With ``keep_going``, what would
    refuse the build refuses one document: the others are published. ``contact`` is the IRI of whom to write to
    about the data, or empty.
    """

    base: Base = field(default_factory=lambda: Base(DEFAULT_BASE))
    sources: Path = ROOT / "ingest" / "sources"
    editorial: Path = ROOT / "ingest" / "editorial"
    root: Path = ROOT
    snapshots: Path = ROOT / "var" / "snapshots"
    processes: int = 0
    keep_going: bool = False
    contact: str = ""


def read_corpus(folder: Path) -> tuple[Path, ...]:
    """The metadata files of all documents of a folder that are published, in their order.

    Raises `SourceError` when there is no document, for a text without metadata where no list leaves it out, for a list
    that cannot be read, and for a document that is listed twice or has no files.
    """
    path = folder / LIST
    if path.exists():
        return tuple(path for slug in _listed(path) if not _is_withdrawn(path := folder / f"{slug}.toml"))
    paths = tuple(path for path in sorted(folder.glob("*.toml")) if not _is_withdrawn(path))
    for text in sorted(folder.glob("*.md")):
        if SLUG.fullmatch(text.stem) and not text.with_suffix(".toml").is_file():
            beside = f"a file {text.stem}.toml beside it, which “palermo add {text}” makes"
            raise SourceError(text, None, "a text without metadata", beside)
    if not paths:
        raise SourceError(folder, None, "no document", "a .md file with a .toml file of the same name beside it")
    return paths


def withdrawn_documents(folder: Path) -> list[Metadata]:
    """What is known of the documents that their metadata call withdrawn."""
    return [read_metadata(path) for path in sorted(folder.glob("*.toml")) if path.name != LIST and _is_withdrawn(path)]


def _is_withdrawn(path: Path) -> bool:
    """Whether metadata have a day of withdrawal; other faults are reported when they are read."""
    return WITHDRAWN.search(path.read_bytes()) is not None


def _listed(path: Path) -> list[str]:
    text = decode(read_bytes(path), path)
    try:
        listed = tomllib.loads(text).get("documents")
    except tomllib.TOMLDecodeError as error:
        raise SourceError(path, 1, "TOML that cannot be read", str(error)) from error
    expected = 'a list of names: documents = ["first-report-2014", "second-report-2015"]'
    if not isinstance(listed, list) or not listed:
        raise SourceError(path, 1, "no documents", expected)
    slugs: list[str] = []
    for slug in listed:
        line = next((number for number, words in enumerate(text.splitlines(), 1) if f'"{slug}"' in words), 1)
        if not isinstance(slug, str) or not SLUG.fullmatch(slug):
            raise SourceError(path, line, f"the document {slug!r}", expected)
        if slug in slugs:
            raise SourceError(path, line, f"the document {slug!r} a second time", "every document once")
        if not (path.parent / f"{slug}.toml").is_file():
            raise SourceError(path, line, f"the document {slug!r}", f"a file {slug}.toml beside the list")
        slugs.append(slug)
    return slugs


def earlier_versions(folder: Path, slug: str) -> list[Path]:
    """The metadata files of the earlier versions of a document, oldest first."""
    paths = (folder / EARLIER).glob(f"{slug}.v*.toml")
    numbered = {int(number): path for path in paths if (number := path.stem.rpartition(".v")[2]).isdigit()}
    return [path for _, path in sorted(numbered.items())]


def copy_sources(folder: Path, slugs: Collection[str], to: Path) -> None:
    """Copies all source texts of each document, and the files as they came, for readers to go back to."""
    to.mkdir()
    for path in sorted((*folder.iterdir(), *(folder / EARLIER).glob("*"))):
        if path.name.partition(".")[0] in slugs and path.suffix != ".toml" and path.is_file():
            shutil.copyfile(path, to / path.name)
