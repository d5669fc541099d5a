"""What `palermo build` and `palermo validate` do and say on the terminal."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pyoxigraph import NamedNode

from ingest.accuracy import Score
from ingest.build import Summary, ViolationError, build, validate
from ingest.corpus import BuildSettings
from ingest.errors import BuildError
from ingest.publish import prune
from ontology.layout import Say
from ontology.namespaces import Base
from shapes.report import Report, Result, report_text

_CONTACT = re.compile(r"mailto:[^\s<>\"@]+@[^\s<>\"@]+|https?://[^\s<>\"]+")
UNTOUCHED = "Nothing was published; the snapshot in place is untouched."
SHOWN = 3
"""How many misses of one kind, or warnings of one rule, the terminal shows; files of the snapshot have all of them."""
REASONS = 10
"""How many reasons the terminal gives for a document that is left out."""


def settings_for(
    base: Base, snapshots: Path | None = None, sources: Path | None = None, editorial: Path | None = None
) -> BuildSettings:
    """The settings of a build; a folder that is None is the one in the checkout."""
    usual = BuildSettings(base=base)
    return replace(
        usual,
        snapshots=snapshots or usual.snapshots,
        sources=sources or usual.sources,
        editorial=editorial or usual.editorial,
        contact=contact_of(os.environ.get("PALERMO_CONTACT", "")),
    )


def contact_of(contact: str) -> str:
    """The IRI of a contact: an address of a page, or of mail with or without ``mailto:``. Raises `BuildError` for
    anything else."""
    iri = contact if "://" in contact or contact.startswith("mailto:") or not contact else f"mailto:{contact}"
    if iri and not _CONTACT.fullmatch(iri):
        raise BuildError(f"PALERMO_CONTACT is no address of mail and no https address: {contact!r}.")
    return iri


def accuracy_lines(accuracy: Iterable[Score]) -> Iterator[str]:
    """Precision and recall, a line for each sample and kind, and the first misses by name."""
    for score in accuracy:
        yield (
            f"  {score.sample:28} {score.kind:24} {score.expected:4} expected  "
            f"precision {score.precision:6.1%}  recall {score.recall:6.1%}"
        )
        misses = [*(f"missed {fact}" for fact in score.missed), *(f"wrong  {fact}" for fact in score.wrong)]
        yield from (f"      {miss}" for miss in misses[:SHOWN])
        if misses[SHOWN:]:
            yield f"      … and {len(misses) - SHOWN} more in accuracy.json"


def warning_lines(report: Report) -> Iterator[str]:
    """The warnings by rule, the first of each by name: what a build does not stop for and a person should see."""
    groups: dict[NamedNode, list[Result]] = {}
    for result in report.results:
        if result.severity == "Warning":
            groups.setdefault(result.shape, []).append(result)
    for results in groups.values():
        yield f"  {len(results):>8} warning{'s' * (len(results) > 1)}: {results[0].message}"
        for result in results[:SHOWN]:
            yield f"      {result.label}{f' ({result.place})' if result.place else ''}"
        if results[SHOWN:]:
            yield f"      … and {len(results) - SHOWN} more in validation.json"


def summary_lines(summary: Summary) -> Iterator[str]:
    """The end of a build in words."""
    figures, prepared = summary.figures, summary.prepared
    yield ""
    for name in ("documents", "recommendations", "directives", "mentions", "citations", "links", "triples"):
        yield f"  {name:18}{figures[name]:>8,}"
    counts = prepared.report.figures()
    judged = f"{counts['violations']:>8} violations, {counts['warnings']} warnings, {counts['shapes']} shapes"
    yield f"  {'validation':18}{judged}"
    yield f"  {'seconds':18}{summary.seconds:>8.1f}"
    if prepared.accuracy:
        yield "\nExtraction against what readers wrote down. In-sample: the rules were written with that text in view."
        yield from accuracy_lines(prepared.accuracy)
    if counts["warnings"]:
        yield ""
        yield from warning_lines(prepared.report)
    for finding in summary.unresolved:
        yield f"  {finding}"
    for refused in prepared.refused:
        yield f"\nLeft out: {refused.slug}"
        yield from (f"  {reason}" for reason in refused.reasons[:REASONS])
        if refused.reasons[REASONS:]:
            yield f"  … and {len(refused.reasons) - REASONS} more, in manifest.json"
    yield (
        f"\nPublished {summary.folder}"
        if summary.is_new
        else f"\nNothing has changed: {summary.folder} stays as it is."
    )


def run_build(settings: BuildSettings, say: Say) -> int:
    """Builds and publishes; returns the exit status: 0, or 1 after a report of what was wrong."""
    say(f"Building {settings.base.iri}")
    if settings.base.is_local:
        say("This base is on this machine: its links are not for citing. Build on a real one with --base https://…/")
    try:
        summary = build(settings, say)
    except ViolationError as error:
        say(report_text(error.report))
        say(f"palermo: {error}")
        return 1
    except BuildError as error:
        say(f"palermo: {error}\n{UNTOUCHED}")
        return 1
    except OSError as error:
        say(f"palermo: {error.strerror or error}: {error.filename or settings.snapshots}\n{UNTOUCHED}")
        return 1
    except sqlite3.Error as error:
        say(f"palermo: The index of pages cannot be written: {error}.\n{UNTOUCHED}")
        return 1
    for line in summary_lines(summary):
        say(line)
    return 0


def run_prune(settings: BuildSettings, keep: int, say: Say) -> int:
    """Removes old versions of a base; returns 0, or 1 with a sentence on what went wrong."""
    try:
        gone = prune(settings.snapshots, settings.base, keep)
    except (BuildError, OSError) as error:
        say(f"palermo: {error}")
        return 1
    for name in gone:
        say(f"Removed {name}")
    say(f"{len(gone)} version{'s' * (len(gone) != 1)} of {settings.base.iri} removed.")
    return 0


def run_validate(settings: BuildSettings, verbose: bool, say: Say) -> int:
    """Builds without publishing and prints the report; returns 0 when the graph conforms, else 1."""
    try:
        prepared = validate(settings, say)
    except BuildError as error:
        say(f"palermo: {error}")
        return 1
    say(report_text(prepared.report, verbose=verbose))
    for part in prepared.parts:
        for finding in part.unresolved:
            say(f"  {finding}")
    return 0 if prepared.report.conforms else 1
