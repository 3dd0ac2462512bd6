"""Every type an agency may assert walks the whole way: its door takes it, the case record reads it, views tell it."""

import json
from base64 import b64decode
from datetime import UTC, datetime
from typing import Any

import pytest

from events.codec import to_bytes
from events.compartments import split
from events.event import labels_of
from events.labels import OPEN_CATEGORIES, Category, Form
from events.parties import Audience, Duty
from events.registry import event_class
from events.units import units
from events.upcasts import newest_type
from projections.case_file import CaseFile
from projections.disclosure.disclose import disclose
from projections.disclosure.packaged import packaged_agreement
from projections.facts import choose, present
from projections.sight import Reader
from projections.timeline import timeline
from services.agencies.inspection import Inspected, Inspector
from services.case_record.translate import Accepted, translate
from tests.contract.golden_bytes import sealed
from tests.controls.bad_input import good
from tests.controls.examples import AGENCY_TYPES, example_unit
from tests.controls.recorded import CASE, recorded

NOW = datetime(2026, 6, 1, tzinfo=UTC)
OPEN_CASE = CaseFile(stream=CASE, kind="case", status="open", changed_at=NOW)
DUTIES = frozenset({Duty.CHAIR, Duty.TREATING, Duty.OWN_PUPIL})
OLD, NEW = "police.interview_held.v1", "police.interview_held.v2"


class StoppedClock:
    simulated = True

    def now(self) -> datetime:
        return datetime.fromisoformat("2026-05-01T00:00:00+07:00")


@pytest.mark.parametrize("type_", AGENCY_TYPES)
def test_a_type_walks_from_its_door_to_the_views(type_: str) -> None:
    unit = units()[example_unit(type_)]
    inspected = Inspector(unit.agency, StoppedClock()).inspect(good(type_), unit.id)
    assert _sealed_at_the_door(inspected) == sealed(type_).data.open
    understood = translate(unit.agency, to_bytes(sealed(type_)))
    assert isinstance(understood, Accepted)
    told = {audience for audience in Audience if _facts(type_, audience) or _lines(type_, audience)}
    assert told, "nobody would ever learn of it"
    about = event_class(newest_type(type_)).ABOUT
    if about is Category.OPERATIONAL:
        assert told >= {Audience.CASE_MANAGER, Audience.AUDITOR}


@pytest.mark.parametrize("type_", AGENCY_TYPES)
def test_a_narrative_reaches_readers_in_full_form_alone(type_: str) -> None:
    """What is in no summary is shown to nobody whose cell says summary."""
    class_ = event_class(newest_type(type_))
    in_summaries = {
        label.summary_name or name
        for name, label in labels_of(class_).items()
        if label.summary is not None or label.category in OPEN_CATEGORIES
    }
    for audience in Audience:
        for fact in _facts(type_, audience):
            if fact["level"] == Form.SUMMARY:
                assert fact["values"].keys() <= in_summaries


def test_views_show_an_old_version_as_they_show_the_new() -> None:
    for audience in Audience:
        old, new = _facts(OLD, audience), _facts(NEW, audience)
        assert [_outline(fact) for fact in old] == [_outline(fact) for fact in new]
        assert _lines(OLD, audience) == _lines(NEW, audience)
    [shown] = [fact for fact in _facts(OLD, Audience.CASE_MANAGER) if fact["part"] == "main"]
    assert shown["values"]["ending"] == "not_stated"


def _sealed_at_the_door(inspected: Inspected) -> dict[str, Any]:
    assert isinstance(inspected, Inspected)
    return dict(split(inspected.event, inspected.submitted.time).open)


def _facts(type_: str, audience: Audience) -> list[dict[str, Any]]:
    entry = disclose(recorded(type_), audience, packaged_agreement())
    choice = choose([OPEN_CASE], [entry] if entry else [], _reader(type_, audience), packaged_agreement(), NOW)
    return present(choice, [json.loads(b64decode(box.box)) for _, box in choice.boxes])


def _lines(type_: str, audience: Audience) -> tuple[dict[str, Any], ...]:
    entry = disclose(recorded(type_), audience, packaged_agreement())
    told = [entry] if entry else []
    return timeline([OPEN_CASE], told, _reader(type_, audience), packaged_agreement(), NOW).lines


def _reader(type_: str, audience: Audience) -> Reader:
    return Reader(audience, DUTIES, example_unit(type_))


def _outline(fact: dict[str, Any]) -> dict[str, Any]:
    return fact | {"values": sorted(fact.get("values", {}))}
