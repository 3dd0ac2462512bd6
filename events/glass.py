"""Break-glass in the history of a case: that somebody opened it in an emergency, and what the review found.

The case record states it, from what the reading desks wrote down; no agency publishes it.
"""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from events.coded import GlassOutcome
from events.envelope import UnitId
from events.event import Event
from events.labels import OPERATIONAL, Category
from events.parties import Audience


class GlassBroken(Event):
    """A person of a unit that may not see the case opened it in an emergency (section D, hard rule e).

    Stated by the case record, on the case and on each of its reports, once somebody broke the glass at a reading desk:
    nobody publishes it. Reason and explanation stay with the desk's own record of it. A review is open from then on.
    """

    TYPE: ClassVar[str] = "privacy.glass_broken.v1"
    ABOUT: ClassVar[Category] = Category.ACCESS_LOG
    breaking: Annotated[UUID, OPERATIONAL]
    audience: Annotated[Audience, OPERATIONAL]
    unit: Annotated[UnitId, OPERATIONAL]
    until: Annotated[AwareDatetime, OPERATIONAL]  # when the case closes again, an hour later at most
    review_due_at: Annotated[AwareDatetime, OPERATIONAL]


class GlassReviewed(Event):
    """Somebody else than who broke the glass said whether it was justified; stated by the case record."""

    TYPE: ClassVar[str] = "privacy.glass_reviewed.v1"
    ABOUT: ClassVar[Category] = Category.ACCESS_LOG
    breaking: Annotated[UUID, OPERATIONAL]
    unit: Annotated[UnitId, OPERATIONAL]  # the unit whose person closed the review
    outcome: Annotated[GlassOutcome, OPERATIONAL]
