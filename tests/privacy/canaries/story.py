"""One case in which every type that an agency can state is stated, over and over, each sealed text a mark of its own.

Everybody is invited first and learns its own name of the case; what ends the case is stated last. Everything that was
answered on the way is kept, to be searched.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import JsonValue

from events.labels import Category, Person
from events.parties import Agency
from events.units import units
from infra.clock import SimulatedClock
from infra.ids import RandomIds
from infra.postgres.health import lag
from services.cli.demo.player import cases
from services.cli.demo.sights import Seat
from services.cli.desk import Desk
from tests.controls.examples import AGENCY_TYPES, example_data, example_unit
from tests.controls.worlds import COMMITTEE, HOSPITAL, HOTLINE, INVESTIGATORS, LEGAL_AID, POLICE, SCHOOL, WORKER
from tests.privacy.canaries.desks import Desks
from tests.privacy.canaries.marks import Mark, Marks
from tests.privacy.canaries.planting import plant
from tests.privacy.policy_table import State
from tests.waiting import eventually, found

Event = dict[str, JsonValue]

_BATCH = 50
_REFUSED = 2000  # more than are ever put into requests
_WITHIN_S = 300.0
_OF_THE_SECOND_REPORT = frozenset({"police", "case_manager", "coordinator", "auditor"})

# Stated once, when all else is told: statements are corrected and taken back, reports are merged, the case handed over.
ENDING = (
    "social_work.fact_corrected.v1",
    "privacy.statement_voided.v1",
    "social_work.reports_merged.v1",
    "social_work.responsibility_transferred.v1",
    "social_work.responsibility_accepted.v1",
    "social_work.report_marked_unfounded.v1",
    "social_work.case_reopened.v1",
)
TAKEN_BACK = "social_work.case_opened.v1"  # stated once, corrected and taken back with the ending
# Stated last, and each looked at by itself.
CLOSING = "social_work.case_closed.v1"
ERASING = "privacy.subject_key_destroyed.v1"
_ERASED = {(Category.CHILD_IDENTITY, "image"), (Category.CHILD_IDENTITY, "alias")}
# Stated where the case begins.
BEGINNING = (
    "social_work.report_received.v1",
    "social_work.report_forwarded.v1",
    "social_work.case_opened.v1",
    "social_work.agency_invited.v1",
    "police.report_received.v1",
    "police.report_forwarded.v1",
    "police.crime_report_transferred.v1",
)


@dataclass
class Story:
    """What is stated on one platform, and what was answered."""

    desks: Desks
    clock: SimulatedClock
    marks: Marks
    refused: Marks  # drawn ahead, for what is refused: nobody is entitled to them
    played: Marks  # of the scenarios that were played before, whose cases stand as they ended
    answers: list[bytes] = field(default_factory=list)
    sent: list[tuple[str, str, str]] = field(default_factory=list)  # unit, type, id
    references: dict[str, str] = field(default_factory=dict)  # unit -> its name of the case
    bodies: list[tuple[str, list[Event]]] = field(default_factory=list)
    state: State = "open"
    is_gone: bool = False  # nothing is left of anybody in it
    glasses: dict[str, Seat] = field(default_factory=dict)  # broken of this case -> by whom
    erased: set[str] = field(default_factory=set)  # words whose keys are destroyed: nobody may find them
    fates: dict[tuple[str, str], str] = field(default_factory=dict)  # unit, type -> what became of it

    def __post_init__(self) -> None:
        self._ids = RandomIds()
        self._unused = iter([self.refused.draw() for _ in range(_REFUSED)])
        self._publishers: dict[str, Desk] = {}
        self._readers: dict[str, Desk] = {}
        self._known: set[str] = set()

    def begin(self) -> None:
        """Report, forward, open the case and invite everybody, until each has its own name of it."""
        for unit in (WORKER, HOSPITAL, SCHOOL, POLICE, COMMITTEE, HOTLINE, INVESTIGATORS):
            self._known |= {str(row["case"]) for row in cases(self._reader(unit))}
        report, second, case = (self._ids.reference() for _ in range(3))
        received = self._said(HOTLINE, "social_work.report_received.v1", report)
        told = (WORKER, COMMITTEE, POLICE)
        self._state(
            HOTLINE,
            [
                received,
                *(self._said(HOTLINE, "social_work.report_forwarded.v1", report, to_unit=unit) for unit in told),
            ],
        )
        opened = self._said(WORKER, "social_work.case_opened.v1", case, report=self._learn(WORKER, "report"))
        invited = (HOSPITAL, SCHOOL, POLICE, COMMITTEE, HOTLINE)
        self._state(
            WORKER,
            [opened, *(self._said(WORKER, "social_work.agency_invited.v1", case, unit=unit) for unit in invited)],
        )
        self.references = {WORKER: case} | {unit: self._learn(unit, "case") for unit in invited}
        passed_on = self._said(
            POLICE, "police.crime_report_transferred.v1", self.references[POLICE], to_unit=INVESTIGATORS
        )
        again = self._said(POLICE, "police.report_received.v1", second, _OF_THE_SECOND_REPORT)
        forwarded = self._said(POLICE, "police.report_forwarded.v1", second, to_unit=WORKER)
        self._state(POLICE, [passed_on, again, forwarded])
        self.references[INVESTIGATORS] = self._learn(INVESTIGATORS, "case")

        self.second_report = self._learn(WORKER, "report")

    @property
    def id_numbers(self) -> set[str]:
        """The numbers by which a register knows the child."""
        return {mark.text for mark in self.marks.planted.values() if mark.field == "child_id_number"}

    def next_refused(self) -> str:
        """Return a word, not used before, for something that must be refused."""
        return next(self._unused)

    def one_round(self) -> None:
        """State every type once more, but those that begin or end."""
        for unit, types in self._by_unit(set(AGENCY_TYPES) - {*BEGINNING, *ENDING, CLOSING, ERASING}).items():
            self._state(unit, [self._said(unit, type_, self.references[unit]) for type_ in types])

    def end(self) -> None:
        """Correct, take back, merge and hand over; what cannot be so is refused, or waits."""
        worker = self.references[WORKER]
        first = next(id_ for unit, type_, id_ in self.sent if unit == WORKER and type_ == TAKEN_BACK)
        more: dict[str, dict[str, Any]] = {
            "social_work.fact_corrected.v1": {"corrects": first},
            "privacy.statement_voided.v1": {"voids": first},
            "social_work.reports_merged.v1": {"report": self.second_report},
        }
        self._state(WORKER, [self._said(WORKER, type_, worker, **more.get(type_, {})) for type_ in ENDING])
        self.settled()

    def close(self) -> None:
        """Close the case: who saw all of it sees of most only that it exists."""
        self._state(COMMITTEE, [self._said(COMMITTEE, CLOSING, self.references[COMMITTEE])])
        self.settled()
        assert self.fates[COMMITTEE, CLOSING] == "recorded"
        self.state = "closed"

    def erase(self) -> None:
        """Erase photos and nicknames, as somebody asked who may; nobody may find them from then on."""
        self._have_erased(_is_a_picture_or_nickname)

    def erase_wholly(self) -> None:
        """Erase all that a court may let go of everybody; but who did what, and why, stays told."""
        everybody: list[JsonValue] = [person.value for person in Person]
        wish: Event = {"authority": "court", "persons": everybody, "categories": [], "parts": []}
        self._have_erased(lambda mark: mark.category is not Category.ACCESS_LOG, **wish)
        self.is_gone = True

    def _have_erased(self, goes: Callable[[Mark], bool], **wish: JsonValue) -> None:
        self._state(WORKER, [self._said(WORKER, ERASING, self.references[WORKER], None, **wish)])
        self.settled()
        _, _, id_ = self.sent[-1]
        eventually(lambda: self.desks.is_erased(WORKER, id_), _WITHIN_S)
        self.erased |= {word for word, mark in self.marks.planted.items() if goes(mark)}

    def settled(self) -> None:
        """Wait until nothing is under way any more, and learn what became of one statement of each type and unit."""
        eventually(lambda: not any(lag(self.desks.endpoints.postgres).behind().values()), _WITHIN_S)
        for unit, type_, id_ in self.sent:
            if (unit, type_) not in self.fates:
                self.fates[unit, type_] = self._fate(unit, id_)

    def _fate(self, unit: str, id_: str) -> str:
        answer = self._publisher(unit).get("/v1/events", {"source": unit, "id": id_})
        self.answers.append(answer.content)
        return str(answer.json()["status"])

    def _by_unit(self, types: set[str]) -> Mapping[str, list[str]]:
        units: dict[str, list[str]] = {}
        for type_ in filter(types.__contains__, AGENCY_TYPES):
            unit = example_unit(type_)
            units.setdefault(WORKER if unit == LEGAL_AID else unit, []).append(type_)  # legal aid reads nothing
        return units

    def _said(
        self, unit: str, type_: str, subject: str, told_to: frozenset[str] | None = None, /, **data: JsonValue
    ) -> Event:
        return {
            "specversion": "1.0",
            "id": str(self._ids.uuid()),
            "source": unit,
            "type": type_,
            "time": self.clock.now().isoformat(),
            "subject": subject,
            "datacontenttype": "application/json",
            "data": plant(self.marks, unit, type_, example_data(type_) | data, told_to),
        }

    def _state(self, unit: str, events: list[Event]) -> None:
        for start in range(0, len(events), _BATCH):
            batch = events[start : start + _BATCH]
            answer = self._publisher(unit).publish_batch([*batch])
            self.answers.append(answer.content)
            assert {row["status"] for row in answer.json()} <= {200, 202}, answer.text
            self.bodies.append((unit, batch))
            self.sent += [(unit, str(one["type"]), str(one["id"])) for one in batch]

    def _learn(self, unit: str, kind: str) -> str:
        def name() -> str | None:
            rows = [str(row["case"]) for row in cases(self._reader(unit)) if row["kind"] == kind]
            return next((row for row in rows if row not in self._known), None)

        learnt = found(name, _WITHIN_S)
        self._known.add(learnt)
        return learnt

    def _reader(self, unit: str) -> Desk:
        if unit not in self._readers:
            self._readers[unit] = self.desks.reader(unit)
        return self._readers[unit]

    def _publisher(self, unit: str) -> Desk:
        if unit not in self._publishers:
            self._publishers[unit] = self.desks.publisher(unit)
        return self._publishers[unit]


def _is_a_picture_or_nickname(mark: Mark) -> bool:
    """Say whether a mark is of what was to be erased, and no law keeps it: what the police hold may be evidence."""
    lets_go = units()[mark.unit].agency is not Agency.POLICE
    return lets_go and mark.person is Person.CHILD and (mark.category, mark.part) in _ERASED
