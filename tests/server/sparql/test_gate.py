"""The gate lets through what reaches no other server, and judges words as SPARQL does; rdflib's parser and the engine
itself are its oracles."""

from __future__ import annotations

import contextlib
import re
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from queries.prologue import read_prologue
from queries.scanner import scan
from server.sparql.gate import CheckedQuery, Gate, check_query
from server.sparql.outcomes import Limits, QueryMalformed, QueryRefused, QueryTooComplex, QueryTooLong
from server.web.errors import PalermoError

BASE = "http://example.test/"
GRAPH = BASE + "graph/one"
PROLOGUE = "PREFIX ex: <http://e/> PREFIX : <http://127.0.0.1:9/> PREFIX service: <http://127.0.0.1:9/> "


REMEMBERING = Gate(Limits())
"""A gate that has seen whatever the tests of this module ask."""


def checked(text: str, limits: Limits | None = None) -> CheckedQuery:
    """What the gate says of a text, which is the same when it remembers others like it."""
    if limits is not None:
        return check_query(text, limits, BASE, {GRAPH})
    try:
        found = check_query(text, Limits(), BASE, {GRAPH})
    except PalermoError as refusal:
        with pytest.raises(type(refusal), match=re.escape(str(refusal))):
            REMEMBERING.check(text, BASE, {GRAPH})
        raise
    assert REMEMBERING.check(text, BASE, {GRAPH}) == found
    return found


SERVICE = [
    "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
    "select * { service silent <http://x/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o.SERVICE<http://x/>{} }",
    "SELECT * { ?s ?p 1SERVICE<http://x/>{} }",
    "SELECT * { ?s ?p trueSERVICE<http://x/>{} }",
    "SELECT * { ?s ?p 'a'@en.SERVICE<http://x/>{} }",
    "SELECT * { ?s ?p 'a'SERVICE<http://x/>{} }",
    "SELECT * { SERVICE:x {} }",
    "SELECT * { SERVICE :x {} }",
    "SELECT * { SERVICESILENT:x{} }",
    "SELECT * { ?s ?p ?o SERVICEex:a{} }",
    "SELECT * { SERVICE?s{} }",
    "SELECT * { \\u0053ERVICE <http://x/> {} }",
    "SELECT * { SER\\u0056ICE <http://x/> {} }",
    "SELECT * { #\nSERVICE#\n<http://x/>#\n{} }",
    "SELECT * { ?s ?p '#' . SERVICE <http://x/> {} }",
    "SELECT * { ?s ?p <#> . SERVICE <http://x/> {} }",
    "SELECT * { ?s ?p '''a'''.SERVICE <http://x/> {} }",
    "SELECT * { { SELECT * { { SERVICE <http://x/> {} } } } }",
    "ASK { FILTER EXISTS { SERVICE <http://x/> {} } }",
    "CONSTRUCT { ?s ?p ?o } { GRAPH ?g { SERVICE ?g { ?s ?p ?o } } }",
    "DESCRIBE ?x { OPTIONAL { SERVICE <http://x/> { ?x ?y ?z } } }",
    "SELECT * { ?s ?p ?o } # \rSERVICE <http://x/> {}",
    "SELECT * { VALUES ?x { '''a' } SERVICE <http://x/> {} }",
    "SELECT * { ?s ?p '\\\\' . SERVICE <http://x/> {} }",
    "SELECT * { ?s ?p ex:a\\.b . SERVICE <http://x/> {} }",
    "SELECT * { FILTER(?a < ?b) SERVICE <http://x/> {} }",
    "SELECT * { FILTER(?a<?b)SERVICE<http://x/>{} }",
]
"""It is a keyword here, which reaches another server."""
HIDDEN = [
    "SELECT * { ?s ?p ?o FILTER(?a<'''>''') SERVICE <http://127.0.0.1:9/> {} #''' \n}",
    "SELECT * { ?s ?p ?o FILTER(?a<?b)SERVICE#>\n<http://127.0.0.1:9/>{} }",
    "SELECT * { ?s ?p ?o FILTER(EXISTS{}<'''>''') SERVICE <http://127.0.0.1:9/> {} #''' \n}",
    "SELECT * { VALUES ?x { '''a' } SERVICE <http://127.0.0.1:9/> {} #\\q'''\n}",
    "SELECT * { ?s ?p '\\u0027 . SERVICE <http://127.0.0.1:9/> {} #' \n}",
    "SELECT * { VALUES (?x ?y) { (1 <a#>) } SERVICE <http://127.0.0.1:9/> {} #>\n}",
]
"""A keyword is hidden between two readings."""
UPDATES = [
    "INSERT DATA { <a> <b> <c> }", "DELETE WHERE { ?s ?p ?o }", "LOAD <http://x/>", "CLEAR ALL", "DROP DEFAULT",
    "CREATE GRAPH <g>", "ADD <a> TO <b>", "MOVE <a> TO <b>", "COPY <a> TO <b>", "WITH <g> DELETE { ?s ?p ?o } WHERE {}",
    "PREFIX a: <http://a/> # c\n BASE <http://b/> insert data {}", "\\u0049NSERT DATA {}",
]  # fmt: skip
LATER = [
    "SELECT * { ?s ?p ?o LATERAL { ?s ?q ?r } }", "SELECT * { << ?s ?p ?o >> ?q ?r }", "SELECT * { ?s ?p <<(?a ?b ?c)>> }",
    "SELECT * { ?s ?p ?o {| ?q ?r |} }", "SELECT * { ?s ?p ?o ~ ex:a }", "SELECT (TRIPLE(?s,?p,?o) AS ?t) {}",
    "SELECT * { ?s ?p 'a'@en--ltr }", "SELECT (ADJUST(NOW()) AS ?t) {}", "SELECT * { ?s ?p 1LATERAL{} }",
    "SELECT * { ?s ?p trueLATERAL{} }",
]  # fmt: skip
"""What came after SPARQL 1.1."""
NO_QUERY = ["", " \n# nothing\n", "PREFIX a: <b>", "FOO {}", "{ }", "?x", "<a>", "WHERE {}", "RELECT * {}"]
REFUSED: list[tuple[type[PalermoError], str, str]] = [
    *((QueryRefused, "another server", PROLOGUE + text) for text in SERVICE),
    *((PalermoError, r"\w", PROLOGUE + text) for text in HIDDEN),
    *((QueryMalformed, "changes nothing", text) for text in UPDATES),
    *((QueryMalformed, r"not part of SPARQL 1\.1", PROLOGUE + text) for text in LATER),
    *((QueryMalformed, r"\w", text) for text in NO_QUERY),
    (QueryMalformed, "A space is missing", "PREFIX NAMED: <graph/> PREFIX : <http://x/> SELECT * FROM NAMED:one { ?s ?p ?o }"),
    (QueryRefused, "graph/one", "BASE <http://[x> SELECT * FROM <graph/one> { ?s ?p ?o }"),
]  # fmt: skip


