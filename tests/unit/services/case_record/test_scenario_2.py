"""Scenario 2 of the domain research in 25 steps, as the case record hears it."""

from datetime import datetime

import pytest

from services.case_record.domain.case import Case
from services.case_record.domain.report import Report
from tests.controls.office import Office
from tests.unit.services.case_record.scenario_played import open_fields, played, state

STARTED, MET = "case.deadline_started.v1", "case.deadline_met.v1"


@pytest.fixture(scope="module")
def office() -> Office:
    return played(2)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+07:00")


def clocks(office: Office, name: str) -> dict[str, tuple[datetime, datetime]]:
    kind = "case" if name.startswith("C-") else "report"
    running = state(office, kind, name).proceedings.clocks
    return {rule: (clock.starts_at, clock.due_at) for rule, clock in running.items()}


def test_the_twelve_hours_run_from_the_school_the_stricter_receipt(office: Office) -> None:
    assert clocks(office, "C-77")["emergency_12h"] == (moment("2026-09-10T10:05"), moment("2026-09-10T22:05"))


def test_the_police_had_24_hours_from_their_own_receipt_and_kept_them(office: Office) -> None:
    assert clocks(office, "R-201")["police_transfer_24h"] == (moment("2026-09-10T10:30"), moment("2026-09-11T10:30"))
    assert [one["late"] for one in open_fields(office, "R-201", MET)] == [False]


def test_the_crime_report_had_20_days_from_its_acceptance(office: Office) -> None:
    assert clocks(office, "C-77")["crime_report_20d"] == (moment("2026-09-10T13:30"), moment("2026-09-30T13:30"))


def test_the_parents_report_was_merged_after_a_person_confirmed_it(office: Office) -> None:
    report = state(office, "report", "R-202")
    assert isinstance(report, Report)
    assert (report.case, report.role) == (office.on["C-77"], "duplicate")


def test_the_second_interview_of_a_day_was_warned_of_and_nothing_refused(office: Office) -> None:
    flags = [(one["statement"], one["flag"]) for one in open_fields(office, "C-77", "case.statement_flagged.v1")]
    assert ("interview_requested", "second_interview_same_day") in flags
    assert "police.interview_requested.v1" in office.types("C-77")


def test_plan_and_approval_were_in_time(office: Office) -> None:
    assert clocks(office, "C-77")["plan_draft_5wd"][1] == moment("2026-09-21T23:59").replace(second=59)
    met = {one["rule"]: one["late"] for one in open_fields(office, "C-77", MET)}
    assert (met["plan_draft_5wd"], met["plan_approve_2wd"]) == (False, False)


def test_the_wrong_record_is_voided_where_it_stands_and_stated_anew(office: Office) -> None:
    assert open_fields(office, "R-203", "case.statement_voided.v1") == [
        {"voided": "examined_wrong_child", "voiding": "wrong_record_voided"}
    ]
    assert "health.emergency_care_provided.v1" in office.types("R-203")
    assert "health.emergency_care_provided.v1" in office.types("C-77")


def test_the_authority_was_told_within_72_hours_of_the_finding(office: Office) -> None:
    assert clocks(office, "C-77")["breach_notice_72h"] == (moment("2026-09-16T08:45"), moment("2026-09-19T08:45"))
    assert [one["late"] for one in open_fields(office, "C-77", MET) if one["rule"] == "breach_notice_72h"] == [False]


def test_an_investigator_was_assigned_within_three_days(office: Office) -> None:
    due = clocks(office, "C-77")["assign_investigator_3d"][1]
    assert due == moment("2026-09-28T09:00")
    late = [one["late"] for one in open_fields(office, "C-77", MET) if one["rule"] == "assign_investigator_3d"]
    assert late == [False]


def test_the_plan_went_through_a_second_cycle(office: Office) -> None:
    assert [entered["stage"] for entered in open_fields(office, "C-77", "case.stage_entered.v1")] == [
        "suspected",
        "initial_assessment",
        "needs_assessment",
        "plan_pending_approval",
        "plan_in_progress",
        "under_review",
        "plan_in_progress",
        "under_review",
        "closed",
    ]


def test_the_two_tracks_closed_apart(office: Office) -> None:
    entered = open_fields(office, "C-77", "case.investigation_stage_entered.v1")
    assert [one["stage"] for one in entered] == [
        "inv:crime_report_accepted",
        "inv:case_initiated",
        "inv:prosecuted",
        "inv:tried",
    ]
    case = state(office, "case", "C-77")
    assert isinstance(case, Case)
    assert (case.closed, case.investigation_stage) == (True, "inv:tried")


def test_the_request_was_answered_in_time_and_partly_granted(office: Office) -> None:
    met = {one["rule"]: one["late"] for one in open_fields(office, "C-77", MET)}
    assert met["dsr_response_2wd"] is False
    assert {"privacy.redaction_applied.v1", "privacy.erasure_denied.v1"} <= set(office.types("C-77"))


def test_every_task_was_done_and_nothing_was_late(office: Office) -> None:
    tasks = state(office, "case", "C-77").proceedings.tasks
    assert {task.status for task in tasks.values()} == {"completed"}
    assert not [one for name in ("C-77", "R-201", "R-202") for one in open_fields(office, name, MET) if one["late"]]
