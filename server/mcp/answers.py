"""What a language model can ask of a snapshot. Each answer keeps apart the words of a text, what rules recognised and
what was judged, and says how to cite it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyoxigraph import NamedNode

from ontology.namespaces import shorten
from server.linkeddata.description import Resource, identify
from server.pages.citing import NOT_FOR_CITING
from server.pages.page import given_of
from server.pages.paragraph import paragraph_page
from server.pages.provision import provision_page
from server.pages.queries import answer
from server.pages.search import KINDS, find
from server.pages.search_terms import cited, named
from server.pages.values import Judged, Link, View, grouped, judged, local_name, node, text
from server.sparql.serializing import Table
from server.store import Row
from server.web.errors import BadRequest, NotFound
from server.web.request import Exchange

Said = dict[str, Any]
TEXT = "The words of the document, unchanged."
RULES = "Found in the words by rules, not by people; the document itself marks none of this."
JUDGED = (
    "Judgements about the text, which does not say so itself. “unreviewed” is a suggestion of the one named, which no "
    "person has reviewed; “reviewed” was confirmed by the people named."
)
SUMMARY = "Our summary, not authentic; the text of the treaty is at its official address."
FOUND, LISTED = 30, 50
"""How many results of a search, and recommendations of a provision, are given."""


def search(words: str, kind: str, exchange: Exchange) -> Said:
    """What a search finds, and first what a citation names."""
    if kind and kind not in KINDS:
        raise BadRequest(f"“kind” is one of {', '.join(KINDS)}.")
    lead = [] if kind else named(words, exchange)
    hits, relaxed = find(words, exchange, 400)
    hits = [hit for hit in hits if not kind or hit.kind == kind]
    return {
        "citation": _citation(f"search?q={words}", "search", {"q": words}, exchange),
        "named": [_thing(to, exchange) for to in lead],
        "found": [
            _thing(hit.link, exchange) | {"kind": KINDS[hit.kind], "words": "".join(hit.snippet)}
            for hit in hits[:FOUND]
        ],
        "total": len(hits),
        "note": "“words” are a passage around what matched, in a text or in our description of a thing.",
        **(
            {"relaxed": "Nothing has all the words; these have some of them, or others of the same meaning."}
            if relaxed
            else {}
        ),
    }


def recommendation(which: str, exchange: Exchange) -> Said:
    """A recommendation, or another numbered paragraph, with everything that is known of it."""
    resource = _resource(which, ("Paragraph", "Item"), exchange)
    shown: Mapping[str, Any] = (paragraph_page(resource, exchange)).context
    row = (exchange.store.select("paragraph", paragraph=resource.iri))[0]
    document = (exchange.store.select("document", document=node(row, "document")))[0]
    links = exchange.store.select("paragraph-links", paragraph=resource.iri)
    ours = _things(exchange)
    return {
        "citation": _may_be_cited(shown["citation"].words, exchange),
        "iri": resource.iri.value,
        "label": resource.label,
        "text": {
            "note": TEXT,
            "words": text(row, "text"),
            "language": shown["language"],
            "items": [{"letter": item.letter, "words": _plain(item.pieces)} for item in shown["items"]],
            "stands_in": ours(shown["place"]),
            "document": text(document, "title"),
            "meeting": ours([shown["meeting"]] if shown["meeting"] else []),
        },
        "found_by_rules": {
            "note": RULES,
            "directives": [_directive(each, exchange) for each in shown["directives"]],
            "cites": ours(shown["cited"]),
            "affects": ours(shown["groups"]),
            "names": [
                {"words": each.words, "is": each.kind, "thing": _thing(each.entity, exchange)}
                for each in shown["names"]
            ],
            "unresolved": ours(shown["unresolved"]),
            "corrected_by_people": [
                {"reason": each.reason, "by": each.agent.label, "confirms": each.verb == "confirmed"}
                for each in shown["corrections"]
            ],
        },
        "judged": {"note": JUDGED, **_judgements(links, exchange)},
        "similar": {
            "note": "Counted: recommendations that share most provisions, themes and groups with this one.",
            "recommendations": [_line(line, exchange) | {"shares": shared} for line, shared in shown["similar"]],
        },
    }


def provision(which: str, exchange: Exchange) -> Said:
    """An article, another provision or a whole treaty, with the recommendations that cite it or are related to it."""
    resource = _resource(which, ("Provision", "Instrument"), exchange)
    shown: Mapping[str, Any] = (provision_page(resource, exchange)).context
    ours = _things(exchange)
    row, official = shown["row"], text(shown["row"], "official")
    cited_as = ", ".join(filter(None, (resource.label, shown["title"], text(row, "series"), official)))
    return {
        "citation": _may_be_cited(f"{cited_as}. Description: {resource.iri.value}", exchange),
        "iri": resource.iri.value,
        "label": resource.label,
        "title": shown["title"],
        "part_of": ours(shown["place"]),
        "official_text": official,
        "summary": {"note": SUMMARY, "words": shown["summary"], "status": text(row, "summaryStatus")},
        "parts": [
            {"iri": _iri(part.link.href, exchange), "label": part.link.label, "title": part.link.note}
            for part in shown["parts"]
        ],
        "cited_by": {
            "note": f"{RULES} {TEXT}",
            "total": shown["citing_total"],
            "recommendations": [
                _line(line, exchange) | {"cites": [each.label for each in line.notes]}
                for line in shown["citing"][:LISTED]
            ],
        },
        "related": {
            "note": JUDGED,
            "total": shown["related_total"],
            "recommendations": [
                _line(each.line, exchange) | {"judgements": [_judged(judgement, exchange) for judgement in each.said]}
                for each in shown["related"][:LISTED]
            ],
        },
    }


def questions(exchange: Exchange) -> Said:
    """The questions that there are, with what each may be given."""
    return {
        "citation": _citation("questions", "queries", {}, exchange),
        "questions": [
            {
                "name": query.name,
                "question": query.question or query.title,
                "row": query.row,
                "values": [
                    {"name": each.name, "meaning": each.label, "kind": each.kind, "default": each.default or ""}
                    for each in query.parameters
                ],
            }
            for query in exchange.services.catalogue.questions
        ],
    }


def question(name: str, values: Mapping[str, str], exchange: Exchange) -> Said:
    """The answer to a question."""
    paths = {key: value.removeprefix(exchange.snapshot.base.iri) for key, value in values.items()}
    answered = answer(name, paths, exchange)
    unknown = paths.keys() - {each.name for each in answered.query.parameters}
    if unknown:
        raise BadRequest(f"The question has no value “{min(unknown)}”; the tool list_questions names those it has.")
    path, bound = f"queries/{name}", given_of(answered.bindings, exchange)
    return {
        "citation": _citation(answered.query.title, path, bound, exchange),
        "question": answered.query.question or answered.query.title,
        "row": answered.query.row,
        "values": bound,
        "columns": list(answered.columns),
        "rows": [[text(row, column) for column in answered.columns] for row in answered.rows],
        "note": "Counted or listed from the data. Words of documents are unchanged; links and themes are judgements.",
    }


def vocabulary(words: str, exchange: Exchange) -> Said:
    """The classes and properties, with what a query needs to name them."""
    prefixes, wanted = exchange.snapshot.prefixes, words.strip().casefold()
    terms: dict[str, Said] = {}
    for row in exchange.store.select("vocabulary-terms"):
        name = shorten(text(row, "term"), prefixes)
        term = terms.setdefault(
            name,
            {"name": name, "kind": text(row, "kind"), "label": text(row, "label"), "meaning": text(row, "definition")},
        )
        if "way" in row:
            term.setdefault(text(row, "way"), []).append(shorten(text(row, "other"), prefixes))
    return {
        "citation": _citation("the vocabulary", "ontology", {}, exchange),
        "prefixes": [f"PREFIX {name}: <{iri}>" for name, iri in sorted(prefixes.items())],
        "graphs": {
            graph.value: exchange.snapshot.index.known(graph.value) or _about(graph.value)
            for graph in exchange.snapshot.graphs
        },
        "terms": [
            term for term in terms.values() if wanted in f"{term['name']} {term['label']} {term['meaning']}".casefold()
        ],
        "note": "In these lists “of” is what has the property, “to” what it leads to, “under” what is more general.",
    }


_ABOUT = {
    "document": "what stands in the text",
    "annotation": "what rules found in the text",
    "editorial": "judgements about the text: suggestions, and what people reviewed",
}


def _about(graph: str) -> str:
    return _ABOUT.get(graph.partition("/graph/")[2].partition("/")[0], "")


def _resource(which: str, kinds: Sequence[str], exchange: Exchange) -> Resource:
    """The thing of an IRI or a citation. Raises `NotFound` for none, and `BadRequest` where it may be several."""
    base, which = exchange.snapshot.base.iri, which.strip()
    iris = [which] if which.startswith(base) else [f"{base}id/{which.removeprefix('id/')}"] if "/" in which else []
    if not iris:
        words = f"paragraph {which}" if which.isdigit() and "Paragraph" in kinds else which
        iris = [to.iri for to in cited(words, exchange, everywhere="Provision" in kinds)]
    resources: list[Resource] = []
    for iri in iris:
        try:
            known = identify(NamedNode(iri), exchange)
        except ValueError:
            known = None
        if known is not None and any(exchange.snapshot.names.pal(kind) in known[0].types for kind in kinds):
            resources.append(known[0])
    if len(resources) > 1:
        likely = "; ".join(f"{each.label} ({each.iri.value})" for each in resources[:10])
        raise BadRequest(f"“{which[:200]}” may be one of several. Ask again with one of these IRIs: {likely}.")
    if not resources:
        raise NotFound(f"Nothing here is cited as “{which[:200]}”. The tool search finds things by their words.")
    return resources[0]


def _citation(what: str, path: str, query: Mapping[str, str], exchange: Exchange) -> str:
    """How an answer that no document is behind is cited: this data set in this version, and its address."""
    urls, snapshot = exchange.urls, exchange.snapshot
    address = urls.absolute(urls.path(path, dict(query) or None))
    return _may_be_cited(f"Palermo, version {snapshot.version}: {what}, {address}", exchange)


def _may_be_cited(words: str, exchange: Exchange) -> str:
    return f"{words} ({NOT_FOR_CITING})" if exchange.snapshot.base.is_local else words


def _iri(href: str, exchange: Exchange) -> str:
    """The IRI of the thing to whose page a link leads."""
    address = exchange.urls.absolute(href) if href.startswith("/") else href
    return address.replace(f"{exchange.snapshot.base.iri}doc/", f"{exchange.snapshot.base.iri}id/")


def _thing(link: Link, exchange: Exchange) -> Said:
    described = {"iri": _iri(link.href, exchange), "label": link.label}
    return described | ({"note": link.note} if link.note else {})


def _things(exchange: Exchange) -> Any:
    return lambda links: [_thing(link, exchange) for link in links]


def _plain(pieces: Iterable[Any]) -> str:
    """The words of marked text without its marks."""
    return "".join(piece.text + _plain(piece.pieces) for piece in pieces)


def _directive(directive: View, exchange: Exchange) -> Said:
    ours = _things(exchange)
    return {
        "iri": _iri(directive.href, exchange),
        "words": directive.before + directive.operative + directive.after,
        "operative_words": directive.operative,
        "modality": directive.modality.label,
        "strength_of_5": directive.force,
        "asks_only_to_consider": directive.consider_only,
        "addressed_to": ours(directive.addressees),
        "asked_to_act": ours(directive.asked),
        "what_is_asked": ours((*directive.actions, *directive.asked_actions)),
        "qualified_by": ours(directive.qualifiers),
    }


def _line(line: View, exchange: Exchange) -> Said:
    return {"iri": _iri(line.href, exchange), "label": line.label, "words": line.text, "year": line.year}


def _judgements(rows: Sequence[Row], exchange: Exchange) -> Said:
    """The judgements about a recommendation, by what they say."""
    judgements: dict[str, list[Said]] = {"relatesTo": [], "theme": [], "other recommendations": []}
    for of_one in grouped(rows, "link").values():
        relation = local_name(text(of_one[0], "relation"))
        judgement = _judged(judged(of_one, exchange.urls, "other", "label"), exchange) | {"relation": relation}
        if text(of_one[0], "way") == "to":
            judgement["direction"] = "the other says this of this one"
        judgements[relation if relation in judgements else "other recommendations"].append(judgement)
    return {
        "provisions": judgements["relatesTo"],
        "themes": judgements["theme"],
        "recommendations": judgements["other recommendations"],
    }


def _judged(judgement: Judged, exchange: Exchange) -> Said:
    return {
        "about": _thing(judgement.about, exchange),
        "reason": judgement.reason,
        "confidence": judgement.confidence,
        "status": judgement.status,
        "suggested_by": judgement.agent.label,
        "reviewed_by": [each.label for each in judgement.reviewers],
        "reviewed_on": judgement.reviewed,
        "judgement": _iri(judgement.href, exchange),
    }


def table(shown: Table, hints: Sequence[str], exchange: Exchange, text_of_query: str) -> Said:
    """The result of a query."""
    return {
        "citation": _citation("the result of a query", "sparql", {"query": text_of_query}, exchange),
        **({"answer": shown.boolean} if shown.boolean is not None else {}),
        "columns": list(shown.head),
        "rows": [[None if value is None else value.value for value in row] for row in shown.rows],
        "truncated": shown.truncated,
        "hints": list(hints),
        "note": "In GRAPH graph/document/… stands what a text says, in graph/annotation/… what rules found, and in "
        "graph/editorial/… judgements; without GRAPH a query asks all of them together.",
    }
