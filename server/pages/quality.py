"""The quality page: what was validated, how right the rules are, what was judged, and what made each graph."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode

from server import page_index
from server.page_index import JudgementRow
from server.pages.page import Page, Questions
from server.pages.values import Link, View, count, link, local_name, node, text
from server.store import Row
from server.web.request import Exchange, Urls

FRESH = Path(__file__).with_name("measured.tsv")
"""What the first run of the rules did on sentences drawn from real documents: counts only, no sentence is kept."""
MEASURED = ("directives", "addressees", "citations", "instruments")
MOST = 40
"""How many samples, graphs and sources are shown."""


def quality_page(exchange: Exchange, path: str = "quality") -> Page:
    """The view of the quality page, which is also that of the validation report."""
    urls, ask, snapshot = exchange.urls, Questions(exchange), exchange.snapshot
    ask.same_answer("editorial-links-by-status")
    judgements = tuple(_judgements(row, urls) for row in page_index.judgements(snapshot.index.database))
    makers = tuple(_maker(row, urls) for row in ask.rows("makers"))
    sources = tuple((source["slug"], source["sha256"]) for source in snapshot.manifest.get("sources", ()))
    samples = _samples(snapshot.accuracy)
    trail = None
    if example := ask.first("example-citation"):
        finding = node(example, "finding")
        evidence = ask.first("evidence", finding=finding)
        trail = _trail(finding, evidence, urls) if evidence and "source" in evidence else None
    validation = snapshot.manifest.get("validation", {})
    return ask.page(
        "quality.html",
        path,
        "Quality",
        "What was checked in this build, how right the extraction rules are, and how links were suggested.",
        conforms=bool(validation.get("conforms")),
        shapes=int(validation.get("shapes", 0)),
        checked=int(validation.get("checked", 0)),
        violations=int(validation.get("violations", 0)),
        warnings=int(validation.get("warnings", 0)),
        remarks=tuple(_remark(result, urls) for result in snapshot.validation.get("results", ())),
        refused=tuple((each["slug"], each["reasons"][:MOST]) for each in snapshot.manifest.get("refused", ())),
        samples=samples[:MOST],
        fresh=_fresh(),
        measured=MEASURED,
        samples_more=max(0, len(samples) - MOST),
        judgements=judgements,
        links=sum(each.links for each in judgements),
        methods=tuple(dict.fromkeys(maker.method for maker in makers if maker.method)),
        makers=makers[:MOST],
        makers_more=max(0, len(makers) - MOST),
        trail=trail,
        sources=sources[:MOST],
        sources_more=max(0, len(sources) - MOST),
    )


def _remark(result: dict[str, Any], urls: Urls) -> tuple[str, str, Link]:
    focus = str(result.get("focus", ""))
    return str(result.get("severity", "")), str(result.get("message", "")), Link(urls.of(focus), focus)


def _samples(accuracy: Any) -> tuple[tuple[str, bool, tuple[View, ...]], ...]:
    """Scores by sample; a sample that the rules were written on is said to be one."""
    samples: dict[str, list[View]] = {}
    for score in accuracy:
        samples.setdefault(score["sample"], []).append(
            View(
                kind=score["kind"],
                expected=score["expected"],
                found=score["found"],
                precision=_share(score["precision"]),
                recall=_share(score["recall"]),
                misses=tuple(
                    [f"missed: {miss}" for miss in score["missed"]] + [f"wrong: {miss}" for miss in score["wrong"]]
                ),
            )
        )
    return tuple((sample, sample.startswith("in-sample"), tuple(scores)) for sample, scores in samples.items())


@cache
def _fresh() -> tuple[tuple[dict[str, str], tuple[tuple[str, ...], ...]], ...]:
    """Each draw with its three figures for each kind: how many there are, precision and recall; none where nobody
    labelled the kind."""
    with FRESH.open(encoding="utf-8", newline="") as file:
        return tuple(
            (row, tuple(tuple(row[kind].split()) for kind in MEASURED)) for row in csv.DictReader(file, delimiter="\t")
        )


def _share(value: float) -> str:
    return f"{100 * value:.0f} %" if value in (0, 1) else f"{100 * value:.1f} %"


def _trail(finding: NamedNode, row: Row, urls: Urls) -> View:
    """The way from a page to the source: the paragraph, the words found in it, and their place."""
    paragraph, words = link(row, "source", "sourceLabel", urls), Link(urls.of(finding), text(row, "exact"))
    return View(
        paragraph=paragraph, finding=words, start=count(row, "start"), end=count(row, "end"), line=count(row, "line")
    )


def _judgements(row: JudgementRow, urls: Urls) -> View:
    relation = Link(urls.of(row.relation), row.relation_label or local_name(row.relation))
    return View(
        relation=relation,
        confidence=row.confidence,
        status=row.status,
        agent=Link(urls.of(row.agent), row.agent_label),
        links=row.links,
    )


def _maker(row: Row, urls: Urls) -> View:
    return View(
        graph=link(row, "graph", "graphLabel", urls),
        activity=link(row, "activity", "activityLabel", urls),
        agent=link(row, "agent", "agentLabel", urls),
        meaning=text(row, "definition"),
        method=text(row, "method"),
    )
