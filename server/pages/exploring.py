"""What the explorer draws: a thing and what is linked to it, one step at a time, as JSON."""

from __future__ import annotations

import json

from pyoxigraph import NamedNode

from server.linkeddata.description import Resource
from server.pages.neighbourhood import shortened
from server.pages.values import flag, node, text
from server.web.errors import BadRequest, NotFound
from server.web.exchange import Exchange

JUDGED = ("concerns", "theme", "restates", "sharpens", "softens")
"""Ways of which an editor judged that they hold; all others were read in the text or in the treaties."""
STEP = 40
"""How many links one step shows; the page of the thing has all of them."""


def explorer_address(resource: Resource, exchange: Exchange) -> str:
    """Where the explorer of a page begins."""
    return exchange.urls.path("neighbours.json", query={"of": resource.path})


async def neighbours_json(path: str, exchange: Exchange) -> str:
    """A thing, named by its path below the base, with its links: ``{"of", "nodes", "edges", "more"}``.

    Raises `BadRequest` for a path that names nothing of ours could have, `NotFound` where nothing is linked to it.
    """
    base = exchange.snapshot.base.iri
    try:
        about = NamedNode(base + path)
    except ValueError as error:
        raise BadRequest("The parameter “of” is the path of a thing, such as id/actor/unodc.") from error
    rows = await exchange.store.select("neighbours", thing=about)
    if not rows:
        raise NotFound(f"Nothing in the graph is linked to “{path}”.")
    nodes = {about.value: _node(about, text(rows[0], "thingLabel"), exchange)}
    edges = []
    for row in sorted(rows, key=lambda row: (text(row, "way"), text(row, "other")))[:STEP]:
        other, way = node(row, "other"), text(row, "way")
        nodes[other.value] = _node(other, text(row, "otherLabel"), exchange)
        source, target = (path, nodes[other.value]["id"]) if flag(row, "out") else (nodes[other.value]["id"], path)
        edges.append({"source": source, "target": target, "label": way, "judged": way in JUDGED})
    graph = {"of": path, "nodes": list(nodes.values()), "edges": edges, "more": len(rows) > STEP}
    return json.dumps(graph, ensure_ascii=False)


def _node(thing: NamedNode, label: str, exchange: Exchange) -> dict[str, str]:
    path = thing.value.removeprefix(exchange.snapshot.base.iri)
    steps = path.split("/")
    kind = "recommendation" if steps[1:2] == ["document"] else steps[1] if len(steps) > 1 else "other"
    return {
        "id": path,
        "label": shortened(label),
        "name": label,
        "kind": kind,
        "href": exchange.urls.of(thing),
        "more": exchange.urls.path("neighbours.json", query={"of": path}),
    }
