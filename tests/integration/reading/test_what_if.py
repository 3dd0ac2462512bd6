"""What `what-if` says is what then appears and disappears at every audience's own route."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest

from events.parties import Agency, Audience, Duty
from infra.postgres.access_log import AccessLogs
from infra.postgres.agreements import BlockingAgreementReader
from infra.postgres.audit_reader import AuditReader
from infra.postgres.pool import open_pool
from infra.postgres.roles import PROJECTOR, reader_role
from infra.postgres.view_rebuild import ViewRebuild
from infra.web.requester import Requester
from projections.disclosure.agreements import read_agreements
from projections.disclosure.document import parse
from projections.disclosure.packaged import packaged_agreement, packaged_text
from projections.views import VIEWS
from services.audit.changes import Place, places_of_case, places_of_facts, places_of_timeline
from services.audit.endpoints import AuditDesk
from services.audit.what_if import what_if
from services.projector.rebuilding import Rebuilding
from services.reading.answering import agreements_now
from services.reading.desk import Visit
from tests.integration.reading.house import House
from tests.integration.reading.test_agreement_in_force import adopt
from tests.integration.reading.test_reading import EXPECTED, ask

PACKAGED = packaged_text().decode()
# The auditor's and each reader's own name of the same case, as the scenario's streams give them.
CASE = "C-55-auditor"
Seen = dict[tuple[str, str | None, str], "Counter[Place]"]


def changed(*pairs: tuple[str, str]) -> str:
    text = PACKAGED.replace('version = "2026.1"', 'version = "2026.2"\nfollows = "2026.1"')
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


NARROWING = (
    '{ id = "D01-police", level = "full", when = ["case_open"] }',
    '{ id = "D01-police", level = "exists", when = ["case_open"] }',
)
_PLAIN = '{ id = "D06-police", level = "summary", when = ["case_open"], parts = ["injury", "circumstance", "status"] }'
WIDENING = (_PLAIN, _PLAIN.replace('"status"]', '"status", "needs", "condition", "tests"]'))
REACHING_BACK = (_PLAIN, WIDENING[1].replace("] }", "], retroactive = true }"))
PURPOSE = ('police = ["case_work", "emergency", "own_record"]', 'police = ["case_work", "own_record"]')


@pytest.mark.parametrize("change", [(NARROWING, WIDENING), (REACHING_BACK,), (PURPOSE,)], ids=lambda _: "")
async def test_what_it_says_is_what_comes(a_case_in_full_work: House, change: tuple[tuple[str, str], ...]) -> None:
    house, document = a_case_in_full_work, changed(*change)
    said = await foreseen(house, document)
    before = await seen(house)
    adopt(house, PACKAGED, document)
    if "retroactive" in document:
        await asyncio.to_thread(fold_anew, house)
    after = await seen(house)
    came = {who: (after[who] - before[who], before[who] - after[who]) for who in before if after[who] != before[who]}
    assert said == came
    assert came
    appears, disappears = (sum((found[side] for found in came.values()), Counter[Place]()) for side in (0, 1))
    assert bool([one for one in appears if one.category == "medical_findings"]) is (change == (REACHING_BACK,))
    assert bool(disappears) is True


async def foreseen(house: House, document: str) -> dict[Any, Any]:
    desk = await house.desk(Audience.AUDITOR)
    pool = await open_pool(house.databases.main(reader_role(Audience.AUDITOR)), max_size=1)
    house.stack.push_async_callback(pool.close)
    requester = Requester("NGUOI-KIEM-TRA", Agency.COORDINATION, "inspectorate_01", "reader", Audience.AUDITOR)
    visit = Visit(desk, requester, "oversight", "agreement what-if", await agreements_now(desk), token="")
    answer = await what_if(visit, AuditDesk(desk, AuditReader(pool), AccessLogs(pool)), CASE, parse(document))
    told = httpx.Response(200, content=answer).json()["changes"]
    return {
        (one["audience"], one["duty"], one["purpose"]): (counted(one["appears"]), counted(one["disappears"]))
        for one in told
    }


def counted(listed: list[dict[str, Any]]) -> "Counter[Place]":
    return Counter({Place(*(one[name] for name in Place._fields)): one["times"] for one in listed})


async def seen(house: House) -> Seen:
    """Read the case at every audience's own route, with every duty and purpose; refused counts as nothing."""
    found: Seen = {}
    for reader in EXPECTED["readers"].values():
        audience = Audience(reader["audience"])
        client = await house.client(await house.desk(audience))
        for duties in ((), tuple(map(Duty, reader["duties"]))):
            who = house.pass_of(reader["unit"], duties=duties)
            for purpose in sorted(packaged_agreement().purposes(audience)):
                key = (audience.value, duties[0].value if duties else None, purpose)
                if key not in found:
                    found[key] = Counter(await places(client, who, purpose))
    return found


async def places(client: httpx.AsyncClient, who: str, purpose: str) -> list[Place]:
    listed = await ask(client, who, "/v1/cases", purpose=purpose)
    if listed.status_code != 200:
        return []
    [name] = [line["case"] for line in listed.json()["cases"] if line["kind"] == "case"]
    case = await ask(client, who, f"/v1/cases/{name}", purpose=purpose)
    lines = await ask(client, who, f"/v1/cases/{name}/timeline?limit=200", purpose=purpose)
    return [*_all(case.json(), lines.json()["entries"])]


def _all(case: dict[str, Any], lines: list[dict[str, Any]]) -> Iterator[Place]:
    yield from places_of_case(case)
    yield from places_of_facts(case["facts"])
    yield from places_of_timeline(tuple(lines))


def fold_anew(house: House) -> None:
    dsn = house.databases.main(PROJECTOR)
    with (
        closing(ViewRebuild(dsn, sorted(VIEWS))) as store,
        closing(BlockingAgreementReader(dsn, read_agreements)) as read,
    ):
        Rebuilding(store, sorted(VIEWS), read.current, lambda *_: None).swap()
