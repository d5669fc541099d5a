"""Which page a resource gets: by its class, the most particular first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from server.linkeddata.description import Resource
from server.pages.document import document_page, section_page
from server.pages.evidence import editorial_link_page, evidence_page
from server.pages.generic import generic_page
from server.pages.paragraph import paragraph_page
from server.pages.provision import provision_page
from server.pages.quality import quality_page
from server.pages.rendering import View
from server.pages.shapes import shapes_page
from server.pages.thing import thing_page
from server.pages.vocabulary import vocabulary_page
from server.web.exchange import Exchange

Maker = Callable[[Resource, Exchange], Awaitable[View]]
MAKERS: tuple[tuple[tuple[str, ...], Maker], ...] = (
    (("Paragraph", "Item"), paragraph_page),
    (("Section",), section_page),
    (("Document",), document_page),
    (("Provision", "Instrument"), provision_page),
    (("Actor", "Tool", "Theme", "AffectedGroup", "Meeting", "Modality", "Qualifier", "Resolution"), thing_page),
    (("Mention", "Directive"), evidence_page),
    (("EditorialLink",), editorial_link_page),
)


async def validation_page(_: Resource, exchange: Exchange) -> View:
    """The report of the validation is on the quality page."""
    return await quality_page(exchange)


DOCUMENTS: dict[str, Maker] = {"ontology": vocabulary_page, "shapes": shapes_page, "validation": validation_page}
"""Documents with a page of their own kind, by path."""


async def resource_view(resource: Resource, exchange: Exchange) -> View:
    """The view of a resource."""
    if resource.path in DOCUMENTS:
        return await DOCUMENTS[resource.path](resource, exchange)
    pal = exchange.snapshot.names.pal
    for classes, maker in MAKERS:
        if any(pal(name) in resource.types for name in classes):
            return await maker(resource, exchange)
    return await generic_page(resource, exchange)
