"""The about page: method, limits, what is text and what is judgement, and the convention of the strength scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from server.pages.framing import frame
from server.pages.questions import Questions
from server.pages.values import number, text
from server.pages.views import Frame, Link, link
from server.web.exchange import Exchange


@dataclass(frozen=True, slots=True)
class AboutView:
    """The about page. ``scale`` is the strength scale with its phrases, strongest first."""

    template: ClassVar[str] = "about.html"

    frame: Frame
    document: str
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
    rows = await ask.rows("list-things", **{"class": exchange.snapshot.names.pal("Modality")})
    forces = sorted({number(row, "force") for row in rows}, key=lambda force: -(force or 0))
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
        graphs=tuple(
            (kind, Link(urls.of(node), node.value.removeprefix(urls.base.iri))) for kind, node in graph.items()
        ),
        scale=tuple(
            (
                force,
                tuple(
                    link(row, "thing", "label", urls)
                    for row in sorted(rows, key=lambda row: text(row, "label"))
                    if number(row, "force") == force
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
