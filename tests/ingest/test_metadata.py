"""The metadata file: what it must say, and the line that an error names."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingest.document import MeetingReference
from ingest.errors import SourceError
from ingest.metadata import read_metadata
from tests.ingest.bridges import TOML


def written(folder: Path, toml: str) -> Path:
    path = folder / "bridges.toml"
    path.write_text(toml, encoding="utf-8")
    return path


def test_a_whole_file_gives_all_its_values(tmp_path: Path) -> None:
    known = read_metadata(written(tmp_path, TOML))
    assert (known.slug, known.title, known.body) == ("bridges", "Recommendations on bridges", "Conference on Bridges")
    assert (known.author, known.issuer, known.issued) == ("secretariat", "working-group", date(2020, 1, 2))
    assert (known.distribution, known.language, known.agenda_symbol) == ("General", "en", "")
    assert known.source_file == "bridges.md"
    assert known.meetings == (
        MeetingReference("bridges-2012", date(2012, 5, 30), date(2012, 6, 1), "Vienna"),
        MeetingReference("bridges-2013", date(2013, 11, 11), date(2013, 11, 13), "Geneva"),
    )


def test_what_a_document_lacks_need_not_be_said(tmp_path: Path) -> None:
    least = "\n".join(
        line for line in TOML.partition("\n[[")[0].splitlines() if not line.startswith(("body", "auth", "dist", "agen"))
    )
    known = read_metadata(written(tmp_path, least))
    assert (known.body, known.author, known.distribution, known.agenda_symbol, known.kind) == ("", "", "", "", "")
    assert (known.meetings, known.means, known.corrects) == ((), {}, ())


def test_a_document_says_what_it_is_and_what_its_short_names_mean(tmp_path: Path) -> None:
    more = """kind = "report"
symbol = "BRIDGES/2020/1"
publisher = "secretariat"
supersedes = "bridges-2018"
corrects = ["bridges-2019"]
recommendations = ["III", "12-40"]

[means]
"the Protocol" = "bridges-protocol"
"resolution" = "bridges-conference"

[actors]
bridges-conference = "Conference on Bridges"

[["""
    known = read_metadata(written(tmp_path, TOML.replace("[[", more, 1)))
    assert (known.kind, known.symbol, known.publisher) == ("report", "BRIDGES/2020/1", "secretariat")
    assert (known.supersedes, known.corrects) == (("bridges-2018",), ("bridges-2019",))
    assert known.recommendations == ("III", "12-40")
    assert known.means == {"the Protocol": "bridges-protocol", "resolution": "bridges-conference"}
    assert known.actors == {"bridges-conference": "Conference on Bridges"}


def test_two_bodies_may_meet_on_the_same_days(tmp_path: Path) -> None:
    same = TOML.replace(
        "start = 2013-11-11\nend = 2013-11-13", 'start = 2012-05-30\nend = 2012-06-01\nbody = "tunnels"'
    )
    assert [meeting.body for meeting in read_metadata(written(tmp_path, same)).meetings] == ["", "tunnels"]


@pytest.mark.parametrize(
    ("change", "line", "found", "expected"),
    [
        (('title = "Recommendations on bridges"\n', ""), 1, "no key “title”", "the title as the masthead prints it"),
        (("issued = 2020-01-02\n", ""), 1, "no key “issued”", "a date such as 2015-08-25"),
        (("end = 2013-11-13\n", ""), 17, "no key “end”", "a date such as 2012-06-01"),
        (('place = "Geneva"', 'plaice = "Geneva"'), 17, "no key “place”", "the name of a place"),
        (('language = "en"', 'language = "en"\nlanguages = "en"'), 9, "the unknown key “languages”", "one of slug, title"),
        (('title = "Recommendations on bridges"', "title = 7"), 2, "title = 7", "a text"),
        (('body = "Conference on Bridges"', 'body = " "'), 3, "body = ' '", "a text"),
        (("2020-01-02", '"2020-01-02"'), 6, "issued = '2020-01-02'", "without quotation marks"),
        (("2020-01-02", "2020-01-02T10:00:00"), 6, "issued = datetime", "without quotation marks or time"),
        (('"en"', '"English"'), 8, "language = 'English'", "a language code such as en"),
        (('"working-group"', '"Working Group"'), 5, "issuer = 'Working Group'", "the slug of the actor"),
        (('slug = "bridges"', 'slug = "tunnels"'), 1, "slug = 'tunnels'", "the name of the file, bridges"),
        (('"bridges-2013"', '"bridges-2012"'), 18, "the meeting 'bridges-2012' a second time", "another slug"),
        (("2013-11-13", "2013-11-10"), 20, "end = 2013-11-10 before start = 2013-11-11", "an end on or after it"),
        (("start = 2013-11-11\nend = 2013-11-13", "start = 2012-05-30\nend = 2012-06-01"), 19, "the dates of 'bridges-2012' a second time", "other dates"),
        (("issued = 2020-01-02", "issued = 2020-13-02"), 6, "TOML that cannot be read", "line 6"),
        (('place = "Geneva"', 'place = "Geneva'), 21, "TOML that cannot be read", "line 21"),
        ((TOML.partition("[[")[2], ""), 11, "TOML that cannot be read", ""),
        ((TOML[TOML.index("[[") :], 'meetings = "none"\n'), 11, "“meetings” that are no tables", "one or more"),
        (('agenda_symbol = ""', 'kind = "novel"'), 9, "kind = 'novel'", "note, report, resolution, decision"),
        (('agenda_symbol = ""', "corrects = [7]"), 9, "corrects = [7]", "a list of texts"),
        (('agenda_symbol = ""', 'means = { "the Pact" = "The Pact" }'), 9, "'The Pact' in a table", "slugs of instruments"),
        (('agenda_symbol = ""', 'original_sha256 = "12ab"'), 9, "original_sha256 = '12ab'", "the SHA-256 checksum"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_at_its_line(
    tmp_path: Path, change: tuple[str, str], line: int, found: str, expected: str
) -> None:
    old, new = change
    assert TOML.count(old) == 1
    with pytest.raises(SourceError) as caught:
        read_metadata(written(tmp_path, TOML.replace(old, new)))
    error = caught.value
    assert error.line == line
    assert found in error.found
    assert expected in error.expected
    assert error.file == tmp_path / "bridges.toml"


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bridges.toml"
    path.write_bytes(TOML.replace("Geneva", "Genève").encode("latin-1"))
    with pytest.raises(SourceError, match=r"bridges\.toml, line 21: the byte 0xe8"):
        read_metadata(path)
