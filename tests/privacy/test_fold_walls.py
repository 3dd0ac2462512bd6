"""Every event type, told by anybody, to every audience: section D bounds what is routed at all.

The bound is the strongest letter of any reader of the audience, own records and tasks included, as transcribed by hand.
"""

import tomllib
from typing import Any

import pytest

from events.labels import OPEN_CATEGORIES, Category, Form
from events.parties import Audience
from events.registry import EVENT_CLASSES, event_class
from events.units import units
from projections.disclosure.disclose import Disclosed, disclose
from projections.disclosure.packaged import packaged_agreement
from projections.views import VIEWS
from tests.controls.recorded import recorded
from tests.privacy.matrix import SECTION_D

TABLE: dict[str, Any] = tomllib.loads(SECTION_D.read_text(encoding="utf-8"))
_ORDER = "NESF"


def bound(category: Category, audience: Audience) -> str:
    """Return the most that anybody of an audience may ever see of a category: F, S, E or N."""
    if category in OPEN_CATEGORIES:
        return "F"
    readers = [name for name, told in TABLE["readers"].items() if told["audience"] == audience]
    cells = [TABLE["rows"][category.value], *(own.get(category.value, {}) for own in TABLE["own"].values())]
    letters = "".join(cell.get(reader, "") for cell in cells for reader in readers)
    return max(letters, key=_ORDER.index)


def tellings(type_: str, audience: Audience) -> list[Disclosed | None]:
    """Return what the audience is told of an event of the type, whoever says it and whomever it names."""
    fields = event_class(type_).model_fields
    told = []
    for unit in sorted(units()):
        data: dict[str, Any] = {"unit": unit} if "unit" in fields else {}
        source = unit if event_class(type_).BY else "case_record"
        event = recorded(type_, source=source, data=data)
        told.append(disclose(event, audience, packaged_agreement()))
    return told


@pytest.mark.parametrize("audience", list(VIEWS))
@pytest.mark.parametrize("type_", list(EVENT_CLASSES))
def test_nothing_beyond_section_d_is_routed(type_: str, audience: Audience) -> None:
    about = bound(event_class(type_).ABOUT, audience)
    for entry in tellings(type_, audience):
        if about == "N":
            assert entry is None
        if entry is None:
            continue
        if about == "E":
            assert (entry.type, entry.open, entry.sealed) == (None, {}, ())
        for one in entry.sealed:
            letter = bound(one.compartment.category, audience)
            assert letter in {"F", "S"}
            assert letter == "F" or one.compartment.form is Form.SUMMARY
        assert all(bound(one.category, audience) != "N" for one in entry.exists)


def test_the_bound_is_read_off_the_table() -> None:
    assert bound(Category.HIV_STATUS, Audience.AUDITOR) == "N"
    assert bound(Category.CONTACT_LOCATION, Audience.COMMITTEE) == "F"  # the chair
    assert bound(Category.CASE_PLAN, Audience.HEALTH) == "F"  # its own task
    assert bound(Category.INTERVIEW_SCHEDULE, Audience.EDUCATION) == "E"


def test_hiv_reaches_the_treating_facility_alone() -> None:
    reached = {
        audience
        for audience in VIEWS
        for type_ in EVENT_CLASSES
        for entry in tellings(type_, audience)
        if entry and any(one.compartment.category is Category.HIV_STATUS for one in entry.sealed)
    }
    assert reached == {Audience.HEALTH}


def test_the_school_is_told_of_nothing_medical_of_the_police_or_of_a_shelter() -> None:
    kept = {Category.MEDICAL_FINDINGS, Category.INVESTIGATION, Category.FORENSIC_EVIDENCE, Category.HIV_STATUS}
    for type_ in EVENT_CLASSES:
        for entry in tellings(type_, Audience.EDUCATION):
            if entry is None:
                continue
            boxes = [one.compartment for one in entry.sealed]
            assert {box.category for box in boxes}.isdisjoint(kept)
            assert {one.category for one in entry.exists}.isdisjoint(kept)
            assert "shelter" not in {box.part for box in boxes} | {one.part for one in entry.exists}


def test_the_school_does_not_learn_that_the_police_were_there_or_what_others_do() -> None:
    of_others = ("police.immediate_danger_stopped.v1", "police.scene_attended.v1", "social_work.service_referred.v1")
    for type_ in of_others:
        assert disclose(recorded(type_), Audience.EDUCATION, packaged_agreement()) is None
