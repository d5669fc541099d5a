"""What a request must be before anything is done for it: its head, the length and escapes of its target, its path."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from starlette.types import Receive, Scope

from server.settings import Settings
from server.web.errors import BadRequest, NotFound, PalermoError, TooLarge

LONGEST_PATH = 1024
DISCARDED = 16_000_000
BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
HOST = re.compile(rb"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]*)(?::[0-9]*)?")
_RESERVED = re.compile(rb"%(?:2[fF]|5[cC])")


def check_request(scope: Scope, fields: Mapping[bytes, bytes], settings: Settings) -> None:
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
    if scope["http_version"] == "1.1" and not HOST.fullmatch(fields.get(b"host", b" ")):
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
