"""What scenario 1 alone must hold; what every scenario must, stands in `test_scenario_files`."""

from datetime import date

from events.event import labels_of
from events.labels import Category
from events.registry import event_class
from events.summaries import age_in_years
from tests.controls.examples import AGENCY_TYPES
from tests.unit.events.scenario_told import labels, told_in

TOLD = told_in(1)


def test_every_category_is_exercised_before_closure() -> None:
    before = [told for told in TOLD if told.step < 26]
    exercised = {label.category for told in before for name, label in labels(told) if name in told.data}
    possible = {label.category for type_ in AGENCY_TYPES for label in labels_of(event_class(type_)).values()}
    assert possible - exercised == {Category.ACCESS_LOG}  # nothing goes where it should not


def test_the_corrected_birth_date_makes_the_child_a_year_older() -> None:
    told = {one.id_label: one for one in TOLD}
    opened, corrected = told["case_opened"], told["birth_date_corrected"]
    born = [date.fromisoformat(str(one.data["child_birth_date"])) for one in (opened, corrected)]
    assert [age_in_years(day, corrected.at.date()) for day in born] == [9, 10]
