"""Prefixed names: IRIs shortened with the published prefixes, where the result needs no escape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_REMEMBERED = 4_096
"""How many IRIs the names of one set of prefixes are remembered for: the same few stand in most documents."""


class Prefixes:
    """Shortens IRIs and remembers which prefixes it used. Of two namespaces that fit, the longer one wins."""

    __slots__ = ("_names", "_used")

    def __init__(self, namespaces: Mapping[str, str]) -> None:
        self._names = _names(tuple(namespaces.items()))
        self._used: set[str] = set()

    def shorten(self, iri: str) -> str | None:
        """The prefixed name of an IRI, or None when no prefix fits."""
        name, prefix = self._names[iri]
        if prefix is None:
            return None
        self._used.add(prefix)
        return name

    def reference(self, iri: str) -> str:
        """An IRI as Turtle has it: its prefixed name, or itself in angle brackets."""
        name, prefix = self._names[iri]
        if prefix is not None:
            self._used.add(prefix)
        return name

    @property
    def used(self) -> dict[str, str]:
        """The prefixes that were used, with their namespaces."""
        return {prefix: self._names.namespaces[prefix] for prefix in self._used}


class _Names(dict[str, tuple[str, str | None]]):
    """Names by IRI, found when first asked for: the prefixed name and its prefix, or the IRI in brackets."""

    def __init__(self, namespaces: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self.namespaces = dict(namespaces)
        self._prefixes = {namespace: prefix for prefix, namespace in namespaces}

    def __missing__(self, iri: str) -> tuple[str, str | None]:
        if len(self) >= _REMEMBERED:
            self.clear()
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        prefix, local = self._prefixes.get(iri[:cut]), iri[cut:]
        if prefix is not None and not ((local.isidentifier() and local.isascii()) or _LOCAL.fullmatch(local)):
            prefix = None
        name = self[iri] = (f"<{iri}>", None) if prefix is None else (f"{prefix}:{local}", prefix)
        return name


@lru_cache(maxsize=8)
def _names(namespaces: tuple[tuple[str, str], ...]) -> _Names:
    return _Names(namespaces)
