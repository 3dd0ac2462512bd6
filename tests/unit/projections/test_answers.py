"""Where a case stands, what is due, what happened: as much as the reader is told."""

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from events.case import MatchStatus
from events.codes import code_list
from events.parties import Audience
from projections.answers import case_answer, case_line, revision, state_of
from projections.case_file import CaseFile, Deadline, Flag, Task
from projections.disclosure.agreement import Level
from projections.disclosure.packaged import packaged_agreement
from projections.matches import Match
from projections.rebuild import rebuild
from projections.sight import Reader
from projections.timeline import timeline
from tests.controls.recorded import CASE, OTHER_REPORT, REPORT, joined, stream_of

NOW = datetime(2026, 4, 7, 12, tzinfo=UTC)
COORDINATOR = Reader(Audience.COORDINATOR, frozenset(), "coordination_01", "coordination")
POLICE = Reader(Audience.POLICE, frozenset(), "commune_police_00340", "case_work")
INVESTIGATOR = Reader(Audience.POLICE, frozenset(), "investigation_police_01", "case_work")


def clock(rule: str, hours: float, late: bool | None = None) -> Deadline:
    due = NOW + timedelta(hours=hours)
    return Deadline(rule=rule, audience=Audience.COMMITTEE, starts_at=NOW, due_at=due, late=late)


FILE = CaseFile(
    stream=CASE,
    kind="case",
    status="open",
    stage="initial_assessment",
    investigation_stage="inv:verifying",
    references={"coordinator": "JOINT-1", "commune_police_00340": "POL-1", "investigation_police_01": "POL-2"},
    units=("child_protection_00340",),
    changed_at=NOW,
    deadlines=(clock("plan_draft_5wd", 5), clock("emergency_12h", -1, late=False)),
    tasks=(Task(task="t-1", unit="hospital_h1", status="planned", due_at=None),),
    flags=(Flag(statement="e-1", flag="late_decision", audience=Audience.COORDINATOR),),
    members=(REPORT,),
)
MEMBER = CaseFile(
    stream=REPORT,
    root=CASE,
    status="linked_to_case",
    units=("hotline_111",),
    changed_at=NOW,
    deadlines=(clock("emergency_12h", -2), clock("police_transfer_24h", -3)),
)
OTHER = MEMBER.model_copy(update={"stream": OTHER_REPORT, "deadlines": (clock("police_transfer_24h", -4),)})
A_MATCH = Match(match="M-1", unit="commune_police_00340", status="suggested")
FILES = (FILE, MEMBER, OTHER)


def answer(reader: Reader = COORDINATOR, **changes: Any) -> dict[str, Any]:
    file = FILE.model_copy(update=changes)
    return case_answer(file, (file, MEMBER, OTHER), reader, packaged_agreement(), NOW)


@pytest.mark.parametrize(
    ("deadline", "state"),
    [
        (clock("a", 1), "running"),
        (clock("a", -1), "overdue"),
        (clock("a", -1, late=False), "met"),
        (clock("a", -1, late=True), "late"),
    ],
)
def test_how_a_deadline_stands(deadline: Deadline, state: str) -> None:
    assert state_of(deadline, NOW) == state


def test_a_clock_that_runs_for_several_streams_is_told_once() -> None:
    told = [(one["rule"], one["due_at"], one["state"]) for one in answer()["deadlines"]]
    assert told == [
        ("police_transfer_24h", "2026-04-07T08:00:00+00:00", "overdue"),
        ("emergency_12h", "2026-04-07T11:00:00+00:00", "met"),
        ("plan_draft_5wd", "2026-04-07T17:00:00+00:00", "running"),
    ]


def test_a_case_is_told_under_the_readers_own_name() -> None:
    assert (answer()["case"], answer(POLICE)["case"]) == ("JOINT-1", "POL-1")
    assert case_line(FILE, [FILE], POLICE, packaged_agreement(), NOW)["case"] == "POL-1"


def test_everybody_who_takes_part_is_named_once() -> None:
    assert answer()["units"] == ["child_protection_00340", "hotline_111"]


def test_after_closure_work_and_police_track_are_kept_back() -> None:
    closed = answer(status="closed")
    assert (closed["deadlines"], closed["tasks"], closed["flags"]) == ([], [], [])
    assert closed["investigation_stage"] is None
    auditor = Reader(Audience.AUDITOR, frozenset(), "inspectorate_01", "oversight")
    kept = answer(auditor, status="closed")
    assert (len(kept["deadlines"]), len(kept["tasks"]), kept["investigation_stage"]) == (3, 1, "inv:verifying")


@pytest.mark.parametrize(
    ("status", "answers"),
    [
        ("suggested", ["privacy.match_confirmed.v1", "privacy.match_withdrawn.v1"]),
        ("confirmed", ["privacy.match_withdrawn.v1"]),
        ("established", ["privacy.match_withdrawn.v1"]),
        ("ended", []),
    ],
)
def test_only_the_unit_that_is_asked_is_told_how_to_answer(status: MatchStatus, answers: list[str]) -> None:
    of_report = MEMBER.model_copy(update={"matches": (A_MATCH.model_copy(update={"status": status}),)})
    for reader, told in ((POLICE, answers), (INVESTIGATOR, []), (COORDINATOR, [])):
        answered: dict[str, Any] = case_answer(FILE, (FILE, of_report), reader, packaged_agreement(), NOW)
        [one] = answered["matches"]
        assert (one["match"], one["status"], one["answers"]) == ("M-1", status, told)


