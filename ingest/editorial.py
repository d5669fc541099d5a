"""What people judged, from tables a lawyer can edit: themes, links to provisions, relations between recommendations.

One folder a document: ``ingest/editorial/som-wg-2015/`` with ``themes.csv`` (recommendation, theme or ``pending``),
``concordance.csv`` (recommendation, provision) and ``relations.csv`` (recommendation, relation, earlier); in each
reason, confidence, agent, review_status and, if somebody reviewed, reviewed. ``earlier`` is the number of a
recommendation of the same document, or ``som-wg-2015/24`` for one of another; ``agent`` names who suggested, then who
reviewed. `spreadsheets` says how they may be written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ingest.judged_texts import CHANGED, JUDGED_TEXT, has_changed
from ingest.metadata import SLUG
from ingest.spreadsheets import Row, check_folder, read_rows, table_path

TABLES = ("themes", "concordance", "relations", "directives", "mentions")
"""The tables of a document, each in one file, in the order of the review; the last two are read by `corrections`."""
BESIDE = ("review.csv",)
"""What `palermo add` writes for a person to read."""
METHOD = "method.txt"
FOR_PEOPLE = (*BESIDE, METHOD, "differences.md")
"""The files beside the tables that are known."""
CONFIDENCES = ("high", "medium")
RELATIONS = ("followsUp", "restates", "sharpens", "softens")
REVIEW_STATUS, REVIEWED = "review_status", "reviewed"
"""The status of a row; the optional column with the day of each review, also the status of what a person accepted."""
LINK_COLUMNS = ("reason", "confidence", "agent", REVIEW_STATUS)
OF_A_JUDGEMENT = {
    "themes": ("recommendation", "theme"),
    "concordance": ("recommendation", "provision"),
    "relations": ("recommendation", "relation", "earlier"),
}
"""The columns of each table that say what is judged."""
UNREVIEWED, REJECTED, DISPUTED = "unreviewed", "rejected", "disputed"
STATUSES = (UNREVIEWED, REVIEWED, REJECTED)
EVERY = "a value in every column"
EXAMPLE = "smuggling-protocol/article/16/paragraph/5"
PENDING = "pending"
"""Placeholder for the theme of a recommendation without a judgement; yields no statement."""
DOTTED_DAY = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")
OTHER_DOCUMENT = re.compile(rf"({SLUG.pattern})/([1-9][0-9]{{0,8}}|[a-z0-9]+(?:-[a-z0-9]+)+)")
"""A recommendation of another document: ``som-wg-2015/24``."""
PROVISION = re.compile(rf"{SLUG.pattern}(?:/[a-z]+/[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class EditorialLink:
    """A judgement. ``relation`` is ``relatesTo``, ``theme``, ``restates``, ``sharpens``, ``softens`` or ``followsUp``.

    ``target`` is a path below the base (a provision, a theme or an earlier recommendation); ``link`` is the tail of the
    link's own IRI behind ``…/paragraph/24/link/``. ``reason`` is one plain sentence about these two; ``agent`` names,
    apart by spaces, who suggested, then who reviewed. ``review_status`` and ``reviewed`` have one value for
    all reviewers, or one for each. A table of themes may have only the themes: then all these are empty. ``place`` is
    the file and line of its row.
    """

    recommendation: int | str
    relation: str
    target: str
    link: str
    reason: str = ""
    confidence: str = ""
    agent: str = ""
    review_status: str = ""
    reviewed: str = ""
    place: str = field(default="", compare=False)

    @property
    def reviewers(self) -> list[str]:
        """Who reviewed: the agents behind the first, or the only one; nobody while it is unreviewed."""
        agents = self.agent.split()
        return [] if self.review_status in (UNREVIEWED, CHANGED) else agents[1:] or agents

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

    links: tuple[EditorialLink, ...] = ()
    method: str = ""
    changed: tuple[str, ...] = ()


def tables_of(folder: Path) -> list[str]:
    """The names of the tables that a document has. Raises `SourceError` where there are two of one name."""
    return [name for name in TABLES if table_path(folder, name) is not None]


def _number(row: Row, text: str, known: frozenset[int | str]) -> int | str:
    """A plain number, or the name of a paragraph whose number is printed as "140.1" or begins again in an annex."""
    number = int(text) if text.isascii() and text.isdigit() else text.replace(".", "-")
    if number not in known:
        expected = "the number of a recommendation of this document"
        raise row.error(f"recommendation {text!r}", expected, "recommendation")
    return number


def _written(row: Row, column: str, pattern: re.Pattern[str], example: str) -> str:
    value = row.values[column]
    if not pattern.fullmatch(value):
        raise row.error(f"{column} {value!r}", f"a name in lower-case letters, such as {example}", column)
    return value


def review_of(row: Row) -> tuple[str, str]:
    """Review status and days of review, each one for all reviewers or one for each. Raises `SourceError`."""
    status, days = row.values.get(REVIEW_STATUS, "").lower(), _days(row)
    if status == CHANGED:
        return status, ""
    reviewers = max(1, len(set(row.values["agent"].split())) - 1)
    for column, cell in ((REVIEW_STATUS, status), (REVIEWED, days)):
        if len(cell.split()) not in {0, 1, reviewers}:
            expected = f"one value, or {reviewers}: one for each reviewer"
            raise row.error(f"{len(cell.split())} values of {column!r}", expected, column)
    return " ".join(status.split()), days


def _days(row: Row) -> str:
    """The days of review, apart by a space; spreadsheets of many countries write 28.11.2026."""
    days = []
    for cell in row.values.get(REVIEWED, "").split():
        dotted = DOTTED_DAY.fullmatch(cell)
        try:
            days.append(date.fromisoformat(f"{dotted[3]}-{dotted[2]}-{dotted[1]}" if dotted else cell).isoformat())
        except ValueError:
            raise row.error(f"reviewed {cell!r}", "days such as 2026-11-28, apart by spaces", REVIEWED) from None
    return " ".join(days)


def agents_of(row: Row, is_known: Callable[[str], bool] = bool) -> tuple[str, ...]:
    """The names in the cell of agents, each once: who suggested, then who reviewed."""
    agents = tuple(dict.fromkeys(row.values["agent"].split()))
    for agent in agents:
        if not SLUG.fullmatch(agent):
            names = "names in lower-case letters apart by spaces, such as palermo-editors jane-doe"
            raise row.error(f"agent {agent!r}", names, "agent")
        if not is_known(f"id/agent/{agent}"):
            described = "somebody whom ontology/reference/agents.ttl describes, as palermo review --as does"
            raise row.error(f"agent {agent!r}", described, "agent")
    return agents


def _judged(row: Row, slug: str, recommendations: frozenset[int | str]) -> tuple[str, str, str]:
    """What a row judges: the relation, the tail of the link's IRI, and the path of its target: a theme, a provision, or
    a recommendation of this document or of another."""
    if "theme" in row.values:
        theme = f"theme/{_written(row, 'theme', SLUG, 'root-causes')}"
        return "theme", theme, f"id/{theme}"
    if "provision" in row.values:
        provision = _written(row, "provision", PROVISION, EXAMPLE)
        return "relatesTo", provision, f"id/instrument/{provision}"
    relation, text = row.chosen("relation", RELATIONS), row.values["earlier"]
    other = OTHER_DOCUMENT.fullmatch(text)
    if other is not None and other[1] != slug:
        link = f"document/{other[1]}/paragraph/{other[2]}"
        return relation, link, f"id/{link}"
    link = f"paragraph/{_number(row, other[2] if other else text, recommendations)}"
    return relation, link, f"id/document/{slug}/{link}"


def read_editorial(
    folder: Path, slug: str, recommendations: Collection[int | str], texts: Mapping[str, str] | None = None
) -> Editorial:
    """The judgements about a document. Raises `SourceError` with file and line for an invalid row.

    ``texts`` are the words of the recommendations by key: a judgement about other words is unreviewed again, and one
    about a recommendation that is gone is left out. Whether a theme, a provision or another document's recommendation
    exists is left to validation of the whole graph.
    """
    known, seen = frozenset(recommendations), set[tuple[int | str, str]]()
    links: list[EditorialLink] = []
    changed: list[str] = []
    home = folder / slug
    check_folder(home, TABLES, BESIDE)
    for name, columns in OF_A_JUDGEMENT.items():
        required = (*columns, *(LINK_COLUMNS if name != "themes" else ()))
        path = table_path(home, name)
        for row in read_rows(path, required, (*LINK_COLUMNS, REVIEWED, JUDGED_TEXT)) if path else ():
            row.require(required, EVERY)
            cells, waits = row.values, row.values.get("theme") == PENDING
            is_changed = texts is not None and has_changed(cells, slug, texts)
            where = f"{row.path.name}, line {row.line}: recommendation {cells['recommendation']}"
            if is_changed and cells["recommendation"].replace(".", "-") not in (texts or ()):
                changed += [] if waits else [f"{where} is gone; its row is left out"]
                continue
            number = _number(row, cells["recommendation"], known)
            if is_changed and not waits and REJECTED not in cells.get(REVIEW_STATUS, "").lower().split():
                cells |= {REVIEW_STATUS: CHANGED, REVIEWED: ""}
                changed.append(f"{where}: {CHANGED}")
            relation, link, target = _judged(row, slug, known)
            if (number, link) in seen:
                named = link.removeprefix("theme/")
                raise row.error(f"recommendation {number} and {named!r} a second time", "one row for each pair")
            seen.add((number, link))
            if not waits:
                has_details = "reason" in cells
                row.require(LINK_COLUMNS if has_details else (), EVERY)  # a row that is pending may have empty cells
                said = ("", "", "", "", "")
                if has_details:
                    confidence, agents = row.chosen("confidence", CONFIDENCES), " ".join(agents_of(row))
                    said = (cells["reason"], confidence, agents, *review_of(row))
                place = f"{home.name}/{row.path.name}, line {row.line}"
                links.append(EditorialLink(number, relation, target, link, *said, place=place))
    method = home / METHOD
    words = " ".join(method.read_text(encoding="utf-8").split()) if method.is_file() else ""
    return Editorial(tuple(links), words, tuple(changed))
