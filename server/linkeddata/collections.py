"""Lists as data: Hydra collections with pages, each page with links to the others (Hydra Core §5.2).

The collection has the address of the list, each page that address with ``page=`` behind it. A response to a request for
a page links to the others as well (RFC 8288 §3.3; RFC 5005 §3), so that a client need not read the data to go on.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode

from ontology.terms import date_time, english, integer, term
from server.linkeddata.representing import About, Data
from server.store.known import LABEL, Facts, state
from server.web.answers import Link
from server.web.errors import BadRequest
from server.web.request import Exchange


def pages_of(total: int, size: int) -> int:
    """How many pages of a size a list has; one of nothing has one."""
    return max(1, -(-total // size))


def pages_with(page: int, total: int, size: int) -> int:
    """How many pages of a size a list has. Raises `BadRequest` where a page is not among them."""
    pages = pages_of(total, size)
    if page > pages:
        raise BadRequest(f"This list has {pages} page{'s' * (pages > 1)}.")
    return pages


def view(document: str, page: int) -> str:
    """The address of one page of a document."""
    return f"{document}{'&' if '?' in document else '?'}page={page}"


def steps(page: int, pages: int) -> dict[str, int]:
    """The pages to go to from a page, by relation."""
    there = {"first": 1, "last": pages}
    if page > 1:
        there["previous"] = page - 1
    if page < pages:
        there["next"] = page + 1
    return there


def view_links(path: str, page: int, pages: int) -> tuple[Link, ...]:
    """The links of a page to the other pages."""
    names = {"previous": "prev"}
    return tuple(Link(view(path, to), names.get(name, name)) for name, to in steps(page, pages).items())


def add_views(document: str, page: int, pages: int, facts: Facts) -> None:
    """Adds which page of a document this is, and which there are beside it."""
    here = NamedNode(view(document, page))
    state(facts, NamedNode(document), "hydra:view", here)
    state(facts, here, "rdf:type", term("hydra:PartialCollectionView"))
    state(facts, here, "rdfs:label", english(f"Page {page} of {pages}"))
    for name, to in steps(page, pages).items():
        state(facts, here, f"hydra:{name}", NamedNode(view(document, to)))


def collection(
    address: str,
    label: str,
    members: Iterable[tuple[str, str, str]],
    total: int,
    page: int,
    pages: int,
    exchange: Exchange,
    *,
    licence: str,
    at: str,
) -> Data:
    """One page of a list. Members are given as IRI, label and class (an IRI); ``address`` is the list's absolute
    address, ``at`` the same as a page links to it."""
    facts: Facts = {}
    node = NamedNode(address)
    for iri, name, class_ in members:
        member = NamedNode(iri)
        state(facts, node, "hydra:member", member)
        facts.setdefault(member, {})[LABEL] = {english(name)}
        if class_:
            state(facts, member, "rdf:type", NamedNode(class_))
    state(facts, node, "rdf:type", term("hydra:Collection"))
    state(facts, node, "rdfs:label", english(label))
    state(facts, node, "hydra:totalItems", integer(total))
    state(facts, node, "void:inDataset", exchange.snapshot.names.node("dataset"))
    state(facts, node, "dcterms:modified", date_time(exchange.snapshot.built))
    add_views(address, page, pages, facts)
    links = view_links(at, page, pages)
    return Data(facts, (node, NamedNode(view(address, page))), About(licence=licence, links=links))
