"""Accepted -> visible: events at a steady rate through one door, timed by what the database says.

Run as `python -m bench.freshness [EVENTS_PER_S] [SECONDS]` while nothing else runs. A report is accepted at
`journal.accepted_at` and can be read from `entries.shown_at` on; both are clocks of this one machine. The row
becomes visible when its transaction commits, some milliseconds after `shown_at`: the figure leaves that out.
Every event is a new report of the heaviest type. The events are made before the clock starts, for the publisher
shares the machine with the platform. Printed besides: the stages, and what each process spent on an event.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import psycopg

from bench.cost import processor_seconds
from bench.figures import Figure, keep
from infra.embedded.databases import keep_passwords
from tests.controls.examples import submitted

_UNIT = "hotline_111"
_TYPE = "social_work.report_received.v1"
_LATENCY = """
select
  extract(epoch from i.recorded_at - j.accepted_at) * 1000,
  extract(epoch from e.shown_at - i.recorded_at) * 1000,
  extract(epoch from e.shown_at - j.accepted_at) * 1000
from door_social_work.journal as j
join view_hotline.entries as e on e.event_id = j.id
join case_record.inbox as i on i.source = j.source and i.id = j.id
where j.source = 'hotline_111' and j.id like 'bench-%'
"""


def main(rate: int, seconds: int) -> None:
    """Start a platform, publish, wait until all is visible, keep the percentiles."""
    with tempfile.TemporaryDirectory(prefix="ct") as folder:
        place = Path(folder) / "d"
        _chungtay("up", "--detach", "--data-dir", str(place))
        try:
            endpoints = json.loads((place / "endpoints.json").read_text(encoding="utf-8"))
            supervisor = json.loads((place / "run" / "state.json").read_text(encoding="utf-8"))["pid"]
            token = _chungtay(
                "token", "--agency", "social_work", "--unit", _UNIT, "--publisher", "--data-dir", str(place)
            ).strip()
            bodies = [_body(number) for number in range(rate * seconds)]
            before = processor_seconds(supervisor)
            took_s = asyncio.run(_publish(endpoints["agencies"]["social_work"], token, bodies, rate))
            stages = _await_visible(_owner(place, endpoints["postgres"]), len(bodies))
            after = processor_seconds(supervisor)
        finally:
            _chungtay("down", "--data-dir", str(place))
    spent = {name: seconds - before.get(name, 0.0) for name, seconds in after.items()}
    _tell(stages, spent, took_s)
    marks = statistics.quantiles(stages[2], n=100)
    keep(
        [
            Figure(f"freshness at {rate} events/s: accepted to visible, p50", "ms", marks[49], target=100),
            Figure(f"freshness at {rate} events/s: accepted to visible, p99", "ms", marks[98], target=500),
            Figure(
                f"freshness at {rate} events/s: processor time an event, all processes",
                "ms",
                sum(spent.values()) * 1000 / len(bodies),
            ),
        ]
    )


def _tell(stages: list[list[float]], spent: dict[str, float], took_s: float) -> None:
    events = len(stages[0])
    print(f"{events} events published in {took_s:.1f} s")  # noqa: T201
    for name, times in zip(("accepted to recorded", "recorded to visible"), stages[:2], strict=True):
        marks = statistics.quantiles(times, n=100)
        print(f"{name:<48} p50 {marks[49]:.0f} ms, p99 {marks[98]:.0f} ms")  # noqa: T201
    for name, seconds in sorted(spent.items(), key=lambda pair: -pair[1]):
        print(f"{name:<48} {seconds * 1000 / events:>9.2f} ms an event")  # noqa: T201


async def _publish(url: str, token: str, bodies: list[bytes], rate: int) -> float:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/cloudevents+json"}
    connector = aiohttp.TCPConnector(limit=100)
    async with aiohttp.ClientSession(url, headers=headers, connector=connector) as client:
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with asyncio.TaskGroup() as group:
            for number, body in enumerate(bodies):
                await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
                group.create_task(_send(client, body))
        return loop.time() - began


async def _send(client: aiohttp.ClientSession, body: bytes) -> None:
    async with client.post("/v1/events", data=body) as answer:
        answer.raise_for_status()


def _body(number: int) -> bytes:
    now = datetime.now(UTC)  # noqa: TID251 - a publisher's own clock
    event = submitted(_TYPE, id=f"bench-{number}", source=_UNIT, subject=f"bench-{number}", time=now)
    return event.model_dump_json(exclude_none=True).encode()


def _await_visible(dsn: str, wanted: int) -> list[list[float]]:
    """Return the milliseconds of each event: to be recorded, from there to be seen, together."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        while True:
            rows = connection.execute(_LATENCY).fetchall()
            if len(rows) >= wanted:
                return [[float(time) for time in column] for column in zip(*rows, strict=True)]
            connection.execute("select pg_sleep(0.5)")


def _owner(place: Path, operator: str) -> str:
    """Return the owner's DSN on the server that the operator's DSN names."""
    server = operator.rsplit("@", 1)[1]
    return f"postgresql://chungtay_owner:{keep_passwords(place / 'secrets')['chungtay_owner']}@{server}"


def _chungtay(*words: str) -> str:
    command = [str(Path(sys.executable).with_name("chungtay")), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout  # noqa: S603


if __name__ == "__main__":
    main(*(int(word) for word in (sys.argv[1:] or ["100", "20"])))
