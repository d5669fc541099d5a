"""A page: a template with its context, the frame around it and the queries behind it; its HTML, and the files that it
uses: style, scripts, icon, fonts.

A maker of a page asks named queries through `Questions`, and returns ``ask.page("home.html", path, title, …)``. A name
that a template uses and its context lacks is an error (`jinja2.StrictUndefined`). Templates are compiled to Python code
that costs less than what Jinja writes itself: most of what they say is short words that are escaped again and again,
attributes of frozen views, and macros.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from markupsafe import Markup, escape
from pyoxigraph import Literal, NamedNode

from ontology.formats import DATA
from ontology.words import in_words
from queries.catalogue import Query, bind
from server import page_index
from server.cache import kept_with
from server.linkeddata.description import Resource
from server.pages.values import (
    STRONGEST,
    Link,
    View,
    count,
    day,
    flag,
    link,
    local_name,
    number,
    period,
    reviewed_by,
    standing,
    text,
)
from server.snapshot import Snapshot
from server.store import Row
from server.web.answers import Answer, Freshness
from server.web.errors import NotFound
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
    """A template with its context: ``frame`` has what is around every page, ``url`` makes the address of a path, ``of``
    that of a thing, and ``to`` the link to the thing in a row of a query."""

    template: str
    context: Mapping[str, object]

    def written(self) -> str:
        """The text of the page: HTML, but for a few templates."""
        return _environment().get_template(self.template).render(self.context)


class Questions:
    """Asks named queries for one page, and lists them in the order of asking, each once."""

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
        more |= {"label": resource.label, "permalink": resource.iri.value}
        return self.page(template, path, title, description, formats=known, **more)

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
            home=urls.path(),
            navigation=navigation,
            area=path.partition("?")[0],
            crumbs=tuple(crumbs),
            search_terms=search_terms,
            static=urls.static(""),
            scripts=("site.js", *scripts),
            formats=tuple(formats),
            behind=self._asked.values(),
            footer=footer,
            version=Link(urls.version(snapshot.version), snapshot.version),
            built=in_words(snapshot.built.date()),
            pinned=snapshot.version if pinned else "",
            local=snapshot.base.iri if snapshot.base.is_local else "",
            indexed=indexed and not pinned,
            structured=script_json(structured) if structured else "",
            reviewed=snapshot.index.reviewed,
        )
        readers = {"url": urls.path, "of": urls.of, "to": partial(link, urls=urls)}
        return Page(template, {**context, **readers, "frame": frame})

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
def _standing(snapshot: Snapshot, pinned: bool) -> tuple[tuple[Link, ...], ...]:
    """What stands on all pages of a snapshot, or on those below ``/v/``: the links of the navigation and of the footer,
    each with its path as its note."""
    urls = Urls(snapshot.base, snapshot.version if pinned else "")
    return tuple(
        tuple(Link(urls.sparql() if to == "sparql" else urls.path(to), label, to) for to, label in entries)
        for entries in ((texts(snapshot), *NAVIGATION), FOOTER)
    )


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


TEMPLATES = Path(__file__).parent.parent / "templates"


@lru_cache(maxsize=100)
def _drawn_bars(force: int | None, considers: bool = False) -> Markup:
    """The strength of a directive as bars, hollow where it asks only to consider."""
    steps = "".join(
        f'<rect class="{"on" if force and step <= force else "off"}" x="{(step - 1) * 7}" y="{10 - 2 * step}"'
        f' width="5" height="{2 + 2 * step}"/>'
        for step in range(1, STRONGEST + 1)
    )
    return Markup(
        f'<svg class="bars{" hollow" if considers else ""}" viewBox="0 0 34 12" width="34" height="12"'
        f' aria-hidden="true" focusable="false">{steps}</svg>'
    )


class _Code(CodeGenerator):
    """Reads attributes and calls as Python does: a context holds views, whose fields they are, and nothing that is
    called wants a context."""

    def write_commons(self) -> None:
        """Writes the beginning of a block, with what is written in HTML at hand."""
        super().write_commons()
        self.writeline("words = environment.words")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:  # noqa: ARG002
        self.write("(words(value) if (kind := type(value := (")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:  # noqa: ARG002
        self.write("))) is str or kind is int else value if kind is Markup else escape(value))")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:  # noqa: ARG002
        """Writes what a macro is called by; the macro itself finds values for parameters that are missing."""
        names = [name.name for name in macro_ref.node.args]
        parameters = [f"{name}=missing" for name in names] + ["*", "macro=macro"]
        if macro_ref.accesses_caller:
            names.append("caller")
            parameters.append("caller=environment.no_caller")
        self.write(f"lambda {', '.join(parameters)}: str.__new__(Markup, macro({', '.join(names)}))")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        """Writes ``a(b, c=d)``."""
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        """Writes ``a.b``."""
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")


class _Environment(Environment):
    code_generator_class = _Code
    words = staticmethod(lru_cache(maxsize=10_000)(escape))
    """Words and whole numbers as they stand in HTML: most come again on every page."""
    no_caller = StrictUndefined(name="caller")


@cache
def _environment() -> Environment:
    environment = _Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(
        **{read.__name__: read for read in (count, day, flag, local_name, number, period, reviewed_by, standing, text)},
        STRONGEST=STRONGEST,
        drawn_bars=_drawn_bars,
        has_file=_has_file,
        stamp=lambda name: _file(name)[1],
        main_fonts=sorted(path.relative_to(STATIC).as_posix() for path in STATIC.glob(_MAIN_FONTS)),
    )
    return environment


STATIC = Path(__file__).parent.parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
_NAME = re.compile(r"(?:vendor/)?[A-Za-z0-9][A-Za-z0-9.-]*")
_HASHED = re.compile(r"\.[0-9a-f]{10}\.")
_MAIN_FONTS = "vendor/source-s*-latin-normal.*.woff2"
"""The upright fonts of words and headings, which every page needs at once."""


def static_file(name: str, version: str) -> Answer:
    """A file of the interface. A page adds its stamp to the address, so that it may be kept. Raises `NotFound` for
    anything that is none."""
    content, stamp = _file(name)
    final = version == stamp or _HASHED.search(name) is not None
    freshness = Freshness.IMMUTABLE if final else Freshness.SNAPSHOT
    return Answer(content, TYPES[Path(name).suffix], tag=f"{name}/{stamp}", freshness=freshness)


@cache
def _file(name: str) -> tuple[bytes, str]:
    """A file, read once a process, with its stamp: the first ten hexadecimal digits of its SHA-256 checksum."""
    path = STATIC / name
    if not _NAME.fullmatch(name) or path.suffix not in TYPES or not path.is_file():
        raise NotFound(f"There is no file {name}.")
    content = path.read_bytes()
    return content, hashlib.sha256(content).hexdigest()[:10]


def _has_file(name: str) -> bool:
    """Whether there is such a file; those below ``vendor/`` are there once the front end was built."""
    with suppress(NotFound):
        return bool(_file(name))
    return False
