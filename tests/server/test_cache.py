"""The cache: least recently used first out, and no value that would evict all that is small."""

from __future__ import annotations

from server.cache import Cache


def test_the_value_that_was_used_longest_ago_is_evicted() -> None:
    cache = Cache[str, int](2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") == 1
    cache.put("c", 3)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (1, None, 3)


def test_sizes_add_up_to_the_limit_and_a_value_of_more_than_a_quarter_is_not_stored() -> None:
    cache = Cache[str, bytes](100, lambda _, value: len(value))
    cache.put("too large", b"x" * 26)
    assert (len(cache), cache.held) == (0, 0)
    for name in "abcde":
        cache.put(name, b"x" * 25)
    assert cache.get("a") is None
    assert (len(cache), cache.held) == (4, 100)
    cache.put("b", b"x")
    assert cache.held == 76
