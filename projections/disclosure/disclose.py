"""The only maker of what a fold may see: one recorded event, as one audience is told of it.

What can be decided when the event is recorded is decided here. What depends on the reader or on the state of the
case (chair, treating, own pupil, forwarded, on request, case open) counts as possible: every form that some clause
could give is routed, sealed, and `projections.facts` decides again when somebody reads.
"""

from collections.abc import Mapping
from functools import cache
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue, TypeAdapter

from events.case import PartyJoined
from events.compartments import SealedCompartment
from events.envelope import EventId, EventType, RecordedEvent, Reference, UnitId
from events.labels import Category, Person
from events.parties import Agency, Audience
from events.registry import event_class
from events.units import audience_of, units
from events.upcasts import upcast
from projections.disclosure.agreement import STATUS, Agreement, Condition, Level
from projections.disclosure.box_plan import Named, labels_on, plan_boxes, strongest


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Existing(_Told):
    """There is such a record, held by `owner`; nothing of what it says."""

    category: Category
    part: str
    person: Person
    owner: Agency
    rule: str


class Routed(_Told):
    """A box that some clause could open, in the form it lies in; `rule` is the first such clause."""

    compartment: SealedCompartment
    level: Level
    rule: str


class Disclosed(_Told):
    """One event as an audience is told of it.

    Shape:   `type` is None and `open` empty when only the existence of the event is told; `owner` None: the case
             record itself. `exists` names what is told to exist though no box of it is routed.
    Privacy: no name that another unit gave a report or case; no box that no clause could open.
    """

    audience: Audience
    stream: UUID
    version: int
    event_id: EventId
    source_unit: UnitId
    owner: Agency | None
    occurred_at: AwareDatetime
    recorded_at: AwareDatetime
    about: Category
    level: Level
    rule: str
    type: EventType | None
    open: dict[str, JsonValue]
    sealed: tuple[Routed, ...]
    exists: tuple[Existing, ...]


def disclose(event: RecordedEvent, audience: Audience, agreement: Agreement) -> Disclosed | None:
    """Return what an audience is told of an event, or None when it must not even know that it happened.

    Raises:
        UnknownTypeError: if no such event type exists.
        ValueError: if the subject of a box names no person.
    """
    newest = upcast(event.type, event.data.open, ())
    about = event_class(newest.type).ABOUT
    own = conditions_of(event.source, newest.open, audience)
    on = agreement.since(event.recordedtime.date())
    clause = strongest(agreement.possible(about, STATUS, audience, own, on))
    if clause.level is Level.NONE:
        return None
    told = clause.level is not Level.EXISTS
    boxes = event.data.sealed
    plan = plan_boxes(agreement, audience, own, on, labels_on(boxes), may_open=told)
    return Disclosed.model_construct(
        audience=audience,
        stream=event.subject,
        version=event.sequence,
        event_id=event.id,
        source_unit=event.source,
        owner=agency_of(event.source),
        occurred_at=event.time,
        recorded_at=event.recordedtime,
        about=about,
        level=clause.level,
        rule=clause.id,
        type=event.type if told else None,
        open=_without_others_names(newest.type, event.data.open, audience) if told else {},
        sealed=tuple(
            Routed.model_construct(compartment=boxes[i], level=level, rule=rule) for i, level, rule in plan.given
        ),
        exists=tuple(map(_existing, plan.named)),
    )


def _existing(named: Named) -> Existing:
    label = named.label
    return Existing(category=label.category, part=label.part, person=label.person, owner=label.owner, rule=named.rule)


def conditions_of(source: str, open_values: Mapping[str, JsonValue], audience: Audience) -> frozenset[Condition]:
    """Return the conditions that an event meets by itself: it is the audience's own, or gives it a task."""
    met = set()
    if audience_of(source) is audience:
        met.add(Condition.OWN_RECORD)
    unit = open_values.get("unit")
    if open_values.get("audience") == audience or (isinstance(unit, str) and audience_of(unit) is audience):
        met.add(Condition.OWN_TASK)
    return frozenset(met)


def agency_of(source: str) -> Agency | None:
    """Return who owns what a unit asserts; None for the case record itself."""
    found = units().get(source)
    return found.agency if found else None


def _without_others_names(type_: str, open_values: Mapping[str, JsonValue], audience: Audience) -> dict[str, JsonValue]:
    """Blot out references: no two units share a name for a case, so a party is told its own and no other."""
    own = type_ == PartyJoined.TYPE and open_values.get("audience") == audience
    hidden = frozenset() if own else reference_fields(type_)
    return {name: None if name in hidden else value for name, value in open_values.items()}


@cache
def reference_fields(type_: str) -> frozenset[str]:
    """Return the fields of an event type that hold a unit's own name for a report or case."""
    pattern = TypeAdapter(Reference).json_schema()["pattern"]
    fields = event_class(type_).model_json_schema().get("properties", {})
    return frozenset(
        name
        for name, schema in fields.items()
        if pattern in {option.get("pattern") for option in (schema, *schema.get("anyOf", ()))}
    )
