"""Many records are compared at once, and one that cannot be read keeps no other from it."""

from collections.abc import Collection
from dataclasses import replace

from structlog.testing import capture_logs

from infra.postgres.case_batch import AlikeRow, Batch, Key
from infra.postgres.faults import Conflict
from tests.controls.office import Office, letters
from tests.controls.statements import at, states
from tests.controls.worlds import HOSPITAL, POLICE, SCHOOL
from tests.fakes.memory_case_store import MemoryCaseStore

CALLS = (
    states("police.report_received", "R-1", at=at("06T21:10"), by=POLICE, id="heard"),
    states("education.concern_raised", "R-2", at=at("07T08:00"), by=SCHOOL, id="raised"),
    states("health.concern_raised", "R-3", at=at("07T09:00"), by=HOSPITAL, id="found"),
)


class _Asked(MemoryCaseStore):
    """A store in which all calls are about one child; it notes how often it is asked which are."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0
        rows = [AlikeRow(one.by, one.id, one.about) for one in CALLS]
        self.same_child = {(one.by, one.id): [row for row in rows if row.source != one.by] for one in CALLS}

    def alike(self, keys: Collection[Key]) -> dict[Key, list[AlikeRow]]:
        self.times += 1
        return super().alike(keys)


def _recorded() -> _Asked:
    """Return a register that has all calls and compared none."""
    store = _Asked()
    Office(store).record.handle(letters(CALLS, MemoryCaseStore()))
    assert len(store.comparing) == len(CALLS)
    return store


def _suggested(store: MemoryCaseStore) -> int:
    return [event.type for event in store.history].count("case.match_suggested.v1")


def test_who_is_alike_is_asked_once_for_many() -> None:
    store = _recorded()
    assert Office(store).record.compare() == len(CALLS)
    assert (store.times, _suggested(store), store.comparing) == (1, 6, {})


def test_what_cannot_be_read_waits_and_keeps_no_other_from_being_compared() -> None:
    store = _recorded()
    first, *_ = store.comparing
    store.events[first.stream][0] = replace(store.events[first.stream][0], recorded=b"{}")
    office = Office(store)
    with capture_logs() as logs:
        assert office.record.compare() == 2
        assert office.record.compare() == 0
    assert (_suggested(store), list(store.comparing)) == (2, [first])
    assert {one["event"] for one in logs} == {"not_compared"}
    assert str(first.stream) not in str(logs)


def test_a_history_that_goes_on_refusing_what_was_compared_is_told_of() -> None:
    store = _recorded()

    def refuse(_: Batch) -> None:
        raise Conflict

    store.before = refuse
    with capture_logs() as logs:
        assert Office(store).record.compare() == 0
    assert {(one["event"], one["reason"]) for one in logs} == {("not_compared", "conflict")}
    assert len(store.comparing) == len(CALLS)
