"""One request: what its head says, also that of one that came before, what a head must be before anything is done for
it, and the exchange, which is what a route sees of it.

Most clients send the same fields each time, and to read them again costs more than to answer from memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from http import HTTPStatus
from ipaddress import AddressValueError, IPv6Address
from time import perf_counter
from typing import NamedTuple, TypeVar
from urllib.parse import quote, unquote_to_bytes
from weakref import WeakKeyDictionary

from starlette.requests import Request
from starlette.types import Receive, Scope

from queries.catalogue import Catalogue
from server.cache import Cache
from server.settings import Settings
from server.snapshot import Snapshot, Snapshots
from server.store import Store
from server.web.answers import Conditions, StoredResponse
from server.web.errors import BadRequest, NotFound, PalermoError, TooLarge
from server.web.metrics import Metrics
from server.web.threads import PageThreads
from server.web.urls import Urls

LONGEST_PATH = 1024
DISCARDED = 16_000_000
BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(rb"(?:\[([0-9A-Fa-f:.]+)\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::[0-9]*)?")
_RESERVED = re.compile(rb"%(?:2[fF]|5[cC])")
_MOST = 1_000
_CONDITIONS = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"if-match", b"if-unmodified-since")
Fields = dict[bytes, bytes]
KNOWN = "palermo.known"
"""Where the scope of a request has the outcome of its query, as `Known`, if there is one already."""
_FOLLOWING = re.compile(r"(?:utm|mtm|pk|piwik|mc|hsa|vero|oly)_\w+|_\w+|\w*clid|igshid|mkt_tok|ref|trk|cmpid")
"""Names that mail programs, search engines and social networks add to links: they say nothing to a page."""
CacheKey = tuple[str | bytes, ...]
ErrorPage = Callable[[PalermoError, "Exchange"], str]
Responses = Cache[CacheKey, StoredResponse | CacheKey]
Tell = Callable[[object, StoredResponse | None], None]
"""Takes the outcome of a request that was begun, and the response where that is one."""


@dataclass(frozen=True, slots=True)
class Known:
    """The outcome of a request that was begun before the application was asked for it, and when that was."""

    outcome: object
    started: float


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


class Head(NamedTuple):
    """What the fields of a GET without a body say, and from whom a proxy says it comes."""

    accept: bytes
    asked: Conditions
    forwarded: str


class Heads:
    """What the fields of requests said that were GETs without a body, by the bytes of the fields."""

    def __init__(self) -> None:
        self._known: dict[bytes, Head] = {}
        self.get = self._known.get

    def remember(self, lines: bytes, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Keeps what the fields of a request say."""
        fields = fields_of(headers)
        if b"content-length" in fields or b"x-request-id" in fields or not may_be_stored("GET", fields):
            return
        if len(self._known) >= _MOST:
            self._known.clear()
        conditions = conditions_of("GET", fields)
        self._known[lines] = Head(fields.get(b"accept", b""), conditions, text_of(fields, b"x-forwarded-for"))


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
