"""One request: what its head says, what a head must be before anything is done for it, and the exchange, which is what
a route sees of it, with every URL that an answer to it has.

Links are path-absolute and start with the path of the base IRI, so that pages work behind any proxy; what goes into
data, citations and ``rel=canonical`` is absolute and comes from the base IRI. Nothing reads the request's host.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from http import HTTPStatus
from ipaddress import AddressValueError, IPv6Address
from time import perf_counter
from typing import TypeVar
from urllib.parse import quote, quote_plus, unquote_to_bytes
from weakref import WeakKeyDictionary

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.types import Receive, Scope

from ontology.namespaces import Base
from queries.catalogue import Catalogue
from server.cache import Cache
from server.settings import Settings
from server.snapshot import Snapshot, Snapshots
from server.store.embedded import Store
from server.web.answers import Conditions, StoredResponse
from server.web.errors import BadRequest, NotFound, PalermoError, TooLarge
from server.web.monitoring import Metrics
from server.web.threads import PageThreads

LONGEST_PATH = 1024
DISCARDED = 16_000_000
BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(rb"(?:\[([0-9A-Fa-f:.]+)\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::[0-9]*)?")
_RESERVED = re.compile(rb"%(?:2[fF]|5[cC])")
_CONDITIONS = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"if-match", b"if-unmodified-since")
Fields = dict[bytes, bytes]
BEGUN = "palermo.begun"
"""Where the scope of a request has its `Exchange`, if it was begun before the application was asked for it."""
_FOLLOWING = re.compile(r"(?:utm|mtm|pk|piwik|mc|hsa|vero|oly)_\w+|_\w+|\w*clid|igshid|mkt_tok|ref|trk|cmpid")
"""Names that mail programs, search engines and social networks add to links: they say nothing to a page."""
CacheKey = tuple[str | bytes, ...]
ErrorPage = Callable[[PalermoError, "Exchange"], str]
Responses = Cache[CacheKey, StoredResponse | CacheKey]
Tell = Callable[[object, StoredResponse | None], None]
"""Takes the outcome of a request that was begun, and the response where that is one."""
_THING = "id/"
_DOCUMENT = "doc/"
_LINE_END = "\n"
_KEPT_ADDRESSES = 20_000
"""How many addresses are remembered: the same ones stand on many pages."""
_LONGEST_KEPT = 500
"""Up to how many characters a value or line is remembered as it is quoted: a visitor may send longer ones."""


class Urls:
    """Makes URLs for one base; of a request for an older version, below ``/v/<version>/`` so that it stays there."""

    __slots__ = ("_root", "base", "pinned_version")

    def __init__(self, base: Base, pinned_version: str = "") -> None:
        self.base = base
        self.pinned_version = pinned_version
        self._root = base.path + (f"v/{pinned_version}/" if pinned_version else "")

    def path(self, path: str = "", query: Mapping[str, str] | list[tuple[str, str]] | None = None) -> str:
        """Any path below the base, with a query string made from a mapping or from pairs."""
        return self._root + _quoted_path(path) + (f"?{_query_string(query)}" if query else "")

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


@lru_cache(maxsize=_KEPT_ADDRESSES)
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


@lru_cache(maxsize=_KEPT_ADDRESSES)
def _quoted_path(path: str) -> str:
    return quote(path, safe="/:@-._~!$'()*,=")


def _query_string(parameters: Mapping[str, str] | list[tuple[str, str]]) -> str:
    """Parameters as a form has them. The lines of a value are quoted one by one and remembered: long values are texts
    of our questions, which come again and again with another value in one of their lines."""
    pairs = parameters if isinstance(parameters, list) else parameters.items()
    return "&".join(
        [
            _parameter(name, value)
            if _LINE_END not in value and len(value) <= _LONGEST_KEPT
            else f"{quote_plus(name)}={'%0A'.join(map(_quoted, value.split(_LINE_END)))}"
            for name, value in pairs
        ]
    )


@lru_cache(maxsize=5_000)
def _parameter(name: str, value: str) -> str:
    return f"{quote_plus(name)}={quote_plus(value)}"


def _quoted(line: str) -> str:
    return _quoted_line(line) if len(line) <= _LONGEST_KEPT else quote_plus(line)


@lru_cache(maxsize=2048)
def _quoted_line(line: str) -> str:
    return quote_plus(line)


@dataclass(frozen=True, slots=True)
class Services:
    """What the application is made of, complete when it is made.

    ``cache`` holds responses by what the request says, or the key of one that several requests lead to; ``results``
    those of visitors' queries, which so evict no page; ``open_store`` makes the store of a snapshot; ``error_page`` the
    site's page of an error; ``threads`` make pages.
    """

    settings: Settings
    snapshots: Snapshots
    catalogue: Catalogue
    metrics: Metrics
    cache: Responses
    results: Responses
    open_store: Callable[[Snapshot], Store]
    error_page: ErrorPage
    threads: PageThreads
    _stores: WeakKeyDictionary[Snapshot, Store] = field(default_factory=WeakKeyDictionary)

    def stored(self, key: CacheKey) -> StoredResponse | None:
        """The response that is stored under a key."""
        found = self.cache.get(key) or self.results.get(key)
        if isinstance(found, tuple):
            found = self.cache.get(found)
        return found if isinstance(found, StoredResponse) else None

    def store(self, snapshot: Snapshot) -> Store:
        """The store of a snapshot, for our own queries."""
        store = self._stores.get(snapshot)
        if store is None:
            store = self._stores[snapshot] = self.open_store(snapshot)
        return store


T = TypeVar("T")


@dataclass(slots=True)
class Exchange:
    """One request and what its response depends on.

    ``path`` is below the base and decoded; ``accept`` joins all `Accept` fields; ``version`` is set below ``/v/``;
    ``cache_key`` is what a response to the same request is stored under; ``outcome`` is that of its query, if there is
    one already; ``request`` has what a route may want beside.
    """

    services: Services
    snapshot: Snapshot
    request_id: str
    conditions: Conditions
    cache_key: CacheKey
    accept: str = ""
    client: str = ""
    path: str = "/"
    version: str = ""
    route: str = ""
    started: float = field(default_factory=perf_counter)
    outcome: object = None
    request: Request = field(init=False)
    _urls: Urls | None = None

    @property
    def store(self) -> Store:
        """The store of this request's snapshot."""
        return self.services.store(self.snapshot)

    @property
    def urls(self) -> Urls:
        """Makes URLs that stay in the version being read."""
        if self._urls is None or self._urls.pinned_version != self.version:
            self._urls = Urls(self.snapshot.base, self.version)
        return self._urls

    @property
    def pinned(self) -> bool:
        """Whether the request names a version, whose responses never change."""
        return bool(self.version)

    async def in_turn(self, work: Callable[[], T]) -> T:
        """What a function returns that computes long: in a thread, when it is the turn of this request's client."""

        return await self.services.threads.make(self.client, work)


