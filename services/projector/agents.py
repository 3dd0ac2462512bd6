"""The only Faust in the house: it hands batches over and lets no exception out.

Faust acknowledges an event whose handler raised, and with more than one at a time it acknowledges past an
event that is still in work (faust #606): so one agent, concurrency 1, and nothing rests on its positions.
What is lost here is found by the catching up (`services.projector.catching_up`).
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import faust
import structlog
from pydantic import ValidationError

from events.codec import from_bytes
from events.envelope import RecordedEvent
from infra.kafka.topics import CASE_TOPIC
from services.projector.hearing import Hearing
from services.projector.projecting import Arrived, Projecting
from services.projector.transport import QuickTransport

GROUP = "chungtay-projector"
BATCH = 200
WITHIN_S = 0.02

_log = structlog.get_logger()


def faust_app(broker: str, data_dir: Path, projecting: Projecting, hearing: Hearing) -> faust.App:
    """Return a Faust application, not started, that brings the case topic into the views."""
    data_dir.mkdir(parents=True, exist_ok=True)  # Faust makes an empty folder in it and keeps nothing there
    app = faust.App(
        GROUP,
        broker=f"kafka://{broker}",
        store="memory://",
        datadir=str(data_dir),
        web_enabled=False,
        autodiscover=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        broker_session_timeout=6,
        broker_heartbeat_interval=1,
        broker_rebalance_timeout=2,
        consumer_auto_offset_reset="earliest",
    )
    app.transport = QuickTransport(app.conf.broker, app)
    topic = app.topic(CASE_TOPIC, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")

    @app.agent(topic, concurrency=1, name="project")
    async def project(messages: Any) -> None:
        async for batch in messages.take(BATCH, within=WITHIN_S):
            hearing.heard()
            await hand_over(projecting, batch)

    return app


async def hand_over(projecting: Projecting, batch: Iterable[bytes]) -> None:
    """Project a batch; whatever happens, return."""
    try:
        await projecting.project([one for value in batch if (one := arrived(value))])
    except Exception as problem:  # noqa: BLE001 - Faust would acknowledge it all the same; the register has it
        _log.warning("left_to_catching_up", error=type(problem).__name__)


def arrived(value: bytes) -> Arrived | None:
    """Return what a message carries, or None when it is no recorded event."""
    try:
        event = from_bytes(RecordedEvent, value)
    except ValidationError:
        _log.warning("unreadable_message")
        return None
    return Arrived(event.subject, event.sequence, event)
