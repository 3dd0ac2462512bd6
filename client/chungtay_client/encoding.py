"""An event as it goes over the wire: the bytes that the receipt will commit to."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Event = Mapping[str, Any] | bytes

MOST_EVENTS = 200
MOST_BYTES = 4_000_000  # a door takes 8 MiB and 1,000 events at once


def encode(event: Event) -> bytes:
    """Return the bytes of an event; bytes stay as they are.

    Raises:
        ValueError: if it has no JSON form (NaN, half a surrogate pair); the message quotes nothing of it.
    """
    if isinstance(event, bytes):
        return event
    try:
        return json.dumps(event, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except (ValueError, TypeError, RecursionError) as problem:
        raise ValueError(f"The event has no JSON form: {type(problem).__name__}.") from None


def batch_body(events: Iterable[bytes]) -> bytes:
    """Return a batch in which every event keeps its own bytes."""
    return b"[" + b",".join(events) + b"]"


def batches(events: Iterable[Event]) -> Iterator[Sequence[bytes]]:
    """Yield the events in their order, in batches that a door takes; nothing is read further than one batch ahead."""
    batch: list[bytes] = []
    size = 0
    for event in events:
        sent = encode(event)
        if batch and (len(batch) == MOST_EVENTS or size + len(sent) > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(sent)
        size += len(sent)
    if batch:
        yield batch
