"""Marks in a text: nothing is lost, spans nest, the narrowest has the link."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from server.pages.marks import Mark, Piece, marked, without_doubles


def words(pieces: Iterable[Piece]) -> str:
    return "".join(piece.text + words(piece.pieces) for piece in pieces)


def test_text_without_marks_is_one_piece() -> None:
    assert marked("States parties should", []) == (Piece("States parties should"),)


def test_a_mark_stands_inside_a_wider_one() -> None:
    text = "use INTERPOL databases now"
    pieces = marked(text, [Mark(4, 12, "actor", "INTERPOL", "/a"), Mark(4, 22, "tool", "databases", "/t")])
    assert pieces == (
        Piece("use "),
        Piece(
            "",
            "tool",
            "databases",
            "/t",
            (Piece("", "actor", "INTERPOL", "/a", (Piece("INTERPOL"),)), Piece(" databases")),
        ),
        Piece(" now"),
    )


def test_a_mark_that_crosses_another_is_cut_where_the_first_ends() -> None:
    pieces = marked("abcdef", [Mark(0, 4, "one", ""), Mark(2, 6, "two", "")])
    assert [(piece.kind, words([piece])) for piece in pieces] == [("one", "abcd"), ("two", "ef")]
    assert [(piece.kind, words([piece])) for piece in pieces[0].pieces] == [("", "ab"), ("two", "cd")]


def test_a_mark_that_crosses_two_leaves_no_empty_piece_where_both_end() -> None:
    outer, *_ = marked("abcdef", [Mark(0, 4, "one", ""), Mark(1, 4, "two", ""), Mark(2, 6, "three", "")])
    assert [(piece.kind, words([piece])) for piece in outer.pieces] == [("", "a"), ("two", "bcd")]


def test_marks_around_the_same_words_nest() -> None:
    (outer,) = marked("States", [Mark(0, 6, "directive", ""), Mark(0, 6, "actor", "")])
    assert outer.kind == "directive"
    assert outer.pieces[0].kind == "actor"


def test_a_directive_keeps_its_strength_and_where_it_leads() -> None:
    (directive,) = marked(
        "States", [Mark(0, 6, "directive", "should", "/directive/0", 5), Mark(0, 6, "actor", "", "/a")]
    )
    assert (directive.href, directive.force, directive.title) == ("/directive/0", 5, "should")
    assert (directive.pieces[0].href, directive.pieces[0].force) == ("/a", None)


def test_a_mark_outside_the_text_is_left_out() -> None:
    assert marked("abc", [Mark(2, 9, "x", ""), Mark(1, 1, "x", ""), Mark(-1, 2, "x", "")]) == (Piece("abc"),)


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=12))
def test_no_character_is_lost_or_added_whatever_the_marks(text: str, spans: list[tuple[int, int]]) -> None:
    pieces = marked(text, [Mark(start, end, "x", "") for start, end in spans])
    assert words(pieces) == text


def test_an_action_inside_operative_words_has_no_mark_of_its_own_and_one_beside_them_has() -> None:
    operative, inside, beside = (
        Mark(4, 19, "operative", "o"),
        Mark(11, 19, "action", "consider"),
        Mark(20, 30, "action", "b"),
    )
    actor = Mark(4, 8, "actor", "a")
    assert without_doubles([operative, inside, beside, actor]) == [operative, beside, actor]
