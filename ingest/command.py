"""What `palermo build` and `palermo validate` do and say on the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from ingest.accuracy import Accuracy
from ingest.build import BuildSettings, Summary, ViolationError, build, prepare
from ingest.errors import BuildError
from ontology.namespaces import Base
from shapes.report import report_text

Say = Callable[[str], None]


def _settings(base: Base, snapshots: Path | None) -> BuildSettings:
    settings = BuildSettings(base=base)
    return settings if snapshots is None else replace(settings, snapshots=snapshots)


def accuracy_lines(accuracy: Accuracy) -> Iterator[str]:
    """Precision and recall, a line for each sample and kind, and every miss by name."""
    for score in accuracy.scores:
        yield (
            f"  {score.sample:28} {score.kind:24} {score.expected:4} expected  "
            f"precision {score.precision:6.1%}  recall {score.recall:6.1%}"
        )
        yield from (f"      missed {fact}" for fact in score.missed)
        yield from (f"      wrong  {fact}" for fact in score.wrong)


def summary_lines(summary: Summary) -> Iterator[str]:
    """The end of a build in words."""
    figures = summary.figures
    yield ""
    for name in ("documents", "recommendations", "directives", "mentions", "citations", "links", "triples"):
        yield f"  {name:18}{figures[name]:>8,}"
    counts = summary.report.figures()
    yield f"  {'validation':18}{counts['violations']:>8} violations, {counts['warnings']} warnings, {counts['shapes']} shapes"
    yield f"  {'seconds':18}{summary.seconds:>8.1f}"
    if summary.accuracy.scores:
        yield "\nExtraction against what readers wrote down (in-sample: the rules were written with this text in view):"
        yield from accuracy_lines(summary.accuracy)
    for finding in summary.unresolved:
        yield f"  not resolved: {finding}"
    yield f"\nPublished {summary.folder}"


def run_build(base: Base, snapshots: Path | None, say: Say) -> int:
    """Builds and publishes; returns the exit status: 0, or 1 after a report of what was wrong."""
    say(f"Building {base.iri}")
    if base.is_local:
        say("This base is on this machine: its links are not for citing. Build on a real one with --base https://…/")
    try:
        summary = build(_settings(base, snapshots), say)
    except ViolationError as error:
        say(report_text(error.report))
        say(f"palermo: {error}")
        return 1
    except BuildError as error:
        say(f"palermo: {error}\nNothing was published; the snapshot in place is untouched.")
        return 1
    for line in summary_lines(summary):
        say(line)
    return 0


def run_validate(base: Base, verbose: bool, say: Say) -> int:
    """Builds without publishing and prints the report; returns 0 when the graph conforms, else 1."""
    try:
        prepared = prepare(_settings(base, None), say)
    except BuildError as error:
        say(f"palermo: {error}")
        return 1
    say(report_text(prepared.report, verbose=verbose))
    return 0 if prepared.report.conforms else 1
