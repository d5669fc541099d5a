"""The home page: what this is, ways in, and the coverage picture of all articles of both treaties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ontology.terms import term
from server.counts import rows
from server.pages.articles import Treaty, treaties
from server.pages.framing import frame, texts
from server.pages.questions import Questions
from server.pages.views import Frame, Link
from server.web.exchange import Exchange


@dataclass(frozen=True, slots=True)
class HomeView:
    """The home page. ``treaties`` are those with their whole list of articles; ``figures`` are those of this build."""

    template: ClassVar[str] = "home.html"

    frame: Frame
    sentence: str
    examples: tuple[Link, ...]
    ways: tuple[Link, ...]
    treaties: tuple[Treaty, ...]
    cells: int
    figures: tuple[tuple[str, Link], ...]
    checked: str
    crossref: str
    quality: str
    about: str


SENTENCE = (
    "The {recommendations} recommendations {source}, each linked to the articles of the Organized Crime Convention and "
    "of its Smuggling of Migrants Protocol that it cites or concerns."
)
THE_TEXT = "The whole text on one page, with what it cites in the margin"
THE_TEXTS = "{documents} texts, each whole on one page, with what it cites in the margin"


async def home_page(exchange: Exchange) -> HomeView:
    """The view of the home page."""
    urls, ask, snapshot = exchange.urls, Questions(exchange), exchange.snapshot
    index, catalogue = snapshot.index, exchange.services.catalogue
    for name in ("home-figures", "list-articles"):
        ask.remember(catalogue[name], {})
    things = {"actors": "Actor", "themes": "Theme"}
    figures = dict(index.figures) | {
        name: rows.number_of_things(index.database, class_) for name, class_ in things.items()
    }
    shown = tuple(treaty for treaty in treaties(exchange) if treaty.articles > 1)
    validation = snapshot.manifest.get("validation", {})
    documents, whole = f"{index.documents:,}", index.documents == 1
    source = "of the Working Group on the Smuggling of Migrants" if whole else f"of {documents} documents"
    sentence = SENTENCE.format(recommendations=f"{figures['recommendations']:,}", source=source)
    names = (
        ("recommendations", "recommendations", "recommendations"),
        ("directives", "directives in them", "modalities"),
        ("citing", "recommendations that cite a provision", "articles"),
        ("links", "links that editors made", "quality"),
        ("actors", "actors", "actors"),
        ("themes", "themes", "themes"),
    )
    structured = {
        "@context": term("schema:").value.rstrip("/"),
        "@type": "Dataset",
        "name": "Palermo",
        "description": sentence,
        "url": urls.canonical(""),
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "version": snapshot.version,
    }
    return HomeView(
        frame=frame(
            exchange,
            "",
            "Palermo: recommendations on the smuggling of migrants",
            sentence,
            behind=ask.asked,
            structured=structured,
        ),
        sentence=sentence,
        examples=tuple(
            Link(urls.path("search", query={"q": words}), words)
            for words in ("article 16", "consular", "return", "UNODC")
        ),
        ways=(
            Link(
                urls.path("articles"),
                "By article",
                "Which recommendations cite or concern an article, and which articles none does",
            ),
            Link(
                urls.path("themes"),
                "By theme",
                "Return, the sea, documents, witnesses, technical assistance and the others",
            ),
            Link(
                urls.path("actors"),
                "By actor",
                "What is asked of UNODC, of States parties, of the Conference, and how strongly",
            ),
            Link(
                urls.path(texts(exchange)[0]),
                "The document" if whole else "By document",
                THE_TEXT if whole else THE_TEXTS.format(documents=documents),
            ),
        ),
        treaties=shown,
        cells=sum(treaty.articles for treaty in shown),
        figures=tuple((f"{figures[name]:,}", Link(urls.path(to), label)) for name, label, to in names),
        checked=_checked(validation),
        crossref=urls.path("crossref"),
        quality=urls.path("quality"),
        about=urls.path("about"),
    )


def _checked(validation: dict[str, object]) -> str:
    """What the build's validation found, in a sentence."""
    if not validation:
        return ""
    shapes, violations = validation.get("shapes", 0), validation.get("violations", 0)
    return f"Checked against {shapes} shapes: {violations or 'no'} violation{'' if violations == 1 else 's'}."
