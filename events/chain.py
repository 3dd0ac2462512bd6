"""The hash that links each recorded event of a stream to the one before.

Source: architecture §4: H(previous ‖ stream ‖ version ‖ recorded bytes), SHA-256 with a domain prefix.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

GENESIS = bytes(32)
_DOMAIN = b"chungtay/chain/v1\x00"


@dataclass(frozen=True, slots=True)
class Link:
    """One stored event with the hash that was written beside it."""

    stream: UUID
    version: int
    recorded: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place where a stream does not hold, and why."""

    stream: UUID
    version: int
    reason: str


def link(previous: bytes, stream: UUID, version: int, recorded: bytes) -> bytes:
    """Return the digest of an event that follows `previous` (GENESIS before version 1)."""
    return sha256(_DOMAIN + previous + stream.bytes + version.to_bytes(8, "big") + recorded).digest()


def first_break(links: Iterable[Link]) -> Broken | None:
    """Return the first break of one stream, or None when every event is there, in order, unchanged.

    Order: links of one stream by version, ascending.
    """
    previous = GENESIS
    for expected, found in enumerate(links, start=1):
        if found.version != expected:
            return Broken(found.stream, expected, "missing")
        if link(previous, found.stream, found.version, found.recorded) != found.digest:
            return Broken(found.stream, found.version, "changed")
        previous = found.digest
    return None
