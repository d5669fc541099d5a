"""What the page of the endpoint is made of: the editor alone, a result, or an error beside the query."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from server.sparql.results import Table
from server.web.errors import PalermoError
from server.web.request import Exchange


@dataclass(frozen=True, slots=True)
class QueryView:
    """``query`` is empty for the editor alone; then ``form`` and ``table`` are None. Of a query that ended without a
    result ``problem`` says why."""

    query: str = ""
    form: str | None = None
    table: Table | None = None
    problem: PalermoError | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


QueryPage = Callable[[QueryView, Exchange], Awaitable[str]]
