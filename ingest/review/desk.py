"""The desk of a reviewer: the judgements of all documents as a queue, and what is decided about each.

Tables are read anew for every page and every decision, so that nothing depends on what the program remembers: who kills
it loses no decision, and two reviewers or a spreadsheet may work beside it.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from textwrap import shorten

from ingest.corpus import BuildSettings, read_corpus
from ingest.corrections import COLUMNS, CONFIRM, EDITS, is_as_confirmed, problem_of
from ingest.editorial import CONFIDENCES, PENDING, RELATIONS, REVIEWED, TABLES, UNREVIEWED
from ingest.extraction import extract
from ingest.judged_texts import JUDGED_TEXT, fingerprint_of, has_changed
from ingest.reading import read_document
from ingest.reference import described_paths, lexicon, reference_quads, values_of_kind
from ingest.reference_tables import read_provisions
from ingest.review.decisions import SAME, correction, decided, findings, opinions, restore, same_finding, write_decision
from ingest.review.suggesting import AGENT, judged_before, suggest
from ingest.review.tables import Record, Table, read_table
from ingest.review.texts import READERS, Reading, reading_of, recommendations, rows_of
from ingest.spreadsheets import table_path
from ontology.terms import Names, term


@dataclass(frozen=True, slots=True)
class Judgement:
    """A row to judge. ``key`` tells it in its table; ``new`` marks a suggestion that has no row yet, ``read_otherwise``
    a finding that somebody confirmed before the rules came to read it as its cells say."""

    document: str
    table: str
    key: tuple[str, ...]
    cells: Mapping[str, str]
    new: bool = False
    read_otherwise: bool = False

    @property
    def name(self) -> str:
        """What addresses and forms call it."""
        return "|".join((self.document, self.table, *self.key))

    @property
    def number(self) -> str:
        """The number of its recommendation, as the last part of its name has it."""
        return self.cells["recommendation"].replace(".", "-")

    @property
    def value(self) -> str:
        """What the recommendation is linked to: a theme, a provision or an earlier recommendation."""
        return self.key[-1]


@dataclass(frozen=True, slots=True)
class Filter:
    """What is in the queue; an empty value leaves all in. ``first`` is ``disagreements`` or empty."""

    document: str = ""
    table: str = ""
    article: str = ""
    theme: str = ""
    confidence: str = ""
    first: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A decision of this sitting: the judgement, what was decided, and the record as it was."""

    judgement: Judgement
    decision: str
    key: tuple[str, ...]
    before: Record | None

    def __str__(self) -> str:
        about = self.judgement.cells.get("words") or " ".join(self.key[1:])
        return f"{self.judgement.document} {self.judgement.table} {self.judgement.number}: {shorten(about, 80)}"


