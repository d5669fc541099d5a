"""The runner of everything: nothing is left out in silence, and a fault that comes and goes is a fault."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest

from tests.run import ROOT, Part, needing_linux, parts_of, run_all


def test_what_needs_linux_is_named() -> None:
    files = {name.partition("::")[0] for name in needing_linux()}
    assert "tests/server/sparql/test_isolation.py" in files


@pytest.mark.parametrize(("platform", "left_out"), [("linux", False), ("darwin", True)])
def test_what_needs_linux_is_left_out_elsewhere_and_only_there(platform: str, left_out: bool) -> None:
    chosen = [part.command[-1] for part in parts_of(False, platform) if part.name.startswith("tests")]
    assert [words.endswith(" and not linux") for words in chosen] == [left_out] * 2


def test_only_tests_marked_timing_are_tried_twice() -> None:
    twice = {part.command[part.command.index("-m", 3) + 1] for part in parts_of(True, "linux") if part.judges_time}
    assert twice == {"timing"}


NOW_AND_THEN = """from pathlib import Path


def test_it():
    tried = Path(__file__).with_suffix(".tried")
    before = tried.exists()
    tried.touch()
    assert before


if __name__ == "__main__":
    test_it()
"""


def test_a_test_that_passes_the_second_time_is_green_only_if_it_judges_time(tmp_path: Path) -> None:
    for name in ("test_time.py", "other.py"):
        (tmp_path / name).write_text(NOW_AND_THEN)
    parts = [
        Part("time", [sys.executable, "-m", "pytest", "-q", str(tmp_path)], judges_time=True),
        Part("other", [sys.executable, str(tmp_path / "other.py")]),
    ]
    assert run_all(parts) == (["other"], ["time"])


def test_a_timing_test_that_fails_twice_stays_red_and_the_parts_after_it_run(tmp_path: Path) -> None:
    never = Part("never", [sys.executable, "-c", "raise SystemExit(1)"], judges_time=True)
    beside = Part("beside", [sys.executable, "-c", "raise SystemExit(1)"], beside=True)
    after = Part("after", [sys.executable, "-c", f"open({str(tmp_path / 'after')!r}, 'w').close()"])
    failed, again = run_all([beside, never, after])
    assert (sorted(failed), again) == (["beside", "never"], ["never"])
    assert (tmp_path / "after").exists()


@pytest.mark.parametrize(("lock", "group"), [("requirements.lock", ""), ("requirements-dev.lock", "dev")])
def test_every_dependency_is_pinned_so_that_a_clean_clone_can_start(lock: str, group: str) -> None:
    known = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {re.split(r"[><=\[; ]", name)[0] for name in known["project"]["dependencies"]}
    wanted |= {re.split(r"[><=\[; ]", name)[0] for name in known["dependency-groups"][group]} if group else set()
    pinned = set(re.findall(r"^([\w.-]+)(?:\[.*?\])?==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
    assert {name.lower() for name in wanted} - pinned == set()
