"""Accepted -> visible: events at a steady rate through one door, timed by what the database says.

Run as `python -m bench.freshness [EVENTS_PER_S] [SECONDS]` while nothing else runs. A report is accepted at
`journal.accepted_at` and can be read from `entries.shown_at` on; both are clocks of this one machine. The row
becomes visible when its transaction commits, some milliseconds after `shown_at`: the figure leaves that out.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg

from bench.figures import Figure, keep
from infra.embedded.databases import keep_passwords
from tests.controls.examples import submitted

_UNIT = "hotline_111"
_TYPE = "social_work.report_received.v1"
_LATENCY = """
select extract(epoch from e.shown_at - j.accepted_at) * 1000
from door_social_work.journal as j join view_hotline.entries as e on e.event_id = j.id
where j.source = 'hotline_111' and j.id like 'bench-%'
"""


def main(rate: int, seconds: int) -> None:
    """Start a platform, publish, wait until all is visible, keep the percentiles."""
    with tempfile.TemporaryDirectory(prefix="ct") as folder:
        place = Path(folder) / "d"
        _chungtay("up", "--detach", "--data-dir", str(place))
        try:
            endpoints = json.loads((place / "endpoints.json").read_text(encoding="utf-8"))
            token = _chungtay(
                "token", "--agency", "social_work", "--unit", _UNIT, "--publisher", "--data-dir", str(place)
            ).strip()
            asyncio.run(_publish(endpoints["agencies"]["social_work"], token, rate, seconds))
            latencies = _await_visible(_owner(place, endpoints["postgres"]), rate * seconds)
        finally:
            _chungtay("down", "--data-dir", str(place))
    marks = statistics.quantiles(latencies, n=100)
    keep(
        [
            Figure(f"freshness at {rate} events/s: accepted to visible, p50", "ms", marks[49], target=100),
            Figure(f"freshness at {rate} events/s: accepted to visible, p99", "ms", marks[98], target=500),
        ]
    )


async def _publish(url: str, token: str, rate: int, seconds: int) -> None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/cloudevents+json"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30, trust_env=False) as client:
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with asyncio.TaskGroup() as group:
            for number in range(rate * seconds):
                await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
                group.create_task(_send(client, number))


async def _send(client: httpx.AsyncClient, number: int) -> None:
    now = datetime.now(UTC)  # noqa: TID251 - a publisher's own clock
    event = submitted(_TYPE, id=f"bench-{number}", source=_UNIT, subject=f"bench-{number}", time=now)
    answer = await client.post("/v1/events", content=event.model_dump_json(exclude_none=True))
    answer.raise_for_status()


def _await_visible(dsn: str, wanted: int) -> list[float]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        while True:
            rows = connection.execute(_LATENCY).fetchall()
            if len(rows) >= wanted:
                return [float(row[0]) for row in rows]
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
