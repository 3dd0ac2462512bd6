"""The private name by which the fetch wait is shortened means what we think it means."""

from pathlib import Path
from typing import Any

from infra.embedded.tansu import EmbeddedTansu
from infra.kafka.topics import ensure_topics
from services.projector.agents import faust_app
from services.projector.hearing import Hearing
from services.projector.projecting import Projecting
from services.projector.transport import FETCH_WAIT_MS
from tests.waiting import eventually_async


async def test_the_running_consumer_waits_no_longer_than_we_said(
    tmp_path: Path, fresh_tansu: EmbeddedTansu, projecting: Projecting
) -> None:
    await ensure_topics(fresh_tansu.address)
    app = faust_app(fresh_tansu.address, tmp_path / "faust", projecting, Hearing())
    app.finalize()
    await app.start()
    try:
        running: Any = app.consumer
        consumer = running._thread._consumer

        async def fetching() -> bool:
            return consumer._fetcher is not None

        await eventually_async(fetching, within_s=60)
        assert consumer._fetcher._fetch_max_wait_ms == FETCH_WAIT_MS
    finally:
        await app.stop()
