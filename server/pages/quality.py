"""The quality page: what was validated, how right the rules are, what was judged, and what made each graph."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from server import page_index
from server.pages.page import Page, Questions
from server.pages.values import node, text
from server.web.request import Exchange

FRESH = Path(__file__).with_name("measured.tsv")
"""What the first run of the rules did on sentences drawn from real documents: counts only, no sentence is kept."""
MEASURED = ("directives", "addressees", "citations", "instruments")
MOST = 40
"""How many samples, graphs and sources are shown."""


def quality_page(exchange: Exchange, path: str = "quality") -> Page:
    """The view of the quality page, which is also that of the validation report."""
    ask, snapshot = Questions(exchange), exchange.snapshot
    ask.same_answer("editorial-links-by-status")
    judgements, makers = page_index.judgements(snapshot.index.database), ask.rows("makers")
    samples: dict[str, list[Mapping[str, Any]]] = {}
    for score in snapshot.accuracy:
        samples.setdefault(score["sample"], []).append(score)
    example = ask.first("example-citation")
    trail = ask.first("evidence", finding=node(example, "finding")) if example else {}
    return ask.page(
        "quality.html",
        path,
        "Quality",
        "What was checked in this build, how right the extraction rules are, and how links were suggested.",
        validation=snapshot.manifest.get("validation", {}),
        remarks=snapshot.validation.get("results", ()),
        refused=tuple((each["slug"], each["reasons"][:MOST]) for each in snapshot.manifest.get("refused", ())),
        samples=list(samples.items()),
        in_sample=any(sample.startswith("in-sample") for sample in samples),
        fresh=_fresh(),
        measured=MEASURED,
        judgements=judgements,
        links=sum(each.links for each in judgements),
        methods=dict.fromkeys(method for maker in makers if (method := text(maker, "method"))),
        makers=makers,
        trail=trail if "source" in trail else None,
        example=example,
        sources=snapshot.manifest.get("sources", ()),
        most=MOST,
    )


@cache
def _fresh() -> tuple[tuple[dict[str, str], tuple[tuple[str, ...], ...]], ...]:
    """Each draw with its three figures for each kind: how many there are, precision and recall; none where nobody
    labelled the kind."""
    with FRESH.open(encoding="utf-8", newline="") as file:
        return tuple(
            (row, tuple(tuple(row[kind].split()) for kind in MEASURED)) for row in csv.DictReader(file, delimiter="\t")
        )
