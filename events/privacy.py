"""What is asked, answered and done about a person's data (Law 91/2025/QH15; Decree 356/2025 art. 5).

A request is stated by the social-work unit that heard it. A consent, a voided statement and an incident are stated by
whichever agency asked, erred or found it. A carer flagged as the abuser has lost the right to ask and to consent
(Decree 56/2017 art. 27.1h; Decision 3133).
"""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from events.coded import (
    BreachMeasure,
    BreachSeverity,
    ConsentCondition,
    ConsentDecision,
    ConsentPurpose,
    DataRequest,
    ErasureAuthority,
    ErasureGround,
    IncidentKind,
    RedactionScope,
    Relationship,
    SealingAuthority,
    SealingGround,
)
from events.codes import Code
from events.envelope import EventId, UnitId
from events.event import Event
from events.labels import (
    ACCESS_LOG,
    CAREGIVERS,
    CASE_PLAN,
    CHILD_IDENTITY,
    OPERATIONAL,
    Category,
    Person,
    Sealed,
    Summary,
)
from events.parties import Agency
from events.texts import VERSION_NAME, Count, CustodyReference, Narrative, PartName, ShortText

_SHA256 = r"^[0-9a-f]{64}$"
_REQUEST = CASE_PLAN.of("request")
_CONSENT = CAREGIVERS.of("consent")
_OWN_CONSENT = CAREGIVERS.of("consent", person=Person.CHILD)  # the child's, kept apart from its representative's
_BIRTH = CHILD_IDENTITY.of("birth")
_SEALING = ACCESS_LOG.of("sealing")
ERASURE_PART = "erasure"
_ERASURE = ACCESS_LOG.of(ERASURE_PART)
_EVERYBODY = frozenset({Agency.POLICE, Agency.HEALTH, Agency.EDUCATION, Agency.SOCIAL_WORK})


class _Request(Event):
    """Heard and stated by social work."""

    BY: ClassVar[frozenset[Agency]] = frozenset({Agency.SOCIAL_WORK})
    ABOUT: ClassVar[Category] = Category.DEADLINES_TASKS  # whoever answers for the file; nobody else learns of it


class _Consent(Event):
    """Stated by whoever asked; told to those who must know who may consent, not to school or hotline."""

    BY: ClassVar[frozenset[Agency]] = _EVERYBODY
    ABOUT: ClassVar[Category] = Category.CAREGIVERS

    purpose: Annotated[Sealed[ConsentPurpose], _CONSENT.coded]
    representative: Annotated[Sealed[Relationship], _CONSENT.coded]


class _Incident(Event):
    """Stated by the agency whose data it concerns; of the case it tells nothing but the case."""

    BY: ClassVar[frozenset[Agency]] = _EVERYBODY
    ABOUT: ClassVar[Category] = Category.ACCESS_LOG


class _Sealing(Event):
    """Stated by the police or by social work: to them such an order is addressed (to be confirmed by a lawyer)."""

    BY: ClassVar[frozenset[Agency]] = frozenset({Agency.POLICE, Agency.SOCIAL_WORK})
    ABOUT: ClassVar[Category] = Category.ACCESS_LOG  # who may see is told to whoever answers for that


class RedactionRequested(_Request):
    """A person asked that something be erased; two working days to answer begin (Decree 356/2025 art. 5)."""

    TYPE: ClassVar[str] = "privacy.redaction_requested.v1"

    requester_name: Annotated[Sealed[ShortText], CAREGIVERS.of("requester")]
    requester_relationship: Annotated[Sealed[Relationship], CAREGIVERS.of("requester").coded]
    request: Annotated[Sealed[DataRequest], _REQUEST.coded]
    what_is_asked: Annotated[Sealed[Narrative], _REQUEST]


class RequestAcknowledged(_Request):
    """The person was told that the request is in hand, and how to complain (Decree 356/2025 art. 5)."""

    TYPE: ClassVar[str] = "privacy.request_acknowledged.v1"

    answer: Annotated[Sealed[Narrative], _REQUEST]


class RedactionApplied(_Request):
    """What was asked was erased, wholly or in part, and whoever else holds it was told (Law 91/2025/QH15 art. 14)."""

    TYPE: ClassVar[str] = "privacy.redaction_applied.v1"
    request: Annotated[EventId, OPERATIONAL]  # id of the request it answers

    scope: Annotated[Sealed[RedactionScope], _REQUEST.coded]
    recipients_told: Annotated[Sealed[bool], _REQUEST.coded]
    what_was_erased: Annotated[Sealed[Narrative], _REQUEST]


