"""The stages of a build as one run goes through them, told apart by its lines of progress."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from benchmarks.watching import processor_seconds
from ingest.build import build
from ingest.corpus import BuildSettings

DESCRIBED, VALIDATED, WRITTEN = "Described ", "Validated: ", "Written "
"""How the lines begin that end a stage."""


@dataclass(frozen=True, slots=True)
class Stages:
    """Processor seconds of each stage of a build in all its processes, and what it built. ``describe`` is reading,
    extracting and describing."""

    describe: float
    validate: float
    write: float
    load: float
    figures: dict[str, int]
    folder: Path

    @property
    def seconds(self) -> float:
        """All stages together."""
        return self.describe + self.validate + self.write + self.load


def run_stages(settings: BuildSettings) -> Stages:
    """Builds, and notes when each stage ends."""
    ends: dict[str, float] = {}

    def note(line: str) -> None:
        for beginning in (DESCRIBED, VALIDATED, WRITTEN):
            if line.startswith(beginning):
                ends[beginning] = processor_seconds(os.getpid())

    started = processor_seconds(os.getpid())
    summary = build(settings, note)
    ended = processor_seconds(os.getpid())
    described, validated, written = (ends[name] for name in (DESCRIBED, VALIDATED, WRITTEN))
    return Stages(
        described - started,
        validated - described,
        written - validated,
        ended - written,
        summary.figures,
        summary.folder,
    )
