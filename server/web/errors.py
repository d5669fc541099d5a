"""The error tree: what can go wrong in an answer, each with its status, its title and a sentence for the reader.

PalermoError
├── BadRequest            400
├── Forbidden             403
├── NotFound              404
├── MethodNotAllowed      405   says which methods are allowed
├── NotAcceptable         406   says what is on offer
├── PayloadTooLarge       413
├── UriTooLong            414
├── UnsupportedMediaType  415
├── TooManyRequests       429   says when to come back
├── InternalError         500   the details are in the log only
├── BadGateway            502
├── Unavailable           503   says when to come back
└── GatewayTimeout        504
"""

# ruff: noqa: N818 (the names are those of HTTP's status codes; each class is an error by its base)

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus

JSON = str | int | float | bool | None | Sequence["JSON"] | Mapping[str, "JSON"]


class PalermoError(Exception):
    """An answer that is an error. ``detail`` is a sentence for the reader; ``extra`` are further members of the
    problem document (RFC 9457 §3.2); ``headers`` are sent with it."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    title = "Something went wrong"

    def __init__(
        self,
        detail: str,
        *,
        headers: Iterable[tuple[str, str]] = (),
        extra: Mapping[str, JSON] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.headers = tuple(headers)
        self.extra: Mapping[str, JSON] = extra or {}


class BadRequest(PalermoError):
    """The request does not follow its protocol."""

    status = HTTPStatus.BAD_REQUEST
    title = "The request is malformed"


class Forbidden(PalermoError):
    """The request is understood and refused, whoever asks."""

    status = HTTPStatus.FORBIDDEN
    title = "This is not allowed here"


class NotFound(PalermoError):
    """There is nothing at this address."""

    status = HTTPStatus.NOT_FOUND
    title = "Nothing is here"


class MethodNotAllowed(PalermoError):
    """The address exists and does not have this method (RFC 9110 §15.5.6)."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    title = "This method does not work here"

    def __init__(self, detail: str, *, allow: Sequence[str]) -> None:
        super().__init__(detail, headers=[("Allow", ", ".join(allow))], extra={"allow": list(allow)})


class NotAcceptable(PalermoError):
    """No representation has a type that the request accepts."""

    status = HTTPStatus.NOT_ACCEPTABLE
    title = "No format fits"

    def __init__(self, detail: str, *, offers: Sequence[str]) -> None:
        super().__init__(detail, headers=[("Vary", "Accept")], extra={"offers": list(offers)})


class PayloadTooLarge(PalermoError):
    """The request, or what it would bring, is larger than a limit."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    title = "This is too large"


class UriTooLong(PalermoError):
    """The address is longer than a limit."""

    status = HTTPStatus.REQUEST_URI_TOO_LONG
    title = "The address is too long"


class UnsupportedMediaType(PalermoError):
    """The body has a type that is not understood here."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    title = "This type of content is not understood"


class TooManyRequests(PalermoError):
    """The client has too much running at once. ``retry_after`` is in seconds."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    title = "Too many at once"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail, headers=[("Retry-After", str(retry_after))])


class InternalError(PalermoError):
    """Something failed that should not have."""


class BadGateway(PalermoError):
    """The store behind this server gave an answer that makes no sense."""

    status = HTTPStatus.BAD_GATEWAY
    title = "The store behind this server failed"


class Unavailable(PalermoError):
    """The server is too busy, or stopping. ``retry_after`` is in seconds."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "Too busy at the moment"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail, headers=[("Retry-After", str(retry_after))])


class GatewayTimeout(PalermoError):
    """An answer took longer than its limit."""

    status = HTTPStatus.GATEWAY_TIMEOUT
    title = "This took too long"
