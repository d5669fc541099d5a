"""Every route there is, with what does not belong into a path or a query string."""

from __future__ import annotations

import pytest

from tests.cases import case
from tests.hostile.wire import harmless, request

ROUTES = (
    "/",
    "/.well-known/void",
    "/cite/{}",
    "/crossref",
    "/dataset.{}",
    "/doc/{}",
    "/dumps/{}",
    "/graph/{}",
    "/health/live",
    "/id/{}",
    "/ontology",
    "/queries/{}",
    "/recommendations",
    "/sitemap-{}.xml",
    "/sparql",
    "/static/{}",
    "/v/{}",
)

PATHS = {
    "climbs": "/../../../../etc/passwd",
    "climbs in disguise": "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "climbs twice encoded": "/%252e%252e%252f%252e%252e%252fetc/passwd",
    "climbs by encoded slashes": "/..%2f..%2f..%2fetc%2fpasswd",
    "climbs by backslashes": "/..%5c..%5cwindows%5cwin.ini",
    "ends with NUL": "%00.ttl",
    "breaks the line": "%0d%0aX-Injected:%20yes",
    "breaks the line in Unicode": "%E5%98%8A%E5%98%8DX-Injected:yes",
    "is no UTF-8": "/%ff%fe",
    "is overlong UTF-8": "/%c0%ae%c0%ae/",
    "has half an escape": "/%2",
    "has an escape that is none": "/%gg",
    "is very long": "/" + "a" * 4_000,
    "is very deep": "/a" * 400,
    "is all dots": "/" + "." * 200,
    "has two slashes": "//",
    "has a parameter": ";jsessionid=1",
    "has markup": "/<script>alert(1)</script>",
    "has a template": "/{{7*7}}${7*7}",
    "has a lookup": "/${jndi:ldap://127.0.0.1/a}",
    "has an emoji": "/%F0%9F%92%A9",
    "has a direction": "/%E2%80%AEtxt.exe",
    "has many suffixes": ".ttl.jsonld.nt.rdf.html",
    "has a secret file": "/.git/config",
    "is a drive": "/C:/Windows/win.ini",
}  # fmt: skip


@pytest.mark.parametrize("what", PATHS)
def test_a_path_that(what: str, victim: str) -> None:
    for route in ROUTES:
        with case(route):
            reply = harmless(victim, request(route.replace("{}", "x") + PATHS[what]))
            assert reply.status, "The connection was ended without an answer."
            assert "root:x:0" not in reply.body
            assert reply.header("x-content-type-options") == "nosniff"
            if "text/html" in reply.header("content-type"):
                assert "<script>alert" not in reply.body


VALUES = {
    "is empty": "",
    "is a NUL": "%00",
    "breaks the line": "x%0d%0aX-Injected:%20yes",
    "is no UTF-8": "%ff%fe",
    "is cut off": "%4",
    "is long": "a" * 20_000,
    "is many words": "+".join(["word"] * 4_000),
    "is many letters of one word": "%C3%A9" * 3_000,
    "is a lone surrogate": "%ed%a0%80",
    "is above Unicode": "%f7%bf%bf%bf",
    "is SQL": "'%20OR%201=1;%20DROP%20TABLE%20entry--",
    "is a full-text query": '"a*"%20NEAR(b%20c,%2010)%20AND%20label:x%20NOT%20"',
    "is a column filter": "{iri%20kind}:%20unodc",
    "is SPARQL": "%7D%20SERVICE%20%3Chttp://127.0.0.1/%3E%20%7B",
    "closes an IRI": "http://x%3E%20%3Fs%20%3Fp%20%3Fo%20.%20%3C",
    "is a file": "file:///etc/passwd",
    "is a path": "../../../../etc/passwd",
    "is markup": "%3Cscript%3Ealert(1)%3C/script%3E",
    "closes an attribute": "%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
    "is a template": "{{1337*7331}}%7B%25%20if%201%20%25%7D",
    "is a negative number": "-1",
    "is a huge number": "9" * 400,
    "is no number": "NaN",
    "is an expression of doom": "(a%2B)%2B%24" + "a" * 200,
    "is JSON": '{"$gt":""}',
    "is only marks": "%CC%81" * 500,
}  # fmt: skip
PARAMETERS = (
    "/search?q=",
    "/suggest.json?q=",
    "/recommendations?q=",
    "/recommendations?article=",
    "/recommendations?sort=",
    "/recommendations.csv?theme=",
    "/recommendations?unheard-of=",
    "/crossref?by=",
    "/crossref.csv?basis=",
    "/editor?query=",
    "/editor?question=",
    "/queries/what-is-unodc-asked?actor=",
    "/queries/which-recommendations-cite-an-article.csv?provision=",
    "/doc/actor/unodc?format=",
    "/static/site.css?v=",
    "/sparql?query=",
    "/sparql?query=ASK%7B%7D&format=",
    "/sparql?query=ASK%7B%7D&default-graph-uri=",
)


