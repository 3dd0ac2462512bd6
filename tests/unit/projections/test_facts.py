"""What a reader is told of a case: decided before anything is opened, and again at each read."""

import json
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import JsonValue

from events.parties import Audience, Duty
from projections.case_file import CaseFile
from projections.disclosure.agreement import Agreement, Level
from projections.disclosure.disclose import Disclosed, disclose
from projections.disclosure.packaged import packaged_agreement
from projections.facts import Choice, Fact, choose, present
from projections.rebuild import rebuild
from projections.sight import Reader
from tests.controls.recorded import CASE, REPORT, joined, recorded, stream_of

NOW = datetime(2026, 6, 1, tzinfo=UTC)
POLICE = Reader(Audience.POLICE, frozenset(), "commune_police_00340", "case_work")
MANAGER = Reader(Audience.CASE_MANAGER, frozenset(), "child_protection_00340", "case_work")
AUDITOR = Reader(Audience.AUDITOR, frozenset(), "inspectorate_01", "oversight")
OPEN_CASE = CaseFile(stream=CASE, kind="case", status="open", changed_at=NOW)
CLOSED_CASE = OPEN_CASE.model_copy(update={"status": "closed"})
INTAKE = "social_work.report_received.v1"


def entry(type_: str, audience: Audience, **changes: Any) -> Disclosed:
    told = disclose(recorded(type_, **changes), audience, packaged_agreement())
    assert told
    return told


def chosen(
    reader: Reader, *entries: Disclosed, files: Sequence[CaseFile] = (OPEN_CASE,), agreement: Agreement | None = None
) -> Choice:
    return choose(files, entries, reader, agreement or packaged_agreement(), NOW)


def answered(choice: Choice) -> list[dict[str, Any]]:
    return present(choice, [json.loads(b64decode(box.box)) for _, box in choice.boxes])


def of(facts: list[dict[str, Any]], category: str, part: str = "main") -> dict[str, Any]:
    [fact] = [one for one in facts if (one["category"], one["part"]) == (category, part)]
    return fact


class TestChoosing:
    def test_only_what_will_be_shown_is_opened(self) -> None:
        choice = chosen(Reader(Audience.COMMITTEE, frozenset(), "committee_00340"), entry(INTAKE, Audience.COMMITTEE))
        assert {box.form for _, box in choice.boxes} == {"summary"}
        chair = Reader(Audience.COMMITTEE, frozenset({Duty.CHAIR}), "committee_00340")
        forms = {(b.category, b.form) for _, b in chosen(chair, entry(INTAKE, Audience.COMMITTEE)).boxes}
        assert ("child_identity", "full") in forms
        assert ("suspect_identity", "summary") in forms

    def test_the_rules_and_categories_are_named(self) -> None:
        choice = chosen(POLICE, entry(INTAKE, Audience.POLICE))
        assert {"D01-police", "D14-police"} <= choice.rules
        assert "reporter_identity" not in choice.categories

    def test_nothing_is_opened_after_closure(self) -> None:
        choice = chosen(POLICE, entry(INTAKE, Audience.POLICE), files=[CLOSED_CASE])
        assert choice.boxes == ()
        assert {fact.level for fact in choice.facts} == {Level.EXISTS}

    def test_a_report_whose_case_is_not_known_is_not_opened(self) -> None:
        report = CaseFile(stream=REPORT, status="linked_to_case", root=CASE, changed_at=NOW)
        told = entry(INTAKE, Audience.POLICE, stream=REPORT)
        assert chosen(POLICE, told, files=[report]).boxes == ()
        assert chosen(POLICE, told, files=[report, OPEN_CASE]).boxes
        assert chosen(POLICE, told, files=[report, CLOSED_CASE]).boxes == ()

    def test_the_agreement_in_force_at_read_counts(self) -> None:
        narrowed = Agreement(
            "2",
            [
                replace(clause, level=Level.NONE) if clause.category == "child_identity" else clause
                for clause in packaged_agreement().clauses
            ],
        )
        told = entry(INTAKE, Audience.POLICE)
        assert "child_identity" in chosen(POLICE, told).categories
        assert "child_identity" not in chosen(POLICE, told, agreement=narrowed).categories

    def test_a_clause_that_has_run_out_gives_nothing(self) -> None:
        ended = Agreement(
            "2",
            [
                replace(clause, valid_to=(NOW - timedelta(days=1)).date()) if clause.id == "D01-police" else clause
                for clause in packaged_agreement().clauses
            ],
        )
        levels = {
            f.level
            for f in chosen(POLICE, entry(INTAKE, Audience.POLICE), agreement=ended).facts
            if f.place[0] == "child_identity"
        }
        assert levels == {Level.EXISTS}

    def test_what_was_not_routed_is_not_widened(self) -> None:
        widened = Agreement(
            "2",
            [
                replace(clause, level=Level.FULL) if clause.id == "D06-police" else clause
                for clause in packaged_agreement().clauses
            ],
        )
        examined = entry("health.medical_exam_completed.v1", Audience.POLICE)
        facts = answered(chosen(POLICE, examined, agreement=widened))
        assert of(facts, "medical_findings", "injury")["level"] == "summary"  # the full form was never routed

    def test_nobody_elses_purpose_opens_anything(self) -> None:
        assert chosen(replace(POLICE, purpose="oversight"), entry(INTAKE, Audience.POLICE)).boxes == ()


