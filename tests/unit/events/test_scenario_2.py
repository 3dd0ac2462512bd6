"""What scenario 2 alone must hold; what every scenario must, stands in `test_scenario_files`."""

from events.labels import Category
from events.registry import event_class
from tests.unit.events.scenario_told import labels, told_in

TOLD = told_in(2)


def test_it_tells_of_incidents_and_of_what_only_who_treats_may_know() -> None:
    told = {label.category for one in TOLD for name, label in labels(one) if name in one.data}
    assert {Category.ACCESS_LOG, Category.HIV_STATUS, Category.FORENSIC_EVIDENCE} <= told


def test_no_image_is_attached_to_anything() -> None:
    """E.2, step 1: what was shown is kept elsewhere; no field of any event takes more than a text or a fingerprint."""
    assert not [one for one in TOLD if "child_photo" in one.data]
    assert max(len(str(value)) for one in TOLD for value in one.data.values()) < 400


def test_the_school_is_told_of_by_its_own_event_and_heard_first() -> None:
    received = [one.data["received_at"] for one in TOLD if "received_at" in one.data and one.shown != "R-203"]
    assert TOLD[0].type == "education.concern_raised.v1"
    assert TOLD[0].data["received_at"] == min(map(str, received))


def test_what_was_stated_of_the_wrong_child_is_stated_anew_of_the_right_one() -> None:
    by_label = {one.id_label: one for one in TOLD}
    wrong, voided = by_label["examined_wrong_child"], by_label["wrong_record_voided"]
    right = by_label["record_restated"]
    assert voided.data["voids"] == "@id:examined_wrong_child"
    assert (wrong.shown, right.shown) == ("R-203", "C-77")
    assert wrong.type == right.type


def test_every_type_of_it_is_of_a_known_class() -> None:
    assert {event_class(one.type).TYPE for one in TOLD} == {one.type for one in TOLD}
