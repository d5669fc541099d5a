"""The versions of documents that were issued again, with the words of each, for pages that show what changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from ingest.corpus import earlier_versions
from ingest.describing.structure import paragraph_name, section_name
from ingest.document import TEXT_NAMES, Document
from ingest.reading import read_document


def write_versions(sources: Path, slugs: Iterable[str], to: Path) -> None:
    """Writes the versions of each document that has several, oldest first, the current one last, as JSON."""
    versions = {}
    for slug in slugs:
        if earlier := earlier_versions(sources, slug):
            versions[slug] = [_version(read_document(path)) for path in (*earlier, sources / f"{slug}.toml")]
    to.write_text(json.dumps(versions, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _version(document: Document) -> dict[str, object]:
    known = document.metadata
    ordered = sorted(_parts(document))
    return {
        "issued": known.issued.isoformat(),
        "title": known.title,
        "language": known.language,
        "file": known.source_file,
        "parts": [[key, label, text] for _, key, label, text in ordered],
    }


def _parts(document: Document) -> Iterator[tuple[int, str, str, str]]:
    """Order, name below the document, label and words of every part but the masthead."""
    for section in document.sections:
        yield section.order, f"section/{'/'.join(section.path)}", section_name(section), section.heading
    for paragraph in document.paragraphs:
        key, name = f"paragraph/{paragraph.key}", paragraph_name(paragraph)
        yield paragraph.order, key, name, paragraph.text
        for item in paragraph.items:
            yield item.order, f"{key}/item/{item.letter}", f"{name}, item ({item.letter})", item.text
    for position, text in enumerate(document.texts, start=1):
        yield text.order, f"text/{position}", f"{TEXT_NAMES[text.kind]} ({position})", text.text
    for position, note in enumerate(document.footnotes, start=1):
        yield note.order, f"footnote/{position}", f"Footnote {position}", note.text