@pytest.mark.parametrize(("error", "reason", "text"), REFUSED)
def test_a_text_is_refused_for_its_reason(error: type[PalermoError], reason: str, text: str) -> None:
    with pytest.raises(error, match=reason):
        checked(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service { ?service ?p ?o }",
        "SELECT * { ?s ex:SERVICE ?o }",
        "SELECT * { ?s ex:a.SERVICE ?o }",
        "SELECT * { ?s ?p 'SERVICE <http://x/> {}' }",
        'SELECT * { ?s ?p """SERVICE "<http://x/>" {}""" }',
        "SELECT * { ?s ?p '''it's SERVICE <x> {}''' }",
        "SELECT * { ?s <http://x/SERVICE> ?o }",
        "SELECT * { ?s <http://x/#SERVICE> ?o } # SERVICE <http://x/> {}",
        "SELECT * { _:SERVICE ?p ?o }",
        "SELECT * { ?s a service:Thing . }",
        "SELECT * { ?s ?p 'x'@service }",
        "SELECT * { FILTER(?a < <http://x#SERVICE>) }",
        "ASK { ?s ?p 'INSERT DATA { LOAD DROP }' }",
        "SELECT ?insert ?delete { ?insert ex:DELETE ?delete }",
        "PREFIX load: <http://l/> SELECT * { ?s load:clear ?o }",
        "SELECT ?LATERAL { ?LATERAL ex:LATERAL 'LATERAL' }",
        "SELECT (1--1 AS ?two) {}",
    ],
)
def test_the_same_words_in_names_strings_iris_and_comments_are_harmless(text: str) -> None:
    parseQuery(PROLOGUE + text)
    assert checked(PROLOGUE + text).text == PROLOGUE + text


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT*{}", "SELECT"), ("ask{}", "ASK"), ("ASKWHERE{}", "ASK"), ("PREFIX a:<b> CONSTRUCT WHERE {}", "CONSTRUCT"),
        ("BASE <http://x/> # SELECT\nPREFIX select: <ask> DESCRIBE <y>", "DESCRIBE"), ("SELECT?x{}", "SELECT"),
        ("PREFIX construct: <ask> PREFIX : <x> SELECT * { construct:a :ask 'DESCRIBE' }", "SELECT"),
    ],
)  # fmt: skip
def test_the_form_is_the_first_word_after_the_prologue(text: str, form: str) -> None:
    assert checked(text).form == form


