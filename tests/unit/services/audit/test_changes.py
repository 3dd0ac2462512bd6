"""Of whom a changed agreement tells: of each unit by what it is given, and of a sealed case of who keeps sight."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

import pytest

from events.case import PartyJoined
from events.envelope import RecordedEvent
from events.parties import Audience
from projections.disclosure.agreements import read_agreements
from projections.disclosure.document import parse
from projections.disclosure.packaged import packaged_agreement, packaged_text
from services.audit.changes import Change, changes
from services.audit.replay import replay
from services.reading.answering import Loaded
from tests.controls.recorded import recorded
from tests.privacy.scenario_streams import SECOND, STREAMS, case_streams

NOW = datetime(2026, 6, 1, tzinfo=UTC)
CASE = STREAMS[SECOND.case]
COMMUNE, INVESTIGATION, LEAD = "commune_police_00340", "investigation_police_01", "child_protection_00340"
NAMES_GO = (
    ('"D01-police", level = "full"', '"D01-police", level = "exists"'),
    ('"D01-health", level = "full"', '"D01-health", level = "exists"'),
    ('"D01-case_manager", level = "full"', '"D01-case_manager", level = "exists"'),
)

Streams = Mapping[UUID, list[RecordedEvent]]


@pytest.fixture
def streams() -> Streams:
    return case_streams(21, SECOND)


def came(streams: Streams) -> list[Change]:
    text = packaged_text().decode()
    for old, new in NAMES_GO:
        assert old in text
        text = text.replace(old, new)
    now = read_agreements([])
    told = replay(CASE, streams, Audience.AUDITOR, packaged_agreement())
    assert told.file is not None
    loaded = Loaded(told.file, told.files, told.entries, (), told.files, ())
    return list(changes(loaded, streams, now, now.followed_by(parse(text)), NOW))


def sealed_to(streams: Streams, *units: str) -> Streams:
    return {
        stream: [*events, recorded("case.case_sealed.v1", len(events) + 1, stream=stream, data={"units": list(units)})]
        for stream, events in streams.items()
    }


def without(streams: Streams, unit: str, *gone_from: UUID) -> Streams:
    """Return streams of which a unit has no part in some; their numbers keep the gap."""
    return {
        stream: [
            event
            for event in events
            if stream not in gone_from or event.type != PartyJoined.TYPE or event.data.open["unit"] != unit
        ]
        for stream, events in streams.items()
    }


def test_each_unit_is_told_of(streams: Streams) -> None:
    assert {change.unit for change in came(streams)} == {COMMUNE, INVESTIGATION, LEAD, "hospital_h1"}


def test_of_a_sealed_case_who_keeps_sight_alone(streams: Streams) -> None:
    assert {change.unit for change in came(sealed_to(streams, COMMUNE, LEAD))} == {COMMUNE, LEAD}


@pytest.mark.parametrize(
    "unit", [COMMUNE, INVESTIGATION]
)  # the first is competent by territory, and has no name for it
def test_a_unit_that_has_no_part_in_the_case_is_not_told_of(unit: str, streams: Streams) -> None:
    assert unit not in {change.unit for change in came(without(streams, unit, *streams))}


def test_a_unit_loses_only_what_it_was_given(streams: Streams) -> None:
    reports = [stream for stream in streams if stream != CASE]
    found = [change for change in came(without(streams, INVESTIGATION, *reports)) if change.purpose == "case_work"]
    gone = {change.unit: change.disappears for change in found}
    assert gone[INVESTIGATION] < gone[COMMUNE]
