"""Statements as doors send them to the case record: sealed events, here without boxes."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from events.codec import to_bytes
from events.compartments import split
from events.envelope import SealedContents, SealedEvent
from events.parties import Agency
from events.units import units
from services.case_record.messages import Message
from tests.controls.examples import example_event, example_unit

MONDAY_EVENING = datetime.fromisoformat("2026-04-06T21:10:00+07:00")
_numbers = count(1)


def at(text: str) -> datetime:
    """Return a moment of scenario 1: `07T09:30` is 7 April 2026, 09:30 in Viet Nam."""
    return datetime.fromisoformat(f"2026-04-{text}:00+07:00")


def statement(type_: str, reference: str = "R-101", sequence: int = 1, **changes: Any) -> SealedEvent:
    """Return the example of a type as its unit's door sends it; `data` is laid over the example's data."""
    time = changes.pop("time", MONDAY_EVENING)
    opened = split(example_event(type_, **changes.pop("data", {})), time).open
    attributes: dict[str, Any] = {
        "id": f"{type_}-{next(_numbers)}",
        "source": example_unit(type_),
        "recordedtime": time + timedelta(seconds=1),
    }
    return SealedEvent(
        **attributes | changes,
        type=type_,
        subject=reference,
        sequence=sequence,
        time=time,
        data=SealedContents(open=dict(opened)),
    )


def message(sealed: SealedEvent, door: Agency | None = None) -> Message:
    """Return a statement as it comes from its own door, or from another."""
    return Message(door or units()[sealed.source].agency, to_bytes(sealed))
