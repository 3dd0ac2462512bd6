"""What several assessments of Decree 56/2017 write down alike (forms 02, 03 and 06).

These are shapes, not events: without `TYPE` they have no wire name.
"""

from typing import Annotated

from events.coded import HomeCondition, RiskLevel
from events.event import Event
from events.labels import HOME_VISIT_NOTES, RISK_ASSESSMENT, Sealed
from events.texts import Narrative


class AssessedRisk(Event):
    """How great the risk is, and why."""

    risk_level: Annotated[Sealed[RiskLevel], RISK_ASSESSMENT.coded]
    assessment: Annotated[Sealed[Narrative], RISK_ASSESSMENT]


class VisitedHome(Event):
    """What a visit to the home showed."""

    home_condition: Annotated[Sealed[HomeCondition], HOME_VISIT_NOTES.coded]
    home_visit: Annotated[Sealed[Narrative | None], HOME_VISIT_NOTES] = None
