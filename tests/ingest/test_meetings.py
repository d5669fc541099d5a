"""Dates in headings, in the styles in which United Nations documents print them."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.document import MeetingReference
from ingest.metadata import meeting_of_heading
from ontology.words import period_in_words


def meeting(slug: str, start: date, end: date) -> MeetingReference:
    return MeetingReference(slug, start, end, "Vienna")


MAY = meeting("may", date(2012, 5, 30), date(2012, 6, 1))
NOVEMBER = meeting("november", date(2013, 11, 11), date(2013, 11, 13))
JULY = meeting("july", date(2015, 7, 14), date(2015, 7, 14))
NEW_YEAR = meeting("new-year", date(2015, 12, 28), date(2016, 1, 2))
TWO_DAYS = meeting("two-days", date(2019, 5, 7), date(2019, 5, 8))
ALL = (MAY, NOVEMBER, JULY, NEW_YEAR, TWO_DAYS)


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Adopted at its first meeting, held in Vienna from 30 May to 1 June 2012", MAY),
        ("Adopted at its second meeting, held in Vienna from 11 to 13 November 2013", NOVEMBER),
        ("Second meeting (Vienna, 11-13 November 2013)", NOVEMBER),
        ("Second meeting (Vienna, 11–13 November 2013)", NOVEMBER),
        ("First meeting, 30 May–1 June 2012", MAY),
        ("First meeting, 30 May — 1 June 2012", MAY),
        ("Adopted at its meeting held on 14 July 2015", JULY),
        ("Held from 28 December 2015 to 2 January 2016", NEW_YEAR),
        ("Held on 7 and 8 May 2019", TWO_DAYS),
        ("Held from 7 until 8 May 2019 in Vienna", TWO_DAYS),
        ("Held from\u00a011 to\u00a013\u00a0November 2013", NOVEMBER),
        ("11 to 13 November 2013 and again 11-13 November 2013", NOVEMBER),
        ("Recommendations in the area of prevention", None),
        ("Programme of work for 2013 and 2014", None),
        ("Trends since November 2013", None),
    ],
)
def test_a_heading_gives_the_meeting_of_its_dates(heading: str, expected: MeetingReference | None) -> None:
    assert meeting_of_heading(heading, ALL) == (expected, "")


@pytest.mark.parametrize(
    "heading",
    [
        "Held from 30 May to 1 June 2013",
        "Held from 11 to 12 November 2013",
        "Held on 13 November 2013",
        "Held from 28 December to 2 January 2016",
    ],
)
def test_dates_of_no_declared_meeting_are_odd(heading: str) -> None:
    meeting, odd = meeting_of_heading(heading, ALL)
    assert meeting is None
    assert "are those of no meeting in the metadata" in odd or "impossible date" in odd


def test_a_document_without_meetings_has_none_in_its_headings() -> None:
    assert meeting_of_heading("Held from 11 to 13 November 2013", ()) == (None, "")


def test_the_days_of_a_meeting_are_said_as_a_heading_prints_them() -> None:
    assert period_in_words(NEW_YEAR.start, NEW_YEAR.end) == "28 December 2015 to 2 January 2016"
    assert period_in_words(JULY.start, JULY.end) == "14 July 2015"
