"""What a build is told: where it reads and writes, and the base IRI of what it publishes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ontology.namespaces import DEFAULT_BASE, Base

ROOT = Path(__file__).parent.parent
SNAPSHOTS = ROOT / "var" / "snapshots"


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """Where a build reads and writes, and the base IRI of what it publishes.

    ``ground`` is the folder that holds ``ontology/`` and the Turtle of ``shapes/``. ``processes`` work side by side;
    0 means as many as there are processors, and only one while there is little to do.
    """

    base: Base = field(default_factory=lambda: Base(DEFAULT_BASE))
    sources: Path = ROOT / "ingest" / "sources"
    editorial: Path = ROOT / "ingest" / "editorial"
    ground: Path = ROOT
    snapshots: Path = SNAPSHOTS
    processes: int = 0

    @property
    def home(self) -> Path:
        """The folder of this base: its snapshots, and what a rebuild need not make again."""
        return self.snapshots / self.base.slug

    @property
    def parts(self) -> Path:
        """Where the parts of documents are kept."""
        return self.home / "cache" / "parts"

    @property
    def reports(self) -> Path:
        """Where the reports on parts are kept."""
        return self.home / "cache" / "reports"
