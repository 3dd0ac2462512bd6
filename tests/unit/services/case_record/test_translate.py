"""The anti-corruption layer: every byte string is understood, refused, or nobody's."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.codec import to_bytes
from events.compartments import SealedCompartment
from events.envelope import SealedContents
from events.labels import Category, Form
from events.parties import Agency
from events.units import units
from services.case_record.domain.commands import AssignTask, MergeReport, OpenReport
from services.case_record.domain.refusals import BrokenSchema, NoAuthority, UnknownType, Unreadable
from services.case_record.translate import Accepted, Refused, Unattributed, translate
from tests.controls.examples import AGENCY_TYPES, example_unit
from tests.controls.statements import at, sealed, states

RECEIVED = sealed(states("social_work.report_received", "R-101", at=at("06T21:10")), "R-101")


def raw(**changes: Any) -> bytes:
    """Return a valid message with some attributes changed; None takes one away."""
    attributes = json.loads(to_bytes(RECEIVED)) | changes
    return json.dumps({name: value for name, value in attributes.items() if value is not None}).encode()


def box(owner: Agency) -> SealedCompartment:
    return SealedCompartment(
        category=Category.CHILD_IDENTITY,
        part="main",
        form=Form.FULL,
        subject="hotline_111/R-101#child",
        owner=owner,
        key_id="key",
        box="AAAA",
        commitment="0" * 64,
    )


@pytest.mark.parametrize("type_", AGENCY_TYPES)
def test_every_type_of_an_agency_is_a_command(type_: str) -> None:
    agency = units()[example_unit(type_)].agency
    name, _, version = type_.rpartition(".")
    statement = sealed(states(name, version=version, at=at("06T21:10")), "R-101")
    understood = translate(agency, to_bytes(statement))
    assert isinstance(understood, Accepted)
    said = understood.command.said
    assert (said.unit, said.agency, said.id, said.reference) == (example_unit(type_), agency, statement.id, "R-101")
    assert understood.sealed == statement


def test_open_fields_reach_the_command() -> None:
    merged = sealed(states("social_work.reports_merged", at=at("07T08:00"), report="R-9"), "C-55")
    understood = translate(Agency.SOCIAL_WORK, to_bytes(merged))
    assert isinstance(understood, Accepted)
    assert isinstance(understood.command, MergeReport)
    assert understood.command.report == "R-9"


@pytest.mark.parametrize(
    ("type_", "due"), [("social_work.plan_task_assigned", True), ("social_work.service_referred", False)]
)
def test_a_task_of_the_plan_has_a_day_and_a_referral_has_none(type_: str, *, due: bool) -> None:
    understood = translate(Agency.SOCIAL_WORK, to_bytes(sealed(states(type_, at=at("16T11:00")), "C-55")))
    assert isinstance(understood, Accepted)
    assert isinstance(understood.command, AssignTask)
    assert (understood.command.due_at is not None) is due


def test_an_unknown_type_is_refused() -> None:
    refused = translate(Agency.SOCIAL_WORK, raw(type="social_work.child_forgotten.v1"))
    assert isinstance(refused, Refused)
    assert isinstance(refused.refusal, UnknownType)
    assert refused.heading.id == RECEIVED.id


@pytest.mark.parametrize(
    "changes",
    [
        {"time": None},
        {"time": "2026-04-06T21:10:00"},
        {"specversion": "0.3"},
        {"extra": 1},
        {"data": {"open": {}}},
        {"data": {"open": {"channel": "hotline_111", "received_at": "2026-04-06T21:10:00+07:00", "more": 1}}},
        {"data": {"open": {"channel": "carrier_pigeon", "received_at": "2026-04-06T21:10:00+07:00"}}},
    ],
    ids=["no time", "no zone", "another version", "unknown attribute", "nothing open", "unknown field", "unknown code"],
)
def test_a_broken_event_is_refused(changes: dict[str, Any]) -> None:
    refused = translate(Agency.SOCIAL_WORK, raw(**changes))
    assert isinstance(refused, Refused)
    assert isinstance(refused.refusal, BrokenSchema)


@pytest.mark.parametrize("type_", ["police.scene_attended.v1", "case.case_closed.v1", "health.service_accepted.v1"])
def test_who_may_not_assert_a_type_is_refused(type_: str) -> None:
    told = sealed(states(type_.removesuffix(".v1"), at=at("06T21:10"), by="hotline_111"), "R-101")
    refused = translate(Agency.SOCIAL_WORK, to_bytes(told))
    assert isinstance(refused, Refused)
    assert isinstance(refused.refusal, NoAuthority)


def test_a_box_of_another_owner_is_refused() -> None:
    contents = SealedContents(open=RECEIVED.data.open, sealed=(box(Agency.HEALTH),))
    refused = translate(Agency.SOCIAL_WORK, to_bytes(RECEIVED.model_copy(update={"data": contents})))
    assert isinstance(refused, Refused)
    assert isinstance(refused.refusal, NoAuthority)


def test_a_box_of_the_agencys_own_is_taken() -> None:
    contents = SealedContents(open=RECEIVED.data.open, sealed=(box(Agency.SOCIAL_WORK),))
    understood = translate(Agency.SOCIAL_WORK, to_bytes(RECEIVED.model_copy(update={"data": contents})))
    assert isinstance(understood, Accepted)
    assert understood.sealed.data == contents


@pytest.mark.parametrize(
    ("door", "changes"), [(Agency.POLICE, {}), (Agency.SOCIAL_WORK, {"source": "no_such_unit"})], ids=["door", "unit"]
)
def test_nothing_is_noted_in_the_name_of_another_agencys_unit(door: Agency, changes: dict[str, Any]) -> None:
    strange = translate(door, raw(**changes))
    assert isinstance(strange, Unattributed)
    assert isinstance(strange.refusal, NoAuthority)


@pytest.mark.parametrize(
    "message",
    [b"", b"\xff", b"[]", b"{", raw(id=None), raw(id="a b"), raw(sequence=0), raw(sequence=2**60), b'{"id":1,"id":2}'],
)
def test_what_cannot_be_read_is_nobodys(message: bytes) -> None:
    strange = translate(Agency.SOCIAL_WORK, message)
    assert strange == Unattributed(None, Unreadable())


def test_an_open_report_says_when_it_was_received() -> None:
    understood = translate(Agency.SOCIAL_WORK, raw())
    assert isinstance(understood, Accepted)
    assert isinstance(understood.command, OpenReport)
    assert understood.command.received_at.isoformat() == understood.sealed.data.open["received_at"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from(Agency), st.binary(max_size=200))
def test_any_bytes_have_an_answer(door: Agency, message: bytes) -> None:
    assert isinstance(translate(door, message), Unattributed)


@given(st.sampled_from(Agency), st.sampled_from(sorted(json.loads(to_bytes(RECEIVED)))), JSON)
def test_any_value_of_any_attribute_has_an_answer(door: Agency, attribute: str, value: Any) -> None:
    assert isinstance(translate(door, raw(**{attribute: value})), Accepted | Refused | Unattributed)
