"""What a report and a case keep alike: who takes part, which clocks run, which tasks are given, what was stated."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import assert_never

from events.case import (
    CaseClosed,
    CaseOpened,
    CaseReopened,
    CaseSealed,
    CaseUnsealed,
    DeadlineMet,
    DeadlineStarted,
    EmergencyDeclared,
    EmergencyEnded,
    InvestigationStageEntered,
    MatchConfirmed,
    MatchEnded,
    MatchEstablished,
    MatchEvent,
    MatchStatus,
    MatchSuggested,
    PartyJoined,
    ReportFoundUnfounded,
    ReportLinked,
    ReportOpened,
    SharingAllowed,
    SharingEnded,
    StageEntered,
    StatementCorrected,
    StatementFlagged,
    StatementVoided,
    TaskAssigned,
    TaskProgressed,
)
from events.envelope import EventId, Reference, UnitId
from events.event import Event
from events.glass import GlassBroken, GlassReviewed
from events.likeness import names_child
from events.parties import Audience
from events.police.interviews import InterviewHeld
from events.police.investigation import CrimeReportResolved, CrimeReportTransferred, InvestigatorAssigned
from events.privacy import AuthorityNotified, BreachAssessed, RequestAcknowledged, SubjectKeyDestroyed
from events.social_work.plans import PlanApproved, PlanDrafted
from events.social_work.protection import InitialRiskAssessed, TemporarySeparationLifted, TemporarySeparationOrdered
from services.case_record.domain.clocks import (
    BREACH_NOTICE,
    CRIME_REPORT,
    DATA_REQUEST,
    EMERGENCY,
    INVESTIGATOR,
    PLAN_APPROVAL,
    PLAN_DRAFT,
    POLICE_TRANSFER,
    SEPARATION,
    local_day,
)
from services.case_record.domain.streams import Decided, Happened

MANY_ALIKE = "many_alike"  # code list `flag`

# The statement that does what a rule asks for, whether or not its clock runs yet: statements of different
# units may arrive in another order than they occurred in.
_DOES: dict[type[Event], str] = {
    TemporarySeparationOrdered: EMERGENCY,
    TemporarySeparationLifted: SEPARATION,
    PlanDrafted: PLAN_DRAFT,
    PlanApproved: PLAN_APPROVAL,
    CrimeReportTransferred: POLICE_TRANSFER,
    CrimeReportResolved: CRIME_REPORT,
    InvestigatorAssigned: INVESTIGATOR,
    RequestAcknowledged: DATA_REQUEST,
    AuthorityNotified: BREACH_NOTICE,
}


@dataclass(frozen=True, slots=True)
class Party:
    """Who takes part, and by which name it knows the stream (None: it reaches it through the case)."""

    audience: Audience
    unit: UnitId | None
    reference: Reference | None

    @property
    def holder(self) -> str:
        """Whose name the reference is: the unit's, or a standing audience's."""
        return self.unit or self.audience.value


@dataclass(frozen=True, slots=True)
class Clock:
    """A legal clock as it was started last, and when it was met."""

    rule: str
    audience: Audience  # who must act
    starts_at: datetime
    due_at: datetime
    met_at: datetime | None = None

    @property
    def running(self) -> bool:
        """Whether nobody has met it yet."""
        return self.met_at is None


@dataclass(frozen=True, slots=True)
class Task:
    """What a unit was asked to do, and how far it has come (code list `service_status`)."""

    unit: UnitId
    audience: Audience | None
    status: str

    @property
    def ended(self) -> bool:
        """Whether nothing more is asked of the unit."""
        return self.status in {"completed", "declined_by_provider", "cancelled"}


@dataclass(frozen=True, slots=True)
class Match:
    """Another stream that seems to be of the same child, by the coordinator's name for it, and how that stands."""

    unit: UnitId
    audience: Audience
    other: Reference | None
    status: MatchStatus = "suggested"


@dataclass(frozen=True, slots=True)
class Proceedings:
    """The common state of a stream; `interviews` counts the interviews of each local day."""

    parties: Mapping[str, Party] = field(default_factory=dict)  # by holder
    clocks: Mapping[str, Clock] = field(default_factory=dict)  # by rule
    tasks: Mapping[EventId, Task] = field(default_factory=dict)
    statements: frozenset[tuple[UnitId, EventId]] = frozenset()
    interviews: Mapping[date, int] = field(default_factory=dict)
    done: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)  # by rule: when it was done
    shared: tuple[SharingAllowed, ...] = ()  # whatever consents allow or allowed
    matches: Mapping[EventId, Match] = field(default_factory=dict)
    emergency: bool = False
    sealed_to: tuple[UnitId, ...] | None = None  # who keeps sight; None: not sealed
    to_be_erased: bool = False  # since its child was named last
    many_alike: bool = False  # the coordinator was told that more seem to be of the same child than are asked about

    def running(self, rule: str) -> Clock | None:
        """Return the clock of a rule while nobody has met it."""
        clock = self.clocks.get(rule)
        return clock if clock and clock.running else None


