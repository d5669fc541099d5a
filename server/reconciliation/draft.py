"""The draft of version 1.0 of the Reconciliation Service API, below ``/reconcile/draft``: JSON in, JSON out.

A manifest of the draft contradicts one of version 0.2, so each version has an address of its own; they find the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

from pydantic import Field

from server.reconciliation import matching
from server.reconciliation.matching import PROPERTIES, TYPES, Candidate, candidates
from server.reconciliation.protocol import (
    BATCH,
    JSON,
    LONGEST,
    MOST_CANDIDATES,
    MOST_PROPERTIES,
    SUGGESTED,
    TAG,
    Described,
    Prefix,
    as_candidate,
    body_of,
    check_size,
    extended,
    limit_of,
    manifest,
    preview,
    propose,
    read_object,
    suggested,
    suggested_properties,
    suggested_types,
    texts_of,
)
from server.web.answers import json_answer
from server.web.errors import BadRequest
from server.web.front import Route, routes_of
from server.web.request import Exchange
from server.web.sending import Response, respond

PATH = "/reconcile/draft"
_QUANTIFIERS = ("any", "all", "none")
_OF_MATCH = ("name", "id", "property")
Offset = Annotated[int, Field(ge=0, le=1_000_000)]
Limit = Annotated[int, Field(ge=1)]
Make = Callable[[Mapping[str, object], Exchange], Described]


def draft_routes() -> tuple[Route, ...]:
    """The routes of the draft."""
    return (
        _posted("match", _match),
        _posted("extend", _extend),
        *routes_of(
            TAG,
            (PATH, _manifest, "Manifest of the draft of version 1.0"),
            (f"{PATH}/suggest/entity", _suggest_entity, "Things whose names begin with some words, in the draft"),
            (f"{PATH}/suggest/type", _suggest_type, "Types of things, in the draft"),
            (f"{PATH}/suggest/property", _suggest_property, "Properties of things, in the draft"),
            (f"{PATH}/extend/propose", propose, "The properties of a type, in the draft"),
            (f"{PATH}/preview", preview, "A thing in a few lines, in the draft"),
        ),
    )


def _posted(name: str, make: Make) -> Route:
    """The route of requests with a body."""

    async def handle(exchange: Exchange) -> Response:
        body = await body_of(exchange, JSON)

        asked = body.decode(errors="replace")
        answer = await exchange.in_turn(lambda: make(read_object(asked, "The body"), exchange))
        return respond(exchange, json_answer(answer))

    return Route(
        f"{PATH}/{name}",
        handle,
        f"Reconciliation Service API, draft of 1.0: {name}",
        TAG,
        method="POST",
        details={"requestBody": {"required": True, "content": {JSON: {"schema": {"type": "object"}}}}},
        otherwise="Send what you ask as JSON by POST.",
    )


def _match(asked: Mapping[str, object], exchange: Exchange) -> Described:
    queries = asked.get("queries")
    if not isinstance(queries, list):
        raise BadRequest("“queries” is a list.")
    check_size(len(queries), "queries")
    return {"results": [{"candidates": _candidates(each, exchange)} for each in queries]}


def _candidates(asked: object, exchange: Exchange) -> list[Described]:
    best: dict[str, Candidate] = {}
    limit = MOST_CANDIDATES
    for query in read_queries(asked, exchange):
        limit = query.limit
        for each in candidates(query, exchange):
            if each.thing.id not in best or each.score > best[each.thing.id].score:
                best[each.thing.id] = each
    ranked = sorted(best.values(), key=lambda each: -each.score)[:limit]
    sure = sum(each.match for each in ranked) == 1
    return [as_candidate(each) | {"match": each.match and sure} for each in ranked]


def _extend(asked: Mapping[str, object], exchange: Exchange) -> Described:
    names, things = extended(asked, exchange)
    rows = [
        {"id": id_, "properties": [{"id": name, "values": own} for name, own in values.items()]}
        for id_, values in things
    ]
    return {"meta": [{"id": name, "name": PROPERTIES[name]} for name in names], "rows": rows}


def _manifest(exchange: Exchange) -> Response:
    urls, known = exchange.urls, manifest(exchange)
    return respond(
        exchange,
        json_answer(
            {
                "versions": ["1.0-draft"],
                **{name: known[name] for name in ("name", "documentation", "serviceVersion", "defaultTypes")},
                "lang": "en",
                "batchSize": BATCH,
                "view": {"url": f"{urls.absolute(urls.path('reconcile/view'))}?id={{id}}"},
                "suggest": {"entity": True, "type": True, "property": True},
                "preview": {"width": 400, "height": 160},
                "extend": {"proposeProperties": True, "propertySettings": []},
                "standardizedScore": True,
            }
        ),
    )


def _suggest_entity(exchange: Exchange, prefix: Prefix = "", limit: Limit = SUGGESTED, offset: Offset = 0) -> Response:
    entities = suggested(prefix, "", exchange)
    return respond(exchange, json_answer({"result": entities[offset : offset + min(limit, MOST_CANDIDATES)]}))


def _suggest_type(
    exchange: Exchange, prefix: Prefix = "", limit: Limit = MOST_PROPERTIES, offset: Offset = 0
) -> Response:
    return respond(exchange, json_answer({"result": suggested_types(prefix)[offset : offset + limit]}))


def _suggest_property(
    exchange: Exchange, prefix: Prefix = "", limit: Limit = MOST_PROPERTIES, offset: Offset = 0
) -> Response:
    return respond(exchange, json_answer({"result": suggested_properties(prefix)[offset : offset + limit]}))


def read_queries(asked: object, exchange: Exchange) -> list[matching.Query]:
    """One query of a batch, as many as it has names or identifiers, any of which may be meant. Conditions on properties
    that are none here are not compared. Raises `BadRequest` for what the draft does not have."""
    if not isinstance(asked, dict) or not isinstance(asked.get("conditions"), list) or not asked["conditions"]:
        raise BadRequest("A query has “conditions”, a list with one at least.")
    limit, type_ = limit_of(asked, "a query"), asked.get("type", "")
    if not isinstance(type_, str):
        raise BadRequest("“type” of a query is an identifier.")
    names: list[str] = []
    conditions: list[matching.Condition] = []
    for each in asked["conditions"]:
        of, query = _condition(each)
        if of == "property":
            conditions.append(query)
        else:
            names += query.values
    if not names:
        names = [" ".join(value for each in conditions if each.quantifier != "none" for value in each.values)]
    wanted = type_.removeprefix(exchange.snapshot.names.pal("").value)
    if type_ and wanted not in TYPES:
        return []
    types = (wanted,) if wanted else ()
    known = tuple(each for each in conditions if each.property in PROPERTIES and each.values)
    return [
        matching.Query(words, types, limit, known)
        for name in names[:MOST_PROPERTIES]
        if (words := " ".join(name.split())[:LONGEST])
    ]


def _condition(asked: object) -> tuple[str, matching.Condition]:
    if not isinstance(asked, dict) or asked.get("matchType") not in _OF_MATCH or "propertyValue" not in asked:
        raise BadRequest("A condition has “matchType”, which is name, id or property, and “propertyValue”.")
    quantifier = asked.get("matchQuantifier", "any")
    if quantifier not in _QUANTIFIERS:
        raise BadRequest("“matchQuantifier” is any, all or none.")
    name = str(asked.get("propertyId", ""))
    if asked["matchType"] == "property" and not name:
        raise BadRequest("A condition on a property has “propertyId”.")
    texts, required = texts_of(asked["propertyValue"]), asked.get("required") is True
    return asked["matchType"], matching.Condition(name, texts, quantifier, required)
