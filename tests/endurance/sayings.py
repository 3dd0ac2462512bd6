"""What the five units of a load say: valid events, each chain in the order in which its unit would state it."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from events.likeness import names_child
from events.parties import Agency, Audience
from events.registry import event_class
from tests.controls.examples import submitted
from tests.controls.worlds import COMMITTEE, HOSPITAL, HOTLINE, POLICE, SCHOOL, WORKER

AGENCY_OF = {
    HOTLINE: Agency.SOCIAL_WORK,
    WORKER: Agency.SOCIAL_WORK,
    POLICE: Agency.POLICE,
    HOSPITAL: Agency.HEALTH,
    SCHOOL: Agency.EDUCATION,
}


@dataclass(frozen=True)
class Saying:
    """One event as its unit's system sends it, the same bytes however often."""

    unit: str
    id: str
    type: str
    body: bytes

    @property
    def key(self) -> tuple[str, str]:
        return self.unit, self.id


@dataclass(frozen=True)
class Follower:
    """A unit that goes on with what it finds in its own list of cases."""

    unit: str
    audience: Audience
    kind: str
    chain: "Callable[[Speaker, str], list[Saying]]"


class Speaker:
    """Draws ids and references of one run; the same seed draws the same."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._numbers = count(1)
        self.drawn = random.Random(seed)  # noqa: S311 - a seed that can be told and used again

    def say(self, unit: str, type_: str, reference: str, /, **data: str) -> Saying:
        id_ = f"load-{self._seed}-{next(self._numbers)}"
        now = datetime.now(UTC)  # noqa: TID251 - a publisher's own clock
        if names_child(event_class(f"{type_}.v1")):  # each another child, or all would seem to be of one
            data = {"child_name": f"TRE-EM {reference}", **data}
        event = submitted(f"{type_}.v1", id=id_, source=unit, subject=reference, time=now, data=data)
        return Saying(unit, id_, event.type, event.model_dump_json(exclude_none=True).encode())

    def reference(self) -> str:
        return f"S{self._seed}-{next(self._numbers)}"

    def story(self) -> list[Saying]:
        """Draw what begins by itself: a call to the hotline, the police's own report, a worker's own case."""
        return self.drawn.choice((self._call, self._police_report, self._own_case))()

    def _call(self) -> list[Saying]:
        name = self.reference()
        receivers = self.drawn.sample((WORKER, POLICE, COMMITTEE), k=self.drawn.randint(1, 3))
        forwarded = [self.say(HOTLINE, "social_work.report_forwarded", name, to_unit=unit) for unit in receivers]
        return [self.say(HOTLINE, "social_work.report_received", name), *forwarded]

    def _police_report(self) -> list[Saying]:
        name = self.reference()
        types = ("report_received", "scene_attended", "immediate_danger_stopped")
        return [self.say(POLICE, f"police.{type_}", name) for type_ in types]

    def _own_case(self) -> list[Saying]:
        name = self.reference()
        return [self.say(WORKER, "social_work.report_received", name), *case_of(self, name)]


def case_of(speaker: Speaker, report: str) -> list[Saying]:
    """Return how a worker opens a case on a report and works on it."""
    name = speaker.reference()
    invited = speaker.drawn.sample((HOSPITAL, SCHOOL), k=speaker.drawn.randint(1, 2))
    work = ("initial_risk_assessed", "needs_assessed", "plan_drafted")
    return [
        speaker.say(WORKER, "social_work.case_opened", name, report=report),
        *(speaker.say(WORKER, "social_work.agency_invited", name, unit=unit) for unit in invited),
        *(speaker.say(WORKER, f"social_work.{type_}", name) for type_ in work[: speaker.drawn.randint(1, 3)]),
    ]


def _seen_by_police(speaker: Speaker, name: str) -> list[Saying]:
    return [speaker.say(POLICE, "police.scene_attended", name)]


def _treated(speaker: Speaker, name: str) -> list[Saying]:
    types = ("emergency_care_provided", "medical_exam_completed")
    return [speaker.say(HOSPITAL, f"health.{type_}", name) for type_ in types]


def _at_school(speaker: Speaker, name: str) -> list[Saying]:
    return [speaker.say(SCHOOL, "education.attendance_noted", name) for _ in range(speaker.drawn.randint(1, 2))]


def followers() -> Iterator[Follower]:
    """Yield who goes on with what others began."""
    yield Follower(WORKER, Audience.CASE_MANAGER, "report", case_of)
    yield Follower(POLICE, Audience.POLICE, "report", _seen_by_police)
    yield Follower(HOSPITAL, Audience.HEALTH, "case", _treated)
    yield Follower(SCHOOL, Audience.EDUCATION, "case", _at_school)
