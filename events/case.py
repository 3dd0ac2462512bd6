"""What the case record decides, in the order of a report's and a case's life.

Only the case record asserts these. All fields are operational: the case record holds no key, so it can
seal nothing; the substance lies sealed in the agency's statement that caused the event (`causationid`).
"""

from typing import Annotated, ClassVar, Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from events.codes import Code
from events.consents import Consentable, ReadingPurpose
from events.envelope import EventId, Reference, UnitId
from events.event import Event
from events.labels import OPERATIONAL, Category
from events.parties import Audience

RuleCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,63}$")]


class ReportOpened(Event):
    """A notification was taken up: a report stream begins (Decree 56/2017 art. 25)."""

    TYPE: ClassVar[str] = "case.report_opened.v1"
    unit: Annotated[UnitId, OPERATIONAL]
    received_at: Annotated[AwareDatetime, OPERATIONAL]  # when the receiving place heard of it


class CaseOpened(Event):
    """The protection of one child begins, under exactly one lead unit."""

    TYPE: ClassVar[str] = "case.case_opened.v1"
    lead_unit: Annotated[UnitId, OPERATIONAL]


class PartyJoined(Event):
    """A unit takes part from here on and sees what its audience may; `reference` is its own name for it.

    On the stream of a report that is linked to a case, later parties join without a reference: they
    reach the report through the case.
    """

    TYPE: ClassVar[str] = "case.party_joined.v1"
    ABOUT: ClassVar[Category] = Category.PARTICIPATION
    audience: Annotated[Audience, OPERATIONAL]
    unit: Annotated[UnitId | None, OPERATIONAL]  # None: every unit of a standing audience
    reference: Annotated[Reference | None, OPERATIONAL]
    because: Annotated[Literal["reported", "forwarded", "opened", "invited", "linked", "standing"], OPERATIONAL]


class ReportLinked(Event):
    """A report belongs to a case; recorded on both streams. A `duplicate` tells of what is known already."""

    TYPE: ClassVar[str] = "case.report_linked.v1"
    report: Annotated[UUID, OPERATIONAL]
    case: Annotated[UUID, OPERATIONAL]
    role: Annotated[Literal["origin", "duplicate"], OPERATIONAL]


class ReportFoundUnfounded(Event):
    """A report was checked and has no ground; it stays in the history and blames nobody."""

    TYPE: ClassVar[str] = "case.report_found_unfounded.v1"


class StageEntered(Event):
    """The case moved to a stage of the procedure (code list `case_status`)."""

    TYPE: ClassVar[str] = "case.stage_entered.v1"
    stage: Annotated[str, Code("case_status"), OPERATIONAL]


class InvestigationStageEntered(Event):
    """The police track moved on; it opens and closes apart from the protection track."""

    TYPE: ClassVar[str] = "case.investigation_stage_entered.v1"
    ABOUT: ClassVar[Category] = Category.INVESTIGATION
    stage: Annotated[str, Code("case_status"), OPERATIONAL]


class EmergencyDeclared(Event):
    """The initial assessment found an emergency (Decree 56/2017 art. 31.1)."""

    TYPE: ClassVar[str] = "case.emergency_declared.v1"


class EmergencyEnded(Event):
    """The emergency is over: separation was lifted or the danger has gone."""

    TYPE: ClassVar[str] = "case.emergency_ended.v1"


class DeadlineStarted(Event):
    """A legal clock runs for an audience; the same rule may run again after it was met or replaced."""

    TYPE: ClassVar[str] = "case.deadline_started.v1"
    ABOUT: ClassVar[Category] = Category.DEADLINES_TASKS
    rule: Annotated[RuleCode, OPERATIONAL]
    audience: Annotated[Audience, OPERATIONAL]  # who must act
    starts_at: Annotated[AwareDatetime, OPERATIONAL]
    due_at: Annotated[AwareDatetime, OPERATIONAL]


class DeadlineMet(Event):
    """What the clock asked for was done; `late` when after `due_at`, which is recorded and never refused."""

    TYPE: ClassVar[str] = "case.deadline_met.v1"
    ABOUT: ClassVar[Category] = Category.DEADLINES_TASKS
    rule: Annotated[RuleCode, OPERATIONAL]
    audience: Annotated[Audience, OPERATIONAL]
    met_at: Annotated[AwareDatetime, OPERATIONAL]
    late: Annotated[bool, OPERATIONAL]


class TaskAssigned(Event):
    """A unit has something to do; what it is lies sealed in the statement that caused this."""

    TYPE: ClassVar[str] = "case.task_assigned.v1"
    ABOUT: ClassVar[Category] = Category.DEADLINES_TASKS
    task: Annotated[EventId, OPERATIONAL]
    audience: Annotated[Audience | None, OPERATIONAL]  # None: a unit without a view of its own
    unit: Annotated[UnitId, OPERATIONAL]
    due_at: Annotated[AwareDatetime | None, OPERATIONAL] = None


class TaskProgressed(Event):
    """The unit accepted, did or declined its task (code list `service_status`)."""

    TYPE: ClassVar[str] = "case.task_progressed.v1"
    ABOUT: ClassVar[Category] = Category.DEADLINES_TASKS
    task: Annotated[EventId, OPERATIONAL]
    audience: Annotated[Audience | None, OPERATIONAL]
    status: Annotated[str, Code("service_status"), OPERATIONAL]


