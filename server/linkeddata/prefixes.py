"""Prefixed names: IRIs shortened with the published prefixes, where the result needs no escape."""

from __future__ import annotations

import re
from collections.abc import Mapping

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")


class Prefixes:
    """Shortens IRIs and remembers which prefixes it used. Of two namespaces that fit, the longer one wins."""

    __slots__ = ("_known", "_short", "used")

    def __init__(self, namespaces: Mapping[str, str]) -> None:
        self._known = {namespace: name for name, namespace in namespaces.items()}
        self._short: dict[str, str] = {}
        self.used: dict[str, str] = {}

    def shorten(self, iri: str) -> str | None:
        """The prefixed name of an IRI, or None when no prefix fits."""
        known = self._short.get(iri)
        if known is not None:
            return known or None
        name = self._find(iri)
        self._short[iri] = name or ""
        return name

    def _find(self, iri: str) -> str | None:
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        namespace, local = iri[:cut], iri[cut:]
        prefix = self._known.get(namespace)
        if prefix is None or not ((local.isidentifier() and local.isascii()) or _LOCAL.fullmatch(local)):
            return None
        self.used[prefix] = namespace
        return f"{prefix}:{local}"
