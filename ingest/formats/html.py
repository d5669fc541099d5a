"""HTML pages: headings, paragraphs, lists with the numbers that browsers make, tables, notes with their marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
from lxml import etree

from ingest.formats.blocks import Blocks, UnreadableFileError, formatted, note_mark, own_rows

HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
BLOCKS = HEADINGS | {
    *(
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "table",
        "blockquote",
        "section",
        "article",
        "main",
        "body",
        "dl",
        "dt",
        "dd",
        "pre",
    ),
    *("header", "figure", "figcaption", "center", "address", "aside", "details", "summary", "tbody", "tr", "td", "hr"),
}
SKIPPED = frozenset({"script", "style", "nav", "template", "noscript", "head", "button", "form", "svg", "footer"})
BOLD = frozenset({"b", "strong"})
NOTE_LINK = re.compile(r"\[?\(?([0-9]{1,3}|[*†‡]{1,4})\)?\]?")
LONGEST_BOLD = 300
BULLET = "•"


def read_html(path: Path) -> Blocks:
    """The blocks of an HTML page. Raises `UnreadableFileError` for one without words."""
    raw = path.read_bytes()
    try:
        parser = lxml.html.HTMLParser(encoding="utf-8" if _is_utf8(raw) else None)
        root = lxml.html.document_fromstring(raw, parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise UnreadableFileError(
            path, "an HTML page without words", "the page that holds the document's text"
        ) from error
    return _Page(root).blocks()


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class _Page:
    def __init__(self, root: Any) -> None:
        self.root = root
        self.body = root.find("body") if root.find("body") is not None else root
        self.out = Blocks()
        self.targets = self._notes()

    def blocks(self) -> Blocks:
        self._read(self.body)
        for element, mark in self.targets.items():
            words = "".join(self._words(element, within_note=True))
            self.out.notes[mark] = re.sub(r"^\s*\[?\(?(?:[0-9]{1,3}|[*†‡]+)\)?\]?[.:]?\s*|[↩︎^]+\s*$", "", words).strip()
        return self.out

    def _notes(self) -> dict[Any, str]:
        """The elements that hold notes, by the links of their marks, in order of the marks."""
        notes: dict[Any, str] = {}
        by_id = {element.get("id"): element for element in self.root.iter() if element.get("id")}
        by_id |= {element.get("name"): element for element in self.root.iter("a") if element.get("name")} | by_id
        order = {element: place for place, element in enumerate(self.root.iter())}
        for link in self.root.iter("a"):
            match = NOTE_LINK.fullmatch("".join(link.itertext()).strip())
            target = by_id.get((link.get("href") or "")[1:]) if (link.get("href") or "").startswith("#") else None
            if match is None or target is None or order[target] < order[link]:
                continue
            while target.tag not in ("li", "p", "div", "td", "dd") and target.getparent() is not None:
                target = target.getparent()
            if target is not self.body and target not in notes and not any(link is one for one in target.iter()):
                notes[target] = match[1]
        return notes

    def _read(self, parent: Any) -> None:
        """Reads the children of a block; words between blocks are blocks of their own."""
        loose: list[str] = [parent.text or ""]
        for child in parent:
            if not isinstance(child.tag, str) or child.tag in SKIPPED or child in self.targets:
                loose.append(child.tail or "")
                continue
            if child.tag in BLOCKS:
                self.out.add("".join(loose))
                loose = []
                self._block(child)
            else:
                loose += self._inline(child)
            loose.append(child.tail or "")
        self.out.add("".join(loose))

    def _block(self, element: Any) -> None:
        if element.tag in ("ol", "ul"):
            self._list(element)
        elif element.tag == "table":
            self._table(element)
        elif element.tag in HEADINGS:
            self.out.add(" ".join("".join(self._words(element)).split()), "heading")
        elif any(child.tag in BLOCKS for child in element):
            self._read(element)
        else:
            text = "".join(self._words(element))
            self.out.add(text, "bold" if len(text) <= LONGEST_BOLD and _is_bold(element) else "")

    def _list(self, element: Any) -> None:
        number = int(element.get("start") or 1) - 1 if re.fullmatch(r"-?\d+", element.get("start") or "1") else 0
        style = element.get("type") or ""
        if match := re.search(r"list-style(?:-type)?:\s*([a-z-]+)", element.get("style") or ""):
            style = match[1]
        for item in element:
            if item.tag in ("ol", "ul"):
                self._list(item)
                continue
            if item.tag != "li" or item in self.targets:
                continue
            number = int(item.get("value")) if (item.get("value") or "").isdigit() else number + 1
            sign = formatted(number, style)
            mark = BULLET if element.tag == "ul" else f"{sign}." if sign.isdigit() or sign.isupper() else f"({sign})"
            before = len(self.out.blocks)
            self._read(item)
            if len(self.out.blocks) > before and style != "none":
                first = self.out.blocks[before]
                own = re.match(r"(?:\([a-z0-9]+\)|[0-9]+\.|[•–-])\s", first.text)
                words = first.text if own else f"{mark} {first.text}"
                self.out.blocks[before] = type(first)(words, first.set_as)

    def _table(self, table: Any) -> None:
        rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in own_rows(table, "tr")]
        self.out.add_table(rows, lambda cell: "".join(self._words(cell)), self._block)

    def _inline(self, element: Any, within_note: bool = False) -> Iterator[str]:
        if element.tag in SKIPPED or not isinstance(element.tag, str):
            return
        if element.tag == "br":
            yield "\n"
            return
        words = "".join(self._words(element, within_note))
        if within_note and element.tag == "a" and NOTE_LINK.fullmatch(words.strip()):
            return
        mark = NOTE_LINK.fullmatch(words.strip())
        linked = element.tag == "a" and (element.get("href") or "").startswith("#")
        if mark and (element.tag == "sup" or linked) and not within_note:
            yield note_mark(mark[1])
        else:
            yield words

    def _words(self, element: Any, within_note: bool = False) -> Iterator[str]:
        yield _unwrapped(element.text)
        for child in element:
            yield from self._inline(child, within_note)
            yield _unwrapped(child.tail)


def _unwrapped(text: str | None) -> str:
    """Text of the page, in which a line end is a space."""
    return re.sub(r"[ \t\r\n\f]+", " ", text or "")


def _is_bold(element: Any) -> bool:
    if (element.text or "").strip():
        return False
    words = [child for child in element if isinstance(child.tag, str) and "".join(child.itertext()).strip()]
    return bool(words) and all(child.tag in BOLD and not (child.tail or "").strip() for child in words)
