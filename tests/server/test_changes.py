"""What changed between two versions: expected values follow from the two texts, which stand here."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ontology.differences import Way, statement_changes
from server.pages.changes import TextPart, paragraph_changes, word_changes


def _parts(*texts: str) -> list[TextPart]:
    return [TextPart(f"paragraph/{number}", f"Paragraph {number}", text) for number, text in enumerate(texts, 1)]


def _close(words: Iterable[str]) -> str:
    return "".join("".join(words).split())


def test_words_that_only_one_version_has_are_marked() -> None:
    words = word_changes("States should train guards.", "States parties should train border guards.")
    assert [(str(one.way), one.text) for one in words] == [
        ("same", "States "),
        ("added", "parties "),
        ("same", "should train "),
        ("added", "border "),
        ("same", "guards."),
    ]


def test_a_phrase_that_was_replaced_is_marked_as_one() -> None:
    words = word_changes("States may wish to act.", "States are strongly urged to act.")
    assert [(str(one.way), one.text) for one in words] == [
        ("same", "States "),
        ("removed", "may wish "),
        ("added", "are strongly urged "),
        ("same", "to act."),
    ]


def test_the_marked_words_give_both_texts_back_but_for_spaces() -> None:
    before, after = "a b, c d (e) f", "a x, c  d e f g."
    words = word_changes(before, after)
    assert _close(one.text for one in words if one.way is not Way.ADDED) == _close(before)
    assert _close(one.text for one in words if one.way is not Way.REMOVED) == _close(after)


def test_a_paragraph_put_before_another_renumbers_it_and_changes_nothing() -> None:
    first = "States parties should strengthen the security of travel documents."
    second = "States parties should cooperate at sea."
    changes = paragraph_changes(_parts(first, second), _parts(first, "Observers may attend every session.", second))
    assert [(str(one.way), one.after.key if one.after else "") for one in changes] == [
        ("same", "paragraph/1"),
        ("added", "paragraph/2"),
        ("renumbered", "paragraph/3"),
    ]
    assert changes[2].before == TextPart("paragraph/2", "Paragraph 2", second)


def test_a_paragraph_that_is_gone_and_one_of_other_words_are_told_apart() -> None:
    kept = "States parties should protect witnesses and victims of the crime."
    before = _parts("The meeting was opened by its Chair.", kept)
    after = [TextPart("paragraph/2", "Paragraph 2", kept.replace("protect", "fully protect"))]
    changes = paragraph_changes(before, after)
    assert [str(one.way) for one in changes] == ["removed", "changed"]
    assert ("added", "fully ") in [(str(one.way), one.text) for one in changes[1].words]


def test_the_same_number_with_wholly_other_words_is_one_change() -> None:
    (change,) = paragraph_changes(_parts("Alpha beta gamma."), _parts("Nothing of the kind here"))
    assert (change.way, change.before and change.before.key) == (Way.CHANGED, "paragraph/1")


def test_statements_of_one_graph_only_are_listed_in_their_order(tmp_path: Path) -> None:
    before, after = tmp_path / "before.nq", tmp_path / "after.nq"
    before.write_text("<a> .\n<b> .\n<d> .\n", encoding="utf-8")
    after.write_text("<b> .\n<c> .\n<e> .\n", encoding="utf-8")
    assert list(statement_changes(before, after)) == [
        (Way.REMOVED, "<a> .\n"),
        (Way.ADDED, "<c> .\n"),
        (Way.REMOVED, "<d> .\n"),
        (Way.ADDED, "<e> .\n"),
    ]
