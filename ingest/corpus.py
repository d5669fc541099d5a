"""The corpus: which documents a build reads, in which order, and who describes their meetings.

A folder of sources holds a ``.md`` and a ``.toml`` file for each document. A file ``corpus.toml`` beside them lists
the documents in their order (``documents = ["som-wg-2015", …]``); without it all of them belong, by name. A document
that is taken from the list, or whose files are removed, is gone from the next build with all its graphs.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import SourceError
from ingest.metadata import SLUG
from ingest.source import decode, read_bytes

LIST = "corpus.toml"


@dataclass(frozen=True, slots=True)
class Corpus:
    """The metadata files of all documents, in their order."""

    folder: Path
    sources: tuple[Path, ...]

    @property
    def slugs(self) -> tuple[str, ...]:
        """The names of the documents."""
        return tuple(path.stem for path in self.sources)


def read_corpus(folder: Path) -> Corpus:
    """The corpus of a folder.

    Raises `SourceError` when there is no document, for a text without metadata where no list leaves it out, for a list
    that cannot be read, and for a document that is listed twice or has no files.
    """
    path = folder / LIST
    if path.exists():
        return Corpus(folder, tuple(folder / f"{slug}.toml" for slug in _listed(path)))
    found = tuple(sorted(folder.glob("*.toml")))
    for text in sorted(folder.glob("*.md")):
        if SLUG.fullmatch(text.stem) and not text.with_suffix(".toml").is_file():
            beside = f"a file {text.stem}.toml beside it, which “palermo add {text}” makes"
            raise SourceError(text, None, "a text without metadata", beside)
    if not found:
        raise SourceError(folder, None, "no document", "a .md file with a .toml file of the same name beside it")
    return Corpus(folder, found)


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
