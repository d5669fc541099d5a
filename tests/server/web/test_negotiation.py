"""What `Accept` and `Accept-Encoding` fields choose, by RFC 9110 §12.4.2, §12.5.1 and §12.5.3."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.web.negotiation import choose, choose_coding, parse_accept

HTML, TURTLE, JSON_LD, NT, XML = (
    "text/html",
    "text/turtle",
    "application/ld+json",
    "application/n-triples",
    "application/rdf+xml",
)
OFFERS = (HTML, TURTLE, JSON_LD, NT, XML)
CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
RDFLIB = "application/rdf+xml;q=0.9, text/turtle, application/n-triples;q=0.8, */*;q=0.1"
JAVA = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
COMUNICA = "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,text/turtle;q=0.6,text/html;q=0.2"
PROFILE = 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"'


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", HTML),
        ("*/*", HTML),
        ("text/html", HTML),
        ("text/turtle", TURTLE),
        ("TEXT/Turtle", TURTLE),
        ("text/turtle;charset=utf-8", TURTLE),
        ('text/turtle; charset="UTF-8"', TURTLE),
        ("text/turtle;charset=iso-8859-1", None),
        ("text/turtle;charset=iso-8859-1, */*;q=0.1", HTML),
        ("application/ld+json", JSON_LD),
        (PROFILE, JSON_LD),
        (f"{PROFILE};q=0, */*", HTML),
        (f"{PROFILE};q=0, application/*", JSON_LD),
        (f"{PROFILE}, text/turtle;q=0.9", JSON_LD),
        ("text/html;level=1;q=0.3, text/html;q=0.7, text/turtle;q=0.5", HTML),
        ("text/html;level=1;q=0.7, text/html;q=0.3, text/turtle;q=0.5", TURTLE),
        ("text/turtle;q=0.5, application/ld+json;q=0.8", JSON_LD),
        ("text/turtle;q=0.8, application/ld+json;q=0.5", TURTLE),
        ("application/ld+json, text/turtle", TURTLE),
        ("text/turtle, application/ld+json", TURTLE),
        ("text/*", HTML),
        ("application/*", JSON_LD),
        ("application/*;q=0.5, text/turtle;q=0.4", JSON_LD),
        ("text/*;q=0.3, text/turtle;q=0.7, */*;q=0.5", TURTLE),
        ("text/*, text/html;q=0", TURTLE),
        ("*/*, text/html;q=0", TURTLE),
        ("*/*, text/*;q=0", JSON_LD),
        ("*/*;q=0", None),
        ("text/html;q=0", None),
        ("text/html;q=0.0", None),
        ("text/html;q=0.000, text/turtle;q=0.001", TURTLE),
        ("image/png", None),
        ("image/png, image/*", None),
        ("image/png, */*;q=0.1", HTML),
        ("text/turtle, */*", TURTLE),
        ("text/turtle;q=0.1, */*;q=0.1", TURTLE),
        (CHROME, HTML),
        (RDFLIB, TURTLE),
        (JAVA, HTML),
        (COMUNICA, JSON_LD),
        ("text/turtle ; q=0.5 , application/n-triples ; q=0.6", NT),
        ("text/turtle;Q=0.2,application/n-triples;q=0.3", NT),
        (",,text/turtle,,", TURTLE),
        (", ,", HTML),
        ("garbage", HTML),
        ("garbage, text/turtle", TURTLE),
        ("text/turtle;q=banana, application/n-triples;q=0.1", NT),
        ("text/turtle;q=2, application/n-triples;q=0.1", NT),
        ("text/turtle;q=-1, application/n-triples;q=0.1", NT),
        ("text/turtle;q=0.1234, application/n-triples;q=0.1", NT),
        ("text/turtle;q=1.000", TURTLE),
        ("text/turtle;q=1.001, application/rdf+xml;q=0.1", XML),
        ("text/turtle;q=, application/rdf+xml;q=0.1", XML),
        ("*/html, application/rdf+xml;q=0.1", XML),
        ("text/, application/rdf+xml;q=0.1", XML),
        ("/html, application/rdf+xml;q=0.1", XML),
        ("text/tur tle, application/rdf+xml;q=0.1", XML),
        ("text/turtle;q=0.5;ext=1", TURTLE),
        ("text/turtle;;q=0.5, application/n-triples;q=0.4", TURTLE),
        ('text/html;x="a,b;q=0", text/turtle;q=0.4', HTML),
        ('text/turtle;x="unclosed, text/html', HTML),
        ("application/rdf+xml, text/rdf+n3, text/turtle;q=0.9", XML),
        ("application/*+json", None),
    ],
)
def test_accept_field_chooses(accept: str, chosen: str | None) -> None:
    assert choose(accept, OFFERS) == chosen


@pytest.mark.parametrize(
    ("accept_encoding", "chosen"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP", "gzip"),
        ("br", "br"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0, *", "br"),
        ("br;q=0, *;q=0.5", "zstd"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("identity", "identity"),
        ("identity;q=1, gzip;q=0.5", "identity"),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("identity;q=0", "identity"),
        ("deflate", "identity"),
        ("gzipped", "identity"),
        ("gzip;q=banana", "identity"),
    ],
)
def test_accept_encoding_field_chooses(accept_encoding: str, chosen: str) -> None:
    assert choose_coding(accept_encoding) == chosen


@given(st.text(max_size=200))
def test_any_text_in_accept_is_answered_with_an_offer_or_a_refusal(field: str) -> None:
    assert choose(field, OFFERS) in (*OFFERS, None)
    assert all(0 <= wanted.weight <= 1 for wanted in parse_accept(field))


@given(
    st.lists(st.tuples(st.sampled_from(OFFERS), st.integers(1, 1000)), min_size=1, max_size=5, unique_by=lambda t: t[0])
)
def test_greatest_weight_wins_among_types_named_exactly(wanted: list[tuple[str, int]]) -> None:
    field = ", ".join(f"{name};q={weight / 1000:.3f}" for name, weight in wanted)
    greatest = max(weight for _, weight in wanted)
    assert choose(field, OFFERS) in {name for name, weight in wanted if weight == greatest}


@given(st.text(max_size=100))
def test_any_text_in_accept_encoding_chooses_a_coding(field: str) -> None:
    assert choose_coding(field) in ("br", "zstd", "gzip", "identity")
