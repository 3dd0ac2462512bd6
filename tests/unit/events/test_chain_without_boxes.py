"""A link takes the digest of a box, so it can be checked without the box; the links of before are read for ever."""

import json
from dataclasses import replace
from hashlib import sha256
from itertools import product
from uuid import UUID

import pytest

from events.chain import (
    GENESIS,
    Broken,
    Link,
    Way,
    first_break,
    follows,
    follows_without_boxes,
    link,
    tied,
    without_boxes,
)
from events.codec import canonical
from tests.contract.golden_bytes import GOLDEN
from tests.fixtures.old_links import linked_the_old_way, old_link

STREAM = UUID("5b0c6a52-7d43-4a18-9d13-0c1d5a1e0055")
RECORDED = [path.read_bytes().rstrip(b"\n") for path in sorted(GOLDEN.glob("*.v?.json"))]
SEALED = [raw for raw in RECORDED if b'"box":' in raw][:3]
OPEN = next(raw for raw in RECORDED if b'"box":' not in raw)


def continued(before: Link | None, *recorded: bytes) -> list[Link]:
    """Return the events that follow, linked as they are now."""
    made: list[Link] = []
    for raw in recorded:
        previous = tied(before.way, before.digest) if before else GENESIS
        version = before.version + 1 if before else 1
        before = Link(STREAM, version, raw, link(previous, STREAM, version, raw))
        made.append(before)
    return made


def seen_without_boxes(history: list[Link]) -> list[bool | None]:
    shown = [replace(one, recorded=without_boxes(one.recorded)) for one in history]
    return [follows_without_boxes(before, one) for before, one in zip([None, *shown], shown, strict=False)]


def with_another_box(raw: bytes) -> bytes:
    at = raw.index(b'"box":"') + len(b'"box":"')
    return raw[:at] + (b"B" if raw[at : at + 1] == b"A" else b"A") + raw[at + 1 :]


@pytest.mark.parametrize("raw", RECORDED)
def test_each_box_gives_place_to_its_digest_and_nothing_else_changes(raw: bytes) -> None:
    told = json.loads(raw)
    for sealed in told["data"]["sealed"]:
        sealed["box"] = sha256(sealed["box"].encode()).hexdigest()
    assert without_boxes(raw) == canonical(told)


def test_a_box_that_nothing_ends_is_a_box_to_the_end() -> None:
    assert without_boxes(b'{"box":"QUJD') == b'{"box":"' + sha256(b"QUJD").hexdigest().encode()


def test_no_two_give_the_same_however_marks_of_boxes_lie_in_one_another() -> None:
    pieces = (b'"box":"', b'"box":', b'box":"', b'"', b"A", b"B")
    told = {b"".join(each) for length in range(5) for each in product(pieces, repeat=length)}
    assert len({without_boxes(one) for one in told}) == len(told) > 1000


def test_there_are_types_with_boxes_and_without() -> None:
    assert len(SEALED) == 3
    assert OPEN


def test_a_history_holds_with_its_boxes_and_without() -> None:
    history = continued(None, *SEALED)
    assert first_break(history) is None
    assert seen_without_boxes(history) == [True, True, True]


def test_a_changed_box_is_found_with_the_boxes_and_without() -> None:
    history = continued(None, *SEALED)
    history[1] = replace(history[1], recorded=with_another_box(history[1].recorded))
    assert first_break(history) == Broken(STREAM, 2, "changed")
    assert seen_without_boxes(history) == [True, False, True]


def test_a_digest_in_the_place_of_its_box_is_found() -> None:
    [one] = continued(None, SEALED[0])
    assert not follows(None, replace(one, recorded=without_boxes(one.recorded)))


def test_a_box_in_the_place_of_its_digest_is_found() -> None:
    [one] = continued(None, SEALED[0])
    assert follows_without_boxes(None, one) is False


def test_a_link_of_before_holds_for_ever_and_is_followed_by_those_of_now() -> None:
    before = linked_the_old_way(continued(None, *SEALED))
    assert first_break(before) is None
    history = [*before, *continued(before[-1], OPEN, SEALED[0])]
    assert first_break(history) is None
    assert seen_without_boxes(history) == [None, None, None, True, True]


def test_what_was_linked_before_and_has_no_box_is_checked_without_them() -> None:
    [one] = linked_the_old_way(continued(None, OPEN))
    assert follows_without_boxes(None, one) is True
    assert follows_without_boxes(None, replace(one, recorded=one.recorded.replace(b"case", b"CASE", 1))) is False


def test_a_change_in_what_was_linked_before_is_found_over_its_boxes() -> None:
    before = linked_the_old_way(continued(None, *SEALED))
    before[2] = replace(before[2], recorded=with_another_box(before[2].recorded))
    assert first_break(before) == Broken(STREAM, 3, "changed")


def test_nothing_of_the_old_way_follows_one_of_now() -> None:
    """Not even an event whose old link was made with care: it would be one that nobody checks without its boxes."""
    history = continued(None, *SEALED)
    again = linked_the_old_way(history)[1]
    digest = old_link(history[0].digest, STREAM, 2, again.recorded)
    forged = [history[0], replace(again, digest=digest), history[2]]
    assert first_break(forged) == Broken(STREAM, 2, "changed")
    assert seen_without_boxes(forged)[1] is False


def test_a_beginning_said_to_be_of_the_old_way_is_found_where_the_new_one_begins() -> None:
    history = continued(None, *SEALED)
    forged = [replace(history[0], way=Way.BOXES), *history[1:]]
    assert first_break(forged) == Broken(STREAM, 1, "changed")
    assert seen_without_boxes(forged) == [None, False, True]