@pytest.mark.parametrize(
    "clause", [f"FROM <{GRAPH}>", "FROM <graph/one>", f"FROM NAMED <{GRAPH}>", "from g:one from named g:one"]
)
def test_from_may_name_a_published_graph(clause: str) -> None:
    graphs = checked(f"PREFIX g: <graph/> SELECT * {clause} {{ ?s ?p ?o }}").graphs
    assert graphs is not None
    assert {*graphs[0], *graphs[1]} == {GRAPH}


@pytest.mark.parametrize(
    "clause",
    [
        "FROM <http://elsewhere.test/x>",
        "FROM NAMED <file:///etc/passwd>",
        "FROM g:two",
        "FROM <graph/one> FROM <http://x/>",
        "FROM:one",
    ],
)
def test_from_elsewhere_is_refused(clause: str) -> None:
    query = f"PREFIX g: <graph/> PREFIX : <http://x/> SELECT * {clause} {{ ?s ?p ?o }}"
    with pytest.raises(PalermoError, match=r"There is no graph|A space is missing"):
        checked(query)


@pytest.mark.parametrize("iri", ["http://[x", "http://x.test/a?", "http://x.test/#", "http://x.test/a/../b"])
def test_an_absolute_iri_stays_as_it_is_even_one_that_none_can_be(iri: str) -> None:
    text = f"PREFIX x: <{iri}> SELECT * FROM <graph/one> {{ ?s ?p x: }}"
    assert checked(text).graphs == ((GRAPH,), ())
    tokens = list(scan(text, 10))
    assert read_prologue(tokens, BASE).iri(("name", "x:", 0, 0)) == iri


def test_from_in_a_subquery_or_a_string_is_no_dataset() -> None:
    assert checked("SELECT ?from { ?from ?p 'FROM <http://x/>' }").graphs is None


@pytest.mark.parametrize(
    ("expression", "volatile"),
    [("NOW()", True), ("rand()", True), ("STRUUID()", True), ("STR(1)", False), ("'NOW()'", False)],
)
def test_queries_whose_result_changes_each_time_are_known(expression: str, volatile: bool) -> None:
    assert checked(f"SELECT ({expression} AS ?now) {{}}").volatile is volatile


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT * " + "{" * 21 + "}" * 21, "deeper than 20"),
        ("ASK { FILTER(" + "+".join("1" * 32) + ") }", "more than 30 operators"),
        ("ASK { FILTER(" + "!" * 31 + "1) }", "more than 30 operators"),
        ("ASK { ?s " + "/".join(["<p>"] * 32) + " ?o }", "more than 30 operators"),
        ("ASK { FILTER(?x" + " -1 - ?y" * 31 + " = 0) }", "more than 30 operators"),
    ],
)
def test_nesting_and_operators_are_limited(query: str, reason: str) -> None:
    with pytest.raises(QueryTooComplex, match=reason):
        checked(query, Limits(nesting=20, operators=30))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { VALUES ?n { " + "-1 +2 " * 40 + "} }",
        "SELECT * { VALUES (?n ?m) { " + "(-1 -2) " * 40 + "} }",
        "ASK { FILTER(?n IN (" + ", ".join(["-1"] * 40) + ")) }",
        "ASK { ?s ex:p " + ", ".join(["-1"] * 40) + " }",
    ],
)
def test_the_sign_of_a_number_is_no_operator(query: str) -> None:
    assert checked(PROLOGUE + query, Limits(operators=30)).form


def test_the_size_is_limited_and_a_query_that_is_too_long_is_not_said_to_be_none() -> None:
    with pytest.raises(QueryTooLong, match="1,221 bytes"):
        checked("SELECT * { ?s ?p '" + "é" * 600 + "' }", Limits(text=1_000))


def test_checking_a_query_takes_time_in_proportion_to_its_length() -> None:
    query = (
        PROLOGUE + "SELECT ?a ?b { " + "?a ex:p ?b ; ex:q 'text', 12 . FILTER(?b < 3) " * 6 + "} ORDER BY ?a LIMIT 10"
    )
    long = query.replace("?a ex:p ?b", "?a ex:p ?b " + "; ex:q 'text', 12 " * 200)
    once, ten = (min(_seconds(text) for _ in range(9)) for text in (query, long))
    assert ten < 3 * once * len(long) / len(query)


def _seconds(query: str) -> float:
    started = time.process_time()
    check_query(query, Limits(), BASE, {GRAPH})
    return time.process_time() - started


FRAGMENTS = [
    "?s", "?o", "?service", "$x", ".", ";", ",", "{", "}", "(", ")", "a", "1", "2.5", "1.", "true", "ex:p", "ex:SERVICE", "ex:a.b", ":x", "SERVICE", "SERVICE ",
    "SERVICE:x", "service", "SILENT", "<http://127.0.0.1:9/>", "<#SERVICE>", "<>", "<", ">", "'", '"', "'''", '"""', "'SERVICE'", "'a'", "\\'", "\\", "#", "\n", "\r",
    "FILTER(", "FILTER(?a<?b)", "EXISTS", "OPTIONAL{", "UNION", "GRAPH ?g", "{}", "@en", "^^", "_:b", "VALUES ?x {", "BIND(1 AS ?y)", "&&", "#>", "'>", ">'", "!", "=", "[", "]", "é", " ",
]  # fmt: skip


