"""Two units name the same child, neither seeing the other's record: both are told, and people say whether it is so."""

from datetime import date

import psycopg
import pytest

from events.likeness import Child
from events.parties import Audience
from infra.embedded.databases import Databases
from infra.postgres.case_store import CaseStore
from infra.postgres.roles import CASE_RECORD, OWNER
from projections.disclosure.disclose import disclose
from projections.disclosure.packaged import packaged_agreement
from tests.controls.office import Office
from tests.controls.statements import States, at, states
from tests.controls.worlds import HOSPITAL, POLICE, SCHOOL, WORKER
from tests.integration.case_record.town import CHILD, CONFIRMED, ENDED, ESTABLISHED, HEARD, RAISED, SUGGESTED, Town

FORWARDED = states("police.report_forwarded", "R-201", at=at("06T21:20"), by=POLICE, to_unit=WORKER, id="forwarded")
UNFOUNDED = states("social_work.report_marked_unfounded", "R-201", at=at("06T22:00"), by=WORKER, id="unfounded")
OPENED = states("social_work.case_opened", at=at("07T09:00"), by=WORKER, report="@ref:R-201", id="opened")
CLOSED = states("social_work.case_closed", at=at("07T10:00"), by=WORKER, id="closed")


@pytest.fixture
def town(databases: Databases, store: CaseStore) -> Town:
    return Town(Office(store), databases)


@pytest.fixture
def suggested(town: Town) -> Town:
    town.name(HEARD, CHILD)
    town.name(RAISED, CHILD)
    return town


@pytest.mark.parametrize(
    "again",
    [
        Child("ANH  DO THI", date(2016, 2, 9)),
        Child("Thị Ánh Đỗ", date(2016, 9, 2)),
        Child("đô thi anh", date(2016, 9, 2)),
        Child(id_number="zz001316000001"),
    ],
    ids=["without marks, turned", "in another order", "with other marks", "by the number alone"],
)
def test_each_side_is_told_that_there_is_another(town: Town, again: Child) -> None:
    town.name(HEARD, CHILD)
    town.name(RAISED, again)
    for about, unit in (("R-201", POLICE), ("R-301", SCHOOL)):
        [told] = town.told(about)
        assert (told.type, told.data.open["unit"]) == (SUGGESTED, unit)


@pytest.mark.parametrize(
    "other", [Child("Đỗ Thị Ánh", date(2016, 9, 3)), Child("Đỗ Thị Ánh"), Child(birth_date=date(2016, 9, 2))]
)
def test_another_child_is_not_matched(town: Town, other: Child) -> None:
    town.name(HEARD, CHILD)
    town.name(RAISED, other)
    assert town.types("R-201") == town.types("R-301") == []


def test_two_of_one_batch_are_found(town: Town) -> None:
    for told in (HEARD, RAISED):
        town.mark(told, CHILD)
    town.office.handle([town.office.letter(HEARD), town.office.letter(RAISED)])
    for told in (HEARD, RAISED):
        row = town.office.store.references([(told.by, told.about)])[told.by, told.about]
        town.office.on[told.about] = row.stream
        assert town.types(told.about) == [SUGGESTED]


def test_what_was_not_recorded_is_not_compared(town: Town) -> None:
    town.mark(HEARD, CHILD)
    town.name(RAISED, CHILD)
    assert town.types("R-301") == []
    town.office.send(HEARD)
    assert town.types("R-301") == [SUGGESTED]


def test_neither_side_is_told_who_the_other_is(suggested: Town) -> None:
    agreement = packaged_agreement()
    for about, own, other in (("R-201", Audience.POLICE, "R-301"), ("R-301", Audience.EDUCATION, "R-201")):
        [event] = suggested.told(about)
        told = {audience: disclose(event, audience, agreement) for audience in Audience}
        answering = {Audience.CASE_MANAGER, Audience.COMMITTEE, Audience.COORDINATOR, Audience.AUDITOR}
        assert {audience for audience, one in told.items() if one} == {own, *answering}
        of_the_other = {
            other,
            str(suggested.office.on[other]),
            str(suggested.told(other)[0].data.open["match"]),
            str(suggested.told(other)[0].data.open["unit"]),
            str(event.data.open["other"]),
        }
        for one in filter(None, told.values()):
            assert not [name for name in of_the_other if name in str(one.model_dump())]