@pytest.mark.parametrize("what", VALUES)
def test_a_value_that(what: str, victim: str) -> None:
    for parameter in PARAMETERS:
        with case(parameter):
            reply = harmless(victim, request(parameter + VALUES[what], "Accept: text/html"))
            assert reply.status, "The connection was ended without an answer."
            assert "root:x:0" not in reply.body
            assert "<script>alert(1)" not in reply.body
            assert "<img src=x onerror" not in reply.body
            if what == "is a template":
                assert "9801547" not in reply.body


def test_a_selection_of_more_combinations_than_a_query_can_list(victim: str) -> None:
    sizes = {"theme": 40, "actor": 20, "article": 30, "group": 5, "section": 4}
    chosen = "&".join(f"{name}={number}" for name, size in sizes.items() for number in range(size))
    harmless(victim, request(f"/recommendations?{chosen}"), 400)


def test_a_parameter_given_many_times(victim: str) -> None:
    for parameter in PARAMETERS:
        path, _, query = parameter.partition("?")
        name = query.split("&")[-1]
        with case(parameter):
            harmless(victim, request(f"{path}?{query}a&" + "&".join(f"{name}{number}" for number in range(1_500))))


SPARQL = "/sparql?query=ASK%7B%7D"
TARGETS: dict[str, int | None] = {
    "*": None,
    "//": 404,
    "///////etc/passwd": 404,
    "//elsewhere.example/doc/actor/unodc": 404,
    "//sparql?query=ASK%7B%7D": 404,
    "http://elsewhere.example/doc/actor/unodc": 200,
    "HTTPS://elsewhere.example:8443?a=b@c": 200,
    "https://user:secret@elsewhere.example:99999/": 400,
    "http://user@elsewhere.example/robots.txt": 400,
    "http:///robots.txt": 400,
    "http://elsewhere.example#c": 400,
    "http://elsewhere.example/robots.txt#c": 400,
    "ftp://elsewhere.example/robots.txt": 400,
    "ws://elsewhere.example/robots.txt": 400,
    "elsewhere.example:80": 400,
    "javascript:alert(1)": 400,
    "no-slash": 400,
    "\\..\\..": 400,
    "/robots.txt?a=b@c": 200,
    "/robots.txt#c": 400,
    "/robots.txt?a=b#c": 400,
    "/doc/actor/unodc#fragment": 400,
    "/?#": 400,
    "/?" + "&" * 5_000: None,
    "/?" + "=" * 5_000: None,
    "/?a[]=1&a[b]=2&a[__proto__][x]=3": None,
    "/%": 400,
    "/%%%%%%%%": 400,
    "/ HTTP/1.1 /": None,
    "/\x01\x02\x7f": None,
    "/\u2603/\U0001f4a9": None,
    "/doc/actor/unodc\t": None,
    "/wp-login.php": 404,
    "/cgi-bin/%%32%65%%32%65/bin/sh": 400,
    "/.env": 404,
    "/doc/../robots.txt": 404,
    "/%2e%2e/%2e%2e/etc/passwd": 404,
    "/static/..%2f..%2fapp.py": 404,
    "/static/%2e%2e/app.py": 404,
    "/id/actor/unodc/../../../doc/actor/unodc": 404,
    "/doc/actor/unodc.ttl/../unodc.nt": 404,
    "/dumps/palermo.nq%00.gz": 400,
    "/v/20200101-0000000000/../../": 404,
    "/v/current/doc/actor/unodc": 404,
    "/sparql/../../etc/passwd": 404,
    "/sparql/%2e%2e/%2e%2e/etc/passwd": 404,
    "/sparql?query": 400,
    f"{SPARQL}%ZZ": 400,
    f"{SPARQL}%2": 400,
    f"{SPARQL}%FF%FE": 400,
    "/sparql?query=%C0%AE": 400,
    f"{SPARQL}%00": 400,
    "/sparql?query=%ED%A0%80": 400,
    "/sparql?" + "query=ASK%7B%7D&" * 500: 400,
    f"{SPARQL}&" + "a=b&" * 5_000: 200,
    "/sparql?query=" + "a" * 50_000: 414,
    "/sparql?query=" + "a" * 1_000_000: None,
    f"{SPARQL}&format=../../etc/passwd": 400,
    f"{SPARQL}&format=x%0d%0aSet-Cookie:%20a": 400,
    f"{SPARQL}&default-graph-uri=x%0d%0aa:b": 403,
    "/sparql?update=DROP%20ALL": 403,
}


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target[:60])
def test_a_target(target: str, victim: str) -> None:
    status = TARGETS[target]
    for _ in range(2):  # the second time the fields are known
        reply = harmless(victim, request(target), *([status] if status else []))
        assert "elsewhere.example" not in reply.header("location") + reply.header("link")
