"""The file that an audience keeps of one stream: what the open fields it was told of add up to.

One shape for all audiences; what stands in it differs, because each is told of other events. It holds no box and
no value of section D.
"""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue

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
    MatchEvent,
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
from events.compartments import join
from events.event import Event
from events.parties import Audience
from events.registry import event_class
from events.reporting import ForwardedReport, VerifiedReport
from events.upcasts import upcast
from projections import matches
from projections.disclosure.disclose import Disclosed
from projections.matches import Match
from projections.sharing import Ending, Sharing, end

OPEN = "open"
CLOSED = "closed"


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Deadline(_Row):
    """A legal clock; `late` is None while it runs."""

    rule: str
    audience: Audience
    starts_at: AwareDatetime
    due_at: AwareDatetime
    met_at: AwareDatetime | None = None
    late: bool | None = None


class Task(_Row):
    """What a unit has to do; what it is lies in the statement that has the task's id."""

    task: str
    unit: str
    status: str
    due_at: AwareDatetime | None


class Flag(_Row):
    """What a person should look at."""

    statement: str
    flag: str
    audience: Audience


class Corrected(_Row):
    """One statement and the later one of the same unit that carries part of it anew."""

    statement: str
    correction: str


class CaseFile(_Row):
    """One stream as an audience knows it.

    Shape:  `references` by holder: a unit of this audience, or the audience itself when it is standing. `root` is the
            case a report belongs to, `members` the reports of a case. `told` counts the events it was told of.
            `sealed_to`: the units that keep sight of a sealed case; None: not sealed.
    Units:  instants UTC.
    """

    stream: UUID
    kind: Literal["report", "case"] = "report"
    references: dict[str, str] = {}
    units: tuple[str, ...] = ()
    status: str = ""
    stage: str | None = None
    investigation_stage: str | None = None
    emergency: bool = False
    forwarded: bool = False
    lead_unit: str | None = None
    opened_at: AwareDatetime | None = None
    changed_at: AwareDatetime
    deadlines: tuple[Deadline, ...] = ()
    tasks: tuple[Task, ...] = ()
    flags: tuple[Flag, ...] = ()
    matches: tuple[Match, ...] = ()
    corrected: tuple[Corrected, ...] = ()
    sharing: tuple[Sharing, ...] = ()
    voided: tuple[str, ...] = ()
    root: UUID | None = None
    members: tuple[UUID, ...] = ()
    sealed_to: tuple[str, ...] | None = None
    told: int = 0
    version: int = 0


class OutOfOrderError(ValueError):
    """An event came whose version is not above the file's."""


def fold(file: CaseFile | None, told: Disclosed) -> CaseFile:
    """Return the file after one more event.

    Order: events of one stream by version, ascending; gaps are what the audience is not told of.

    Raises:
        OutOfOrderError: if the version is not above the file's.
    """
    before = file or CaseFile(stream=told.stream, changed_at=told.recorded_at)
    if told.version <= before.version:
        raise OutOfOrderError(f"version {told.version} after {before.version}")
    counted = {"version": told.version, "told": before.told + 1, "changed_at": told.recorded_at}
    return before.model_copy(update=counted | _change(before, told))


Change = dict[str, Any]


def _change(file: CaseFile, told: Disclosed) -> Change:
    """Return what the event changes; most statements change nothing, what follows from them does."""
    if told.type is None:
        return {}
    newest = upcast(told.type, told.open, ())
    class_ = event_class(newest.type)
    if class_.BY and not issubclass(class_, (ForwardedReport, VerifiedReport)):
        return {}
    event = _read(class_, newest.open)
    return (
        _of_the_report(file, event, told)
        or _of_the_case(event, told)
        or _of_the_work(file, event)
        or _of_the_consents(file, event, told)
    )


def _read(class_: type[Event], open_values: Mapping[str, JsonValue]) -> Event:
    """Read what the case record checked strictly before it recorded it; sealed fields are withheld."""
    return join(class_, open_values) if class_.BY else class_.model_validate(open_values, strict=False)