def query_of(exchange: Exchange) -> str:
    """The query string of an address, with its mark, as a link can hold it."""
    query = exchange.request.scope["query_string"].decode("latin-1")
    return f"?{quote(query, safe='%=&+:/?,;@!$()*~')}" if query else ""


def refuse_unknown(given: Iterable[str], names: Collection[str]) -> None:
    """Raises `BadRequest` for the first name that a page does not understand; those that only follow visitors pass.

    One that is passed over would look like an answer: a list whose filter is misspelt would be a list of everything."""
    for name in given:
        if name not in names and not _FOLLOWING.fullmatch(name):
            near = get_close_matches(name, names, 1)
            meant = f" Did you mean “{near[0]}”?" if near else ""
            raise BadRequest(f"This page has no parameter “{name[:100]}”.{meant} It understands {', '.join(names)}.")


def may_be_stored(method: str, fields: Fields) -> bool:
    """Whether a request has no field that a cached response would ignore."""
    return (
        method in ("GET", "HEAD")
        and b"transfer-encoding" not in fields
        and b"content-encoding" not in fields
        and b"if-match" not in fields
        and b"if-unmodified-since" not in fields
        and is_host(fields.get(b"host", b" "))
    )


def is_host(value: bytes) -> bool:
    """Whether a value is one host, with or without a port (RFC 9110 §7.2, RFC 3986 §3.2.2)."""
    found = _HOST.fullmatch(value)
    if found is None or found[1] is None:
        return found is not None
    try:
        return bool(IPv6Address(found[1].decode()))
    except AddressValueError:
        return False