class TestPresenting:
    def test_a_fact_names_its_place_rule_and_origin(self) -> None:
        knows = OPEN_CASE.model_copy(update={"units": ("hotline_111",)})
        fact = of(answered(chosen(POLICE, entry(INTAKE, Audience.POLICE), files=[knows])), "child_identity")
        assert fact | {"values": {}, "occurred_at": ""} == {
            "category": "child_identity",
            "row": 1,
            "part": "main",
            "person": "child",
            "level": "full",
            "rule": "D01-police",
            "owner": "social_work",
            "from": "hotline_111",
            "occurred_at": "",
            "corrected": False,
            "values": {},
        }

    def test_a_unit_that_takes_part_unknown_to_the_reader_is_not_named(self) -> None:
        fact = of(answered(chosen(POLICE, entry(INTAKE, Audience.POLICE))), "child_identity")
        assert (fact["owner"], fact["from"], fact["level"]) == (None, None, "full")

    def test_who_holds_what_only_exists_is_told_while_the_case_is_open(self) -> None:
        school = Reader(Audience.EDUCATION, frozenset({Duty.OWN_PUPIL}), "school_s1", "case_work")
        interview = entry("police.interview_held.v1", Audience.EDUCATION)
        for file, owner in ((OPEN_CASE, "police"), (CLOSED_CASE, None)):
            fact = of(answered(chosen(school, interview, files=[file])), "interview_schedule")
            assert (fact["owner"], fact["from"], fact["level"]) == (owner, None, "exists")

    def test_what_exists_has_neither_values_nor_time_and_is_told_once(self) -> None:
        twice = [entry(INTAKE, Audience.AUDITOR, version=1), entry(INTAKE, Audience.AUDITOR, version=2)]
        fact = of(answered(chosen(AUDITOR, *twice)), "reporter_identity")
        assert fact["level"] == "exists"
        assert fact.keys().isdisjoint({"values", "occurred_at"})

    def test_a_summary_shows_only_the_values_that_the_clause_names(self) -> None:
        assessed = entry("social_work.initial_risk_assessed.v1", Audience.EDUCATION)
        school = Reader(Audience.EDUCATION, frozenset(), "school_s1")
        assert of(answered(chosen(school, assessed)), "risk_assessment")["values"].keys() == {
            "risk_level",
            "safety_instruction",
        }
        hospital = Reader(Audience.HEALTH, frozenset(), "hospital_h1")
        assessed = entry("social_work.initial_risk_assessed.v1", Audience.HEALTH)
        assert of(answered(chosen(hospital, assessed)), "risk_assessment")["values"].keys() == {"risk_level"}

    def test_a_summary_of_which_nothing_may_be_shown_only_exists(self) -> None:
        fact = of(answered(chosen(POLICE, entry(INTAKE, Audience.POLICE))), "risk_assessment")
        assert fact["level"] == "exists"  # the kind of abuse is neither level nor safety instruction

    def test_a_box_that_stayed_shut_only_exists(self) -> None:
        choice = chosen(POLICE, entry(INTAKE, Audience.POLICE))
        facts = present(choice, [None] * len(choice.boxes))
        assert {fact["level"] for fact in facts} == {"exists"}

    def test_the_open_codes_of_an_event_are_a_fact_of_its_category(self) -> None:
        facts = answered(chosen(MANAGER, entry("police.scene_attended.v1", Audience.CASE_MANAGER)))
        status = of(facts, "investigation", "status")
        assert (status["level"], status["values"]) == ("summary", {"secured": True})

    def test_facts_come_by_row_and_time(self) -> None:
        entries = [entry(INTAKE, Audience.POLICE, version=version) for version in (2, 1)]
        facts = answered(chosen(POLICE, *entries))
        assert [fact["row"] for fact in facts] == sorted(fact["row"] for fact in facts)


