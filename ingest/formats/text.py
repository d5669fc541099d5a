"""Plain text and Markdown, with page breaks, running heads, notes, tabs and HTML marks put in order.

A text that needs none of that stays as it is, byte for byte.
"""

from __future__ import annotations

import html
import re
from itertools import pairwise

from ingest.layout import EDGE, PAGE_FOOT, PAGE_NUMBER, repeated, shape

HTML_MARK = re.compile(
    r"</?(?:b|i|em|strong|u|span|p|div|font|small|sub|a|br|tt|code|center|details|summary)\b[^<>]*/?>"
)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
BREAKS = ("<br", "<p", "</p", "<div", "</div", "<details", "</details", "<summary", "</summary")
RAISED = re.compile(r"<sup>\s*+(?:<a\b[^>]*>\s*+)?\[?([0-9]{1,3})\]?\s*+(?:</a>\s*+)?</sup>")
BRACKETED_NOTE = re.compile(r"(?m)^\\?\[([0-9]{1,3})\\?\] +(?=\S)")
BRACKETED_MARK = re.compile(r"(?<=[^\s\[\\])\\?\[([0-9]{1,3})\\?\](?![(:])")
LINK = re.compile(r"(?<!!)\[([^\]\[^]+)\]\((?:https?://|mailto:|#)(?:(?!\]\()[^)\s])*+(?:\s+\"[^\"]*\")?\)")
PICTURE = re.compile(r"!\[([^\]\[]*)\]\([^()\n]*\)")
QUOTED_LINE = re.compile(r"(?m)^ {0,3}(?:> ?)+")
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
METADATA = re.compile(r"\A---\n(?:[A-Za-z][\w-]*:.*\n|[ \t-].*\n)+(?:---|\.\.\.)\n")
"""Markdown that is no word: the address of a link or picture, the marks of quoted lines and of code, and the metadata
that a YAML block has above the text."""
STRUCK = re.compile(r"~~(.+?)~~")
FENCE = re.compile(r"(?m)^```\{=html\}\n(?:.*\n)*?```\n?")
ENTITY = re.compile(r"&(?:[a-z]{2,8}|#[0-9]{2,5}|#x[0-9a-fA-F]{2,5});")
NOTE_LINE = re.compile(r"([0-9]{1,3})\s+(?=[A-Z“\"(]|See\b)")
NUMBER_TAB = re.compile(
    r"(?m)^[ \t]*((?:[0-9]+\.(?:[0-9]+\.?)?|[IVXLC]+\.|[A-Z]\.|\(?[a-z]{1,5}\)|\([0-9]+\)|[•·]))\t[ \t]*"
)
_WORD = r"(?=[A-ZÀ-ÞЀ-Я“«][^\W\d]|A )"
GLUED_NUMBER = re.compile(rf"(?m)^[0-9]{{1,3}}\.{_WORD}")
SPACED_NUMBER = re.compile(r"(?m)^[0-9]{1,3}\.\s")
_MARK_OF_A_BLOCK = r"[0-9]{1,3}\.|[IVX]{1,5}\.|[A-Z]\.|\([a-z]{1,4}\)|\([0-9]{1,2}\)"
GLUED = re.compile(rf"(?m)^((?:#{{1,6}} |\*\*)?(?:{_MARK_OF_A_BLOCK})){_WORD}")
FEWEST_GLUED = 2
LEAST_LINES, WRAPPED, SPARSE = 4, 0.05, 0.1


def readable(text: str, left_out: list[str] | None = None) -> str:
    """A text in the form that `ingest.source` reads; the same text where nothing is to be done. The lines of pages that
    are not in it are added to ``left_out``."""
    out = _without_html(_without_metadata(text, [] if left_out is None else left_out))
    if "\f" in out:
        out = _pages(out, [] if left_out is None else left_out)
    out = spaced(NUMBER_TAB.sub(r"\1 ", out))
    lines = out.strip("\n").split("\n")
    full = [line for line in lines if line.strip()]
    blank = len(lines) - len(full)
    wrapped = sum(bool(above.strip()) and line[:1].islower() for above, line in pairwise(lines))
    if len(full) >= LEAST_LINES and blank < SPARSE * len(lines) and wrapped <= WRAPPED * len(full):
        out = "\n\n".join(line for line in lines if line.strip()) + "\n"
    return out


