"""The runner of everything: nothing is left out in silence."""

from __future__ import annotations

import pytest

from tests.run import needing_linux, steps


def test_what_needs_linux_is_named() -> None:
    files = {name.partition("::")[0] for name in needing_linux()}
    assert files == {"tests/server/sparql/test_isolation.py", "tests/server/sparql/test_service.py"}


@pytest.mark.parametrize(("platform", "left_out"), [("linux", False), ("darwin", True)])
def test_what_needs_linux_is_left_out_elsewhere_and_only_there(platform: str, left_out: bool) -> None:
    chosen = [command[-1] for name, command in steps(False, platform) if name.startswith("tests")]
    assert [words.endswith(" and not linux") for words in chosen] == [left_out] * 3
