"""What the case record decides, in few words."""

from datetime import datetime

from events.case import DeadlineMet, DeadlineStarted, StageEntered, StatementFlagged
from events.deadlines import deadline_rule
from events.parties import Audience


def started(rule: str, starts_at: datetime, due_at: datetime) -> DeadlineStarted:
    return DeadlineStarted(rule=rule, audience=deadline_rule(rule).audience, starts_at=starts_at, due_at=due_at)


def met(rule: str, met_at: datetime, *, late: bool = False) -> DeadlineMet:
    return DeadlineMet(rule=rule, audience=deadline_rule(rule).audience, met_at=met_at, late=late)


def stage(code: str) -> StageEntered:
    return StageEntered(stage=code)


def flagged(statement: str, flag: str, audience: str = "coordinator") -> StatementFlagged:
    return StatementFlagged(statement=statement, flag=flag, audience=Audience(audience))
