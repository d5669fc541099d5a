"""The Reconciliation Service API 0.2 (W3C Entity Reconciliation Community Group) at ``/reconcile``.

A GET without parameters has the manifest (§3.1); ``queries`` a batch to match (§4.4) and ``extend`` things whose values
are wanted (§7.4), each in the address or in a form. Beside it are the suggest services, previews and views.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from http import HTTPStatus
from typing import Annotated, Any

from pydantic import Field
from starlette.requests import ClientDisconnect

from ontology.version import program_version
from server.reconciliation import matching
from server.reconciliation.matching import (
    BROADER,
    PROPERTIES,
    TYPES,
    Candidate,
    Thing,
    candidates,
    exactly,
    similar,
    thing_of,
    values,
    written,
)
from server.sparql.outcomes import ClientGone
from server.sparql.request import FORM, decode_form
from server.web.answers import HTML, Answer, json_answer, see_other
from server.web.errors import BadRequest, NotFound, PalermoError, TooLarge
from server.web.front import Route, routes_of
from server.web.request import Exchange
from server.web.sending import Response, respond

PATH, TAG = "/reconcile", "reconciliation"
BATCH = 50
"""How many queries, or things to extend, a request may have."""
MOST_CANDIDATES, SUGGESTED, LONGEST = 25, 10, 500
"""The candidates for a query, the suggestions at once, and the characters of a name."""
MOST_PROPERTIES = 20
JSON = "application/json"
_FIELDS = {name: {"type": "string", "description": "JSON, as the API has it."} for name in ("queries", "extend")}
_BY_GET: dict[str, Any] = {
    "parameters": [{"name": name, "in": "query", "required": False, "schema": said} for name, said in _FIELDS.items()]
}
_BY_POST: dict[str, Any] = {
    "requestBody": {"required": True, "content": {FORM: {"schema": {"type": "object", "properties": _FIELDS}}}}
}
Described = dict[str, Any]
Prefix = Annotated[str, Field(max_length=LONGEST)]
Cursor = Annotated[int, Field(ge=0, le=1_000_000)]
Id = Annotated[str, Field(max_length=LONGEST)]


def reconciliation_routes() -> tuple[Route, ...]:
    """The routes of version 0.2."""
    summary = "Reconciliation Service API 0.2 by"
    own = (("GET", _BY_GET), ("POST", _BY_POST))
    return (
        *(Route(PATH, answer, f"{summary} {by}", TAG, method=by, details=said) for by, said in own),
        *routes_of(
            TAG,
            (f"{PATH}/suggest/entity", _suggest_entity, "Things whose names begin with some words"),
            (f"{PATH}/suggest/type", _suggest_type, "Types of things that are matched"),
            (f"{PATH}/suggest/property", _suggest_property, "Properties of things that are matched"),
            (f"{PATH}/properties", propose, "The properties of a type"),
            (f"{PATH}/preview", preview, "A thing in a few lines, for a frame"),
            (f"{PATH}/view", _view, "To the page of a thing"),
        ),
    )


async def answer(exchange: Exchange) -> Response:
    """The manifest, or the answer to a batch of queries or to an extension."""
    body = await body_of(exchange, FORM)

    def make() -> Answer:
        fields = dict(decode_form(exchange.request.scope["query_string"], "query string"))
        fields |= dict(decode_form(body, "form"))
        if "queries" in fields:
            return json_answer(_match(read_object(fields["queries"], "queries"), exchange))
        if "extend" in fields:
            return json_answer(_extend(read_object(fields["extend"], "extend"), exchange))
        if exchange.request.method == "POST":
            raise BadRequest("The form has neither “queries” nor “extend”.")
        return json_answer(manifest(exchange))

    return respond(exchange, await exchange.in_turn(make))


def _match(batch: Mapping[str, object], exchange: Exchange) -> Described:
    check_size(len(batch), "queries")
    result = {}
    for name, asked in batch.items():
        query = _query(name, asked, exchange)
        ranked = candidates(query, exchange) if query else []
        result[name] = {"result": [as_candidate(each) for each in ranked]}
    return result


def _extend(asked: Mapping[str, object], exchange: Exchange) -> Described:
    names, rows = extended(asked, exchange)
    return {"meta": [{"id": name, "name": PROPERTIES[name]} for name in names], "rows": dict(rows)}


def _suggest_entity(exchange: Exchange, prefix: Prefix = "", cursor: Cursor = 0, type: str = "") -> Response:
    entities = suggested(prefix, type, exchange)
    return respond(exchange, json_answer({"result": entities[cursor : cursor + SUGGESTED]}))


def _suggest_type(exchange: Exchange, prefix: Prefix = "", cursor: Cursor = 0) -> Response:
    return respond(exchange, json_answer({"result": suggested_types(prefix)[cursor : cursor + SUGGESTED]}))


def _suggest_property(exchange: Exchange, prefix: Prefix = "", cursor: Cursor = 0) -> Response:
    return respond(exchange, json_answer({"result": suggested_properties(prefix)[cursor : cursor + SUGGESTED]}))


def propose(exchange: Exchange, type: str = "", limit: Annotated[int, Field(ge=1)] = MOST_PROPERTIES) -> Response:
    """The properties of a type."""
    names = (TYPES[type].properties if type in TYPES else tuple(PROPERTIES))[:limit]
    properties = [{"id": name, "name": PROPERTIES[name]} for name in names]
    return respond(exchange, json_answer({"properties": properties, "type": type, "limit": limit}))


def preview(exchange: Exchange, id: Id) -> Response:
    """A thing in a few lines."""
    thing = _there(id, exchange)
    address = escape(exchange.snapshot.names.node(f"id/{thing.id}").value, quote=True)
    name, meaning = escape(thing.label), f"<p>{escape(thing.meaning)}</p>\n" if thing.meaning else ""
    body = (
        f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{name}</title></head>\n<body>\n'
        f'<p><a href="{address}" target="_blank" rel="noopener"><strong>{name}</strong></a></p>\n'
        f"<p>{escape(TYPES[thing.type].name)}</p>\n{meaning}</body>\n</html>\n"
    )
    return respond(exchange, Answer(body.encode(), HTML, framed=True))


def _view(exchange: Exchange, id: Id) -> Response:
    thing = _there(id, exchange)
    return respond(exchange, see_other(exchange.urls.doc(exchange.snapshot.names.node(f"id/{thing.id}"))))


def _there(id_: str, exchange: Exchange) -> Thing:
    thing = thing_of(id_, exchange)
    if thing is None:
        raise NotFound("Nothing that can be matched has this identifier.")
    return thing


def manifest(exchange: Exchange) -> Described:
    """What the service is and offers (API 0.2 §3.1). Addresses stay in the version that is being read."""
    urls = exchange.urls
    here = urls.absolute(urls.path(PATH[1:]))

    def service(path: str) -> Described:
        return {"service_url": here, "service_path": path}

    return {
        "versions": ["0.2"],
        "name": "Palermo: actors, treaties, themes and documents of United Nations recommendations",
        "identifierSpace": f"{exchange.snapshot.base.iri}id/",
        "schemaSpace": exchange.snapshot.names.pal("").value,
        "documentation": urls.absolute(urls.path("data")),
        "serviceVersion": program_version(),
        "batchSize": BATCH,
        "defaultTypes": [type_of(name) for name in TYPES],
        "view": {"url": f"{here}/view?id={{{{id}}}}"},
        "preview": {"url": f"{here}/preview?id={{{{id}}}}", "width": 400, "height": 160},
        "suggest": {what: service(f"/suggest/{what}") for what in ("entity", "type", "property")},
        "extend": {"propose_properties": service("/properties"), "property_settings": []},
    }


def suggested(prefix: str, type: str, exchange: Exchange) -> list[Described]:
    """The things whose names begin with some words, or have them; of one type, or of all."""
    types = (type,) if type in TYPES else ()
    words = prefix.strip()
    things, _ = exactly(matching.Query(words, types), exchange)
    more = similar(words, types, exchange, unfinished=True) if words else []
    more.sort(key=lambda thing: -matching.begins(words, thing))
    distinct = {thing.id: thing for thing in (*things, *more)}
    return [entity(thing) | {"notable": types_of(thing)} for thing in distinct.values()]


def suggested_types(prefix: str) -> list[Described]:
    """The types whose names have a word that begins so."""
    return [type_of(id_) for id_, type_ in TYPES.items() if _begins(prefix, id_, type_.name)]


def suggested_properties(prefix: str) -> list[Described]:
    """The properties whose names have a word that begins so."""
    return [{"id": id_, "name": name} for id_, name in PROPERTIES.items() if _begins(prefix, id_, name)]


def extended(
    asked: Mapping[str, object], exchange: Exchange
) -> tuple[list[str], list[tuple[str, dict[str, list[Described]]]]]:
    """The properties that an extension asks for, and of each thing their values. Raises
    `BadRequest`, or `TooLarge`."""
    ids, wanted = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not all(isinstance(id_, str) for id_ in ids):
        raise BadRequest("“ids” of an extension is a list of identifiers.")
    if not isinstance(wanted, list) or not all(isinstance(each, dict) for each in wanted):
        raise BadRequest("“properties” of an extension is a list of objects with an “id”.")
    check_size(len(ids), "things")
    names = [str(each.get("id")) for each in wanted]
    unknown = [name for name in names if name not in PROPERTIES]
    if unknown or len(names) > MOST_PROPERTIES:
        raise BadRequest(f"The properties are {', '.join(PROPERTIES)}." if unknown else "Too many properties.")
    base, rows = exchange.snapshot.base.iri, []
    for id_ in ids:
        thing = thing_of(id_[:LONGEST], exchange)
        known = values(thing, exchange) if thing else {}
        own = {name: [written(value, label, base) for value, label in known.get(name, ())] for name in names}
        rows.append((id_, own))
    return names, rows


async def body_of(exchange: Exchange, media_type: str) -> bytes:
    """The body of a POST. Raises a 415 for one of another type."""
    if exchange.request.method != "POST":
        return b""
    sent_type = exchange.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent_type != media_type or exchange.request.headers.get("content-encoding", "identity").lower() != "identity":
        raise PalermoError(
            f"A POST to this service has a body of type {media_type}.",
            status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            headers=[("Accept-Post", media_type)],
        )
    try:
        return await exchange.request.body()
    except ClientDisconnect:
        raise ClientGone("The client went away in the middle of its request.") from None


def read_object(encoded: str, where: str) -> Mapping[str, object]:
    try:
        value = json.loads(encoded)
    except (ValueError, RecursionError) as problem:
        raise BadRequest(f"“{where}” is not JSON: {str(problem)[:200]}.") from None
    if not isinstance(value, dict):
        raise BadRequest(f"“{where}” is a JSON object.")
    return value


def check_size(number: int, what: str) -> None:
    if number > BATCH:
        raise TooLarge(f"A request here has at most {BATCH} {what}, and this one has {number:,}.")


def _query(name: str, asked: object, exchange: Exchange) -> matching.Query | None:
    """One query of a batch; None where it has no words or asks for types that there are not. Without words the values
    of its properties are searched for; those that are no properties here are not compared."""
    if not isinstance(asked, dict):
        raise BadRequest(f"The query {name[:40]} is a JSON object.")
    words, limit = asked.get("query", ""), limit_of(asked, name)
    if not isinstance(words, str):
        raise BadRequest(f"“query” of {name[:40]} is a text.")
    properties = _properties(name, asked.get("properties", []))
    if not words.strip() and not properties:
        raise BadRequest(f"The query {name[:40]} has neither words nor properties.")
    words = words if words.strip() else " ".join(value for texts in properties.values() for value in texts)
    words = " ".join(words.split())[:LONGEST]
    named = asked.get("type", [])
    wanted = [named] if isinstance(named, str) else named
    if not isinstance(wanted, list) or not all(isinstance(each, str) for each in wanted):
        raise BadRequest(f"“type” of {name[:40]} is an identifier or a list of them.")
    space = exchange.snapshot.names.pal("").value
    types = tuple(type_ for each in wanted if (type_ := each.removeprefix(space)) in TYPES)
    if not words or (any(wanted) and not types):
        return None
    known = (matching.Condition(id_, texts) for id_, texts in properties.items() if id_ in PROPERTIES and texts)
    return matching.Query(words, types, limit, tuple(known))


def _properties(name: str, asked: object) -> dict[str, tuple[str, ...]]:
    """The values of the properties of a query."""
    if not isinstance(asked, list) or not all(isinstance(each, dict) and "pid" in each for each in asked):
        raise BadRequest(f"“properties” of {name[:40]} is a list of objects with “pid” and “v”.")
    return {str(each["pid"]): texts_of(each.get("v", [])) for each in asked[:MOST_PROPERTIES]}


def texts_of(given: object) -> tuple[str, ...]:
    """The values that a query wants of a property: one or several texts, or things by their “id”."""
    listed = given if isinstance(given, list) else [given]
    values = (each.get("id", "") if isinstance(each, dict) else each for each in listed)
    return tuple(str(value)[:LONGEST] for value in values if value not in ("", None))


def limit_of(asked: Mapping[str, object], name: str) -> int:
    """How many candidates a query wants. Raises `BadRequest` for what is no number from 1 on."""
    limit = asked.get("limit", 5)
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not limit >= 1:
        raise BadRequest(f"“limit” of {name[:40]} is a number from 1 on.")
    return int(min(limit, MOST_CANDIDATES))


def _begins(prefix: str, id_: str, name: str) -> bool:
    """Whether an identifier or a name, or a word of one, begins with the prefix."""
    return f" {prefix.strip()}".casefold() in f" {id_} {name} ".casefold()


def entity(thing: Thing) -> Described:
    return {"id": thing.id, "name": thing.label} | ({"description": thing.meaning} if thing.meaning else {})


def as_candidate(candidate: Candidate) -> Described:
    """A candidate as both versions of the API have it."""
    described = entity(candidate.thing)
    return described | {"type": types_of(candidate.thing), "score": candidate.score, "match": candidate.match}


def types_of(thing: Thing) -> list[Described]:
    return [{"id": name, "name": TYPES[name].name} for name in (thing.type, BROADER.get(thing.type, "")) if name]


def type_of(name: str) -> Described:
    broader = BROADER.get(name)
    described: Described = {"id": name, "name": TYPES[name].name}
    return described | ({"broader": [{"id": broader, "name": TYPES[broader].name}]} if broader else {})
