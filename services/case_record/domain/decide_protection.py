"""What follows from the steps of protection (Decree 56/2017 art. 26-32)."""

from collections.abc import Iterator
from typing import assert_never

from events.case import EmergencyDeclared, EmergencyEnded
from events.deadlines import deadline_rule
from events.parties import Audience
from services.case_record.domain.clocks import EMERGENCY, PLAN_APPROVAL, PLAN_DRAFT, SEPARATION, due_at
from services.case_record.domain.commands import (
    ApprovePlan,
    AssessInitialRisk,
    AssessNeeds,
    DraftPlan,
    LiftSeparation,
    OrderSeparation,
    Protection,
    RenewPlan,
)
from services.case_record.domain.deadlines import meet_clock, meet_or_flag, start_unless_running
from services.case_record.domain.dossier import Dossier
from services.case_record.domain.matter import Matter, flag
from services.case_record.domain.stages import enter_stage
from services.case_record.domain.streams import Placed


def protection(command: Protection, matter: Matter, dossier: Dossier) -> Iterator[Placed]:
    """Return what follows for the case, or for the report as long as it has none."""
    said = command.said
    match command:
        case AssessInitialRisk():
            yield from _assess_initial_risk(command, dossier)
        case OrderSeparation():
            yield from _order_separation(command, matter, dossier)
        case LiftSeparation():
            yield from _lift_separation(command, dossier)
        case AssessNeeds():
            yield from enter_stage(said, dossier, "needs_assessment")
            yield from start_unless_running(said, matter, dossier, PLAN_DRAFT)
        case DraftPlan():
            yield from meet_or_flag(said, dossier, PLAN_DRAFT)
            yield from enter_stage(said, dossier, "plan_pending_approval")
            yield from start_unless_running(said, matter, dossier, PLAN_APPROVAL)
        case ApprovePlan():
            yield from meet_or_flag(said, dossier, PLAN_APPROVAL)
            yield from enter_stage(said, dossier, "plan_in_progress")
        case RenewPlan():  # not yet safe and stable (art. 30.1c)
            yield from enter_stage(said, dossier, "plan_in_progress")
        case _:
            assert_never(command)


def _assess_initial_risk(command: AssessInitialRisk, dossier: Dossier) -> Iterator[Placed]:
    said = command.said
    yield from enter_stage(said, dossier, "initial_assessment")
    if not command.emergency:
        yield from meet_clock(said, dossier, EMERGENCY)
    elif not dossier.emergency and dossier.done(SEPARATION, said.occurred_at) is None:
        yield Placed(dossier.main, EmergencyDeclared())


def _order_separation(command: OrderSeparation, matter: Matter, dossier: Dossier) -> Iterator[Placed]:
    """An extension does not start the 15 days anew: they are the most in all (art. 32.3)."""
    said = command.said
    yield from meet_clock(said, dossier, EMERGENCY)
    yield from start_unless_running(said, matter, dossier, SEPARATION)
    at_most = due_at(deadline_rule(SEPARATION), said.occurred_at, matter.working_days)
    if command.until > min((clock.due_at for _, clock in dossier.running(SEPARATION)), default=at_most):
        yield flag(said, dossier.main, "separation_over_15_days", Audience.COORDINATOR)


def _lift_separation(command: LiftSeparation, dossier: Dossier) -> Iterator[Placed]:
    yield from meet_or_flag(command.said, dossier, SEPARATION)
    for member in dossier.members:
        if member.proceedings.emergency:
            yield Placed(member.stream, EmergencyEnded())
