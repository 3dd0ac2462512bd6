"""Take back what a reader is being told by, while it reads: after the acknowledgement nothing is told by it any more.

A door and reading services over one real PostgreSQL; no case record, projector or broker runs, so that nothing but the
acceptance itself can stop the reads. Cases stand side by side, and are raced for at the same time.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
from fastapi import FastAPI

from events.envelope import RecordedEvent
from events.parties import Agency, Audience
from infra.clock import SimulatedClock
from infra.embedded.databases import Databases
from infra.issuers import TrustedIssuer
from infra.postgres.case_batch import Batch, InboxRow, ReferenceRow
from infra.postgres.case_store import CaseStore
from infra.postgres.ended_access import end_access
from infra.postgres.roles import ACCESS_ENDER, CASE_RECORD
from infra.web.logout import logout_router
from infra.web.server import create_app
from infra.web.tokens import SKEW, TokenVerifier
from tests.controls.bad_input import CLOCK, good
from tests.controls.loopback_issuer import LoopbackIssuer, loopback_issuer
from tests.controls.recorded import joined, stream_of
from tests.fixtures.doors import ASpeaker, Doorkeeper, publish
from tests.integration.reading.auditing import ender_of
from tests.integration.reading.house import NOW, House, client_of, house_of
from tests.integration.reading.test_agreement_in_force import PACKAGED, adopt

UNIT = "child_protection_00340"  # leads every case, consents, and orders to seal
OTHER_UNIT = "committee_00340"  # of the same agency and door
POLICE = "commune_police_00340"  # takes part, and is named by no order
_GIVES = '{ id = "D06-case_manager", level = "summary", parts'
_BY_CONSENT = '{ id = "D06-case_manager", level = "summary", when = ["consent"], parts'
_PURPOSES = 'police = ["case_work", '
TURNS = 8  # how often each case is raced for; for each it has a consent that is in force for an hour of its own
HOUR = timedelta(hours=1)

Reading = Callable[[], Awaitable["Read"]]


def by_law(version: str = "wide") -> str:
    """Return the packaged agreement under another name."""
    return PACKAGED.replace('version = "2026.1"', f'version = "{version}"')


def by_consent(version: str = "narrow") -> str:
    """Return the same, but that its case manager is told of medical findings by consent alone."""
    assert _GIVES in PACKAGED
    return by_law(version).replace(_GIVES, _BY_CONSENT)


def without_purpose(version: str = "without-a-purpose") -> str:
    """Return the same, but that the police may not read for their work on cases."""
    assert _PURPOSES in PACKAGED
    return by_law(version).replace(_PURPOSES, "police = [")


@dataclass(frozen=True)
class Lane:
    """A case of the track, and how often it was raced for."""

    number: int

    @property
    def stream(self) -> UUID:
        return UUID(int=self.number + 1)

    def name_for(self, place: int) -> str:
        return f"HS-{self.number:04}-{place}"

    @property
    def own_name(self) -> str:
        return self.name_for(0)

    @property
    def police_name(self) -> str:
        return self.name_for(1)

    def consent(self, turn: int) -> str:
        return f"consent-{self.number}-{turn}"

    def events(self) -> list[RecordedEvent]:
        """Return a case of which the police and, by consents, the case manager are told."""
        return stream_of(
            [
                ("case.case_opened.v1", {"data": {"lead_unit": UNIT}}),
                joined("case_manager", UNIT, self.own_name, "opened"),
                joined("police", POLICE, self.police_name),
                ("health.medical_exam_completed.v1", {}),
                *self._consents(),
            ],
            self.stream,
        )

    def _consents(self) -> Iterator[tuple[str, dict[str, object]]]:
        for turn in range(TURNS):
            since = NOW + turn * HOUR
            said = {
                "consent": self.consent(turn),
                "unit": UNIT,
                "audience": "case_manager",
                "purposes": ["case_work"],
                "categories": ["medical_findings", "school_records"],
                "since": since.isoformat(),
                "until": (since + HOUR).isoformat(),
            }
            yield "case.sharing_allowed.v1", {"data": said, "time": NOW}


@dataclass
class MovingClock:
    """A reader's clock that the race sets."""

    at: datetime
    simulated: bool = False

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Read:
    """One read: `answered`, or 503, for what had to be asked did not answer in time."""

    began_at: float
    ended_at: float
    told: bool
    answered: bool


@dataclass(frozen=True)
class Race:
    """What was read while something was taken back, and when that was acknowledged."""

    reads: Sequence[Read]
    acknowledged_at: float

    @property
    def allowed(self) -> int:
        """How many reads began after the acknowledgement and were told all the same."""
        return sum(one.told for one in self.reads if one.began_at > self.acknowledged_at)

    @property
    def in_flight(self) -> int:
        """How many were under way when it was acknowledged."""
        return sum(one.began_at <= self.acknowledged_at < one.ended_at for one in self.reads)


