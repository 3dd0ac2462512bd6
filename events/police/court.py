"""What justice bodies decide, by the police door until they have one of their own."""

from typing import Annotated, ClassVar

from events.codes import Code
from events.labels import INVESTIGATION, OPERATIONAL, Category, Sealed
from events.police.statement import Statement
from events.texts import Narrative, ShortText


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
