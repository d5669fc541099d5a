"""The generator of documents: the same seed writes the same bytes, and reading gives what was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.generator import generate, write_corpus
from ingest.reading import read_document


def test_the_same_seed_writes_the_same_documents_and_another_seed_others(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_corpus(tmp_path / name, 3, seed=4, size=10)
    files = [path.relative_to(tmp_path / "one") for path in sorted((tmp_path / "one").rglob("*")) if path.is_file()]
    assert all((tmp_path / "one" / path).read_bytes() == (tmp_path / "two" / path).read_bytes() for path in files)
    assert generate(4, 1).source != generate(5, 1).source


def test_a_document_does_not_depend_on_how_many_there_are() -> None:
    assert generate(1, 7, 20) == generate(1, 7, 20)
    assert len({generate(1, position, 20).source for position in range(1, 20)}) == 19


def test_documents_vary_in_meetings_numbering_and_headings() -> None:
    made = [generate(2, position, 20) for position in range(1, 40)]
    assert {len(each.meetings) for each in made} == {1, 2, 3, 5}
    assert len({each.recommendations[0][0] for each in made}) > 1, "Recommendations begin at different numbers."
    lettered = ["A. Recommendations" in each.source for each in made]
    assert {True, False} == set(lettered)
    assert any("\n---\n\n" in each.source.partition("Introduction")[2] for each in made), "Page breaks in sentences."


@pytest.mark.parametrize("position", [1, 2, 3, 4, 5, 6])
def test_reading_gives_the_recommendations_that_were_written(position: int, tmp_path: Path) -> None:
    write_corpus(tmp_path, 1, size=30, first=position)
    made = generate(1, position, 30)
    document = read_document(tmp_path / "sources" / f"{made.slug}.toml")
    read = {one.number: (one.meeting, one.text) for one in document.paragraphs if one.is_recommendation}
    assert read == {number: (meeting.slug, one.text) for number, meeting, one in made.recommendations}
    assert {one.number: [item.text for item in one.items] for one in document.paragraphs if one.items} == {
        number: list(one.items) for number, _, one in made.recommendations if one.items
    }
