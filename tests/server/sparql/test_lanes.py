"""Places: who gets one, who waits, who is refused."""

from __future__ import annotations

import asyncio

import pytest

from server.sparql.lanes import Lanes, Place
from server.sparql.limits import Limits
from server.sparql.outcomes import ClientBusy, QueryBusy

pytestmark = pytest.mark.anyio


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def lanes(clock: Clock | None = None, **limits: float) -> Lanes:
    return Lanes(
        Limits(**{"workers": 2, "slow_places": 1, "waiting": 3, "client_queries": 0, **limits}), clock or Clock()
    )  # type: ignore[arg-type]


def text(number: int, form: str = "?s ?p ?o") -> str:
    return f"SELECT * {{ {form} FILTER(?o > {number}) }}"


async def test_a_query_that_becomes_slow_frees_its_fast_place() -> None:
    places = lanes(workers=1)
    runaway = await places.enter(text(1), "a")
    waiting = asyncio.create_task(places.enter("ASK {}", "a"))
    await asyncio.sleep(0)
    assert places.waiting == 1
    assert places.become_slow(runaway)
    assert not (await waiting).slow


async def test_when_the_slow_lane_is_full_the_next_slow_query_has_to_end() -> None:
    places = lanes()
    first, second = await places.enter(text(1), "a"), await places.enter("SELECT * { ?x <q> ?y }", "a")
    assert places.become_slow(first)
    assert not places.become_slow(second)
    assert not second.slow


async def test_copies_of_a_known_runaway_are_refused_at_once_and_take_no_fast_place() -> None:
    places = lanes()
    assert places.become_slow(await places.enter(text(1), "a"))
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


async def crowded(**limits: float) -> tuple[Lanes, Place]:
    """Lanes whose one fast place was held for long, again and again, and is held now."""
    places = lanes(workers=1, **limits)
    for number in range(30):
        places.leave(await places.enter(f"ASK {{ <a{number}> ?p ?o }}", "a"), 0.5)
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
    places.leave(held, 0.5)
    places.leave(await rare, 0.5)
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


async def test_a_client_has_its_share_and_others_theirs() -> None:
    places = lanes(client_queries=1)
    mine = await places.enter("ASK {}", "me")
    with pytest.raises(ClientBusy):
        await places.enter("ASK { ?s ?p ?o }", "me")
    await places.enter("ASK {}", "you")
    places.leave(mine, 0.0)
    await places.enter("ASK {}", "me")


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
