"""Places: who gets one, who waits, who is refused."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from server.sparql.lanes import Lanes, Place
from server.sparql.limits import Limits
from server.sparql.outcomes import ClientBusy, QueryBusy

pytestmark = pytest.mark.timing

pytestmark = pytest.mark.anyio


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def lanes(clock: Clock | None = None, **limits: float) -> Lanes:
    usual = {"workers": 2, "slow_places": 1, "waiting": 3, "waiting_seconds": 2.0, "client_queries": 0}
    chosen: dict[str, Any] = {**usual, **limits}
    return Lanes(Limits(**chosen), clock or Clock())


def text(number: int, form: str = "?s ?p ?o") -> str:
    return f"SELECT * {{ {form} FILTER(?o > {number}) }}"


async def test_a_query_that_becomes_slow_frees_its_fast_place() -> None:
    places = lanes(workers=1)
    runaway = await places.enter(text(1), "a")
    waiting = asyncio.create_task(places.enter("ASK {}", "a"))
    await asyncio.sleep(0)
    assert places.waiting == 1
    assert places.become_slow(runaway) is None
    assert not (await waiting).slow


async def test_when_the_slow_lane_is_full_the_next_slow_query_has_to_end() -> None:
    places = lanes()
    first, second = await places.enter(text(1), "a"), await places.enter("SELECT * { ?x <q> ?y }", "a")
    assert places.become_slow(first) is None
    assert isinstance(places.become_slow(second), QueryBusy)
    assert not second.slow


async def test_copies_of_a_known_runaway_are_refused_at_once_and_take_no_fast_place() -> None:
    places = lanes()
    assert places.become_slow(await places.enter(text(1), "a")) is None
    for number in range(50):
        with pytest.raises(QueryBusy, match="long queries"):
            await places.enter(text(number), "a")
    assert not (await places.enter("ASK {}", "a")).slow
    assert not (await places.enter("SELECT ?x { ?x <p> <q> }", "a")).slow


async def test_a_known_form_goes_to_the_slow_lane_when_it_has_room_and_is_forgiven_when_it_is_quick() -> None:
    places = lanes()
    slow = await places.enter(text(1), "a")
    places.become_slow(slow)
    places.leave(slow, 3.0)
    again = await places.enter(text(2), "a")
    assert again.slow
    places.leave(again, 0.01)
    assert not (await places.enter(text(3), "a")).slow


async def test_a_form_is_forgotten_after_a_while() -> None:
    clock = Clock()
    places = lanes(clock)
    slow = await places.enter(text(1), "a")
    places.become_slow(slow)
    places.leave(slow, 3.0)
    clock.now = 31.0
    assert not (await places.enter(text(2), "a")).slow


async def crowded() -> tuple[Lanes, Place]:
    """Lanes whose one fast place was held for long, again and again, and is held now."""
    places = lanes(workers=1)
    for number in range(60):
        places.leave(await places.enter(f"ASK {{ <a{number}> ?p ?o }}", "a"), 0.9)
    return places, await places.enter("ASK {}", "a")


async def test_a_crowded_queue_refuses_the_commonest_form_and_serves_the_rarest() -> None:
    places, held = await crowded()
    flood = [asyncio.create_task(places.enter(text(number), "a")) for number in range(3)]
    await asyncio.sleep(0)
    rare = asyncio.create_task(places.enter("SELECT ?x { ?x <p> 'rare' }", "a"))
    await asyncio.sleep(0)
    with pytest.raises(QueryBusy):
        await flood[0]
    flood.append(asyncio.create_task(places.enter(text(9), "a")))
    await asyncio.sleep(0)
    assert not rare.done()
    places.leave(held, 0.9)
    places.leave(await rare, 0.9)
    assert (await flood[-1]).text == text(9)
    for task in flood[1:-1]:
        task.cancel()


async def test_a_queue_that_moves_quickly_is_served_in_order_and_may_be_long() -> None:
    places = lanes(workers=1)
    place = await places.enter("ASK {}", "a")
    waiting = [asyncio.create_task(places.enter(text(number), "a")) for number in range(100)]
    await asyncio.sleep(0)
    for number in range(100):
        places.leave(place, 0.001)
        place = await waiting[number]
        assert place.text == text(number)


async def test_who_waits_too_long_is_refused() -> None:
    places = lanes(workers=1, waiting_seconds=0.02)
    await places.enter("ASK {}", "a")
    with pytest.raises(QueryBusy) as refused:
        await places.enter("ASK { ?s ?p ?o }", "a")
    assert dict(refused.value.headers)["Retry-After"] == "1"
    assert places.waiting == 0


async def test_quick_queries_of_a_crowd_all_wait_and_none_is_refused() -> None:
    """256 at once in places held for four milliseconds: the last has its place after a quarter of a second."""
    places = lanes(workers=4)
    for _ in range(50):
        places.leave(await places.enter("ASK {}", "a"), 0.004)
    held = [await places.enter("ASK {}", "a") for _ in range(4)]
    waiting = [asyncio.create_task(places.enter(text(number), "a")) for number in range(252)]
    await asyncio.sleep(0)
    assert places.waiting == 252
    for task in waiting:
        places.leave(held.pop(0), 0.004)
        held.append(await task)


async def test_more_wait_the_sooner_places_come_free() -> None:
    """With two seconds to wait, of which three quarters count, four places of 30 ms serve 200 in time, and no more."""
    places = lanes(workers=4, waiting=8)
    for _ in range(100):
        places.leave(await places.enter("ASK {}", "a"), 0.03)
    for _ in range(4):
        await places.enter("ASK {}", "a")
    waiting = [asyncio.create_task(places.enter(text(number), "a")) for number in range(250)]
    await asyncio.sleep(0)
    assert 195 <= places.waiting <= 205
    await asyncio.sleep(0)
    for task in waiting:
        task.cancel()
    refused = await asyncio.gather(*waiting, return_exceptions=True)
    assert 45 <= sum(isinstance(outcome, QueryBusy) for outcome in refused) <= 55


async def test_before_the_crowd_is_refused_what_is_rare_comes_first_in_it() -> None:
    places = lanes(workers=1, waiting=10)
    for _ in range(50):
        places.leave(await places.enter("ASK {}", "a"), 0.1)
    held = await places.enter("ASK {}", "a")
    common = [asyncio.create_task(places.enter(text(number), "a")) for number in range(6)]
    rare = asyncio.create_task(places.enter("SELECT ?x { ?x <p> 'rare' }", "a"))
    await asyncio.sleep(0)
    places.leave(held, 0.1)
    places.leave(await rare, 0.1)
    assert (await common[0]).text == text(0)
    for task in common[1:]:
        task.cancel()


async def test_beyond_its_share_a_client_waits_for_its_own_and_others_do_not() -> None:
    places = lanes(client_queries=1)
    mine = await places.enter("ASK {}", "me")
    mine_too = asyncio.create_task(places.enter("ASK { ?s ?p ?o }", "me"))
    await asyncio.sleep(0)
    await places.enter("ASK {}", "you")
    assert not mine_too.done()
    places.leave(mine, 0.0)
    assert (await mine_too).client == "me"


async def test_who_waits_for_its_own_too_long_is_told_that_it_has_its_share() -> None:
    places = lanes(client_queries=1, waiting_seconds=0.02)
    await places.enter("ASK {}", "me")
    with pytest.raises(ClientBusy, match="You have 1 queries running") as refused:
        await places.enter("ASK { ?s ?p ?o }", "me")
    assert dict(refused.value.headers)["Retry-After"] == "1"


async def test_a_client_whose_share_has_run_long_is_refused_at_once() -> None:
    places = lanes(client_queries=1)
    mine = await places.enter(text(1), "me")
    waiting = asyncio.create_task(places.enter("ASK { ?s ?p ?o }", "me"))
    await asyncio.sleep(0)
    assert places.become_slow(mine) is None
    with pytest.raises(ClientBusy):
        await waiting
    with pytest.raises(ClientBusy):
        await places.enter("ASK {}", "me")
    assert not (await places.enter("ASK {}", "you")).slow


async def test_the_runaways_of_one_client_leave_a_slow_place_to_others() -> None:
    places = lanes(workers=3, slow_places=2, client_queries=4)
    other = "SELECT * { ?x <q> ?y }"
    first, second = await places.enter(text(1), "me"), await places.enter(other, "me")
    assert places.become_slow(first) is None
    refusal = places.become_slow(second)
    assert isinstance(refusal, ClientBusy)
    assert "long query running" in refusal.detail
    with pytest.raises(ClientBusy, match="long query running"):
        await places.enter(text(2), "me")
    assert (await places.enter(text(3), "you")).slow
    with pytest.raises(QueryBusy, match="All places for long queries"):
        await places.enter(text(4), "they")


async def test_without_a_limit_one_client_may_have_all_slow_places() -> None:
    places = lanes(slow_places=2)
    assert places.become_slow(await places.enter(text(1), "me")) is None
    assert places.become_slow(await places.enter("SELECT * { ?x <q> ?y }", "me")) is None


async def test_who_stops_waiting_leaves_nothing_behind() -> None:
    places = lanes(workers=1)
    held = await places.enter("ASK {}", "a")
    waiting = [asyncio.create_task(places.enter(text(number), "a")) for number in range(2)]
    await asyncio.sleep(0)
    places.leave(held, 0.0)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert places.waiting == 0
    assert not (await asyncio.wait_for(places.enter("ASK {}", "a"), 0.1)).slow
