"""An old version is read as the newest, one step a version, inside one compartment."""

from datetime import UTC, datetime
from typing import Annotated, ClassVar

from events.compartments import Compartment, join, split
from events.event import Event
from events.labels import CASE_PLAN, INVESTIGATION, OPERATIONAL, Category, Form, Person, Sealed
from events.police.interviews import InterviewHeld
from events.registry import EVENT_CLASSES
from events.upcasts import STEPS, Step, Values, newest_type, upcast
from tests.controls.examples import example_event

AT = datetime(2026, 4, 6, 14, 10, tzinfo=UTC)


class DoorKnocked(Event):
    """A made-up event in its newest version: `secured` was `safe`, and the account has a language."""

    TYPE: ClassVar[str] = "police.door_knocked.v3"
    secured: Annotated[bool, OPERATIONAL]
    times: Annotated[int, OPERATIONAL]
    account: Annotated[Sealed[str], INVESTIGATION]
    language: Annotated[Sealed[str], INVESTIGATION.coded]
    follow_up: Annotated[Sealed[str], CASE_PLAN]


def _renamed(values: Values) -> Values:
    return {"secured": values["safe"]}


def _counted(values: Values) -> Values:
    return {**values, "times": 1}


def _with_language(values: Values) -> Values:
    return {**values, "language": "vi"}


MADE_UP = {
    "police.door_knocked.v1": Step("police.door_knocked.v2", open=_renamed),
    "police.door_knocked.v2": Step(
        "police.door_knocked.v3", open=_counted, sealed={Category.INVESTIGATION: _with_language}
    ),
}


def _compartment(category: Category, form: Form, **values: str) -> Compartment:
    return Compartment(category, "main", Person.CHILD, form, values)


OLD = (
    _compartment(Category.INVESTIGATION, Form.FULL, account="GO-CUA-1"),
    _compartment(Category.CASE_PLAN, Form.FULL, follow_up="HEN-LAI-1"),
)


def test_version_1_is_read_as_version_3() -> None:
    current = upcast("police.door_knocked.v1", {"safe": True}, OLD, MADE_UP)
    read = join(DoorKnocked, current.open, current.compartments)
    assert current.type == DoorKnocked.TYPE
    assert read == DoorKnocked(secured=True, times=1, account="GO-CUA-1", language="vi", follow_up="HEN-LAI-1")


def test_what_was_not_opened_stays_withheld_through_every_step() -> None:
    current = upcast("police.door_knocked.v1", {"safe": True}, OLD[1:], MADE_UP)
    assert current.compartments == OLD[1:]
    assert not isinstance(join(DoorKnocked, current.open, current.compartments).account, str)


def test_a_step_sees_one_compartment_at_a_time() -> None:
    seen: list[set[str]] = []

    def watch(values: Values) -> Values:
        seen.append(set(values))
        return values

    steps = {"a.b.v1": Step("a.b.v2", open=watch, sealed={Category.INVESTIGATION: watch, Category.CASE_PLAN: watch})}
    upcast("a.b.v1", {"safe": True}, OLD, steps)
    assert seen == [{"safe"}, {"account"}, {"follow_up"}]


def test_the_newest_version_is_left_alone() -> None:
    for type_ in EVENT_CLASSES.keys() - STEPS.keys():
        parts = split(example_event(type_), AT)
        current = upcast(type_, parts.open, parts.compartments)
        assert (current.type, current.open, current.compartments) == (type_, parts.open, parts.compartments)


def test_every_step_ends_at_a_type_that_is_read() -> None:
    for step in STEPS.values():
        assert step.to_type in EVENT_CLASSES or step.to_type in STEPS


def test_an_interview_of_the_first_version_is_read_as_one_that_does_not_say_how_it_ended() -> None:
    parts = split(example_event("police.interview_held.v1"), AT)
    current = upcast("police.interview_held.v1", parts.open, parts.compartments)
    read = join(InterviewHeld, current.open, current.compartments)
    told = example_event("police.interview_held.v1").model_dump()
    assert read.model_dump() == {**told, "ending": "not_stated"}
    assert current.type == newest_type("police.interview_held.v1") == InterviewHeld.TYPE


def test_an_upcast_interview_has_the_places_of_a_new_one() -> None:
    """Each place holds the same names in both versions, in full and in summary: views show both alike."""
    old, new = (split(example_event(f"police.interview_held.{version}"), AT) for version in ("v1", "v2"))
    raised = upcast("police.interview_held.v1", old.open, old.compartments).compartments
    assert [(one.category, one.part, one.form, set(one.values)) for one in raised] == [
        (one.category, one.part, one.form, set(one.values)) for one in new.compartments
    ]
