"""Where a child lives when not at home, and its way back (Law on Children art. 60-69; Decree 56/2017 art. 38-48)."""

from datetime import date
from typing import Annotated, ClassVar

from events.coded import CarerCapacity, ClosureReason, ContactKind, Relationship, ServiceType
from events.labels import CAREGIVERS, CONTACT_LOCATION, HOME_VISIT_NOTES, SERVICES_GIVEN, Category, Sealed
from events.social_work.statement import Statement
from events.texts import Narrative, ShortText

_PLACEMENT = CAREGIVERS.of("placement")
_SHELTER = CONTACT_LOCATION.of("shelter")
_CONTACT = CAREGIVERS.of("contact")


class AlternativeCareStarted(Statement):
    """A child was given into care by decision: kin first, then family, then an institution.

    Source: Law on Children art. 60-66; Decree 56/2017 art. 42. Carer and address lie as they do in a separation.
    """

    TYPE: ClassVar[str] = "social_work.alternative_care_started.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN

    alternative_care: Annotated[Sealed[ServiceType], SERVICES_GIVEN.coded]
    placement_relationship: Annotated[Sealed[Relationship], _PLACEMENT.coded]
    placement_carer: Annotated[Sealed[ShortText], _PLACEMENT]
    placement_address: Annotated[Sealed[ShortText], _SHELTER]
    decision_number: Annotated[Sealed[ShortText], SERVICES_GIVEN]


class AlternativeCareChanged(Statement):
    """The child lives with another carer, or in another form of care (Law on Children art. 69)."""

    TYPE: ClassVar[str] = "social_work.alternative_care_changed.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN

    alternative_care: Annotated[Sealed[ServiceType], SERVICES_GIVEN.coded]
    reason: Annotated[Sealed[ClosureReason], SERVICES_GIVEN.coded]
    placement_relationship: Annotated[Sealed[Relationship], _PLACEMENT.coded]
    placement_carer: Annotated[Sealed[ShortText], _PLACEMENT]
    placement_address: Annotated[Sealed[ShortText], _SHELTER]


class AlternativeCareEnded(Statement):
    """The care by decision ended (Law on Children art. 69; Decree 56/2017 art. 48)."""

    TYPE: ClassVar[str] = "social_work.alternative_care_ended.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN

    alternative_care: Annotated[Sealed[ServiceType], SERVICES_GIVEN.coded]
    reason: Annotated[Sealed[ClosureReason], SERVICES_GIVEN.coded]
    account: Annotated[Sealed[Narrative | None], SERVICES_GIVEN] = None


class FamilyReunified(Statement):
    """The child lives with its family again (Law on Children art. 50.2d)."""

    TYPE: ClassVar[str] = "social_work.family_reunified.v1"
    ABOUT: ClassVar[Category] = Category.SERVICES_GIVEN

    returned_to: Annotated[Sealed[ShortText], CAREGIVERS.of("return")]
    returned_to_relationship: Annotated[Sealed[Relationship], CAREGIVERS.of("return").coded]
    account: Annotated[Sealed[Narrative | None], SERVICES_GIVEN] = None


class FamilyContactArranged(Statement):
    """It was settled whether and how child and family meet (peer research 5.6, no. 56)."""

    TYPE: ClassVar[str] = "social_work.family_contact_arranged.v1"
    ABOUT: ClassVar[Category] = Category.CAREGIVERS

    contact_kind: Annotated[Sealed[ContactKind], _CONTACT.coded]
    contact_relationship: Annotated[Sealed[Relationship], _CONTACT.coded]
    contact_with: Annotated[Sealed[ShortText], _CONTACT]
    until: Annotated[Sealed[date | None], _CONTACT.coded] = None
    arrangement: Annotated[Sealed[Narrative | None], _CONTACT] = None


class CarerCapacityAssessed(Statement):
    """Forms 10 and 11: whether a person can care for the child, before it is given into care.

    Source: Decree 56/2017 art. 38-42; peer research 5.6, no. 57.
    """

    TYPE: ClassVar[str] = "social_work.carer_capacity_assessed.v1"
    ABOUT: ClassVar[Category] = Category.CAREGIVERS

    carer_relationship: Annotated[Sealed[Relationship], _PLACEMENT.coded]
    carer_capacity: Annotated[Sealed[CarerCapacity], _PLACEMENT.coded]
    carer_name: Annotated[Sealed[ShortText], _PLACEMENT]
    carer_findings: Annotated[Sealed[Narrative], _PLACEMENT]
    home_visit: Annotated[Sealed[Narrative | None], HOME_VISIT_NOTES] = None