def test_the_side_that_named_the_child_first_is_not_told_when_or_by_what_the_other_did(suggested: Town) -> None:
    suggested.answer("match_confirmed", "R-201", POLICE)
    suggested.office.clock.moment = at("09T09:00")
    suggested.answer("match_confirmed", "R-301", SCHOOL)
    suggested.answer("match_withdrawn", "R-301", SCHOOL)
    stated_by_the_other = [one for one in suggested.told("R-201") if one.type != CONFIRMED]
    assert [one.type for one in stated_by_the_other] == [SUGGESTED, ESTABLISHED, ENDED]
    for one in stated_by_the_other:
        assert one.time == one.recordedtime
        assert (one.causationid, one.correlationid, one.traceparent) == (None, None, None)


@pytest.mark.parametrize("last", ["withdrawn", "erased"])
def test_what_is_one_work_since_ends_once_on_each_side(suggested: Town, last: str) -> None:
    passed_on = states("education.report_forwarded", "R-301", at=at("07T08:30"), by=SCHOOL, to_unit=WORKER)
    merged = states(
        "social_work.reports_merged", at=at("07T09:30"), by=WORKER, report="@ref:R-301", confirmed_by_person=True
    )
    suggested.office.send(FORWARDED, OPENED, passed_on, merged)
    if last == "erased":
        suggested.office.send(states("privacy.subject_key_destroyed", "C-55", at=at("08T09:00"), by=WORKER))
    else:
        suggested.answer("match_withdrawn", "R-201", POLICE)
    assert suggested.types("R-201") == suggested.types("R-301") == [SUGGESTED, ENDED]


def test_what_is_sealed_is_as_if_it_were_not_there(town: Town) -> None:
    town.name(RAISED, Child("Trần Văn Bình", date(2015, 1, 1)))
    alone = town.office.types("R-301")
    town.name(HEARD, CHILD)
    town.office.send(states("privacy.record_sealed", "R-201", at=at("06T22:00"), by=POLICE, units_in_sight=[POLICE]))
    again = states("education.concern_raised", "R-302", at=at("07T09:00"), by=SCHOOL)
    town.name(again, CHILD)
    assert town.office.types("R-302") == alone
    identified = states("privacy.child_identified", "R-201", at=at("07T10:00"), by=POLICE)
    town.name(identified, CHILD)
    assert (town.types("R-201"), town.types("R-302")) == ([], [])


@pytest.mark.parametrize("about", ["R-201", "R-301"])
def test_what_a_door_was_ordered_to_seal_is_as_if_it_were_not_there(town: Town, about: str) -> None:
    town.name(HEARD, CHILD)
    town.name(RAISED, Child("Trần Văn Bình", date(2015, 1, 1)))
    with psycopg.connect(town.databases.main(OWNER)) as connection:
        connection.execute(
            "insert into sealing.orders select holder, 'order', reference, array[holder], now()"
            " from case_record.reference_index where reference = %s",
            [about],
        )
    town.name(states("privacy.child_identified", "R-301", at=at("07T10:00"), by=SCHOOL), CHILD)
    assert town.types("R-201") == town.types("R-301") == []


@pytest.mark.parametrize("last", [(UNFOUNDED,), (OPENED, CLOSED)], ids=["unfounded", "closed"])
def test_what_is_over_is_not_matched(town: Town, last: tuple[States, ...]) -> None:
    town.name(HEARD, CHILD)
    town.office.send(FORWARDED, *last)
    town.name(RAISED, CHILD)
    town.name(states("privacy.child_identified", "R-201", at=at("08T10:00"), by=POLICE), CHILD)
    assert town.types("R-301") == []


def test_a_case_that_is_opened_after_all_is_matched(town: Town) -> None:
    town.name(RAISED, CHILD)
    town.office.send(HEARD, FORWARDED, UNFOUNDED)
    town.name(OPENED, CHILD)
    assert town.types("C-55") == town.types("R-301") == [SUGGESTED]


def test_what_was_forgotten_is_not_compared(town: Town) -> None:
    town.name(HEARD, CHILD)
    town.forget(HEARD)
    town.name(RAISED, CHILD)
    assert town.types("R-301") == []


