"""The error tree, and errors as responses: a page for people, RFC 9457 problem JSON for programs, text for terminals.

PalermoError          any status: of itself 500, whose details are in the log only
├── BadRequest        400
├── NotFound          404
├── Gone              410   says which version still has it
├── NotAcceptable     406   says what is on offer
├── Changed           412   what is here is not what the request has
├── TooLarge          413, 414   the request, or what it would bring, is over a limit
└── Unavailable       503, or 429 and 504   says when to come back
    └── Unreadable    503   a file of the snapshot cannot be read
"""

# ruff: noqa: N818 (the names are those of HTTP's status codes; each class is an error by its base)

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from http import HTTPStatus
from traceback import format_exception

from server.integrity import SnapshotError
from server.web.answers import HTML, TEXT, Answer, Freshness
from server.web.negotiation import choose, parse_accept

JSON = str | int | float | bool | None | Sequence["JSON"] | Mapping[str, "JSON"]
PROBLEM = "application/problem+json"
TITLES = {
    HTTPStatus.BAD_REQUEST: "The request is malformed",
    HTTPStatus.FORBIDDEN: "This is not allowed here",
    HTTPStatus.NOT_FOUND: "Nothing is here",
    HTTPStatus.METHOD_NOT_ALLOWED: "This method does not work here",
    HTTPStatus.GONE: "This is gone",
    HTTPStatus.NOT_ACCEPTABLE: "No format fits",
    HTTPStatus.PRECONDITION_FAILED: "This has changed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "This is too large",
    HTTPStatus.REQUEST_URI_TOO_LONG: "The address is too long",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "This type of content is not understood",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many at once",
    HTTPStatus.NOT_IMPLEMENTED: "This is not implemented here",
    HTTPStatus.BAD_GATEWAY: "The store behind this server failed",
    HTTPStatus.SERVICE_UNAVAILABLE: "Too busy at the moment",
    HTTPStatus.GATEWAY_TIMEOUT: "This took too long",
}
READING = (OSError, sqlite3.DatabaseError, SnapshotError)
"""What is raised where store, index or another file of a snapshot cannot be read."""
_log = logging.getLogger("palermo.request")
_PAGES = ("text/html", "application/xhtml+xml")
_OFFERS = (PROBLEM, "application/json", *_PAGES, "text/plain")


class PalermoError(Exception):
    """A response that is an error. ``detail`` is a sentence for the reader; ``title`` says what happened, by its status
    unless a subclass says more; ``headers`` are sent with it; ``extra`` are further members of the problem document
    (RFC 9457 §3.2); ``retry_after`` is in seconds."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    title = ""

    def __init__(
        self,
        detail: str,
        *,
        status: HTTPStatus | None = None,
        headers: Iterable[tuple[str, str]] = (),
        extra: Mapping[str, JSON] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status or self.status
        self.title = self.title or TITLES.get(self.status, "Something went wrong")
        self.headers = (*headers, *([("Retry-After", str(retry_after))] if retry_after is not None else []))
        self.extra: Mapping[str, JSON] = extra or {}


class BadRequest(PalermoError):
    """The request does not follow its protocol."""

    status = HTTPStatus.BAD_REQUEST


class NotFound(PalermoError):
    """There is nothing at this address."""

    status = HTTPStatus.NOT_FOUND


class Gone(PalermoError):
    """There was something here. ``version`` of the data still has it, at the URL ``at``; both may be empty."""

    status = HTTPStatus.GONE

    def __init__(self, detail: str, *, version: str = "", at: str = "") -> None:
        headers = [("Link", f'<{at}>; rel="memento"')] if at else []
        super().__init__(detail, headers=headers, extra={"version": version, "at": at} if at else {})
        self.version = version
        self.at = at


class NotAcceptable(PalermoError):
    """No representation has a type that the request accepts."""

    status = HTTPStatus.NOT_ACCEPTABLE

    def __init__(self, detail: str, *, offers: Sequence[str]) -> None:
        super().__init__(detail, extra={"offers": list(offers)})


class Changed(PalermoError):
    """What is here is not what `If-Match` or `If-Unmodified-Since` asks for."""

    status = HTTPStatus.PRECONDITION_FAILED

    def __init__(self) -> None:
        super().__init__("What is at this address is not what the request's If-Match or If-Unmodified-Since asks for.")


class TooLarge(PalermoError):
    """The request, or what it would bring, is larger than a limit."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class Unavailable(PalermoError):
    """There is no place for the request now, or no time left for it."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class Unreadable(Unavailable):
    """A file of the snapshot cannot be read, as when a disk fails."""

    title = "The data cannot be read at the moment"


def _form(accept: str) -> str:
    """The media type of an error for this reader: HTML is for those who ask for it by name; problem JSON is the
    default."""
    by_name = any(wanted.main != "*" and wanted.sub != "*" for wanted in parse_accept(accept))
    return (choose(accept, _OFFERS) if by_name else None) or PROBLEM


def wants_page(accept: str) -> bool:
    """Whether this reader gets errors as a page."""
    return _form(accept) in _PAGES


def problem_answer(error: PalermoError, accept: str, request_id: str, page: Callable[[], str]) -> Answer:
    """An error in the reader's format; HTML is made by ``page``."""
    chosen = _form(accept)
    if chosen in _PAGES:
        body, media_type = page().encode(), HTML
    elif chosen == "text/plain":
        body, media_type = f"{error.title}\n{error.detail}\n".encode(), TEXT
    else:
        body, media_type = problem_json(error, request_id), PROBLEM
    return error_answer(error, body, media_type)


