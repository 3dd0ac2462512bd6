"""What follows from one statement, said once more and otherwise than the product says it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from tests.property.life_cycle.account import KNOWN_UNITS, LATE, READS, SOCIAL, STANDING, Group, Sheet, Told, due
from tests.property.life_cycle.account import local_day as day_of
from tests.property.life_cycle.facts import Clock, Task

EMERGENCY, TRANSFER, SEPARATION = "emergency_12h", "police_transfer_24h", "separation_max_15d"
DRAFT, APPROVAL, CRIME, REQUEST = "plan_draft_5wd", "plan_approve_2wd", "crime_report_20d", "dsr_response_2wd"


class Rules:
    """Applies one statement to the sheets; `sheet` is where it is recorded."""

    def __init__(self, names: dict[tuple[str, str], Sheet], told: Told, sheet: Sheet) -> None:
        self.names, self.told, self.sheet = names, told, sheet
        self.named = names.get((told.unit, told.reference))
        self.group = Group(self.named) if self.named else Group(sheet)

    def apply(self) -> None:
        follow: Callable[[], None] = getattr(self, f"_{self.told.kind}", self._nothing)
        follow()

    def _nothing(self) -> None:
        """Many statements are only kept."""

    def flag(self, sheet: Sheet, code: str, audience: str | None = None) -> None:
        looks = audience or READS.get(self.told.unit, "coordinator")
        sheet.facts.flags[self.told.id, code, looks] += 1

    def skipped(self, sheet: Sheet | None = None) -> None:
        self.flag(sheet or self.group.main, "step_skipped", "coordinator")

    def start(self, sheet: Sheet, rule: str, at: datetime, group: Group | None = None) -> None:
        clock = sheet.facts.clocks[rule] = Clock(at, due(rule, at))
        done = group.done(rule, at) if group else None
        if done is not None:
            self.met(sheet, rule, clock, done)

    def met(self, sheet: Sheet, rule: str, clock: Clock, at: datetime) -> None:
        clock.met_at, clock.late = at, at > clock.due_at
        if clock.late:
            self.flag(sheet, LATE[rule], "coordinator")

    def meet(self, rule: str, *, or_flag: bool = False, group: Group | None = None) -> None:
        group = group or self.group
        running = group.running(rule)
        for clock in (sheet.facts.clocks[rule] for sheet in running):
            clock.met_at, clock.late = self.told.at, self.told.at > clock.due_at
        if any(sheet.facts.clocks[rule].late for sheet in running):
            self.flag(group.main, LATE[rule], "coordinator")
        if or_flag and not running:
            self.skipped()

    def start_unless_running(self, rule: str) -> None:
        if not self.group.running(rule):
            self.start(self.group.main, rule, self.told.at, self.group)

    def enter(self, stage: str) -> None:
        case = self.group.case
        if case is None:
            self.skipped()
        elif case.facts.closed:
            self.flag(case, "after_closure")
        elif case.stage_since is None or case.stage_since <= self.told.at:
            case.facts.stage, case.stage_since = stage, self.told.at

    def enter_police(self, stage: str) -> None:
        main = self.group.main
        if main.facts.kind == "report" or main.police_since is None or main.police_since <= self.told.at:
            main.facts.police_stage, main.police_since = stage, self.told.at

    def join(self, unit: str, group: Group) -> None:
        if unit not in READS:
            self.flag(group.named, "unit_cannot_join")
            return
        for sheet in group.all:
            by_name = sheet is group.named or sheet.facts.kind == "case"
            parties = sheet.facts.parties
            parties[unit] = parties.get(unit, False) or by_name

    def _report_received(self) -> None:
        told, facts = self.told, self.sheet.facts
        if self.named:
            self._receive()
            return
        self.names[told.unit, told.reference] = self.sheet
        at = facts.received_at = told.data["received_at"]
        facts.parties = dict.fromkeys(STANDING, True) | ({told.unit: True} if told.unit in READS else {})
        self.start(self.sheet, EMERGENCY, at)
        if told.unit == "commune_police_00340":
            self.start(self.sheet, TRANSFER, at)

    def _receive(self) -> None:
        received = any(one.unit == self.told.unit and one.kind == "report_received" for one in self.sheet.here)
        if received or self.sheet.facts.kind == "case":
            self.flag(self.sheet, "already_open")
        elif self.told.unit == "commune_police_00340" and not self.group.running(TRANSFER):
            self.start(self.sheet, TRANSFER, self.told.data["received_at"], self.group)

    def _report_forwarded(self) -> None:
        if self.sheet.facts.kind == "case":
            self.skipped(self.sheet)
        else:
            self.join(self.told.data["to_unit"], self.group)

    def _report_verified(self) -> None:
        if self.sheet.facts.kind == "case":
            self.skipped(self.sheet)

    def _report_marked_unfounded(self) -> None:
        if self.sheet.facts.kind == "case":
            self.skipped(self.sheet)
        elif not self.sheet.facts.unfounded:
            self.sheet.facts.unfounded = True
            self.meet(EMERGENCY, group=Group(self.sheet, alone=True))

    def _case_opened(self) -> None:
        report = self.names[self.told.unit, self.told.data["report"]]
        if self.sheet.facts.leads:
            self._open_again()
        else:
            self._begin(report)
        self.names.setdefault((self.told.unit, self.told.reference), self.sheet)

    def _open_again(self) -> None:
        self.flag(self.sheet, "already_open")
        unit = self.told.unit
        if self.named is None and unit in READS:
            self.sheet.facts.parties[unit] = True
            for report in self.sheet.reports:
                report.facts.parties.setdefault(unit, False)

    def _begin(self, report: Sheet) -> None:
        told, facts = self.told, self.sheet.facts
        facts.leads.append(told.unit)
        facts.stage, self.sheet.stage_since = "suspected", told.at
        facts.emergency = report.facts.emergency
        mine = {*STANDING, *({told.unit} & READS.keys())}
        facts.parties = dict.fromkeys(mine | report.facts.parties.keys(), True)
        for holder in mine:
            report.facts.parties.setdefault(holder, False)
        before, received_at = Group(report), report.facts.received_at
        self.link(self.sheet, report, "origin")
        assert received_at is not None
        self.start(self.sheet, EMERGENCY, received_at, before)

    def link(self, case: Sheet, report: Sheet, role: str) -> None:
        assert report.case is None, "a report has one case"
        report.case = case
        case.reports.append(report)
        for sheet in (case, report):
            sheet.facts.links.add((report.stream, case.stream, role))

    def _reports_merged(self) -> None:
        case, other = self.group.case, self.names[self.told.unit, self.told.data["report"]]
        if case is None or not self.told.data["confirmed_by_person"]:
            self.skipped()
        elif other.facts.kind == "case" or other.case is not None:
            self.flag(case, "already_linked")
        else:
            self._merge(case, other)

    def _merge(self, case: Sheet, other: Sheet) -> None:
        known, coming = tuple(case.facts.parties), tuple(other.facts.parties)
        for holder in coming:
            case.facts.parties.setdefault(holder, True)
            for report in case.reports:
                report.facts.parties.setdefault(holder, False)
        for holder in known:
            other.facts.parties.setdefault(holder, False)
        receipts = [report.facts.received_at for report in case.reports if report.facts.received_at]
        before, received = min(receipts), other.facts.received_at
        assert received is not None
        done = {rule: self._done_for(other, rule, min(receipts)) for rule in (EMERGENCY, TRANSFER)}
        self.link(case, other, "duplicate")
        if received < before:
            self.start(case, EMERGENCY, received, Group(case))
        for rule, moment in done.items():
            if moment is not None:
                self.met(other, rule, other.facts.clocks[rule], moment)

    def _done_for(self, report: Sheet, rule: str, earliest: datetime) -> datetime | None:
        clock = report.facts.clocks.get(rule)
        if clock is None or clock.met_at is not None:
            return None
        return self.group.done(rule, min(earliest, clock.starts_at))

    def _agency_invited(self) -> None:
        self.join(self.told.data["unit"], Group(self.group.main))

    def _fact_corrected(self) -> None:
        corrects = self.told.data["corrects"]
        found = self.group.holding((self.told.unit, corrects))
        if found is None:
            self.flag(self.group.main, "unknown_statement")
        else:
            found.facts.corrected.add((corrects, self.told.id))

    def _case_reviewed(self) -> None:
        self.enter("under_review")

    def _case_closed(self) -> None:
        case = self.group.case
        if case is None or case.facts.closed:
            self.enter("closed")
            return
        if any(task.status != "completed" for one in self.group.all for task in one.facts.tasks.values()):
            self.flag(case, "closed_with_open_tasks", "coordinator")
        case.facts.closed, case.facts.stage, case.stage_since = True, "closed", self.told.at

    def _initial_risk_assessed(self) -> None:
        self.enter("initial_assessment")
        if not self.told.data["emergency"]:
            self.meet(EMERGENCY)
        elif not self.group.emergency and self.group.done(SEPARATION, self.told.at) is None:
            self.group.main.facts.emergency = True

    def _temporary_separation_ordered(self) -> None:
        running = [sheet.facts.clocks[SEPARATION].due_at for sheet in self.group.running(SEPARATION)]
        at_most = min(running, default=self.told.at + timedelta(days=15))
        self.meet(EMERGENCY)
        self.start_unless_running(SEPARATION)
        if self.told.data["until"] > at_most:
            self.flag(self.group.main, "separation_over_15_days", "coordinator")

    def _temporary_separation_lifted(self) -> None:
        self.meet(SEPARATION, or_flag=True)
        for sheet in self.group.all:
            sheet.facts.emergency = False

    def _needs_assessed(self) -> None:
        self.enter("needs_assessment")
        self.start_unless_running(DRAFT)

    def _plan_drafted(self) -> None:
        self.meet(DRAFT, or_flag=True)
        self.enter("plan_pending_approval")
        self.start_unless_running(APPROVAL)

    def _plan_approved(self) -> None:
        self.meet(APPROVAL, or_flag=True)
        self.enter("plan_in_progress")

    def _plan_task_assigned(self) -> None:
        unit, main = self.told.data["unit"], self.group.main
        main.facts.tasks[self.told.id] = Task(unit, "referred", self.told.data.get("due_at"))
        if unit not in KNOWN_UNITS:
            self.flag(main, "unit_cannot_join")
        elif unit in READS and unit not in main.facts.parties:
            self.skipped()
        if main.facts.closed:
            self.flag(main, "after_closure")

    _service_referred = _plan_task_assigned

    def _service_accepted(self, status: str = "accepted") -> None:
        cause = self.told.data["task_of"]
        sheet = self.group.holding_task(cause)
        task = sheet.facts.tasks[cause] if sheet else None
        if task is None or (task.unit != self.told.unit and self.told.unit not in SOCIAL):
            self.flag(self.group.main, "unknown_task")
        elif task.status not in {status, "completed"}:
            task.status = status

    def _service_delivered(self) -> None:
        self._service_accepted("completed")

    def _crime_report_transferred(self) -> None:
        self.meet(TRANSFER)
        self.join(self.told.data["to_unit"], Group(self.group.main))

    def _crime_report_accepted(self) -> None:
        self.enter_police("inv:crime_report_accepted")
        self.start_unless_running(CRIME)

    def _crime_report_resolved(self) -> None:
        if self.told.data["outcome"].startswith("inv:"):
            self.enter_police(self.told.data["outcome"])
            self.meet(CRIME, or_flag=True)
            if self.told.data["outcome"] == "inv:case_initiated":
                self.start_unless_running("assign_investigator_3d")
        else:
            self.skipped()

    def _interview_held(self) -> None:
        if self.group.interviews_on(day_of(self.told.at)) >= 2:
            self.flag(self.group.main, "interview_limit_day")

    def _redaction_requested(self) -> None:
        self.start_unless_running(REQUEST)

    def _request_acknowledged(self) -> None:
        self.meet(REQUEST, or_flag=True)