class TestCorrections:
    STREAM: tuple[tuple[str, dict[str, Any]], ...] = (
        ("case.case_opened.v1", {}),
        joined("police", "commune_police_00340", "A"),
        joined("auditor", None, "B", "standing"),
        ("social_work.case_opened.v1", {"id": "first"}),
        ("social_work.fact_corrected.v1", {"id": "second", "data": {"corrects": "first"}}),
        ("case.statement_corrected.v1", {"data": {"corrected": "first", "correction": "second"}}),
    )

    def facts(self, reader: Reader, *more: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
        rebuilt = rebuild(reader.audience, stream_of([*self.STREAM, *more]), packaged_agreement())
        assert rebuilt.file
        return answered(chosen(reader, *rebuilt.entries, files=[rebuilt.file]))

    def births(self, reader: Reader, *more: tuple[str, dict[str, Any]]) -> list[tuple[JsonValue, bool]]:
        facts = [fact for fact in self.facts(reader, *more) if fact["part"] == "birth"]
        return [
            (fact["values"].get("child_birth_date", fact["values"].get("age")), fact["corrected"]) for fact in facts
        ]

    def test_others_see_the_correction_alone(self) -> None:
        [(born, corrected)] = self.births(POLICE)
        assert isinstance(born, str)
        assert corrected is False

    def test_the_auditor_sees_both_at_its_own_level(self) -> None:
        births = self.births(AUDITOR)
        assert [corrected for _, corrected in births] == [True, False]
        assert all(isinstance(age, int) for age, _ in births)

    def test_what_was_not_corrected_stays(self) -> None:
        assert [f["corrected"] for f in self.facts(POLICE) if f["part"] == "main" and f["row"] == 1] == [False]

    def test_a_correction_of_a_correction(self) -> None:
        again = (
            ("social_work.fact_corrected.v1", {"id": "third", "data": {"corrects": "second"}}),
            ("case.statement_corrected.v1", {"data": {"corrected": "second", "correction": "third"}}),
        )
        assert [corrected for _, corrected in self.births(AUDITOR, *again)] == [True, True, False]
        assert len(self.births(POLICE, *again)) == 1

    def test_the_same_id_of_another_unit_is_another_statement(self) -> None:
        strangers = ("police.report_received.v1", {"id": "first"})
        facts = self.facts(POLICE, strangers)
        assert [f["corrected"] for f in facts if f["part"] == "birth" and f["from"] == "commune_police_00340"] == [
            False
        ]


class TestUntilForwarded:
    HOTLINE = Reader(Audience.HOTLINE, frozenset(), "hotline_111")

    def level(self, file: CaseFile, *others: CaseFile, source: str = "hotline_111") -> str:
        told = entry(INTAKE, Audience.HOTLINE, stream=REPORT, source=source)
        return str(of(answered(chosen(self.HOTLINE, told, files=[file, *others])), "child_identity")["level"])

    def file(self, stream: UUID = REPORT, **changes: Any) -> CaseFile:
        return CaseFile(stream=stream, status="received", changed_at=NOW, **changes)

    def test_its_own_report_is_whole_until_it_is_forwarded(self) -> None:
        assert self.level(self.file()) == "full"
        assert self.level(self.file(forwarded=True)) == "summary"

    def test_a_linked_report_counts_as_forwarded(self) -> None:
        assert self.level(self.file(root=CASE), OPEN_CASE) == "summary"

    def test_anothers_report_is_a_summary(self) -> None:
        assert self.level(self.file(), source="committee_00340") == "summary"


class TestVoided:
    """E.2, step 16: what was stated of the wrong child is shown to nobody but the auditor."""

    EVENTS = stream_of(
        [
            joined("police", "commune_police_00340", "P-1"),
            joined("auditor", None, "A-1", "standing"),
            ("health.medical_exam_completed.v1", {"id": "wrong", "source": "hospital_h1"}),
            ("health.medical_exam_completed.v1", {"id": "right", "source": "hospital_h1"}),
            ("case.statement_voided.v1", {"data": {"voided": "wrong", "voiding": "voiding"}}),
        ]
    )

    def injuries(self, reader: Reader) -> list[bool]:
        made = rebuild(reader.audience, self.EVENTS, packaged_agreement())
        assert made.file
        facts = answered(chosen(reader, *made.entries, files=[made.file.model_copy(update={"status": "open"})]))
        return [fact["corrected"] for fact in facts if fact["part"] == "injury"]

    def test_others_are_shown_what_was_not_taken_back(self) -> None:
        assert self.injuries(POLICE) == [False]

    def test_the_auditor_is_told_which_was(self) -> None:
        told = {(fact.entry.event_id, fact.corrected) for fact in self.decided(AUDITOR)}
        assert {("wrong", True), ("right", False)} <= told

    def test_nothing_at_all_of_it_is_left(self) -> None:
        shown = {fact.entry.event_id for fact in self.decided(POLICE)}
        assert "right" in shown
        assert "wrong" not in shown

    def decided(self, reader: Reader) -> tuple[Fact, ...]:
        made = rebuild(reader.audience, self.EVENTS, packaged_agreement())
        assert made.file
        return chosen(reader, *made.entries, files=[made.file.model_copy(update={"status": "open"})]).facts
