"""Scenario 1 of the domain research in 27 steps, as the case record hears it."""

from datetime import datetime

import pytest

from services.case_record.domain.report import Report
from tests.controls.office import Office
from tests.controls.statements import at
from tests.unit.services.case_record.scenario_played import open_fields, played, state


@pytest.fixture(scope="module")
def office() -> Office:
    return played(1)


def test_the_case_went_through_its_stages(office: Office) -> None:
    assert [entered["stage"] for entered in open_fields(office, "C-55", "case.stage_entered.v1")] == [
        "suspected",
        "initial_assessment",
        "needs_assessment",
        "plan_pending_approval",
        "plan_in_progress",
        "under_review",
        "closed",
    ]


def test_the_police_track_went_beside_it(office: Office) -> None:
    entered = open_fields(office, "C-55", "case.investigation_stage_entered.v1")
    assert [one["stage"] for one in entered] == ["inv:crime_report_accepted", "inv:not_initiated"]


def test_the_clocks_ran_as_the_law_says(office: Office) -> None:
    case = state(office, "case", "C-55")
    due = {rule: clock.due_at for rule, clock in case.proceedings.clocks.items()}
    assert due == {
        "emergency_12h": at("07T09:10"),
        "separation_max_15d": at("21T23:30"),
        "crime_report_20d": at("27T14:00"),
        "plan_draft_5wd": at("17T23:59").replace(second=59),
        "plan_approve_2wd": at("17T23:59").replace(second=59),
        "dsr_response_2wd": datetime.fromisoformat("2026-09-14T23:59:59+07:00"),
    }
    assert [rule for rule, clock in case.proceedings.clocks.items() if clock.running] == []


def test_nothing_of_the_case_was_late(office: Office) -> None:
    assert not [met for met in open_fields(office, "C-55", "case.deadline_met.v1") if met["late"]]
    assert open_fields(office, "C-55", "case.statement_flagged.v1") == []


def test_the_second_report_is_merged_and_kept(office: Office) -> None:
    report = state(office, "report", "R-102")
    assert isinstance(report, Report)
    assert (report.case, report.role) == (office.on["C-55"], "duplicate")
    assert [rule for rule, clock in report.proceedings.clocks.items() if clock.running] == []


def test_the_wrong_report_is_kept_apart(office: Office) -> None:
    report = state(office, "report", "R-103")
    assert isinstance(report, Report)
    assert (report.case, report.unfounded) == (None, True)


def test_the_birth_date_was_corrected_beside_the_old(office: Office) -> None:
    assert open_fields(office, "C-55", "case.statement_corrected.v1") == [
        {"corrected": "case_opened", "correction": "birth_date_corrected"}
    ]
    assert {"social_work.case_opened.v1", "social_work.fact_corrected.v1"} <= set(office.types("C-55"))


def test_every_task_was_done(office: Office) -> None:
    tasks = state(office, "case", "C-55").proceedings.tasks
    assert len(tasks) == 5
    assert {task.status for task in tasks.values()} == {"completed"}


def test_everybody_takes_part_under_a_name_of_its_own(office: Office) -> None:
    parties = state(office, "case", "C-55").proceedings.parties
    assert set(parties) == {
        "hotline_111",
        "child_protection_00340",
        "committee_00340",
        "commune_police_00340",
        "investigation_police_01",
        "hospital_h1",
        "school_s1",
        "coordinator",
        "auditor",
    }
    names = [party.reference for party in parties.values()]
    assert None not in names
    assert len(set(names)) == len(names)
