"""What every agency may say when it does not agree with the others: kept beside what was decided.

These are shapes, not events: without `TYPE` they have no wire name.
"""

from typing import Annotated

from events.coded import DissentSubject
from events.event import Event
from events.labels import CASE_PLAN, Sealed
from events.texts import Narrative

_DISSENT = CASE_PLAN.of("dissent")


class Dissent(Event):
    """An agency does not agree, says on what and why, and asks who is above to look."""

    dissent_subject: Annotated[Sealed[DissentSubject], _DISSENT.coded]
    reason: Annotated[Sealed[Narrative], _DISSENT]
