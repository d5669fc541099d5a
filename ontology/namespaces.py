"""Namespaces: the well-known ones, and our own relative to the base IRI of a build."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

WELL_KNOWN: dict[str, str] = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "doco": "http://purl.org/spar/doco/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": "http://www.w3.org/ns/oa#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "undo": "https://w3id.org/un/ontology/undo/",
    "allot": "https://w3id.org/akn/ontology/allot/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

DESCRIBING: dict[str, str] = {
    "as": "https://www.w3.org/ns/activitystreams#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "ldes": "https://w3id.org/ldes#",
    "tree": "https://w3id.org/tree#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
"""Vocabularies in which documents, lists and catalogues describe themselves; the graph of the corpus does without."""

LOCAL: dict[str, str] = {
    "pal": "ontology#",
    "rec": "id/document/som-wg-2015/paragraph/",
    "untoc": "id/instrument/untoc/article/",
    "smp": "id/instrument/smuggling-protocol/article/",
    "actor": "id/actor/",
    "theme": "id/theme/",
    "modality": "id/modality/",
    "group": "id/group/",
    "tool": "id/tool/",
    "qualifier": "id/qualifier/",
    "action": "id/action/",
    "meeting": "id/meeting/",
    "graph": "graph/",
}

CATALOGUE_IRIS: dict[str, str] = {
    "xml": "http://www.w3.org/XML/1998/namespace",
    "formats": "http://www.w3.org/ns/formats/",
    "annotations-licence": "https://creativecommons.org/licenses/by/4.0/",
    "file-types": "http://publications.europa.eu/resource/authority/file-type/",
    "schema-about": "https://schema.org/AboutPage",
    "schema-dataset": "https://schema.org/Dataset",
    "constrained-by": "http://www.w3.org/ns/ldp#constrainedBy",
    "media-types": "https://www.iana.org/assignments/media-types/",
    "csvw": "http://www.w3.org/ns/csvw",
    "availability": "http://data.europa.eu/r5r/availability",
    "available": "http://publications.europa.eu/resource/authority/planned-availability/STABLE",
    "preferred-namespace": "http://purl.org/vocab/vann/preferredNamespaceUri",
    "sitemap": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "atom": "http://www.w3.org/2005/Atom",
    "akoma-ntoso": "http://docs.oasis-open.org/legaldocml/ns/akn/3.0",
}

VOCABULARY_VERSION = "0.3.0"
"""The version of the vocabulary, which its version IRI ends with."""
DEFAULT_BASE = "http://localhost:8000/"
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class InvalidBaseError(ValueError):
    """The base IRI is not an absolute http(s) IRI that ends in a slash."""


@dataclass(frozen=True, slots=True)
class Base:
    """The base IRI of a build: absolute, http or https, without query or fragment, ending in ``/``.

    Raises `InvalidBaseError` with the reason for anything else (RFC 3986 §5.1 resolves relative IRIs against it).
    ``path`` is its path part, ``/`` or a prefix such as ``/palermo/``: links in pages start with it. ``vocabulary`` is
    below what the vocabulary and its context have their IRIs: the base itself, or a permanent place of its own.
    """

    iri: str
    vocabulary: str = ""
    path: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _require_base(self.iri, "base IRI")
        if self.vocabulary:
            _require_base(self.vocabulary, "IRI of the vocabulary")
        object.__setattr__(self, "path", urlsplit(self.iri).path)
        object.__setattr__(self, "vocabulary", self.vocabulary or self.iri)

    def place(self, path: str) -> str:
        """The IRI that a path has: ``ontology…`` and ``context.jsonld`` where the vocabulary lives, others below the
        base."""
        return (self.vocabulary if _IN_VOCABULARY.match(path) else self.iri) + path

    def path_of(self, iri: str) -> str | None:
        """The path of one of our IRIs; None for an IRI from elsewhere."""
        if iri.startswith(self.iri):
            return iri[len(self.iri) :]
        path = iri[len(self.vocabulary) :]
        return path if iri.startswith(self.vocabulary) and _IN_VOCABULARY.match(path) else None

    @property
    def is_local(self) -> bool:
        """Whether the host is this machine, so that its links are not for citing."""
        return urlsplit(self.iri).hostname in LOCAL_HOSTS

    @property
    def slug(self) -> str:
        """A folder name for snapshots of this base, of no other: ``http_localhost+8000``. Letters, digits, dots and
        dashes stand for themselves, ``+`` for a colon, ``_`` for a slash, anything else is its code point."""
        parts = urlsplit(self.iri)
        rest = (parts.netloc.lower() + parts.path).rstrip("/")
        return f"{parts.scheme}_" + "".join(_FOLDER_NAMES.get(sign) or _escaped(sign) for sign in rest)

    @property
    def former_slug(self) -> str:
        """The folder name of before November 2026, which another base could have as well: ``localhost-8000``."""
        rest = self.iri.split("://", 1)[1].rstrip("/").lower()
        return "".join(character if character.isalnum() else "-" for character in rest)

    def prefixes(self) -> dict[str, str]:
        """All published prefixes with absolute namespaces, local ones first."""
        return {name: self.place(path) for name, path in LOCAL.items()} | WELL_KNOWN


_NUMBERED = re.compile(r"((?:.*/)?id/document/[^/]+/paragraph/[^/]+)(?:/item/([^/]+))?")


def paragraph_and_item(path: str) -> tuple[str, str]:
    """The paragraph at or in which a path or IRI is, and the letter of its item, empty for none; a path that is in no
    paragraph is given back. A document may have any name, that of a step of a path too."""
    match = _NUMBERED.match(path)
    return (match[1], match[2] or "") if match else (path, "")


_IN_VOCABULARY = re.compile(r"ontology(?:[#/.]|$)|context\.jsonld$")


def _require_base(iri: str, name: str) -> None:
    parts = urlsplit(iri)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InvalidBaseError(f"The {name} must be an absolute http or https IRI, not {iri!r}.")
    if parts.query or parts.fragment or "?" in iri or "#" in iri:
        raise InvalidBaseError(f"The {name} must have no query and no fragment: {iri!r}.")
    if parts.username or parts.password:
        raise InvalidBaseError(f"The {name} must carry no user name or password: {iri!r}.")
    if not iri.endswith("/"):
        raise InvalidBaseError(f"The {name} must end in '/': {iri!r}. Try {iri + '/'!r}.")
    if any(character.isspace() or character in '<>"{}|\\^`' for character in iri):
        raise InvalidBaseError(f"The {name} holds a character that no IRI may hold: {iri!r}.")


_FOLDER_NAMES = {":": "+", "/": "_", ".": ".", "-": "-"}


def _escaped(sign: str) -> str:
    """A sign as a folder name has it: itself where it is a lower-case letter or a digit of ASCII."""
    return sign if sign.isascii() and (sign.islower() or sign.isdigit()) else f"={ord(sign):X}="


def base_with(iri: str, prefixes: Mapping[str, str]) -> Base:
    """The base whose published prefixes these are."""
    return Base(iri, prefixes["pal"].removesuffix(LOCAL["pal"]))


def shorten(iri: str, prefixes: Mapping[str, str]) -> str:
    """The prefixed name of an IRI, by the longest namespace that it begins with; the IRI itself when none fits."""
    longest, name = "", ""
    for prefix, namespace in prefixes.items():
        if len(longest) < len(namespace) < len(iri) and iri.startswith(namespace):
            longest, name = namespace, prefix
    return f"{name}:{iri[len(longest) :]}" if longest else iri