class CaseSealed(Event):
    """From here on the case is hidden from everybody but these units, its lead unit among them, and the auditor.

    Recorded on the case and on each of its reports. A later one takes the place of an earlier one.
    """

    TYPE: ClassVar[str] = "case.case_sealed.v1"
    units: Annotated[tuple[UnitId, ...], OPERATIONAL]  # in order, each once


class CaseUnsealed(Event):
    """The case is seen again by everybody who took part in it."""

    TYPE: ClassVar[str] = "case.case_unsealed.v1"


class StatementCorrected(Event):
    """One statement carries anew what another had wrong; both stay in the history."""

    TYPE: ClassVar[str] = "case.statement_corrected.v1"
    corrected: Annotated[EventId, OPERATIONAL]  # id of the statement that was wrong
    correction: Annotated[EventId, OPERATIONAL]  # id of the statement that carries it anew


class StatementVoided(Event):
    """A unit took back a statement of its own, recorded on the same stream; it stays in the history.

    Views but the auditor's no longer show it; what had followed from it is not undone, for that a person decides.
    """

    TYPE: ClassVar[str] = "case.statement_voided.v1"
    voided: Annotated[EventId, OPERATIONAL]  # id of the statement that is taken back
    voiding: Annotated[EventId, OPERATIONAL]  # id of the statement that takes it back


class StatementFlagged(Event):
    """Something about a statement needs a person's eye (code list `flag`); nothing was refused."""

    TYPE: ClassVar[str] = "case.statement_flagged.v1"
    ABOUT: ClassVar[Category] = Category.DEADLINES_TASKS
    statement: Annotated[EventId, OPERATIONAL]
    flag: Annotated[str, Code("flag"), OPERATIONAL]
    audience: Annotated[Audience, OPERATIONAL]


class SharingAllowed(Event):
    """A consent allows one audience to be told of these categories for these purposes, from a moment until another.

    The recipient and whoever recorded the consent are told of it as of a task of their own.
    """

    TYPE: ClassVar[str] = "case.sharing_allowed.v1"
    ABOUT: ClassVar[Category] = Category.PARTICIPATION
    consent: Annotated[EventId, OPERATIONAL]  # id of the statement, among those of the unit
    unit: Annotated[UnitId, OPERATIONAL]  # who recorded the consent
    audience: Annotated[Audience, OPERATIONAL]  # who may be told
    purposes: Annotated[tuple[ReadingPurpose, ...], OPERATIONAL]
    categories: Annotated[tuple[Consentable, ...], OPERATIONAL]
    since: Annotated[AwareDatetime, OPERATIONAL]
    until: Annotated[AwareDatetime, OPERATIONAL]


class SharingEnded(Event):
    """A consent no longer allows one audience to be told of these categories: it was taken back."""

    TYPE: ClassVar[str] = "case.sharing_ended.v1"
    ABOUT: ClassVar[Category] = Category.PARTICIPATION
    consent: Annotated[EventId, OPERATIONAL]
    unit: Annotated[UnitId, OPERATIONAL]
    audience: Annotated[Audience, OPERATIONAL]
    categories: Annotated[tuple[Consentable, ...], OPERATIONAL]


MatchStatus = Literal["suggested", "confirmed", "established", "ended"]


class _Match(Event):
    """Told to one unit as a task of its own, under a name that only its side has; never who the other is."""

    ABOUT: ClassVar[Category] = Category.PARTICIPATION
    STATUS: ClassVar[MatchStatus]  # how it stands from then on (code list `match_status`)
    match: Annotated[EventId, OPERATIONAL]
    unit: Annotated[UnitId, OPERATIONAL]  # whose statement names the child
    audience: Annotated[Audience, OPERATIONAL]


class MatchSuggested(_Match):
    """Another unit seems to be concerned with the same child; a person of each side is to say whether it is."""

    TYPE: ClassVar[str] = "case.match_suggested.v1"
    STATUS: ClassVar[MatchStatus] = "suggested"
    other: Annotated[Reference | None, OPERATIONAL]  # the coordinator's name for the other stream; told to nobody


class MatchConfirmed(_Match):
    """A person of this side holds that it is the same child; the other side is not told so before it does too."""

    TYPE: ClassVar[str] = "case.match_confirmed.v1"
    STATUS: ClassVar[MatchStatus] = "confirmed"


class MatchEstablished(_Match):
    """Both sides hold that it is the same child; by `pair`, the same on both, they and the coordinator speak of it."""

    TYPE: ClassVar[str] = "case.match_established.v1"
    STATUS: ClassVar[MatchStatus] = "established"
    pair: Annotated[EventId, OPERATIONAL]


class MatchEnded(_Match):
    """It is not the same child, or what told so was erased; for these two it is never suggested again."""

    TYPE: ClassVar[str] = "case.match_ended.v1"
    STATUS: ClassVar[MatchStatus] = "ended"


MatchEvent: TypeAlias = MatchSuggested | MatchConfirmed | MatchEstablished | MatchEnded


class CaseClosed(Event):
    """The case is closed; every view but the case manager's and the auditor's shrinks to existence."""

    TYPE: ClassVar[str] = "case.case_closed.v1"


class CaseReopened(Event):
    """A closed case is worked again."""

    TYPE: ClassVar[str] = "case.case_reopened.v1"
