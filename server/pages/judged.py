"""Judgements and findings: whose judgement a list rests on (themes and related provisions are suggested until a named
person reviews them), and the pages of single ones: a mention or directive in its words, a link with both its texts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from urllib.parse import quote

from pyoxigraph import NamedNode

from server import page_index
from server.linkeddata.description import Resource
from server.page_index import Index
from server.pages.citing import citation_of, source_of
from server.pages.page import Page, Questions
from server.pages.selection import BY_BASIS, Selection, value_of
from server.pages.values import (
    Judged,
    Link,
    View,
    judged,
    judgement,
    language,
    link,
    local_name,
    node,
    number,
    standing,
    text,
)
from server.store import Row
from server.web.request import Exchange, Urls


def basis_of(name: str, basis: str, index: Index) -> str:
    """What the values of a filter rest on, in brackets behind its name; nothing for what text and rules say."""
    share = standing(index.reviewed)
    if name == "theme":
        return f" ({share})"
    ways = {
        "cited": "cited in the text",
        "related": f"related, {share}",
        "both": f"cited in the text, or related: {share}",
    }
    return f" ({ways[basis]})" if name in BY_BASIS else ""


def is_judged(selection: Selection) -> bool:
    """Whether a selection rests on what was suggested."""
    return any(
        values and (name == "theme" or (name in BY_BASIS and selection.basis != "cited"))
        for name, values in selection.chosen.items()
    )


def judgements_behind(selection: Selection, numbers: Iterable[int], exchange: Exchange) -> dict[int, list[Judged]]:
    """What was judged of each of these recommendations that puts it into a selection."""
    if not is_judged(selection):
        return {}
    chosen = {
        name: [value_of(name, slug, exchange)[1].term.strip("<>") for slug in slugs]
        for name, slugs in selection.chosen.items()
    }
    themes = _with_narrower(chosen.get("theme", ()), exchange.snapshot.index)
    ways = BY_BASIS if selection.basis != "cited" else ()
    places = tuple(f"{iri}/" for name in ways for iri in chosen.get(name, ()))
    judgements = judgements_of(numbers, exchange, lambda iri: iri in themes or f"{iri}/".startswith(places))
    return {number: [each for _, each in judged] for number, judged in judgements.items()}


def _with_narrower(themes: Sequence[str], index: Index) -> set[str]:
    """Themes with those below them."""
    known = page_index.things(index, "Theme") if themes else ()
    return {*themes, *(each.iri for each in known if each.wider in themes)}


def judgements_of(
    numbers: Iterable[int], exchange: Exchange, wanted: Callable[[str], bool] = bool
) -> dict[int, list[tuple[str, Judged]]]:
    """The themes and related provisions of these recommendations that are wanted, each with its IRI, in their order."""
    judgements: dict[int, list[tuple[str, Judged]]] = {}
    rows = page_index.links(exchange.snapshot.index, numbers, wanted)
    for _, group in groupby(rows, key=lambda row: row.iri):
        of_one = list(group)
        judgements.setdefault(of_one[0].line, []).append((of_one[0].other, judgement(of_one, exchange.urls)))
    return judgements


def in_words(judgements: Iterable[Judged]) -> str:
    """What each is about, and who suggested and who reviewed it."""
    return "; ".join(f"{each.about.label}: {each.standing}" for each in judgements)


def with_reviews(lines: Sequence[View], judgements: dict[int, list[Judged]]) -> Sequence[View]:
    """Lines that say who reviewed what put them into a list, where somebody has."""
    for line in lines:
        line.review = in_words(each for each in judgements.get(line.id, ()) if each.reviewers)
    return lines


def evidence_page(resource: Resource, exchange: Exchange) -> Page:
    """The page of a mention, a citation or a directive."""
    ask, urls, pal = Questions(exchange), exchange.urls, exchange.snapshot.names.pal
    evidence = ask.first("evidence", finding=resource.iri)
    directive = pal("Directive") in resource.types
    rows = ask.rows("directive-values", directive=resource.iri) if directive else []
    return ask.resource_page(
        "evidence.html",
        resource,
        resource.label,
        f"The words that {resource.label[0].lower()}{resource.label[1:]} was read from.",
        crumbs=[link(evidence, "source", "sourceLabel", urls)],
        found=evidence,
        language=language(evidence, "text"),
        is_citation=pal("Citation") in resource.types,
        values=[row for row in rows if node(row, "property") != pal("modality")],
        modality=next((row for row in rows if node(row, "property") == pal("modality")), {}),
        directive=rows[0] if rows else {},
        force=next((strength for row in rows if (strength := number(row, "force")) is not None), None),
        citation=_citation(resource, text(evidence, "source"), ask) if directive else None,
    )


def _citation(directive: Resource, paragraph: str, ask: Questions) -> View:
    """How a directive is cited: by its number in its paragraph, with its own address."""
    row = ask.first("paragraph", paragraph=NamedNode(paragraph))
    document = ask.first("document", document=node(row, "document"))
    return citation_of(source_of(row, document, directive, ask.exchange), ask.exchange)


def editorial_link_page(resource: Resource, exchange: Exchange) -> Page:
    """The page of an editorial link."""
    ask, urls = Questions(exchange), exchange.urls
    rows = ask.rows("editorial-link", link=resource.iri)
    first = rows[0]
    table, header, row = _table_row(first, rows, urls)
    return ask.resource_page(
        "editorial_link.html",
        resource,
        resource.label,
        f"A judgement, not the text: {text(first, 'reason')}",
        crumbs=[link(first, "recommendation", "recommendationLabel", urls)],
        first=first,
        language=language(first, "text"),
        other_language=language(first, "otherText"),
        said=judged(rows, urls, "other", "otherLabel"),
        table=table,
        header=header,
        row=row,
        correction=correction_link(
            exchange.services.settings.corrections, resource.label, table, header, row, resource.iri.value
        ),
    )


def _table_row(first: Row, rows: list[Row], urls: Urls) -> tuple[str, str, str]:
    """The table of ``ingest/editorial/`` that holds the link, its header, and the row as it stands there."""
    base = urls.base.iri
    slug = node(first, "recommendation").value.removeprefix(f"{base}id/document/").partition("/")[0]
    other = node(first, "other").value.removeprefix(base)
    reviewing = dict.fromkeys(text(row, "reviewer") for row in rows if "reviewer" in row)
    suggesting = (agent for agent in dict.fromkeys(text(row, "agent") for row in rows) if agent not in reviewing)
    agents = " ".join(agent.rpartition("/")[2] for agent in (*suggesting, *reviewing))
    days = " ".join(sorted({text(row, "reviewed") for row in rows if "reviewed" in row}))
    _, kind, named = other.split("/", 2)
    if kind == "theme":
        name, columns, cells = "themes", "theme", [named]
    elif kind == "instrument":
        name, columns, cells = "concordance", "provision", [named]
    else:
        document, _, earlier = named.partition("/paragraph/")
        name, columns = "relations", "relation,earlier"
        cells = [local_name(text(first, "relation")), earlier if document == slug else f"{document}/{earlier}"]
    output = io.StringIO()
    judged = (text(first, "reason"), text(first, "confidence"), agents, text(first, "status"), days)
    csv.writer(output, lineterminator="").writerow((text(first, "number"), *cells, *judged))
    header = f"recommendation,{columns},reason,confidence,agent,review_status,reviewed"
    return f"ingest/editorial/{slug}/{name}.csv", header, output.getvalue()


def correction_link(to: str, title: str, table: str, header: str, row: str, page: str) -> Link | None:
    """The link for a row, by the setting ``PALERMO_CORRECTIONS``; None where the operator gave none.

    The text names the table, has its header and the row as it stands, and says where the judgement is shown. The note
    of a link by which the row is saved is the name of the file.
    """
    rows = f"{header}\n{row}\n"
    body = f"{table}\n\n{rows}\nThe row as it should be, or why it should go:\n\n\n{page}\n"
    if not to:
        return None
    if to == "download":
        name = table.rpartition("/")[2]
        return Link(f"data:text/csv;charset=utf-8,{quote(rows)}", "Save the row as a file", name)
    subject = f"Correction: {title}"
    if "{body}" in to:
        address = to.replace("{title}", quote(subject, safe="")).replace("{body}", quote(body, safe=""))
        return Link(address, "Propose it as an issue")
    mail = quote(body.replace("\n", "\r\n"))
    address = f"mailto:{quote(to, safe='@')}?subject={quote(subject)}&body={mail}"
    return Link(address, "Write a mail with this row")
