"""Pages as the HTTP client gets them: what they link to, and what can be linked to in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import lxml.html
from lxml import etree


@dataclass(slots=True)
class Links:
    """The addresses that a page links to, and its anchors."""

    addresses: set[str] = field(default_factory=set)
    anchors: set[str] = field(default_factory=set)


def links_of(html: bytes, address: str) -> Links:
    """What a page at an address links to, with absolute addresses."""
    found = Links()
    for element in lxml.html.document_fromstring(html).iter(etree.Element):
        if identifier := element.get("id"):
            found.anchors.add(identifier)
        for name in ("href", "src", "action"):
            if value := element.get(name):
                found.addresses.add(urljoin(address, value))
    return found


def without_fragment(address: str) -> tuple[str, str]:
    """An address and its fragment, apart."""
    stem, _, fragment = address.partition("#")
    return stem, fragment


def path_of(address: str) -> str:
    """The path of an address, without its query."""
    return urlsplit(address).path or "/"
