"""The chain of a stream holds exactly when nothing was changed, dropped, added or moved."""

from dataclasses import replace
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from events.chain import GENESIS, Link, first_break, link

STREAM = UUID(int=7)
bodies = st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=6)


def chain_of(recorded: list[bytes], stream: UUID = STREAM) -> list[Link]:
    links: list[Link] = []
    for version, body in enumerate(recorded, start=1):
        previous = links[-1].digest if links else GENESIS
        links.append(Link(stream, version, body, link(previous, stream, version, body)))
    return links


@given(bodies)
def test_an_untouched_chain_holds(recorded: list[bytes]) -> None:
    assert first_break(chain_of(recorded)) is None


@given(bodies, st.data())
def test_any_flipped_bit_is_found_at_its_event(recorded: list[bytes], data: st.DataObject) -> None:
    links = chain_of(recorded)
    place = data.draw(st.integers(0, len(links) - 1))
    in_digest = data.draw(st.booleans())
    hit = links[place]
    old = hit.digest if in_digest else hit.recorded
    changed = bytearray(old)
    changed[data.draw(st.integers(0, len(old) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    links[place] = replace(hit, digest=bytes(changed)) if in_digest else replace(hit, recorded=bytes(changed))
    found = first_break(links)
    assert found is not None
    assert (found.version, found.reason) == (place + 1, "changed")


@given(bodies, st.data())
def test_a_dropped_event_before_the_last_is_found(recorded: list[bytes], data: st.DataObject) -> None:
    links = chain_of([*recorded, b"last"])
    place = data.draw(st.integers(0, len(links) - 2))
    del links[place]
    found = first_break(links)
    assert found is not None
    assert (found.version, found.reason) == (place + 1, "missing")


@given(bodies, st.data())
def test_neighbours_that_changed_places_are_found(recorded: list[bytes], data: st.DataObject) -> None:
    links = chain_of([*recorded, b"last"])
    place = data.draw(st.integers(0, len(links) - 2))
    links[place], links[place + 1] = links[place + 1], links[place]
    assert first_break(links) is not None


@given(bodies)
def test_a_chain_belongs_to_its_stream(recorded: list[bytes]) -> None:
    moved = [replace(found, stream=UUID(int=8)) for found in chain_of(recorded)]
    assert first_break(moved) is not None


@given(bodies)
def test_every_digest_depends_on_all_before_it(recorded: list[bytes]) -> None:
    links, other = chain_of(recorded), chain_of([b"another first", *recorded[1:]])
    assert recorded[0] == b"another first" or all(
        one.digest != two.digest for one, two in zip(links, other, strict=True)
    )
    assert all(one.digest != two.digest for one, two in pairwise(links))
