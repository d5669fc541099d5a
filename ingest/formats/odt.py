"""OpenDocument texts: paragraphs with the numbers of their lists, headings, tables and notes (ODF 1.3).

The package is a ZIP file of XML; no well-kept library reads its numbering, so it is read here (part 3, §5.3). Hidden
text is no words of the document; the words of a text box stand behind its paragraph.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from ingest.errors import SourceError
from ingest.formats.blocks import (
    BULLET,
    LEADERS,
    LONGEST_BOLD,
    WITHOUT_PASSWORD,
    Blocks,
    Counters,
    formatted,
    note_mark,
    own_rows,
)
from ingest.source import BROKEN_PACKAGE
from ontology.namespaces import CATALOGUE_IRIS

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_SPACES = {
    **{name: f"{_ODF}{name}:1.0" for name in ("text", "style", "table", "office", "drawing")},
    **{name: f"{_ODF}{space}-compatible:1.0" for name, space in (("fo", "xsl-fo"), ("svg", "svg"))},
}
XML_ID = etree.QName(CATALOGUE_IRIS["xml"], "id").text
LIST_STYLE = "@style:list-style-name[. != '']"


def _q(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_SPACES[prefix]}}}{local}"


NAME, ON_LEVEL = _q("style:name"), _q("text:level")
NUMBERS = (_q("text:list-level-style-number"), _q("text:outline-level-style"))
SKIPPED = {
    _q(name)
    for name in (
        *("text:tracked-changes", "office:annotation", "office:annotation-end", "text:soft-page-break"),
        *("svg:title", "svg:desc", "text:number", "office:forms"),
    )
}


def read_odt(path: Path) -> Blocks:
    """The blocks of an OpenDocument text. Raises `SourceError`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        with zipfile.ZipFile(path) as package:
            if b"encryption-data" in package.read("META-INF/manifest.xml"):
                raise SourceError(path, None, "an OpenDocument text with a password", WITHOUT_PASSWORD)
            parts = [etree.fromstring(package.read(name), parser) for name in ("content.xml", "styles.xml")]
    except (etree.XMLSyntaxError, *BROKEN_PACKAGE) as error:
        advice = "a file that LibreOffice opens; save it again as .odt"
        raise SourceError(path, None, "an OpenDocument text that cannot be opened", advice) from error
    if parts[0].find(f"{_q('office:body')}/{_q('office:text')}") is None:
        raise SourceError(path, None, "an OpenDocument file that is no text", "the document, as .odt or .docx")
    return _Text(*parts).blocks()


