"""HTML pages: headings, paragraphs, lists with the numbers that browsers make, tables, notes with their marks.

What a site puts around its text (navigation, consent to cookies, foot) and what is hidden are no words of the document.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import lxml.html
from lxml import etree

from ingest.errors import SourceError
from ingest.formats.blocks import BULLET, LONGEST_BOLD, Blocks, formatted, note_mark, own_rows, unwrapped
from ingest.formats.encodings import Decoded, decoded, is_unicode

HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_BLOCK_TAGS = """p div li ul ol table blockquote section article main body dl dt dd pre header figure figcaption
center address aside details summary form tbody tr td hr"""
BLOCKS = HEADINGS | frozenset(_BLOCK_TAGS.split())
SKIPPED = frozenset({"script", "style", "template", "noscript", "head", "svg"})
AROUND = frozenset({"nav", "button", "form", "footer"})
AROUND_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "complementary"})
AROUND_NAMES = re.compile(r"cookie|consent|breadcrumb|skip-?(?:link|nav|to)", re.IGNORECASE)
"""Elements of a site around the text of a page, by tag, by role (WAI-ARIA 1.2, §5.3.4), and by class or identifier."""
HIDDEN = re.compile(r"display:\s*none|mso-hide:\s*all")
KEEPS_LINES = re.compile(r"\bwhite-?space[:-]\s*pre\b")
BLANK_LINE = re.compile(r"\n[ \u00a0]*\n\s*")
DECLARED = re.compile(rb"<meta\b[^>]*charset=[\"']?\s*([\w-]+)", re.IGNORECASE)
FARTHEST_DECLARATION = 4096
BOLD = frozenset({"b", "strong"})
NOTE_LINK = re.compile(r"\[?\(?([0-9]{1,3}|[*†‡]{1,4})\)?\]?")


def read_html(text: str, path: Path) -> Blocks:
    """The blocks of an HTML page. Raises `SourceError` for one without words."""
    try:
        parser = lxml.html.HTMLParser(encoding="utf-8")
        root = lxml.html.document_fromstring(text.encode(), parser=parser)
    except (etree.ParserError, ValueError) as error:
        advice = "the page that holds the document's text"
        raise SourceError(path, None, "an HTML page without words", advice) from error
    return _Page(root).blocks()


def decoded_page(raw: bytes, path: Path, encoding: str = "") -> Decoded:
    """The text of a page: in the encoding that is given; UTF-8 where its bytes are that, whatever it declares; else as
    it declares, else as found out.

    Pages that declare ISO 8859-1 or ASCII are read as windows-1252, as browsers read them (Encoding, §4.2).
    """
    declared = DECLARED.search(raw[:FARTHEST_DECLARATION])
    name = declared[1].decode().lower() if declared else ""
    if name and not encoding and not is_unicode(raw):
        with suppress(LookupError, UnicodeDecodeError):
            return Decoded(raw.decode("cp1252" if name in ("iso-8859-1", "latin1", "us-ascii", "ascii") else name))
    return decoded(raw, path, encoding)


class _Page:
    def __init__(self, root: Any) -> None:
        self.root = root
        self.body = root.find("body") if root.find("body") is not None else root
        self.out = Blocks()
        self.targets = self._notes()
        main = [*self.body.iter("main")] or [one for one in self.body.iter() if one.get("role") == "main"]
        self.main = main[0] if len(main) == 1 else None

    def blocks(self) -> Blocks:
        if self.main is None:
            self._read(self.body)
        else:
            self._read(self.main)
            self._leave_out_around(self.main)
        for element, mark in self.targets.items():
            words = self._words(element, within_note=True)
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
        loose: list[str] = [unwrapped(parent.text)]
        for child in parent:
            if isinstance(child.tag, str) and not self._is_left_out(child) and child not in self.targets:
                if child.tag in BLOCKS:
                    self._add_each("".join(loose))
                    loose = []
                    self._block(child)
                else:
                    loose.append(self._inline(child))
            loose.append(unwrapped(child.tail))
        self._add_each("".join(loose))

    def _add_each(self, text: str, set_as: str = "") -> None:
        """Adds a block, or several where blank lines made of breaks stand between them."""
        for piece in BLANK_LINE.split(text):
            self.out.add(piece, set_as)

    def _is_left_out(self, element: Any) -> bool:
        """Whether an element is no words of the document; those that a visitor sees are kept as left out."""
        if element.tag in SKIPPED or HIDDEN.search(element.get("style") or "") or "hidden" in element.attrib:
            return True
        named = f"{element.get('class') or ''} {element.get('id') or ''}"
        around = element.tag in AROUND or element.get("role") in AROUND_ROLES or AROUND_NAMES.search(named)
        if around and element is not self.body and not (element.tag == "form" and element.find(".//p") is not None):
            self._leave_out(element)
            return True
        return False

    def _leave_out(self, element: Any) -> None:
        self.out.leave_out(" ".join(self._words(element).split()))

    def _leave_out_around(self, main: Any) -> None:
        """Keeps what stands beside the main part of a page as left out."""
        while main is not self.body and main.getparent() is not None:
            for beside in (*main.itersiblings(preceding=True), *main.itersiblings()):
                is_seen = isinstance(beside.tag, str) and beside.tag not in SKIPPED
                if is_seen and not any(one in self.targets for one in beside.iter()):
                    self._leave_out(beside)
            main = main.getparent()

    def _block(self, element: Any) -> None:
        if element.tag in ("ol", "ul"):
            self._list(element)
        elif element.tag == "table":
            self._table(element)
        elif element.tag in HEADINGS:
            self.out.add(" ".join(self._words(element).split()), "heading")
        elif any(child.tag in BLOCKS for child in element):
            self._read(element)
        else:
            text = self._words(element)
            self._add_each(text, "bold" if len(text) <= LONGEST_BOLD and _is_bold(element) else "")

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
        self.out.add_table(rows, self._words, self._block)

    def _inline(self, element: Any, within_note: bool = False) -> str:
        if not isinstance(element.tag, str) or element.tag in SKIPPED or HIDDEN.search(element.get("style") or ""):
            return ""
        if element.tag == "br":
            return "\n"
        words = self._words(element, within_note)
        if element.tag in BLOCKS:
            return f" {words} "
        mark = NOTE_LINK.fullmatch(words.strip())
        if within_note:
            return "" if mark and element.tag == "a" else words
        linked = element.tag == "a" and (element.get("href") or "").startswith("#")
        return note_mark(mark[1]) if mark and (element.tag == "sup" or linked) else words

    def _words(self, element: Any, within_note: bool = False) -> str:
        keeps_lines = _keeps_lines(element)
        words = [unwrapped(element.text, keeps_lines)]
        for child in element:
            words += (self._inline(child, within_note), unwrapped(child.tail, keeps_lines))
        return "".join(words)


def _keeps_lines(element: Any) -> bool:
    """Whether a browser shows the line ends of an element as they are."""
    return (
        element.tag == "pre"
        or KEEPS_LINES.search(f"{element.get('style') or ''} {element.get('class') or ''}") is not None
    )


def _is_bold(element: Any) -> bool:
    if (element.text or "").strip():
        return False
    words = [child for child in element if isinstance(child.tag, str) and "".join(child.itertext()).strip()]
    return bool(words) and all(child.tag in BOLD and not (child.tail or "").strip() for child in words)
