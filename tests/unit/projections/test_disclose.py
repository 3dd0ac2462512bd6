"""One event, told to one audience: its existence, its open codes, its boxes, and nobody's other name."""

import pytest

from events.labels import Category, Form, Person
from events.parties import Agency, Audience
from events.registry import EVENT_CLASSES, event_class
from projections.disclosure.agreement import Level
from projections.disclosure.disclose import Disclosed, disclose, reference_fields
from projections.disclosure.packaged import packaged_agreement
from tests.controls.recorded import recorded

EXAM = "health.medical_exam_completed.v1"
REPORT = "social_work.report_received.v1"


def told(type_: str, audience: Audience, **changes: object) -> Disclosed | None:
    return disclose(recorded(type_, **changes), audience, packaged_agreement())  # type: ignore[arg-type]


def surely(type_: str, audience: Audience, **changes: object) -> Disclosed:
    found = told(type_, audience, **changes)
    assert found is not None
    return found


def routed(entry: Disclosed, category: Category) -> set[tuple[str, Form]]:
    boxes = [one.compartment for one in entry.sealed]
    return {(box.part, box.form) for box in boxes if box.category is category}


class TestThatItHappened:
    @pytest.mark.parametrize("audience", [Audience.EDUCATION, Audience.HOTLINE])
    def test_who_may_not_know_learns_nothing(self, audience: Audience) -> None:
        assert told(EXAM, audience) is None

    @pytest.mark.parametrize("audience", [Audience.COORDINATOR, Audience.COMMITTEE, Audience.AUDITOR])
    def test_who_may_know_of_it_learns_neither_type_nor_codes_nor_boxes(self, audience: Audience) -> None:
        entry = surely(EXAM, audience)
        assert (entry.type, entry.open, entry.sealed) == (None, {}, ())
        assert (entry.about, entry.level) == (Category.MEDICAL_FINDINGS, Level.EXISTS)

    def test_who_may_see_learns_the_type_and_the_rule(self) -> None:
        entry = surely(EXAM, Audience.CASE_MANAGER)
        assert (entry.type, entry.level, entry.rule) == (EXAM, Level.SUMMARY, "D06-case_manager")

    @pytest.mark.parametrize("type_", [t for t, c in EVENT_CLASSES.items() if c.ABOUT is Category.OPERATIONAL])
    def test_operational_events_are_told_to_all(self, type_: str) -> None:
        assert all(surely(type_, audience).level is Level.FULL for audience in Audience)

    def test_a_deadline_is_told_to_whom_it_binds_and_to_those_who_watch(self) -> None:
        reached = {audience for audience in Audience if told("case.deadline_started.v1", audience)}
        watching = {Audience.CASE_MANAGER, Audience.COMMITTEE, Audience.COORDINATOR, Audience.AUDITOR}
        assert reached == watching  # the example binds the committee
        assert told("case.deadline_started.v1", Audience.POLICE, data={"audience": "police"})


class TestBoxes:
    def test_the_full_form_goes_where_a_clause_gives_it_and_the_summary_where_one_gives_that(self) -> None:
        name = Category.CHILD_IDENTITY
        assert routed(surely(REPORT, Audience.POLICE), name) == {("main", Form.FULL), ("birth", Form.FULL)}
        both = {("main", Form.FULL), ("main", Form.SUMMARY), ("birth", Form.FULL), ("birth", Form.SUMMARY)}
        assert routed(surely(REPORT, Audience.COMMITTEE), name) == both  # chair or member is known only at read
        assert routed(surely(REPORT, Audience.COORDINATOR), name) == {("birth", Form.SUMMARY)}

    def test_what_only_exists_is_named_without_a_box(self) -> None:
        [entry] = [one for one in surely(REPORT, Audience.AUDITOR).exists if one.category is Category.REPORTER_IDENTITY]
        assert (entry.part, entry.person, entry.owner) == ("main", Person.REPORTER, Agency.SOCIAL_WORK)
        assert entry.rule == "D05-auditor"

    def test_the_shelter_reaches_nobody_who_sees_summaries(self) -> None:
        ordered = "social_work.temporary_separation_ordered.v1"
        for audience in (Audience.HEALTH, Audience.EDUCATION, Audience.HOTLINE, Audience.COORDINATOR):
            entry = surely(ordered, audience)
            assert routed(entry, Category.CONTACT_LOCATION) == set()
            assert Category.CONTACT_LOCATION not in {one.category for one in entry.exists}

    def test_ones_own_task_is_told_in_full(self) -> None:
        task = "social_work.plan_task_assigned.v1"
        assert ("task", Form.FULL) in routed(surely(task, Audience.HEALTH, data={"unit": "hospital_h1"}), PLAN)
        assert told(task, Audience.HEALTH, data={"unit": "school_s1"}) is None
        assert surely(task, Audience.POLICE, data={"unit": "school_s1"}).type is None  # own tasks F, rest E

    def test_what_a_request_would_open_is_not_routed(self) -> None:
        assert routed(surely(REPORT, Audience.POLICE), Category.REPORTER_IDENTITY) == set()

    def test_a_subject_that_names_no_person_is_refused(self) -> None:
        event = recorded(REPORT)
        box = event.data.sealed[0].model_copy(update={"subject": "hotline_111/R-101"})
        broken = event.model_copy(update={"data": event.data.model_copy(update={"sealed": (box,)})})
        with pytest.raises(ValueError, match="names no person"):
            disclose(broken, Audience.POLICE, packaged_agreement())


PLAN = Category.CASE_PLAN


class TestNames:
    def test_a_party_is_told_its_own_name_of_the_case(self) -> None:
        assert surely("case.party_joined.v1", Audience.POLICE).open["reference"] == "7K3QZ9M2T4XD"

    @pytest.mark.parametrize("audience", [audience for audience in Audience if audience is not Audience.POLICE])
    def test_nobody_is_told_anothers(self, audience: Audience) -> None:
        entry = told("case.party_joined.v1", audience)
        assert entry is None or entry.open["reference"] is None

    @pytest.mark.parametrize("audience", [Audience.HEALTH, Audience.EDUCATION, Audience.HOTLINE])
    def test_that_the_police_take_part_is_told_to_those_who_coordinate_alone(self, audience: Audience) -> None:
        assert told("case.party_joined.v1", audience) is None
        assert surely("case.party_joined.v1", Audience.CASE_MANAGER).open["unit"] == "commune_police_00340"

    @pytest.mark.parametrize("audience", list(Audience))
    def test_the_name_that_a_statement_uses_is_told_to_nobody(self, audience: Audience) -> None:
        assert surely("social_work.case_opened.v1", audience).open["report"] is None

    def test_the_fields_that_hold_names_are_found_by_their_type(self) -> None:
        found = {type_: reference_fields(type_) for type_ in EVENT_CLASSES if reference_fields(type_)}
        assert found == {
            "case.party_joined.v1": {"reference"},
            "case.match_suggested.v1": {"other"},
            "social_work.case_opened.v1": {"report"},
            "social_work.reports_merged.v1": {"report"},
        }


@pytest.mark.parametrize("type_", list(EVENT_CLASSES))
@pytest.mark.parametrize("audience", list(Audience))
def test_what_is_told_survives_storage(type_: str, audience: Audience) -> None:
    entry = told(type_, audience)
    if entry:
        assert Disclosed.model_validate_json(entry.model_dump_json()) == entry
        assert entry.about is event_class(type_).ABOUT
