"""Take back what a reader is being told by, while it reads: after the door's 202 nothing is told by it any more.

A door and a reading service over one real PostgreSQL; no case record, projector or broker runs, so that nothing but the
acceptance itself can stop the reads.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from events.envelope import RecordedEvent
from events.parties import Agency, Audience
from infra.clock import SimulatedClock
from infra.embedded.databases import Databases
from tests.controls.bad_input import CLOCK, good
from tests.controls.recorded import recorded
from tests.fixtures.doors import ASpeaker, Doorkeeper, publish
from tests.integration.reading.house import NOW, House, build_house
from tests.integration.reading.test_agreement_in_force import PACKAGED, adopt
from tests.privacy.scenario_streams import FIRST, STREAMS, case_streams

STEP = 21
CASE_NAME = "C-55-1"  # what the scenario's streams call the case for child_protection_00340
UNIT = "child_protection_00340"
OTHER_UNIT = "committee_00340"  # of the same agency and door
_GIVES = '{ id = "D06-case_manager", level = "summary", parts'
_BY_CONSENT = '{ id = "D06-case_manager", level = "summary", when = ["consent"], parts'
_READERS = 3
_APART = timedelta(hours=1)  # each race has a consent of its own, in force for an hour of its own


def by_consent(version: str = "2026.2") -> str:
    """Return the packaged agreement, but that its case manager is told of medical needs by consent alone."""
    assert _GIVES in PACKAGED
    return PACKAGED.replace(_GIVES, _BY_CONSENT).replace('version = "2026.1"', f'version = "{version}"')


def by_law(version: str) -> str:
    """Return the packaged agreement under the name of a later version."""
    return PACKAGED.replace('version = "2026.1"', f'version = "{version}"')


def consent(number: int) -> str:
    return f"consent-{number}"


def consents(count: int) -> Iterator[RecordedEvent]:
    """Yield what the case record decides of so many consents, as the case's next events."""
    stream = STREAMS[FIRST.case]
    version = len(case_streams(STEP)[stream])
    for number in range(count):
        since = NOW + number * _APART
        data = {
            "consent": consent(number),
            "unit": UNIT,
            "audience": "case_manager",
            "purposes": ["case_work"],
            "categories": ["medical_findings", "school_records"],
            "since": since.isoformat(),
            "until": (since + _APART).isoformat(),
        }
        yield recorded("case.sharing_allowed.v1", version + number + 1, stream=stream, data=data, time=NOW)


@dataclass
class MovingClock:
    """A reader's clock that the race sets."""

    at: datetime
    simulated: bool = False

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Read:
    began_at: float
    told: bool
    answered: bool  # else 503: what had to be asked did not answer in time


@dataclass(frozen=True)
class Track:
    """A case manager who reads, and a door at which it takes back."""

    house: House
    clock: MovingClock
    reader: httpx.AsyncClient
    pass_: str
    door: httpx.AsyncClient
    others_door: httpx.AsyncClient

    async def read(self) -> Read:
        began_at = asyncio.get_running_loop().time()
        headers = {"Authorization": self.pass_, "X-Purpose": "case_work"}
        answer = await self.reader.get(f"/v1/cases/{CASE_NAME}", headers=headers)
        assert answer.status_code in {200, 503}, answer.text
        facts = answer.json().get("facts", [])
        told = any(one["category"] == "medical_findings" and "values" in one for one in facts)
        return Read(began_at, told, answer.status_code == 200)

    async def first_read(self) -> Read:
        """Read until it is answered; without being told before, a race proves nothing."""
        while not (read := await self.read()).answered:
            pass
        assert read.told, "nothing was told before: the race proves nothing"
        return read

    async def withdraw(self, number: int, door: httpx.AsyncClient, **more: object) -> int:
        unit = UNIT if door is self.door else OTHER_UNIT
        told = {"consent": consent(number), "recipients": [], "categories": [], **more}
        id_ = f"taken-back-{number}-{len(more)}"
        sent = good("privacy.consent_withdrawn.v2", id=id_, source=unit, subject=CASE_NAME, data=told)
        return (await publish(door, sent)).status_code


@asynccontextmanager
async def track_of(databases: Databases, folder: Path, count: int) -> AsyncIterator[Track]:
    """Lay a track for so many races; what the agreement gives the case manager it gives by consent."""
    clock, doors_clock = MovingClock(NOW), SimulatedClock(folder / "clock")
    doors_clock.set(datetime.fromisoformat(CLOCK))
    async with AsyncExitStack() as stack:
        house = await build_house(databases, folder, stack, STEP, also=list(consents(count)))
        adopt(house, PACKAGED, by_consent())
        keeper = Doorkeeper(databases, folder, doors_clock, stack, house.keys)
        door = await keeper.open(Agency.SOCIAL_WORK)
        own, others = (keeper.caller(door, ASpeaker(Agency.SOCIAL_WORK, unit)) for unit in (UNIT, OTHER_UNIT))
        reader = await house.client(await house.desk(Audience.CASE_MANAGER, clock))
        yield Track(house, clock, reader, house.pass_of(UNIT), own, others)


async def race(track: Track, number: int) -> tuple[list[Read], float]:
    """Read without pause while the consent in force is taken back; return the reads, and when that was acknowledged.

    What takes nothing back that is read by comes first: somebody else's consent of the same id, another category. Every
    second sender goes away before it is answered, and sends again.
    """
    track.clock.at = NOW + number * _APART + _APART / 2
    reads: list[Read] = []
    assert await track.withdraw(number, track.others_door) == 202
    assert await track.withdraw(number, track.door, categories=["school_records"]) == 202
    reads.append(await track.first_read())
    acknowledged = asyncio.Event()
    readers = [asyncio.create_task(_read_on(track, reads, acknowledged)) for _ in range(_READERS)]
    if number % 2:
        sending = asyncio.create_task(track.withdraw(number, track.door))
        await asyncio.wait({sending}, timeout=number % 20 / 1000)
        sending.cancel()
    status = await track.withdraw(number, track.door)
    at = asyncio.get_running_loop().time()
    assert status in {200, 202}
    acknowledged.set()
    await asyncio.gather(*readers)
    return reads, at


async def _read_on(track: Track, reads: list[Read], acknowledged: asyncio.Event) -> None:
    """Read until some read began after the acknowledgement."""
    while True:
        last = acknowledged.is_set()
        reads.append(await track.read())
        if last:
            return


async def narrow(track: Track, number: int) -> tuple[list[Read], float]:
    """Read without pause while the agreement is narrowed; return the reads, and when it was adopted."""
    track.clock.at = NOW - _APART  # no consent is in force
    adopt(track.house, by_law(f"wide-{number}"), first=2 + 2 * number)
    reads = [await track.first_read()]
    acknowledged = asyncio.Event()
    readers = [asyncio.create_task(_read_on(track, reads, acknowledged)) for _ in range(_READERS)]
    await asyncio.to_thread(adopt, track.house, by_consent(f"narrow-{number}"), first=3 + 2 * number)
    at = asyncio.get_running_loop().time()
    acknowledged.set()
    await asyncio.gather(*readers)
    return reads, at


def allowed_afterwards(reads: list[Read], acknowledged_at: float) -> int:
    """Count the reads that began after the acknowledgement and were told all the same."""
    return sum(one.told for one in reads if one.began_at > acknowledged_at)
