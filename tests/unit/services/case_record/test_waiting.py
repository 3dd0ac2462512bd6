"""What cannot be decided on yet waits, visibly, and is retried when its turn has come; not for ever."""

from datetime import timedelta

import pytest

from services.case_record.messages import Message
from tests.controls.office import Office, letters
from tests.controls.statements import at, message, sealed, states
from tests.controls.worlds import A_CASE, A_FORWARDED_REPORT, A_REPORT, COMMITTEE, HOTLINE, POLICE, SCHOOL, WORKER
from tests.fakes.memory_case_store import MemoryCaseStore

INVITED = states("social_work.agency_invited", at=at("06T22:25"), unit=SCHOOL)
FORWARDED = A_FORWARDED_REPORT[1]
WEEK = timedelta(days=7)


@pytest.fixture
def store() -> MemoryCaseStore:
    return MemoryCaseStore()


@pytest.fixture
def office(store: MemoryCaseStore) -> Office:
    return Office(store)


def told(office: Office, *messages: Message) -> list[tuple[str | None, str, str | None]]:
    return [(outcome.id, outcome.status, outcome.reason) for outcome in office.handle(messages)]


def test_an_unknown_reference_waits_and_is_retried_when_it_appears(store: MemoryCaseStore, office: Office) -> None:
    *report, opened, invited = letters((*A_CASE, INVITED), MemoryCaseStore())
    assert told(office, invited) == [(INVITED.id, "waiting", "earlier_missing")]
    assert told(office, opened) == [("opened", "waiting", "unknown_reference")]
    outcomes = told(office, *report)
    assert {status for _, status, _ in outcomes} == {"recorded"}
    assert {"opened", INVITED.id} <= {id_ for id_, _, _ in outcomes}
    assert not store.aside


def test_what_waits_is_kept_as_it_came(store: MemoryCaseStore, office: Office) -> None:
    *_, opened = letters(A_CASE, MemoryCaseStore())
    office.handle([opened])
    (row,) = store.aside.values()
    assert (row.message, row.since, row.agency) == (opened.raw, office.clock.moment, "social_work")


def test_delivered_again_it_goes_on_waiting_once(store: MemoryCaseStore, office: Office) -> None:
    *_, opened = letters(A_CASE, MemoryCaseStore())
    office.handle([opened])
    before = dict(store.aside)
    office.clock.moment += timedelta(hours=1)
    assert told(office, opened) == [("opened", "waiting", "unknown_reference")]
    assert store.aside == before


def test_a_gap_waits_until_it_is_closed_and_order_is_kept(office: Office) -> None:
    first, *later = letters(A_FORWARDED_REPORT, MemoryCaseStore())
    assert [status for _, status, _ in told(office, *reversed(later))] == ["waiting"] * 3
    assert [id_ for id_, _, _ in told(office, first)] == [one.id for one in A_FORWARDED_REPORT]


def test_what_makes_a_reference_known_goes_before_those_that_wait_for_it(office: Office) -> None:
    """The door counted a forwarding first; if the report waited behind it, both would wait for ever."""
    early = message(sealed(FORWARDED, "R-101", 1))
    report = message(sealed(A_REPORT[0], "R-101", 2))
    assert told(office, early) == [(FORWARDED.id, "waiting", "unknown_reference")]
    assert told(office, report) == [(A_REPORT[0].id, "recorded", None), (FORWARDED.id, "recorded", None)]


def test_what_makes_a_reference_known_waits_for_what_is_still_to_come(store: MemoryCaseStore, office: Office) -> None:
    early, report = message(sealed(FORWARDED, "R-101", 1)), message(sealed(A_REPORT[0], "R-101", 2))
    assert told(office, report) == [(A_REPORT[0].id, "waiting", "earlier_missing")]
    assert told(office, early) == [
        (FORWARDED.id, "waiting", "unknown_reference"),
        (A_REPORT[0].id, "recorded", None),
        (FORWARDED.id, "recorded", None),
    ]
    assert not store.aside


@pytest.mark.parametrize("reference", ["R-404", "R-101", "hidden"], ids=["unknown", "another unit's", "hidden"])
def test_unknown_hidden_and_not_yours_are_the_same(office: Office, reference: str) -> None:
    """R-101 is the hotline's name; the school takes no part in it and no name of its own leads there."""
    office.send(*A_REPORT)
    hidden = office.name(HOTLINE, "R-101") if reference == "hidden" else reference
    asked = states("education.attendance_noted", at=at("07T09:00"), by=SCHOOL)
    (outcome,) = office.handle([message(sealed(asked, hidden))])
    assert (outcome.status, outcome.reason, outcome.reference) == ("waiting", "unknown_reference", None)


