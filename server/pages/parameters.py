"""The names of parameters that pages understand. Any other is refused, not passed over: a list whose filter is misspelt
would be a list of everything, and look like an answer."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from difflib import get_close_matches

from starlette.requests import Request

from server.pages.kinds import LISTED
from server.pages.lists import WHOLE
from server.pages.selection import FILTERS
from server.web.errors import BadRequest

SELECTION = (*FILTERS, "all", "basis", "q", "sort", "whole", "page", "of", "style")
PARAMETERS: dict[str, tuple[str, ...]] = {
    "recommendations": SELECTION,
    "compare": SELECTION,
    "takes-up": ("relation", *SELECTION),
    "crossref": ("by", "empty", "named", *SELECTION),
    "search": ("q", "kind"),
    "explore": ("of",),
    "changes": ("document", "from", "to"),
    "events": ("page",),
} | dict.fromkeys((*LISTED, *WHOLE), ("page",))
"""The names that each page understands, by its path."""
_FOLLOWING = re.compile(r"(?:utm|mtm|pk|piwik|mc|hsa|vero|oly)_\w+|_\w+|\w*clid|igshid|mkt_tok|ref|trk|cmpid")
"""Names that mail programs, search engines and social networks add to links: they say nothing to a page."""


def refuse_unknown(given: Iterable[str], known: Iterable[str]) -> None:
    """Raises `BadRequest` for the first name that a page does not understand; those that only follow visitors pass."""
    names = tuple(known)
    for name in given:
        if name not in names and not _FOLLOWING.fullmatch(name):
            near = get_close_matches(name, names, 1)
            meant = f" Did you mean “{near[0]}”?" if near else ""
            raise BadRequest(f"This page has no parameter “{name[:100]}”.{meant} It understands {', '.join(names)}.")


def only(path: str) -> Callable[[Request], Awaitable[None]]:
    """What checks the names in the address of a page before it is made; pages without names take any."""
    known = PARAMETERS.get(path.strip("/").partition(".")[0], ())

    async def check(request: Request) -> None:
        if known:
            refuse_unknown(request.query_params, known)

    return check
