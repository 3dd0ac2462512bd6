"""Check one event as it was sent: whole, of this unit, of a type it may assert, with codes in force.

Every fault is told at once, by place and rule, never by value; nothing is written before all is well.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from events.codec import NotStrictJsonError, canonical, read_strictly
from events.envelope import SubmittedEvent
from events.event import Event, labels_of
from events.labels import Summary
from events.moments import HAPPENED
from events.parties import Agency
from events.registry import EVENT_CLASSES
from events.units import units
from infra.clock import Clock
from infra.web.faults import faults_in, guess
from infra.web.problems import Fault, Refused
from services.agencies.code_days import VIETNAM, codes_out_of_force, units_out_of_being
from services.agencies.lettering import in_one_form, unreadable_texts
from services.agencies.marked import marked_in

M = TypeVar("M", bound=BaseModel)

MAX_EVENT_BYTES = 1_048_576
MAX_VALUES = 10_000  # of one event: refusing it takes no longer than a fraction of a second
_YEARS = range(1900, 2200)
_REACH = {"first": _YEARS[0], "last": _YEARS[-1]}
_AHEAD = timedelta(minutes=5)  # by which a sender's clock may be ahead of ours
_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Inspected:
    """An event that is as it should be, and the bytes it was sent as."""

    sent: bytes
    submitted: SubmittedEvent
    event: Event

    def content(self) -> bytes:
        """Return what is compared when the same source and id come again; tracing is no content."""
        said = self.submitted.model_dump_json(exclude={"traceparent", "data"}, exclude_none=True)
        told = self.event.model_dump_json(exclude_none=True)
        return canonical({**json.loads(said), "data": json.loads(told)})


class Inspector:
    """Checks what units of one agency send."""

    def __init__(self, agency: Agency, clock: Clock, *, ahead: timedelta = _AHEAD) -> None:
        self._agency = agency
        self._clock = clock
        self._ahead = ahead

    def inspect(self, sent: bytes, unit: str) -> Inspected:
        """Return the event.

        Raises:
            Refused: if anything about it is wrong.
        """
        if len(sent) > MAX_EVENT_BYTES:
            raise Refused("too_large", limit=MAX_EVENT_BYTES)
        try:
            value = in_one_form(read_strictly(sent, most_values=MAX_VALUES))
        except NotStrictJsonError as problem:
            raise Refused(problem.code, limit=MAX_VALUES) from None
        if not isinstance(value, dict):
            raise Refused("bad_event", Fault("", "type", {"expected": "{ … }"}))
        self._refuse_if_not_theirs(value, unit)
        return self._read(sent, value)

    def _refuse_if_not_theirs(self, value: dict[str, JsonValue], unit: str) -> None:
        source, type_ = value.get("source"), value.get("type")
        if isinstance(source, str) and (source != unit or units()[unit].agency is not self._agency):
            raise Refused("not_your_unit")
        found = EVENT_CLASSES.get(type_) if isinstance(type_, str) else None
        if found is not None and self._agency not in found.BY:
            raise Refused("not_yours_to_assert")

    def _read(self, sent: bytes, value: dict[str, JsonValue]) -> Inspected:
        submitted, faults = _parsed(SubmittedEvent, value)
        if "specversion" not in value:
            faults += (Fault("/specversion", "missing"),)
        event, faults_of_data = self._event(value)
        if submitted and not faults:
            faults += self._out_of_time(submitted.time) + _other_schema(submitted)
        if submitted and event and not faults:
            faults_of_data += _faults_of_meaning(submitted, event) + self._yet_to_happen(event)
        faults += faults_of_data
        if faults or submitted is None or event is None:
            raise Refused("bad_event", *faults)
        _refuse_if_unit_out_of_being(submitted)
        return Inspected(sent, submitted, event)

    def _event(self, value: dict[str, JsonValue]) -> tuple[Event | None, tuple[Fault, ...]]:
        type_, data = value.get("type"), value.get("data")
        if not isinstance(type_, str):
            return None, ()
        if type_ not in EVENT_CLASSES:
            known = [name for name, found in EVENT_CLASSES.items() if self._agency in found.BY]
            return None, (Fault("/type", "unknown_type", {"guess": guess(type_, known)}),)
        if not isinstance(data, dict):
            return None, ()
        return _parsed(EVENT_CLASSES[type_], data, under="/data")

    def _out_of_time(self, occurred_at: datetime) -> tuple[Fault, ...]:
        if occurred_at > self._clock.now() + self._ahead:
            return (Fault("/time", "in_future", {"minutes": self._ahead // _A_MINUTE}),)
        return () if occurred_at.year in _YEARS else (Fault("/time", "out_of_reach", _REACH),)

    def _yet_to_happen(self, event: Event) -> tuple[Fault, ...]:
        """Return a fault for each moment that is said to have been and lies ahead of the clock."""
        latest, minutes = self._clock.now() + self._ahead, self._ahead // _A_MINUTE
        been = ((name, getattr(event, name)) for name in type(event).model_fields if name in HAPPENED)
        return tuple(
            Fault(f"/data/{name}", "in_future", {"minutes": minutes})
            for name, moment in been
            if isinstance(moment, datetime) and moment > latest and moment.year in _YEARS
        )


def _other_schema(submitted: SubmittedEvent) -> tuple[Fault, ...]:
    """Return a fault where the event names a schema that is not ours for its type: none is fetched from elsewhere."""
    ours = (f"/v1/schemas/{submitted.type}", f"urn:chungtay:{submitted.type}")
    if submitted.dataschema in {None, *ours}:
        return ()
    return (Fault("/dataschema", "dataschema", {"expected": " | ".join(ours)}),)


def _faults_of_meaning(submitted: SubmittedEvent, event: Event) -> tuple[Fault, ...]:
    """Return what is wrong in data that keep the schema: codes and units of another day, moments, texts."""
    found = marked_in(type(event), submitted.data)
    return (
        *codes_out_of_force(found, submitted.time),
        *units_out_of_being(found, submitted.time),
        *_moments_out_of_reach(event),
        *_births_to_come(event, submitted.time),
        *unreadable_texts(found),
    )


def _moments_out_of_reach(event: Event) -> tuple[Fault, ...]:
    """Return a fault for each moment with which no clock can be set: years such as 0001 and 9999."""
    moments = ((name, getattr(event, name)) for name in type(event).model_fields)
    return tuple(
        Fault(f"/data/{name}", "out_of_reach", _REACH)
        for name, moment in moments
        if isinstance(moment, date) and moment.year not in _YEARS
    )


def _births_to_come(event: Event, at: datetime) -> tuple[Fault, ...]:
    """Return a fault for each birth after the day of the event: nobody is younger than 0."""
    births = (name for name, label in labels_of(type(event)).items() if label.summary is Summary.AGE)
    days = ((name, getattr(event, name)) for name in births)
    return tuple(
        Fault(f"/data/{name}", "born_later") for name, born in days if isinstance(born, date) and born > at.date()
    )


def _parsed(model: type[M], value: dict[str, JsonValue], under: str = "") -> tuple[M | None, tuple[Fault, ...]]:
    try:
        return model.model_validate_json(json.dumps(value)), ()
    except ValidationError as error:
        return None, faults_in(error, value, model, under)


def _refuse_if_unit_out_of_being(submitted: SubmittedEvent) -> None:
    unit, day = units()[submitted.source], submitted.time.astimezone(VIETNAM).date()
    if not unit.in_being_on(day):
        raise Refused("not_your_unit")
