"""Every fold of the file: what each event of the case record changes, and what changes nothing."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from events.parties import Audience
from events.registry import EVENT_CLASSES
from projections.case_file import CaseFile, Corrected, Deadline, Flag, OutOfOrderError, Task, fold
from projections.disclosure.disclose import disclose
from projections.disclosure.packaged import packaged_agreement
from projections.view import NotForThisViewError
from projections.views import VIEWS
from tests.controls.recorded import CASE, OTHER_REPORT, REPORT, joined, recorded, stream_of

Told = tuple[str, dict[str, Any]]


def filed(*events: Told, audience: Audience = Audience.CASE_MANAGER, stream: UUID = CASE) -> CaseFile:
    """Return the file after these events."""
    file: CaseFile | None = None
    for event in stream_of(events, stream):
        told = disclose(event, audience, packaged_agreement())
        file = fold(file, told) if told else file
    assert file is not None
    return file


def bare(type_: str, **data: Any) -> Told:
    return type_, {"data": data}


REPORT_OPENED = bare("case.report_opened.v1")
CASE_OPENED = bare("case.case_opened.v1")
LINKED = bare("case.report_linked.v1", report=str(REPORT), case=str(CASE))
DUE = datetime.fromisoformat("2026-04-07T09:10:00+07:00")


class TestSealing:
    SEALED = ("child_protection_00340", "commune_police_00340")

    @pytest.mark.parametrize("audience", [Audience.CASE_MANAGER, Audience.POLICE, Audience.HEALTH])
    def test_every_audience_is_told_to_whom_a_case_is_sealed(self, audience: Audience) -> None:
        assert filed(CASE_OPENED, bare("case.case_sealed.v1"), audience=audience).sealed_to == self.SEALED

    def test_unsealed_it_is_sealed_to_nobody(self) -> None:
        file = filed(CASE_OPENED, bare("case.case_sealed.v1"), bare("case.case_unsealed.v1"))
        assert file.sealed_to is None


class TestReports:
    def test_report_opened(self) -> None:
        file = filed(REPORT_OPENED, stream=REPORT)
        assert (file.kind, file.status, file.lead_unit) == ("report", "received", "hotline_111")
        assert file.opened_at == datetime.fromisoformat("2026-04-06T21:10:00+07:00")

    @pytest.mark.parametrize("type_", ["social_work.report_forwarded.v1", "police.report_forwarded.v1"])
    def test_report_forwarded(self, type_: str) -> None:
        file = filed(REPORT_OPENED, (type_, {}), stream=REPORT)
        assert (file.forwarded, file.status) == (True, "forwarded")

    def test_report_linked_on_the_report(self) -> None:
        file = filed(REPORT_OPENED, LINKED, stream=REPORT)
        assert (file.root, file.status, file.members) == (CASE, "linked_to_case", ())

    def test_a_duplicate_is_merged(self) -> None:
        duplicate = bare("case.report_linked.v1", report=str(REPORT), case=str(CASE), role="duplicate")
        assert filed(REPORT_OPENED, duplicate, stream=REPORT).status == "merged"

    def test_report_linked_on_the_case(self) -> None:
        other = bare("case.report_linked.v1", report=str(OTHER_REPORT), case=str(CASE))
        file = filed(CASE_OPENED, LINKED, other, LINKED)
        assert (file.root, file.status, file.members) == (None, "open", (REPORT, OTHER_REPORT))

    def test_report_found_unfounded(self) -> None:
        assert filed(REPORT_OPENED, bare("case.report_found_unfounded.v1"), stream=REPORT).status == "unfounded"

    def test_report_verified(self) -> None:
        verified = bare("education.report_verified.v1", outcome="verified")
        assert filed(REPORT_OPENED, verified, stream=REPORT).status == "verified"
        assert filed(REPORT_OPENED, LINKED, verified, stream=REPORT).status == "linked_to_case"
        assert filed(CASE_OPENED, verified).status == "open"


class TestParties:
    def test_every_unit_is_noted_once(self) -> None:
        one, other = joined("police", "commune_police_00340", "A"), joined("health", "hospital_h1", "B")
        assert filed(one, other, one).units == ("commune_police_00340", "hospital_h1")

    def test_only_names_of_the_audience_are_kept(self) -> None:
        events = joined("police", "commune_police_00340", "A"), joined("health", "hospital_h1", "B")
        assert filed(*events, audience=Audience.POLICE).references == {"commune_police_00340": "A"}
        assert filed(*events, audience=Audience.COORDINATOR).references == {}

    def test_a_standing_audience_holds_the_name_itself(self) -> None:
        file = filed(joined("coordinator", None, "C", "standing"), audience=Audience.COORDINATOR)
        assert (file.references, file.units) == ({"coordinator": "C"}, ())

    def test_who_reaches_a_report_through_the_case_has_no_name_for_it(self) -> None:
        file = filed(joined("police", "commune_police_00340", None, "linked"), audience=Audience.POLICE)
        assert (file.references, file.units) == ({}, ("commune_police_00340",))


class TestStages:
    def test_case_opened(self) -> None:
        file = filed(CASE_OPENED)
        assert (file.kind, file.status, file.lead_unit) == ("case", "open", "child_protection_00340")
        assert file.opened_at is not None

    def test_stage_entered(self) -> None:
        assert filed(CASE_OPENED, bare("case.stage_entered.v1")).stage == "initial_assessment"

    def test_investigation_stage_entered(self) -> None:
        entered = bare("case.investigation_stage_entered.v1")
        assert filed(CASE_OPENED, entered).investigation_stage == "inv:crime_report_accepted"
        assert filed(CASE_OPENED, entered, audience=Audience.COMMITTEE).investigation_stage is None
        assert filed(CASE_OPENED, entered, audience=Audience.EDUCATION).told == 1

    def test_emergency(self) -> None:
        declared, ended = bare("case.emergency_declared.v1"), bare("case.emergency_ended.v1")
        assert [filed(declared).emergency, filed(declared, ended).emergency] == [True, False]

    def test_closing_and_reopening(self) -> None:
        closed, reopened = bare("case.case_closed.v1"), bare("case.case_reopened.v1")
        assert [(f.status, f.stage) for f in (filed(closed), filed(closed, reopened))] == [
            ("closed", "closed"),
            ("open", "reopened"),
        ]


class TestWork:
    started = bare("case.deadline_started.v1")
    met = bare("case.deadline_met.v1")

    def test_deadline_started(self) -> None:
        [clock] = filed(self.started).deadlines
        assert (clock.rule, clock.audience, clock.due_at, clock.late) == (
            "emergency_12h",
            Audience.COMMITTEE,
            DUE,
            None,
        )

    def test_a_clock_that_runs_is_replaced_by_a_new_start(self) -> None:
        later = bare("case.deadline_started.v1", due_at="2026-04-08T09:10:00+07:00")
        assert [clock.due_at.day for clock in filed(self.started, later).deadlines] == [8]

    def test_deadline_met(self) -> None:
        [clock] = filed(self.started, self.met).deadlines
        assert (clock.late, clock.met_at) == (False, datetime.fromisoformat("2026-04-06T23:30:00+07:00"))

    def test_a_clock_that_was_met_stays_when_the_rule_runs_again(self) -> None:
        states = [clock.late for clock in filed(self.started, self.met, self.started).deadlines]
        assert states == [False, None]

    def test_meeting_another_rule_changes_nothing(self) -> None:
        other = bare("case.deadline_met.v1", rule="plan_draft_5wd")
        assert filed(self.started, other).deadlines == filed(self.started).deadlines

    def test_the_clocks_of_others_are_not_in_an_agencys_file(self) -> None:
        mine = bare("case.deadline_started.v1", audience="police", rule="crime_report_20d")
        file = filed(CASE_OPENED, self.started, mine, audience=Audience.POLICE)
        assert [clock.rule for clock in file.deadlines] == ["crime_report_20d"]

    def test_tasks(self) -> None:
        assigned, progressed = bare("case.task_assigned.v1"), bare("case.task_progressed.v1")
        [task] = filed(assigned, progressed).tasks
        assert (task.task, task.unit, task.status) == ("task-2", "hospital_h1", "accepted")
        assert filed(assigned).tasks == (task.model_copy(update={"status": "planned"}),)

    def test_progress_of_an_unknown_task_changes_nothing(self) -> None:
        assert filed(bare("case.task_progressed.v1")).tasks == ()

    def test_statement_corrected(self) -> None:
        corrected = filed(bare("case.statement_corrected.v1")).corrected
        assert corrected == (Corrected(statement="example-1", correction="example-2"),)

    def test_statement_flagged(self) -> None:
        flags = filed(bare("case.statement_flagged.v1")).flags
        assert flags == (Flag(statement="example-1", flag="late_decision", audience=Audience.COORDINATOR),)


class TestMatches:
    SUGGESTED = bare("case.match_suggested.v1")

    @pytest.mark.parametrize(
        ("later", "status", "pair"),
        [
            ((), "suggested", None),
            (("confirmed",), "confirmed", None),
            (("confirmed", "established"), "established", "5C8M1R6X3YTD"),
            (("confirmed", "established", "ended"), "ended", "5C8M1R6X3YTD"),
        ],
    )
    def test_how_it_stands(self, later: tuple[str, ...], status: str, pair: str | None) -> None:
        other = bare("case.match_suggested.v1", match="0000000OTHER")
        file = filed(self.SUGGESTED, other, *(bare(f"case.match_{one}.v1") for one in later), audience=Audience.POLICE)
        assert [(one.match, one.status, one.pair) for one in file.matches] == [
            ("7H3N9S2F6QKA", status, pair),
            ("0000000OTHER", "suggested", None),
        ]

    def test_only_whoever_is_asked_or_answers_for_all_is_told(self) -> None:
        told = {one for one in VIEWS if filed(CASE_OPENED, self.SUGGESTED, audience=one).matches}
        assert told == {
            Audience.POLICE,
            Audience.CASE_MANAGER,
            Audience.COMMITTEE,
            Audience.COORDINATOR,
            Audience.AUDITOR,
        }


class TestEveryEvent:
    @pytest.mark.parametrize("type_", list(EVENT_CLASSES))
    @pytest.mark.parametrize("audience", list(VIEWS))
    def test_is_folded_counted_and_stored(self, type_: str, audience: Audience) -> None:
        told = disclose(recorded(type_, 7), audience, packaged_agreement())
        if told:
            file = VIEWS[audience].fold(None, told)
            assert (file.version, file.told, file.changed_at) == (7, 1, told.recorded_at)
            assert CaseFile.model_validate_json(file.model_dump_json()) == file

    @pytest.mark.parametrize("version", [1, 2])
    def test_comes_in_order(self, version: int) -> None:
        first = disclose(recorded("case.case_opened.v1", 2), Audience.POLICE, packaged_agreement())
        again = disclose(recorded("case.case_closed.v1", version), Audience.POLICE, packaged_agreement())
        assert first
        assert again
        with pytest.raises(OutOfOrderError):
            fold(fold(None, first), again)

    def test_goes_to_the_view_of_its_audience(self) -> None:
        told = disclose(recorded("case.case_opened.v1"), Audience.POLICE, packaged_agreement())
        assert told
        with pytest.raises(NotForThisViewError):
            VIEWS[Audience.HEALTH].fold(None, told)


def test_the_files_of_deadlines_and_tasks_are_values() -> None:
    assert {Deadline.model_config["frozen"], Task.model_config["frozen"]} == {True}
