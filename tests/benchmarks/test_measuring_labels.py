"""Labels of anybody measure the rules: what a label says and the rules do not find is missed, the other is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.accuracy import measure
from ingest.accuracy import Score

LABELS = [
    {
        "id": "a1",
        "text": "States should apply article 6 of the Protocol, and article 6 should be known.",
        "means": {"the Protocol": "smuggling-protocol"},
        "directives": ["should", "should#2"],
        "citations": {"article 6": "smuggling-protocol/article/6", "article 6#2": "smuggling-protocol/article/6"},
        "instruments": {"Protocol": "smuggling-protocol"},
    },
    # what nothing finds, and what the label leaves out
    {"id": "a2", "text": "States should ratify UNCAC.", "directives": ["ratify"], "instruments": {"UNCAC": "uncac"}},
]


def measured(folder: Path, *labels: object, is_strict: bool = False) -> dict[str, Score]:
    (folder / "labels.jsonl").write_text("\n".join(map(json.dumps, labels)), encoding="utf-8")
    return {score.kind: score for score in measure(folder / "labels.jsonl", is_strict)}


def test_labels_are_compared_by_place_and_thing(tmp_path: Path) -> None:
    scores = measured(tmp_path, *LABELS)
    assert {kind: (score.expected, score.found, score.missed, score.wrong) for kind, score in scores.items()} == {
        "directives": (3, 3, ("a2@14",), ("a2@7",)),
        "citations": (2, 2, (), ()),
        "mentions of instruments": (2, 2, (), ()),
    }


OPEN = {
    "id": "a3",
    "text": "The Protocol and the Convention bind. States should act; ports need to help.",
    "means": {"the Protocol": "smuggling-protocol"},
    "directives": ["should"],
    "either": {"directives": ["need to"], "instruments": {"Protocol": ["firearms-protocol", "smuggling-protocol"]}},
}


@pytest.mark.parametrize(("is_strict", "wrong"), [(False, ()), (True, ("a3@4 smuggling-protocol",))])
def test_what_a_label_leaves_open_is_neither_right_nor_wrong(
    tmp_path: Path, is_strict: bool, wrong: tuple[str, ...]
) -> None:
    scores = measured(tmp_path, OPEN, is_strict=is_strict)
    assert (scores["directives"].expected, scores["directives"].missed) == (1, ())
    assert (scores["mentions of instruments"].missed, scores["mentions of instruments"].wrong) == ((), wrong)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Also strongly urges States to act;", "Also strongly urges"),
        ("Also strongly urges States to act;", "urges"),
        ("To ratify the Convention (Norway);", "To ratify"),
        ("Apply the Convention (Norway);", "Apply"),
    ],
)
def test_a_directive_is_labelled_with_its_adverbs_or_without(tmp_path: Path, text: str, words: str) -> None:
    score = measured(tmp_path, {"id": "a4", "text": text, "directives": [words]})["directives"]
    assert (score.missed, score.wrong) == ((), ())