class ErasureDenied(_Request):
    """What was asked is kept, on a legal ground, and the person was told how to complain.

    Source: section E.1, step 27, of the domain research; Law 91/2025/QH15 art. 14.2.
    """

    TYPE: ClassVar[str] = "privacy.erasure_denied.v1"
    request: Annotated[EventId, OPERATIONAL]  # id of the request it answers

    ground: Annotated[Sealed[ErasureGround], _REQUEST.coded]
    explanation: Annotated[Sealed[Narrative], _REQUEST]


class SubjectKeyDestroyed(Event):
    """The keys of what is held of somebody are to be destroyed, and with them everything that they sealed, everywhere.

    It reaches every subject that the case record linked; what must be kept by law stays (`erasure_denied`). Stated and
    recorded first, then carried out by the key service. Empty lists mean all. Source: Law 91/2025/QH15 art. 14.
    """

    TYPE: ClassVar[str] = "privacy.subject_key_destroyed.v1"
    BY: ClassVar[frozenset[Agency]] = frozenset({Agency.SOCIAL_WORK})
    ABOUT: ClassVar[Category] = Category.ACCESS_LOG

    authority: Annotated[Sealed[ErasureAuthority], _ERASURE.coded]
    legal_basis: Annotated[Sealed[ShortText], _ERASURE]
    persons: Annotated[Sealed[tuple[Person, ...]], _ERASURE.coded]
    categories: Annotated[Sealed[tuple[Category, ...]], _ERASURE.coded] = ()
    parts: Annotated[Sealed[tuple[PartName, ...]], _ERASURE] = ()


class ConsentRecorded(_Consent):
    """Child and representative were asked and consented, each by themselves.

    Source: Law on Children art. 6.11 and Law 91/2025/QH15 art. 24 (from the age of 7 both are asked); Decision 3133. A
    consent to a test for HIV is not said here but beside the order of the test.
    """

    TYPE: ClassVar[str] = "privacy.consent_recorded.v1"

    child_decision: Annotated[Sealed[ConsentDecision], _OWN_CONSENT.coded]
    child_words: Annotated[Sealed[Narrative | None], _OWN_CONSENT] = None
    representative_decision: Annotated[Sealed[ConsentDecision], _CONSENT.coded]
    in_writing: Annotated[Sealed[bool], _CONSENT.coded]
    conditions: Annotated[Sealed[tuple[ConsentCondition, ...]], _CONSENT.coded] = ()
    valid_until: Annotated[Sealed[date | None], _CONSENT.coded] = None
    evidence: Annotated[Sealed[CustodyReference | None], _CONSENT] = None


class ConsentRefused(_Consent):
    """Child or representative said no; what was asked for is not done (Law on Children art. 6.11; Decision 3133)."""

    TYPE: ClassVar[str] = "privacy.consent_refused.v1"

    child_decision: Annotated[Sealed[ConsentDecision], _OWN_CONSENT.coded]
    child_words: Annotated[Sealed[Narrative | None], _OWN_CONSENT] = None
    representative_decision: Annotated[Sealed[ConsentDecision], _CONSENT.coded]
    reason: Annotated[Sealed[Narrative | None], _CONSENT] = None


class ConsentWithdrawn(_Consent):
    """A consent was taken back; what it allowed stops, unless a law says otherwise (Law 91/2025/QH15 art. 24.3)."""

    TYPE: ClassVar[str] = "privacy.consent_withdrawn.v1"
    consent: Annotated[EventId, OPERATIONAL]  # id of the consent that is taken back

    withdrawn_by_child: Annotated[Sealed[bool], _OWN_CONSENT.coded]
    reason: Annotated[Sealed[Narrative | None], _CONSENT] = None


class ChildIdentified(Event):
    """A register or a paper names the child: name, birth date and ID number, stated together.

    By these a child is found. Source: section E.1, step 16, and source S1-19 of the domain research (Project 06: the
    commune and the police bring children's data in line with the population database).
    """

    TYPE: ClassVar[str] = "privacy.child_identified.v1"
    BY: ClassVar[frozenset[Agency]] = _EVERYBODY
    ABOUT: ClassVar[Category] = Category.CHILD_IDENTITY

    child_name: Annotated[Sealed[ShortText], CHILD_IDENTITY.of(summary=Summary.INITIALS)]
    child_birth_date: Annotated[Sealed[date | None], _BIRTH.of(summary=Summary.AGE, summary_name="age")] = None
    child_id_number: Annotated[Sealed[ShortText | None], CHILD_IDENTITY] = None