def _without_metadata(text: str, left_out: list[str]) -> str:
    match = METADATA.match(text)
    left_out += match[0].split("\n")[1:-2] if match else []
    return text[match.end() :] if match else text


def _without_html(text: str) -> str:
    out = FENCE.sub("", text)
    out = _with_bracketed_notes(RAISED.sub(r"[^\1]", out))
    out = _without_comments(out)
    out = HTML_MARK.sub(lambda match: "\n" if match[0].lower().startswith(BREAKS) else "", out)
    out = ENTITY.sub(lambda match: html.unescape(match[0]).replace("\xa0", " "), out)
    out = CODE.sub(r"\1", QUOTED_LINE.sub("", PICTURE.sub(r"\1", out)))
    return STRUCK.sub(r"\1", LINK.sub(r"\1", out))


def _without_comments(text: str) -> str:
    """The text without comments; behind the last end of one none is sought, which would take as long for each
    beginning."""
    end = text.rfind("-->") + len("-->")
    return COMMENT.sub("", text[:end]) + text[end:] if end >= len("-->") else text


def _with_bracketed_notes(text: str) -> str:
    """The text with "[1]" as the mark of a note where it stands behind a word and opens a later block."""
    marks: dict[str, int] = {}
    for match in BRACKETED_MARK.finditer(text):
        marks.setdefault(match[1], match.start())
    noted = {match[1] for match in BRACKETED_NOTE.finditer(text) if marks.get(match[1], len(text)) < match.start()}
    text = BRACKETED_NOTE.sub(lambda match: f"[^{match[1]}]: " if match[1] in noted else match[0], text)
    return BRACKETED_MARK.sub(lambda match: f"[^{match[1]}]" if match[1] in noted else match[0], text)


def spaced(text: str) -> str:
    """The text with a space behind the numbers of blocks, where most of them lack it as in "1.The Committee"."""
    glued = len(GLUED_NUMBER.findall(text))
    return GLUED.sub(r"\1 ", text) if glued >= FEWEST_GLUED and glued > len(SPACED_NUMBER.findall(text)) else text


def _pages(text: str, left_out: list[str]) -> str:
    """The pages of a text apart by form feeds, without their heads and feet; notes at their foot are marked as such."""
    pages = [page.split("\n") for page in text.split("\f")]
    edges = [[line for line in page if line.strip()] for page in pages]
    heads = repeated([[" ".join(line.split()) for line in page] for page in edges])
    out: list[str] = []
    for page, full in zip(pages, edges, strict=True):
        edge = {id(line) for line in [*full[:EDGE], *full[-EDGE:]]}
        kept: list[str] = []
        for line in page:
            words = " ".join(line.split())
            foot = PAGE_FOOT.fullmatch(words) and not NOTE_LINE.match(words)
            layout = foot or PAGE_NUMBER.fullmatch(words) or shape(words) in heads
            is_left_out = words and id(line) in edge and layout
            kept.append("" if is_left_out else line)
            left_out += [words] if is_left_out else []
        out += [*_with_notes(kept), ""]
    return "\n".join(out)


def _with_notes(lines: list[str]) -> list[str]:
    """The lines of a page: its last blocks that open with a number and no full stop are notes, their marks are set."""
    start = len(lines)
    for position in range(len(lines) - 1, -1, -1):
        if lines[position].strip() and (position == 0 or not lines[position - 1].strip()):
            if not NOTE_LINE.match(lines[position].lstrip()):
                break
            start = position
    marks: list[str] = []
    noted = []
    for line in lines[start:]:
        match = NOTE_LINE.match(line.lstrip())
        if match and (not marks or int(match[1]) == int(marks[-1]) + 1):
            marks.append(match[1])
            noted += ["", f"[^{match[1]}]: {line.lstrip()[match.end() :]}"]
        else:
            noted.append(line)
    body = "\n".join(lines[:start])
    for mark in marks:
        body = re.sub(rf"(?<=[A-Za-zÀ-ÿ.,;:”\")]){mark}(?=[\s.,;)]|$)", f"[^{mark}]", body)
    return [*body.split("\n"), *noted]
