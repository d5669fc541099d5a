"""A document in every format: the one way in which pages and data are negotiated, written, linked and answered; and
lists as data.

Whoever has an address says what its page and its data are; here the format is chosen, by the suffix of the address or
by `Accept` with its profile (RFC 9110 §12.5.1, RFC 6906), and the response gets its links (RFC 8288, RFC 8574).

A list is a Hydra collection with pages, each with links to the others (Hydra Core §5.2). The collection has the address
of the list, each page that address with ``page=`` behind it. A response to a request for a page links to the others as
well (RFC 8288 §3.3; RFC 5005 §3), so that a client need not read the data to go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache

from pyoxigraph import NamedNode

from ontology.formats import (
    AKOMA_NTOSO,
    ANNOTATIONS,
    ATOM,
    CSVW,
    DATASETS,
    DOCUMENTS,
    GRAPHS,
    HTML,
    JSON_LD,
    TEXT,
    TURTLE,
    Format,
    format_of_file,
    with_profile,
)
from ontology.namespaces import CATALOGUE_IRIS, DESCRIBING
from ontology.terms import date_time, english, integer, term
from server.linkeddata.annotations import web_annotations
from server.linkeddata.jsonld import read_context
from server.linkeddata.writing import Places, write_dataset, write_facts
from server.store.known import LABEL, Facts, state
from server.web.answers import Answer, Link
from server.web.errors import BadRequest, NotAcceptable, NotFound
from server.web.negotiation import choose, parse_accept
from server.web.request import Exchange
from server.web.sending import Response, respond_once

_BY_TYPE = {
    media_type: known
    for known in reversed(DOCUMENTS)
    for media_type in (*known.also, known.media_type)
    if media_type != TEXT.media_type and not known.profile
}
OFFERS = tuple(dict.fromkeys([*(known.media_type for known in DOCUMENTS), *_BY_TYPE]))
"""The media types of a document in the server's order."""


LINK_FORMAT, LINKSET = "application/link-format", "application/linkset+json"


LISTS = frozenset(
    {
        *("actions", "actors", "articles", "documents", "events", "groups", "instruments", "meetings", "modalities"),
        *("qualifiers", "queries", "recommendations", "resolutions", "themes", "tools"),
    }
)
"""The lists that are documents: pages with data."""
WITH_LINKSET = LISTS | {"dataset", "ontology", "shapes", "validation"}
"""The documents beside those of things, questions and graphs whose links are a document, too."""


@dataclass(frozen=True, slots=True)
class About:
    """What the response says of a document beside its bytes: the IRI of its topic, its licence if it has one, further
    links, when what it shows last changed, and formats that it has beside the common ones."""

    topic: str = ""
    licence: str = ""
    links: tuple[Link, ...] = ()
    modified: datetime | None = None
    formats: tuple[Format, ...] = ()


@dataclass(frozen=True, slots=True)
class Data:
    """The data of a document; nodes in ``first`` come first. ``graph`` is the named graph that says all of it, where it
    is one; otherwise the store is asked where each statement stands."""

    facts: Facts
    first: tuple[NamedNode, ...]
    about: About
    graph: NamedNode | None = None


Html = Callable[[], tuple[str, About]]
MakeData = Callable[[], Data]
MakeBytes = Callable[[], tuple[bytes, About] | None]
"""Makes the document in a format that is neither page nor data; None where it has no such format after all."""
Address = Callable[[str], str]
"""Makes the address of a document with a suffix, empty for its own."""


def respond_document(
    exchange: Exchange,
    path: str,
    suffixed: Format | None,
    page: Html,
    data: MakeData,
    *,
    variant: str = "",
    address: Address | None = None,
    own: Mapping[Format, MakeBytes] | None = None,
) -> Response:
    """The document at a path below the base in the format of its suffix, or else in the one that the request accepts.
    ``variant`` tells documents of one path apart, such as pages of a list, and ``address`` makes their addresses;
    ``own`` makes formats that only some documents have."""
    chosen, others = suffixed or negotiate(exchange, *(own or {})), own or {}
    negotiated = suffixed is None

    def make() -> Answer:
        format_ = chosen
        if format_ is HTML:
            text, about = page()
            body = text.encode()
        elif format_ in (TEXT, AKOMA_NTOSO, ATOM):
            made = others[format_]() if format_ in others else None
            if made is None and negotiated:
                raise NotAcceptable(f"This is not given as {format_.name}.", offers=OFFERS)
            if made is None:
                raise NotFound(f"This is not given as {format_.name}.")
            body, about = made
        else:
            content = data()
            about = content.about
            if format_ is ANNOTATIONS and ANNOTATIONS not in about.formats:
                if not negotiated:
                    raise NotFound("This document has no annotations.")
                format_ = JSON_LD
            body = write(content, format_, exchange)
        at = address or (lambda suffix: exchange.urls.path(path + suffix))
        return Answer(
            body,
            format_.content_type,
            negotiated=negotiated,
            content_location=at(format_.suffix) if negotiated else None,
            links=links_of(path, exchange, about, at, format_),
            modified=about.modified,
        )

    return respond_once(exchange, f"{variant} {chosen.suffix} {negotiated}", make)


