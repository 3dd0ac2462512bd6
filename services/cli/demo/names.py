"""The names of one run: each unit's references, and the events that were sent.

Placeholders of a scenario:
- subject `R-101`: the unit's own reference for the thing shown as R-101, drawn when first used;
- subject `@:R-101`: the reference that the unit was given for it, read from the unit's own list of cases;
- in data, `@ref:R-101` is the unit's reference, `@id:label` the id of an earlier event, `@task:label` the task it made.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pydantic import JsonValue

from services.cli.demo.scenario import Scenario, ScenarioEvent

GIVEN = "@:"
_REFERENCE = "@ref:"
_ID = "@id:"
_TASK = "@task:"


@dataclass
class Names:
    """What each unit calls each thing, and which event went by which label."""

    draw_reference: Callable[[], str]
    references: dict[tuple[str, str], str] = field(default_factory=dict)  # (unit, shown name) -> reference
    event_ids: dict[str, str] = field(default_factory=dict)  # label -> id
    tasks: dict[tuple[str, str], str] = field(default_factory=dict)  # (unit, label of what began it) -> task

    def subject(self, event: ScenarioEvent) -> str:
        """Return the reference that the unit uses for the event's subject."""
        key = (event.unit, shown_name(event.subject))
        if key not in self.references and not event.subject.startswith(GIVEN):
            self.references[key] = self.draw_reference()
        return self.references[key]

    def data(self, event: ScenarioEvent) -> dict[str, JsonValue]:
        """Return the event's data with every placeholder replaced."""
        return {name: self._value(event.unit, value) for name, value in event.data.items()}

    def known(self, unit: str) -> frozenset[str]:
        """Return the references that a unit uses already."""
        return frozenset(reference for (holder, _), reference in self.references.items() if holder == unit)

    def shown(self) -> list[str]:
        """Return every name on show, in the order of first use."""
        return list(dict.fromkeys(name for _, name in self.references))

    def _value(self, unit: str, value: JsonValue) -> JsonValue:
        match value:
            case list():
                return [self._value(unit, item) for item in value]
            case dict():
                return {name: self._value(unit, item) for name, item in value.items()}
            case str():
                return self._text(unit, value)
            case _:
                return value

    def _text(self, unit: str, text: str) -> str:
        if text.startswith(_REFERENCE):
            return self.references[unit, text.removeprefix(_REFERENCE)]
        if text.startswith(_ID):
            return self.event_ids[text.removeprefix(_ID)]
        if text.startswith(_TASK):
            return self.tasks[unit, text.removeprefix(_TASK)]
        return text


def shown_name(subject: str) -> str:
    """Return the name on show of a subject placeholder."""
    return subject.removeprefix(GIVEN)


def kind_of(name: str) -> str:
    """Return what a shown name stands for: `C-55` is a case, `R-101` a report."""
    return "case" if name.startswith("C-") else "report"


def given_names(scenario: Scenario) -> frozenset[tuple[str, str]]:
    """Return the (unit, shown name) pairs that must be read from the unit's own list."""
    events = [event for step in scenario.steps for event in step.events]
    own = {(event.unit, event.subject) for event in events}
    used = {(event.unit, name) for event in events for name in names_used(event)}
    return frozenset(used - own)


def names_used(event: ScenarioEvent) -> Iterator[str]:
    """Yield the shown names for which an event needs a reference that exists already."""
    if event.subject.startswith(GIVEN):
        yield shown_name(event.subject)
    for value in event.data.values():
        if isinstance(value, str) and value.startswith(_REFERENCE):
            yield value.removeprefix(_REFERENCE)


def awaited_tasks(scenario: Scenario) -> frozenset[tuple[str, str]]:
    """Return the (unit, label of what began it) pairs of the tasks that must be read from the unit's own view."""
    return frozenset(
        (event.unit, value.removeprefix(_TASK))
        for step in scenario.steps
        for event in step.events
        for value in event.data.values()
        if isinstance(value, str) and value.startswith(_TASK)
    )
