"""Natural sort order of names with numbers: article 9 before article 10."""

from __future__ import annotations

import re


def natural(words: str) -> tuple[tuple[int, str], ...]:
    """Returns a sort key that compares digits as numbers."""
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", words))
