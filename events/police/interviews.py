"""How a child is interviewed: planned, held, and within which limits; what it said never leaves the police.

The conditions let others see that the limits are kept: twice a day, two hours each (Criminal Procedure Code
art. 421.4), places and plain clothes (Joint Circular 06/2018 art. 14).
"""

from typing import Annotated, ClassVar

from pydantic import AwareDatetime

from events.coded import InterviewEnding, InterviewException, InterviewPlace, Relationship
from events.labels import INTERVIEW_SCHEDULE, INVESTIGATION, OPERATIONAL, Category, Sealed
from events.police.statement import Statement
from events.texts import Narrative


class InterviewRequested(Statement):
    """An interview is to be held; one beyond the limit is not refused, and its reason is kept.

    Source: section E.2, step 12, of the domain research; Criminal Procedure Code art. 421.4.
    """

    TYPE: ClassVar[str] = "police.interview_requested.v1"
    ABOUT: ClassVar[Category] = Category.INTERVIEW_SCHEDULE
    planned_at: Annotated[AwareDatetime, OPERATIONAL]  # on which day it would count

    exception: Annotated[Sealed[InterviewException], INTERVIEW_SCHEDULE.coded] = "none"
    topics: Annotated[Sealed[Narrative], INVESTIGATION.of("statement")]


class InterviewHeld(Statement):
    """The child was interviewed once, with a representative present, and how it ended.

    The second version tells how it ended: an interview stops when the child is tired (Joint Circular 06/2018
    art. 14; section E.2, step 11, of the domain research). The statement stays sealed.
    """

    TYPE: ClassVar[str] = "police.interview_held.v2"
    ABOUT: ClassVar[Category] = Category.INTERVIEW_SCHEDULE

    started_at: Annotated[Sealed[AwareDatetime], INTERVIEW_SCHEDULE.coded]
    ended_at: Annotated[Sealed[AwareDatetime], INTERVIEW_SCHEDULE.coded]
    ending: Annotated[Sealed[InterviewEnding], INTERVIEW_SCHEDULE.coded]
    place: Annotated[Sealed[InterviewPlace], INTERVIEW_SCHEDULE.coded]
    representative: Annotated[Sealed[Relationship], INTERVIEW_SCHEDULE.coded]
    plain_clothes: Annotated[Sealed[bool], INTERVIEW_SCHEDULE.coded]
    statement: Annotated[Sealed[Narrative], INVESTIGATION.of("statement")]
