"""What is asked and answered about a person's data (Law 91/2025/QH15; Decree 356/2025 art. 5).

Asked by a person, stated by the social-work unit that heard it. A carer flagged as the abuser has lost the
right to ask (Decree 56/2017 art. 27.1h).
"""

from typing import Annotated, ClassVar

from events.coded import DataRequest, Relationship
from events.event import Event
from events.labels import CAREGIVERS, CASE_PLAN, Category, Sealed
from events.parties import Agency
from events.texts import Narrative, ShortText

_REQUEST = CASE_PLAN.of("request")


class _Statement(Event):
    """Heard and stated by social work."""

    BY: ClassVar[frozenset[Agency]] = frozenset({Agency.SOCIAL_WORK})
    ABOUT: ClassVar[Category] = Category.DEADLINES_TASKS  # whoever answers for the file; nobody else learns of it


class RedactionRequested(_Statement):
    """A person asked that something be erased; two working days to answer begin (Decree 356/2025 art. 5)."""

    TYPE: ClassVar[str] = "privacy.redaction_requested.v1"

    requester_name: Annotated[Sealed[ShortText], CAREGIVERS.of("requester")]
    requester_relationship: Annotated[Sealed[Relationship], CAREGIVERS.of("requester").coded]
    request: Annotated[Sealed[DataRequest], _REQUEST.coded]
    what_is_asked: Annotated[Sealed[Narrative], _REQUEST]


class RequestAcknowledged(_Statement):
    """The person was told that the request is in hand, and how to complain (Decree 356/2025 art. 5)."""

    TYPE: ClassVar[str] = "privacy.request_acknowledged.v1"

    answer: Annotated[Sealed[Narrative], _REQUEST]
