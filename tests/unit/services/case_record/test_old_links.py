"""A history that an earlier release linked goes on, and what follows is linked as of now."""

from dataclasses import replace

from events.chain import Link, Way, first_break
from tests.controls.office import Office
from tests.controls.statements import at, states
from tests.controls.worlds import A_CASE, POLICE
from tests.fakes.memory_case_store import MemoryCaseStore
from tests.fixtures.old_links import linked_the_old_way


def links(store: MemoryCaseStore) -> list[list[Link]]:
    return [[Link(e.stream, e.version, e.recorded, e.digest, e.way) for e in each] for each in store.events.values()]


def test_what_an_earlier_release_linked_is_followed_by_links_of_now() -> None:
    store = MemoryCaseStore()
    before = Office(store)
    before.send(*A_CASE)
    for history in links(store):
        events = zip(store.events[history[0].stream], linked_the_old_way(history), strict=True)
        store.events[history[0].stream] = [replace(event, digest=old.digest, way=old.way) for event, old in events]
    after = Office(store)
    after.on |= before.on
    after.send(states("police.scene_attended", at=at("06T22:10"), by=POLICE))
    assert [first_break(chain) for chain in links(store)] == [None, None]
    assert [Way.BOXES, Way.DIGESTS] in [[one.way for one in chain[-2:]] for chain in links(store)]