def write(data: Data, chosen: Format, exchange: Exchange) -> bytes:
    """The data in a format that is none for people."""
    snapshot = exchange.snapshot
    prefixes, context = {**snapshot.prefixes, **DESCRIBING}, read_context(snapshot.base)
    if chosen is ANNOTATIONS:
        return web_annotations(data.facts, data.first[0], exchange.urls)
    if chosen in DATASETS:
        places: Places = {data.graph: data.facts} if data.graph else exchange.store.placed(data.facts)
        return write_dataset(places, chosen, prefixes, context, data.first)
    return write_facts(data.facts, chosen, prefixes, context, data.first)


def negotiate(exchange: Exchange, *own: Format) -> Format:
    """The format that the request accepts best, of those of all documents and its own. Raises `NotAcceptable` with the
    list of all."""
    chosen = _best(exchange.accept, own)
    if chosen is None:
        offers = (*OFFERS, *(known.media_type for known in own))
        names = ", ".join(offers)
        raise NotAcceptable(f"This document has the formats {names}; the request accepts none of them.", offers=offers)
    return chosen


@lru_cache(maxsize=512)
def _best(accept: str, own: tuple[Format, ...]) -> Format | None:
    """The format that an `Accept` field wants most; None where it excludes them all.

    Who names every format of a graph, as Comunica does, lists what it can read rather than what it wants, and asks its
    questions of a default graph: it gets no named graphs, although it may rank their formats first."""
    offers = (*OFFERS, *(known.media_type for known in own))
    named = {f"{wanted.main}/{wanted.sub}" for wanted in parse_accept(accept) if wanted.weight}
    if all(known.media_type in named for known in GRAPHS):
        offers = tuple(offer for offer in offers if _BY_TYPE.get(offer) not in DATASETS)
    chosen = choose(accept, offers)
    if chosen is None:
        return None
    known = next((known for known in own if known.media_type == chosen), None) or _BY_TYPE[chosen]
    return with_profile(known, _profiles(accept)) if known is JSON_LD else known


def _profiles(accept: str) -> str:
    """The profiles of JSON-LD that an `Accept` field names."""
    return " ".join(
        value
        for wanted in parse_accept(accept)
        if f"{wanted.main}/{wanted.sub}" == JSON_LD.media_type and wanted.weight
        for name, value in wanted.parameters
        if name == "profile"
    )


def links_of(path: str, exchange: Exchange, about: About, address: Address, chosen: Format) -> tuple[Link, ...]:
    """The links of a document: its formats, its canonical and citable address, what describes it and the data set it
    belongs to, its licence; of an older version also the current one. What is chosen from a list is another document
    than the list: all these keep its query string.

    JSON-LD names its page alone as an alternate: PyLD fails at a response with two (3.3, both of its loaders).
    """
    urls = exchange.urls
    chosen_by = "" if about.topic else "".join(address("").partition("?")[1:])
    formats: Sequence[Format] = (*DOCUMENTS, *about.formats) if chosen.media_type != JSON_LD.media_type else (HTML,)
    links = [Link(address(known.suffix), "alternate", known.media_type, profile=known.profile) for known in formats]
    links += [
        Link(urls.canonical(path) + chosen_by, "canonical"),
        Link(about.topic or urls.canonical(path) + chosen_by, "cite-as"),
        *(Link(address(known.suffix), "describedby", known.media_type) for known in (TURTLE, JSON_LD)),
        Link(urls.path("shapes"), CATALOGUE_IRIS["constrained-by"]),
        Link(CATALOGUE_IRIS["schema-about"], "type"),
        Link(urls.canonical("id/agent/palermo"), "author"),
    ]
    if path == "dataset":
        links.append(Link(CATALOGUE_IRIS["schema-dataset"], "type"))
        links += dump_links(exchange)
    else:
        links.append(Link(urls.path("dataset"), "collection"))
    if not chosen_by and (path.startswith(("doc/", "graph/", "queries/")) or path in WITH_LINKSET):
        links.append(Link(urls.path(f"linkset/{path}"), "linkset", LINKSET))
    if about.licence:
        links.append(Link(about.licence, "license"))
    links += about.links
    links += memento_links(path + chosen_by, exchange)
    return tuple(links)


def dump_links(exchange: Exchange) -> Iterator[Link]:
    """The files of the data set, as its items (FAIR Signposting)."""
    for name in sorted(exchange.snapshot.manifest.get("files", {})):
        known = format_of_file(name)
        if name.startswith("dumps/") and known and known is not CSVW:
            yield Link(exchange.urls.path(name), "item", known.media_type)


def memento_links(path: str, exchange: Exchange) -> Iterator[Link]:
    """The links of a document to its versions, or of one version to the others (RFC 7089 §2.2)."""
    urls, built = exchange.urls, format_datetime(exchange.snapshot.built, usegmt=True)
    if exchange.pinned:
        yield Link(urls.canonical(path), "latest-version")
        yield Link(urls.canonical(path), "original")
    yield Link(urls.version(exchange.snapshot.version, path), "memento", datetime=built)
    yield Link(urls.canonical(f"timegate/{path}"), "timegate")
    yield Link(urls.canonical(f"timemap/{path}"), "timemap", LINK_FORMAT)


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
