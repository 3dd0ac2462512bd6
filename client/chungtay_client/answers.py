"""What a door answers, as typed values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

from chungtay_client.problems import Problem

Outcome = Literal["accepted", "duplicate", "refused"]


class Receipt(TypedDict):
    """That a door keeps an event for ever; JSON as it came, to be stored beside the bytes that were sent.

    `content_sha256` is SHA-256 over salt and bytes as sent; `number` counts the receipts of a source without gaps;
    `previous` is the digest of the one before; the signature covers everything but the salt.
    """

    source: str
    id: str
    number: int
    accepted_at: str
    simulated: bool
    content_sha256: str
    salt: str | None
    previous: str
    key_id: str
    signature: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The event is kept; `duplicate`: it was before, and this is its first receipt. `sent` is what it commits to."""

    receipt: Receipt
    duplicate: bool
    sent: bytes


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The event would be taken, `duplicate`: as one that is kept already. Nothing was written."""

    duplicate: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one event among many; `number` counts from 1. Accepted and no receipt: a rehearsal."""

    number: int
    outcome: Outcome
    sent: bytes
    receipt: Receipt | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """What became of an event: accepted, published, waiting, recorded or rejected (then `problem` says why).

    Times are RFC 3339 texts; `case` is the unit's own reference.
    """

    source: str
    id: str
    status: str
    accepted_at: str
    recorded_at: str | None
    case: str | None
    problem: Mapping[str, Any] | None
