"""What a request asks, by the SPARQL 1.1 Protocol §2.1: parameters from the URL, a form, or a body that is the query;
and in which format it is answered.

Everything is decoded strictly: a broken escape, bytes that are not UTF-8 or a NUL are errors, and nothing is decoded
twice.
"""

from __future__ import annotations

from binascii import a2b_qp
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from starlette.requests import ClientDisconnect

from ontology.formats import (
    CSV,
    GRAPHS,
    HTML,
    JSON,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    TABLES,
    TRIG,
    TSV,
    TURTLE,
    XML,
    Format,
)
from queries.prologue import Graphs
from server.sparql.outcomes import READ_ONLY, ClientGone, QueryRefused
from server.web.errors import BadRequest, NotAcceptable, PalermoError
from server.web.negotiation import choose
from server.web.request import BAD_ESCAPE, Exchange

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
DEFAULT_GRAPHS = frozenset({"urn:x-rdflib:default", "urn:x-arq:DefaultGraph", "urn:x-arq:UnionGraph"})
"""How rdflib and Jena call the default graph, which is the union of all here."""
_IRIS = {"type": "array", "items": {"type": "string", "format": "uri"}}
_FIELDS: dict[str, dict[str, Any]] = {
    "query": {"type": "string"},
    "default-graph-uri": _IRIS,
    "named-graph-uri": _IRIS,
    "format": {"type": "string", "description": "A name of a result format; it comes before Accept."},
}
BY_GET: dict[str, Any] = {
    "parameters": [
        {"name": name, "in": "query", "required": False, "schema": schema} for name, schema in _FIELDS.items()
    ]
}
BY_POST: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {"schema": {"type": "object", "required": ["query"], "properties": _FIELDS}},
            QUERY: {"schema": {"type": "string"}},
        },
    }
}
"""How a request is described (OpenAPI 3.1 §4.8.10)."""
_LONG, _MOST_PAIRS = 16_384, 10_000
_IN_ADDRESS = "query string"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to the endpoint. ``query`` is None when there is none; ``graphs`` are None when none are named;
    ``format`` is the name given by ``?format=``, which comes before `Accept`."""

    query: str | None
    graphs: Graphs | None
    format: str | None


async def read_request(exchange: Exchange) -> Asked:
    """What a GET or POST asks.

    Raises `BadRequest` for a malformed request, more than one query, or none in a POST; a 415 for a body of another
    type; `QueryRefused` for an update; `ClientGone` when the body never ends.
    """
    request = exchange.request
    parameters = list(decode_form(request.scope["query_string"], _IN_ADDRESS))
    if request.method == "POST":
        media_type = _media_type(request.headers.get("content-type", ""))
        if media_type == UPDATE:
            raise QueryRefused(READ_ONLY)
        try:
            body = await request.body()
        except ClientDisconnect:
            raise ClientGone("The client went away in the middle of its request.") from None
        if media_type == QUERY:
            if any(name == "query" for name, _ in parameters):
                raise BadRequest("The body of this POST is the query; the address must not have another one.")
            parameters.append(("query", _decode(body, "query")))
        elif media_type == FORM:
            parameters += await _read_form(body, exchange)
        else:
            given = f"not {media_type}" if media_type else "and this one has no type"
            lost = not body and any(name == "query" for name, _ in parameters)
            way = " The query of this one is in its address: use GET, or send a form." if lost else ""
            raise PalermoError(
                f"A POST to this endpoint has a body of type {QUERY} or {FORM}, {given}.{way}",
                status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                headers=[("Accept-Post", f"{QUERY}, {FORM}")],
            )
    return asked_by(parameters, needs_query=request.method == "POST")


def asked_in(query: bytes) -> Asked:
    """What a query string asks. Raises as `read_request`."""
    if query.startswith(b"query=") and b"&" not in query:  # as nearly always
        encoded = query[6:]
        octets = _unquoted(encoded.replace(b"+", b" "))
        if len(octets) + 2 * encoded.count(b"%") != len(encoded):  # not every escape is one byte now
            _check_escapes(query, _IN_ADDRESS)
        return Asked(_decode(octets, _IN_ADDRESS), None, None)
    return asked_by(decode_form(query, _IN_ADDRESS))


def asked_by(parameters: Iterable[tuple[str, str]], *, needs_query: bool = False) -> Asked:
    """What parameters ask. Raises as `read_request`."""
    given: dict[str, list[str]] = {}
    for name, value in parameters:
        given.setdefault(name, []).append(value)
    if "update" in given or "using-graph-uri" in given or "using-named-graph-uri" in given:
        raise QueryRefused(READ_ONLY)
    queries = given.get("query", [])
    if len(queries) > 1:
        raise BadRequest(f"The request has {len(queries)} queries; the protocol allows exactly one.")
    if not queries:
        lost = [name for name in ("default-graph-uri", "named-graph-uri") if name in given]
        if needs_query or lost:
            raise BadRequest("The request has no query: the parameter 'query' is missing.")
        if "graph" in given or "default" in given:
            raise BadRequest(
                "This is a query endpoint without a graph store: ask for a named graph at its own address, "
                "or for everything in it by a CONSTRUCT query."
            )
    formats = [value for name in ("format", "output", "results") for value in given.get(name, [])]
    graphs = _graphs(given.get("default-graph-uri", ())), _graphs(given.get("named-graph-uri", ()))
    return Asked(queries[0] if queries else None, graphs if any(graphs) else None, formats[0] if formats else None)


def _graphs(given: Iterable[str]) -> tuple[str, ...]:
    """The graphs named, each once. Clients send empty values, and names of their own for the default graph, which mean
    nothing here but it."""
    graphs = tuple(dict.fromkeys(graph for graph in given if graph))
    return graphs if DEFAULT_GRAPHS.isdisjoint(graphs) else ()


async def _read_form(body: bytes, exchange: Exchange) -> list[tuple[str, str]]:
    """The parameters of a form. A long one is decoded in its client's turn, so that others do not wait."""
    if len(body) < _LONG:
        return list(decode_form(body, "form"))
    return await exchange.in_turn(lambda: list(decode_form(body, "form")))


