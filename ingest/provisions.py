"""The provisions of treaties: one table of titles and summaries (``ontology/reference/provisions.tsv``) as triples.

Class, number, label, whole and reading order follow from the path of a row, ``untoc/article/27/paragraph/1/letter/a``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from ingest.errors import SourceError
from ingest.reference_tables import FOLDER, instrument_labels
from ingest.spreadsheets import read_rows, table_path
from ontology.terms import Names, boolean, english, integer, term

COLUMNS = ("provision", "title", "clause", "summary")
PATH = re.compile(r"[a-z-]+/(?:chapter/[1-9]\d*|article/[1-9]\d*(?:/paragraph/[1-9]\d*)?(?:/letter/[a-z]+)?)")
STATUS = "Summary written for this project; not the authentic text."
CLASSES = {"chapter": "Chapter", "article": "Article", "paragraph": "ArticleParagraph", "letter": "Subparagraph"}
SMALL_WORDS = frozenset({"a", "an", "and", "at", "for", "in", "of", "on", "the", "to"})
ACRONYMS_WORDS = (
    "asean au ecosoc ecowas eu fao fatf iaea icc icrc ilo imo itu oas ohchr osce undp unep unesco unfpa unhcr unicef "
    "unifem wco wfp who wto"
)
ACRONYMS = frozenset(ACRONYMS_WORDS.split())
ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


class Provision(NamedTuple):
    """A row: path below ``id/instrument/``, title, whether it is a final clause, and our summary; one may be empty."""

    path: str
    title: str
    final: bool
    summary: str


def provision_name(path: str) -> str:
    """A provision in words: ``smuggling-protocol/article/16/paragraph/5`` is "article 16, paragraph 5, Smuggling …"."""
    instrument, *parts = path.split("/")
    words = ""
    for kind, number in zip(parts[0::2], parts[1::2], strict=True):
        words += f" ({number})" if kind == "letter" else f", {kind} {printed(kind, number)}"
    whose = instrument_labels().get(instrument) or name_of_slug(instrument)
    return f"{words.removeprefix(', ')}, {whose}".removeprefix(", ")


def name_of_slug(slug: str) -> str:
    """A slug as a name: ``commission-on-narcotic-drugs`` is "Commission on Narcotic Drugs"."""
    words = " ".join(
        word.upper() if word in ACRONYMS else word if word in SMALL_WORDS else word.capitalize()
        for word in slug.split("-")
    )
    return words[0].upper() + words[1:]


def printed(kind: str, number: str) -> str:
    """The number of a provision as a treaty prints it: chapters have roman numerals."""
    return ROMAN[int(number)] if kind == "chapter" else number


def read_provisions(root: Path) -> Iterator[Provision]:
    """The rows of the table below a folder that holds ``ontology/``; none if there is no table.

    Raises `SourceError` at the line that cannot be meant.
    """
    path = table_path(root / FOLDER, "provisions")
    seen: set[str] = set()
    for row in read_rows(path, COLUMNS) if path else ():
        provision, title, clause, summary = (row.values[column] for column in COLUMNS)
        if not PATH.fullmatch(provision) or clause not in {"", "final"} or not (title or summary):
            expected = "path, title, 'final' or nothing, and a summary"
            raise SourceError(path or root, row.line, f"the row {provision!r}", expected)
        if provision in seen:
            raise SourceError(path or root, row.line, f"{provision!r} a second time", "one row for each provision")
        seen.add(provision)
        yield Provision(provision, title, clause == "final", summary)


def describe_provisions(provisions: Iterator[Provision], names: Names) -> Iterator[Triple]:
    """The triples of all rows; an article that follows the row of a chapter is a part of that chapter."""
    order: Counter[str] = Counter()
    chapter: dict[str, str] = {}
    for provision in provisions:
        instrument, kind = provision.path.split("/")[:2]
        order[instrument] += 1
        whole = provision.path.rpartition("/")[0].rpartition("/")[0]
        if kind == "article" and whole == instrument:
            whole = chapter.get(instrument, whole)
        if kind == "chapter":
            chapter[instrument] = provision.path
        yield from _triples(provision, whole, order[instrument], names)


def _triples(provision: Provision, whole: str, order: int, names: Names) -> Iterator[Triple]:
    kind, number = provision.path.split("/")[-2:]
    pal, node, above = names.pal, names.node(f"id/instrument/{provision.path}"), names.node(f"id/instrument/{whole}")

    def say(predicate: NamedNode, value: NamedNode | Literal) -> Triple:
        return Triple(node, predicate, value)

    for class_name in (pal(CLASSES[kind]), pal("Provision"), term("eli:LegalResourceSubdivision")):
        yield say(term("rdf:type"), class_name)
    name = provision_name(provision.path)
    yield say(term("rdfs:label"), english(name[0].upper() + name[1:]))
    if provision.title:
        yield say(term("dcterms:title"), english(provision.title))
    yield say(pal("number"), Literal(number) if kind == "letter" else integer(int(number)))
    yield say(term("eli:number"), Literal(printed(kind, number)))
    yield say(pal("order"), integer(order))
    for predicate in (pal("partOf"), term("dcterms:isPartOf"), term("eli:is_part_of")):
        yield say(predicate, above)
    if kind == "article":
        yield say(pal("finalClause"), boolean(provision.final))
    if provision.summary:
        yield say(pal("summary"), english(provision.summary))
        yield say(pal("summaryStatus"), english(STATUS))
