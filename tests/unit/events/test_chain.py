"""No recorded event can be changed, left out or moved unnoticed."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from events.chain import GENESIS, Link, first_break, link

STREAM = UUID("5b0c6a52-7d43-4a18-9d13-0c1d5a1e0055")


def chained(recorded: list[bytes], stream: UUID = STREAM) -> list[Link]:
    made: list[Link] = []
    previous = GENESIS
    for version, raw in enumerate(recorded, start=1):
        previous = link(previous, stream, version, raw)
        made.append(Link(stream, version, raw, previous))
    return made


histories = st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=6).map(chained)


@given(histories)
def test_an_untouched_history_holds(history: list[Link]) -> None:
    assert first_break(history) is None


@given(histories, st.data())
def test_any_flipped_bit_is_found_where_it_is(history: list[Link], draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(history) - 1))
    touched = bytearray(history[at].recorded)
    bit = draw.draw(st.integers(0, len(touched) * 8 - 1))
    touched[bit // 8] ^= 1 << (bit % 8)
    broken = [*history[:at], Link(STREAM, at + 1, bytes(touched), history[at].digest), *history[at + 1 :]]
    found = first_break(broken)
    assert found is not None
    assert (found.version, found.reason) == (at + 1, "changed")


@given(histories, st.data())
def test_a_missing_event_is_found(history: list[Link], draw: st.DataObject) -> None:
    longer = chained([*(one.recorded for one in history), b"last"])
    at = draw.draw(st.integers(0, len(longer) - 2))
    found = first_break([*longer[:at], *longer[at + 1 :]])
    assert found is not None
    assert (found.version, found.reason) == (at + 1, "missing")


def test_a_changed_event_with_a_new_digest_breaks_the_next() -> None:
    history = chained([b"one", b"two", b"three"])
    forged = Link(STREAM, 2, b"TWO", link(history[0].digest, STREAM, 2, b"TWO"))
    found = first_break([history[0], forged, history[2]])
    assert found is not None
    assert (found.version, found.reason) == (3, "changed")


def test_a_history_does_not_hold_under_another_stream() -> None:
    other = UUID("5b0c6a52-7d43-4a18-9d13-0c1d5a1e0101")
    moved = [Link(other, one.version, one.recorded, one.digest) for one in chained([b"one"])]
    assert first_break(moved) is not None


def test_an_empty_history_holds() -> None:
    assert first_break([]) is None
