"""URLs: path-absolute for links, absolute for citing, and nothing that needs escaping."""

from __future__ import annotations

import pytest

from ontology.namespaces import Base
from server.web.request import Urls

ROOT = Urls(Base("http://localhost:8000/"))
PREFIXED = Urls(Base("https://x.org/palermo/"))
PINNED = Urls(Base("https://x.org/palermo/"), "20261124-0123456789")


def test_links_start_with_the_path_of_the_base() -> None:
    assert ROOT.path() == "/"
    assert PREFIXED.path() == "/palermo/"
    assert ROOT.doc("http://localhost:8000/id/actor/unodc", ".ttl") == "/doc/actor/unodc.ttl"
    assert PREFIXED.doc("https://x.org/palermo/id/actor/unodc") == "/palermo/doc/actor/unodc"
    assert PREFIXED.thing("https://x.org/palermo/id/actor/unodc") == "/palermo/id/actor/unodc"
    assert PREFIXED.static("site.css") == "/palermo/static/site.css"


def test_links_of_an_older_version_stay_in_it_and_what_is_current_only_does_not() -> None:
    assert PINNED.doc("https://x.org/palermo/id/theme/sea") == "/palermo/v/20261124-0123456789/doc/theme/sea"
    assert PINNED.path("dumps/palermo.nq") == "/palermo/v/20261124-0123456789/dumps/palermo.nq"
    assert PINNED.sparql() == "/palermo/sparql"
    assert PINNED.static("site.css") == "/palermo/static/site.css"
    assert PINNED.canonical("doc/theme/sea") == "https://x.org/palermo/doc/theme/sea"


@pytest.mark.parametrize(
    ("iri", "url"),
    [
        ("https://x.org/palermo/id/actor/unodc", "/palermo/doc/actor/unodc"),
        (
            "https://x.org/palermo/id/document/d/paragraph/1/mention/2-3#target",
            "/palermo/doc/document/d/paragraph/1/mention/2-3",
        ),
        ("https://x.org/palermo/ontology#cites", "/palermo/ontology#cites"),
        ("https://x.org/palermo/graph/reference", "/palermo/graph/reference"),
        ("https://x.org/palermo/dataset", "/palermo/dataset"),
        ("https://x.org/palermonitana/id/actor/unodc", "https://x.org/palermonitana/id/actor/unodc"),
        ("http://www.w3.org/2004/02/skos/core#Concept", "http://www.w3.org/2004/02/skos/core#Concept"),
    ],
)
def test_an_iri_is_linked_to_where_it_is_described(iri: str, url: str) -> None:
    assert PREFIXED.of(iri) == url


def test_a_foreign_iri_has_no_document_here() -> None:
    with pytest.raises(ValueError, match="not below"):
        PREFIXED.doc("https://example.org/id/actor/unodc")


def test_absolute_urls_come_from_the_base() -> None:
    assert PREFIXED.absolute("/palermo/sitemap.xml") == "https://x.org/palermo/sitemap.xml"


def test_queries_are_encoded() -> None:
    assert PREFIXED.path("search", {"q": "smuggled & trafficked?"}) == "/palermo/search?q=smuggled+%26+trafficked%3F"
    assert PREFIXED.sparql("ASK {}") == "/palermo/sparql?query=ASK+%7B%7D"