def test_erasing_takes_the_suggestion_away(suggested: Town) -> None:
    suggested.office.send(FORWARDED, OPENED)
    suggested.office.send(states("privacy.subject_key_destroyed", "R-201", at=at("08T09:00"), by=WORKER))
    assert suggested.types("R-201") == suggested.types("R-301") == [SUGGESTED, ENDED]


def test_it_is_established_when_both_have_confirmed(suggested: Town) -> None:
    suggested.answer("match_confirmed", "R-201", POLICE)
    assert (suggested.types("R-201"), suggested.types("R-301")) == ([SUGGESTED, CONFIRMED], [SUGGESTED])
    suggested.answer("match_confirmed", "R-301", SCHOOL)
    last = [suggested.told(about)[-1] for about in ("R-201", "R-301")]
    assert [one.type for one in last] == [ESTABLISHED, ESTABLISHED]
    assert len({one.data.open["pair"] for one in last}) == 1
    assert len({one.data.open["match"] for one in last}) == 2


@pytest.mark.parametrize("confirmed", [(), ("R-201",), ("R-201", "R-301")])
def test_it_is_taken_back_and_never_suggested_again(suggested: Town, confirmed: tuple[str, ...]) -> None:
    by = {"R-201": POLICE, "R-301": SCHOOL}
    for about in confirmed:
        suggested.answer("match_confirmed", about, by[about])
    suggested.answer("match_withdrawn", "R-201", POLICE)
    assert suggested.types("R-201")[-1] == suggested.types("R-301")[-1] == ENDED
    before = suggested.types("R-301")
    suggested.name(states("privacy.child_identified", "R-301", at=at("09T09:00"), by=SCHOOL), CHILD)
    suggested.answer("match_confirmed", "R-301", SCHOOL)
    assert suggested.types("R-301") == before
    assert suggested.office.types("R-301")[-1] == "case.statement_flagged.v1"


def test_only_the_unit_that_was_asked_answers(suggested: Town) -> None:
    suggested.office.send(states("police.report_forwarded", "R-201", at=at("07T08:10"), by=POLICE, to_unit=HOSPITAL))
    suggested.answer("match_confirmed", "R-201", HOSPITAL)
    suggested.answer("match_confirmed", "R-201", POLICE, match="0000NOTHING0")
    assert suggested.types("R-201") == [SUGGESTED]
    assert suggested.office.types("R-201").count("case.statement_flagged.v1") == 2


def test_a_side_that_is_sealed_since_neither_answers_nor_ends(suggested: Town) -> None:
    order = states("privacy.record_sealed", "R-201", at=at("07T09:00"), by=POLICE, units_in_sight=[POLICE])
    suggested.office.send(order)
    suggested.answer("match_confirmed", "R-201", POLICE)
    suggested.answer("match_confirmed", "R-301", SCHOOL)
    suggested.answer("match_withdrawn", "R-201", POLICE)
    assert suggested.types("R-201") == [SUGGESTED, CONFIRMED, ENDED]
    assert suggested.types("R-301") == [SUGGESTED, CONFIRMED]


def test_what_both_confirmed_while_one_was_sealed_is_established_once_that_is_lifted(suggested: Town) -> None:
    order = states("privacy.record_sealed", "R-201", at=at("07T09:00"), by=POLICE, units_in_sight=[POLICE])
    suggested.office.send(order)
    for about, by in (("R-201", POLICE), ("R-301", SCHOOL)):
        suggested.answer("match_confirmed", about, by)
        suggested.answer("match_confirmed", about, by)
        assert suggested.types(about) == [SUGGESTED, CONFIRMED]
    suggested.office.send(states("privacy.record_unsealed", "R-201", at=at("08T10:00"), by=POLICE))
    assert suggested.types("R-201") == suggested.types("R-301") == [SUGGESTED, CONFIRMED, ESTABLISHED]


def test_reports_of_one_case_are_not_matched(town: Town) -> None:
    town.name(HEARD, CHILD)
    town.office.send(FORWARDED)
    own = town.office.name(WORKER, "R-201")
    town.name(states("privacy.child_identified", own, at=at("07T10:00"), by=WORKER), CHILD)
    assert town.types("R-201") == []


def test_the_case_record_sees_no_mark(suggested: Town) -> None:
    with psycopg.connect(suggested.databases.main(CASE_RECORD), autocommit=True) as connection:
        for table in ("case_record.marked_children", "door_police.likeness"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"select from {table}")
