"""What an order to seal, or a seal, held back is compared once that is over, by any process; nobody is told before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from infra.embedded.databases import Databases
from infra.postgres.case_store import CaseStore, DatabaseUnreachableError
from infra.postgres.roles import CASE_RECORD
from services.case_record.handlers import PATIENCE
from tests.controls.office import Office
from tests.controls.statements import at, states
from tests.controls.worlds import POLICE, SCHOOL
from tests.integration.case_record.town import CHILD, CONFIRMED, ENDED, ESTABLISHED, HEARD, RAISED, SUGGESTED, Town
from tests.integration.postgres.swallowing_proxy import SwallowingProxy

ORDER = states("privacy.record_sealed", "R-201", at=at("06T22:00"), by=POLICE, units_in_sight=[POLICE], id="order")
MISTAKEN = states("privacy.record_sealed", "R-999", at=at("06T22:00"), by=POLICE, units_in_sight=[POLICE], id="order")
LIFTED = states("privacy.record_unsealed", "R-201", at=at("08T10:00"), by=POLICE)


@pytest.fixture
def town(databases: Databases, store: CaseStore) -> Town:
    return Town(Office(store), databases)


@pytest.fixture(params=["R-201", "R-301"])
def held_back(town: Town, request: pytest.FixtureRequest) -> Town:
    """A mistaken order hides whatever the police take part in; which side is recorded last is all the same."""
    first, then = (HEARD, RAISED) if request.param == "R-201" else (RAISED, HEARD)
    town.name(first, CHILD)
    town.order("R-999", POLICE)
    town.office.send(MISTAKEN)
    town.name(then, CHILD)
    assert _told(town) == [[], []]
    return town


def _told(town: Town) -> list[list[str]]:
    return [town.types("R-201"), town.types("R-301")]


def _refuse(town: Town) -> None:
    """Let the order wait too long for what it speaks of; what follows from that is left to do."""
    town.office.clock.moment += PATIENCE + timedelta(seconds=1)
    [outcome] = town.office.expire()
    assert outcome.status == "rejected"


def _compare(store: CaseStore) -> None:
    """Compare as a process does that was started just now."""
    while Office(store).record.compare():
        pass


def test_what_an_order_held_back_is_told_once_it_is_refused(held_back: Town, store: CaseStore) -> None:
    _compare(store)
    assert _told(held_back) == [[], []]
    _refuse(held_back)
    assert _told(held_back) == [[], []]
    _compare(store)
    assert _told(held_back) == [[SUGGESTED], [SUGGESTED]]
    _compare(store)
    assert _told(held_back) == [[SUGGESTED], [SUGGESTED]]


def test_what_an_order_held_back_is_not_told_once_it_is_recorded(town: Town, store: CaseStore) -> None:
    town.name(HEARD, CHILD)
    town.order("R-201", POLICE)
    town.name(RAISED, CHILD)
    town.office.send(ORDER)
    _compare(store)
    assert _told(town) == [[], []]


def test_what_a_seal_held_back_is_told_once_it_is_lifted(town: Town, store: CaseStore) -> None:
    town.office.send(HEARD, ORDER)
    town.mark(HEARD, CHILD)
    town.name(RAISED, CHILD)
    assert _told(town) == [[], []]
    town.office.record.handle([town.office.letter(LIFTED)])  # and the process dies
    assert _told(town) == [[], []]
    _compare(store)
    assert _told(town) == [[SUGGESTED], [SUGGESTED]]


@pytest.mark.parametrize(("last", "then"), [("confirmed", ESTABLISHED), ("withdrawn", ENDED)])
def test_what_was_answered_while_it_was_sealed_is_settled_once_that_is_lifted(town: Town, last: str, then: str) -> None:
    town.name(HEARD, CHILD)
    town.name(RAISED, CHILD)
    town.answer("match_confirmed", "R-301", SCHOOL)
    town.office.send(ORDER)
    town.answer(f"match_{last}", "R-201", POLICE)
    assert town.types("R-301") == [SUGGESTED, CONFIRMED]
    town.office.send(LIFTED)
    assert [types[-1] for types in _told(town)] == [then, then]


def test_it_waits_for_every_order_that_might_concern_it(town: Town) -> None:
    town.name(HEARD, CHILD)
    orders = [replace(MISTAKEN, about=f"R-99{number}", id=f"order-{number}") for number in range(3)]
    for order in orders:
        town.order(order.about, POLICE, id_=order.id)
    town.name(RAISED, CHILD)
    for order in orders:
        assert _told(town) == [[], []]
        town.office.send(order)
        _refuse(town)
        town.office.handle([])
    assert _told(town) == [[SUGGESTED], [SUGGESTED]]


def test_a_comparison_whose_reply_was_lost_is_not_made_again(held_back: Town, store: CaseStore) -> None:
    _refuse(held_back)
    with SwallowingProxy(held_back.databases.port) as wire:
        beyond = CaseStore(replace(held_back.databases, port=wire.port).main(CASE_RECORD), simulated=False)
        wire.swallow_next_commit()
        with pytest.raises(DatabaseUnreachableError):
            Office(beyond).record.compare()
        beyond.close()
    assert _told(held_back) == [[SUGGESTED], [SUGGESTED]]
    _compare(store)
    assert _told(held_back) == [[SUGGESTED], [SUGGESTED]]
