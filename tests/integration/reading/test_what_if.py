"""What `what-if` lists is what then appears and disappears, field by field, at every unit's own route, and no more.

Scenario 2, versions signed by all and adopted one after another. Fields are read off the answers by hand here: whatever
an answer says that is neither a place nor a number of order counts as a field.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, closing
from itertools import chain, product
from pathlib import Path
from typing import Any

import httpx
import pytest

from events.parties import Agency, Audience, Duty
from events.units import units
from infra.clock import RegisterClock, SystemClock
from infra.crypto.party_keys import Parties, make_party_keys, party_key_file, read_party_key, sign, write_signatures
from infra.embedded.databases import Databases
from infra.ids import RandomIds
from infra.postgres.access_log import AccessLogs
from infra.postgres.agreement_keeper import AgreementKeeper
from infra.postgres.agreements import BlockingAgreementReader
from infra.postgres.audit_reader import AuditReader
from infra.postgres.case_store import CaseStore
from infra.postgres.pool import open_pool
from infra.postgres.roles import AGREEMENT_KEEPER, CASE_RECORD, PROJECTOR, reader_role
from infra.postgres.view_rebuild import ViewRebuild
from infra.web.requester import Requester
from projections.disclosure.agreements import read_agreements
from projections.disclosure.document import parse
from projections.disclosure.packaged import packaged_text
from projections.views import VIEWS
from services.audit.endpoints import AuditDesk
from services.audit.what_if import what_if
from services.case_record.adopting import Adopting
from services.projector.rebuilding import Rebuilding
from services.reading.answering import agreements_now
from services.reading.desk import Visit
from tests.integration.reading.house import House, house_of
from tests.integration.reading.test_reading import ask
from tests.privacy.scenario_streams import SECOND, case_streams

PARTIES = (Agency.POLICE, Agency.HEALTH)
CASE = "C-77-auditor"
NO_DUTY = frozenset[Duty]()
DUTIES = {
    Audience.HEALTH: (NO_DUTY, frozenset({Duty.TREATING})),
    Audience.EDUCATION: (NO_DUTY, frozenset({Duty.OWN_PUPIL})),
    Audience.COMMITTEE: (NO_DUTY, frozenset({Duty.CHAIR})),
}
# What an answer says besides fields: where the field stands, what decided on it, numbers of order, times of recording.
NO_FIELDS = {"category", "row", "part", "person", "level", "rule", "corrected", "values"}
NO_CODES = {"at", "about", "level", "open", "occurred_at", "recorded_at"}
DECIDED_ON = ("investigation_stage", "deadlines", "tasks", "flags", "matches")

INJURY = 'level = "summary", when = ["case_open"], parts = ["injury", "circumstance", "status"]'
WIDER = INJURY.replace('"status"]', '"status", "needs", "condition", "tests"]')
NARROWED = (
    ('"D01-police", level = "full"', '"D01-police", level = "exists"'),
    ('"D18-committee", level = "full"', '"D18-committee", level = "none"'),
    ('"D12-case_manager", level = "summary"', '"D12-case_manager", level = "none"'),
)
WIDENED = ((INJURY, WIDER), ('"D10-committee", level = "exists"', '"D10-committee", level = "full"'))
REACHING_BACK = (
    (WIDER, f"{WIDER}, retroactive = true"),
    ('hotline = ["case_work", "emergency", ', 'hotline = ["case_work", '),
)

Who = tuple[str, str, str | None, str]
Fields = Mapping[Who, "Counter[Any]"]


@pytest.fixture
async def second(databases: Databases, tmp_path: Path) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        yield await house_of(case_streams(21, SECOND), databases, tmp_path, stack)


async def test_what_it_lists_is_what_comes(second: House) -> None:
    register, before = Register(second), await told(second)
    narrower, before = await listed_and_come(second, register, before, register.version("2026.2", *NARROWED, *WIDENED))
    further, before = await listed_and_come(second, register, before, register.version("2026.3", *REACHING_BACK))
    appeared, went = sums(narrower)
    assert {"child_identity", "school_records", None} <= {category for _, category, *_ in went}
    assert "medical_findings" not in {category for _, category, *_ in appeared}  # what lay there before is not shown
    assert ("facts", "medical_findings", "needs", "child", "summary", "medical_need") in sums(further)[0]
    assert {purpose for *_, purpose in further} == {"case_work", "emergency", "own_record"}


class Register:
    """Versions that follow one another, signed by every party and adopted as the case record does it."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._text, self._named = packaged_text().decode(), "2026.1"
        self._parties = Parties.read(make_party_keys(house.directory, PARTIES))

    def version(self, name: str, *changes: tuple[str, str]) -> bytes:
        """Return the next version: the last one with these changes."""
        followed, self._named = self._named, name
        for old, new in ((f'version = "{followed}"', f'version = "{name}"'), *changes):
            assert old in self._text
            self._text = self._text.replace(old, new)
        return self._text.replace(f'version = "{name}"', f'version = "{name}"\nfollows = "{followed}"').encode()

    def adopt(self, document: bytes) -> None:
        """Have every party sign, ask for it, and decide."""
        keys = {one: read_party_key(party_key_file(self._house.directory, one)) for one in PARTIES}
        keeper = AgreementKeeper(self._house.databases.main(AGREEMENT_KEEPER))
        asked = keeper.ask(document, write_signatures(sign(document, one, key) for one, key in keys.items()))
        with closing(CaseStore(self._house.databases.main(CASE_RECORD), simulated=False)) as store:
            clock = RegisterClock(SystemClock(), store.last_recorded_at())
            adopting = Adopting(store, clock, RandomIds(), self._parties)
            adopting.begin()
            adopting.decide()
        decided = keeper.decided(asked)
        assert decided is not None
        assert decided.number is not None, decided.refusal
        if b"retroactive = true" in document:
            self._fold_anew()

    def _fold_anew(self) -> None:
        dsn = self._house.databases.main(PROJECTOR)
        with (
            closing(ViewRebuild(dsn, sorted(VIEWS))) as store,
            closing(BlockingAgreementReader(dsn, read_agreements)) as read,
        ):
            Rebuilding(store, sorted(VIEWS), read.current, lambda *_: None).swap()


