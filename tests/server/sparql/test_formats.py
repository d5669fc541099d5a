"""Which format a reader gets: by `Accept`, by ``?format=``, and what each answer then calls itself."""

from __future__ import annotations

import pytest

from server.sparql.request import choose_format
from server.web.errors import BadRequest, NotAcceptable

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"


@pytest.mark.parametrize(
    ("form", "accept", "name", "content_type"),
    [
        ("SELECT", "", "json", JSON),
        ("SELECT", "*/*", "json", JSON),
        ("SELECT", "application/*", "json", JSON),
        ("SELECT", "application/json", "json", "application/json"),
        ("SELECT", "application/xml", "xml", "application/xml; charset=utf-8"),
        ("SELECT", "text/xml", "xml", "text/xml; charset=utf-8"),
        ("SELECT", XML, "xml", XML + "; charset=utf-8"),
        ("SELECT", "text/csv", "csv", "text/csv; charset=utf-8; header=present"),
        ("SELECT", "text/tab-separated-values", "tsv", "text/tab-separated-values; charset=utf-8; header=present"),
        ("SELECT", f"{XML}, {JSON};q=0.9", "xml", XML + "; charset=utf-8"),
        ("SELECT", f"{XML};q=0.1, {JSON};q=0.2", "json", JSON),
        ("SELECT", f"{JSON};q=0, */*", "xml", XML + "; charset=utf-8"),
        ("SELECT", "text/turtle, */*;q=0.1", "json", JSON),
        ("SELECT", "garbage", "json", JSON),
        ("SELECT", BROWSER, "html", "text/html; charset=utf-8"),
        ("SELECT", "application/xhtml+xml", "html", "text/html; charset=utf-8"),
        ("ASK", "text/csv", "csv", "text/csv; charset=utf-8; header=present"),
        ("CONSTRUCT", "*/*", "turtle", "text/turtle; charset=utf-8"),
        ("CONSTRUCT", "application/ld+json", "jsonld", "application/ld+json"),
        ("CONSTRUCT", "application/json", "jsonld", "application/json"),
        ("CONSTRUCT", "application/rdf+xml", "rdfxml", "application/rdf+xml; charset=utf-8"),
        ("CONSTRUCT", "application/n-triples", "ntriples", "application/n-triples"),
        ("CONSTRUCT", "text/plain", "ntriples", "text/plain; charset=utf-8"),
        ("DESCRIBE", "text/*;q=0.5, application/rdf+xml", "rdfxml", "application/rdf+xml; charset=utf-8"),
        ("DESCRIBE", "text/turtle;q=0.3, application/n-triples;q=0.7", "ntriples", "application/n-triples"),
        ("DESCRIBE", BROWSER, "html", "text/html; charset=utf-8"),
    ],
)
def test_accept_chooses_the_format(form: str, accept: str, name: str, content_type: str) -> None:
    chosen = choose_format(form, accept, None)
    assert (chosen.key, chosen.content_type) == (name, content_type)


@pytest.mark.parametrize(
    ("form", "accept"),
    [
        ("SELECT", "text/turtle"),
        ("SELECT", "image/png"),
        ("CONSTRUCT", "text/csv"),
        ("ASK", "*/*;q=0"),
        ("CONSTRUCT", JSON),
    ],
)
def test_nothing_that_fits_is_said_with_what_there_is(form: str, accept: str) -> None:
    with pytest.raises(NotAcceptable, match="There are: "):
        choose_format(form, accept, None)


@pytest.mark.parametrize(
    ("form", "named", "name"),
    [
        ("SELECT", "json", "json"), ("SELECT", "CSV", "csv"), ("SELECT", "tsv", "tsv"), ("SELECT", "xml", "xml"), ("SELECT", "html", "html"),
        ("SELECT", JSON, "json"), ("SELECT", "srx", "xml"), ("CONSTRUCT", "xml", "rdfxml"), ("CONSTRUCT", "json", "jsonld"), ("CONSTRUCT", "turtle", "turtle"),
        ("CONSTRUCT", "ttl", "turtle"), ("CONSTRUCT", "n3", "turtle"), ("CONSTRUCT", "nt", "ntriples"), ("DESCRIBE", "json-ld", "jsonld"), ("DESCRIBE", "rdf+xml", "rdfxml"),
    ],
)  # fmt: skip
def test_a_named_format_comes_before_accept(form: str, named: str, name: str) -> None:
    assert choose_format(form, "image/png", named).key == name


def test_a_format_of_another_form_or_without_meaning_is_an_error() -> None:
    with pytest.raises(NotAcceptable):
        choose_format("SELECT", "*/*", "turtle")
    with pytest.raises(BadRequest, match="There is no format 'docx'"):
        choose_format("SELECT", "*/*", "docx")
