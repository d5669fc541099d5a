"""`palermo add` at a terminal, a real one of the system: every question, wrong answers, the way back, and stopping."""

from __future__ import annotations

import codecs
import os
import pty
import re
import select
import shlex
import signal
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingest.metadata import read_metadata
from ontology.layout import ROOT
from palermo import app

TEXT = """Committee on Quays

CQ/2022/4

5 May 2022

# Report on quays

Recommendations adopted at its second session, held in Vienna from 2 to 4 May 2022

## I. Introduction

1. The Committee on Quays met in Vienna.

2. It heard of rust12 in harbours.

3. It heard of sand7 as well.

## II. Recommendations adopted at its second session, held in Vienna from 2 to 4 May 2022

4. States should mend the quays.
"""
DEADLINE = 120.0
PATIENCE = 5.0
CTRL_C, CTRL_D = "\x03", "\x04"


class Terminal:
    """A program at a pseudo-terminal: what it shows, and what a person types."""

    def __init__(self, *arguments: str) -> None:
        self.screen = ""
        self._read_to = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        process, self._file = pty.fork()
        if not process:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # ignored in what a shell runs in the background
            os.environ["PYTHONPATH"] = str(ROOT)
            os.execv(sys.executable, [sys.executable, str(ROOT / "palermo.py"), *arguments])
        self._process = process

    def type(self, behind: str, keys: str | bytes) -> None:
        """Waits until the program has shown some words since the last, and types."""
        ends = time.monotonic() + DEADLINE
        while behind not in self.screen[self._read_to :]:
            assert self._read(), self.screen
            assert time.monotonic() < ends, self.screen
        self._read_to = self.screen.index(behind, self._read_to) + len(behind)
        os.write(self._file, keys if isinstance(keys, bytes) else keys.encode())

    def end(self, key: str = "") -> int:
        """The exit status, once the program has ended. The key that was to end it is pressed again where nothing is
        shown: a signal that comes while a line is set up for editing is seen with the next key only."""
        shows = True
        while shows:
            if key and not select.select([self._file], [], [], PATIENCE)[0]:
                os.write(self._file, key.encode())
            shows = self._read()
        status = os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])
        os.close(self._file)
        return status

    def _read(self) -> bool:
        if not select.select([self._file], [], [], DEADLINE)[0]:
            return False
        try:
            shown = os.read(self._file, 1 << 16)
        except OSError:  # how Linux says that the program has closed the terminal
            return False
        words = self._decoder.decode(shown).replace("\r\n", "\n")
        self.screen += re.sub(r"\x1b\[[?0-9;]*[A-Za-z]", "", words)
        return bool(shown)


@pytest.fixture
def folders(tmp_path: Path) -> list[str]:
    (tmp_path / "sources").mkdir()
    (tmp_path / "editorial").mkdir()
    (tmp_path / "quays.md").write_text(TEXT, encoding="utf-8")
    return ["--sources", str(tmp_path / "sources"), "--editorial", str(tmp_path / "editorial")]


def written(tmp_path: Path) -> Iterator[str]:
    yield from (path.name for folder in ("sources", "editorial") for path in sorted((tmp_path / folder).rglob("*")))


def test_every_question_is_answered_wrongly_then_rightly(folders: list[str], tmp_path: Path) -> None:
    (tmp_path / "sources" / "taken.md").write_text("taken", encoding="utf-8")
    add = Terminal("add", str(tmp_path / "quays.md"), *folders)
    add.type("[quays]: ", "Old Quays\n")
    add.type("is not a name in lower-case letters", "taken\n")
    add.type("taken.md is there already", "old-quays\n")
    add.type("[Report on quays]: ", "Report on bridges\n")
    add.type("The title 'Report on bridges' does not stand in the text", "\n")
    add.type("[report]: ", "poem\n")
    add.type("The kind 'poem' is none of note, report", "-\n")
    add.type("[CQ/2022/4]: ", "\n")
    add.type("[committee-on-quays]: ", "\n")  # body
    add.type("[committee-on-quays]: ", "Harbour Office\n")  # publisher, by its name
    add.type("[committee-on-quays]: ", "nobody\n")  # issuer
    add.type("The issuer 'nobody' is not described.", "\n")
    add.type("[]: ", "secretariat\n")  # author
    add.type("[2022-05-05]: ", "5 May\n")
    add.type("The value '5 May' of issued is not a date", "2022-05-06\n")
    add.type("distribution (a word such as General) []: ", b"G\xe9n\xe9ral\n")
    add.type("has signs that are no text", "General\n")
    add.type("[en]: ", "English\n")
    add.type("The value 'English' of language is not a language code", "\n")
    add.type("agenda_symbol", "\n")
    add.type("“the Committee” means", "No Slug\n")
    add.type("is not a name in lower-case letters", "\n")
    add.type("“resolution” means", "-\n")
    add.type("slug of the meeting 2022-05-02 to 2022-05-04 [", "quays-two\n")
    add.type("[Vienna]: ", "Linz\n")
    add.type("label of the meeting", "\n")
    add.type("“rust12” in paragraph 2. Right as it was read?", "perhaps\n")
    add.type("The answer 'perhaps' is not yes, no, all or none.", "yes\n")
    add.type("“sand7” in paragraph 3. Right as it was read?", "\n")
    assert add.end() == 0, add.screen
    known = read_metadata(tmp_path / "sources" / "old-quays.toml")
    assert (known.title, known.kind, known.distribution) == ("Report on quays", "", "General")
    assert known.issued == date(2022, 5, 6)
    assert (known.publisher, known.issuer, known.author) == ("harbour-office", "committee-on-quays", "secretariat")
    assert known.actors["harbour-office"] == "Harbour Office"
    assert known.means == {"the Committee": "committee-on-quays"}
    assert [(one.slug, one.place) for one in known.meetings] == [("quays-two", "Linz")]
    assert known.confirmed == ("glued: “rust12” in paragraph 2",)