async def listed_and_come(
    house: House, register: Register, before: Fields, document: bytes
) -> tuple[dict[Who, Any], Fields]:
    """Return what came of a version for each reader, of whom exactly this had been listed, and how it then stands."""
    listed = await foreseen(house, document)
    await asyncio.to_thread(register.adopt, document)
    after = await told(house)
    came = {who: (after[who] - before[who], before[who] - after[who]) for who in before if after[who] != before[who]}
    assert listed == came
    return came, after


def sums(came: Mapping[Who, tuple["Counter[Any]", "Counter[Any]"]]) -> list["Counter[Any]"]:
    """Return what appeared and what went, of all readers together."""
    return [sum((found[side] for found in came.values()), Counter[Any]()) for side in (0, 1)]


async def foreseen(house: House, document: bytes) -> dict[Who, Any]:
    desk = await house.desk(Audience.AUDITOR)
    pool = await open_pool(house.databases.main(reader_role(Audience.AUDITOR)), max_size=1)
    house.stack.push_async_callback(pool.close)
    requester = Requester("NGUOI-KIEM-TRA", Agency.COORDINATION, "inspectorate_01", "reader", Audience.AUDITOR)
    visit = Visit(desk, requester, "oversight", "agreement what-if", await agreements_now(desk), token="")
    answer = await what_if(visit, AuditDesk(desk, AuditReader(pool), AccessLogs(pool)), CASE, parse(document.decode()))
    return {
        (one["audience"], one["unit"], one["duty"], one["purpose"]): (
            counted(one["appears"]),
            counted(one["disappears"]),
        )
        for one in httpx.Response(200, content=answer).json()["changes"]
    }


def counted(listed: list[dict[str, Any]]) -> "Counter[Any]":
    names = ("where", "category", "part", "person", "level", "field")
    return Counter({tuple(one[name] for name in names): one["times"] for one in listed})


async def told(house: House) -> Fields:
    """Read the case at every unit's own route, without and with its duty, for every purpose; refused is nothing."""
    found: dict[Who, Counter[Any]] = {}
    packaged = parse(packaged_text().decode())
    for unit in units().values():
        if unit.audience is not None:
            client = await house.client(await house.desk(unit.audience))
            held = DUTIES.get(unit.audience, (NO_DUTY,))
            for duties, purpose in product(held, sorted(packaged.purposes(unit.audience))):
                who = (unit.audience.value, unit.id, next(iter(duties), None), purpose)
                found[who] = Counter(await fields_of(client, house.pass_of(unit.id, duties=duties), purpose))
    return found


async def fields_of(client: httpx.AsyncClient, who: str, purpose: str) -> list[tuple[str | None, ...]]:
    listed = await ask(client, who, "/v1/cases", purpose=purpose)
    names = [line["case"] for line in listed.json().get("cases", ()) if line["kind"] == "case"]
    if not names:
        return []
    case = (await ask(client, who, f"/v1/cases/{names[0]}", purpose=purpose)).json()
    lines = (await ask(client, who, f"/v1/cases/{names[0]}/timeline?limit=200", purpose=purpose)).json()["entries"]
    return [*chain(of_the_case(case), of_facts(case["facts"]), of_lines(lines))]


def of_the_case(case: Mapping[str, Any]) -> Iterator[tuple[str | None, ...]]:
    for name in DECIDED_ON:
        for one in case[name] if isinstance(case[name], list) else [case[name]]:
            if one is not None:
                yield "case", None, None, None, None, name


def of_facts(facts: Iterable[dict[str, Any]]) -> Iterator[tuple[str | None, ...]]:
    for fact in facts:
        beside = [name for name, value in fact.items() if name not in NO_FIELDS and value is not None]
        for field in [*beside, *fact.get("values", ())] or [None]:
            yield "facts", fact["category"], fact["part"], fact["person"], fact["level"], field


def of_lines(lines: Iterable[dict[str, Any]]) -> Iterator[tuple[str | None, ...]]:
    for line in lines:
        beside = [name for name, value in line.items() if name not in NO_CODES and value is not None]
        for field in [*beside, *line["open"]] or [None]:
            yield "timeline", line["about"], None, None, line["level"], field
