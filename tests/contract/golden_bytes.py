"""Makes the golden bytes: each type's example as it travels sealed and as it rests recorded.

`python -m tests.contract.golden_bytes` writes the files that are missing and never changes one: bytes that
were once recorded are hashed and read for ever. The boxes are not encrypted but hold the clear canonical
values in base64, so that the files pin the shape of every compartment too.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from events.codec import canonical, read_submitted, to_bytes
from events.compartments import Compartment, SealedCompartment, split
from events.envelope import RecordedContents, RecordedEvent, SealedContents, SealedEvent, SubmittedEvent
from events.registry import EVENT_CLASSES
from events.units import units
from tests.controls.examples import AGENCY_TYPES, submitted

GOLDEN = Path(__file__).parent / "golden"
STREAM = UUID("5b0c6a52-7d43-4a18-9d13-0c1d5a1e0055")
_ACCEPTED = datetime.fromisoformat("2026-04-06T14:10:01.000002+00:00")
_ENVELOPE = {"specversion", "id", "source", "type", "time", "datacontenttype"}


def golden_files() -> Iterator[tuple[str, bytes]]:
    """Yield each file's name and bytes: one recorded event per type, one sealed event per agency type."""
    for type_ in EVENT_CLASSES:
        yield f"{type_}.json", to_bytes(recorded(type_)) + b"\n"
    for type_ in AGENCY_TYPES:
        yield f"{type_}.sealed.json", to_bytes(sealed(type_)) + b"\n"


def sealed(type_: str) -> SealedEvent:
    """Return the example as its door passes it on."""
    example = submitted(type_)
    return SealedEvent(
        **example.model_dump(include=_ENVELOPE),
        subject=example.subject,
        recordedtime=_ACCEPTED,
        sequence=7,
        data=_contents(example),
    )


def recorded(type_: str) -> RecordedEvent:
    """Return the example as the case record keeps it."""
    example = submitted(type_)
    return RecordedEvent(
        **example.model_dump(include=_ENVELOPE),
        causationid=None if type_ in AGENCY_TYPES else "example-cause",
        subject=STREAM,
        recordedtime=_ACCEPTED + timedelta(seconds=1),
        sequence=3,
        simulated=True,
        data=RecordedContents(**dict(_contents(example)), nonce="0f" * 16),
    )


def read_boxes(contents: SealedContents) -> tuple[bytes, ...]:
    """Return the clear canonical values of the fake boxes."""
    return tuple(b64decode(box.box) for box in contents.sealed)


def _contents(example: SubmittedEvent) -> SealedContents:
    parts = split(read_submitted(example), example.time)
    return SealedContents(open=dict(parts.open), sealed=tuple(_fake_box(example, part) for part in parts.compartments))


def _fake_box(example: SubmittedEvent, part: Compartment) -> SealedCompartment:
    clear = canonical(dict(part.values))
    return SealedCompartment(
        category=part.category,
        part=part.part,
        form=part.form,
        subject=f"{example.source}/{example.subject}#{part.person}",
        owner=units()[example.source].agency,
        key_id=f"key-{part.category}-{part.part}-{part.form}",
        box=b64encode(clear).decode(),
        commitment=sha256(clear).hexdigest(),
    )


def write_missing() -> None:
    """Write the files that are not there yet."""
    for name, raw in golden_files():
        path = GOLDEN / name
        if not path.exists():
            path.write_bytes(raw)


if __name__ == "__main__":
    write_missing()
