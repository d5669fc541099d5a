"""The cache never holds more than it may and forgets what was used longest ago."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.sparql.cache import BoundedCache


def make(entries: int = 3, size: int = 100) -> BoundedCache[str, bytes]:
    return BoundedCache(entries, size, len)


def test_the_entry_used_longest_ago_goes_first() -> None:
    cache = make()
    for name in "abc":
        cache.put(name, name.encode())
    assert cache.get("a") == b"a"
    cache.put("d", b"d")
    assert cache.get("b") is None
    assert [cache.get(name) for name in "acd"] == [b"a", b"c", b"d"]


def test_a_value_that_fills_more_than_a_quarter_is_not_kept() -> None:
    cache = make()
    cache.put("big", b"x" * 26)
    assert cache.get("big") is None
    cache.put("small", b"x" * 25)
    assert cache.get("small") is not None


def test_a_value_put_again_counts_once() -> None:
    cache = make()
    for _ in range(10):
        cache.put("a", b"x" * 20)
    assert (len(cache), cache.held) == (1, 20)
    cache.clear()
    assert (len(cache), cache.held, cache.get("a")) == (0, 0, None)


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.binary(max_size=40)), max_size=60))
def test_neither_bound_is_ever_passed(puts: list[tuple[str, bytes]]) -> None:
    cache = make(4, 60)
    for name, value in puts:
        cache.put(name, value)
        assert len(cache) <= 4
        assert cache.held <= 60
