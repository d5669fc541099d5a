"""Broken sources: each is refused with the line and with what was expected, in a sentence and at once."""

from __future__ import annotations

import contextlib
import random
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.errors import BuildError, SourceError
from ingest.reading import parse, read_document
from ingest.source import LARGEST_SOURCE
from tests.ingest.bridges import METADATA, TOML

TEXT = """# Recommendations on bridges

## I. Introduction

1. Bridges are long.
2. Some are old.

## II. Repair

### A. Adopted at the first meeting, from 30 May to 1 June 2012

3. States should repair bridges.
4. States should use the following:

(a) Stone;

(b) Steel.

### B. Adopted at the second meeting, from 11 to 13 November 2013

5. States should count bridges.
6. States should paint bridges.
"""


def error_of(text: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        parse(text, METADATA)
    return caught.value


def written(folder: Path, source: bytes = TEXT.encode(), toml: str = TOML) -> Path:
    (folder / "bridges.md").write_bytes(source)
    (folder / "bridges.toml").write_text(toml, encoding="utf-8")
    return folder / "bridges.toml"


def test_the_text_that_the_cases_break_is_whole_before() -> None:
    assert len(parse(TEXT, METADATA).paragraphs) == 6


@pytest.mark.parametrize(
    ("old", "new", "doubts"),
    [
        ("(b) Steel.", "(b)", [(17, "empty: 4 (b) without words")]),
        ("1. Bridges are long.", "1.", [(5, "empty: 1 without words")]),
        ("5. States", "6. States", [(21, "gap: paragraph 5 before paragraph 6"), (22, "number: 6 inside paragraph 6, read as its words")]),
        ("6. States should paint", "7. States should paint", [(22, "gap: paragraph 6 before paragraph 7")]),
        ("2. Some", "1. Some", [(6, "number: 1 inside paragraph 1, read as its words"), (12, "gap: paragraph 2 before paragraph 3")]),
        ("6. States should paint", "3. States should paint", [(22, "number: 3 inside paragraph 5, read as its words")]),
        ("1. Bridges", "0. Bridges", [(5, "outside: “0. Bridges are long.”"), (6, "begin: the first paragraph has the number 2")]),
        ("5. States", "05. States", [(21, "outside: “05. States should count bridges.”"), (22, "gap: paragraph 5 before paragraph 6")]),
        ("5. States should", "States should", [(21, "outside: “States should count bridges.”"), (22, "gap: paragraph 5 before paragraph 6")]),
        ("## II.", "## III.", [(8, "gap: section II is missing before “Repair”")]),
        ("## II.", "## IIII.", [(8, "empty: nothing stands below the heading “IIII. Repair”"), (8, "heading: “IIII. Repair” is out of order")]),
        ("## II. Repair", "III. Repair", [(8, "gap: section II is missing before “Repair”")]),
        ("### A.", "### B.", [(10, "gap: part A is missing before “Adopted at the first meeting, from 30 May to 1 June 2012”"), (19, "heading: “B. Adopted at the second meeting, from 11 to 13 November 20…” is out of order")]),
        ("### B.", "**A.**", [(19, "heading: “A. Adopted at the second meeting, from 11 to 13 November 20…” is out of order")]),
        ("(b) Steel", "(c) Steel", [(17, "item: (c) in paragraph 4, where (b) or (i) would come next")]),
        ("30 May to 1 June 2012", "31 May to 1 June 2012", [
            (1, "meeting: no recommendation of the meeting bridges-2012 (30 May to 1 June 2012): no heading with its dates"),
            (10, "dates: the dates “31 May to 1 June 2012” in a heading are those of no meeting in the metadata"),
        ]),
        ("November 2013", "November 2013, and from 30 May to 1 June 2012", [(19, "dates: the dates of two meetings in one heading")]),
        ("## II. Repair\n", "## II. Repair\n\n## III. Painting\n", [(8, "empty: nothing stands below the heading “Repair”")]),
        ("Some are old.", "Some are old;3 they creak.", [(6, "glued: “old;3” in paragraph 2")]),
        ("Some are old.", "Some are old. " + "They creak. " * 200, [(6, "long: paragraph 2 has 2,413 characters, half of the paragraphs 28")]),
    ],
)  # fmt: skip
def test_what_may_be_meant_in_two_ways_is_read_in_one_and_listed_by_line(
    old: str, new: str, doubts: list[tuple[int, str]]
) -> None:
    document = parse(TEXT.replace(old, new), METADATA)
    assert [(doubt.line, doubt.name) for doubt in document.doubts] == doubts
    assert document.open_doubts == document.doubts
    answered = replace(METADATA, confirmed=tuple(name for _, name in doubts))
    assert parse(TEXT.replace(old, new), answered).open_doubts == ()


def test_an_error_is_one_sentence_with_file_line_found_and_expected() -> None:
    error = error_of(TEXT.replace("## II. Repair", "## II."))
    assert str(error) == "bridges.md, line 8: the heading “II.”; expected: words behind its number."
    assert isinstance(error, BuildError)


@pytest.mark.parametrize(
    ("text", "line", "found", "expected"),
    [
        (TEXT.replace("## II. Repair", "## II."), 8, "the heading “II.”", "words behind its number"),
        (TEXT.replace("on bridges\n", "on tunnels\n"), 3, "a masthead without the title “Recommendations on bridges”", "above the first section"),
        ("", 1, "an empty file", "a masthead"),
        (" \n\t\r\n\ufeff", 1, "an empty file", "paragraphs from 1 on"),
        ("# Recommendations on bridges\n", 1, "the end of the file without a section or a numbered paragraph", "I. …"),
        ("---\n", 1, "the end of the file without a section", "I. …"),
        (TEXT.partition("1. Bridges")[0], 3, "the end of the file without a numbered paragraph", "paragraph 1"),
        ("\n".join(line for line in TEXT.splitlines() if line.startswith("#")), 5, "without a numbered paragraph", "paragraph 1"),
        (TEXT.replace("old.", "o\x00d."), 6, "the character U+0000 at position 84", "without control"),
        (TEXT.replace("old.", "\ufffdld."), 6, "the character U+FFFD", "replacement characters"),
    ],
)  # fmt: skip
def test_a_text_that_is_no_document_is_refused(text: str, line: int | None, found: str, expected: str) -> None:
    error = error_of(text)
    assert error.line == line
    assert found in error.found
    assert expected in error.expected


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        ("bridges.toml", r"bridges\.toml: no such file; expected: a file named bridges\.toml"),
        ("bridges.md", r"bridges\.md: no such file"),
    ],
)
def test_a_document_without_its_text_or_its_metadata_is_refused(gone: str, words: str, tmp_path: Path) -> None:
    toml = written(tmp_path)
    (tmp_path / gone).unlink()
    with pytest.raises(SourceError, match=words):
        read_document(toml)


