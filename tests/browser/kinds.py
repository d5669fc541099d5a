"""Every kind of page, each by a name and an example: what the browser tests go through."""

from __future__ import annotations

import os

from queries.catalogue import read_catalogue

_DOCUMENT = "/doc/document/som-wg-2015"

PAGES = {
    "home": "/",
    "document": _DOCUMENT,
    "section": f"{_DOCUMENT}/section/III",
    "section within a section": f"{_DOCUMENT}/section/III/A",
    "recommendation that cites": f"{_DOCUMENT}/paragraph/24",
    "recommendation with many marks": f"{_DOCUMENT}/paragraph/84",
    "recommendation with qualifiers": f"{_DOCUMENT}/paragraph/29",
    "recommendation with items": f"{_DOCUMENT}/paragraph/90",
    "paragraph that recommends nothing": f"{_DOCUMENT}/paragraph/1",
    "item": f"{_DOCUMENT}/paragraph/90/item/a",
    "directive": f"{_DOCUMENT}/paragraph/24/directive/0",
    "mention": f"{_DOCUMENT}/paragraph/24/mention/0-14",
    "mention of a qualifier": f"{_DOCUMENT}/paragraph/29/mention/23-40",
    "link to a provision": f"{_DOCUMENT}/paragraph/24/link/smuggling-protocol/article/16/paragraph/3",
    "link between recommendations": f"{_DOCUMENT}/paragraph/29/link/paragraph/24",
    "protocol": "/doc/instrument/smuggling-protocol",
    "convention": "/doc/instrument/untoc",
    "chapter": "/doc/instrument/smuggling-protocol/chapter/2",
    "article": "/doc/instrument/smuggling-protocol/article/16",
    "article that nothing concerns": "/doc/instrument/untoc/article/1",
    "paragraph of an article": "/doc/instrument/smuggling-protocol/article/16/paragraph/5",
    "actor": "/doc/actor/unodc",
    "actor that is addressed most": "/doc/actor/states-parties",
    "tool": "/doc/tool/sherloc",
    "theme": "/doc/theme/return",
    "wide theme": "/doc/theme/prevention",
    "meeting": "/doc/meeting/som-wg-2012",
    "group": "/doc/group/women",
    "modality": "/doc/modality/should",
    "qualifier": "/doc/qualifier/escape-clause",
    "action": "/doc/action/establish",
    "qualifier with its words": "/doc/qualifier/where-appropriate",
    "resolution": "/doc/resolution/cop-5-3",
    "agent": "/doc/agent/palermo-rules",
    "scheme": "/doc/theme",
    "graph": "/graph/reference",
    "data set": "/dataset",
    "articles": "/articles",
    "actors": "/actors",
    "tools": "/tools",
    "themes": "/themes",
    "meetings": "/meetings",
    "groups": "/groups",
    "modalities": "/modalities",
    "qualifiers": "/qualifiers",
    "actions": "/actions",
    "instruments": "/instruments",
    "resolutions": "/resolutions",
    "recommendations": "/recommendations",
    "recommendations by filters": "/recommendations?theme=return&q=smuggling",
    "recommendations that there are none of": "/recommendations?q=zeppelin",
    "crossref by section": "/crossref",
    "crossref by theme": "/crossref?by=theme",
    "crossref by meeting": "/crossref?by=meeting",
    "crossref by addressee": "/crossref?by=addressee",
    "crossref by strength": "/crossref?by=strength",
    "crossref of citations": "/crossref?basis=cited",
    "takes up": "/takes-up",
    "explorer": "/explore",
    "explorer of a theme": "/explore?of=id/theme/return",
    "what changed": "/changes",
    "compare nothing": "/compare",
    "compare recommendations": "/compare?of=som-wg-2015/24&of=som-wg-2015/29",
    "compare groups": "/compare?group=women&group=children",
    "basket": "/recommendations?of=som-wg-2015/24&of=som-wg-2015/29",
    "search": "/search",
    "search that finds": "/search?q=consular",
    "search that finds nothing": "/search?q=zeppelin",
    "questions": "/queries",
    "query editor": "/sparql",
    "query editor with a query": "/editor?question=who-is-addressed",
    "result of a query": "/sparql?query=SELECT+%3Fa+%3Fb+WHERE+%7B+%3Fa+a+%3Fb+%7D+LIMIT+20",
    "answer yes or no": "/sparql?query=ASK+%7B+%3Fa+%3Fb+%3Fc+%7D",
    "vocabulary": "/ontology",
    "checks": "/shapes",
    "quality": "/quality",
    "data": "/data",
    "about": "/about",
} | {f"question {query.name}": f"/queries/{query.name}" for query in read_catalogue().folder("questions")}
"""Pages that exist."""

ERRORS = {
    "nothing at this address": ("/nothing", 404),
    "unknown thing": (f"{_DOCUMENT}/paragraph/99", 404),
    "unknown question": ("/queries/nothing", 404),
    "query that is none": ("/sparql?query=SELECT+%3Fa%0AWHERE+%7B+%3Fa+%3Fb+%7D", 400),
    "query that is refused": (
        "/sparql?query=SELECT+%2A+WHERE+%7B+SERVICE+%3Chttp%3A%2F%2Fexample.org%2F%3E+%7B%7D+%7D",
        403,
    ),
}
"""Pages that say what is wrong, and their status."""

ADDRESSES = PAGES | {name: path for name, (path, _) in ERRORS.items()}
"""All of both by name."""

ONE_OF_EACH = {
    "home", "document", "section", "recommendation with qualifiers", "recommendation with items", "article", "actor", "themes", "articles", "meeting",
    "recommendations by filters", "crossref by section", "search that finds", "takes up", "compare recommendations", "compare groups", "basket", "explorer of a theme", "what changed", "questions", "question who-is-addressed", "question which-themes-occur-together", "question what-is-unodc-asked", "question which-of-2013-take-up-one-of-2012",
    "query editor", "result of a query", "vocabulary", "checks", "quality", "data", "about", "mention", "graph",
    "nothing at this address", "query that is none",
}  # fmt: skip
"""One page for each template and for each of its shapes: enough where a walk is slow."""

WIDE = {
    "crossref by theme", "convention", "data set", "directive", "item", "link to a provision", "recommendation with many marks",
}  # fmt: skip
"""Further pages of these templates, whose columns or words take more room."""

_EVERY = bool(os.environ.get("EVERY"))
WALKED = list(ADDRESSES) if _EVERY else sorted(ONE_OF_EACH | WIDE)
"""Those that a browser opens in every window; with ``EVERY=1`` all. `tests/server/pages/test_every_page.py` reads all."""
LOOKED_AT = list(ADDRESSES) if _EVERY else sorted(ONE_OF_EACH)
"""`ONE_OF_EACH`, or all with ``EVERY=1``."""
OF_LINKS = {
    "about", "checks", "data", "document", "graph", "meeting", "mention", "quality", "question which-of-2013-take-up-one-of-2012", "question which-themes-occur-together", "questions",
    "recommendation with items", "section", "takes up", "themes", "vocabulary",
}  # fmt: skip
"""Of these, the pages whose parts are links, tables and pictures of them only, as others have them as well."""
WITH_CONTROLS = list(ADDRESSES) if _EVERY else sorted(ONE_OF_EACH - OF_LINKS)
"""Pages with something besides: forms, boxes, pictures, marks, lists that unfold."""