def test_after_a_week_it_is_rejected(store: MemoryCaseStore, office: Office) -> None:
    *_, opened = letters(A_CASE, MemoryCaseStore())
    office.handle([opened])
    office.clock.moment += WEEK
    assert office.expire() == []
    office.clock.moment += timedelta(seconds=1)
    (outcome,) = office.expire()
    assert (outcome.id, outcome.status, outcome.reason) == ("opened", "rejected", "unknown_reference")
    assert not store.aside
    assert store.decided[WORKER, "opened"].reason == "unknown_reference"


def test_how_long_it_may_wait_can_be_set(store: MemoryCaseStore) -> None:
    office = Office(store, patience=timedelta(minutes=5))
    *_, opened = letters(A_CASE, MemoryCaseStore())
    office.handle([opened])
    office.clock.moment += timedelta(minutes=6)
    assert [outcome.status for outcome in office.expire()] == ["rejected"]


def test_a_gap_that_is_never_closed_is_rejected_and_the_next_goes_on(office: Office) -> None:
    first, _, third, fourth = letters(A_FORWARDED_REPORT, MemoryCaseStore())
    office.handle([first, third])
    office.clock.moment += WEEK + timedelta(seconds=1)
    office.handle([fourth])
    outcomes = {outcome.id: (outcome.status, outcome.reason) for outcome in office.expire()}
    assert outcomes == {
        A_FORWARDED_REPORT[2].id: ("rejected", "earlier_missing"),
        A_FORWARDED_REPORT[3].id: ("recorded", None),
    }


def test_what_came_too_late_for_its_gap_is_still_recorded(office: Office) -> None:
    first, second, third, _ = letters(A_FORWARDED_REPORT, MemoryCaseStore())
    office.handle([first, third])
    office.clock.moment += WEEK + timedelta(seconds=1)
    office.expire()
    assert told(office, second) == [(A_FORWARDED_REPORT[1].id, "recorded", None)]


def test_a_rejected_message_stays_rejected(office: Office) -> None:
    *report, opened = letters(A_CASE, MemoryCaseStore())
    office.handle([opened])
    office.clock.moment += WEEK + timedelta(seconds=1)
    office.expire()
    office.handle(report)
    assert told(office, opened) == [("opened", "rejected", "unknown_reference")]


def test_a_door_that_was_not_told_is_told_after_the_next_start(store: MemoryCaseStore, office: Office) -> None:
    """The process ended between the commit and the outcome; a door does not ask after a message that waits."""
    *report, opened = letters(A_CASE, MemoryCaseStore())
    office.handle([opened])
    office.record.handle(report)
    after = Office(store)
    assert ("opened", "recorded") in [(outcome.id, outcome.status) for outcome in after.retry()]
    assert not store.aside
    assert after.retry() == []


def test_after_a_start_everything_that_waits_is_tried_again(store: MemoryCaseStore, office: Office) -> None:
    """Messages are tried one by one after a failure, and the process may end before what they set free."""
    first, *later = letters(A_FORWARDED_REPORT, MemoryCaseStore())
    office.handle(later)
    aside = dict(store.aside)
    office.handle([first])
    emptied = MemoryCaseStore()
    Office(emptied).handle([first])
    emptied.aside |= aside
    assert [outcome.status for outcome in Office(emptied).retry()] == ["recorded"] * 3
    assert not emptied.aside


def test_the_name_given_to_another_unit_sets_its_messages_free(office: Office) -> None:
    """The committee's statement comes before the hotline's forwarding that names the report for it."""
    verified = states("social_work.report_verified", "R-101", at=at("06T21:40"), by=COMMITTEE)
    *before, forwarded, early = letters((*A_REPORT, A_FORWARDED_REPORT[2], verified), MemoryCaseStore())
    assert told(office, early) == [(verified.id, "waiting", "unknown_reference")]
    assert told(office, *before, forwarded)[-1] == (verified.id, "recorded", None)


def test_a_message_may_go_on_waiting_for_something_else(store: MemoryCaseStore, office: Office) -> None:
    """The merge waits for its case; when that is open it waits for the report that it merges."""
    merged = sealed(
        states("social_work.reports_merged", at=at("07T08:00"), report="R-102-OF-THE-WORKER", id="merged"), "C-55", 2
    )
    assert told(office, message(merged)) == [("merged", "waiting", "earlier_missing")]
    since = office.clock.moment
    office.clock.moment += timedelta(hours=1)
    outcomes = told(office, *letters(A_CASE, MemoryCaseStore()))
    assert outcomes[-1] == ("merged", "waiting", "unknown_reference")
    (row,) = store.aside.values()
    assert (row.reference, row.since) == ("R-102-OF-THE-WORKER", since)


def test_another_agencys_reference_of_the_same_name_frees_nothing(office: Office) -> None:
    scene = message(sealed(states("police.scene_attended", "R-101", at=at("06T21:40"), by=POLICE), "R-101"))
    office.handle([scene])
    assert [id_ for id_, _, _ in told(office, *letters(A_REPORT, MemoryCaseStore()))] == [A_REPORT[0].id]
