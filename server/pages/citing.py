"""Citations: Chicago-style text, BibTeX, RIS and CSL-JSON of a paragraph or of the whole document."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from server.linkeddata.description import Resource
from server.pages.values import MONTHS, text
from server.pages.values import Link as PageLink
from server.store import Row
from server.web.answers import TEXT, Answer, Link
from server.web.errors import NotFound
from server.web.request import Exchange
from server.web.urls import Urls

SECRETARIAT = "/actor/secretariat"
NOTE = "note by the Secretariat"
NOT_FOR_CITING = "This address belongs to a build on a local machine and is not for citing."


@dataclass(frozen=True, slots=True)
class Work:
    """The document that is cited: the body it is for and whose recommendations they are, its title, its date, and what
    kind of document it is where that is known."""

    author: str
    title: str
    issued: date
    genre: str


@dataclass(frozen=True, slots=True)
class Source:
    """What a citation needs: the document, the place in it (``para. 24``, or nothing), address and words."""

    work: Work
    place: str
    iri: str
    words: str
    local: bool

    @property
    def key(self) -> str:
        """A citation key: ``som-wg-2015-paragraph-24``."""
        return self.iri.partition("/id/document/")[2].replace("/", "-")


def work_of(row: Row) -> Work:
    """The document in a row with its publisher's and issuer's names, creator, title and date."""
    author = ", ".join(dict.fromkeys((text(row, "publisherName"), text(row, "issuerName"))))
    genre = NOTE if text(row, "creator").endswith(SECRETARIAT) else ""
    return Work(author, text(row, "title"), date.fromisoformat(text(row, "issued")), genre)


def printed_place(number: str, item: str = "") -> str:
    """The place of a paragraph or lettered item: its printed number, as United Nations documents are cited."""
    return f"para. {number} ({item})" if item else f"para. {number}"


def chicago(source: Source) -> str:
    """A note in the manner of the Chicago Manual of Style (17th edition, 14.260 and 13.6).

    Question 18, ``everything-about-a-recommendation``, puts the same words together in SPARQL.
    """
    work = source.work
    day = f"{work.issued.day} {MONTHS[work.issued.month - 1]} {work.issued.year}"
    parts = [f"{work.author}, “{work.title},” {work.genre}" if work.genre else f"{work.author}, “{work.title},” {day}"]
    parts += [part for part in (day if work.genre else "", source.place, source.iri) if part]
    return f"{', '.join(parts)}."


def plain(source: Source) -> str:
    """The citation as a text file, with a second line for one that must not be cited."""
    return "".join(f"{line}\n" for line in (chicago(source), NOT_FOR_CITING if source.local else "") if line)


def bibtex(source: Source) -> str:
    """A BibTeX entry of type ``techreport``; braces keep capitals."""
    fields = {
        "author": "{" + source.work.author + "}",
        "title": "{" + source.work.title + "}",
        "institution": "United Nations",
        "type": _capital(source.work.genre),
        "year": str(source.work.issued.year),
        "month": MONTHS[source.work.issued.month - 1][:3].lower(),
        "day": str(source.work.issued.day),
        "url": source.iri,
        "note": "; ".join(filter(None, [source.place, NOT_FOR_CITING if source.local else ""])),
        "language": "en",
    }
    lines = "".join(f"  {name} = {{{_tex(value)}}},\n" for name, value in fields.items() if value)
    return f"@techreport{{{source.key},\n{lines}}}\n"


def ris(source: Source) -> str:
    """An RIS record of type ``RPRT`` (report); lines end in CR LF as reference managers expect."""
    lines = [
        ("TY", "RPRT"),
        ("AU", source.work.author),
        ("TI", source.work.title),
        ("PB", "United Nations"),
        ("M3", _capital(source.work.genre)),
        ("PY", str(source.work.issued.year)),
        ("DA", source.work.issued.strftime("%Y/%m/%d/")),
        ("SE", source.place),
        ("AB", source.words),
        ("LA", "en"),
        ("UR", source.iri),
        ("N1", NOT_FOR_CITING if source.local else ""),
    ]
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in lines if value) + "ER  - \r\n"


def csl(source: Source) -> dict[str, object]:
    """A CSL-JSON item of type ``report`` (Citation Style Language 1.0.2)."""
    item: dict[str, object] = {
        "id": source.key,
        "type": "report",
        "author": [{"literal": source.work.author}],
        "title": source.work.title,
        "publisher": "United Nations",
        "issued": {"date-parts": [[source.work.issued.year, source.work.issued.month, source.work.issued.day]]},
        "language": "en",
        "URL": source.iri,
    }
    if source.work.genre:
        item["genre"] = _capital(source.work.genre)
    if source.place:
        item["section"] = source.place
    if source.words:
        item["abstract"] = source.words
    if source.local:
        item["note"] = NOT_FOR_CITING
    return item


def csl_json(sources: list[Source]) -> str:
    """A CSL-JSON document."""
    return json.dumps([csl(source) for source in sources], ensure_ascii=False, indent=2) + "\n"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _tex(value: str) -> str:
    for character in "&%$#_":
        value = value.replace(character, "\\" + character)
    return value


TYPES = {
    ".csl.json": "application/vnd.citationstyles.csl+json",
    ".bib": "application/x-bibtex; charset=utf-8",
    ".ris": "application/x-research-info-systems; charset=utf-8",
    ".txt": TEXT,
}


def source_of(row: Row, resource: Resource, exchange: Exchange) -> Source:
    """What a citation of the paragraph in a row needs."""
    whole, _, item = resource.path.partition("/item/")
    return Source(
        work_of(row),
        printed_place(whole.rpartition("/")[2], item),
        resource.iri.value,
        text(row, "text"),
        exchange.snapshot.base.is_local,
    )


def citation_formats(path: str, urls: Urls) -> tuple[PageLink, ...]:
    """The citation of a resource as files for reference managers, and its permanent link to copy."""
    below = "cite/" + path.removeprefix("id/")
    names = ((".txt", "Text"), (".bib", "BibTeX"), (".ris", "RIS"), (".csl.json", "CSL-JSON"))
    return (
        *(PageLink(urls.path(below + suffix), label) for suffix, label in names),
        PageLink(urls.thing(urls.base.iri + path), "Link"),
    )


async def cited(path: str, exchange: Exchange) -> Answer:
    """The citation at a path such as ``document/som-wg-2015/paragraph/24.bib``. Raises `NotFound` for anything else."""
    suffix = next((suffix for suffix in TYPES if path.endswith(suffix)), None)
    if suffix is None:
        raise NotFound("A citation has the formats .txt, .bib, .ris and .csl.json.")
    source = await _source(path.removesuffix(suffix), exchange)
    body = {
        ".csl.json": lambda: csl_json([source]),
        ".bib": lambda: bibtex(source),
        ".ris": lambda: ris(source),
        ".txt": lambda: plain(source),
    }[suffix]()
    name = source.key + suffix if suffix != ".txt" else None
    return Answer(body.encode(), TYPES[suffix], links=(Link(source.iri, "cite-as"),), filename=name)


async def _source(stem: str, exchange: Exchange) -> Source:
    node = exchange.snapshot.names.node(f"id/{stem}")
    rows = await exchange.store.select("paragraph", paragraph=node)
    if rows:
        return source_of(rows[0], Resource(node, f"id/{stem}", text(rows[0], "label"), ()), exchange)
    documents = await exchange.store.select("document", document=node)
    if not documents:
        raise NotFound(f"There is nothing to cite at {stem}.")
    return Source(work_of(documents[0]), "", node.value, "", exchange.snapshot.base.is_local)
