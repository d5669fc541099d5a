"""Who reviews: a person with a name, described once in the reference data when the first decision is written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import BuildError

AGENTS = "ontology/reference/agents.ttl"
BLOCK = """
<id/agent/{slug}> a prov:Agent, prov:Person ;
    rdfs:label "{name}"@en ;
    skos:definition "Reviews judgements of this graph, and answers for those that name them as reviewer."@en .
"""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A person: the slug that tables use, and the name as pages show it."""

    slug: str
    name: str


def reviewer_of(name: str, ground: Path) -> Reviewer:
    """The person with a name or slug. Raises `BuildError` for a name that cannot be one, or a program's."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))
    if not slug or any(sign in name for sign in '"\\<>\n'):
        raise BuildError(f"{name!r} is no name of a person.")
    block = _block(slug, ground)
    if block and "prov:Person" not in block:
        raise BuildError(f"{slug} is described in {AGENTS} as something else than a person; only people review.")
    label = re.search(r'rdfs:label "([^"]+)"', block)
    return Reviewer(slug, label[1] if label else " ".join(name.split()))


def describe(reviewer: Reviewer, ground: Path) -> bool:
    """Add the person to the reference data unless they are there. Returns whether they were added."""
    if _block(reviewer.slug, ground):
        return False
    path = ground / AGENTS
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_text(path.read_text("utf-8") + BLOCK.format(slug=reviewer.slug, name=reviewer.name), "utf-8")
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return True


def _block(slug: str, ground: Path) -> str:
    """Returns the Turtle of an agent in the file; empty if there is none."""
    text = (ground / AGENTS).read_text(encoding="utf-8")
    start = text.find(f"<id/agent/{slug}> ")
    return text[start : text.find(" .\n", start)] if start >= 0 else ""
