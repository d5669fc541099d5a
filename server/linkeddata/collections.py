"""Lists as data: Hydra collections with pages, each page with links to the others (Hydra Core §5.2).

The collection has the address of the list, each page that address with ``page=`` behind it. A response to a request for
a page links to the others as well (RFC 8288 §3.3; RFC 5005 §3), so that a client need not read the data to go on.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode

from ontology.terms import Term, english, integer, term
from server.linkeddata.representing import About, Data
from server.store.known import Facts
from server.web.answers import Link
from server.web.errors import BadRequest
from server.web.request import Exchange

Member = tuple[str, str, str]
"""The IRI, label and class (an IRI) of a member of a list."""
_TYPE, _LABEL = term("rdf:type").value, term("rdfs:label").value


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
    facts.setdefault(NamedNode(document), {}).setdefault(term("hydra:view").value, set()).add(here)
    said = facts.setdefault(here, {})
    said[_TYPE] = {term("hydra:PartialCollectionView")}
    said[_LABEL] = {english(f"Page {page} of {pages}")}
    for name, to in steps(page, pages).items():
        said[term(f"hydra:{name}").value] = {NamedNode(view(document, to))}


def collection(
    address: str,
    label: str,
    members: Iterable[Member],
    total: int,
    page: int,
    pages: int,
    exchange: Exchange,
    *,
    licence: str,
    at: str,
) -> Data:
    """One page of a list. ``address`` is the list's absolute address, ``at`` the same as a page links to it."""
    facts: Facts = {}
    node = NamedNode(address)
    nodes: set[Term] = set()
    for iri, name, class_ in members:
        member = NamedNode(iri)
        nodes.add(member)
        said = facts.setdefault(member, {})
        said[_LABEL] = {english(name)}
        if class_:
            said.setdefault(_TYPE, set()).add(NamedNode(class_))
    about: dict[str, set[Term]] = {
        _TYPE: {term("hydra:Collection")},
        _LABEL: {english(label)},
        term("hydra:totalItems").value: {integer(total)},
        term("void:inDataset").value: {exchange.snapshot.names.node("dataset")},
        term("dcterms:modified").value: {
            Literal(exchange.snapshot.built.strftime("%Y-%m-%dT%H:%M:%SZ"), datatype=term("xsd:dateTime"))
        },
    }
    if nodes:
        about[term("hydra:member").value] = nodes
    facts.setdefault(node, {}).update(about)
    add_views(address, page, pages, facts)
    links = view_links(at, page, pages)
    return Data(facts, (node, NamedNode(view(address, page))), About(licence=licence, links=links))