class Desk:
    """The judgements of a corpus for one reviewer, and what was decided in this sitting.

    By slug: ``themes`` the definitions of themes, ``official`` where a treaty stands, ``agents`` the names of agents.
    Raises `BuildError` for a source that cannot be read, and for a table that cannot be written.
    """

    def __init__(self, settings: BuildSettings, reviewer: str, today: date) -> None:
        self.settings, self.reviewer, self.today = settings, reviewer, today
        names = Names(settings.base)
        quads = list(reference_quads(names, settings.root))
        spellings = lexicon(names, settings.root, quads)
        documents = [read_document(path) for path in read_corpus(settings.sources)]
        self.read = {document.slug: (document, extract(document, spellings)) for document in documents}
        self.texts = {slug: recommendations(*read) for slug, read in self.read.items()}
        self.findings = {slug: findings(*read) for slug, read in self.read.items()}
        self.provisions = {provision.path: provision for provision in read_provisions(settings.root)}
        files = [(slug, name) for slug in self.texts for group in READERS.values() for name in group]
        self.kept = {(slug, name): rows_of(settings.editorial / slug / "readings" / name) for slug, name in files}
        self.themes = values_of_kind(quads, names, "theme", term("skos:definition"))
        self.official = values_of_kind(quads, names, "instrument", names.pal("officialText"))
        self.agents = values_of_kind(quads, names, "agent", term("rdfs:label"))
        self.described = described_paths(quads, names)
        self.changes: list[Change] = []
        self.started = time.monotonic()
        list(self.tables())  # A table in which nothing can be written is told before the first judgement.

    @cached_property
    def subject(self) -> frozenset[str]:
        """The families of words that stand in half of all recommendations or more: what the corpus is about."""
        every = [text.stems for texts in self.texts.values() for text in texts.values()]
        counts = Counter(stem for stems in every for stem in stems)
        return frozenset(stem for stem, count in counts.items() if 2 * count >= len(every))

    def tables(self) -> Iterator[tuple[str, Table]]:
        """Every table there is: document and table."""
        for slug in self.texts:
            for name in TABLES:
                if path := table_path(self.settings.editorial / slug, name):
                    yield slug, read_table(path)

    def judgements(self) -> list[Judgement]:
        """All rows, by recommendation, and what rules suggest where themes are pending or were suggested by rules."""
        judgements, pending, rows = [], set(), []
        for slug, table in self.tables():
            for record in table.records:
                name = table.path.stem.lower()
                rows.append((slug, name, record.cells))
                judgement = self._as_read(Judgement(slug, name, table.key(record.cells), record.cells))
                if record.cells.get("theme") == PENDING or record.cells.get("agent", "").startswith(AGENT):
                    pending.add((slug, judgement.number))
                if record.cells.get("theme") != PENDING:
                    judgements.append(judgement)
        judgements += self._suggested(pending, rows, {judgement.name for judgement in judgements})
        judgements += self._findings(rows)
        names = [(slug, number) for slug, texts in self.texts.items() for number in texts]
        places = {name: place for place, name in enumerate(names)}
        there = [each for each in judgements if (each.document, each.number) in places]
        return sorted(there, key=lambda each: (places[each.document, each.number], TABLES.index(each.table)))

    def _suggested(
        self, pending: set[tuple[str, str]], rows: list[tuple[str, str, Mapping[str, str]]], there: set[str]
    ) -> Iterator[Judgement]:
        if not pending:
            return
        before = judged_before(self.texts, rows)
        for slug, number in sorted(pending):
            if text := self.texts[slug].get(number):
                for made in suggest(text, [each for each in before if each.recommendation.document != slug]):
                    key = (number, made.value)
                    judgement = Judgement(slug, made.table, key, made.cells(), new=True)
                    if judgement.name not in there:
                        yield judgement

    def _as_read(self, judgement: Judgement) -> Judgement:
        """A row that confirms what the rules read otherwise now, with what they read; any other as it is."""
        table, cells = judgement.table, judgement.cells
        if cells.get("change") != CONFIRM:
            return judgement
        read = self.findings.get(judgement.document, {}).get(table, [])
        now = [{name: each[name] for name in EDITS[table]} for each in read if same_finding(table, each, cells)]
        if any(is_as_confirmed(cells, each) for each in now):
            return judgement
        return replace(judgement, cells={**cells, **next(iter(now), {})}, read_otherwise=True)

    def _findings(self, rows: list[tuple[str, str, Mapping[str, str]]]) -> Iterator[Judgement]:
        """What the rules found and no row of a table is about."""
        for slug, tables in self.findings.items():
            for table, table_findings in tables.items():
                corrected = [cells for document, name, cells in rows if (document, name) == (slug, table)]
                for cells in table_findings:
                    if not any(same_finding(table, cells, other) for other in corrected):
                        key = tuple(cells[column] for column in SAME[table])
                        yield Judgement(slug, table, key, cells, new=True)

    def queue(self, wanted: Filter, *, decided_too: bool = False) -> list[Judgement]:
        """The judgements that this reviewer has not decided, in order; with ``decided_too`` all that the filter
        selects.

        Findings of the rules come only when their table is asked for.
        """
        all_ = self.judgements()
        themes: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for each in all_:
            if each.table == "themes":
                themes[each.document, each.number].add(each.value)
        waiting = [
            each
            for each in all_
            if wanted.document in ("", each.document)
            and (wanted.table == each.table or (not wanted.table and not (each.new and each.table in SAME)))
            and (not wanted.article or f"{each.value}/".startswith(f"{wanted.article}/"))
            and (not wanted.theme or wanted.theme in themes[each.document, each.number])
            and wanted.confidence in ("", each.cells.get("confidence", ""))
            and (decided_too or self.reviewer not in opinions(each.cells) or self.has_changed(each))
        ]
        return sorted(waiting, key=lambda each: not self.disputed(each)) if wanted.first else waiting

    def decide(self, judgement: Judgement, decision: str, edits: Mapping[str, str]) -> None:
        """Write a decision at once. ``edits`` are cells changed with it; they belong to what is accepted.

        A finding of the rules that is right gets a row that confirms it. Raises `KeyError` with a sentence where a
        row cannot be.
        """
        edited = {column: " ".join(value.split()) for column, value in edits.items()}
        is_finding = judgement.new and judgement.table in SAME
        if is_finding:
            cells = correction(judgement.table, judgement.cells, decision, edited, self.reviewer, self.today)
            if not cells["reason"]:
                raise KeyError("A correction needs its reason, in one sentence.")
        else:
            cells = self._decided(judgement, decision, edited)
        if is_finding or (decision == "accept" and judgement.table in SAME):
            self._check(judgement, cells)
        cells[JUDGED_TEXT] = fingerprint_of(cells, judgement.document, self._words(judgement.document))
        path = self._path(judgement)
        is_first = is_finding and not path.exists()
        try:
            if is_first:
                path.write_text(",".join(COLUMNS[judgement.table]) + "\n", encoding="utf-8")
            table = read_table(path)
            key = table.key(cells) if is_finding else judgement.key
            if decision == "accept" and judgement.new and judgement.table == "themes":
                pending = (key[0], PENDING)
                key = pending if table.find(pending) is not None else key
            self.changes.append(Change(judgement, decision, table.key(cells), write_decision(table, key, cells)))
        except OSError:
            if is_first:
                path.unlink(missing_ok=True)
            raise

    def _decided(self, judgement: Judgement, decision: str, edits: Mapping[str, str]) -> dict[str, str]:
        """The cells of a row with a decision. Raises `KeyError` where rules no longer find what it confirms."""
        there = self.findings.get(judgement.document, {}).get(judgement.table, [])
        read = any(same_finding(judgement.table, each, judgement.cells) for each in there)
        if judgement.read_otherwise and decision == "accept" and not read:
            raise KeyError("The rules find it no longer, so there is nothing to confirm: reject the row.")
        changed = {column: value for column, value in edits.items() if value and decision == "accept"}
        about = {**judgement.cells, **changed}
        differs = any(about[name] != judgement.cells[name] for name in changed.keys() - {"reason"})
        if differs and about.get("change") == CONFIRM:
            about["change"] = "correct"
        if self.has_changed(judgement):  # what was decided about other words does not count
            about |= {"agent": about["agent"].partition(" ")[0], "review_status": UNREVIEWED, REVIEWED: ""}
        return decided(about, self.reviewer, decision, self.today)

    def _check(self, judgement: Judgement, row: Mapping[str, str]) -> None:
        """Raises `KeyError` with a sentence for a row of corrections that a build would refuse."""
        document, extraction = self.read[judgement.document]

        def is_known(path: str) -> bool:
            return path in self.described or path.startswith("id/agent/")

        if problem := problem_of(judgement.table, row, document, extraction.findings, is_known):
            raise KeyError(problem)

    def problem(self, judgement: Judgement, edits: Mapping[str, str]) -> str:
        """Returns the reason why a row with these cells is invalid, in a sentence; empty if it is valid."""
        if "provision" in edits and edits["provision"] not in self.provisions:
            return f"There is no provision {edits['provision']}; a letter may need a row of the table provisions first."
        if "theme" in edits and edits["theme"] not in self.themes:
            return f"There is no theme {edits['theme']}."
        if edits.get("confidence", "high") not in CONFIDENCES or edits.get("relation", "restates") not in RELATIONS:
            return "Confidence is high or medium, and a relation one of the four."
        if "earlier" in edits:
            document, _, number = edits["earlier"].rpartition("/")
            known = self.texts.get(document or judgement.document, {})
            if number.replace(".", "-") not in known:
                return f"There is no recommendation {edits['earlier']}."
        return "" if edits.get("reason", "a reason").strip() else "A judgement needs its reason."

    def has_changed(self, judgement: Judgement) -> bool:
        """Whether the words that it was about, or their reading, are others now."""
        return judgement.read_otherwise or has_changed(
            judgement.cells, judgement.document, self._words(judgement.document)
        )

    def _words(self, document: str) -> dict[str, str]:
        return {number: each.text for number, each in self.texts[document].items()}

    def _path(self, judgement: Judgement) -> Path:
        """The file of a judgement's table; where there is none yet, a CSV beside the others."""
        folder = self.settings.editorial / judgement.document
        return table_path(folder, judgement.table) or folder / f"{judgement.table}.csv"

    def undo(self) -> Change | None:
        """Take back the last decision of this sitting, and say which it was."""
        if not self.changes:
            return None
        change = self.changes.pop()
        table = read_table(self._path(change.judgement))
        restore(table, change.key, change.before)
        return change

    def readings(self, judgement: Judgement) -> list[Reading]:
        """Returns the verdict of each machine reading kept beside the tables; empty where none was kept."""
        names = READERS.get(judgement.table, ())
        kept = [(name.removesuffix(".csv"), self.kept.get((judgement.document, name), [])) for name in names]
        return [
            reading_of(name, rows, judgement.table, judgement.cells, judgement.value) for name, rows in kept if rows
        ]

    def disputed(self, judgement: Judgement) -> bool:
        """Whether readings or reviewers differ about it."""
        readings = self.readings(judgement)
        statuses = {status for status, _ in opinions(judgement.cells).values()}
        sure = {reading.confidence for reading in readings if reading.confidence}
        return len({reading.held for reading in readings}) > 1 or len(statuses) > 1 or len(sure) > 1

    def alike(self, judgement: Judgement, judgements: Iterable[Judgement]) -> list[Judgement]:
        """Other recommendations with the same theme, provision or earlier recommendation; of a name others with it."""

        def linked(each: Judgement) -> str:
            return each.cells.get("names", "") if each.table == "mentions" else each.value

        if judgement.table == "directives" or not linked(judgement):
            return []
        others = (each for each in judgements if each.table == judgement.table and each.name != judgement.name)
        return [each for each in others if linked(each) == linked(judgement)]

    def minutes_left(self, waiting: int) -> int | None:
        """About how long the queue takes at the pace of this sitting; None before the third decision."""
        if len(self.changes) < 3:
            return None
        return max(1, round((time.monotonic() - self.started) / len(self.changes) * waiting / 60))
