"""Checksums of all that makes a part or a report: equal keys, equal bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from ingest.accuracy import GOLD
from ingest.provisions import TABLE
from ingest.reference import FOLDERS, turtle_files
from ingest.settings import ROOT, BuildSettings

MAKERS = ("ingest/**/*.py", "ontology/*.py", "queries/*.py", "queries/tables/*.rq", "queries/questions/*.rq")
JUDGES = ("shapes/*.py", "queries/checks/*.rq")


def _checksum(words: Iterable[str], files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for word in words:
        digest.update(word.encode() + b"\0")
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\0".encode() + content)
    return digest.hexdigest()


def _code(patterns: Iterable[str]) -> list[Path]:
    return sorted(path for pattern in patterns for path in ROOT.glob(pattern))


def shared_key(settings: BuildSettings) -> str:
    """The key of the part that no document brings: base, code, vocabulary, reference data, shapes, questions."""
    turtle = [path for name in FOLDERS for path in turtle_files(name, settings.ground)]
    turtle += settings.ground.glob(TABLE)
    return _checksum((settings.base.iri, version("pyoxigraph")), (*_code(MAKERS), *turtle))


def document_key(source: Path, shared: str, settings: BuildSettings) -> str:
    """The key of a document's part: its source, metadata and tables, and the shared part."""
    judged = settings.editorial / source.stem
    tables = [*sorted(judged.glob("*.csv")), *sorted(judged.glob("*.txt")), *sorted((GOLD / source.stem).glob("*.tsv"))]
    text = source.with_suffix(".md")
    return _checksum((shared, source.stem), (source, *((text,) if text.is_file() else ()), *tables))


def judge_key(shared: str) -> str:
    """The key of what judges: the rules and their code."""
    return _checksum((shared,), _code(JUDGES))


def report_key(judge: str, words: Iterable[str]) -> str:
    """The key of a report on a part; ``words`` name the part, what it touches and what it owns."""
    return _checksum((judge, *words), ())
