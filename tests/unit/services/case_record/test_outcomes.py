import json
from datetime import UTC, datetime

from events.parties import Agency
from infra.postgres.case_batch import InboxRow
from services.case_record.outcomes import Outcome, outcome_of

MOMENT = datetime(2026, 4, 6, 14, 10, tzinfo=UTC)
ROW = InboxRow("hotline_111", "event-1", "social_work", "R-101", 1, "recorded", None, None, 1, MOMENT)


def test_a_door_is_told_by_its_own_reference() -> None:
    assert json.loads(outcome_of(ROW).value) == {
        "source": "hotline_111",
        "id": "event-1",
        "status": "recorded",
        "reason": None,
        "reference": "R-101",
        "recorded_at": "2026-04-06T14:10:00+00:00",
    }


def test_a_refusal_names_no_reference() -> None:
    rejected = InboxRow(
        "hotline_111", "event-1", "social_work", "R-101", 1, "rejected", "no_authority", None, None, MOMENT
    )
    told = json.loads(outcome_of(rejected).value)
    assert (told["status"], told["reason"], told["reference"]) == ("rejected", "no_authority", None)


def test_every_outcome_of_a_message_has_the_same_opaque_key() -> None:
    waiting = Outcome(Agency.SOCIAL_WORK, "hotline_111", "event-1", "waiting", "unknown_reference")
    assert waiting.key == outcome_of(ROW).key
    assert len(waiting.key) == 64
    assert b"hotline" not in waiting.key


def test_a_dead_letter_holds_ids_and_a_reason() -> None:
    dead = Outcome(Agency.POLICE, None, None, "rejected", "unreadable", dead=True)
    assert json.loads(dead.dead_letter) == {"source": None, "id": None, "reason": "unreadable"}
