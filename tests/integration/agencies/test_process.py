"""The doors as a process: all four in one, killed at any moment, ended cleanly, silent about persons."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx
import pytest

from events.codec import from_bytes
from events.envelope import SealedEvent
from events.parties import Agency
from infra.embedded.tansu import EmbeddedTansu
from infra.kafka.subscriber import Incoming
from infra.web.issuer import issue_token
from tests.controls.bad_input import BAD_INPUT, CANARY, changed, good
from tests.fixtures.doors import DOORS, ASpeaker, Doorkeeper, publish, publish_batch
from tests.integration.agencies.courier import arriving
from tests.integration.agencies.door_process import DoorProcess, free_ports

Starting = Callable[..., DoorProcess]
PUBLISHERS = {
    Agency.POLICE: ("commune_police_00340", "police.report_received.v1"),
    Agency.HEALTH: ("hospital_h1", "health.medical_exam_completed.v1"),
    Agency.EDUCATION: ("school_s1", "education.attendance_noted.v1"),
    Agency.SOCIAL_WORK: ("hotline_111", "social_work.report_received.v1"),
}


@pytest.fixture
def starting(doorkeeper: Doorkeeper, tmp_path: Path) -> Iterator[Starting]:
    started: list[DoorProcess] = []

    def start(*agencies: Agency, broker: str) -> DoorProcess:
        ports = free_ports(*map(str, agencies))
        settings = doorkeeper.settings(*agencies, broker=broker, log_file=tmp_path / "doors.log")
        started.append(DoorProcess.start(tmp_path / "doors.json", settings.model_copy(update={"ports": ports})))
        started[-1].wait_until_up()
        return started[-1]

    yield start
    for process in started:
        process.kill()


@pytest.fixture
async def calling(doorkeeper: Doorkeeper) -> AsyncIterator[Callable[[DoorProcess, Agency], httpx.AsyncClient]]:
    clients: list[httpx.AsyncClient] = []

    def client(process: DoorProcess, agency: Agency) -> httpx.AsyncClient:
        token = issue_token(doorkeeper.secrets, ASpeaker(agency, PUBLISHERS[agency][0]))
        headers = {"Authorization": f"Bearer {token}"}
        clients.append(httpx.AsyncClient(base_url=process.url(agency), headers=headers, trust_env=False, timeout=30))
        return clients[-1]

    yield client
    for one in clients:
        await one.aclose()


async def test_four_doors_in_one_process(
    starting: Starting,
    calling: Callable[[DoorProcess, Agency], httpx.AsyncClient],
    doorkeeper: Doorkeeper,
    fresh_tansu: EmbeddedTansu,
) -> None:
    process = starting(*DOORS, broker=fresh_tansu.address)
    for agency, (_, type_) in PUBLISHERS.items():
        client = calling(process, agency)
        assert (await publish(client, good(type_))).status_code == 202
        assert set((await client.get("/readyz")).json()["checks"].items()) == {
            ("database", "ok"),
            ("keys", "ok"),
            ("broker", "ok"),
            ("issuer", "ok"),
        }
        assert doorkeeper.counts(agency)["journal"] == 1
        async with arriving(fresh_tansu.address, agency.value) as arrivals:
            (message,) = await arrivals.until(bool)
            assert from_bytes(SealedEvent, message.value).type == type_
        metrics = (await client.get("/metrics")).text
        assert f'chungtay_door_events_total{{agency="{agency.value}",outcome="accepted"}} 1.0' in metrics
        assert not [other for other in PUBLISHERS if other is not agency and f'"{other.value}"' in metrics]
    assert process.end() == 0


async def test_killed_between_journal_and_courier_loses_nothing(
    starting: Starting,
    calling: Callable[[DoorProcess, Agency], httpx.AsyncClient],
    doorkeeper: Doorkeeper,
    fresh_tansu: EmbeddedTansu,
) -> None:
    accepted: list[str] = []
    for life in range(2):
        process = starting(Agency.POLICE, broker=fresh_tansu.address)
        client = calling(process, Agency.POLICE)
        if life == 1:
            fresh_tansu.kill()
        for number in range(10):
            id_ = f"K-{life}-{number}"
            assert (await publish(client, good(id=id_))).status_code == 202
            accepted.append(id_)
        process.kill()
    fresh_tansu.start()
    starting(Agency.POLICE, broker=fresh_tansu.address)

    def sequences(found: list[Incoming]) -> dict[int, str]:
        events = [from_bytes(SealedEvent, one.value) for one in found]
        return {event.sequence: event.id for event in events}

    async with arriving(fresh_tansu.address) as arrivals:
        found = await arrivals.until(lambda found: len(sequences(found)) == len(accepted))
    assert [id_ for _, id_ in sorted(sequences(found).items())] == accepted
    assert doorkeeper.counts(Agency.POLICE)["journal"] == len(accepted)


async def test_nothing_clear_is_written_anywhere(
    starting: Starting,
    calling: Callable[[DoorProcess, Agency], httpx.AsyncClient],
    doorkeeper: Doorkeeper,
    fresh_tansu: EmbeddedTansu,
    tmp_path: Path,
) -> None:
    process = starting(Agency.POLICE, broker=fresh_tansu.address)
    client = calling(process, Agency.POLICE)
    marks = dict.fromkeys(("child_name", "child_address", "suspect_name", "reporter_name", "concern"), CANARY)
    sent = changed(lambda event: event["data"].update(marks))
    answers = [await publish(client, sent), await publish_batch(client, sent, b'{"id": "' + CANARY.encode() + b'"}')]
    answers += [await publish(client, bad.sent) for bad in BAD_INPUT]
    async with arriving(fresh_tansu.address) as arrivals:
        await arrivals.until(bool)
    metrics = await client.get("/metrics")
    assert process.end() == 0
    tables = [doorkeeper.rows(Agency.POLICE, table) for table in ("journal", "deliveries", "sequences")]
    seen = [
        *(answer.text + str(answer.headers) for answer in [*answers, metrics]),
        *(repr(row) for table in tables for row in table),
        *(repr((one.key, one.value)) for one in arrivals.found),
        (tmp_path / "doors.log").read_text(),
    ]
    assert [where for where in seen if CANARY in where or "T.E." in where] == []
    assert [json.loads(line)["event"] for line in (tmp_path / "doors.log").read_text().splitlines()] == ["stopped"]