class _Text:
    def __init__(self, content: Any, styles: Any) -> None:
        self.body = content.find(f"{_q('office:body')}/{_q('office:text')}")
        self.masthead = next(styles.iter(_q("style:header-first")), None)
        self.lists = {
            each.get(NAME, ""): each for root in (styles, content) for each in root.iter(_q("text:list-style"))
        }
        self.styles = {each.get(NAME, ""): each for root in (styles, content) for each in root.iter(_q("style:style"))}
        outlines = [each for root in (styles, content) for each in root.iter(_q("text:outline-style"))]
        self.outline = outlines[-1] if outlines else None
        self.boxes: list[Any] = []
        self.heads = Counters([1] * 10)
        self.by_style: dict[str, Counters] = {}
        self.by_id: dict[str, Counters] = {}
        self.out = Blocks()

    def blocks(self) -> Blocks:
        for part in (self.masthead, self.body):
            if part is not None:
                self._read(part)
        return self.out

    def _inherited(self, name: str, value: str) -> str:
        """A value (an XPath) of a style or of the nearest style above it that has one."""
        seen: set[str] = set()
        while name in self.styles and name not in seen:
            if values := self.styles[name].xpath(value, namespaces=_SPACES):
                return str(values[0])
            seen.add(name)
            name = self.styles[name].get(_q("style:parent-style-name"), "")
        return ""

    def _is_bold_style(self, name: str) -> bool:
        return self._inherited(name, "style:text-properties/@fo:font-weight") not in ("", "normal", "400")

    def _read(self, parent: Any) -> None:
        for element in parent:
            if element.tag == _q("text:p"):
                self._add(element, "")
            elif element.tag == _q("text:h"):
                self._add(element, self._outline_number(element))
            elif element.tag == _q("text:list"):
                self._list(element, 1, None, "")
            elif element.tag == _q("text:numbered-paragraph"):
                self._numbered(element)
            elif element.tag == _q("drawing:text-box"):
                self.out.add_box(["".join(self._words(one)) for one in element.iter(_q("text:p"), _q("text:h"))])
            elif element.tag == _q("text:table-of-content"):
                for entry in element.iter(_q("text:p")):
                    self.out.add(f"{''.join(self._words(entry))} {LEADERS}")
            elif element.tag == _q("table:table"):
                self._table(element)
            elif element.tag not in SKIPPED and len(element):
                self._read(element)

    def _add(self, element: Any, number: str) -> None:
        text = "".join(self._words(element)).strip()
        text = f"{number} {text}" if number and text else text
        if element.tag == _q("text:h"):
            self.out.add(text, "heading")
        else:
            self.out.add(text, "bold" if len(text) <= LONGEST_BOLD and self._is_bold(element) else "")
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            self._read(box.getparent())

    def _numbered(self, element: Any) -> None:
        """A paragraph that says itself to which list it belongs, and at which level."""
        style, level = element.get(_q("text:style-name"), ""), int(element.get(ON_LEVEL, "1"))
        identifier = element.get(_q("text:list-id"), style)
        counters = self.by_id.setdefault(identifier, self._new(style))
        number = _number(self.lists.get(style), level, counters, element.get(_q("text:start-value")))
        for child in element.iterchildren(_q("text:p"), _q("text:h")):
            self._add(child, number)

    def _is_bold(self, element: Any) -> bool:
        whole = self._is_bold_style(element.get(_q("text:style-name"), ""))
        pieces = [(element.text, whole)]
        for child in element.iter():
            if child is element or not isinstance(child.tag, str):
                continue
            own = self._is_bold_style(child.get(_q("text:style-name"), "")) if child.tag == _q("text:span") else whole
            pieces += [(child.text, own or whole), (child.tail, whole)]
        weights = [bold for words, bold in pieces if (words or "").strip()]
        return bool(weights) and all(weights)

    def _table(self, table: Any) -> None:
        rows = [list(row.iterchildren(_q("table:table-cell"))) for row in own_rows(table, _q("table:table-row"))]
        self.out.add_table(rows, self._cell, self._read)

    def _cell(self, cell: Any) -> str:
        text = " ".join("".join(self._words(one)) for one in cell.iter(_q("text:p")))
        self.boxes = []
        return text

    def _list(self, element: Any, level: int, counters: Counters | None, style: str) -> None:
        """A list; one at the top goes on with the numbers of an earlier one only where it says so."""
        style = element.get(_q("text:style-name"), style)
        if counters is None:
            counters = self._counters(element, style)
        for item in element.iterchildren(_q("text:list-item"), _q("text:list-header")):
            number = ""
            first = True
            for child in item:
                if child.tag == _q("text:list"):
                    self._list(child, level + 1, counters, style)
                elif child.tag in (_q("text:p"), _q("text:h")):
                    if first and item.tag == _q("text:list-item"):
                        start = item.get(_q("text:start-value"))
                        own = self._inherited(child.get(_q("text:style-name"), ""), LIST_STYLE)
                        number = _number(self.lists.get(style or own), level, counters, start)
                    self._add(child, number if first else "")
                    first = False

    def _counters(self, element: Any, style: str) -> Counters:
        known = self.by_id.get(element.get(_q("text:continue-list"), ""))
        if known is None and element.get(_q("text:continue-numbering")) == "true":
            known = self.by_style.get(style)
        counters = known or self._new(style)
        self.by_style[style] = counters
        if identifier := element.get(XML_ID):
            self.by_id[identifier] = counters
        return counters

    def _new(self, style: str) -> Counters:
        forms = [_level(self.lists.get(style), level) for level in range(1, 11)]
        return Counters([int(form.get(_q("text:start-value"), "1")) if form is not None else 1 for form in forms])

    def _outline_number(self, element: Any) -> str:
        if self.outline is None or element.get(_q("text:is-list-header")) == "true":
            return ""
        return _number(self.outline, int(element.get(_q("text:outline-level"), "1")), self.heads)

    def _words(self, element: Any) -> Iterator[str]:
        yield element.text or ""
        for child in element:
            if child.tag == _q("text:s") or child.tag == _q("text:tab"):
                yield " "
            elif child.tag == _q("text:line-break"):
                yield "\n"
            elif child.tag == _q("text:note"):
                yield self._note(child)
            elif child.tag == _q("drawing:text-box"):
                self.boxes += [child] if child not in self.boxes else []
            elif isinstance(child.tag, str) and child.tag not in SKIPPED and not self._is_hidden(child):
                yield from self._words(child)
            yield child.tail or ""

    def _is_hidden(self, element: Any) -> bool:
        """Whether a piece of text is not printed; its words are kept as left out."""
        style = self.styles.get(element.get(_q("text:style-name"), ""))
        if style is None or not style.xpath("style:text-properties[@text:display = 'none']", namespaces=_SPACES):
            return False
        self.out.leave_out("".join(element.itertext()).strip())
        return True

    def _note(self, element: Any) -> str:
        citation, body = element.find(_q("text:note-citation")), element.find(_q("text:note-body"))
        printed = "".join(citation.itertext()).strip() if citation is not None else ""
        text = " ".join("".join(self._words(one)) for one in body.iter(_q("text:p"))) if body is not None else ""
        mark = printed if printed and not printed.isalnum() else str(1 + sum(mark.isalnum() for mark in self.out.notes))
        self.out.notes[mark] = text
        return note_mark(mark)


def _level(listing: Any, level: int) -> Any:
    """A level of a list, counted from 1; None where there is none."""
    levels = () if listing is None else listing
    return next((one for one in levels if one.get(ON_LEVEL) == str(level)), None)


def _number(listing: Any, level: int, counters: Counters, start: str | None = None) -> str:
    """Counts one at a level of a list; what is printed, which may hold the numbers of higher levels."""
    form, numbers = _level(listing, level), counters.next(level - 1, int(start) if start else None)
    if form is None:
        return ""
    if form.tag not in NUMBERS:
        return BULLET
    if not (style := form.get(_q("style:num-format"), "")):
        return ""
    shown = range(max(0, len(numbers) - int(form.get(_q("text:display-levels"), "1"))), len(numbers))
    above = {place: each for place in shown if (each := _level(listing, place + 1)) is not None}
    pieces = (formatted(numbers[place], each.get(_q("style:num-format"), style)) for place, each in above.items())
    return f"{form.get(_q('style:num-prefix'), '')}{'.'.join(pieces)}{form.get(_q('style:num-suffix'), '')}".strip()
