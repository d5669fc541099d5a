"""Places: who gets one, who waits, who is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from server.sparql.admission import Admission, Place
from server.sparql.outcomes import ClientBusy, Limits, QueryBusy

pytestmark = pytest.mark.anyio
ALL = "SELECT * { ?s ?p ?o }"
OTHER = "SELECT * { ?x <q> ?y }"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def admission(clock: Clock | None = None, **limits: float) -> Admission:
    usual = {"workers": 2, "slow_places": 1, "waiting": 3, "waiting_seconds": 20.0, "client_queries": 0}
    chosen: dict[str, Any] = {**usual, **limits}
    return Admission(Limits(**chosen), clock or Clock())


def text(number: int) -> str:
    """Queries of one form."""
    return f"SELECT * {{ ?s ?p ?o FILTER(?o > {number}) }}"


async def begun(waiting: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    """The task of a wait that has begun."""
    task = asyncio.create_task(waiting)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return task


async def test_a_query_that_becomes_slow_frees_its_fast_place() -> None:
    places = admission(workers=1)
    runaway = await places.enter(text(1), "a")
    waiting = await begun(places.enter("ASK {}", "a"))
    assert places.waiting == 1
    await places.become_slow(runaway, text(1))
    assert not (await waiting).slow
    assert places.free == (0, 0)


async def test_the_next_slow_query_waits_for_the_slow_place_and_its_fast_place_is_free_meanwhile() -> None:
    places = admission()
    first, second = await places.enter(ALL, "a"), await places.enter(OTHER, "b")
    await places.become_slow(first, ALL)
    waiting = await begun(places.become_slow(second, OTHER))
    assert (places.free, second.held) == ((2, 0), False)
    places.leave(first)
    await waiting
    assert (second.held, second.slow) == (True, True)


async def test_a_slow_query_that_cannot_wait_is_refused_and_has_no_place() -> None:
    places = admission()
    first, second = await places.enter(ALL, "a"), await places.enter(OTHER, "b")
    await places.become_slow(first, ALL)
    with pytest.raises(QueryBusy, match="long queries"):
        await places.become_slow(second, OTHER, patient=False)
    places.leave(second)
    assert places.free == (2, 0)


async def test_copies_of_a_known_runaway_take_no_fast_place_and_only_a_few_wait() -> None:
    places = admission()
    await places.become_slow(await places.enter(text(0), "a"), text(0))
    waiting = [await begun(places.enter(text(number), "a")) for number in range(50)]
    assert places.waiting == 3
    assert sum(task.done() for task in waiting) == 47
    for task in waiting[3:]:
        with pytest.raises(QueryBusy, match="long queries"):
            await task
    assert not (await places.enter("ASK {}", "a")).slow
    for task in waiting[:3]:
        task.cancel()


async def test_those_that_wait_when_their_form_turns_out_slow_wait_for_a_slow_place() -> None:
    places = admission(workers=1)
    runaway = await places.enter(text(0), "a")
    copies = [await begun(places.enter(text(number), "a")) for number in range(1, 9)]
    quick = await begun(places.enter("ASK {}", "a"))
    await places.become_slow(runaway, text(0))
    assert not (await quick).slow
    await asyncio.gather(*copies[3:], return_exceptions=True)  # Only three of one form wait.
    assert places.waiting == 3
    places.leave(runaway)
    assert (await copies[0]).slow
    for task in copies[1:3]:
        task.cancel()


async def test_a_known_form_is_forgiven_when_it_is_quick_and_only_then() -> None:
    places = admission()
    slow = await places.enter(text(1), "a")
    await places.become_slow(slow, text(1))
    places.leave(slow)
    again = await places.enter(text(2), "a")
    assert again.slow
    places.leave(again, quick=True)
    assert not (await places.enter(text(3), "a")).slow


async def test_a_form_is_forgotten_after_a_while() -> None:
    clock = Clock()
    places = admission(clock)
    slow = await places.enter(text(1), "a")
    await places.become_slow(slow, text(1))
    places.leave(slow)
    clock.now = 31.0
    assert not (await places.enter(text(2), "a")).slow


async def test_a_crowd_waits_in_order_and_none_is_refused() -> None:
    places = admission(workers=1)
    place = await places.enter("ASK {}", "a")
    waiting = [await begun(places.enter(text(number), "a")) for number in range(256)]
    for task in waiting:
        assert not task.done()
        places.leave(place)
        place = await task


async def test_the_next_place_goes_to_the_client_that_has_the_fewest() -> None:
    places = admission(workers=3)
    held = [await places.enter("ASK {}", "crowd") for _ in range(3)]
    crowd = [await begun(places.enter(text(number), "crowd")) for number in range(20)]
    lonely = await begun(places.enter("ASK { ?a ?b ?c }", "reader"))
    places.leave(held[0])
    await asyncio.sleep(0)
    assert (await lonely).client == "reader"
    assert not any(task.done() for task in crowd)
    for task in crowd:
        task.cancel()


async def test_who_waits_too_long_is_refused() -> None:
    places = admission(workers=1, waiting_seconds=0.02)
    await places.enter("ASK {}", "a")
    with pytest.raises(QueryBusy, match="More queries came") as refused:
        await places.enter("ASK { ?s ?p ?o }", "a")
    assert dict(refused.value.headers)["Retry-After"] == "1"
    assert places.waiting == 0


async def test_only_so_many_wait_at_all() -> None:
    places = admission(workers=1)
    await places.enter("ASK {}", "a")
    waiting = [await begun(places.enter(text(number), "a")) for number in range(1_000)]
    with pytest.raises(QueryBusy):
        await places.enter(OTHER, "a")
    for task in waiting:
        task.cancel()


async def test_beyond_its_share_a_client_waits_for_its_own_and_others_do_not() -> None:
    places = admission(client_queries=1)
    mine = await places.enter("ASK {}", "me")
    mine_too = await begun(places.enter(ALL, "me"))
    await places.enter("ASK {}", "you")
    assert not mine_too.done()
    places.leave(mine)
    assert (await mine_too).client == "me"


async def test_who_waits_for_its_own_too_long_is_told_that_it_has_its_share() -> None:
    places = admission(client_queries=1, waiting_seconds=0.02)
    await places.enter("ASK {}", "me")
    with pytest.raises(ClientBusy, match="You have 1 queries running") as refused:
        await places.enter(ALL, "me")
    assert dict(refused.value.headers)["Retry-After"] == "1"


async def test_the_runaways_of_one_client_leave_a_slow_place_to_others() -> None:
    places = admission(workers=3, slow_places=2, client_queries=4)
    first, second = await places.enter(ALL, "me"), await places.enter(OTHER, "me")
    await places.become_slow(first, ALL)
    with pytest.raises(ClientBusy, match="long query running"):
        await places.become_slow(second, OTHER, patient=False)
    assert (await places.enter(ALL, "you")).slow


async def test_the_second_long_query_of_a_client_waits_for_its_first() -> None:
    places = admission(workers=3, slow_places=2, client_queries=4)
    first, second = await places.enter(ALL, "me"), await places.enter(OTHER, "me")
    await places.become_slow(first, ALL)
    waiting = await begun(places.become_slow(second, OTHER))
    assert not waiting.done()
    places.leave(first)
    await waiting
    assert second.held


async def test_a_query_that_has_run_already_goes_on_before_one_that_waits_for_longer() -> None:
    places = admission()
    first, second = await places.enter(ALL, "a"), await places.enter(OTHER, "b")
    await places.become_slow(first, ALL)
    fresh = await begun(places.enter(ALL, "c"))
    begun_before = await begun(places.become_slow(second, OTHER))
    places.leave(first)
    await begun_before
    assert (second.held, fresh.done()) == (True, False)
    fresh.cancel()


async def test_without_a_limit_one_client_may_have_all_slow_places() -> None:
    places = admission(slow_places=2)
    for query in (ALL, OTHER):
        await places.become_slow(await places.enter(query, "me"), query, patient=False)
    assert places.free == (2, 0)


@pytest.mark.parametrize("given", [False, True])
async def test_who_stops_waiting_leaves_nothing_behind(given: bool) -> None:
    places = admission(workers=1)
    held: Place = await places.enter("ASK {}", "a")
    waiting = await begun(places.enter(ALL, "a"))
    if given:
        places.leave(held)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    places.leave(held)
    assert (places.waiting, places.free) == (0, (1, 1))


async def test_no_more_queries_wait_for_a_slow_place_half_way_than_run_at_once() -> None:
    """Each of them keeps its process, and the memory that it has, while it waits."""
    places = admission(slow_places=1)
    await places.become_slow(await places.enter(ALL, "a"), ALL, remember=False)
    waiting = [await begun(places.become_slow(await places.enter(OTHER, name), OTHER, remember=False)) for name in "bc"]
    refused = await begun(places.become_slow(await places.enter(OTHER, "d"), OTHER, remember=False))
    assert (refused.done(), [each.done() for each in waiting]) == (True, [False, False])
    with pytest.raises(QueryBusy, match="long queries"):
        await refused
    for each in waiting:
        each.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert places.free == (2, 0)
