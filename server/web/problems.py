"""Errors as responses: made where their reader does not keep others waiting.

What was here and is here no more answers 410 instead of 404, in every format, and names the version that still has it
(RFC 9110 §15.5.11): a document that was withdrawn, a paragraph that a new issue lacks, a judgement that was dropped.
"""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from datetime import date
from functools import partial

from server.integrity import SnapshotError
from server.snapshot import document_versions
from server.web.answers import StoredResponse, finish
from server.web.errors import (
    READING,
    Gone,
    NotFound,
    PalermoError,
    Unavailable,
    plain_error_page,
    problem_answer,
    unreadable,
    wants_page,
)
from server.web.request import Exchange

_log = logging.getLogger("palermo.request")
_ADDRESS = re.compile(
    r"/(?:(?:id|doc|cite)/document|graph/(?:document|annotation|editorial))/(?P<slug>[a-z0-9-]+)(?P<rest>[/.][\w./-]*)?"
    r"|/sources/(?P<file>[a-z0-9-]+)\..*"
)
_NO_ROOM = frozenset({429, 503, 504})
_SUFFIX = re.compile(r"\.(?:ttl|jsonld|nt|rdf|html|txt|bib|ris|csl\.json)$")


async def response_beside(error: PalermoError, exchange: Exchange) -> StoredResponse:
    """The response to an error that was met on the event loop. What looks for what may have been meant is made beside
    it like all pages; that there is no room, or no time, is said in a page from memory."""

    looks = isinstance(error, NotFound) or wants_page(exchange.accept)
    if looks and error.status not in _NO_ROOM:
        with suppress(Unavailable):
            return await exchange.in_turn(partial(error_response, error, exchange))
    return _finished(error, exchange, plain=True)


def error_response(error: PalermoError, exchange: Exchange) -> StoredResponse:
    """The response to an error in the reader's format. When the site's page of it fails there is a plain one."""
    if isinstance(error, NotFound):
        error = gone(exchange) or error
    return _finished(error, exchange, plain=False)


def _finished(error: PalermoError, exchange: Exchange, *, plain: bool) -> StoredResponse:
    def page() -> str:
        try:
            if not plain:
                return exchange.services.error_page(error, exchange)
        except READING as problem:
            unreadable(problem, exchange.request_id)
        except Exception:
            _log.exception("error page failed", extra={"request_id": exchange.request_id})
        return plain_error_page(error, exchange.request_id, exchange.urls.path())

    return finish(problem_answer(error, exchange.accept, exchange.request_id, page), exchange.snapshot)


def gone(exchange: Exchange) -> Gone | NotFound | None:
    """What to answer instead of 404; None for an address at which nothing ever was.

    A document that this build left out is not gone: the next one may have it, so that it stays 404 and says why.
    """
    if exchange.pinned:
        return None
    match = _ADDRESS.fullmatch(exchange.path)
    refused = {each["slug"]: each["reasons"] for each in exchange.snapshot.manifest.get("refused", ())}
    slug = (match["slug"] or match["file"]) if match else ""
    if slug in refused:
        reasons, version = refused[slug][:1], exchange.services.snapshots.last_with(slug)
        held = f"Version {version} of the data still has it." if version else ""
        return NotFound(
            " ".join((f"The document {slug} could not be built and is left out this time.", *reasons, held)).strip()
        )
    return (_gone_document(match, exchange) if match else None) or _taken_out(exchange)


def _taken_out(exchange: Exchange) -> Gone | None:
    """What the history of the data knows to have been taken out."""
    path = re.sub("^/doc/", "/id/", _SUFFIX.sub("", exchange.path))
    moments = exchange.snapshot.history.taken_out(exchange.snapshot.base.iri + path.lstrip("/"))
    if moments is None:
        return None
    (out, came), snapshots = moments, exchange.services.snapshots
    held = ""
    with suppress(SnapshotError):  # a version may go meanwhile
        held = next((name for name in snapshots.versions() if came <= snapshots.built(name) < out), "")
    what = "The judgement that stood here" if "/link/" in path else "What stood here"
    return _answer(f"{what} was taken out of the data on {out:%-d %B %Y}.", held, exchange)


def _gone_document(match: re.Match[str], exchange: Exchange) -> Gone | None:
    slug, manifest, snapshots = match["slug"] or match["file"], exchange.snapshot.manifest, exchange.services.snapshots
    if slug in {source["slug"] for source in manifest["sources"]}:
        return _gone_part(slug, _SUFFIX.sub("", match["rest"] or "").lstrip("/"), exchange)
    said = next((one for one in manifest.get("withdrawn", ()) if one["slug"] == slug), None)
    version = snapshots.last_with(slug)
    if said is None and not version:
        return None
    name = f"“{said['title']}”" if said else f"The document {slug}"
    day = f" on {date.fromisoformat(said['day']):%-d %B %Y}" if said else ""
    return _answer(f"{name} was withdrawn{day}.", version, exchange)


def _gone_part(slug: str, part: str, exchange: Exchange) -> Gone | None:
    versions = exchange.snapshot.document_versions.get(slug, ())
    numbers = [
        number
        for number, version in enumerate(versions, start=1)
        if any(f"{part}/".startswith(f"{name}/") for name, *_ in version["parts"])
    ]
    if not part or not numbers or numbers[-1] == len(versions):
        return None
    snapshots = exchange.services.snapshots
    held = (
        version
        for version in snapshots.versions()
        if snapshots.has(version, slug)
        and max(1, len(document_versions(snapshots.folder(version)).get(slug, ()))) in numbers
    )
    words = f"{part.replace('/', ' ')} stood in version {numbers[-1]} of the document and is gone from the current one."
    return _answer(words[0].upper() + words[1:], next(held, ""), exchange)


def _answer(words: str, version: str, exchange: Exchange) -> Gone:
    if not version:
        return Gone(f"{words} No version that has it is kept here.")
    path = re.sub("^/id/", "/doc/", exchange.path)  # names lead to the current version only
    at = exchange.urls.absolute(exchange.urls.version(version, path.lstrip("/")))
    return Gone(f"{words} Version {version} of the data still has it.", version=version, at=at)
