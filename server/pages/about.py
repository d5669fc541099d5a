"""The about page: method, limits, what is text and what is judgement, and the convention of the strength scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from server.counts import rows
from server.pages.framing import frame
from server.pages.questions import Questions
from server.pages.views import Frame, Link
from server.web.exchange import Exchange


@dataclass(frozen=True, slots=True)
class AboutView:
    """The about page. ``scale`` is the strength scale with its phrases, strongest first; ``documents`` leads to the
    list of several."""

    template: ClassVar[str] = "about.html"

    frame: Frame
    document: str
    documents: Link | None
    graphs: tuple[tuple[str, Link], ...]
    scale: tuple[tuple[int | None, tuple[Link, ...]], ...]
    editors: str
    quality: str
    data: str
    base: str
    modalities: str


async def about_page(exchange: Exchange) -> AboutView:
    """The view of the about page."""
    urls, ask = exchange.urls, Questions(exchange)
    index = exchange.snapshot.index
    modalities = rows.things(index.database, "Modality")
    ask.remember(exchange.services.catalogue["list-things"], {"class": exchange.snapshot.names.pal("Modality")})
    forces = sorted({modality.force for modality in modalities}, key=lambda force: -(force or 0))
    graph = {
        kind: exchange.snapshot.names.graph(f"{kind}/som-wg-2015") for kind in ("document", "annotation", "editorial")
    }
    return AboutView(
        frame=frame(
            exchange,
            "about",
            "About and method",
            "What this site is, how it was made, what is text, what rules read and what editors judged.",
            behind=ask.asked,
        ),
        document=urls.path("doc/document/som-wg-2015"),
        documents=Link(urls.path("documents"), f"{index.documents:,}") if index.documents > 1 else None,
        graphs=tuple(
            (kind, Link(urls.of(node), node.value.removeprefix(urls.base.iri))) for kind, node in graph.items()
        ),
        scale=tuple(
            (
                force,
                tuple(
                    Link(urls.of(modality.iri), modality.label) for modality in modalities if modality.force == force
                ),
            )
            for force in forces
        ),
        editors=urls.path("doc/agent/palermo-editors"),
        quality=urls.path("quality"),
        data=urls.path("data"),
        base=exchange.snapshot.base.iri,
        modalities=urls.path("modalities"),
    )
