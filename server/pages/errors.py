"""Errors as pages: what happened in one sentence, and where to go on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from server.pages.framing import frame
from server.pages.index import existing
from server.pages.nearby import nearest
from server.pages.search import Hit, find
from server.pages.views import Frame, Link
from server.web.errors import PalermoError
from server.web.exchange import Exchange

_NUMBER = re.compile(r"(recommendation|paragraph|article)s?/?0*(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ErrorView:
    """An error for a reader. ``suggestions`` are pages near the address that is not there."""

    template: ClassVar[str] = "error.html"

    frame: Frame
    status: int
    phrase: str
    title: str
    detail: str
    request_id: str
    suggestions: tuple[Link, ...]
    hits: tuple[Hit, ...]
    apology: bool


def error_view(error: PalermoError, exchange: Exchange) -> ErrorView:
    """The view of an error. Never fails for want of an index: then it suggests nothing."""
    missing = error.status == HTTPStatus.NOT_FOUND and exchange.snapshot.search_path.exists()
    above = nearest(exchange) if missing else ()
    near = above or (_suggestions(exchange) if missing else ())
    sought = exchange.path.removeprefix("/doc/") if missing and not above else ""
    words = " ".join(re.findall(r"[A-Za-z]{3,}|\d+", sought))
    return ErrorView(
        frame=frame(exchange, exchange.path.lstrip("/"), error.title, error.detail, indexed=False),
        status=int(error.status),
        phrase=HTTPStatus(error.status).phrase,
        title=error.title,
        detail=error.detail,
        request_id=exchange.request_id,
        suggestions=near,
        hits=tuple(hit for hit in find(words, exchange, 5)[0] if hit.link not in near) if words else (),
        apology=int(error.status) >= 500,
    )


def _suggestions(exchange: Exchange) -> tuple[Link, ...]:
    """Pages that an address with a number may have meant: paragraph 24 of the text, article 24 of either treaty."""
    urls = exchange.urls
    found = _NUMBER.search(exchange.path)
    if not found:
        return ()
    below = ("id/document/som-wg-2015/paragraph/{}", "id/instrument/smuggling-protocol/article/{}")
    wanted = [urls.canonical(path.format(int(found[2]))) for path in (*below, "id/instrument/untoc/article/{}")]
    return tuple(Link(urls.of(iri), label) for iri, label in existing(exchange.snapshot.search_path, wanted).items())
