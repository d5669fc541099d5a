"""The routes of the site: which address gets which page, and which page a resource, an error or a query gets."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from ontology.formats import AKOMA_NTOSO, ANNOTATIONS, ATOM, CSV, DATA, JSON, QUERY, SHEETS, TEXT, Format, split_suffix
from server.linkeddata.description import Resource, describe, licence_of
from server.linkeddata.representing import About, Data, MakeBytes, respond_document
from server.linkeddata.signposts import respond_landing
from server.pages.akoma_ntoso import akoma_ntoso
from server.pages.changes import changes_page, event_stream, events_feed, events_page, pages
from server.pages.citing import cited
from server.pages.compare import compare_page, compared
from server.pages.crossref import crossref_page, crossref_sheet, read_crossref
from server.pages.document import document_page, section_page
from server.pages.errors import error_view
from server.pages.exports import TABLES, as_file, export, export_page, respond_table
from server.pages.generic import explore_page, generic_page, neighbours_json
from server.pages.home import about_page, data_page, home_page, language_models_page, quality_page
from server.pages.judged import editorial_link_page, evidence_page
from server.pages.kinds import KINDS
from server.pages.lists import WHOLE, list_page, list_sheet, members_of, recommendations_of
from server.pages.page import Page, Questions, given_of, static_file
from server.pages.paragraph import paragraph_page
from server.pages.provision import articles_page, articles_sheet, provision_page
from server.pages.queries import (
    answer,
    answer_csv,
    answer_sheet,
    bound,
    named_question,
    named_text,
    queries_page,
    query_page,
    sparql_page,
)
from server.pages.recommendations import TITLE as TAKES_UP
from server.pages.recommendations import chosen_by, read_asked, recommendations_page, taken_up, takes_up_page, title_of
from server.pages.search import OPENSEARCH, names_json, opensearch, search_page, suggestions
from server.pages.selection import PARAMETERS, read_selection
from server.pages.tables import as_json
from server.pages.thing import thing_page
from server.pages.values import standing
from server.pages.vocabulary import shapes_page, vocabulary_page
from server.sparql.endpoint import QueryView
from server.web.answers import TEXT as PLAIN
from server.web.answers import Answer, Link, html
from server.web.errors import BadRequest, NotFound, PalermoError
from server.web.front import Handler, Route
from server.web.request import Exchange, refuse_unknown
from server.web.sending import Response, respond, respond_once

MakePage = Callable[[Exchange], Page]


def site_routes() -> list[Route]:
    """All routes of the site."""
    routes: list[Route] = []

    def get(path: str, handler: Handler, summary: str, names: Collection[str] = (), *, files: bool = False) -> None:
        """Adds a route with the names that its address may have, any where none are given, and the one of its
        files."""
        for route, words in ((path, summary), (f"{path}.{{suffix}}", f"{summary}, as a file"))[: 1 + files]:
            routes.append(Route(route, handler, words, "pages", names=names))

    get("/", _landing(home_page), "Home")
    get("/about", _page(about_page), "About and method")
    get("/data", _landing(data_page), "Downloads and interfaces")
    get("/quality", _page(quality_page), "What was checked, and how right it is")
    get("/names.json", _names, "Names that the query editor completes")
    get("/neighbours.json", _neighbours, "A thing and what is linked to it, for the explorer")
    get("/explore", _explore, "A thing and what is linked to it, as a page", ["of"])
    get("/suggest.json", _suggest, "The first results of a search, for search fields")
    get("/queries/{name}", _question, "A question and its answer")
    get("/recommendations", _recommendations, "Recommendations by filters", PARAMETERS, files=True)
    names = ("by", "empty", "named", *PARAMETERS)
    get("/crossref", _crossref, "Articles against sections, themes and more", names, files=True)
    get("/compare", _compare, "Recommendations or those of things, side by side", PARAMETERS, files=True)
    names = ("relation", *PARAMETERS)
    get("/takes-up", _takes_up, "Recommendations beside earlier ones that they take up", names, files=True)
    names = ("document", "from", "to")
    get("/changes", _changes, "What changed between two versions of a document or of the data", names)
    get("/events", _events, "What changed in the data", ["page"], files=True)
    get("/search", _search, "Full-text search", ["q", "kind"])
    get("/editor", _editor, "The query page with a query that is not yet run")
    get("/opensearch.xml", _text(opensearch, OPENSEARCH), "Description of the search for browsers")
    get("/llms.txt", _text(language_models_page, PLAIN), "What language models should know")
    get("/cite/{path:path}", _cite, "A citation for reference managers")
    get("/static/{name:path}", _static, "A file of the interface")
    for path, heading in (WHOLE | {kind.path: kind.heading for kind in KINDS}).items():
        get(f"/{path}", _list(path), heading, ["page"], files=True)
    return routes


def _once(exchange: Exchange, variant: object, make: Callable[[], Page]) -> Response:
    """The page for the values of the parameters, made once for all query strings with these values."""
    return respond_once(exchange, repr(variant), lambda: html(make().written()))


def _page(maker: MakePage) -> Handler:
    def handler(exchange: Exchange) -> Response:
        return _once(exchange, "", lambda: maker(exchange))

    return handler


def _text(maker: MakePage, media_type: str) -> Handler:
    """What answers with a text that is no page."""

    def handler(exchange: Exchange) -> Response:
        return respond(exchange, Answer(f"{maker(exchange).written()}\n".encode(), media_type))

    return handler


def _landing(maker: MakePage) -> Handler:
    def handler(exchange: Exchange) -> Response:
        return respond_landing(exchange, lambda: maker(exchange).written())

    return handler


def _list(path: str) -> Handler:
    def handler(exchange: Exchange, page: Annotated[int, Field(ge=1, le=1_000_000)] = 1) -> Response:
        maker = {"articles": articles_page, "queries": queries_page}.get(path)
        suffix = exchange.path.partition(".")[2]
        if suffix in (*SHEETS, *TABLES) and path != "queries":
            sheet = articles_sheet(exchange) if path == "articles" else list_sheet(path, exchange)
            return as_file(sheet, exchange.path, exchange)

        def html() -> Page:
            if path in WHOLE and page > 1:
                raise BadRequest("This list has 1 page.")
            return maker(exchange) if maker else list_page(path, page, exchange)

        return _either(
            exchange,
            path,
            html,
            lambda: members_of(path, page, exchange),
            variant=str(page),
            address=lambda suffix: exchange.urls.path(path + suffix, {"page": str(page)} if page > 1 else None),
        )

    return handler


def _events(exchange: Exchange, page: Annotated[int, Field(ge=1, le=1_000_000)] | None = None) -> Response:
    newest, urls = pages(exchange), exchange.urls

    def feed() -> tuple[bytes, About]:
        body = events_feed(page or newest, exchange).written()
        return f"{body}\n".encode(), About(licence=licence_of("events", exchange), formats=(ATOM,))

    return _either(
        exchange,
        "events",
        lambda: events_page(page or newest, exchange),
        lambda: event_stream(page or 1, exchange),
        variant=str(page),
        address=lambda suffix: urls.path(f"events{suffix}", {"page": str(page)} if page else None),
        own={ATOM: feed},
    )


def _either(
    exchange: Exchange,
    path: str,
    page: Callable[[], Page],
    data: Callable[[], Data],
    *,
    variant: str,
    address: Callable[[str], str] | None = None,
    about: About | None = None,
    own: Mapping[Format, MakeBytes] | None = None,
) -> Response:
    """The page at a path, or its data, in the format of the suffix or the one that is accepted."""
    stem, suffixed = split_suffix(exchange.path.removeprefix("/"))
    if stem != path or suffixed in {ANNOTATIONS, TEXT, AKOMA_NTOSO, ATOM} - set(own or ()):
        raise NotFound(f"{stem} has the formats {', '.join(known.suffix for known in DATA)}.")

    def html() -> tuple[str, About]:
        return page().written(), about or About(licence=licence_of(path, exchange), formats=tuple(own or ()))

    return respond_document(exchange, path, suffixed, html, data, variant=variant, address=address, own=own)


def _search(exchange: Exchange, q: Annotated[str, Field(max_length=500)] = "", kind: str = "") -> Response:
    terms = q.strip()
    return _once(exchange, (terms, kind), lambda: search_page(terms, kind, exchange))


def _recommendations(exchange: Exchange, suffix: str = "") -> Response:
    selection, ask = read_selection(exchange.request.query_params.getlist, exchange), Questions(exchange)
    if not suffix or split_suffix(exchange.path)[1] is not None:
        title = title_of(selection, exchange)
        return _either(
            exchange,
            "recommendations",
            lambda: recommendations_page(selection, ask),
            lambda: recommendations_of(selection, title, exchange),
            variant=repr(selection),
            address=lambda suffix: selection.href(exchange, f"recommendations{suffix}"),
        )
    chosen = chosen_by(selection, exchange.snapshot.index)
    return export(suffix, selection, chosen, title_of(selection, exchange), exchange)


def _compare(exchange: Exchange, suffix: str = "") -> Response:
    selection = read_selection(exchange.request.query_params.getlist, exchange)
    if not suffix:
        return _once(exchange, selection, lambda: compare_page(selection, exchange))
    title, listed = compared(selection, exchange)
    return export_page(exchange.path, listed, title, selection.style, exchange)


def _takes_up(exchange: Exchange, suffix: str = "") -> Response:
    values_of = exchange.request.query_params.getlist
    asked = read_asked(values_of("relation"), read_selection(values_of, exchange))
    if not suffix:
        return _once(exchange, asked, lambda: takes_up_page(asked, exchange))
    listed, style = taken_up(asked, exchange), asked.selection.style
    title = f"{TAKES_UP} ({standing(exchange.snapshot.index.reviewed)})"
    return export_page(exchange.path, listed, title, style, exchange)


def _changes(
    exchange: Exchange,
    document: Annotated[str, Field(max_length=200)] = "",
    from_: Annotated[str, Field(alias="from", max_length=40)] = "",
    to: Annotated[str, Field(max_length=40)] = "",
) -> Response:
    asked = (document, from_, to)
    return _once(exchange, asked, lambda: changes_page(*asked, exchange))


def _crossref(exchange: Exchange, by: str = "section", empty: str = "", suffix: str = "") -> Response:
    asked = read_crossref(by, empty, exchange.request.query_params.getlist, exchange)
    if suffix:
        return as_file(crossref_sheet(asked, exchange), f"crossref-{by}.{suffix}", exchange)
    return _once(exchange, asked, lambda: crossref_page(asked, exchange))


def _editor(exchange: Exchange, query: str = "", question: str = "") -> Response:
    query = named_text(question, exchange.request.query_params, exchange) if question else query
    asked = QueryView()
    return _once(exchange, query, lambda: sparql_page(asked, exchange, starting=query))


def _question(name: str, exchange: Exchange) -> Response:
    stem, _, suffix = name.partition(".")
    refuse_unknown(exchange.request.query_params, [each.name for each in named_question(stem, exchange).parameters])
    if not suffix or split_suffix(name)[1] is not None:
        return _question_document(split_suffix(name)[0], exchange)
    answered = answer(stem, exchange.request.query_params, exchange)
    if suffix in ("xlsx", "docx"):
        return as_file(answer_sheet(answered, exchange), name, exchange)
    if suffix in TABLES:
        return respond_table(exchange, answer_csv(answered, exchange), answered.query.title)
    if suffix == "json":
        body, known = as_json(answered.columns, answered.rows), JSON
    elif suffix == "rq":
        body, known = answered.query.absolute(exchange.snapshot.base).encode(), QUERY
    else:
        raise NotFound(f"An answer has the formats .xlsx, .docx, .csv, .json and .rq (its query), and no .{suffix}.")
    return respond(exchange, Answer(body, known.content_type))


def _question_document(name: str, exchange: Exchange) -> Response:
    """The page of a question with its answer, or what it asks as data."""
    query, path = named_question(name, exchange), f"queries/{name}"
    bindings = bound(query, exchange.request.query_params, exchange)
    given = given_of(bindings, exchange)
    iri, urls = exchange.snapshot.names.node(path), exchange.urls
    answers = tuple(
        Link(urls.path(f"{path}.{suffix}", given if suffix != "rq" else None), "alternate", known.media_type)
        for suffix, known in (("csv", CSV), ("json", JSON), ("rq", QUERY))
    )
    about = About(iri.value, licence_of(path, exchange), answers)

    def data() -> Data:
        described = describe(iri, exchange)
        if described is None:
            raise NotFound(f"The data know nothing at /{path}.")
        return replace(described, about=replace(described.about, links=answers))

    return _either(
        exchange,
        path,
        lambda: query_page(answer(name, exchange.request.query_params, exchange), exchange),
        data,
        variant=repr(given),
        address=lambda suffix: urls.path(path + suffix, given if suffix in ("", ".html") else None),
        about=about,
    )


def _names(exchange: Exchange) -> Response:
    return respond_once(exchange, "", lambda: names_json(exchange))


def _neighbours(exchange: Exchange, of: Annotated[str, Field(max_length=200)]) -> Response:
    return respond(exchange, neighbours_json(of, exchange))


def _explore(exchange: Exchange, of: Annotated[str, Field(max_length=200)] = "") -> Response:
    return _once(exchange, of, lambda: explore_page(of, exchange))


def _suggest(exchange: Exchange, q: Annotated[str, Field(max_length=200)] = "") -> Response:
    return respond_once(exchange, q.strip(), lambda: suggestions(q.strip(), exchange))


def _cite(path: str, exchange: Exchange, style: str = "") -> Response:
    return respond_once(exchange, style, lambda: cited(path, style, exchange))


def _static(exchange: Exchange, name: str, v: str = "") -> Response:
    return respond(exchange, static_file(name, v))


def resource_page(resource: Resource, exchange: Exchange) -> str:
    """The page of a thing or of a document."""
    return resource_view(resource, exchange).written()


def whole_text(document: str, exchange: Exchange) -> bytes:
    """A document by its IRI as Akoma Ntoso."""
    return f"{akoma_ntoso(document, exchange).written()}\n".encode()


def error_page(error: PalermoError, exchange: Exchange) -> str:
    """The page of an error."""
    return error_view(error, exchange).written()


def endpoint_page(asked: QueryView, exchange: Exchange) -> str:
    """The page of the endpoint, with a result or an error."""
    return sparql_page(asked, exchange).written()


Maker = Callable[[Resource, Exchange], Page]
MAKERS: tuple[tuple[tuple[str, ...], Maker], ...] = (
    (("Paragraph", "Item"), paragraph_page),
    (("Section",), section_page),
    (("Document",), document_page),
    (("Provision", "Instrument"), provision_page),
    (
        ("Actor", "Tool", "Theme", "AffectedGroup", "Meeting", "Modality", "Qualifier", "Action", "Resolution"),
        thing_page,
    ),
    (("Mention", "Directive"), evidence_page),
    (("EditorialLink",), editorial_link_page),
)


DOCUMENTS: dict[str, Maker] = {
    "ontology": vocabulary_page,
    "shapes": shapes_page,
    "validation": lambda resource, exchange: quality_page(exchange, resource.path),
}
"""Documents with a page of their own kind, by the first part of their path. The report of the validation is on the
quality page."""


def resource_view(resource: Resource, exchange: Exchange) -> Page:
    """The view of a resource."""
    if document := DOCUMENTS.get(resource.path.partition("/")[0]):
        return document(resource, exchange)
    pal = exchange.snapshot.names.pal
    for classes, maker in MAKERS:
        if any(pal(name) in resource.types for name in classes):
            return maker(resource, exchange)
    return generic_page(resource, exchange)