def test_how_a_match_stands_is_told_in_both_languages() -> None:
    assert list(code_list("match_status")) == list(get_args(MatchStatus))
    words = answer(matches=(A_MATCH,))["matches"][0]
    entry = code_list("match_status")["suggested"]
    assert (words["vi"], words["en"]) == (entry.vi, entry.en)


def test_for_no_purpose_named_nothing_of_section_d_is_told() -> None:
    told = answer(Reader(Audience.COORDINATOR, frozenset(), "coordination_01", "oversight"))
    assert (told["deadlines"], told["investigation_stage"]) == ([], None)
    other = answer(Reader(Audience.POLICE, frozenset(), "commune_police_00340", "coordination"), matches=(A_MATCH,))
    assert other["matches"] == []


def test_the_revision_changes_with_the_view_and_tells_nothing() -> None:
    before = revision(COORDINATOR, FILES)
    assert before == revision(COORDINATOR, (OTHER, MEMBER, FILE))
    assert before != revision(POLICE, FILES)
    assert before != revision(COORDINATOR, (FILE.model_copy(update={"told": 1}), MEMBER, OTHER))
    assert str(CASE) not in before


class TestTimeline:
    EVENTS = stream_of(
        [
            ("case.case_opened.v1", {}),
            joined("committee", "committee_00340", "A"),
            ("police.crime_report_accepted.v1", {}),
            ("health.medical_exam_completed.v1", {}),
            ("case.report_linked.v1", {}),
        ]
    )

    def lines(self, audience: Audience = Audience.COMMITTEE) -> list[dict[str, Any]]:
        rebuilt = rebuild(audience, self.EVENTS, packaged_agreement())
        files = [rebuilt.file] if rebuilt.file else []
        reader = Reader(audience, frozenset(), "committee_00340")
        return list(timeline(files, rebuilt.entries, reader, packaged_agreement(), NOW).lines)

    def test_lines_are_numbered_as_told(self) -> None:
        assert [line["at"] for line in self.lines()] == [1, 2, 3, 4, 5]

    def test_what_only_exists_shows_neither_type_nor_codes(self) -> None:
        third = self.lines()[2]
        assert (third["type"], third["open"], third["level"]) == (None, {}, Level.EXISTS)
        assert (third["unit"], third["about"]) == ("investigation_police_01", "investigation")

    def test_no_stream_and_no_name_is_shown(self) -> None:
        told = str(self.lines())
        assert str(CASE) not in told
        assert str(REPORT) not in told
        assert "reference" not in told

    def test_the_rules_are_named(self) -> None:
        rebuilt = rebuild(Audience.COMMITTEE, self.EVENTS, packaged_agreement())
        assert rebuilt.file
        reader = Reader(Audience.COMMITTEE, frozenset(), "committee_00340")
        found = timeline([rebuilt.file], rebuilt.entries, reader, packaged_agreement(), NOW)
        assert found.rules == {"D00-committee", "D00-committee-participation", "D10-committee", "D06-committee"}

    def test_who_takes_part_unknown_to_the_reader_is_nowhere_named(self) -> None:
        events = stream_of(
            [
                ("social_work.report_received.v1", {}),
                joined("police", "commune_police_00340", "A", "forwarded"),
                joined("education", "school_s1", "B", "invited"),
            ]
        )
        rebuilt = rebuild(Audience.EDUCATION, events, packaged_agreement())
        assert rebuilt.file
        reader = Reader(Audience.EDUCATION, frozenset(), "school_s1")
        lines = timeline([rebuilt.file], rebuilt.entries, reader, packaged_agreement(), NOW).lines
        assert [(line["unit"], line["type"]) for line in lines] == [("case_record", "case.party_joined.v1")]
        assert "police" not in str(lines)
        assert "hotline" not in str(lines)

    def test_that_a_case_had_been_sealed_is_told_to_the_auditor_alone(self) -> None:
        events = [
            ("case.case_opened.v1", {}),
            joined("committee", "committee_00340", "A"),
            joined("auditor", None, "B", "standing"),
            ("case.case_sealed.v1", {}),
            ("case.case_unsealed.v1", {}),
        ]
        told = {}
        for audience in (Audience.COMMITTEE, Audience.AUDITOR):
            rebuilt = rebuild(audience, stream_of(events), packaged_agreement())
            assert rebuilt.file
            reader = Reader(audience, frozenset(), None)
            lines = timeline([rebuilt.file], rebuilt.entries, reader, packaged_agreement(), NOW).lines
            told[audience] = [line["type"] for line in lines if "sealed" in str(line["type"])]
        assert told == {
            Audience.COMMITTEE: [],
            Audience.AUDITOR: ["case.case_sealed.v1", "case.case_unsealed.v1"],
        }
