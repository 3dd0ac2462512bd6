"""What may be about to be sealed, or cannot be read, takes no part in matching, and keeps nobody from recording."""

import psycopg
import pytest
from structlog.testing import capture_logs

from infra.embedded.databases import Databases
from infra.postgres.case_store import CaseStore
from infra.postgres.roles import OWNER
from tests.controls.office import Office
from tests.controls.statements import States, at, states
from tests.controls.worlds import POLICE, SCHOOL, WORKER
from tests.integration.case_record.town import CHILD, CONFIRMED, ESTABLISHED, HEARD, RAISED, SUGGESTED, Town

ORDER = states("privacy.record_sealed", "R-201", at=at("06T22:00"), by=POLICE, units_in_sight=[POLICE], id="order")
FORWARDED = states("police.report_forwarded", "R-201", at=at("06T21:20"), by=POLICE, to_unit=WORKER, id="forwarded")
SIDES = {"R-201": POLICE, "R-301": SCHOOL}


@pytest.fixture
def town(databases: Databases, store: CaseStore) -> Town:
    return Town(Office(store), databases)


@pytest.fixture
def suggested(town: Town) -> Town:
    town.name(HEARD, CHILD)
    town.name(RAISED, CHILD)
    return town


def _tell_together(town: Town, *told: States) -> None:
    """Let the case record take several statements at once."""
    town.office.handle([town.office.letter(one) for one in told])
    for one in told:
        row = town.office.store.references([(one.by, one.about)])[one.by, one.about]
        town.office.on[one.about] = row.stream


def test_what_is_recorded_after_its_order_was_accepted_is_not_suggested(town: Town) -> None:
    town.name(RAISED, CHILD)
    town.mark(HEARD, CHILD)
    town.order("R-201", POLICE)
    _tell_together(town, HEARD, ORDER)
    assert town.types("R-201") == town.types("R-301") == []


def test_the_case_record_is_not_told_who_is_alike_once_an_order_was_accepted(town: Town, store: CaseStore) -> None:
    for told in (HEARD, RAISED):
        town.mark(told, CHILD)
    both = [(POLICE, "heard"), (SCHOOL, "raised")]
    assert store.alike(both).keys() == set(both)
    town.order("R-201", POLICE)
    assert store.alike(both) == {}


def test_nor_when_the_other_side_is_recorded_before_its_order_is(town: Town) -> None:
    town.mark(HEARD, CHILD)
    town.mark(RAISED, CHILD)
    town.order("R-201", POLICE)
    _tell_together(town, HEARD, RAISED)
    town.office.send(ORDER)
    assert town.types("R-201") == town.types("R-301") == []


def test_an_order_of_what_is_not_known_hides_what_its_unit_takes_part_in(town: Town) -> None:
    town.name(HEARD, CHILD)
    town.office.send(FORWARDED)
    town.order("C-55", WORKER)
    town.name(RAISED, CHILD)
    assert town.types("R-201") == town.types("R-301") == []


@pytest.mark.parametrize("damaged", ["R-201", "R-301"])
def test_what_cannot_be_read_is_compared_with_nothing(town: Town, store: CaseStore, damaged: str) -> None:
    first, then = (HEARD, RAISED) if damaged == "R-201" else (RAISED, HEARD)
    town.name(first, CHILD)
    _damage(town, damaged)
    town.office = Office(store)
    town.mark(then, CHILD)
    with capture_logs() as logs:
        [outcome] = town.office.send(then)
    assert outcome.status == "recorded"
    assert [one["event"] for one in logs] == ["not_compared"]
    assert damaged not in str(logs)


def test_an_answer_is_recorded_though_the_other_side_cannot_be_read(suggested: Town, store: CaseStore) -> None:
    match = suggested.told("R-301")[0].data.open["match"]
    _damage(suggested, "R-201")
    on, suggested.office = suggested.office.on, Office(store)
    answer = states("privacy.match_confirmed", "R-301", at=at("08T09:00"), by=SCHOOL, match=match)
    last = store.last_sequences([(SCHOOL, "R-301")])[SCHOOL, "R-301"]
    for _ in range(last):
        suggested.office.letter(answer)  # the door goes on counting
    suggested.office.send(answer)
    suggested.office.on = on
    assert suggested.types("R-301") == [SUGGESTED, CONFIRMED]


@pytest.mark.parametrize("ordered", ["R-201", "R-999"], ids=["known", "not known yet"])
@pytest.mark.parametrize("answering", ["R-201", "R-301"])
def test_what_is_to_be_sealed_is_told_nothing_and_tells_nothing(suggested: Town, answering: str, ordered: str) -> None:
    [other] = SIDES.keys() - {answering}
    suggested.answer("match_confirmed", other, SIDES[other])
    before = suggested.types(other)
    suggested.order(ordered, POLICE)
    suggested.answer("match_confirmed", answering, SIDES[answering])
    assert (suggested.types(answering), suggested.types(other)) == ([SUGGESTED, CONFIRMED], before)
    suggested.answer("match_withdrawn", answering, SIDES[answering])
    assert suggested.types(other) == before
    assert ESTABLISHED not in suggested.types(answering)


def _damage(town: Town, about: str) -> None:
    with psycopg.connect(town.databases.main(OWNER)) as connection:
        connection.execute(
            "update case_record.events set state = '{}'::bytea where originator_id = %s and originator_version = 1",
            [town.office.on[about]],
        )
