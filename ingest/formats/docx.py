"""Word documents: paragraphs with the numbers that Word makes, headings, tables, footnotes and endnotes (ECMA-376).

python-docx opens the package and knows the styles; numbering (§17.9) and notes (§17.11) are read here. The header
of the first page is the masthead, as the United Nations set it; other headers and footers are no words of the document.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml import etree

from ingest.formats.blocks import LEADERS, Blocks, Counters, UnreadableFileError, formatted, note_mark, own_rows

HEADING_STYLE = re.compile(r"heading \d|title\b|_ ?h ?_|h\d{1,2}\b", re.IGNORECASE)
CONTENTS_STYLE = re.compile(r"toc \d", re.IGNORECASE)
BULLET = "•"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
SKIPPED = {qn(name) for name in ("w:del", "w:moveFrom", "w:instrText", "w:pPr", "w:rPr", "w:txbxContent", "w:pict")}
LONGEST_BOLD = 300


@dataclass(slots=True)
class _Level:
    start: int = 1
    style: str = "decimal"
    text: str = "%1."


@dataclass(slots=True)
class _List:
    levels: dict[int, _Level] = field(default_factory=dict)
    by_style: dict[str, int] = field(default_factory=dict)


def read_docx(path: Path) -> Blocks:
    """The blocks of a Word document. Raises `UnreadableFileError`."""
    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile, etree.XMLSyntaxError) as error:
        raise UnreadableFileError(
            path, "a Word document that cannot be opened", "a file that Word opens; save it again as .docx"
        ) from error
    return _Word(document).blocks()


class _Word:
    def __init__(self, document: Any) -> None:
        self.body = document.element.body
        self.masthead = self._first_header(document)
        self.styles: dict[str, Any] = {style.style_id: style.element for style in document.styles}
        self.names = {style.style_id: style.name or "" for style in document.styles}
        self.lists, self.of_num, self.overrides = self._numbering(document)
        self.counters: dict[int, Counters] = {}
        self.started: set[int] = set()
        self.notes = self._notes(document)
        self.out = Blocks(left_out=self._heads_and_feet(document))

    def blocks(self) -> Blocks:
        if self.masthead is not None:
            self._read(self.masthead)
        self._read(self.body)
        return self.out

    @staticmethod
    def _first_header(document: Any) -> Any:
        """The header that the first page has for itself, if it has one."""
        section = document.sections[0] if len(document.sections) else None
        if section is None or not section.different_first_page_header_footer:
            return None
        header = section.first_page_header
        return None if header.is_linked_to_previous else header._element

    def _heads_and_feet(self, document: Any) -> list[str]:
        """The words of all heads and feet of pages but the masthead."""
        parts = [
            part._element
            for section in document.sections
            for side in ("header", "footer")
            for part in (getattr(section, f"{kind}{side}") for kind in ("", "first_page_", "even_page_"))
            if not part.is_linked_to_previous
        ]
        texts = [
            " ".join("".join(node.text or "" for node in one.iter(qn("w:t"))) for one in part.iter(qn("w:p")))
            for part in parts
            if part is not self.masthead
        ]
        return [words for words in dict.fromkeys(" ".join(text.split()) for text in texts) if words]

    def _read(self, parent: Any) -> None:
        for element in parent:
            if element.tag == qn("w:p"):
                self._paragraph(element)
            elif element.tag == qn("w:tbl"):
                self._table(element)
            elif element.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins")):
                self._read(element)

    def _table(self, table: Any) -> None:
        self.out.add_table(
            [list(row.iterchildren(qn("w:tc"))) for row in own_rows(table, qn("w:tr"))],
            lambda cell: " ".join("".join(self._text(one)) for one in cell.iter(qn("w:p"))),
            self._read,
            lambda cell: " ".join(self._numbered(one) for one in cell.iter(qn("w:p"))),
        )

    def _paragraph(self, element: Any) -> None:
        text = self._numbered(element)
        name = self.names.get(self._style(element), "")
        if CONTENTS_STYLE.match(name):
            self.out.add(f"{text} {LEADERS}" if text.strip() else "")
        elif HEADING_STYLE.match(name) or self._property(element, "w:outlineLvl") is not None:
            self.out.add(text, "heading")
        else:
            self.out.add(text, "bold" if len(text) <= LONGEST_BOLD and self._is_bold(element) else "")

    def _numbered(self, element: Any) -> str:
        number, text = self._number(element), "".join(self._text(element))
        return f"{number} {text}" if number and text.strip() else text

    def _style(self, element: Any) -> str:
        style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return style.get(qn("w:val"), "") if style is not None else "Normal"

    def _property(self, element: Any, name: str) -> Any:
        """A property of a paragraph: its own, or that of its style and the styles that this one is based on."""
        own = element.find(f"{qn('w:pPr')}/{qn(name)}")
        if own is not None:
            return own
        style, seen = self._style(element), set()
        while style in self.styles and style not in seen:
            seen.add(style)
            property_ = self.styles[style].find(f"{qn('w:pPr')}/{qn(name)}")
            if property_ is not None:
                return property_
            based = self.styles[style].find(qn("w:basedOn"))
            style = based.get(qn("w:val"), "") if based is not None else ""
        return None

    def _is_bold(self, element: Any) -> bool:
        runs = [
            run for run in element.iter(qn("w:r")) if "".join(one.text or "" for one in run.iter(qn("w:t"))).strip()
        ]
        return bool(runs) and all(self._on(run.find(f"{qn('w:rPr')}/{qn('w:b')}")) for run in runs)

    @staticmethod
    def _on(switch: Any) -> bool:
        return switch is not None and switch.get(qn("w:val"), "1") not in ("0", "false", "off")

    def _text(self, element: Any) -> Iterator[str]:
        for child in element:
            if child.tag in SKIPPED:
                continue
            if child.tag == qn("w:t"):
                yield child.text or ""
            elif child.tag in (qn("w:tab"), qn("w:ptab")):
                yield " "
            elif child.tag in (qn("w:br"), qn("w:cr")):
                yield "\n" if child.get(qn("w:type")) is None else " "
            elif child.tag == qn("w:noBreakHyphen"):
                yield "-"
            elif child.tag in (qn("w:footnoteReference"), qn("w:endnoteReference")):
                yield self._note(child)
            elif len(child):
                yield from self._text(child)

    # ---- Numbering ----

    def _numbering(self, document: Any) -> tuple[dict[int, _List], dict[int, int], dict[tuple[int, int], int]]:
        lists: dict[int, _List] = {}
        of_num: dict[int, int] = {}
        overrides: dict[tuple[int, int], int] = {}
        part = next(
            (rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")), None
        )
        if part is None:
            return lists, of_num, overrides
        root: Any = etree.fromstring(part.blob, _PARSER)
        for abstract in root.iter(qn("w:abstractNum")):
            list_ = lists[int(abstract.get(qn("w:abstractNumId")))] = _List()
            for level in abstract.iter(qn("w:lvl")):
                self._level(list_, level)
        for num in root.iter(qn("w:num")):
            number = int(num.get(qn("w:numId")))
            of_num[number] = int(num.find(qn("w:abstractNumId")).get(qn("w:val")))
            for override in num.iter(qn("w:lvlOverride")):
                start = override.find(qn("w:startOverride"))
                if start is not None:
                    overrides[number, int(override.get(qn("w:ilvl")))] = int(start.get(qn("w:val")))
        return lists, of_num, overrides

    @staticmethod
    def _level(listing: _List, level: Any) -> None:
        def value(name: str, default: str) -> str:
            element = level.find(qn(name))
            return str(element.get(qn("w:val"), default)) if element is not None else default

        place = int(level.get(qn("w:ilvl")))
        listing.levels[place] = _Level(int(value("w:start", "1")), value("w:numFmt", "decimal"), value("w:lvlText", ""))
        if style := value("w:pStyle", ""):
            listing.by_style[style] = place

    def _number(self, element: Any) -> str:
        """The number that Word prints before a paragraph, empty for none."""
        properties = self._property(element, "w:numPr")
        identifier = properties.find(qn("w:numId")) if properties is not None else None
        if identifier is None:
            return ""
        number = int(identifier.get(qn("w:val")))
        abstract = self.of_num.get(number, -1)
        known = self.lists.get(abstract)
        if number == 0 or known is None:
            return ""
        place = properties.find(qn("w:ilvl"))
        level = int(place.get(qn("w:val"))) if place is not None else known.by_style.get(self._style(element), 0)
        if level not in known.levels:
            return ""
        if abstract not in self.counters:
            self.counters[abstract] = Counters(
                [known.levels[one].start if one in known.levels else 1 for one in range(9)]
            )
        restart = self.overrides.get((number, level)) if number not in self.started else None
        self.started.add(number)
        numbers = self.counters[abstract].next(level, restart)
        form = known.levels[level]
        if form.style == "bullet":
            return BULLET
        if form.style == "none":
            return ""
        return re.sub(
            r"%([1-9])",
            lambda match: (
                formatted(numbers[int(match[1]) - 1], known.levels[int(match[1]) - 1].style)
                if int(match[1]) <= len(numbers)
                else ""
            ),
            form.text,
        ).strip()

    # ---- Notes ----

    def _notes(self, document: Any) -> dict[tuple[str, str], Any]:
        notes: dict[tuple[str, str], Any] = {}
        for kind in ("footnote", "endnote"):
            for rel in document.part.rels.values():
                if not rel.is_external and rel.reltype.endswith(f"/{kind}s"):
                    root: Any = etree.fromstring(rel.target_part.blob, _PARSER)
                    notes |= {(kind, note.get(qn("w:id"))): note for note in root.iter(qn(f"w:{kind}"))}
        return notes

    def _note(self, reference: Any) -> str:
        kind = "footnote" if reference.tag == qn("w:footnoteReference") else "endnote"
        note = self.notes.get((kind, reference.get(qn("w:id"))))
        if note is None:
            return ""
        text = " ".join("".join(self._text(one)) for one in note.iter(qn("w:p")))
        if reference.get(qn("w:customMarkFollows")):
            sign = "*" * (1 + sum(not mark.isalnum() for mark in self.out.notes))
            self.out.notes[sign] = text.strip().lstrip("*†‡ ")
            return ""
        mark = str(1 + sum(mark.isalnum() for mark in self.out.notes))
        self.out.notes[mark] = text
        return note_mark(mark)
