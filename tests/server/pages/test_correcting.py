"""A reader gets the row of a judgement ready to send, by mail, as an issue or as a file, as the operator chose."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from pydantic import ValidationError

from server.pages.judged import correction_link
from server.pages.values import Link
from server.settings import Settings

HEADER = "recommendation,theme,reason,confidence,agent,review_status"
ROW = '24,detention,"It is named, & more.",high,palermo-editors,unreviewed'


def link(to: str) -> Link:
    made = correction_link(to, "Why 24", "ingest/editorial/x/themes.csv", HEADER, ROW, "https://palermo.example/id/x")
    assert made is not None
    return made


def test_a_mail_is_filled_in_with_the_row() -> None:
    parts = urlsplit(link("law@palermo.example").href)
    assert (parts.scheme, parts.path) == ("mailto", "law@palermo.example")
    fields = parse_qs(parts.query)
    assert fields["subject"] == ["Correction: Why 24"]
    assert fields["body"][0].startswith(f"ingest/editorial/x/themes.csv\r\n\r\n{HEADER}\r\n{ROW}\r\n")
    assert "https://palermo.example/id/x" in fields["body"][0]


def test_an_issue_is_filled_in_with_the_row() -> None:
    parts = urlsplit(link("https://code.example/new?title={title}&body={body}").href)
    fields = parse_qs(parts.query)
    assert (parts.netloc, fields["title"]) == ("code.example", ["Correction: Why 24"])
    assert ROW in fields["body"][0]


def test_a_file_holds_the_header_and_the_row() -> None:
    made = link("download")
    assert made.note == "themes.csv"
    assert unquote(made.href.partition(",")[2]) == f"{HEADER}\n{ROW}\n"


def test_without_the_setting_there_is_no_link() -> None:
    assert correction_link("", "Why 24", "t.csv", HEADER, ROW, "") is None


@pytest.mark.parametrize(
    "value", ["code.example", "https://code.example/new", "two@places@example", "law@x.example?cc=a"]
)
def test_a_setting_that_takes_no_row_is_refused_at_the_start(value: str) -> None:
    with pytest.raises(ValidationError, match="Corrections go to"):
        Settings(corrections=value)