def error_answer(error: PalermoError, body: bytes, media_type: str) -> Answer:
    """An error with its body."""
    return Answer(
        body,
        media_type,
        status=int(error.status),
        negotiated=True,
        freshness=Freshness.NEVER,
        headers=error.headers,
        cacheable=False,
    )


def problem_json(error: PalermoError, request_id: str) -> bytes:
    """The error as a problem document (RFC 9457 §3.1); ``request_id`` finds it in the log."""
    document = {
        "type": "about:blank",
        "title": error.title,
        "status": int(error.status),
        "detail": error.detail,
        "request_id": request_id,
        **error.extra,
    }
    return json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n"


def unreadable(problem: Exception, request_id: str) -> Unreadable:
    """The error for what could not be read of the snapshot, which goes to the log."""
    fields = {"reason": str(problem), "request_id": request_id, "traceback": "".join(format_exception(problem))}
    _log.error("data cannot be read", extra=fields)  # as text: the values in its frames belong to this thread
    return Unreadable("The data could not be read from the server's disk.", retry_after=5)


def is_lack(problem: Exception) -> bool:
    """Whether the machine had no memory, or no thread, for a request."""
    return isinstance(problem, MemoryError) or str(problem) == "can't start new thread"


def lack(problem: Exception, request_id: str) -> Unavailable:
    """The error for what the machine had no memory or thread for, which goes to the log."""
    reason = str(problem) or "no memory"
    _log.error("no memory or thread for a request", extra={"reason": reason, "request_id": request_id})
    return Unavailable("The server has no room for this at the moment. Try again in a moment.", retry_after=5)


def explained(problem: Exception, request_id: str, path: str) -> PalermoError:
    """The error that a client gets for any exception; an unforeseen one is logged, and its number sent."""
    if isinstance(problem, PalermoError):
        return problem
    if isinstance(problem, READING):
        return unreadable(problem, request_id)
    if is_lack(problem):
        return lack(problem, request_id)
    _log.error("unexpected error", exc_info=problem, extra={"request_id": request_id, "path": path})
    return PalermoError(f"The server failed. Its log has the details under {request_id}.")


def plain_error_page(error: PalermoError, request_id: str, home: str) -> str:
    """A page without design, for when the site's own page of an error fails: an error must not cause another."""
    phrase = HTTPStatus(error.status).phrase
    return (
        f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{escape(error.title)}</title></head>\n'
        f"<body>\n<h1>{escape(error.title)}</h1>\n<p>{escape(error.detail)}</p>\n"
        f"<p>{int(error.status)} {escape(phrase)}, request {escape(request_id)}</p>\n"
        f'<p><a href="{escape(home)}">Home</a></p>\n</body>\n</html>\n'
    )
