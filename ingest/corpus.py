"""What a build reads: its settings, and the corpus: which documents, in which order.

A folder of sources holds a ``.md`` and a ``.toml`` file for each document. A file ``corpus.toml`` beside them lists
the documents in their order (``documents = ["som-wg-2015", …]``); without it all of them belong, by name. A document
that is taken from the list, or whose files are removed, is gone from the next build with all its graphs.
"""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from ingest.errors import SourceError
from ingest.metadata import SLUG
from ingest.source import decode, read_bytes
from ontology.namespaces import DEFAULT_BASE, Base

ROOT = Path(__file__).parent.parent
LIST = "corpus.toml"


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """Where a build reads and writes, and the base IRI of what it publishes.

    ``ground`` is the folder that holds ``ontology/`` and the Turtle of ``shapes/``. ``processes`` work side by side;
    0 means as many as there are processors, and only one while there is little to do. With ``keep_going``, what would
    refuse the build refuses one document: the others are published.
    """

    base: Base = field(default_factory=lambda: Base(DEFAULT_BASE))
    sources: Path = ROOT / "ingest" / "sources"
    editorial: Path = ROOT / "ingest" / "editorial"
    ground: Path = ROOT
    snapshots: Path = ROOT / "var" / "snapshots"
    processes: int = 0
    keep_going: bool = False


def read_corpus(folder: Path) -> tuple[Path, ...]:
    """The metadata files of all documents of a folder, in their order.

    Raises `SourceError` when there is no document, for a text without metadata where no list leaves it out, for a list
    that cannot be read, and for a document that is listed twice or has no files.
    """
    path = folder / LIST
    if path.exists():
        return tuple(folder / f"{slug}.toml" for slug in _listed(path))
    found = tuple(sorted(folder.glob("*.toml")))
    for text in sorted(folder.glob("*.md")):
        if SLUG.fullmatch(text.stem) and not text.with_suffix(".toml").is_file():
            beside = f"a file {text.stem}.toml beside it, which “palermo add {text}” makes"
            raise SourceError(text, None, "a text without metadata", beside)
    if not found:
        raise SourceError(folder, None, "no document", "a .md file with a .toml file of the same name beside it")
    return found


def _listed(path: Path) -> list[str]:
    text = decode(read_bytes(path), path)
    try:
        listed = tomllib.loads(text).get("documents")
    except tomllib.TOMLDecodeError as error:
        raise SourceError(path, 1, "TOML that cannot be read", str(error)) from error
    expected = 'a list of names: documents = ["som-wg-2015"]'
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


def copy_sources(folder: Path, slugs: Collection[str], to: Path) -> None:
    """Copies the source text of each document, and its file as it came, for readers to go back to."""
    to.mkdir()
    for path in sorted(folder.iterdir()):
        if path.name.partition(".")[0] in slugs and path.suffix != ".toml" and path.is_file():
            shutil.copyfile(path, to / path.name)