def texts() -> st.SearchStrategy[str]:
    pieces = st.lists(st.sampled_from(FRAGMENTS), max_size=14)
    spaced = st.lists(st.sampled_from(["", "", " "]), min_size=14, max_size=14)
    body = st.builds(lambda parts, gaps: "".join(p + g for p, g in zip(parts, gaps, strict=False)), pieces, spaced)
    framed = st.sampled_from(
        [
            "%s",
            "?s ?p ?o . %s",
            "?s ?p ?o %s ?s ?p ?o",
            "?s ?p %s SERVICE <http://127.0.0.1:9/> {}",
            "FILTER(?s<%s) ?s ?p ?o",
            "?s ?p '%s' SERVICE :x {}",
        ]
    )
    return st.builds(lambda frame, inner: PROLOGUE + "SELECT * { " + frame % inner + " }", framed, body)


def services_in(node: Any) -> bool:
    if isinstance(node, CompValue):
        return node.name == "ServiceGraphPattern" or any(services_in(value) for value in node.values())
    return (
        any(services_in(part) for part in node) if isinstance(node, (list, tuple)) or hasattr(node, "asList") else False
    )


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(texts())
def test_no_text_in_which_rdflib_finds_service_passes(text: str) -> None:
    try:
        parsed = parseQuery(text)
    except Exception:
        assume(False)
    if services_in(parsed):
        with pytest.raises(PalermoError):
            checked(text)


VALUES = [
    "1", "22", "'a'", '"b c"', "'SERVICE <x> {}'", '"#"', "'''it's'''", "<http://e/1>", "<a>", "<?b&&'c>", "<#x>", "<'>",
]  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from([*FRAGMENTS, *VALUES * 3]), max_size=12), st.data())
def test_a_text_is_judged_by_itself_whatever_was_asked_before_in_the_same_form(
    pieces: list[str], data: st.DataObject
) -> None:
    """The same text with other values in it, one after the other, at a gate that remembers forms."""
    for _ in range(3):
        with contextlib.suppress(PalermoError):
            checked("SELECT * { ?s ?p ?o " + "".join(pieces) + " }")
        pieces = [data.draw(st.sampled_from(VALUES)) if piece in VALUES else piece for piece in pieces]


@pytest.fixture(scope="module")
def engine() -> Store:
    store = Store()
    for number in range(3):
        store.add(Quad(NamedNode(f"http://e/{number}"), NamedNode("http://e/p"), Literal("a")))
    return store


@settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(text=texts())
def test_no_text_that_passes_makes_the_engine_ask_another_server(engine: Store, text: str) -> None:
    try:
        passed = checked(text)
    except PalermoError:
        return
    assert not re.search(r"connect|service|lookup|http", _complaint(engine, passed.text), re.IGNORECASE)


def _complaint(engine: Store, text: str) -> str:
    """What the engine says of a query beside that it is none."""
    try:
        results = engine.query(text, base_iri=BASE)
        for _ in results:  # type: ignore[union-attr]
            pass
    except OSError as problem:
        return str(problem)
    except (SyntaxError, RuntimeError):  # no query, or a function that the engine does not have
        return ""
    return ""


def test_the_engine_as_oracle_does_notice_a_service_call(engine: Store) -> None:
    with pytest.raises(OSError, match=r"(?i)connect|lookup|port 9"):
        list(engine.query(PROLOGUE + "SELECT * { ?s ?p ?o.SERVICE:x{} }", base_iri=BASE))  # type: ignore[arg-type]


def test_a_path_without_a_step_has_a_quick_form_where_only_the_data_decide() -> None:
    """Graph by graph, in a data set of the query's own and for texts the union decides, whatever the data have."""
    checked = check_query("SELECT * { ?x a ?t . ?t <p>* <c> ; <q>? ?y }", Limits(), "http://b/", ["http://b/g"])
    assert (checked.needed, checked.quick) == (("http://b/c",), checked.text)
    assert "UNION" in checked.detour
    for query in (
        "* { ?t <p>* 'c' }",
        "* FROM <g> { ?t <p>* <c> }",
        "* { GRAPH ?g { ?t <p>* <c> } }",
        "* { ?t <p>* ?c }",
    ):
        assert not check_query(f"SELECT {query}", Limits(), "http://b/", ["http://b/g"]).needed
    assert not check_query(
        "SELECT * { ?t <p>* <c> }", Limits(), "http://b/", ["http://b/g"], (("http://b/g",), ())
    ).needed