class StatementVoided(Event):
    """A unit took back a statement of its own whole: it was of another child, or never so.

    Source: section E.2, step 16, of the domain research. Nothing is erased by it: the statement stays in the history.
    """

    TYPE: ClassVar[str] = "privacy.statement_voided.v1"
    BY: ClassVar[frozenset[Agency]] = _EVERYBODY
    ABOUT: ClassVar[Category] = Category.DEADLINES_TASKS
    voids: Annotated[EventId, OPERATIONAL]  # id of the unit's own earlier event
    reason: Annotated[str, Code("void_reason"), OPERATIONAL]


class RecordSealed(_Sealing):
    """An authority ordered that the case be hidden from everybody it does not name (peer research 5.7, no. 67).

    Whoever leads the case and the auditor keep sight, named or not: a child must not be left with nobody, and sealing
    must not be a way to hide from oversight. A new order takes the place of an earlier one.
    """

    TYPE: ClassVar[str] = "privacy.record_sealed.v1"
    units_in_sight: Annotated[tuple[UnitId, ...], OPERATIONAL]  # the units that the order names; told to them alone

    ordered_by: Annotated[Sealed[SealingAuthority], _SEALING.coded]
    sealing_ground: Annotated[Sealed[SealingGround], _SEALING.coded]
    order_record: Annotated[Sealed[CustodyReference | None], _SEALING] = None  # where the order itself is kept


class RecordUnsealed(_Sealing):
    """The order was lifted: the case is seen again by whoever took part in it (peer research 5.7, no. 67)."""

    TYPE: ClassVar[str] = "privacy.record_unsealed.v1"

    ordered_by: Annotated[Sealed[SealingAuthority], _SEALING.coded]
    order_record: Annotated[Sealed[CustodyReference | None], _SEALING] = None  # where the order itself is kept


class AgreementAdopted(Event):
    """A version of the sharing agreement came into force; of the first one: the platform began under it.

    Source: section D of the domain research. The document and the parties' signatures lie beside it in the register.
    """

    TYPE: ClassVar[str] = "privacy.agreement_adopted.v1"
    number: Annotated[int, Field(ge=0), OPERATIONAL]
    version: Annotated[str, Field(pattern=VERSION_NAME), OPERATIONAL]
    document_sha256: Annotated[str, Field(pattern=_SHA256), OPERATIONAL]
    signatures_sha256: Annotated[str, Field(pattern=_SHA256), OPERATIONAL]


class IncidentOpened(_Incident):
    """Personal data went where they should not; 72 hours to tell the authority begin when it was found.

    Source: section E.2, step 16, of the domain research; Law 91/2025/QH15 (article to be checked).
    """

    TYPE: ClassVar[str] = "privacy.incident_opened.v1"
    detected_at: Annotated[AwareDatetime, OPERATIONAL]

    incident_kind: Annotated[Sealed[IncidentKind], ACCESS_LOG.coded]
    affected_categories: Annotated[Sealed[tuple[Category, ...]], ACCESS_LOG.coded] = ()
    affected_people: Annotated[Sealed[Count | None], ACCESS_LOG.coded] = None
    record: Annotated[Sealed[CustodyReference | None], ACCESS_LOG] = None  # where the agency keeps its file of it


class BreachAssessed(_Incident):
    """How grave the breach is, what was done about it, and whether the authority must be told (Law 91/2025/QH15)."""

    TYPE: ClassVar[str] = "privacy.breach_assessed.v1"
    incident: Annotated[EventId, OPERATIONAL]  # id of the event that opened it
    must_notify: Annotated[bool, OPERATIONAL]

    severity: Annotated[Sealed[BreachSeverity], ACCESS_LOG.coded]
    measures: Annotated[Sealed[tuple[BreachMeasure, ...]], ACCESS_LOG.coded] = ()


class AuthorityNotified(_Incident):
    """The authority for personal data was told of the breach, within 72 hours (Law 91/2025/QH15)."""

    TYPE: ClassVar[str] = "privacy.authority_notified.v1"
    incident: Annotated[EventId, OPERATIONAL]  # id of the event that opened it
    notified_at: Annotated[AwareDatetime, OPERATIONAL]

    authority: Annotated[Sealed[ShortText], ACCESS_LOG]
    receipt_number: Annotated[Sealed[ShortText | None], ACCESS_LOG] = None
