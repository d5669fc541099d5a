"""What people judged, from tables a lawyer can edit: themes, links to provisions, relations between recommendations.

One folder a document: ``ingest/editorial/som-wg-2015/`` with ``themes.csv`` (recommendation, theme or ``pending``),
``concordance.csv`` (recommendation, provision) and ``relations.csv`` (recommendation, relation, earlier); in each
reason, confidence, agent, review_status and, if somebody reviewed, reviewed. ``earlier`` is the number of a
recommendation of the same document, or ``som-wg-2015/24`` for one of another; ``agent`` names who suggested, then who
reviewed. `spreadsheets` says how they may be written.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.errors import SourceError
from ingest.judged_texts import CHANGED, JUDGED_TEXT, has_changed
from ingest.metadata import SLUG
from ingest.spreadsheets import check_folder, read_rows, table_path

TABLES = ("themes", "concordance", "relations", "directives", "mentions")
"""The tables of a document, each in one file, in the order of the review; the last two are read by `corrections`."""
BESIDE = ("review.csv",)
"""What `palermo add` writes for a person to read."""
CONFIDENCES = frozenset({"high", "medium"})
RELATIONS = frozenset({"restates", "sharpens", "softens", "followsUp"})
LINK_COLUMNS = ("reason", "confidence", "agent", "review_status")
REVIEWED = "reviewed"
"""The optional column with the day of the review, or of each review; also the status of what a person accepted."""
REJECTED, DISPUTED = "rejected", "disputed"
EXAMPLE = "smuggling-protocol/article/16/paragraph/5"
PENDING = "pending"
"""Placeholder for the theme of a recommendation without a judgement; yields no statement."""
OTHER_DOCUMENT = re.compile(rf"({SLUG.pattern})/([1-9][0-9]{{0,8}}|[a-z0-9]+(?:-[a-z0-9]+)+)")
"""A recommendation of another document: ``som-wg-2015/24``."""
PROVISION = re.compile(rf"{SLUG.pattern}(?:/[a-z]+/[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class ThemeAssignment:
    """A recommendation is about a theme (slug)."""

    recommendation: int | str
    theme: str


@dataclass(frozen=True, slots=True)
class EditorialLink:
    """A judgement. ``relation`` is ``relatesTo``, ``theme``, ``restates``, ``sharpens``, ``softens`` or ``followsUp``.

    ``target`` is a path below the base (a provision, a theme or an earlier recommendation); ``link`` is the tail of the
    link's own IRI behind ``…/paragraph/24/link/``. ``reason`` is one plain sentence about these two; ``agent`` names,
    apart by spaces, who suggested, then who reviewed. ``review_status`` and ``reviewed`` have one value for
    all reviewers, or one for each.
    """

    recommendation: int | str
    relation: str
    target: str
    link: str
    reason: str
    confidence: str
    agent: str
    review_status: str
    reviewed: str = ""

    @property
    def reviewers(self) -> list[str]:
        """Who reviewed: the agents behind the first, or the only one; nobody while it is unreviewed."""
        agents = self.agent.split()
        return [] if self.review_status in ("unreviewed", CHANGED) else agents[1:] or agents

    @property
    def status(self) -> str:
        """The review status of all reviewers together: ``disputed`` where one rejects what another accepts."""
        if self.review_status == CHANGED:
            return CHANGED
        decisions = set(self.review_status.split())
        return DISPUTED if decisions == {REVIEWED, REJECTED} else " ".join(sorted(decisions))


@dataclass(frozen=True, slots=True)
class Editorial:
    """All judgements about one document; ``method`` says in words how they were made, and may be empty.

    ``changed`` says, a line each, which rows were about other words than those that stand in the document now.
    """

    themes: tuple[ThemeAssignment, ...] = ()
    links: tuple[EditorialLink, ...] = ()
    method: str = ""
    changed: tuple[str, ...] = ()


def tables_of(folder: Path) -> list[str]:
    """The names of the tables that a document has. Raises `SourceError` where there are two of one name."""
    return [name for name in TABLES if table_path(folder, name) is not None]


def _rows(folder: Path, name: str, columns: tuple[str, ...]) -> Iterator[tuple[Path, int, dict[str, str]]]:
    """The rows with these columns and, where the table has them, the others that a judgement may have."""
    path = table_path(folder, name)
    if path is None:
        return
    for row in read_rows(path, columns, (*LINK_COLUMNS, REVIEWED, JUDGED_TEXT)):
        for column in columns:
            if not row.values[column]:
                raise SourceError(path, row.line, f"an empty {column!r}", "a value in every column", column=column)
        yield path, row.line, row.values


def _complete(path: Path, line: int, row: dict[str, str]) -> None:
    """Refuse an empty cell of a judgement, in a table where pending rows may have some."""
    for column in LINK_COLUMNS:
        if not row.get(column):
            raise SourceError(path, line, f"an empty {column!r}", "a value in every column", column=column)


def _number(path: Path, line: int, text: str, known: frozenset[int | str]) -> int | str:
    """A plain number, or the name of a paragraph whose number is printed as "140.1" or begins again in an annex."""
    number = int(text) if text.isascii() and text.isdigit() else text.replace(".", "-")
    if number not in known:
        raise SourceError(
            path, line, f"recommendation {text!r}", "the number of a recommendation of this document", "recommendation"
        )
    return number


def _written(path: Path, line: int, column: str, value: str, pattern: re.Pattern[str], example: str) -> str:
    if not pattern.fullmatch(value):
        raise SourceError(path, line, f"{column} {value!r}", f"a name in lower-case letters, such as {example}", column)
    return value


def _chosen(path: Path, line: int, column: str, value: str, allowed: frozenset[str]) -> str:
    if value not in allowed:
        raise SourceError(path, line, f"{column} {value!r}", f"one of {', '.join(sorted(allowed))}", column)
    return value


def _once(path: Path, line: int, seen: set[tuple[int | str, str]], key: tuple[int | str, str]) -> None:
    if key in seen:
        raise SourceError(path, line, f"recommendation {key[0]} and {key[1]!r} a second time", "one row for each pair")
    seen.add(key)


def _details(path: Path, line: int, row: dict[str, str]) -> tuple[str, str, str, str, str]:
    """Reason, confidence, agent, review status and days of review."""
    _chosen(path, line, "confidence", row["confidence"], CONFIDENCES)
    agent, status, days = _agents(path, line, row["agent"]), row["review_status"], row.get(REVIEWED, "")
    for day in days.split():
        try:
            date.fromisoformat(day)
        except ValueError:
            raise SourceError(path, line, f"reviewed {day!r}", "days such as 2026-11-28, apart by spaces") from None
    reviewers = max(1, len(agent.split()) - 1)
    if status == CHANGED:
        return row["reason"], row["confidence"], agent, status, ""
    for column, cell in (("review_status", status), (REVIEWED, days)):
        if len(cell.split()) not in {0, 1, reviewers}:
            expected = f"one value, or {reviewers}: one for each reviewer"
            raise SourceError(path, line, f"{len(cell.split())} values of {column!r}", expected)
    return row["reason"], row["confidence"], agent, " ".join(status.split()), " ".join(days.split())


def _agents(path: Path, line: int, cell: str) -> str:
    """The names in an agent cell, each once, apart by one space: who suggested, then who reviewed."""
    agents = dict.fromkeys(cell.split())
    for agent in agents:
        if not SLUG.fullmatch(agent):
            names = "names in lower-case letters apart by spaces, such as palermo-editors jane-doe"
            raise SourceError(path, line, f"agent {agent!r}", names, "agent")
    return " ".join(agents)


def _earlier(path: Path, line: int, text: str, slug: str, recommendations: frozenset[int | str]) -> tuple[str, str]:
    """The tail of a link's IRI and the path of its target: a recommendation of this document or of another."""
    other = OTHER_DOCUMENT.fullmatch(text)
    if other is None or other[1] == slug:
        number = _number(path, line, other[2] if other else text, recommendations)
        return f"paragraph/{number}", f"id/document/{slug}/paragraph/{number}"
    link = f"document/{other[1]}/paragraph/{other[2]}"
    return link, f"id/{link}"


