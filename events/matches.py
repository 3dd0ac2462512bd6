"""What people say of two records that seem to be of one child: whether it is the same."""

from typing import Annotated, ClassVar

from events.envelope import EventId
from events.event import Event
from events.labels import OPERATIONAL, Category
from events.parties import Agency


class _Match(Event):
    """A person's answer to `case.match_suggested`, from the unit that was asked."""

    BY: ClassVar[frozenset[Agency]] = frozenset({Agency.POLICE, Agency.HEALTH, Agency.EDUCATION, Agency.SOCIAL_WORK})
    ABOUT: ClassVar[Category] = Category.PARTICIPATION
    match: Annotated[EventId, OPERATIONAL]  # the unit's own name for the suggestion


class MatchConfirmed(_Match):
    """A person compared and holds that the other unit is concerned with the same child (peer research 3, no. 13)."""

    TYPE: ClassVar[str] = "privacy.match_confirmed.v1"


class MatchWithdrawn(_Match):
    """A person holds that it is another child, whatever was said before (peer research 3, no. 13)."""

    TYPE: ClassVar[str] = "privacy.match_withdrawn.v1"
