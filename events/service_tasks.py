"""What every vocabulary that carries out tasks says of them (Decree 56/2017 art. 29).

These are shapes, not events: without `TYPE` they have no wire name.
"""

from typing import Annotated

from events.coded import DeclineReason, ServiceOutcome, ServiceType
from events.envelope import EventId
from events.event import Event
from events.labels import OPERATIONAL, SERVICES_GIVEN, Sealed
from events.texts import Narrative


class AcceptedTask(Event):
    """A unit takes on what it was asked to do."""

    task: Annotated[EventId, OPERATIONAL]  # as the case record named it when it was assigned

    service: Annotated[Sealed[ServiceType], SERVICES_GIVEN.coded]
    arrangement: Annotated[Sealed[Narrative | None], SERVICES_GIVEN] = None


class DeliveredTask(Event):
    """A unit did what it had taken on; what it found stays in its own records."""

    task: Annotated[EventId, OPERATIONAL]  # as the case record named it when it was assigned

    service: Annotated[Sealed[ServiceType], SERVICES_GIVEN.coded]
    outcome: Annotated[Sealed[ServiceOutcome], SERVICES_GIVEN.coded]
    account: Annotated[Sealed[Narrative | None], SERVICES_GIVEN] = None


class DeclinedTask(Event):
    """A unit does not take on what it was asked to do."""

    task: Annotated[EventId, OPERATIONAL]  # as the case record named it when it was assigned

    service: Annotated[Sealed[ServiceType], SERVICES_GIVEN.coded]
    reason: Annotated[Sealed[DeclineReason], SERVICES_GIVEN.coded]
    explanation: Annotated[Sealed[Narrative | None], SERVICES_GIVEN] = None
