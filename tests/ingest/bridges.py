"""An invented document on bridges, adopted at two meetings: its metadata, as values and as a file."""

from __future__ import annotations

from datetime import date

from ingest.document import MeetingReference, Metadata

METADATA = Metadata(
    slug="bridges",
    title="Recommendations on bridges",
    body="Conference on Bridges",
    issued=date(2020, 1, 2),
    distribution="General",
    language="en",
    agenda_symbol="",
    issuer="working-group",
    author="secretariat",
    meetings=(
        MeetingReference("bridges-2012", date(2012, 5, 30), date(2012, 6, 1), "Vienna"),
        MeetingReference("bridges-2013", date(2013, 11, 11), date(2013, 11, 13), "Vienna"),
    ),
    source_file="bridges.md",
    sha256="",
)
TOML = """slug = "bridges"
title = "Recommendations on bridges"
body = "Conference on Bridges"
author = "secretariat"
issuer = "working-group"
issued = 2020-01-02
distribution = "General"
language = "en"
agenda_symbol = ""

[[meetings]]
slug = "bridges-2012"
start = 2012-05-30
end = 2012-06-01
place = "Vienna"

[[meetings]]
slug = "bridges-2013"
start = 2013-11-11
end = 2013-11-13
place = "Geneva"
"""
