"""Pages as trees: what tests of the site read. Nothing is repaired: a page that is not well formed fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])


@dataclass(eq=False)
class Element:
    """An element with its attributes and what is in it, in order."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)
    parent: Element | None = None

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
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

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


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("document", {})
        self._at = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, parent=self._at)
        self._at.children.append(element)
        if tag not in VOID:
            self._at = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._at.children.append(Element(tag, {name: value or "" for name, value in attrs}, parent=self._at))

    def handle_endtag(self, tag: str) -> None:
        assert self._at.tag == tag, f"</{tag}> ends <{self._at.tag}> at {self.getpos()}"
        assert self._at.parent is not None
        self._at = self._at.parent

    def handle_data(self, data: str) -> None:
        self._at.children.append(data)


def tree(html: str) -> Element:
    """A page as a tree. Elements must be closed in order; nothing is repaired."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert builder._at is builder.root, f"<{builder._at.tag}> is never closed"
    return builder.root


Visit = Callable[[str], Element]
"""Opens a page by its path, as a browser does, and gives its tree."""
