"""A page: a template with its context, the frame around it, and the queries behind it.

A maker of a page asks named queries through `Questions`, and returns ``ask.page("home.html", path, title, …)``. A name
that a template uses and its context lacks is an error (`jinja2.StrictUndefined`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from pyoxigraph import Literal, NamedNode

from ontology.formats import DATA
from ontology.words import in_words
from queries.binding import bind
from queries.catalogue import Query
from server import page_index
from server.cache import kept_with
from server.linkeddata.description import Resource
from server.pages.values import Link, View
from server.snapshot import Snapshot
from server.store import Row
from server.web.request import Exchange, Urls

NAVIGATION = (
    ("recommendations", "Recommendations"),
    ("articles", "Articles"),
    ("crossref", "Cross-reference"),
    ("themes", "Themes"),
    ("actors", "Actors"),
    ("queries", "Questions"),
    ("sparql", "Query"),
    ("data", "Data"),
)
FOOTER = (
    ("about", "About and method"),
    ("quality", "Quality"),
    ("ontology", "Vocabulary"),
    ("shapes", "Checks"),
    ("events", "What changed"),
    ("groups", "Affected groups"),
    ("tools", "Tools"),
    ("meetings", "Meetings"),
    ("documents", "Documents"),
    ("modalities", "Strength of language"),
    ("actions", "Actions"),
    ("qualifiers", "Qualifying phrases"),
    ("instruments", "Instruments"),
    ("explore", "Explorer"),
    ("compare", "Compare"),
    ("takes-up", "What takes up an earlier one"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """A template with its context: ``frame`` has what is around every page, ``url`` makes the address of a path."""

    template: str
    context: Mapping[str, object]


class Questions:
    """Asks named queries for one page. ``asked`` is in the order of asking, each query once."""

    __slots__ = ("_asked", "exchange")

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self._asked: dict[str, View] = {}

    def rows(self, name: str, **bindings: NamedNode | Literal) -> list[Row]:
        """The rows of a query. Raises `KeyError` for a name that is not in the catalogue."""
        query = self.exchange.services.catalogue[name]
        self._asked[name] = self._shown(query, bindings, ran=True)
        return self.exchange.store.select(name, **bindings)

    def first(self, name: str, **bindings: NamedNode | Literal) -> Row:
        """The first row of a query, or an empty one."""
        rows = self.rows(name, **bindings)
        return rows[0] if rows else {}

    def same_answer(self, *names: str, **bindings: NamedNode | Literal) -> None:
        """Lists on the page queries that give the same answer as the index, which was used."""
        for name in names:
            query = self.exchange.services.catalogue[name]
            self._asked.setdefault(name, self._shown(query, bindings, ran=False))

    @property
    def asked(self) -> tuple[tuple[bool, list[View]], ...]:
        """The queries behind the page, those that ran first. One that did not gives the same answer as the index, which
        was counted."""
        queries = ((ran, [each for each in self._asked.values() if each.ran is ran]) for ran in (True, False))
        return tuple((ran, alike) for ran, alike in queries if alike)

    def resource_page(
        self,
        template: str,
        resource: Resource,
        title: str,
        description: str,
        /,
        *,
        formats: Iterable[tuple[str, str, str]] = (),
        **more: Any,
    ) -> Page:
        """The page of a resource, with further formats of its own; ``more`` is as for `page`."""
        path = self.exchange.urls.document_path(resource.iri)
        known = (*resource_formats(self.exchange, resource.path), *formats)
        named = {"label": resource.label, "permalink": resource.iri.value}
        return self.page(template, path, title, description, formats=known, **{**named, **more})

    def page(
        self,
        template: str,
        path: str,
        title: str,
        description: str,
        /,
        *,
        crumbs: Iterable[Link] = (),
        formats: Iterable[tuple[str, str, str]] = (),
        scripts: Iterable[str] = (),
        search_terms: str = "",
        indexed: bool = True,
        structured: Mapping[str, object] | None = None,
        **context: object,
    ) -> Page:
        """The page at a path below the base, which a template makes of this context. ``formats`` are address, name and
        media type; ``local`` in the frame is the base where links are not for citing, and empty elsewhere."""
        urls, snapshot, pinned = self.exchange.urls, self.exchange.snapshot, self.exchange.pinned
        navigation, footer = _standing(snapshot, pinned)
        frame = SimpleNamespace(
            title=title,
            description=description,
            canonical=urls.canonical(path),
            home=urls.home(),
            navigation=navigation.get(path.partition("?")[0], navigation[""]),
            crumbs=tuple(crumbs),
            search_terms=search_terms,
            static=urls.static(""),
            scripts=("site.js", *scripts),
            formats=tuple(formats),
            asked=len(self._asked),
            behind=self.asked,
            footer=footer,
            version=Link(urls.version(snapshot.version), snapshot.version),
            built=in_words(snapshot.built.date()),
            pinned=snapshot.version if pinned else "",
            local=snapshot.base.iri if snapshot.base.is_local else "",
            indexed=indexed and not pinned,
            structured=script_json(structured) if structured else "",
            reviewed=snapshot.index.reviewed,
        )
        return Page(template, {**context, "frame": frame, "url": urls.path})

    def _shown(self, query: Query, bindings: Mapping[str, NamedNode | Literal], *, ran: bool) -> View:
        text, href = bound_text(query, bindings, self.exchange), named_href(query, bindings, self.exchange)
        return View(name=query.name, title=query.title, row=query.row, text=text, href=href, ran=ran)


def turned(page: int, pages: int, address: Callable[[int], str]) -> dict[str, Any]:
    """The pages before and behind one of a list, where there are, by the names that templates have for them."""
    return {"previous": address(page - 1) if page > 1 else "", "following": address(page + 1) if page < pages else ""}


def bound_text(query: Query, bindings: Mapping[str, NamedNode | Literal], exchange: Exchange) -> str:
    """The query as it ran and as anybody can run it: prefixes absolute, values of its parameters in their places."""
    return bind(query.absolute(exchange.snapshot.base), bindings).rstrip() + "\n"


def given_of(bindings: Mapping[str, NamedNode | Literal], exchange: Exchange) -> dict[str, str]:
    """The values of parameters as they stand in addresses."""
    return {name: value.value.removeprefix(exchange.snapshot.base.iri) for name, value in bindings.items()}


def named_href(query: Query, bindings: Mapping[str, NamedNode | Literal], exchange: Exchange) -> str:
    """The address of the query page with a query of the catalogue in its field, bound and not yet run."""
    return exchange.urls.path("editor", query={"question": query.name, **given_of(bindings, exchange)})


@kept_with
def _standing(snapshot: Snapshot, pinned: bool) -> tuple[Mapping[str, tuple[Link, ...]], tuple[Link, ...]]:
    """What stands on all pages of a snapshot, or on those below ``/v/``: the navigation, by the page that one is on,
    and the links of the footer."""
    urls = Urls(snapshot.base, snapshot.version if pinned else "")

    def links(entries: Iterable[tuple[str, str]], area: str) -> tuple[Link, ...]:
        return tuple(
            Link(urls.sparql() if to == "sparql" else urls.path(to), label, current=to == area) for to, label in entries
        )

    entries = (texts(snapshot), *NAVIGATION)
    return {area: links(entries, area) for area in ("", *(to for to, _ in entries))}, links(FOOTER, "")


def texts(snapshot: Snapshot) -> tuple[str, str]:
    """The path and the name of what holds the texts themselves: the one document, or the list of several."""
    iris = page_index.documents(snapshot.index)
    if len(iris) != 1:
        return "documents", "Documents"
    return Urls(snapshot.base).document_path(iris[0]), "The text"


def resource_formats(exchange: Exchange, path: str) -> tuple[tuple[str, str, str], ...]:
    """The data formats of the resource at a path below the base: address, name, media type."""
    return tuple(
        (exchange.urls.doc(exchange.urls.canonical(path), known.suffix), known.name, known.media_type) for known in DATA
    )


def script_json(value: Mapping[str, object]) -> str:
    """JSON that can stand inside a script element: nothing in it ends the element (HTML §4.12.1.3)."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026")