def evolve(now: Proceedings, happened: Happened) -> Proceedings:
    """Return what is so after an event; total, in whatever order events come."""
    if isinstance(happened.event, Decided):
        return _after_decided(now, happened.event)
    return _after_statement(now, happened)


def _after_statement(now: Proceedings, happened: Happened) -> Proceedings:
    stated = replace(now, statements=now.statements | {(happened.source, happened.id)})
    if isinstance(happened.event, InterviewHeld):
        return replace(stated, interviews=Counter(now.interviews) + Counter([local_day(happened.occurred_at)]))
    if isinstance(happened.event, SubjectKeyDestroyed) or names_child(type(happened.event)):
        stated = replace(stated, to_be_erased=isinstance(happened.event, SubjectKeyDestroyed))
    rule = _done_by(happened.event)
    if rule is None:
        return stated
    return replace(stated, done={**now.done, rule: (*now.done.get(rule, ()), happened.occurred_at)})


def _done_by(event: Event) -> str | None:
    if isinstance(event, InitialRiskAssessed):
        return None if event.emergency else EMERGENCY  # no emergency: nothing more is asked for in 12 hours
    if isinstance(event, BreachAssessed):
        return None if event.must_notify else BREACH_NOTICE  # nobody need be told
    return _DOES.get(type(event))


def _after_decided(now: Proceedings, event: Decided) -> Proceedings:
    match event:
        case PartyJoined():
            return _joined(now, event)
        case DeadlineStarted():
            return _started(now, event)
        case DeadlineMet():
            return _met(now, event)
        case TaskAssigned(task=task, unit=unit, audience=audience):
            return replace(now, tasks={**now.tasks, task: Task(unit, audience, "referred")})
        case TaskProgressed():
            return _progressed(now, event)
        case EmergencyDeclared() | EmergencyEnded():
            return replace(now, emergency=isinstance(event, EmergencyDeclared))
        case CaseSealed() | CaseUnsealed():
            return replace(now, sealed_to=event.units if isinstance(event, CaseSealed) else None)
        case ReportOpened() | CaseOpened() | ReportLinked() | ReportFoundUnfounded() | CaseClosed() | CaseReopened():
            return now
        case (
            StageEntered()
            | InvestigationStageEntered()
            | StatementCorrected()
            | StatementVoided()
            | SharingEnded()
            | GlassBroken()
            | GlassReviewed()
        ):
            return now
        case SharingAllowed() | StatementFlagged():
            return _noted(now, event)
        case MatchSuggested() | MatchConfirmed() | MatchEstablished() | MatchEnded():
            return replace(now, matches=_matches(now.matches, event))
        case _:
            assert_never(event)


def _matches(now: Mapping[EventId, Match], event: MatchEvent) -> Mapping[EventId, Match]:
    if isinstance(event, MatchSuggested):
        return {**now, event.match: Match(event.unit, event.audience, event.other)}
    if event.match not in now:
        return now
    return {**now, event.match: replace(now[event.match], status=event.STATUS)}


def _noted(now: Proceedings, event: SharingAllowed | StatementFlagged) -> Proceedings:
    if isinstance(event, SharingAllowed):
        return replace(now, shared=(*now.shared, event))
    return replace(now, many_alike=now.many_alike or event.flag == MANY_ALIKE)


def _joined(now: Proceedings, event: PartyJoined) -> Proceedings:
    party = Party(event.audience, event.unit, event.reference)
    before = now.parties.get(party.holder)
    if before is not None and party.reference is None:
        party = replace(party, reference=before.reference)
    return replace(now, parties={**now.parties, party.holder: party})


def _started(now: Proceedings, event: DeadlineStarted) -> Proceedings:
    clock = Clock(event.rule, event.audience, event.starts_at, event.due_at)
    return replace(now, clocks={**now.clocks, event.rule: clock})


def _met(now: Proceedings, event: DeadlineMet) -> Proceedings:
    clock = now.clocks.get(event.rule)
    if clock is None:
        return now
    return replace(now, clocks={**now.clocks, event.rule: replace(clock, met_at=event.met_at)})


def _progressed(now: Proceedings, event: TaskProgressed) -> Proceedings:
    task = now.tasks.get(event.task)
    if task is None:
        return now
    return replace(now, tasks={**now.tasks, event.task: replace(task, status=event.status)})
