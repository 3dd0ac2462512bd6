"""Earlier versions of what the police assert: still accepted, and read as the newest (`events.upcasts`)."""

from typing import Annotated, ClassVar

from pydantic import AwareDatetime

from events.coded import InterviewPlace, Relationship
from events.labels import INTERVIEW_SCHEDULE, INVESTIGATION, Category, Sealed
from events.police.statement import Statement
from events.texts import Narrative


class InterviewHeld(Statement):
    """The child was interviewed once, with a representative present.

    The conditions let others see that limits are kept (twice a day, two hours each: Criminal Procedure
    Code art. 421.4; places and plain clothes: Joint Circular 06/2018 art. 14). The statement stays sealed.
    """

    TYPE: ClassVar[str] = "police.interview_held.v1"
    ABOUT: ClassVar[Category] = Category.INTERVIEW_SCHEDULE

    started_at: Annotated[Sealed[AwareDatetime], INTERVIEW_SCHEDULE.coded]
    ended_at: Annotated[Sealed[AwareDatetime], INTERVIEW_SCHEDULE.coded]
    place: Annotated[Sealed[InterviewPlace], INTERVIEW_SCHEDULE.coded]
    representative: Annotated[Sealed[Relationship], INTERVIEW_SCHEDULE.coded]
    plain_clothes: Annotated[Sealed[bool], INTERVIEW_SCHEDULE.coded]
    statement: Annotated[Sealed[Narrative], INVESTIGATION.of("statement")]