def test_a_person_goes_back_and_what_was_answered_is_the_default(folders: list[str], tmp_path: Path) -> None:
    add = Terminal("add", str(tmp_path / "quays.md"), *folders)
    add.type("slug (", "<\n")  # nothing is before the first
    add.type("slug (", "other\n")
    add.type("title (", "<\n")
    add.type("[other]: ", "<\n")
    add.type("[other]: ", "harbour-quays\n")
    for key in ("title (", "kind (", "symbol (", "body (", "publisher (", "issuer (", "author (", "issued ("):
        add.type(key, "\n")
    for key in ("distribution (", "language (", "agenda_symbol (", "“the Committee”", "“resolution”"):
        add.type(key, "\n")
    add.type("slug of the meeting", "-\n")  # a meeting that is none has neither place nor name
    add.type("“rust12” in paragraph 2.", "yes\n")
    add.type("“sand7” in paragraph 3.", "<\n")
    add.type("“rust12” in paragraph 2.", "none\n")
    assert add.end() == 0, add.screen
    known = read_metadata(tmp_path / "sources" / "harbour-quays.toml")
    assert known.meetings == known.confirmed == ()
    assert not (tmp_path / "sources" / "other.toml").exists()


def go_on(stopped: Terminal, *options: str) -> None:
    """Runs the command that a stopped one shows, which asks nothing more."""
    assert "Nothing was written." in stopped.screen
    (command,) = re.findall(r"\n  palermo (add .*)", stopped.screen)
    done = CliRunner().invoke(app, [*shlex.split(command), *options])
    assert done.exit_code == 0, done.output


def test_whoever_stops_writes_nothing_and_goes_on_with_the_command_that_is_shown(
    folders: list[str], tmp_path: Path
) -> None:
    add = Terminal("add", str(tmp_path / "quays.md"), *folders)
    add.type("slug (", "uays-2022\x1b[H\x1b[D\x1b[Dq\n")  # edited with arrow keys
    add.type("title (", "\n")
    add.type("kind (", "-\n")
    add.type("symbol (", CTRL_D)
    assert add.end(CTRL_D) == 1
    assert list(written(tmp_path)) == []
    go_on(add, "--yes")
    known = read_metadata(tmp_path / "sources" / "quays-2022.toml")
    assert (known.kind, known.symbol) == ("", "CQ/2022/4")


def test_whoever_stops_at_a_doubt_goes_on_with_all_that_was_given_and_answered(
    folders: list[str], tmp_path: Path
) -> None:
    given = ["--means", "the Committee=committee-on-quays", "--meeting", "quays-1/2022-05-02/2022-05-04/Vienna"]
    values = dict.fromkeys(("kind", "symbol", "body", "publisher", "author", "distribution", "agenda-symbol"), "")
    values |= {"slug": "quays", "title": "Report on quays", "issued": "2022-05-05", "language": "en"}
    options = [part for key, value in values.items() for part in (f"--{key}", value)]
    add = Terminal("add", str(tmp_path / "quays.md"), *options, "--issuer", "Committee on Quays", *given, *folders)
    add.type("“rust12” in paragraph 2.", CTRL_C)
    assert add.end(CTRL_C) == 1
    assert list(written(tmp_path)) == []
    go_on(add, "--yes")
    known = read_metadata(tmp_path / "sources" / "quays.toml")
    assert known.actors == {"committee-on-quays": "Committee on Quays"}
    assert (known.title, known.kind, known.means) == ("Report on quays", "", {"the Committee": "committee-on-quays"})
    assert [meeting.slug for meeting in known.meetings] == ["quays-1"]