@dataclass
class Track:
    """Readers, and the door at which what they are told by is taken back."""

    house: House
    clock: MovingClock
    manager: httpx.AsyncClient
    police: httpx.AsyncClient
    door: httpx.AsyncClient
    others_door: httpx.AsyncClient
    record: CaseStore
    issuer: LoopbackIssuer
    logouts: httpx.AsyncClient
    adopted: int = 0
    passes: dict[str, str] = field(default_factory=dict)

    async def medical_findings(self, lane: Lane) -> Read:
        """Read as the case manager, who is told of them by consent or by law."""

        def told(answer: httpx.Response) -> bool:
            facts = answer.json().get("facts", [])
            return any(one["category"] == "medical_findings" and "values" in one for one in facts)

        return await self._read(self.manager, self.passes[UNIT], f"/v1/cases/{lane.own_name}", told)

    def sight_of(self, lane: Lane, pass_: str | None = None) -> list[Reading]:
        """Return the ways in which the police see that there is a case: by its name, on its timeline, on a list."""
        name, shown = lane.police_name, pass_ or self.passes[POLICE]

        def reading(path: str, mark: str) -> Reading:
            return lambda: self._read(self.police, shown, path, lambda answer: mark in answer.text)

        return [
            reading(f"/v1/cases/{name}", name),
            reading(f"/v1/cases/{name}/timeline", '"entries"'),
            reading(f"/v1/cases?limit=200&unit={POLICE}", name),
        ]

    async def _read(
        self, client: httpx.AsyncClient, pass_: str, path: str, told: Callable[[httpx.Response], bool]
    ) -> Read:
        now = asyncio.get_running_loop().time
        began_at = now()
        answer = await client.get(path, headers={"Authorization": pass_, "X-Purpose": "case_work"})
        assert answer.status_code in {200, 401, 404, 503}, answer.text
        return Read(began_at, now(), told(answer), answer.status_code != 503)

    async def withdraw(self, consent: str, lane: Lane, door: httpx.AsyncClient, **more: object) -> int:
        unit = UNIT if door is self.door else OTHER_UNIT
        said = {"consent": consent, "recipients": [], "categories": [], **more}
        id_ = f"taken-back-{consent}-{len(more)}"
        sent = good("privacy.consent_withdrawn.v2", id=id_, source=unit, subject=lane.own_name, data=said)
        return (await publish(door, sent)).status_code

    async def order_sealed(self, lane: Lane, id_: str) -> int:
        said: dict[str, list[str]] = {"units_in_sight": []}
        sent = good("privacy.record_sealed.v1", id=id_, source=UNIT, subject=lane.own_name, data=said)
        return (await publish(self.door, sent)).status_code

    def refuse(self, lane: Lane, id_: str) -> None:
        """Refuse an order as the case record would: the case appears again."""
        row = InboxRow(UNIT, id_, "social_work", lane.own_name, 1, "rejected", "fault", None, None, NOW)
        self.record.append(Batch(inbox=(row,)))

    def pass_of(self, person: str) -> str:
        """Return what shows that a person of the police is who it is."""
        return self.house.pass_of(POLICE, person=person)

    def end_access(self, person: str) -> None:
        """End a person's tokens as the operator does."""
        end_access(self.house.databases.main(ACCESS_ENDER), person, SKEW)

    async def log_out(self, person: str) -> int:
        """Have the issuer say that it ended a person's sessions."""
        told = {"logout_token": self.issuer.logout_token(sub=person)}
        return (await self.logouts.post("/v1/logout", data=told)).status_code

    def adopt(self, *documents: str) -> None:
        adopt(self.house, *documents, first=self.adopted)
        self.adopted += len(documents)


async def _where_the_issuer_tells(house: House, issuer: LoopbackIssuer) -> FastAPI:
    app = create_app("test", ready={})
    trusted = TokenVerifier.of_issuer(TrustedIssuer(url=issuer.url), house.endings)
    app.include_router(logout_router(trusted, await ender_of(house)))
    return app


@asynccontextmanager
async def track_of(databases: Databases, folder: Path, lanes: Sequence[Lane]) -> AsyncIterator[Track]:
    """Lay a track of these lanes; the agreement is the packaged one."""
    clock, doors_clock = MovingClock(NOW), SimulatedClock(folder / "clock")
    doors_clock.set(datetime.fromisoformat(CLOCK))
    async with AsyncExitStack() as stack:
        house = await house_of({lane.stream: lane.events() for lane in lanes}, databases, folder, stack)
        keeper = Doorkeeper(databases, folder, doors_clock, stack, house.keys)
        door = await keeper.open(Agency.SOCIAL_WORK)
        own, others = (keeper.caller(door, ASpeaker(Agency.SOCIAL_WORK, unit)) for unit in (UNIT, OTHER_UNIT))
        manager, police = [
            await house.client(await house.desk(audience, clock))
            for audience in (Audience.CASE_MANAGER, Audience.POLICE)
        ]
        record = CaseStore(databases.main(CASE_RECORD), simulated=False)
        stack.callback(record.close)
        record.append(Batch(references=tuple(ReferenceRow(UNIT, one.own_name, one.stream, "case") for one in lanes)))
        issuer = stack.enter_context(loopback_issuer())
        logouts = await stack.enter_async_context(client_of(await _where_the_issuer_tells(house, issuer)))
        track = Track(house, clock, manager, police, own, others, record, issuer, logouts)
        track.passes |= {unit: house.pass_of(unit) for unit in (UNIT, POLICE)}
        track.adopt(PACKAGED)
        yield track