def _of_the_report(file: CaseFile, event: Event, told: Disclosed) -> Change:
    change: Change = {}
    match event:
        case ReportOpened():
            change = {"status": "received", "lead_unit": event.unit, "opened_at": event.received_at}
        case PartyJoined():
            change = _joined(file, event, told.audience)
        case ReportLinked():
            change = _linked(file, event)
        case ReportFoundUnfounded():
            change = {"status": "unfounded"}
        case ForwardedReport():
            change = {"forwarded": True, "status": "forwarded" if file.status == "received" else file.status}
        case VerifiedReport() if file.kind == "report" and file.root is None:
            change = {"status": event.outcome}
    return change


def _joined(file: CaseFile, event: PartyJoined, audience: Audience) -> Change:
    """Note the unit, and its reference when it is one of this audience."""
    change: Change = {}
    if event.unit and event.unit not in file.units:
        change["units"] = (*file.units, event.unit)
    if event.reference and event.audience is audience:
        change["references"] = {**file.references, event.unit or audience.value: event.reference}
    return change


def _linked(file: CaseFile, event: ReportLinked) -> Change:
    """Note the link on whichever of the two this file is."""
    if file.stream == event.report:
        return {"root": event.case, "status": "merged" if event.role == "duplicate" else "linked_to_case"}
    return {"members": (*file.members, event.report)} if event.report not in file.members else {}


def _of_the_case(event: Event, told: Disclosed) -> Change:
    change: Change = {}
    match event:
        case CaseOpened():
            change = {"kind": "case", "status": OPEN, "lead_unit": event.lead_unit, "opened_at": told.occurred_at}
        case StageEntered():
            change = {"stage": event.stage}
        case InvestigationStageEntered():
            change = {"investigation_stage": event.stage}
        case EmergencyDeclared():
            change = {"emergency": True}
        case EmergencyEnded():
            change = {"emergency": False}
        case CaseClosed():
            change = {"status": CLOSED, "stage": "closed"}
        case CaseReopened():
            change = {"status": OPEN, "stage": "reopened"}
        case CaseSealed():
            change = {"sealed_to": event.units}
        case CaseUnsealed():
            change = {"sealed_to": None}
    return change


def _of_the_work(file: CaseFile, event: Event) -> Change:
    change: Change = {}
    match event:
        case DeadlineStarted():
            change = {"deadlines": (*(d for d in file.deadlines if not _runs(d, event)), _deadline(event))}
        case DeadlineMet():
            met = {"met_at": event.met_at, "late": event.late}
            change = {"deadlines": tuple(d.model_copy(update=met) if _runs(d, event) else d for d in file.deadlines)}
        case TaskAssigned():
            task = Task(task=event.task, unit=event.unit, status="planned", due_at=event.due_at)
            change = {"tasks": (*file.tasks, task)}
        case TaskProgressed():
            moved = {"status": event.status}
            change = {"tasks": tuple(t.model_copy(update=moved) if t.task == event.task else t for t in file.tasks)}
        case StatementCorrected():
            pair = Corrected(statement=event.corrected, correction=event.correction)
            change = {"corrected": (*file.corrected, pair)}
        case StatementVoided():
            change = {"voided": (*file.voided, event.voided)}
        case StatementFlagged():
            flag = Flag(statement=event.statement, flag=event.flag, audience=event.audience)
            change = {"flags": (*file.flags, flag)}
        case _ if isinstance(event, MatchEvent):
            change = {"matches": matches.after(file.matches, event)}
    return change


def _of_the_consents(file: CaseFile, event: Event, told: Disclosed) -> Change:
    change: Change = {}
    match event:
        case SharingAllowed():
            change = {"sharing": (*file.sharing, Sharing(**event.model_dump(), recorded_at=told.recorded_at))}
        case SharingEnded():
            ending = Ending(event.unit, event.consent, (event.audience,), event.categories, told.recorded_at)
            change = {"sharing": tuple(end(one, ending) for one in file.sharing)}
    return change


def _deadline(event: DeadlineStarted) -> Deadline:
    return Deadline(rule=event.rule, audience=event.audience, starts_at=event.starts_at, due_at=event.due_at)


def _runs(deadline: Deadline, event: DeadlineStarted | DeadlineMet) -> bool:
    """Say whether a clock still runs and is the one an event speaks of; a new start replaces it."""
    return deadline.late is None and (deadline.rule, deadline.audience) == (event.rule, event.audience)
