"""Many cases in one test: a failure names the one in which it happened."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator


@contextlib.contextmanager
def case(*names: object) -> Iterator[None]:
    """Adds the names of a case to whatever fails in it."""
    try:
        yield
    except Exception as failure:
        failure.add_note(f"in the case: {', '.join(map(str, names))}")
        raise