def fields_of(headers: Iterable[tuple[bytes, bytes]]) -> Fields:
    """The header fields by lower-case name, repeated ones joined (RFC 9110 §5.3)."""
    fields: Fields = {}
    for name, value in headers:
        fields[name] = fields[name] + b", " + value if name in fields else value
    return fields


def text_of(fields: Fields, name: bytes) -> str:
    """The value of a field; empty where it is missing."""
    value = fields.get(name)
    return "" if value is None else value.decode("latin-1")


def conditions_of(method: str, fields: Fields) -> Conditions:
    """What the fields of a request say about the variant that it wants and the one that it has."""
    return Conditions(method, *(text_of(fields, name) for name in _CONDITIONS))


def check_request(scope: Scope, fields: Fields, settings: Settings) -> None:
    """Raises an error for what a request must not be, by HTTP or by a limit."""
    close = [("Connection", "close")]
    if b"transfer-encoding" in fields and b"content-length" in fields:
        raise BadRequest("A request has Content-Length or Transfer-Encoding, not both (RFC 9112 §6.1).", headers=close)
    if b"transfer-encoding" in fields:
        if scope["http_version"] == "1.0":
            raise BadRequest("HTTP/1.0 has no Transfer-Encoding (RFC 9112 §6.1).", headers=close)
        if fields[b"transfer-encoding"].strip().lower() != b"chunked":
            raise PalermoError(
                "The only transfer coding here is chunked.", status=HTTPStatus.NOT_IMPLEMENTED, headers=close
            )
    if not is_host(fields.get(b"host", b"" if scope["http_version"] == "1.0" else b" ")):
        raise BadRequest("A request has one valid Host field (RFC 9112 §3.2).", headers=close)
    if b"," in fields.get(b"content-type", b"").partition(b";")[0]:
        raise BadRequest("A request has one Content-Type (RFC 9110 §5.3).", headers=close)
    if fields.get(b"content-encoding", b"identity").strip().lower() not in (b"identity", b""):
        raise PalermoError(
            "A request body here has no content coding.",
            status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            headers=[("Accept-Encoding", "identity"), *close],
        )
    length = fields.get(b"content-length", b"0").lstrip(b"0")
    if length.isdigit() and (len(length) > 18 or int(length) > settings.request_bytes):
        raise TooLarge(f"A request body here has at most {settings.request_bytes} bytes.", headers=close)
    if len(scope["raw_path"]) + len(scope["query_string"]) > settings.target_bytes:
        raise TooLarge(
            f"An address here has at most {settings.target_bytes} bytes. Send a long query by POST.",
            status=HTTPStatus.REQUEST_URI_TOO_LONG,
        )
    query = scope["query_string"]
    if b"%" in query and (BAD_ESCAPE.search(query) or b"%00" in query):
        raise BadRequest("The query string has a % that no two hexadecimal digits follow, or an encoded NUL.")


async def discard(receive: Receive) -> None:
    """Reads the rest of a body, up to a limit. A client, as nginx, sends all of it before it reads the response, which
    is lost when the connection is closed before."""
    left, more = DISCARDED, True
    while more and left > 0:
        message = await receive()
        left -= len(message.get("body", b""))
        more = message.get("more_body", False)


def path_below(raw: bytes, base_path: str) -> str:
    """The decoded path below the base, starting with ``/``.

    Raises `BadRequest` for a broken escape, a control character or bytes that are not UTF-8, `TooLarge` beyond
    `LONGEST_PATH` bytes, `NotFound` for an encoded slash: no identifier has one.
    """
    if len(raw) > LONGEST_PATH:
        raise TooLarge(
            f"A path here has at most {LONGEST_PATH} characters; this one has {len(raw)}.",
            status=HTTPStatus.REQUEST_URI_TOO_LONG,
        )
    if BAD_ESCAPE.search(raw):
        raise BadRequest("The path has a % that no two hexadecimal digits follow.")
    try:
        path = unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest("The path is not UTF-8 once its escapes are decoded.") from None
    if any(character < " " or character == "\x7f" for character in path):
        raise BadRequest("The path has a control character.")
    if _RESERVED.search(raw):
        raise NotFound("No address here has an encoded slash: %2F and / are different characters. Write / instead.")
    if base_path != "/" and (path == base_path[:-1] or path.startswith(base_path)):
        path = path[len(base_path) - 1 :] or "/"
    return path
