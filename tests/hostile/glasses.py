"""Who would break a glass, read under one or review one when that may not be: what was before it, and what is sent."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import psycopg

from events.parties import Agency, Audience
from infra.embedded.databases import Databases
from infra.postgres.roles import OWNER
from tests.controls.bad_input import CLOCK, UNIT
from tests.fixtures.doors import ASpeaker
from tests.hostile.hostile import Hostile
from tests.hostile.wire import Headers

# Readers of their own: what somebody broke before is asked of the person.
SPENT, SUSPENDED, READING = "who read for twelve hours", "who owes a review", "who reads too early"
BREAKERS = {person: ASpeaker(Agency.POLICE, UNIT, Audience.POLICE) for person in (SPENT, SUSPENDED, READING)}

_NAMED = "HOSTILE"  # what the hospital calls a case
_STANDING, _REVIEWED, _UNSEEN = UUID(int=8), UUID(int=9), UUID(int=10)
_EMERGENCY: Headers = (("X-Purpose", "emergency"), ("Content-Type", "application/json"))
_WORK: Headers = (("X-Purpose", "case_work"), ("Content-Type", "application/json"))
_COORDINATION: Headers = (("X-Purpose", "coordination"), ("Content-Type", "application/json"))
_OUTCOME = b'{"outcome": "justified"}'
_ASKED = b'{"unit": "hospital_h1", "reference": "%b", "reason": "danger_to_life", "explanation": "A"}' % _NAMED.encode()

_NAME = """\
insert into case_record.reference_index (holder, reference, stream, kind)
select 'hospital_h1', %s, f.stream, 'case' from view_auditor.case_files as f where f.kind = 'case' returning stream"""
_BROKEN = """\
insert into glass.attempts
  (id, at, audience, unit, person, answer, stream, kind, lead_unit, reason, explanation, until, review_due_at)
select %(id)s, began.at, 'police', %(unit)s, %(person)s, 'broken', %(stream)s, 'case', 'child_protection_00340',
  'danger_to_life', '{}', began.at + interval '1 hour', began.at + interval '72 hours'
from (select %(now)s::timestamptz - %(hours_ago)s * interval '1 hour' as at) as began"""
_REVIEW = """\
insert into glass.reviews (id, breaking, at, audience, unit, person, outcome)
select gen_random_uuid(), id, review_due_at, 'coordinator', 'coordination_01', 'development', 'justified'
from glass.attempts where person = %s or id = %s"""


def break_before(databases: Databases) -> None:
    """Write what the inputs below come after: glasses that stand, were reviewed, were not, and twelve hours of them."""
    with psycopg.connect(databases.main(OWNER)) as owner:
        [[case]] = owner.execute(_NAME, [_NAMED]).fetchall()
        earlier = [
            (_STANDING, UNIT, READING, UUID(int=11), 0.5),  # of a case that no view holds yet
            (_REVIEWED, "investigation_police_01", "other", case, 2.0),
            (_UNSEEN, UNIT, SUSPENDED, case, 100.0),
            *((UUID(int=100 + hour), UNIT, SPENT, case, float(hour)) for hour in range(1, 13)),
        ]
        for id_, unit, person, stream, hours_ago in earlier:
            told = {"id": id_, "unit": unit, "person": person, "stream": stream, "hours_ago": hours_ago, "now": CLOCK}
            owner.execute(_BROKEN, told)
        owner.execute(_REVIEW, [SPENT, _REVIEWED])


def glasses() -> Iterator[Hostile]:
    yield _breaking("a glass after twelve hours of them", "glass_spent", SPENT)
    yield _breaking("a glass while a review is overdue", "glass_suspended", SUSPENDED)
    yield Hostile(
        "glass",
        "a read before the view holds the case",
        503,
        "glass_not_shown_yet",
        speaker=READING,
        method="GET",
        path=f"/v1/break-glass/{_STANDING}",
        headers=_EMERGENCY[:1],
    )
    yield replace(_review("a review of one's own unit's glass", "own_glass", 403, _STANDING), speaker="reader")
    yield replace(
        _review("a second review", "reviewed_before", 409, _REVIEWED), door="coordination", headers=_COORDINATION
    )


def _breaking(name: str, problem: str, speaker: str) -> Hostile:
    return Hostile(
        "glass", name, 403, problem, speaker=speaker, path="/v1/break-glass", headers=_EMERGENCY, body=_ASKED
    )


def _review(name: str, problem: str, status: int, glass: UUID) -> Hostile:
    path = f"/v1/break-glass/{glass}/review"
    return Hostile("glass", name, status, problem, speaker="coordinator", path=path, headers=_WORK, body=_OUTCOME)
