"""Pages as the HTTP client gets them: what they link to, and what can be linked to in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit


@dataclass(slots=True)
class Links:
    """The addresses that a page links to, and its anchors."""

    addresses: set[str] = field(default_factory=set)
    anchors: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.found = Links()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        given = dict(attrs)
        if identifier := given.get("id"):
            self.found.anchors.add(identifier)
        for name in ("href", "src", "action"):
            if value := given.get(name):
                self.found.addresses.add(urljoin(self.address, value))


def links_of(html: str, address: str) -> Links:
    """What a page at an address links to, with absolute addresses."""
    reader = _Reader(address)
    reader.feed(html)
    reader.close()
    return reader.found


def without_fragment(address: str) -> tuple[str, str]:
    """An address and its fragment, apart."""
    stem, _, fragment = address.partition("#")
    return stem, fragment


def path_of(address: str) -> str:
    """The path of an address, without its query."""
    return urlsplit(address).path or "/"
