"""What justice bodies decide, by the police door until they have one of their own."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import AwareDatetime

from events.coded import CourtOrderKind, HearingKind, Relationship
from events.codes import Code
from events.labels import CAREGIVERS, INVESTIGATION, OPERATIONAL, Category, Sealed
from events.police.statement import Statement
from events.texts import Narrative, ShortText

_ORDER = CAREGIVERS.of("court_order")


class ProsecutionDecided(Statement):
    """The procuracy decided whether the case goes to court; others learn the status alone.

    Source: section E.2, step 23, of the domain research.
    """

    TYPE: ClassVar[str] = "police.prosecution_decided.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION
    outcome: Annotated[str, Code("prosecution_outcome"), OPERATIONAL]

    decision_number: Annotated[Sealed[ShortText], INVESTIGATION]
    grounds: Annotated[Sealed[Narrative | None], INVESTIGATION] = None


class TrialHeld(Statement):
    """The court heard the case, behind closed doors where the child needs it (Criminal Procedure Code art. 423)."""

    TYPE: ClassVar[str] = "police.trial_held.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION

    closed_hearing: Annotated[Sealed[bool], INVESTIGATION.coded]
    court: Annotated[Sealed[ShortText], INVESTIGATION]
    judgment: Annotated[Sealed[Narrative | None], INVESTIGATION] = None


class CourtHearingScheduled(Statement):
    """A court set a day; who protects the child learns that, not what is at issue (peer research 5.3, no. 31)."""

    TYPE: ClassVar[str] = "police.court_hearing_scheduled.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION
    hearing_at: Annotated[AwareDatetime, OPERATIONAL]

    hearing_kind: Annotated[Sealed[HearingKind], INVESTIGATION]
    court: Annotated[Sealed[ShortText], INVESTIGATION]


class CourtOrderIssued(Statement):
    """A court ordered something for the child: who protects it learns the operative part.

    Source: Law on Children art. 52.3; Circular 14/2020 art. 14.3; peer research 5.3, no. 31.
    """

    TYPE: ClassVar[str] = "police.court_order_issued.v1"
    ABOUT: ClassVar[Category] = Category.CAREGIVERS

    court_order: Annotated[Sealed[CourtOrderKind], _ORDER.coded]
    concerns: Annotated[Sealed[Relationship], _ORDER.coded]
    from_day: Annotated[Sealed[date], _ORDER.coded]
    until: Annotated[Sealed[date | None], _ORDER.coded] = None
    conditions: Annotated[Sealed[Narrative | None], _ORDER] = None
    decision_number: Annotated[Sealed[ShortText], _ORDER]
