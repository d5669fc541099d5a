"""Pages as trees: what tests of the site read. Nothing is repaired: a page that is not well formed fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])


@dataclass(eq=False, slots=True)
class Element:
    """An element with its attributes and what is in it, in order. Of every element of the page those below it are the
    ones from ``first`` to before ``last``."""

    tag: str
    attributes: dict[str, str]
    every: list[Element] = field(repr=False)
    first: int
    last: int = 0
    children: list[Element | str] = field(default_factory=list)
    parent: Element | None = field(default=None, repr=False)

    def all(self, tag: str = "", class_: str = "", **attributes: str) -> list[Element]:
        """Every element below this one that has the tag, the class and the attributes."""
        return [
            each
            for each in self.walk()
            if (not tag or each.tag == tag)
            and (not class_ or class_ in each.attributes.get("class", "").split())
            and all(each.attributes.get(name.replace("_", "-")) == value for name, value in attributes.items())
        ]

    def one(self, tag: str = "", class_: str = "", **attributes: str) -> Element:
        """The only such element."""
        found = self.all(tag, class_, **attributes)
        assert len(found) == 1, f"{len(found)} × {tag}.{class_} {attributes}"
        return found[0]

    def walk(self) -> Iterator[Element]:
        """All elements below this one in document order."""
        return iter(self.every[self.first : self.last])

    @property
    def raw(self) -> str:
        """The characters in the element."""
        return "".join(child if isinstance(child, str) else child.raw for child in self.children)

    @property
    def text(self) -> str:
        """The words in the element, single-spaced."""
        return " ".join(self.raw.split())

    def section(self, heading_id: str) -> Element:
        """The section that the heading with an id names."""
        return self.one("section", aria_labelledby=heading_id)

    def at(self, place: str) -> Element:
        """The only element at a place: `tag.class`, `#id` for a section by the id of its heading or what has this id, or
        several of these, each in the one before it."""
        found = self
        for step in place.split():
            if step.startswith("#"):
                sections = found.all("section", aria_labelledby=step[1:])
                found = sections[0] if sections else found.one(id=step[1:])
            else:
                tag, _, class_ = step.partition(".")
                found = found.one(tag, class_)
        return found

    @property
    def hrefs(self) -> set[str]:
        """Where the links below this element lead."""
        return {link.attributes["href"] for link in self.all("a")}

    def numbers(self) -> list[int]:
        """The numbers of the recommendations listed below this element, in order; of "7.1" the first."""
        return [int(each.text.split()[-1].partition(".")[0]) for each in self.all("a", "line-number")]


TAG = re.compile(r'([^<]*)<(/?)([a-zA-Z][\w-]*)((?:\s+[^\s"\'<>=/]+(?:="[^"]*")?)*)\s*(/?)>')
ATTRIBUTE = re.compile(r'([^\s"=]+)(?:="([^"]*)")?')


def tree(html: str) -> Element:
    """A page as a tree. Elements must be closed in order; nothing is repaired."""
    every: list[Element] = []
    root = at = Element("document", {}, every, 0)
    place = len("<!doctype html>") if html.startswith("<!doctype html>") else 0
    while match := TAG.match(html, place):
        text, ending, tag, attributes, whole = match.groups()
        place = match.end()
        at.children += [unescape(text)] if text else []
        if ending:
            assert at.tag == tag, f"</{tag}> ends <{at.tag}>: {html[place - 200 : place]}"
            assert at.parent is not None
            at.last, at = len(every), at.parent
            continue
        given = {name: unescape(value) for name, value in ATTRIBUTE.findall(attributes)}
        element = Element(tag, given, every, len(every) + 1, len(every) + 1, parent=at)
        at.children.append(element)
        every.append(element)
        if tag not in VOID and not whole:
            at = element
        if tag == "script":  # its text has no escapes, and ends with its end
            end = html.index("</script>", place)
            element.children += [html[place:end]] if end > place else []
            place = end
    assert "<" not in html[place:], html[place : place + 200]
    assert at is root, f"<{at.tag}> is never closed"
    root.last = len(every)
    return root


Visit = Callable[[str], Element]
"""Opens a page by its path, as a browser does, and gives its tree."""
