"""Recorded events of every type, as a projector reads them; the boxes hold a mark instead of a sealed value."""

from base64 import b64encode
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from events.codec import canonical
from events.compartments import Compartment, SealedCompartment, split
from events.envelope import RecordedContents, RecordedEvent
from events.parties import Agency
from events.units import units
from tests.controls.examples import example_event, example_unit

CASE = UUID("5b0c6a52-7d43-4a18-9d13-0c1d5a1e0055")
REPORT = UUID("5b0c6a52-7d43-4a18-9d13-0c1d5a1e0101")
OTHER_REPORT = UUID("5b0c6a52-7d43-4a18-9d13-0c1d5a1e0102")
START = datetime(2026, 4, 6, 14, 10, tzinfo=UTC)


def recorded(type_: str, version: int = 1, *, stream: UUID = CASE, **envelope: Any) -> RecordedEvent:
    """Return the example of a type as recorded; `data` is laid over the example's data."""
    at = envelope.pop("time", START + timedelta(minutes=version))
    source = envelope.pop("source", example_unit(type_))
    event = example_event(type_, **envelope.pop("data", {}))
    taken = split(event, at)
    found = units().get(source)
    boxes = tuple(sealed_mark(one, found.agency if found else Agency.SOCIAL_WORK, source) for one in taken.compartments)
    contents = RecordedContents(open=dict(taken.open), sealed=boxes, nonce=f"{version:032x}")
    return RecordedEvent(
        id=envelope.pop("id", f"{stream.hex[-4:]}-{version}"),
        source=source,
        type=type_,
        time=at,
        subject=stream,
        recordedtime=envelope.pop("recordedtime", at + timedelta(seconds=1)),
        sequence=version,
        data=contents,
        **envelope,
    )


def sealed_mark(one: Compartment, owner: Agency, source: str) -> SealedCompartment:
    """Stand for a sealed compartment: its own values are the box, so that a test can read what was routed."""
    plaintext = canonical(dict(one.values))
    return SealedCompartment(
        category=one.category,
        part=one.part,
        form=one.form,
        subject=f"{source}/R-101#{one.person}",
        owner=owner,
        key_id=f"{one.category}.{one.part}.{one.form}",
        box=b64encode(plaintext).decode("ascii"),
        commitment=sha256(plaintext).hexdigest(),
    )


def stream_of(types: Iterable[tuple[str, dict[str, Any]]], stream: UUID = CASE) -> list[RecordedEvent]:
    """Return events of one stream, numbered from 1."""
    return [recorded(type_, version, stream=stream, **changes) for version, (type_, changes) in enumerate(types, 1)]


def joined(
    audience: str, unit: str | None, reference: str | None, because: str = "invited"
) -> tuple[str, dict[str, Any]]:
    """Return what records that a party joined, for `stream_of`."""
    data = {"audience": audience, "unit": unit, "reference": reference, "because": because}
    return "case.party_joined.v1", {"data": data}
