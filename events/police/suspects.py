"""Who is suspected, where that person stands, and what keeps the person away; presumed innocent throughout."""

from datetime import date
from typing import Annotated, ClassVar

from events.coded import ProtectiveMeasure, Relationship, Restriction, SafetyInstruction, SuspectStatus
from events.labels import INVESTIGATION, SUSPECT_IDENTITY, Category, Sealed
from events.police.statement import Statement
from events.texts import Narrative, ShortText


class SuspectIdentified(Statement):
    """The police know who is suspected; others learn the relationship and what keeps the child safe.

    Source: peer research 5.3, no. 28; Joint Circular 01/2022 art. 2.3.
    """

    TYPE: ClassVar[str] = "police.suspect_identified.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION

    suspect_name: Annotated[Sealed[ShortText], SUSPECT_IDENTITY]
    suspect_relationship: Annotated[Sealed[Relationship], SUSPECT_IDENTITY.coded]
    safety_instruction: Annotated[Sealed[SafetyInstruction], SUSPECT_IDENTITY.coded] = "none"
    account: Annotated[Sealed[Narrative | None], INVESTIGATION] = None


class SuspectStatusChanged(Statement):
    """Where the suspect stands changed; whether the person can reach the child is told, not why.

    Source: peer research 5.3, no. 28.
    """

    TYPE: ClassVar[str] = "police.suspect_status_changed.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION

    suspect_status: Annotated[Sealed[SuspectStatus], INVESTIGATION]
    may_reach_child: Annotated[Sealed[bool], SUSPECT_IDENTITY.coded]
    safety_instruction: Annotated[Sealed[SafetyInstruction], SUSPECT_IDENTITY.coded] = "none"
    account: Annotated[Sealed[Narrative | None], INVESTIGATION] = None


class SuspectRestricted(Statement):
    """A person was forbidden to come near the child (Law 13/2022/QH15; peer research 5.3, no. 24)."""

    TYPE: ClassVar[str] = "police.suspect_restricted.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION

    restrictions: Annotated[Sealed[tuple[Restriction, ...]], SUSPECT_IDENTITY.coded]
    until: Annotated[Sealed[date | None], SUSPECT_IDENTITY.coded] = None
    safety_instruction: Annotated[Sealed[SafetyInstruction], SUSPECT_IDENTITY.coded]
    suspect_name: Annotated[Sealed[ShortText], SUSPECT_IDENTITY]
    order_number: Annotated[Sealed[ShortText], INVESTIGATION]
    protected_places: Annotated[Sealed[Narrative | None], INVESTIGATION] = None


class ProtectionApplied(Statement):
    """The police protect the child, a witness or who reported (Joint Circular 01/2022 art. 2.4)."""

    TYPE: ClassVar[str] = "police.protection_applied.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION

    protective_measures: Annotated[Sealed[tuple[ProtectiveMeasure, ...]], INVESTIGATION]
    until: Annotated[Sealed[date | None], INVESTIGATION] = None
    account: Annotated[Sealed[Narrative], INVESTIGATION]


class OffenderReleased(Statement):
    """A person who was held is free: a warning to who keeps the child safe (peer research 5.3, no. 33)."""

    TYPE: ClassVar[str] = "police.offender_released.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION

    released_on: Annotated[Sealed[date], SUSPECT_IDENTITY.coded]
    safety_instruction: Annotated[Sealed[SafetyInstruction], SUSPECT_IDENTITY.coded]
    conditions: Annotated[Sealed[Narrative | None], SUSPECT_IDENTITY] = None
