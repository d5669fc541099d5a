"""Errors as answers: a page for people, RFC 9457 problem JSON for programs, text for terminals."""

from __future__ import annotations

import json
import logging
from html import escape
from http import HTTPStatus

from server.web.errors import InternalError, PalermoError
from server.web.exchange import Exchange
from server.web.negotiation import choose, parse_accept
from server.web.responses import HTML, TEXT, Answer, Freshness

PROBLEM = "application/problem+json"
_log = logging.getLogger("palermo.request")
_OFFERS = (PROBLEM, "application/json", "text/html", "application/xhtml+xml", "text/plain")


def problem_answer(error: PalermoError, exchange: Exchange) -> Answer:
    """An error in the reader's format. HTML is for those who ask for it by name; problem JSON is the default."""
    by_name = any(wanted.main != "*" and wanted.sub != "*" for wanted in parse_accept(exchange.accept))
    chosen = (choose(exchange.accept, _OFFERS) if by_name else None) or PROBLEM
    if chosen in ("text/html", "application/xhtml+xml"):
        body, media_type = _page(error, exchange).encode(), HTML
    elif chosen == "text/plain":
        body, media_type = f"{error.title}\n{error.detail}\n".encode(), TEXT
    else:
        body, media_type = problem_json(error, exchange), PROBLEM
    return Answer(
        body,
        media_type,
        status=int(error.status),
        negotiated=True,
        freshness=Freshness.NEVER,
        headers=tuple(pair for pair in error.headers if pair[0].lower() != "vary"),
        cacheable=False,
    )


def _page(error: PalermoError, exchange: Exchange) -> str:
    """The site's page; the plain one where that fails, for an error must not cause another."""
    try:
        return exchange.services.error_page(error, exchange)
    except Exception:
        _log.exception("error page failed", extra={"request_id": exchange.request_id})
        return plain_error_page(error, exchange)


def problem_json(error: PalermoError, exchange: Exchange) -> bytes:
    """The error as a problem document (RFC 9457 §3.1); ``request_id`` finds it in the log."""
    document = {
        "type": "about:blank",
        "title": error.title,
        "status": int(error.status),
        "detail": error.detail,
        "request_id": exchange.request_id,
        **error.extra,
    }
    return json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n"


def internal_error(exchange: Exchange) -> InternalError:
    """The error for what nobody foresaw: only its number leaves the server."""
    return InternalError(f"The server failed. Its log has the details under {exchange.request_id}.")


def plain_error_page(error: PalermoError, exchange: Exchange) -> str:
    """A page without design, used until the pages bring their own."""
    phrase = HTTPStatus(error.status).phrase
    return (
        f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{escape(error.title)}</title></head>\n'
        f"<body>\n<h1>{escape(error.title)}</h1>\n<p>{escape(error.detail)}</p>\n"
        f"<p>{int(error.status)} {escape(phrase)}, request {escape(exchange.request_id)}</p>\n"
        f'<p><a href="{escape(exchange.urls.home())}">Home</a></p>\n</body>\n</html>\n'
    )
