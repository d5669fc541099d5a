"""The scanner cuts a text as the grammar of SPARQL 1.1 does, in time that grows with its length and no faster."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.scanner import ScanError, place, resolve_codepoints, scan, shape


def cut(text: str) -> list[tuple[str, str]]:
    return [token[:2] for token in scan(text, 100)]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("?o.SERVICE<x>", [("variable", "?o"), ("symbol", "."), ("word", "SERVICE"), ("iri", "<x>")]),
        ("ex:SERVICE", [("name", "ex:SERVICE")]),
        ("ex:a.SERVICE.", [("name", "ex:a.SERVICE"), ("symbol", ".")]),
        ("ex:.SERVICE", [("name", "ex:"), ("symbol", "."), ("word", "SERVICE")]),
        (":a%2Fb\\.c", [("name", ":a%2Fb\\.c")]),
        ("_:b.c.", [("blank", "_:b.c"), ("symbol", ".")]),
        ("1SERVICE", [("number", "1"), ("word", "SERVICE")]),
        ("1.SERVICE", [("number", "1"), ("symbol", "."), ("word", "SERVICE")]),
        ("1.e5SERVICE", [("number", "1.e5"), ("word", "SERVICE")]),
        (".5", [("number", ".5")]),
        ("$x?y", [("variable", "$x"), ("variable", "?y")]),
        ("a # SERVICE\nb", [("word", "a"), ("word", "b")]),
        ("a # x\rb", [("word", "a"), ("word", "b")]),
        ("<x#y>", [("iri", "<x#y>")]),
        ("'a' \"b\" '''c'd\n''' \"\"\"e\"f\"\"\"", [("string", s) for s in ("'a'", '"b"', "'''c'd\n'''", '"""e"f"""')]),
        (r"'\'' '\\'", [("string", r"'\''"), ("string", r"'\\'")]),
        ("''", [("string", "''")]),
        ("'x'@en-GB.", [("string", "'x'"), ("language", "@en-GB"), ("symbol", ".")]),
        ("'x'^^xsd:int", [("string", "'x'"), ("symbol", "^^"), ("name", "xsd:int")]),
        ("?a<=?b||!?c", [("variable", "?a"), ("symbol", "<="), ("variable", "?b"), ("symbol", "||"), ("symbol", "!"), ("variable", "?c")]),
    ],
)  # fmt: skip
def test_text_is_cut_into_the_terminals_of_the_grammar(text: str, tokens: list[tuple[str, str]]) -> None:
    assert cut(text) == tokens


def test_less_than_compares_where_it_opens_no_iri() -> None:
    assert ("symbol", "<") in cut("FILTER(?a<?b && ?c>?d)")
    assert ("iri", "<?b&&?c>") in cut("?s ?p <?b&&?c>")


@pytest.mark.parametrize(
    "text", ["(?a<?b&&?c>?d)", "(?a<'''>''')", "(1<?b)#>\n)", "(EXISTS{}<'''>''')", "(true<b#>)", "('x'@en<'>')"]
)
def test_less_than_that_can_be_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(ScanError, match="put a space after it"):
        cut(text)


@pytest.mark.parametrize("text", ["(?x <http://x/#a>)", "(<a#b>)", "(ex:a/<a#b>)", "?s ?p <#a>", "{ (1 <b/c>) }"])
def test_iris_with_fragments_are_read_where_nothing_is_compared(text: str) -> None:
    assert any(kind == "iri" for kind, _ in cut(text))


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("{ (", 2), ("a )", 2), ("(]", 1), ("'abc", 0), ('x "a\nb"', 2), ("'''a''", 5), ("a \0", 2), ("'a\0'", 2), ("a \\b", 2), ("'\\q'", 0),
        ("a\fb", 1),
    ],
)  # fmt: skip
def test_a_text_that_cannot_be_cut_is_refused_with_its_place(text: str, offset: int) -> None:
    with pytest.raises(ScanError) as caught:
        cut(text)
    assert caught.value.offset == offset


def test_brackets_nest_as_deep_as_allowed_and_no_deeper() -> None:
    assert len(list(scan("(" * 100 + ")" * 100, 100))) == 200
    with pytest.raises(ScanError, match="deeper than 100"):
        list(scan("(" * 101 + ")" * 101, 100))
    assert list(scan("'" + "(" * 500 + "' <" + "(" * 500 + "> #" + "(" * 500, 100))


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        (r"\u0053ERVICE", "SERVICE"),
        (r"?caf\u00e9", "?café"),
        (r"\U0001F600", "😀"),
        (r"'\\u0041'", r"'\\u0041'"),
        ("plain", "plain"),
    ],
)
def test_codepoint_escapes_stand_for_their_character(text: str, resolved: str) -> None:
    assert resolve_codepoints(text) == resolved


@pytest.mark.parametrize(
    "text", [r"'\u0027 SERVICE'", r"\u005C", r"\u003C", r"\u0023", r"\u000A", r"\uD800", r"\U00110000", r"\u0000"]
)
def test_codepoint_escapes_that_change_the_cutting_are_refused(text: str) -> None:
    with pytest.raises(ScanError, match="The escape"):
        resolve_codepoints(text)


def test_queries_alike_in_form_have_one_shape() -> None:
    one = "SELECT * { ?s ?p ?o FILTER(?o > 12 && ?p != 'a') } # first"
    other = 'SELECT *\n{ ?x ?y ?z FILTER(?z > 7 && ?y != "b") }'
    assert shape(one) == shape(other)
    assert shape(one) != shape("SELECT * { ?s <p> ?o FILTER(?o > 12 && ?p != 'a') }")


def test_places_count_lines_and_columns_from_one() -> None:
    assert [place("a\nbc\n", offset) for offset in (0, 1, 2, 3, 5)] == [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1)]


PIECES = [
    "(", "'", "'''", "'''a''", "a.", "a-", "ex:", "_:", "_:a", "a.-", "1", "1.", "@a", "-a", "#", " \n", "<", "<a", "%", "\\", "ex:a.", "{",
    "?", "é",
]  # fmt: skip


def test_any_repetition_is_scanned_in_time_in_proportion_to_its_length() -> None:
    """Sixteen times the text takes far less than the 256 times that would be quadratic."""

    def seconds(piece: str, length: int) -> float:
        text = piece * (length // len(piece))
        started = time.process_time()
        with contextlib.suppress(ScanError):
            list(scan(text, 100))
        shape(text)
        return time.process_time() - started

    for piece in PIECES:
        short = min(seconds(piece, 2_048) for _ in range(3))
        assert min(seconds(piece, 32_768) for _ in range(2)) < 80 * max(0.0005, short), piece


@given(st.text(st.sampled_from("{}()[]<>'\"\\#?:.@_a1-% \n\r!=&|^*+;,$éSERVICE"), max_size=60))
def test_tokens_are_pieces_of_the_text_in_its_order(text: str) -> None:
    end = 0
    with contextlib.suppress(ScanError):
        for _, token, offset, depth in scan(text, 100):
            assert offset >= end
            assert text[offset : offset + len(token)] == token
            assert depth >= 0
            end = offset + len(token)
