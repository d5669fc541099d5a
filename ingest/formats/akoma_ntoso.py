"""Akoma Ntoso of any version: what structure prints (numbers, headings, words, points, tables, notes), in order.

Elements are told by their local names, so that 1.0 of OASIS, the drafts before it and profiles of it read alike. Inline
marks are left out, their words stay. What the file says of itself goes beside the text, for a person to confirm.
"""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree

from ingest.errors import SourceError
from ingest.formats.blocks import BULLET, Blocks, note_mark, unwrapped
from ingest.metadata import KINDS

ROOT = re.compile(rb"<(?:[\w.-]+:)?akomaNtoso[\s>]")
SKIPPED = frozenset({"meta", "toc", "presentation", "proprietary", "preservation", "componentRef", "documentRef"})
LABELS = frozenset({"num", "heading"})
TEXTS = frozenset({"p", "block", "subheading", "listIntroduction", "listWrapUp", "crossHeading"})
"""Elements whose content is one run of words."""
BLOCKS = TEXTS | LABELS | {"li", "tr"}
BREAKS = frozenset({"br", "eol"})
ITEMS = frozenset({"point", "item", "indent", "alinea", "subparagraph", "sublist"})
BARE = re.compile(r"[0-9]+|[IVXLC]+|[A-Za-z]")
WHITE = " \t\r\n"
LANGUAGES = {"ara": "ar", "zho": "zh", "chi": "zh", "eng": "en", "fra": "fr", "fre": "fr", "rus": "ru", "spa": "es"}


def is_akoma_ntoso(raw: bytes) -> bool:
    """Whether bytes begin as Akoma Ntoso does."""
    return ROOT.search(raw[:4096]) is not None


def read_akoma_ntoso(path: Path) -> tuple[Blocks, dict[str, str]]:
    """The blocks of a file, and its metadata by the keys of a ``.toml`` file. Raises `SourceError`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.parse(str(path), parser).getroot()
    except etree.XMLSyntaxError as error:
        problem = f"XML that is broken in line {error.lineno} ({error.msg})"
        raise SourceError(path, None, problem, "well-formed Akoma Ntoso") from error
    reader = _Reader(root)
    if not reader.out.blocks:
        raise SourceError(path, None, "Akoma Ntoso without words", "a file that holds the document's text")
    return reader.out, _metadata(root)


class _Reader:
    """Reads a file from top to bottom; ``pending`` is a number whose words are yet to come."""

    def __init__(self, root: etree._Element) -> None:
        self.out = Blocks()
        self.pending = ""
        notes = [element for element in root.iter() if _name(element) == "note" and "marker" in element.attrib]
        self.marks = {element.get("eId", element.get("id", "")): element.get("marker", "") for element in notes}
        self._children(root)
        for element in notes:
            self.out.notes.setdefault(element.get("marker", ""), self._words(element))

    def _read(self, element: etree._Element) -> None:
        name = _name(element)
        if name in SKIPPED or name in LABELS:
            return
        if name in TEXTS:
            self._add(self._words(element), "heading" if name == "crossHeading" else "")
        elif name == "table":
            self._table(element)
        else:
            self._numbered(element)
            self._children(element)

    def _numbered(self, element: etree._Element) -> None:
        """Number and heading of a part; a number without a heading waits for the first words."""
        children = {_name(child): child for child in reversed(element)}
        number = self._words(children["num"]).strip() if "num" in children else ""
        if _name(element) == "li":
            around = next(element.iterancestors("{*}ul", "{*}ol"), None)
            place = str(sum(1 for _ in element.itersiblings("{*}li", preceding=True)) + 1)
            number = BULLET if around is None or _name(around) == "ul" else element.get("value", place)
        if BARE.fullmatch(number):
            number = f"({number})" if _name(element) in ITEMS or number.islower() else f"{number}."
        if "heading" in children:
            self._flush()
            words = self._words(children["heading"])
            self.out.add(" ".join(f"{number} {words}".split()), "heading")
        elif number:
            self._flush()
            self.pending = number

    def _children(self, parent: etree._Element) -> None:
        """The children of an element; words beside blocks are a block of their own."""
        loose = [parent.text or ""]
        numbered = any(_name(child) == "num" for child in parent)
        for child in parent:
            name = _name(child)
            if name == "authorialNote" or not any(_name(inside) in BLOCKS for inside in child.iter()):
                if name not in SKIPPED:
                    loose.append(self._inline(child))
            else:
                self._add("".join(loose))
                loose = []
                self._read(child)
            loose.append(child.tail or "")
        self._add("".join(loose))
        if numbered:
            self._flush()

    def _add(self, words: str, set_as: str = "") -> None:
        if words.strip():
            self.out.add(f"{self.pending} {words.strip(WHITE)}".strip(WHITE), set_as)
            self.pending = ""

    def _flush(self) -> None:
        """Writes a number that no words followed."""
        if self.pending:
            self.out.add(self.pending)
            self.pending = ""

    def _table(self, table: etree._Element) -> None:
        """A table row by row; one that lays out a masthead cell by cell."""
        masthead = any(_name(above) in ("coverPage", "preface") for above in table.iterancestors())
        for row in (element for element in table.iter() if _name(element) == "tr"):
            cells = [" ".join(self._words(cell).split()) for cell in row]
            if masthead:
                for cell in cells:
                    self._add(cell)
            else:
                self.out.add_row(cells)

    def _inline(self, element: etree._Element) -> str:
        name = _name(element)
        if name in BREAKS:
            return "\n"
        if name == "authorialNote":
            mark = element.get("marker") or str(len(self.out.notes) + 1)
            self.out.notes[mark] = self._words(element)
            return note_mark(mark)
        if name == "noteRef":
            return note_mark(element.get("marker") or self.marks.get(element.get("href", "")[1:], ""))
        if not name or name in SKIPPED:
            return ""
        return self._words(element) + " " * (name in BLOCKS)

    def _words(self, element: etree._Element) -> str:
        """The words of an element; a line end of the file is a space, a no-break space is one of the words."""
        words = [unwrapped(element.text)]
        for child in element:
            words += (self._inline(child), unwrapped(child.tail))
        return "".join(words)


def _name(element: etree._Element) -> str:
    """The local name of an element; empty for an entity, which is not read."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _metadata(root: etree._Element) -> dict[str, str]:
    """What the file says of the document: date, symbol, kind, language and title."""
    metadata: dict[str, str] = {}
    document = next((child for child in root if _name(child)), root)
    kind = document.get("name", "").lower()
    if kind in KINDS:
        metadata["kind"] = kind
    for element in root.iter():
        name, parent = _name(element), element.getparent()
        level = _name(parent) if parent is not None else ""
        if name == "FRBRdate" and level == "FRBRWork":
            metadata.setdefault("issued", element.get("date", "")[:10])
        elif name == "FRBRlanguage":
            code = element.get("language", "")
            metadata.setdefault("language", LANGUAGES.get(code, code if len(code) == 2 else ""))
        elif name in ("docNumber", "docTitle") or (name == "container" and element.get("name") == "title"):
            words = " ".join("".join(str(part) for part in element.itertext()).split())
            metadata.setdefault("symbol" if name == "docNumber" else "title", words)
    return {key: value for key, value in metadata.items() if value}