def read_editorial(
    folder: Path, slug: str, recommendations: Collection[int | str], texts: Mapping[str, str] | None = None
) -> Editorial:
    """The judgements about a document. Raises `SourceError` with file and line for an invalid row.

    ``texts`` are the words of the recommendations by key: a judgement about other words is unreviewed again, and one
    about a recommendation that is gone is left out. Whether a theme, a provision or another document's recommendation
    exists is left to validation of the whole graph.
    """
    known, seen = frozenset(recommendations), set[tuple[int | str, str]]()
    themes: list[ThemeAssignment] = []
    links: list[EditorialLink] = []
    changed: list[str] = []
    home = folder / slug
    check_folder(home, TABLES, BESIDE)

    def rows(name: str, columns: tuple[str, ...]) -> Iterator[tuple[Path, int, dict[str, str], int | str]]:
        for path, line, row in _rows(home, name, columns):
            is_changed = texts is not None and row.get("theme") != PENDING and has_changed(row, slug, texts)
            where = f"{path.name}, line {line}: recommendation {row['recommendation']}"
            if is_changed and row["recommendation"].replace(".", "-") not in (texts or ()):
                changed.append(f"{where} is gone; its row is left out")
                continue
            number = _number(path, line, row["recommendation"], known)
            if is_changed and REJECTED not in row.get("review_status", "").split():
                row |= {"review_status": CHANGED, REVIEWED: ""}
                changed.append(f"{where}: {CHANGED}")
            yield path, line, row, number

    for path, line, row, number in rows("themes", ("recommendation", "theme")):
        _written(path, line, "theme", row["theme"], SLUG, "root-causes")
        _once(path, line, seen, (number, row["theme"]))
        if row["theme"] == PENDING:
            continue
        if "reason" in row:
            _complete(path, line, row)
            link, target = f"theme/{row['theme']}", f"id/theme/{row['theme']}"
            links.append(EditorialLink(number, "theme", target, link, *_details(path, line, row)))
            if links[-1].status == REJECTED:
                continue
        themes.append(ThemeAssignment(number, row["theme"]))
    for path, line, row, number in rows("concordance", ("recommendation", "provision", *LINK_COLUMNS)):
        provision = _written(path, line, "provision", row["provision"], PROVISION, EXAMPLE)
        _once(path, line, seen, (number, provision))
        target = f"id/instrument/{provision}"
        links.append(EditorialLink(number, "relatesTo", target, provision, *_details(path, line, row)))
    for path, line, row, number in rows("relations", ("recommendation", "relation", "earlier", *LINK_COLUMNS)):
        relation = _chosen(path, line, "relation", row["relation"], RELATIONS)
        link, target = _earlier(path, line, row["earlier"], slug, known)
        _once(path, line, seen, (number, link))
        links.append(EditorialLink(number, relation, target, link, *_details(path, line, row)))
    method = folder / slug / "method.txt"
    words = " ".join(method.read_text(encoding="utf-8").split()) if method.is_file() else ""
    return Editorial(tuple(themes), tuple(links), words, tuple(changed))
