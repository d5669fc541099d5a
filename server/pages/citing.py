"""Citations to paste: Chicago-style text, BibTeX, RIS and CSL-JSON of a paragraph or of the whole document.

A document symbol is given only where the source prints one; the consolidated recommendations print none.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from server.pages.values import MONTHS

AUTHOR = (
    "Conference of the Parties to the United Nations Convention against Transnational Organized Crime, "
    "Working Group on the Smuggling of Migrants"
)
NOT_FOR_CITING = "This address belongs to a build on a local machine and is not for citing."


@dataclass(frozen=True, slots=True)
class Source:
    """What a citation needs: the document, the place in it (``para. 24``, or nothing), address and words."""

    title: str
    issued: date
    place: str
    iri: str
    words: str
    local: bool

    @property
    def key(self) -> str:
        """A citation key: ``som-wg-2015-paragraph-24``."""
        return self.iri.partition("/id/document/")[2].replace("/", "-")


def printed_place(number: str, item: str = "") -> str:
    """The place of a paragraph or lettered item: its printed number, as United Nations documents are cited."""
    return f"para. {number} ({item})" if item else f"para. {number}"


def chicago(source: Source) -> str:
    """A note in the manner of the Chicago Manual of Style (17th edition, 14.260 and 13.6).

    Question 18, ``everything-about-a-recommendation``, puts the same words together in SPARQL.
    """
    place = f", {source.place}" if source.place else ""
    day = f"{source.issued.day} {MONTHS[source.issued.month - 1]} {source.issued.year}"
    return f"{AUTHOR}, “{source.title},” note by the Secretariat, {day}{place}, {source.iri}."


def plain(source: Source) -> str:
    """The citation as a text file, with a second line for one that must not be cited."""
    return "".join(f"{line}\n" for line in (chicago(source), NOT_FOR_CITING if source.local else "") if line)


def bibtex(source: Source) -> str:
    """A BibTeX entry of type ``techreport``; braces keep capitals."""
    fields = {
        "author": "{" + AUTHOR + "}",
        "title": "{" + source.title + "}",
        "institution": "United Nations",
        "type": "Note by the Secretariat",
        "year": str(source.issued.year),
        "month": MONTHS[source.issued.month - 1][:3].lower(),
        "day": str(source.issued.day),
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
        ("AU", AUTHOR),
        ("TI", source.title),
        ("PB", "United Nations"),
        ("M3", "Note by the Secretariat"),
        ("PY", str(source.issued.year)),
        ("DA", source.issued.strftime("%Y/%m/%d/")),
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
        "genre": "Note by the Secretariat",
        "author": [{"literal": AUTHOR}],
        "title": source.title,
        "publisher": "United Nations",
        "issued": {"date-parts": [[source.issued.year, source.issued.month, source.issued.day]]},
        "language": "en",
        "URL": source.iri,
    }
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


def _tex(value: str) -> str:
    for character in "&%$#_":
        value = value.replace(character, "\\" + character)
    return value
