"""Every URL the server writes is made here.

Links are path-absolute and start with the path of the base IRI, so that pages work behind any proxy; what goes into
data, citations and ``rel=canonical`` is absolute and comes from the base IRI. Nothing reads the request's host.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote, quote_plus

from pyoxigraph import NamedNode

from ontology.namespaces import Base

_THING = "id/"
_DOCUMENT = "doc/"
_LINE_END = "\n"
_KEPT = 20_000
"""How many addresses are remembered: the same ones stand on many pages."""


class Urls:
    """Makes URLs for one base; of a request for an older version, below ``/v/<version>/`` so that it stays there."""

    __slots__ = ("_root", "base", "pinned_version")

    def __init__(self, base: Base, pinned_version: str = "") -> None:
        self.base = base
        self.pinned_version = pinned_version
        self._root = base.path + (f"v/{pinned_version}/" if pinned_version else "")

    def path(self, path: str = "", query: Mapping[str, str] | None = None) -> str:
        """Any path below the base, with a query string made from a mapping."""
        return self._root + _quoted_path(path) + (f"?{_query_string(query)}" if query else "")

    def home(self) -> str:
        """The home page."""
        return self._root

    def doc(self, resource: NamedNode | str, suffix: str = "") -> str:
        """The document about one of our things, with a suffix such as ``.ttl`` of one format.

        A fragment is cut: it is described in the document of its whole. What is a document itself (``graph/…``,
        ``ontology``) has its own URL. Raises `ValueError` for an IRI from elsewhere.
        """
        return self.path(self.document_path(resource)) + suffix

    def document_path(self, resource: NamedNode | str) -> str:
        """The path below the base of the document about one of our things: ``doc/actor/unodc``."""
        path = self.local_path(resource).partition("#")[0]
        return _DOCUMENT + path.removeprefix(_THING) if path.startswith(_THING) else path

    def thing(self, resource: NamedNode | str) -> str:
        """The path of one of our IRIs itself, ``/id/…``, which answers with a redirection."""
        return self.base.path + self.local_path(resource)

    def of(self, resource: NamedNode | str) -> str:
        """Where a link to an IRI leads: ours to its document, with its fragment; any other to itself."""
        return _leads_to(_iri(resource), self.base.iri, self.base.vocabulary, self.pinned_version)

    def absolute(self, path: str) -> str:
        """The absolute URL of a path-absolute one that was made here."""
        return self.base.iri + path.removeprefix(self.base.path)

    def canonical(self, path: str) -> str:
        """The absolute URL of a path below the base in the current version, whichever version is being read."""
        return self.base.iri + path

    def static(self, name: str) -> str:
        """A file of the interface."""
        return f"{self.base.path}static/{name}"

    def dump(self, name: str) -> str:
        """A file for download."""
        return self.path(f"dumps/{name}")

    def sparql(self, query: str | None = None) -> str:
        """The endpoint, or a query on it as a link. It answers from the current version only."""
        return f"{self.base.path}sparql" + (f"?{_query_string({'query': query})}" if query is not None else "")

    def version(self, version: str, path: str = "") -> str:
        """A path below one version."""
        return f"{self.base.path}v/{version}/{path}"

    def local_path(self, resource: NamedNode | str) -> str:
        """The path of one of our IRIs below the base. Raises `ValueError` for an IRI from elsewhere."""
        path = self.base.path_of(_iri(resource))
        if path is None:
            raise ValueError(f"{_iri(resource)} is not below {self.base.iri}")
        return path


def _iri(resource: NamedNode | str) -> str:
    return resource if isinstance(resource, str) else resource.value


@lru_cache(maxsize=_KEPT)
def _leads_to(iri: str, base: str, vocabulary: str, pinned_version: str) -> str:
    urls = Urls(Base(base, vocabulary), pinned_version)
    path = urls.base.path_of(iri)
    if path is None:
        return iri
    if path == "sparql":
        return urls.sparql()
    fragment = iri.partition("#")[2]
    inside = fragment and not path.startswith(_THING)
    return urls.doc(iri) + (f"#{fragment}" if inside else "")


@lru_cache(maxsize=_KEPT)
def _quoted_path(path: str) -> str:
    return quote(path, safe="/:@-._~!$'()*,=")


def _query_string(parameters: Mapping[str, str]) -> str:
    """Parameters as a form has them. The lines of a value are quoted one by one and remembered: long values are texts
    of our questions, which come again and again with another value in one of their lines."""
    return "&".join(
        [
            f"{quote_plus(name)}={'%0A'.join([_quoted_line(line) for line in value.split(_LINE_END)])}"
            for name, value in parameters.items()
        ]
    )


@lru_cache(maxsize=2048)
def _quoted_line(line: str) -> str:
    return quote_plus(line)
