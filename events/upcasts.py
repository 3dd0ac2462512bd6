"""How an old version of an event is read as the newest: one step per version, inside one compartment.

A field that changes category is a new type, never an upcast: a step is handed the open part and each
opened compartment by themselves and cannot carry a value across.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from pydantic import JsonValue

from events.compartments import Compartment
from events.labels import Category

Values = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Step:
    """One version up: the next type, and what changes in the open part or in a category's values."""

    to_type: str
    open: Callable[[Values], Values] = dict
    sealed: Mapping[Category, Callable[[Values], Values]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Current:
    """An event's contents in the newest version of its type."""

    type: str
    open: Values
    compartments: tuple[Compartment, ...]


def _how_it_ended_was_not_asked(values: Values) -> Values:
    return {**values, "ending": "not_stated"}


def _what_it_allows_was_not_asked(values: Values) -> Values:
    return {**values, "standing": "not_stated"}


def _age_and_conflict_were_not_asked(values: Values) -> Values:
    missing = {"child_age_band": "unknown"} if "child_decision" in values else {"representative_entitled": None}
    return {**values, **missing}


# Old wire name -> the step to the next version.
STEPS: dict[str, Step] = {
    "police.interview_held.v1": Step(
        "police.interview_held.v2", sealed={Category.INTERVIEW_SCHEDULE: _how_it_ended_was_not_asked}
    ),
    "privacy.consent_recorded.v1": Step(
        "privacy.consent_recorded.v2",
        open=_what_it_allows_was_not_asked,
        sealed={Category.CAREGIVERS: _age_and_conflict_were_not_asked},
    ),
    "privacy.consent_withdrawn.v1": Step("privacy.consent_withdrawn.v2"),
}


def upcast(
    type_: str, open_values: Values, compartments: tuple[Compartment, ...], steps: Mapping[str, Step] = STEPS
) -> Current:
    """Return the contents in the newest version of their type, step by step."""
    current = Current(type_, open_values, compartments)
    while step := steps.get(current.type):
        current = Current(
            step.to_type,
            step.open(current.open),
            tuple(_raised(compartment, step) for compartment in current.compartments),
        )
    return current


def newest_type(type_: str, steps: Mapping[str, Step] = STEPS) -> str:
    """Return the newest version of a type."""
    while step := steps.get(type_):
        type_ = step.to_type
    return type_


def _raised(compartment: Compartment, step: Step) -> Compartment:
    change = step.sealed.get(compartment.category)
    return replace(compartment, values=change(compartment.values)) if change else compartment
