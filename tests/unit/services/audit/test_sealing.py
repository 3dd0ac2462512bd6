"""From whom a case was sealed: by what was recorded by then, and by what a door had accepted and nobody decided on."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from events.envelope import RecordedEvent
from events.parties import Audience
from infra.postgres.audit_reader import OrderRow
from projections.sight import Reader
from services.audit.sealing import in_sight, keeps_sight
from tests.controls.recorded import CASE, OTHER_REPORT, REPORT, START, joined, stream_of

HOUR = timedelta(hours=1)
POLICE, HOSPITAL, SCHOOL, LEAD = "commune_police_00340", "hospital_h1", "school_s1", "child_protection_00340"

SEALED = stream_of(
    [
        ("case.case_sealed.v1", {"recordedtime": START + HOUR, "data": {"units": ["commune_police_00340"]}}),
        ("case.case_sealed.v1", {"recordedtime": START + 2 * HOUR, "data": {"units": ["hospital_h1"]}}),
        ("case.case_unsealed.v1", {"recordedtime": START + 3 * HOUR}),
    ]
)


def reader(audience: Audience, unit: str | None = None) -> Reader:
    return Reader(audience, frozenset(), unit)


@pytest.mark.parametrize(
    ("hours", "seen_by"),
    [
        (0, {Audience.POLICE, Audience.HEALTH, Audience.AUDITOR}),
        (1, {Audience.POLICE, Audience.AUDITOR}),
        (2, {Audience.HEALTH, Audience.AUDITOR}),
        (3, {Audience.POLICE, Audience.HEALTH, Audience.AUDITOR}),
    ],
)
def test_in_sight_is_what_the_last_order_known_by_then_leaves(hours: int, seen_by: set[Audience]) -> None:
    asked = (Audience.POLICE, Audience.HEALTH, Audience.AUDITOR)
    assert {one for one in asked if keeps_sight(SEALED, reader(one), START + hours * HOUR)} == seen_by


def test_a_unit_sees_what_an_order_names_it_for() -> None:
    seen_by = {
        unit
        for unit in ("commune_police_00340", "investigation_police_01")
        if keeps_sight(SEALED, reader(Audience.POLICE, unit), START + HOUR)
    }
    assert seen_by == {"commune_police_00340"}


def test_what_is_in_sight_stands_in_the_order_of_the_register() -> None:
    streams = {UUID(int=number): SEALED for number in range(9, 0, -1)}
    assert [*in_sight(streams, (), reader(Audience.POLICE), START)] == [*streams]


WHOLE = {
    CASE: stream_of(
        [
            ("case.case_opened.v1", {"data": {"lead_unit": LEAD}}),
            ("case.report_linked.v1", {}),
            joined("police", POLICE, "P"),
            joined("hotline", "hotline_111", "H"),
        ]
    ),
    REPORT: stream_of([("case.report_linked.v1", {})], stream=REPORT),
}
ACCEPTED, DECIDED = START + HOUR, START + 2 * HOUR
ORDER = OrderRow(CASE, POLICE, (HOSPITAL,), ACCEPTED, DECIDED)


def seen_by(
    unit: str, at: datetime, *orders: OrderRow, streams: dict[UUID, list[RecordedEvent]] | None = None
) -> set[UUID]:
    audience = {POLICE: Audience.POLICE, HOSPITAL: Audience.HEALTH, LEAD: Audience.CASE_MANAGER}.get(unit)
    return {*in_sight(streams or WHOLE, orders, reader(audience or Audience.EDUCATION, unit), at)}


class TestWhileNobodyHadDecided:
    @pytest.mark.parametrize(("unit", "sees"), [(SCHOOL, False), (HOSPITAL, True), (POLICE, True), (LEAD, True)])
    def test_the_case_and_its_reports_are_there_for_whom_it_names_who_states_it_and_the_lead(
        self, unit: str, sees: bool
    ) -> None:
        assert seen_by(unit, ACCEPTED, ORDER) == ({*WHOLE} if sees else set())

    @pytest.mark.parametrize(
        ("at", "sees"),
        [(ACCEPTED - HOUR / 60, True), (ACCEPTED, False), (DECIDED - HOUR / 60, False), (DECIDED, True)],
    )
    def test_it_hides_from_its_acceptance_until_it_was_decided_on(self, at: datetime, sees: bool) -> None:
        """Refused: nothing of it is recorded, and the case appears again."""
        assert seen_by(SCHOOL, at, ORDER) == ({*WHOLE} if sees else set())

    def test_one_that_nobody_has_decided_on_yet_hides_on(self) -> None:
        assert seen_by(SCHOOL, DECIDED + 999 * HOUR, replace(ORDER, decided_at=None)) == set()

    def test_the_auditor_keeps_sight(self) -> None:
        assert {*in_sight(WHOLE, [ORDER], reader(Audience.AUDITOR), ACCEPTED)} == {*WHOLE}

    def test_an_audience_sees_it_if_one_of_its_units_does(self) -> None:
        for audience, seen in ((Audience.HEALTH, {*WHOLE}), (Audience.EDUCATION, set())):
            assert {*in_sight(WHOLE, [ORDER], reader(audience), ACCEPTED)} == seen

    def test_it_hides_the_case_by_the_name_of_a_report_too(self) -> None:
        stated = {**WHOLE, REPORT: [*WHOLE[REPORT], *stream_of([joined("police", POLICE, "R")], stream=REPORT)]}
        assert seen_by(SCHOOL, ACCEPTED, replace(ORDER, stream=REPORT), streams=stated) == set()

    def test_a_report_of_no_case_is_hidden_alone(self) -> None:
        streams = {**WHOLE, OTHER_REPORT: stream_of([joined("police", POLICE, "R")], stream=OTHER_REPORT)}
        assert seen_by(SCHOOL, ACCEPTED, replace(ORDER, stream=OTHER_REPORT), streams=streams) == {*WHOLE}

    def test_a_unit_that_had_no_name_for_the_case_yet_hid_nothing(self) -> None:
        late = [*WHOLE[CASE][:2], *stream_of([joined("police", POLICE, "P")])]
        late[2] = late[2].model_copy(update={"recordedtime": ACCEPTED + HOUR / 2})
        streams = {**WHOLE, CASE: late}
        assert seen_by(SCHOOL, ACCEPTED, ORDER, streams=streams) == {*WHOLE}
        assert seen_by(SCHOOL, ACCEPTED + HOUR / 2, ORDER, streams=streams) == set()

    def test_a_unit_that_had_lost_sight_by_then_hid_nothing_from_who_kept_it(self) -> None:
        sealed = ("case.case_sealed.v1", {"recordedtime": START + HOUR / 2, "data": {"units": [LEAD, SCHOOL]}})
        streams = {**WHOLE, CASE: [*WHOLE[CASE], *stream_of([sealed])]}
        assert seen_by(SCHOOL, ACCEPTED, ORDER, streams=streams) == {*WHOLE}
