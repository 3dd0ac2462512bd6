"""The races, one function for each thing that is taken back, run several cases side by side."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from math import ceil

from tests.integration.reading.house import NOW
from tests.privacy.races.track import HOUR, TURNS, Lane, Race, Read, Reading, Track, by_consent, by_law, without_purpose

_READERS = 3
_SIDE_BY_SIDE = 4
_DECOYS_EACH = 4  # every so many races what nobody reads by is taken back first

Racing = Callable[[Track, Lane, int], Awaitable[Race]]


def lanes_for(races: int) -> list[Lane]:
    """Return as many lanes as so many races of one kind need."""
    return [Lane(number) for number in range(ceil(races / TURNS))]


async def withdraw(track: Track, lane: Lane, turn: int) -> Race:
    """Take a consent back. Every second sender goes away before it is answered, and sends again."""
    consent = lane.consent(turn)
    if turn % _DECOYS_EACH == 0:  # somebody else's consent of the same id; another category
        assert await track.withdraw(consent, lane, track.others_door) == 202
        assert await track.withdraw(consent, lane, track.door, categories=["school_records"]) == 202

    async def take_back() -> None:
        if turn % 2:
            sending = asyncio.create_task(track.withdraw(consent, lane, track.door))
            await asyncio.wait({sending}, timeout=(lane.number + turn) % 20 / 1000)
            sending.cancel()
        assert await track.withdraw(consent, lane, track.door) in {200, 202}

    return await _race([lambda: track.medical_findings(lane)] * _READERS, take_back)


async def seal(track: Track, lane: Lane, turn: int) -> Race:
    """Order the case to be sealed; once the race is over the order is refused, and the case appears again."""
    order = f"order-{lane.number}-{turn}"

    async def take_back() -> None:
        assert await track.order_sealed(lane, order) == 202

    race = await _race(track.sight_of(lane), take_back)
    await asyncio.to_thread(track.refuse, lane, order)
    return race


async def narrow(track: Track, lane: Lane, _: int) -> Race:
    """Adopt an agreement that gives less; the one that gives more stands before."""

    async def take_back() -> None:
        await asyncio.to_thread(track.adopt, by_consent())

    await asyncio.to_thread(track.adopt, by_law())
    return await _race([lambda: track.medical_findings(lane)] * _READERS, take_back)


async def take_purpose(track: Track, lane: Lane, _: int) -> Race:
    """Adopt an agreement in which the police have the purpose no more for which they read."""

    async def take_back() -> None:
        await asyncio.to_thread(track.adopt, without_purpose())

    await asyncio.to_thread(track.adopt, by_law())
    return await _race(track.sight_of(lane), take_back)


async def end_access(track: Track, lane: Lane, turn: int) -> Race:
    """End whoever reads: by the operator's command or, every second time, at the word of the issuer."""
    person = f"nguoi-doc-{lane.number}-{turn}"
    pass_ = track.pass_of(person)

    async def take_back() -> None:
        if turn % 2:
            assert await track.log_out(person) == 200
        else:
            await asyncio.to_thread(track.end_access, person)

    return await _race(track.sight_of(lane, pass_), take_back)


RACES: Mapping[str, Racing] = {
    "consents": withdraw,
    "agreements": narrow,
    "purposes": take_purpose,
    "seals": seal,
    "roles": end_access,
}
_FOR_ALL_CASES = {"agreements", "purposes"}


async def run(track: Track, kind: str, lanes: Sequence[Lane], races: int) -> list[Race]:
    """Run so many races of a kind, several side by side; what is for all cases is taken back for one at a time.

    Before a race for a consent some agreement that gives by consent stands, and in any other race none is in force.
    """
    abreast = 1 if kind in _FOR_ALL_CASES else _SIDE_BY_SIDE
    track.adopt(by_consent())
    found: list[Race] = []
    for turn, together in _heats(lanes, abreast, races):
        track.clock.at = NOW + turn * HOUR + HOUR / 2 if kind == "consents" else NOW - HOUR
        found += await asyncio.gather(*(RACES[kind](track, lane, turn) for lane in together))
    return found


def _heats(lanes: Sequence[Lane], abreast: int, races: int) -> Iterator[tuple[int, Sequence[Lane]]]:
    """Yield which cases are raced for together, and for which time each, until there were so many races."""
    for first in range(0, len(lanes), abreast):
        for turn in range(TURNS):
            together = lanes[first : first + abreast][:races]
            races -= len(together)
            yield turn, together


async def _race(readings: Sequence[Reading], take_back: Callable[[], Awaitable[None]]) -> Race:
    """Read without pause, each reader in its own way, while something is taken back."""
    reads = [await _first(reading) for reading in readings]
    acknowledged = asyncio.Event()
    readers = [asyncio.create_task(_read_on(reading, reads, acknowledged)) for reading in readings]
    await asyncio.sleep(0)
    await take_back()
    at = asyncio.get_running_loop().time()
    acknowledged.set()
    await asyncio.gather(*readers)
    return Race(reads, at)


async def _first(reading: Reading) -> Read:
    """Read until it is answered; without being told before, a race proves nothing."""
    while not (read := await reading()).answered:
        pass
    assert read.told, "nothing was told before: the race proves nothing"
    return read


async def _read_on(reading: Reading, reads: list[Read], acknowledged: asyncio.Event) -> None:
    """Read until some read began after the acknowledgement."""
    while True:
        last = acknowledged.is_set()
        reads.append(await reading())
        if last:
            return
