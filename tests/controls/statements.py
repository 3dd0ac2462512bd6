"""Statements as agencies make them, told as in the scenarios, and as their doors send them on (without boxes)."""

from collections.abc import Callable
from dataclasses import dataclass, field
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

_numbers = count(1)


def at(text: str) -> datetime:
    """Return a moment of scenario 1: `07T09:30` is 7 April 2026, 09:30 in Viet Nam."""
    return datetime.fromisoformat(f"2026-04-{text}:00+07:00")


@dataclass(frozen=True)
class States:
    """A unit states something about a report or case, named by whoever named it first.

    In `data`, `@ref:R-102` stands for the unit's own reference of R-102 and `@task` for the task given last.
    """

    type: str
    about: str
    by: str
    at: datetime
    id: str
    data: dict[str, Any] = field(default_factory=dict)


def states(type_: str, about: str = "C-55", *, at: datetime, **told: Any) -> States:
    """Return a statement of a type, in its first version unless told, by the unit that makes it in scenario 1."""
    wire_name = f"{type_}.{told.pop('version', 'v1')}"
    by, id_ = told.pop("by", example_unit(wire_name)), told.pop("id", None)
    return States(wire_name, about, by, at, id_ or f"{type_}-{next(_numbers)}", told)


def sealed(
    told: States, reference: str, sequence: int = 1, fill: Callable[[Any], Any] = lambda value: value
) -> SealedEvent:
    """Return what the unit's door makes of a statement; what is not told is as in the example of the type."""
    event = example_event(told.type, **{name: fill(value) for name, value in told.data.items()})
    return SealedEvent(
        id=told.id,
        source=told.by,
        type=told.type,
        subject=reference,
        sequence=sequence,
        time=told.at,
        recordedtime=told.at + timedelta(seconds=1),
        data=SealedContents(open=dict(split(event, told.at).open)),
    )


def message(statement: SealedEvent, door: Agency | None = None) -> Message:
    """Return a statement as it comes from its own door, or from another."""
    return Message(door or units()[statement.source].agency, to_bytes(statement))