def decode_form(encoded: bytes, where: str) -> Iterator[tuple[str, str]]:
    """The names and values in form-encoded bytes, in order. Raises `BadRequest` for what is not well-formed."""
    _check_escapes(encoded, where)
    if encoded.count(b"&") > _MOST_PAIRS:
        raise BadRequest(f"The {where} has more than {_MOST_PAIRS:,} parameters.")
    for pair in encoded.split(b"&"):
        if pair:
            name, _, value = pair.partition(b"=")
            yield _text_of(name, where), _text_of(value, where)


def _check_escapes(encoded: bytes, where: str) -> None:
    if BAD_ESCAPE.search(encoded):
        raise BadRequest(f"The {where} has a % that no two hexadecimal digits follow.")


def _text_of(encoded: bytes, where: str) -> str:
    """A name or a value in a form, all of whose escapes are whole."""
    return _decode(_unquoted(encoded.replace(b"+", b" ")), where)


def _unquoted(encoded: bytes) -> bytes:
    """Bytes without their escapes, all of which are whole: read as quoted-printable, whose sign is ``=``, because that
    decoder is written in C and ten times as fast as `urllib.parse.unquote_to_bytes`."""
    return a2b_qp(encoded.replace(b"=", b"=3D").replace(b"%", b"=")) if b"%" in encoded else encoded


def _decode(octets: bytes, where: str) -> str:
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise BadRequest(f"The {where} is not UTF-8 from byte {problem.start} on.") from None
    if "\0" in text:
        raise BadRequest(f"The {where} has a NUL character.")
    return text.removeprefix("\ufeff")


def _media_type(given: str) -> str:
    """The type that a field says, in lower case. Raises a 415 for a charset that is not UTF-8."""
    if given in (QUERY, FORM):
        return given
    field = Message()
    field["content-type"] = given
    charset = field.get_param("charset", "utf-8")
    if str(charset).lower() not in ("utf-8", "utf8", "us-ascii"):
        raise PalermoError(f"Text here is in UTF-8, not in {charset}.", status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    return given.partition(";")[0].strip().lower()


NAMES: dict[str, tuple[Format, ...]] = {
    "json": (JSON, JSON_LD),
    "xml": (XML, RDF_XML),
    "srj": (JSON,),
    "srx": (XML,),
    "csv": (CSV,),
    "tsv": (TSV,),
    **dict.fromkeys(("ttl", "turtle", "n3"), (TURTLE,)),
    **dict.fromkeys(("nt", "ntriples", "n-triples"), (N_TRIPLES,)),
    **dict.fromkeys(("jsonld", "json-ld"), (JSON_LD,)),
    **dict.fromkeys(("rdf", "rdfxml", "rdf+xml"), (RDF_XML,)),
    "trig": (TRIG,),
    "nq": (N_QUADS,),
    "html": (HTML,),
}
OFFERS = {
    **dict.fromkeys(("SELECT", "ASK"), (*TABLES, HTML)),
    **dict.fromkeys(("CONSTRUCT", "DESCRIBE"), (*GRAPHS, HTML)),
    "": (*GRAPHS, TRIG, N_QUADS, HTML),
}
"""The formats for a form of query in the server's order; those of the description of the service where there is no
query."""


@lru_cache(maxsize=1_000)
def choose_format(form: str, accept: str, named: str | None) -> Format:
    """The format for an `Accept` field, or for the name in ``format``, which comes before it.

    Raises `NotAcceptable` when the field excludes everything on offer or the name is of another form of query, and
    `BadRequest` when the name is none.
    """
    on_offer = OFFERS[form]
    if named:
        return _named(named, on_offer)
    media_types = [known.media_type for known in on_offer] + [also for known in on_offer for also in known.also]
    chosen = choose(accept, media_types)
    for known in on_offer:
        if chosen == known.media_type:
            return known
        if chosen is not None and chosen in known.also:
            return known if known is HTML else known.called(chosen)
    if on_offer[0] is GRAPHS[0] and choose(accept, [XML.media_type]):
        return RDF_XML  # Rasqal asks for XML results and reads RDF/XML (RFC 9110 §12.5.1 allows to send it).
    raise _not_offered("No format of the result fits the Accept field of the request.", on_offer)


def _named(named: str, on_offer: Sequence[Format]) -> Format:
    name = named.strip().lower().replace(" ", "+")  # A plus sign that was not escaped in an address is a space.
    known = NAMES.get(name)
    if known is None:
        known = tuple(each for each in (*TABLES, *GRAPHS, HTML) if name == each.media_type or name in each.also)
    if not known:
        raise BadRequest(f"There is no format '{named[:60]}'. The names are {', '.join(NAMES)}.")
    for each in known:
        if each in on_offer:
            return each
    raise _not_offered(f"The result of this query has no form in '{named[:60]}'.", on_offer)


def _not_offered(reason: str, on_offer: Sequence[Format]) -> NotAcceptable:
    offers = [known.media_type for known in on_offer]
    return NotAcceptable(f"{reason} There are: {', '.join(offers)}.", offers=offers)
