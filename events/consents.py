"""Consents to the sharing of what is held of a child: who may be told what, for which purpose, from when until when.

What was answered, and by whom, lies sealed. Open is what the platform decides on: what the answers add up to, and what
they would allow. Nobody's age, refusal or kinship can be read from that, nor who the representative is.
"""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from events.coded import ChildAgeBand, ConsentCondition, ConsentDecision, ConsentPurpose, Relationship
from events.codes import Code
from events.envelope import EventId
from events.event import Event
from events.labels import CAREGIVERS, OPERATIONAL, Category, Person, Sealed
from events.parties import Agency, Audience
from events.texts import CustodyReference, Narrative

_CONSENT = CAREGIVERS.of("consent")
_OWN_CONSENT = CAREGIVERS.of("consent", person=Person.CHILD)  # the child's, kept apart from its representative's

# Of what child and representative may let others know. Not: what is somebody else's to say (reporter, suspect), what a
# law lets nobody share by consent or by another route alone (HIV, evidence, investigation), what is no content.
Consentable = Literal[
    Category.CHILD_IDENTITY,
    Category.CONTACT_LOCATION,
    Category.CAREGIVERS,
    Category.MEDICAL_FINDINGS,
    Category.MENTAL_HEALTH_NOTES,
    Category.SCHOOL_RECORDS,
    Category.HOME_VISIT_NOTES,
    Category.RISK_ASSESSMENT,
    Category.CASE_PLAN,
    Category.SERVICES_GIVEN,
    Category.SPECIAL_CIRCUMSTANCE,
]
ReadingPurpose = Annotated[str, Code("purpose")]


class _Consent(Event):
    """Stated by whoever asked; told to those who must know who may consent, not to school or hotline."""

    BY: ClassVar[frozenset[Agency]] = frozenset({Agency.POLICE, Agency.HEALTH, Agency.EDUCATION, Agency.SOCIAL_WORK})
    ABOUT: ClassVar[Category] = Category.CAREGIVERS

    purpose: Annotated[Sealed[ConsentPurpose], _CONSENT.coded]
    representative: Annotated[Sealed[Relationship], _CONSENT.coded]


class ConsentRecorded(_Consent):
    """Child and representative were asked, each by themselves, who may be told what, for which purpose and how long.

    Under 7 the representative alone is asked, from 7 both, and both where the age is not known. A representative who
    is flagged as the abuser has lost the right: what it says is recorded and allows nothing. What names no recipient,
    no category or no end allows nothing. Source: Law on Children art. 6.11; Law 91/2025/QH15 art. 24; Decree 56/2017
    art. 27.1h; Decision 3133.
    """

    TYPE: ClassVar[str] = "privacy.consent_recorded.v2"

    child_age_band: Annotated[Sealed[ChildAgeBand], _OWN_CONSENT.coded]
    child_decision: Annotated[Sealed[ConsentDecision], _OWN_CONSENT.coded]
    child_words: Annotated[Sealed[Narrative | None], _OWN_CONSENT] = None
    representative_decision: Annotated[Sealed[ConsentDecision], _CONSENT.coded]
    representative_entitled: Annotated[
        Sealed[bool | None], _CONSENT.coded
    ]  # False: flagged as the abuser; None: not stated
    in_writing: Annotated[Sealed[bool], _CONSENT.coded]
    conditions: Annotated[Sealed[tuple[ConsentCondition, ...]], _CONSENT.coded] = ()
    valid_until: Annotated[Sealed[date | None], _CONSENT.coded] = None  # of what else was consented to
    evidence: Annotated[Sealed[CustodyReference | None], _CONSENT] = None

    recipients: Annotated[tuple[Audience, ...], OPERATIONAL] = ()
    reading_purposes: Annotated[tuple[ReadingPurpose, ...], OPERATIONAL] = ()
    categories: Annotated[tuple[Consentable, ...], OPERATIONAL] = ()
    allowed_from: Annotated[AwareDatetime | None, OPERATIONAL] = None  # None: from when it occurred
    allowed_until: Annotated[AwareDatetime | None, OPERATIONAL] = None
    standing: Annotated[str, Code("consent_standing"), OPERATIONAL]

    @field_validator("standing")
    @classmethod
    def _adds_up(cls, stated: str, info: ValidationInfo) -> str:
        """Return the standing if it is what the sealed answers add up to.

        Raises:
            PydanticCustomError: if it is not.
        """
        if stated not in {_standing(info), "not_stated"}:
            raise PydanticCustomError("consent_standing", "not what the answers add up to")
        return stated


class ConsentWithdrawn(_Consent):
    """A consent of the same unit was taken back, whole or in part; what it allowed stops at once.

    From the moment the door has accepted it nobody is told anything by what it takes back. Empty lists mean all
    recipients, all categories. Source: Law 91/2025/QH15 art. 24.3; a law that says otherwise is its own ground.
    """

    TYPE: ClassVar[str] = "privacy.consent_withdrawn.v2"
    consent: Annotated[EventId, OPERATIONAL]  # id of the unit's own event that is taken back
    recipients: Annotated[tuple[Audience, ...], OPERATIONAL] = ()
    categories: Annotated[tuple[Consentable, ...], OPERATIONAL] = ()

    withdrawn_by_child: Annotated[Sealed[bool], _OWN_CONSENT.coded]
    reason: Annotated[Sealed[Narrative | None], _CONSENT] = None


def _standing(info: ValidationInfo) -> str:
    said = info.data
    if said.get("representative_entitled") is False:
        return "under_review"
    child = said.get("child_age_band") == "under_7" or said.get("child_decision") == "agreed"
    return "complete" if child and said.get("representative_decision") == "agreed" else "not_given"
