"""The order of names with numbers in them, as people count: article 9 before article 10."""

from __future__ import annotations

import re


def natural(words: str) -> tuple[tuple[int, str], ...]:
    """A sort key that counts."""
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", words))
