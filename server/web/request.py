"""What one request sees: the services of the application, the snapshot it began with, who asks; and its response."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from time import perf_counter
from typing import TypeVar
from urllib.parse import quote
from weakref import WeakKeyDictionary

from starlette.requests import Request

from queries.catalogue import Catalogue
from server.cache import Cache
from server.settings import Settings
from server.snapshot import Snapshot, Snapshots
from server.store import Store
from server.web.answers import Answer, Conditions, Freshness, Link, StoredResponse, finish
from server.web.errors import BadRequest, PalermoError, Unavailable
from server.web.metrics import Metrics
from server.web.sending import StreamedResponse, pieces_of_file
from server.web.threads import PageThreads
from server.web.urls import Urls

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

        async def run() -> T:
            return work()

        return await self.services.threads.make(self.client, run)


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


def respond(exchange: Exchange, answer: Answer, cache: Responses | None = None) -> StoredResponse:
    """The finished response, which the cache, or the one given, stores for the next request like this one."""
    stored = finish(answer, exchange.snapshot, pinned=exchange.pinned)
    keeps = answer.cacheable and answer.freshness is not Freshness.NEVER and answer.status in (200, 301, 303, 308)
    if keeps and (exchange.request.method == "GET" or cache is not None):
        _store(exchange.cache_key, stored, exchange, cache)
    return stored


async def respond_once(exchange: Exchange, variant: str, make: Callable[[], Awaitable[Answer]]) -> StoredResponse:
    """The response in a variant that was chosen already, such as a format: made once for all requests that lead to it,
    whatever query string or `Accept` they have."""
    key = (exchange.snapshot.version, exchange.version, exchange.path, variant)
    stored = exchange.services.cache.get(key)
    if not isinstance(stored, StoredResponse):
        stored = finish(await make(), exchange.snapshot, pinned=exchange.pinned)
        _store(key, stored, exchange)
    if not exchange.request.scope["query_string"]:  # what a stranger writes there makes no entries
        exchange.services.cache.put(exchange.cache_key, key)
    return stored


def _store(key: CacheKey, stored: StoredResponse, exchange: Exchange, cache: Responses | None = None) -> None:
    stored.hits = exchange.services.metrics.kept(exchange.route)
    (exchange.services.cache if cache is None else cache).put(key, stored)


def respond_file(exchange: Exchange, name: str, media_type: str, links: tuple[Link, ...] = ()) -> StreamedResponse:
    """A file that the manifest lists, uncoded, its checksum as its tag. Raises `Unavailable` when it was changed."""
    snapshot = exchange.snapshot
    if not snapshot.files.is_whole(name):
        raise Unavailable("This file is damaged on the server and is not sent.", retry_after=60)
    listed = snapshot.manifest["files"][name]
    answer = Answer(b"", media_type, tag=listed["sha256"], headers=(("accept-ranges", "none"),), links=links)
    stored = finish(answer, snapshot, pinned=exchange.pinned, compressible=False)
    size = listed["bytes"]
    return StreamedResponse(stored, pieces_of_file(snapshot.folder / name, size), size)


def not_modified(exchange: Exchange, tag: str, media_type: str, **details: object) -> StoredResponse | None:
    """A 304 for a request that has the answer with this tag seed, or of this snapshot, already, before any work; else
    None. ``details`` are those members of the later `Answer` that show in the headers of a 304.
    """
    _, _, tags, since, *preconditions = exchange.conditions
    if any(preconditions) or not (tags or since):  # those need the tag of the very variant
        return None
    answer = Answer(b"", media_type, tag=tag, **details)  # type: ignore[arg-type]
    stored = finish(answer, exchange.snapshot, pinned=exchange.pinned, compressible=True)
    asked = exchange.conditions._replace(method="GET")
    return stored if stored.parts(asked)[0] == 304 else None
