"""Word documents: paragraphs with the numbers that Word makes, headings, tables, footnotes and endnotes (ECMA-376).

python-docx opens the package and knows the styles; numbering (§17.9) and notes (§17.11) are read here. The header
of the first page is the masthead, as the United Nations set it; other headers and footers are no words of the document,
nor is hidden text. Tracked changes are read as accepted. The words of a text box stand behind its paragraph.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml import etree

from ingest.errors import SourceError
from ingest.formats.blocks import BULLET, LEADERS, LONGEST_BOLD, Blocks, Counters, formatted, note_mark, own_rows
from ingest.source import BROKEN_PACKAGE

HEADING_STYLE = re.compile(r"heading \d|title\b|_ ?h ?_|h\d{1,2}\b", re.IGNORECASE)
CONTENTS_STYLE = re.compile(r"toc \d", re.IGNORECASE)
CANNOT_BE_OPENED = "a file that Word opens; open it in Word or LibreOffice and save it again as .docx"
_MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_AS_USUAL = (
    (b"application/vnd.ms-word.document.macroEnabled.main+xml", _MAIN),
    (b"application/vnd.ms-word.template.macroEnabledTemplate.main+xml", _MAIN),
    (b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml", _MAIN),
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)
"""What macros, templates and the strict kind (ISO/IEC 29500-1) have otherwise than the kind that python-docx opens."""
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
SKIPPED = {qn(name) for name in ("w:del", "w:moveFrom", "w:instrText", "w:pPr", "w:rPr")}
RUN, TEXT, BOX = qn("w:r"), (qn("w:t"), qn("m:t")), qn("w:txbxContent")
VANISH, RUN_STYLE = (f"{qn('w:rPr')}/{qn(name)}" for name in ("w:vanish", "w:rStyle"))
END_OF_PARAGRAPH, DELETED = f"{qn('w:pPr')}/{qn('w:rPr')}", (qn("w:del"), qn("w:moveFrom"))
BULLET_SIGNS, PRIVATE_SIGNS = ("F0B7", "F0A7", "F02D", "F076"), 0xE000


def read_docx(path: Path) -> Blocks:
    """The blocks of a Word document. Raises `SourceError`."""
    try:
        document = docx.Document(_as_usual(path))
    except (PackageNotFoundError, ValueError, etree.XMLSyntaxError, *BROKEN_PACKAGE) as error:
        raise SourceError(path, None, "a Word document that cannot be opened", CANNOT_BE_OPENED) from error
    return _Word(document).blocks()


def _as_usual(path: Path) -> str | io.BytesIO:
    """The package, or a copy of it with the names of the usual kind; macros in it are never run."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(out, "w") as written:
        if _MAIN in package.read("[Content_Types].xml") and b"purl.oclc.org" not in package.read("_rels/.rels"):
            return str(path)
        for name in dict.fromkeys(package.namelist()):
            part = package.read(name)
            for other, usual in _AS_USUAL if name.endswith((".xml", ".rels")) else ():
                part = part.replace(other, usual)
            written.writestr(name, part)
    out.seek(0)
    return out


