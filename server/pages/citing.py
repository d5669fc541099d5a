"""Citations: Chicago-style text, BibTeX, RIS and CSL-JSON of a paragraph or of the whole document.

A document symbol is given only where the document prints one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from ontology.dates import MONTHS, in_words
from server.linkeddata.description import Resource
from server.pages.values import text
from server.store import Row
from server.web.request import Exchange

NOT_FOR_CITING = "This address belongs to a build on a local machine and is not for citing."


@dataclass(frozen=True, slots=True)
class Work:
    """The document that is cited: who published it and whose recommendations they are, its title, its date, its kind
    in words (``note by the Secretariat``), the symbol it prints, and its language. What is not known is empty."""

    authors: tuple[str, ...]
    title: str
    issued: date | None
    genre: str = ""
    symbol: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Source:
    """What a citation needs: the document, the place in it (``para. 24``, or nothing), address and words; ``said`` is
    whose judgement put it where it is cited from, if anybody's."""

    work: Work
    place: str
    iri: str
    words: str
    local: bool
    said: str = ""

    @property
    def note(self) -> str:
        """What whoever cites it has to know."""
        return " ".join(filter(None, (NOT_FOR_CITING if self.local else "", self.said)))

    @property
    def key(self) -> str:
        """A citation key: ``som-wg-2015-paragraph-24``."""
        return self.iri.partition("/id/document/")[2].replace("/", "-")

    @property
    def title(self) -> str:
        """The title with the place in the document, by which entries of one document are told apart."""
        return f"{self.work.title}, {self.place}" if self.place else self.work.title


def work_of(row: Row) -> Work:
    """The document in a row of the query ``document``."""
    authors = tuple(dict.fromkeys(filter(None, (text(row, "publisherName"), text(row, "issuerName")))))
    issued = date.fromisoformat(text(row, "issued")) if "issued" in row else None
    return Work(authors, text(row, "title"), issued, genre_of(row), text(row, "symbol"), text(row, "language"))


def genre_of(row: Row) -> str:
    """What kind of document it is and by whom, in words, where that is known: ``note by the Secretariat``."""
    author = f"the {text(row, 'office')}" if "office" in row else text(row, "creatorLabel")
    kind = text(row, "kindLabel").lower()
    return f"{kind} by {author}" if kind and author else kind


def printed_place(number: str, item: str = "") -> str:
    """The place of a paragraph or lettered item: its printed number, as United Nations documents are cited."""
    return f"para. {number} ({item})" if item else f"para. {number}"


def chicago(source: Source) -> str:
    """A note in the manner of the Chicago Manual of Style (17th edition, 14.260 and 13.6).

    Question 18, ``everything-about-a-recommendation``, puts the same words together in SPARQL.
    """
    work = source.work
    day = in_words(work.issued) if work.issued else ""
    named = ", ".join((*work.authors, f"“{work.title},”"))
    rest = (work.genre, day, work.symbol, source.place, source.iri)
    return f"{named} {', '.join(filter(None, rest))}."


def plain(citation: str, *, local: bool) -> str:
    """The citation as a text file, with a second line for one that must not be cited."""
    return f"{citation}\n{NOT_FOR_CITING}\n" if local else f"{citation}\n"


def bibtex(source: Source) -> str:
    """A BibTeX entry of type ``techreport``; braces keep capitals."""
    issued = source.work.issued
    fields = {
        "author": " and ".join("{" + author + "}" for author in source.work.authors),
        "title": "{" + source.title + "}",
        "institution": "United Nations",
        "type": capital(source.work.genre),
        "number": source.work.symbol,
        "year": str(issued.year) if issued else "",
        "month": MONTHS[issued.month - 1][:3].lower() if issued else "",
        "day": str(issued.day) if issued else "",
        "url": source.iri,
        "note": source.note,
        "language": source.work.language,
    }
    lines = "".join(f"  {name} = {{{_tex(value)}}},\n" for name, value in fields.items() if value)
    return f"@techreport{{{source.key},\n{lines}}}\n"


def ris(source: Source) -> str:
    """An RIS record of type ``RPRT`` (report); lines end in CR LF as reference managers expect.

    A comma would cut the name of a body into the first and last name of a person: names lose theirs.
    """
    issued = source.work.issued
    lines = [
        ("TY", "RPRT"),
        *(("AU", author.replace(",", "")) for author in source.work.authors),
        ("TI", source.title),
        ("PB", "United Nations"),
        ("M3", capital(source.work.genre)),
        ("PY", str(issued.year) if issued else ""),
        ("DA", issued.strftime("%Y/%m/%d/") if issued else ""),
        ("IS", source.work.symbol),
        ("AB", source.words),
        ("LA", source.work.language),
        ("UR", source.iri),
        ("N1", source.note),
    ]
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in lines if value) + "ER  - \r\n"


def csl(source: Source) -> dict[str, object]:
    """A CSL-JSON item of type ``report`` (Citation Style Language 1.0.2)."""
    item: dict[str, object] = {
        "id": source.key,
        "type": "report",
        "author": [{"literal": author} for author in source.work.authors],
        "title": source.title,
        "publisher": "United Nations",
        "language": source.work.language,
        "URL": source.iri,
    }
    if issued := source.work.issued:
        item["issued"] = {"date-parts": [[issued.year, issued.month, issued.day]]}
    if source.work.genre:
        item["genre"] = capital(source.work.genre)
    if source.work.symbol:
        item["number"] = source.work.symbol
    if source.place:
        item["section"] = source.place
    if source.words:
        item["abstract"] = source.words
    if source.note:
        item["note"] = source.note
    return item


def csl_json(sources: list[Source]) -> str:
    """A CSL-JSON document."""
    return json.dumps([csl(source) for source in sources], ensure_ascii=False, indent=2) + "\n"


def capital(words: str) -> str:
    """The words with a capital at their beginning."""
    return words[:1].upper() + words[1:]


def _tex(value: str) -> str:
    for character in "&%$#_":
        value = value.replace(character, "\\" + character)
    return value


def source_of(row: Row, document: Row, resource: Resource, exchange: Exchange) -> Source:
    """What a citation needs of the paragraph in a row, with the row of its document, or of a directive in it."""
    paragraph, _, _ = resource.path.partition("/directive/")
    whole, _, item = paragraph.partition("/item/")
    place = printed_place(whole.rpartition("/")[2], item)
    return Source(
        work_of(document),
        f"{place}, {resource.label.rpartition(', ')[2]}" if paragraph != resource.path else place,
        resource.iri.value,
        text(row, "text"),
        exchange.snapshot.base.is_local,
    )
