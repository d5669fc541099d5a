"""All parts of a corpus, made and judged side by side; what an earlier build made and judged is taken over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from ingest.accuracy import Score
from ingest.corpus import read_corpus
from ingest.crew import Crew
from ingest.judging import Judge, judge_part, report_bytes, report_of
from ingest.keys import document_key, judge_key, shared_key
from ingest.parts import Facts, PartCache
from ingest.settings import BuildSettings
from ingest.statistics import Statistics
from ingest.touching import Touching
from ingest.workshop import Describe, DocumentWorkshop
from shapes.report import Report
from shapes.rules import read_rules
from shapes.validate import Validator, joined

Progress = Callable[[str], None]
Task = Describe | Judge
EVERY = 50
"""How many documents of a large corpus one line of progress stands for."""


@dataclass(slots=True)
class Totals:
    """What the facts of all parts add up to. ``sources`` has the name and checksum of each document."""

    figures: Counter[str] = field(default_factory=Counter)
    statistics: Statistics = field(default_factory=Statistics)
    scores: list[Score] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)
    sources: list[tuple[str, str]] = field(default_factory=list)

    def add(self, facts: Facts) -> None:
        """Counts a part in."""
        self.figures.update(facts.figures)
        self.statistics.add(facts.statistics)
        self.scores.extend(facts.accuracy.scores)
        self.unresolved.extend(facts.unresolved)
        if facts.slug:
            self.sources.append((facts.slug, facts.source))


@dataclass(frozen=True, slots=True)
class Made:
    """A corpus whose parts are made and judged: the keys of all parts, the shared one first, and of their reports."""

    cache: PartCache
    parts: tuple[str, ...]
    reports: frozenset[str]
    report: Report
    totals: Totals


class Workbench:
    """Makes parts and judges them; each half is made ready when it is first needed."""

    def __init__(self, settings: BuildSettings) -> None:
        self._settings = settings
        self._workshop = DocumentWorkshop(settings)
        self._judge: Validator | None = None

    def work(self, task: Task) -> None:
        """Does a task and keeps its outcome."""
        if isinstance(task, Describe):
            self._workshop.make(task)
            return
        self._judge = self._judge or Validator(self._workshop.shared, self._settings.base)
        report = judge_part(task, self._judge, self._workshop.cache)
        PartCache(self._settings.reports).write(task.key, {"report.json": report_bytes(report)})


def make(settings: BuildSettings, progress: Progress) -> Made:
    """Makes and judges all parts. Raises `SourceError` for a source, table or Turtle file that cannot be read."""
    corpus = read_corpus(settings.sources)
    settings.home.mkdir(parents=True, exist_ok=True)
    parts, reports = PartCache(settings.parts), PartCache(settings.reports)
    shared = shared_key(settings)
    keys = {path: document_key(path, shared, settings) for path in corpus.sources}
    describing: list[Task] = [Describe(None, shared), *(Describe(path, key) for path, key in keys.items())]
    totals = Totals()
    with Crew(partial(Workbench, settings), settings.processes) as crew:
        _run(crew, [task for task in describing if not parts.has(task.key)], "Described", progress)
        known = parts.facts(shared)
        touching = Touching(settings.base, shared, known)
        for key in keys.values():
            facts = parts.facts(key)
            touching.add(key, facts)
            totals.add(facts)
            if len(keys) <= EVERY:
                progress(_line(facts))
        totals.add(known)
        judging = list(touching.tasks(judge_key(shared)))
        missing: list[Task] = [task for task in judging if not reports.has(task.key)]
        progress(f"Described {len(keys):,} documents. Validating {len(missing):,} of {len(judging):,} parts.")
        _run(crew, missing, "Validated", progress)
    found = (report_of(reports.read(task.key, "report.json")) for task in judging)
    report = joined(found, read_rules(settings.base))
    return Made(parts, (shared, *keys.values()), frozenset(task.key for task in judging), report, totals)


def _run(crew: Crew[Task, None], tasks: list[Task], done: str, progress: Progress) -> None:
    for number, _ in enumerate(crew.run(tasks), start=1):
        if number % EVERY == 0:
            progress(f"{done} {number:,} of {len(tasks):,}.")


def _line(facts: Facts) -> str:
    mentions, directives, links = (facts.figures.get(name, 0) for name in ("mentions", "directives", "links"))
    return f"{facts.slug}: {facts.summary}; {directives} directives, {mentions} mentions, {links} editorial links."
