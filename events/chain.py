"""The hash that links each recorded event of a stream to the one before.

Source: architecture §4: H(previous ‖ stream ‖ version ‖ recorded bytes), SHA-256 with a domain prefix. Of a sealed box
a link takes its SHA-256 alone (decision 0036), so that whoever may have no box can still check it. What was recorded
before that keeps for ever the link it has, which was taken over the boxes themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from uuid import UUID

GENESIS = bytes(32)
_BOX, _END = b'"box":"', b'"'


class Way(IntEnum):
    """What a link was taken over; as stored beside it."""

    BOXES = 1  # the recorded bytes themselves; nothing is linked so any more
    DIGESTS = 2  # the recorded bytes without their boxes


_DOMAINS = {Way.BOXES: b"chungtay/chain/v1\x00", Way.DIGESTS: b"chungtay/chain/v2\x00"}
_OLD_END = b"chungtay/chain/v1-end\x00"


@dataclass(frozen=True, slots=True)
class Link:
    """One stored event with the hash that was written beside it."""

    stream: UUID
    version: int
    recorded: bytes
    digest: bytes
    way: Way = Way.DIGESTS


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place where a stream does not hold, and why."""

    stream: UUID
    version: int
    reason: str


def without_boxes(recorded: bytes) -> bytes:
    """Return recorded bytes with the SHA-256 of each box, in hex, in its place; canonical as they were.

    The database does the same for whoever may have no box (`case_record.events_without_boxes`), whatever bytes these
    are: those of a box that nothing ends are a box to the end. No two give the same, unless SHA-256 does.
    """
    before, *each = recorded.split(_BOX)
    return _BOX.join((before, *map(_with_digest, each)))


def link(previous: bytes, stream: UUID, version: int, recorded: bytes) -> bytes:
    """Return the digest of an event that follows `previous` (`tied` of the one before; GENESIS before version 1)."""
    return _digest(Way.DIGESTS, previous, stream, version, without_boxes(recorded))


def tied(way: Way, digest: bytes) -> bytes:
    """Return what the next link is taken over: it tells how this one was made, so that nobody can say otherwise."""
    return digest if way is Way.DIGESTS else sha256(_OLD_END + digest).digest()


def follows(before: Link | None, found: Link) -> bool:
    """Say whether an event with its exact bytes is linked to the one before it; `before` None: to nothing."""
    return _is_linked(before, found, without_boxes(found.recorded) if found.way is Way.DIGESTS else found.recorded)


def follows_without_boxes(before: Link | None, found: Link) -> bool | None:
    """Say the same of bytes as `without_boxes` returns them; None: a link over boxes cannot be checked without them."""
    if found.way is Way.BOXES and not _is_after_new(before) and _BOX in found.recorded:
        return None
    return _is_linked(before, found, found.recorded)


def first_break(links: Iterable[Link]) -> Broken | None:
    """Return the first break of one stream, or None when every event is there, in order, unchanged.

    Order: links of one stream by version, ascending, each with its exact bytes.
    """
    before: Link | None = None
    for expected, found in enumerate(links, start=1):
        if found.version != expected:
            return Broken(found.stream, expected, "missing")
        if not follows(before, found):
            return Broken(found.stream, found.version, "changed")
        before = found
    return None


def _with_digest(from_box: bytes) -> bytes:
    box, end, after = from_box.partition(_END)
    return sha256(box).hexdigest().encode() + end + after


def _is_linked(before: Link | None, found: Link, linked: bytes) -> bool:
    if found.way is Way.BOXES:
        if _is_after_new(before):
            return False
        previous = before.digest if before else GENESIS
    else:
        previous = tied(before.way, before.digest) if before else GENESIS
    return _digest(found.way, previous, found.stream, found.version, linked) == found.digest


def _is_after_new(before: Link | None) -> bool:
    """Say whether nothing of the old way may follow."""
    return before is not None and before.way is Way.DIGESTS


def _digest(way: Way, previous: bytes, stream: UUID, version: int, linked: bytes) -> bytes:
    return sha256(_DOMAINS[way] + previous + stream.bytes + version.to_bytes(8, "big") + linked).digest()
