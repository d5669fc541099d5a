"""How a store elsewhere can fail, told apart for the reader, and its answers that are errors.

StoreBroken  502  it gave an answer that is none: an error of its own, a part, something else than was asked for
StoreAway    503  it cannot be reached, is overloaded or does not hold this version; says when to come back
StoreSlow    504  it did not answer in time
NotAnswered  ---  it refused the query as such    } whoever sent the query
ResultCut    ---  it ends every result somewhere  } knows what that means
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from server.web.errors import PalermoError, Unavailable

if TYPE_CHECKING:
    from httpx2 import Response

_VIRTUOSO = re.compile(r"Virtuoso (\w{5}) Error (?:\w+: )?(.*)")
_QUERY_AT_FAULT = ("22", "37", "42")
_RETRY_SECONDS = 5
_LONGEST_RETRY = 120


class StoreBroken(PalermoError):  # noqa: N818 (as in the tree)
    """The store gave no usable answer."""

    status = HTTPStatus.BAD_GATEWAY

    def __init__(self, reason: str) -> None:
        super().__init__(f"The store behind this server failed, and nothing of its answer is shown. {reason}")


class StoreAway(Unavailable):
    """The store cannot be asked at the moment."""

    title = "The store is not available at the moment"

    def __init__(self, reason: str, retry_after: int = _RETRY_SECONDS) -> None:
        super().__init__(f"The store behind this server is not available. {reason}", retry_after=retry_after)


class StoreSlow(Unavailable):
    """The store did not answer in time."""

    status = HTTPStatus.GATEWAY_TIMEOUT

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The store behind this server did not answer within {seconds:g} seconds.")


class NotAnswered(Exception):  # noqa: N818 (it is an answer: no)
    """The store read the query and refused it; the message is its own."""


class ResultCut(Exception):  # noqa: N818 (it names what happened)
    """The store ends every result at so many rows, and this one has at least as many."""

    def __init__(self, rows: int) -> None:
        super().__init__(f"The store ends results at {rows:,} rows.")
        self.rows = rows


def failure_of(response: Response, body: bytes, deadline: float) -> Exception:
    """What a response whose status is not 200 says. Virtuoso answers 500 for what a query did wrong as well; the
    classes of its SQL states tell (22 data, 37 and 42 syntax, S1T00 time)."""
    text = body[:2_000].decode("utf-8", "replace")
    status = response.status_code
    virtuoso = _VIRTUOSO.search(text)
    if status in (408, 504) or (virtuoso and (virtuoso[1] == "S1T00" or "estimated execution time" in text)):
        return StoreSlow(deadline)
    if status in (429, 503):
        asked = response.headers.get("retry-after", "")
        return StoreAway("It is overloaded.", min(int(asked), _LONGEST_RETRY) if asked.isdigit() else _RETRY_SECONDS)
    if status == 400 or (virtuoso and virtuoso[1].startswith(_QUERY_AT_FAULT)):
        return NotAnswered(virtuoso[2] if virtuoso else text.strip())
    return StoreBroken(f"It answered with status {status}.")
