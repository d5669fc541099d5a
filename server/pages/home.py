"""The pages about the whole: home, about and method, data and interfaces, what language models should know, and
quality: what was validated, how right the rules are, what was judged, and what made each graph."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode

from ontology.formats import AKOMA_NTOSO, CSVW, DOCUMENTS, TEXT, format_of_file
from ontology.layout import DUMPS
from ontology.namespaces import CATALOGUE_IRIS
from ontology.terms import term
from ontology.words import in_words
from server import page_index
from server.pages.page import Page, Questions, texts
from server.pages.provision import examples, treaties
from server.pages.values import Link, day, line_rows, node, text
from server.store import Row
from server.web.request import Exchange

SENTENCE = "The {recommendations} recommendations {source}"
REACH = ", with the articles of the {treaties} that they cite or are related to"
FIGURES = (
    ("recommendations", "recommendations", "recommendations"),
    ("directives", "directives in them", "queries/who-is-addressed"),
    ("citing", "recommendations that cite a provision", "queries/which-provisions-are-cited"),
    ("links", "links that were suggested", "queries/which-links-are-in-the-text-and-which-editorial"),
    ("actors", "actors", "actors"),
    ("themes", "themes", "themes"),
)
"""Figures with their words, and where what they count is listed."""


def home_page(exchange: Exchange) -> Page:
    """The view of the home page."""
    urls, ask, snapshot = exchange.urls, Questions(exchange), exchange.snapshot
    index = snapshot.index
    ask.same_answer("home-figures", "list-articles")
    shown = [treaty for treaty in treaties(exchange) if treaty.articles > 1 and treaty.is_reached]
    document = _only_document(ask)
    issuer, documents = text(document, "issuerName"), len(page_index.documents(index))
    texts_there = f"{documents:,} document{'s' * (documents != 1)}"
    named = {
        "recommendations": f"{len(index.recommendations):,}",
        "source": f"of the {issuer}" if issuer else f"of {texts_there}",
        "treaties": " and of the ".join(treaty.link.label for treaty in shown),
    }
    sentence = (SENTENCE + REACH * bool(shown)).format(**named) + "."
    figures = {"recommendations": len(index.recommendations), **index.figures}
    figures |= {"actors": page_index.number_of_things(index, "Actor")}
    figures |= {"themes": page_index.number_of_things(index, "Theme")}
    return ask.page(
        "home.html",
        "",
        "Palermo: United Nations recommendations as linked data",
        sentence,
        structured=dataset_structured(exchange, sentence),
        named=named,
        questions=[query for query in exchange.services.catalogue.questions if "front" in query.fields],
        hints=examples(exchange),
        examples=[*chain(*(_most_used(name, 1, exchange) for name in ("article cited", "theme", "group", "actor")))],
        themes=_most_used("theme", 4, exchange),
        addressees=_most_used("addressee", 3, exchange),
        texts=urls.path(texts(snapshot)[0]),
        documents=f"{documents:,}",
        treaties=shown,
        cells=sum(treaty.articles for treaty in shown),
        figures=[(f"{figures[name]:,}", label, to) for name, label, to in FIGURES if name in figures],
        validation=snapshot.manifest.get("validation", {}),
    )


def dataset_structured(exchange: Exchange, sentence: str = "") -> dict[str, object]:
    """The data set in the words of schema.org, for searches of data sets."""
    urls, snapshot = exchange.urls, exchange.snapshot
    files = snapshot.manifest.get("files", {})
    project = {"@type": "Organization", "name": "The Palermo project", "url": urls.canonical("about")}
    description = (
        "Recommendations of United Nations bodies as linked data: their words, the "
        "directives, citations and names that rules read in them, and the themes and related articles that were "
        "suggested, in separate named graphs."
    )
    return {
        "@context": term("schema:").value.rstrip("/"),
        "@type": "Dataset",
        "@id": urls.canonical("dataset"),
        "name": "Palermo: United Nations recommendations as linked data",
        "alternateName": "Palermo",
        "description": f"{sentence} {description}".strip(),
        "url": urls.canonical("dataset"),
        "identifier": urls.canonical("dataset"),
        "keywords": ["United Nations", "recommendations", "soft law", "linked data"],
        "license": CATALOGUE_IRIS["annotations-licence"],
        "usageInfo": urls.canonical("about"),
        "isAccessibleForFree": True,
        "inLanguage": "en",
        "version": snapshot.version,
        "datePublished": snapshot.history.since.date().isoformat(),
        "dateModified": snapshot.built.date().isoformat(),
        "creator": project,
        "publisher": project,
        "includedInDataCatalog": {"@type": "DataCatalog", "name": "Palermo", "url": urls.canonical("data")},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": name.removeprefix("dumps/"),
                "contentUrl": urls.canonical(name),
                "encodingFormat": known.media_type,
                "contentSize": str(listed["bytes"]),
            }
            for name, listed in sorted(files.items())
            if name.startswith("dumps/") and (known := format_of_file(name)) and known is not CSVW
        ],
    }


def _most_used(name: str, number: int, exchange: Exchange) -> list[str]:
    """The short names of the values of a filter that most recommendations have, most first."""
    values = sorted(exchange.snapshot.index.values(name).values(), key=lambda value: -len(value.members))
    return [value.label.partition(",")[0] for value in values[:number]]


def _only_document(ask: Questions) -> Row:
    """What is known of the document where the corpus has one; nothing of several."""
    iris = page_index.documents(ask.exchange.snapshot.index)
    return ask.first("document", document=NamedNode(iris[0])) if len(iris) == 1 else {}


def about_page(exchange: Exchange) -> Page:
    """The view of the about page."""
    urls, ask = exchange.urls, Questions(exchange)
    index = exchange.snapshot.index
    modalities = page_index.things(index, "Modality")
    ask.same_answer("list-things", **{"class": exchange.snapshot.names.pal("Modality")})
    forces = sorted({modality.force for modality in modalities}, key=lambda force: -(force or 0))
    document = _only_document(ask)
    below = {kind: exchange.snapshot.names.graph(f"{kind}/").value for kind in ("document", "annotation", "editorial")}
    return ask.page(
        "about.html",
        "about",
        "About and method",
        "What this site is, how it was made, what is text, what rules read and what was suggested.",
        document=Link(urls.of(node(document, "document")), text(document, "title"), day(document, "issued"))
        if document
        else None,
        issuer=text(document, "issuerName"),
        recommendations=f"{len(index.recommendations):,}",
        documents=f"{len(page_index.documents(index)):,}",
        graphs={
            kind: Link(urls.of(graph), graph.value.removeprefix(urls.base.iri))
            for kind, start in below.items()
            for graph in exchange.snapshot.graphs
            if graph.value.startswith(start)
        },
        scale=[(force, [Link(urls.of(m.iri), m.label) for m in modalities if m.force == force]) for force in forces],
        base=exchange.snapshot.base.iri,
    )


STARTS = (
    (
        "palermo-tables.zip",
        "Work in a spreadsheet",
        "All tables as CSV. Any list on the site is given as Excel and Word too, with citations.",
    ),
    ("palermo.db", "Ask with SQL, Python or R", "All tables as one SQLite file; each as Parquet below."),
    ("", "Ask with SPARQL", "An editor with examples, and an endpoint for programs."),
    ("palermo.nq", "Load the whole graph", "N-Quads with named graphs; TriG, Turtle and JSON-LD below."),
)
"""What people come to the page of the data for: a file or, without one, the endpoint."""
_UNITS = ("bytes", "kB", "MB", "GB")


def data_page(exchange: Exchange) -> Page:
    """The view of the data page."""
    urls, snapshot = exchange.urls, exchange.snapshot
    files = {
        name.removeprefix("dumps/"): facts
        for name, facts in snapshot.manifest.get("files", {}).items()
        if name.startswith("dumps/") and format_of_file(name) is not CSVW
    }
    places = {name: place for place, name in enumerate(DUMPS)}
    ordered = sorted(files, key=lambda name: (places.get(name, len(places)), name))
    first = line_rows(snapshot.index.recommendations[:1], exchange)
    example = first[0].iri if first else urls.canonical("dataset")
    return Questions(exchange).page(
        "data.html",
        "data",
        "Data and interfaces",
        "Downloads with checksums, the query endpoint, addresses and formats.",
        structured=dataset_structured(exchange),
        starts=tuple(
            Link(urls.path(f"dumps/{name}") if name in files else urls.sparql(), label, note)
            for name, label, note in STARTS
            if name in files or not name
        ),
        downloads=[(name, DUMPS.get(name, ""), _size(files[name]["bytes"]), files[name]["sha256"]) for name in ordered],
        citation=f"Palermo: United Nations recommendations as linked data, version {snapshot.version}, "
        f"built {in_words(snapshot.built.date())}, {urls.canonical('dataset')}.",
        base=snapshot.base.iri,
        sparql=urls.canonical("sparql"),
        endpoint=urls.sparql(),
        example=example,
        graphs=tuple(Link(urls.of(graph), graph.value.removeprefix(snapshot.base.iri)) for graph in snapshot.graphs),
        versions=tuple(
            Link(urls.version(version), version, current=version == snapshot.version)
            for version in exchange.services.snapshots.versions()
        ),
    )


def _size(size: int) -> str:
    value, unit = float(size), 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.0f} {_UNITS[unit]}" if unit == 0 or value >= 100 else f"{value:.1f} {_UNITS[unit]}"


def language_models_page(exchange: Exchange) -> Page:
    """What language models should know: what the data are, how addresses are made, what to ask and how to cite."""
    urls, snapshot = exchange.urls, exchange.snapshot
    cited = snapshot.index.values("article cited").values()
    most = max(cited, key=lambda value: len(value.members), default=None)
    examples = [row["example"].value for row in exchange.store.select("dataset-example")]
    return Page(
        "llms.txt",
        {
            "version": snapshot.version,
            "examples": [(example, urls.absolute(urls.doc(example, TEXT.suffix))) for example in examples],
            "article": most.term[1:-1] if most else "",
            "base": snapshot.base.iri,
            "sparql": urls.absolute(urls.sparql()),
            "suffixes": [known.suffix for known in DOCUMENTS],
            "akoma_ntoso": AKOMA_NTOSO.suffix,
            "mcp": exchange.services.settings.mcp,
            "questions": exchange.services.catalogue.questions[:10],
        },
    )


FRESH = Path(__file__).with_name("measured.tsv")
"""What the first run of the rules did on sentences drawn from real documents: counts only, no sentence is kept."""
MEASURED = ("directives", "addressees", "citations", "instruments")
SAMPLES = 40
"""How many samples, graphs and sources are shown."""


def quality_page(exchange: Exchange, path: str = "quality") -> Page:
    """The view of the quality page, which is also that of the validation report."""
    ask, snapshot = Questions(exchange), exchange.snapshot
    ask.same_answer("editorial-links-by-status")
    judgements, makers = page_index.judgements(snapshot.index.database), ask.rows("makers")
    samples: dict[str, list[Mapping[str, Any]]] = {}
    for score in snapshot.accuracy:
        samples.setdefault(score["sample"], []).append(score)
    example = ask.first("example-citation")
    trail = ask.first("evidence", finding=node(example, "finding")) if example else {}
    return ask.page(
        "quality.html",
        path,
        "Quality",
        "What was checked in this build, how right the extraction rules are, and how links were suggested.",
        validation=snapshot.manifest.get("validation", {}),
        remarks=snapshot.validation.get("results", ()),
        refused=tuple((each["slug"], each["reasons"][:SAMPLES]) for each in snapshot.manifest.get("refused", ())),
        samples=list(samples.items()),
        in_sample=any(sample.startswith("in-sample") for sample in samples),
        fresh=_fresh(),
        measured=MEASURED,
        judgements=judgements,
        links=sum(each.links for each in judgements),
        methods=dict.fromkeys(method for maker in makers if (method := text(maker, "method"))),
        makers=makers,
        trail=trail if "source" in trail else None,
        example=example,
        sources=snapshot.manifest.get("sources", ()),
        most=SAMPLES,
    )


@cache
def _fresh() -> tuple[tuple[dict[str, str], tuple[tuple[str, ...], ...]], ...]:
    """Each draw with its three figures for each kind: how many there are, precision and recall; none where nobody
    labelled the kind."""
    with FRESH.open(encoding="utf-8", newline="") as file:
        return tuple(
            (row, tuple(tuple(row[kind].split()) for kind in MEASURED)) for row in csv.DictReader(file, delimiter="\t")
        )