class _Word:
    def __init__(self, document: Any) -> None:
        self.body = document.element.body
        self.masthead = self._first_header(document)
        self.styles: dict[str, Any] = {style.style_id: style.element for style in document.styles}
        self.names = {style.style_id: style.name or "" for style in document.styles}
        self.levels: dict[int, dict[int, Any]] = {}
        self.links: dict[int, str] = {}
        self.of_num: dict[int, int] = {}
        self.overrides: dict[tuple[int, int], int] = {}
        self.own_levels: dict[int, dict[int, Any]] = {}
        self._numbering(document)
        self.counters: dict[int, Counters] = {}
        self.started: set[int] = set()
        self.notes = self._notes(document)
        self.out = Blocks(left_out=self._heads_and_feet(document))
        self.boxes: list[Any] = []
        self.carried = ""

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
            lambda cell: self._cell(cell, lambda one: "".join(self._text(one))),
            self._read,
            lambda cell: self._cell(cell, self._numbered),
        )

    def _cell(self, cell: Any, words: Callable[[Any], str]) -> str:
        """The words of a cell, with those of boxes in it."""
        text = " ".join(words(one) for one in self._paragraphs(cell))
        self.boxes = []
        return text

    @staticmethod
    def _paragraphs(parent: Any) -> list[Any]:
        """All paragraphs in an element, each once: not those that older programs show in place of a text box."""
        return [
            one
            for one in parent.iter(qn("w:p"))
            if not any(etree.QName(above).localname == "Fallback" for above in one.iterancestors())
        ]

    def _paragraph(self, element: Any) -> None:
        if self._loses_its_end(element):
            self.carried += "".join(self._text(element))
            return
        text = self._numbered(element)
        name = self.names.get(self._style(element), "")
        if CONTENTS_STYLE.match(name):
            self.out.add(f"{text} {LEADERS}" if text.strip() else "")
        elif HEADING_STYLE.match(name) or self._property(element, "w:outlineLvl") is not None:
            self.out.add(text, "heading")
        else:
            self.out.add(text, self._set_as(element) if len(text) <= LONGEST_BOLD else "")
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            self.out.add_box([self._numbered(one) for one in self._paragraphs(box)])

    def _loses_its_end(self, element: Any) -> bool:
        """Whether the end of a paragraph is deleted, or hidden with all its words: what is left of it opens the next
        one, and it counts in no list."""
        mark = element.find(END_OF_PARAGRAPH)
        if mark is None:
            return False
        if any(change.tag in DELETED for change in mark):
            return True
        return self._on(mark.find(qn("w:vanish"))) and not "".join(self._text(element)).strip()

    def _numbered(self, element: Any) -> str:
        number, text = self._number(element), self.carried + "".join(self._text(element))
        self.carried = ""
        return f"{number} {text}" if number and text.strip() else text

    @staticmethod
    def _style(element: Any) -> str:
        return _value(element, "w:pPr/w:pStyle", "Normal")

    def _property(self, element: Any, name: str) -> Any:
        """A property of a paragraph: its own, or that of its style and the styles that this one is based on."""
        above, style, seen = element, self._style(element), set()
        while (property_ := above.find(f"{qn('w:pPr')}/{qn(name)}")) is None:
            if style not in self.styles or style in seen:
                return None
            seen.add(style)
            above = self.styles[style]
            style = _value(above, "w:basedOn")
        return property_

    def _set_as(self, element: Any) -> str:
        runs = [
            run for run in element.iter(qn("w:r")) if "".join(one.text or "" for one in run.iter(qn("w:t"))).strip()
        ]
        for name, switch in (("bold", "w:b"), ("italic", "w:i")):
            if runs and all(self._on(run.find(f"{qn('w:rPr')}/{qn(switch)}")) for run in runs):
                return name
        return ""

    @staticmethod
    def _on(switch: Any) -> bool:
        return switch is not None and switch.get(qn("w:val"), "1") not in ("0", "false", "off")

    def _text(self, element: Any) -> Iterator[str]:
        for child in element:
            if child.tag in SKIPPED or self._is_hidden(child):
                continue
            if child.tag == RUN:
                yield from self._text(child)
            elif child.tag in TEXT:
                yield child.text or ""
            elif child.tag == BOX:
                self.boxes += [child] if child not in self.boxes else []
            elif child.tag == qn("w:sym"):
                yield self._sign(child)
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

    def _is_hidden(self, element: Any) -> bool:
        """Whether a run is not printed, and whether an element is what older programs show in place of a text box."""
        if element.tag != RUN:
            return not isinstance(element.tag, str) or element.tag.endswith("}Fallback")
        hidden, style = element.find(VANISH), element.find(RUN_STYLE)
        if hidden is None and style is not None and style.get(qn("w:val")) in self.styles:
            hidden = self.styles[style.get(qn("w:val"))].find(VANISH)
        if not self._on(hidden):
            return False
        self.out.leave_out("".join(node.text or "" for node in element.iter(qn("w:t"))).strip())
        return True

    def _sign(self, element: Any) -> str:
        """A sign by its place in a font; one of a font of pictures has no letter, except a bullet."""
        place = element.get(qn("w:char"), "").upper()
        if place in BULLET_SIGNS or not re.fullmatch("[0-9A-F]{1,5}", place):
            return BULLET if place else ""
        if int(place, 16) < PRIVATE_SIGNS:
            return chr(int(place, 16))
        self.out.leave_out(f"a sign of the font {element.get(qn('w:font'), '')}")
        return ""

    # ---- Numbering ----

    def _numbering(self, document: Any) -> None:
        part = next(
            (rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")), None
        )
        if part is None:
            return
        root: Any = etree.fromstring(part.blob, _PARSER)
        for abstract in root.iter(qn("w:abstractNum")):
            number = int(abstract.get(qn("w:abstractNumId")))
            self.levels[number], self.links[number] = _levels(abstract), _value(abstract, "w:numStyleLink")
        for num in root.iter(qn("w:num")):
            number = int(num.get(qn("w:numId")))
            self.of_num[number], self.own_levels[number] = int(_value(num, "w:abstractNumId")), _levels(num)
            for override in num.iter(qn("w:lvlOverride")):
                if start := _value(override, "w:startOverride"):
                    self.overrides[number, int(override.get(qn("w:ilvl")))] = int(start)
        for number, abstract in self.of_num.items():
            self.of_num[number] = self._linked(abstract)

    def _linked(self, abstract: int) -> int:
        """The list that has the levels of a list: itself, or that of the style that it names (``w:numStyleLink``)."""
        style = self.styles.get(self.links.get(abstract, ""))
        number = _value(style, "w:pPr/w:numPr/w:numId") if style is not None else ""
        return self.of_num.get(int(number), abstract) if number else abstract

    def _number(self, element: Any) -> str:
        """The number that Word prints before a paragraph, empty for none."""
        properties = self._property(element, "w:numPr")
        number = int(_value(properties, "w:numId", "0")) if properties is not None else 0
        abstract = self.of_num.get(number, -1)
        known = self.levels.get(abstract)
        if number == 0 or known is None:
            return ""
        style, place = self._style(element), _value(properties, "w:ilvl")
        of_style = (one for one, form in reversed(known.items()) if _value(form, "w:pStyle") == style)
        level = int(place) if place else next(of_style, 0)
        if level not in known:
            return ""
        if abstract not in self.counters:
            restarts = {one: _value(form, "w:lvlRestart") for one, form in known.items()}
            self.counters[abstract] = Counters(
                [int(_value(known[one], "w:start", "1")) if one in known else 1 for one in range(9)],
                {one: int(above) for one, above in restarts.items() if above},
            )
        restart = self.overrides.get((number, level)) if number not in self.started else None
        self.started.add(number)
        numbers = self.counters[abstract].next(level, restart)
        return self._printed(known | self.own_levels[number], level, numbers)

    def _printed(self, levels: Mapping[int, Any], level: int, numbers: Sequence[int]) -> str:
        """The numbers from the highest level down to one, as that one prints them."""
        form, kinds = levels[level], {one: _value(each, "w:numFmt", "decimal") for one, each in levels.items()}
        if kinds[level] in ("bullet", "none"):
            return BULLET if kinds[level] == "bullet" else ""
        if self._on(form.find(qn("w:isLgl"))):
            kinds = {}

        def printed(match: re.Match[str]) -> str:
            one = int(match[1]) - 1
            return formatted(numbers[one], kinds.get(one, "decimal")) if one < len(numbers) else ""

        return re.sub(r"%([1-9])", printed, _value(form, "w:lvlText")).strip()

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


def _levels(parent: Any) -> dict[int, Any]:
    """The levels of a list by their places, the highest of which is 0."""
    return {int(level.get(qn("w:ilvl"))): level for level in parent.iter(qn("w:lvl"))}


def _value(parent: Any, path: str, default: str = "") -> str:
    """The value (``w:val``) of an element below another; the default where there is none."""
    element = parent.find("/".join(map(qn, path.split("/"))))
    return str(element.get(qn("w:val"), default)) if element is not None else default
