"""From the bytes of a request's path to the path below the base: escapes, the base's prefix, the version.

The path is read as it came (``raw_path``), because an encoded slash is not a slash (RFC 3986 §2.2). A proxy may strip
the base's path or leave it; both arrive at the same place.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from server.web.errors import BadRequest, NotFound, UriTooLong

LONGEST_PATH = 1024
_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_RESERVED = re.compile(rb"%(?:2[fF]|5[cC])")
_VERSION = re.compile(r"/v/([^/]+)(/.*)?")


def check_query(query: bytes) -> None:
    """Raises `BadRequest` for a query string with a broken escape or a NUL."""
    if b"%" in query and (_BAD_ESCAPE.search(query) or b"%00" in query):
        raise BadRequest("The query string has a % that no two hexadecimal digits follow, or an encoded NUL.")


def path_below(raw: bytes, base_path: str) -> str:
    """The decoded path below the base, starting with ``/``.

    Raises `BadRequest` for a broken escape, a control character or bytes that are not UTF-8, `UriTooLong` beyond
    `LONGEST_PATH` bytes, `NotFound` for an encoded slash: no identifier has one.
    """
    if len(raw) > LONGEST_PATH:
        raise UriTooLong(f"A path here has at most {LONGEST_PATH} characters; this one has {len(raw)}.")
    if _BAD_ESCAPE.search(raw):
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


def split_version(path: str) -> tuple[str, str]:
    """The version and the path below it of ``/v/<version>/…``; an empty version for any other path."""
    found = _VERSION.fullmatch(path)
    return (found[1], found[2] or "/") if found else ("", path)