@pytest.mark.parametrize(
    ("source", "line", "found"),
    [
        (TEXT.replace("old.", "vieux, vétustes.").encode("latin-1"), 6, "the byte 0xe9 at byte position 91"),
        (TEXT.encode("utf-16"), 1, "the byte 0xff at byte position 0"),
        (TEXT.encode("utf-16-le"), 1, "the character U+0000 at position 1"),
        (TEXT.encode("cp1252").replace(b"Steel", b"Steel \x96 new"), 17, "the byte 0x96"),
        (b"\x89PNG\r\n\x1a\n", 1, "the byte 0x89 at byte position 0"),
    ],
)
def test_another_encoding_is_refused_with_line_and_byte(tmp_path: Path, source: bytes, line: int, found: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_document(written(tmp_path, source))
    assert caught.value.line == line
    assert found in caught.value.found
    assert caught.value.file == tmp_path / "bridges.md"


def test_fifty_megabytes_of_noise_are_refused_before_they_are_read(tmp_path: Path) -> None:
    toml = written(tmp_path)
    with (tmp_path / "bridges.md").open("wb") as file:
        file.truncate(50_000_000)
    tracemalloc.start()
    with pytest.raises(SourceError, match=r"a file of 50,000,000 bytes; expected: at most 1,048,576 bytes"):
        read_document(toml)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


NOISES = {
    "words": "noise and more noise\n",
    "numbers": "5. 6. 7. ",
    "stars": "*a _b ",
    "closed stars": "**x** ",
    "escapes": "\\*",
    "nested stars": "*a **b ",
    "headings": "# x\n",
    "rules": "-\n",
    "notes": "\n\n1/ x\n",
    "items": "(h) x;\n(i) x;\n",
}


@pytest.mark.parametrize("noise", NOISES.values(), ids=NOISES)
def test_noise_takes_time_in_proportion_to_its_length(noise: str) -> None:
    def seconds(length: int) -> float:
        text = TEXT + "\n" + noise * (length // len(noise))
        started = time.process_time()
        with contextlib.suppress(SourceError):
            parse(text, METADATA)
        return time.process_time() - started

    seconds(1000)
    short, long = (min(seconds(length) for _ in range(2)) for length in (4_000, 32_000))
    assert long < 8 * 3 * short + 0.05


def test_random_bytes_below_the_limit_are_refused_at_once(tmp_path: Path) -> None:
    toml = written(tmp_path, random.Random(7).randbytes(LARGEST_SOURCE))
    with pytest.raises(SourceError, match="which is not UTF-8"):
        read_document(toml)
