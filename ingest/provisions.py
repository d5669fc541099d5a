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
from ontology.terms import Names, boolean, english, integer, term

TABLE = "ontology/reference/provisions.tsv"
COLUMNS = ["provision", "title", "clause", "summary"]
PATH = re.compile(r"[a-z-]+/(?:chapter/[1-9]\d*|article/[1-9]\d*(?:/paragraph/[1-9]\d*)?(?:/letter/[a-z]+)?)")
STATUS = "Summary written for this project; not the authentic text."
INSTRUMENTS = {
    "untoc": "Organized Crime Convention",
    "smuggling-protocol": "Smuggling of Migrants Protocol",
    "trafficking-protocol": "Trafficking in Persons Protocol",
    "firearms-protocol": "Firearms Protocol",
    "uncac": "Convention against Corruption",
    "vccr": "Vienna Convention on Consular Relations",
}
CLASSES = {"chapter": "Chapter", "article": "Article", "paragraph": "ArticleParagraph", "letter": "Subparagraph"}
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
    return f"{words.removeprefix(', ')}, {INSTRUMENTS.get(instrument, instrument)}".removeprefix(", ")


def printed(kind: str, number: str) -> str:
    """The number of a provision as a treaty prints it: chapters have roman numerals."""
    return ROMAN[int(number)] if kind == "chapter" else number


def read_provisions(path: Path) -> Iterator[Provision]:
    """The rows of the table; none if there is no table. Raises `SourceError` at the line that cannot be meant."""
    if not path.is_file():
        return
    seen: set[str] = set()
    header = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        cells = line.split("\t")
        if line.startswith("#"):
            continue
        if header is None:
            header = cells
            if header != COLUMNS:
                raise SourceError(path, number, f"the columns {', '.join(header)}", f"columns {', '.join(COLUMNS)}")
            continue
        if (
            len(cells) != len(COLUMNS)
            or not PATH.fullmatch(cells[0])
            or cells[2] not in {"", "final"}
            or not (cells[1] or cells[3])
        ):
            raise SourceError(path, number, f"the row {cells[0]!r}", "path, title, 'final' or nothing, and a summary")
        if cells[0] in seen:
            raise SourceError(path, number, f"{cells[0]!r} a second time", "one row for each provision")
        seen.add(cells[0])
        yield Provision(cells[0], cells[1], cells[2] == "final", cells[3])


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
