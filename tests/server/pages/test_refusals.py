"""What pages refuse: an address that is not there, a name or a value that they do not understand, with those that they do."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.server.pages.test_questions import QUESTIONS

LIST, PARAGRAPH = "/recommendations", "/cite/document/som-wg-2015/paragraph/24"
ASKED = "/queries/which-recommendations-cite-an-article"
REFUSED: dict[str, tuple[int, str]] = {
    **{f"{path}?{query}": (400, said) for path in (LIST, f"{LIST}.csv") for query, said in {
        "basis=perhaps": "is one of",
        "sort=mood": "is one of",
        "theme=nope": "“theme” has no value “nope”",
        "section=XX": "“section” has no value “XX”",
        "article=smuggling-protocol": "“article” has no value “smuggling-protocol”",
        "strength=6": "“strength” has no value “6”",
        "all=colour": "“all” is one of",
        "whole=colour": "“whole” is one of",
        "themes=return": "Did you mean “theme”?",
        "style=nature": "",
    }.items()},
    "/compare?item=som-wg-2015/24": (400, "no parameter “item”"),
    **{f"/compare?of={of}": (400, "") for of in (
        "som-wg-2015/2", "som-wg-2015/93", "nothing/1", "x", "som-wg-2015/paragraph/16")},
    "/crossref?rows=theme": (400, "It understands by, empty, named"),
    "/crossref?by=mood": (400, ""),
    "/search?query=return": (400, "It understands q, kind."),
    "/queries/which-articles-are-never-cited?instrumnet=id/instrument/untoc": (400, "Did you mean “instrument”?"),
    f"{ASKED}?provision=http://not an iri": (400, ""),
    "/themes?pages=2": (400, "Did you mean “page”?"),
    "/takes-up?relation=equals": (400, ""),
    "/takes-up?page=9": (400, ""),
    "/takes-up?theme=none": (400, ""),
    f"{PARAGRAPH}.txt?style=nature": (400, ""),
    "/neighbours.json?of=a b": (400, ""),
    "/neighbours.json?of=id/actor/nobody": (404, ""),
    "/explore?of=id/actor/nobody": (404, ""),
    f"{LIST}.odt": (404, ""),
    "/crossref.ris": (404, ""),
    "/compare.jsonld?of=som-wg-2015/24": (404, ""),
    "/queries/what-is-love": (404, ""),
    f"/queries/{QUESTIONS[0]}.odt": (404, ""),
    **{f"/cite/{path}": (404, "") for path in (
        "document/som-wg-2015/paragraph/24.doc", "document/nothing.bib", "actor/unodc.ris", "x")},
    **{f"/static/{name}": (404, "") for name in (
        "../site.py", "site.py", "vendor/../../app.py", "nothing.css", ".htaccess")},
}  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_is_refused_with_what_there_is(address: str, client: TestClient) -> None:
    status, said = REFUSED[address]
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == status
    assert said in answer.text
