"""Given what was stated, when something is stated, then this follows from it: the rules alone, without a store."""

from dataclasses import dataclass, field
from typing import Any

from events.case import PartyJoined, TaskAssigned
from events.event import Event
from events.parties import Agency
from infra.working_days import VietnameseWorkingDays
from services.case_record.domain import case, report
from services.case_record.domain.authority import may_state
from services.case_record.domain.case import Case
from services.case_record.domain.commands import OpenCase, OpenReport
from services.case_record.domain.decide import Decision, decide
from services.case_record.domain.dossier import Dossier
from services.case_record.domain.matter import Matter
from services.case_record.domain.refusals import NoAuthority
from services.case_record.domain.report import Report
from services.case_record.domain.streams import CASE_RECORD, Happened, Placed, Stream
from services.case_record.messages import references_of
from services.case_record.translate import Accepted, Refused, Unattributed, translate
from tests.controls.statements import States, message, sealed

SEED = "5eed" * 8
OPENING = {
    "social_work.report_received.v1",
    "police.report_received.v1",
    "education.concern_raised.v1",
    "health.concern_raised.v1",
}
WORKING_DAYS = VietnameseWorkingDays()


@dataclass(frozen=True)
class Joined:
    """A party joined; what it was called is chance, whether it was given a name is not."""

    holder: str
    because: str
    named: bool = True


@dataclass
class Story:
    """What was stated so far and what is so because of it; `on` leads from a first name to its stream."""

    members: dict[Stream, Report | Case] = field(default_factory=dict)
    names: dict[tuple[str, str], Stream] = field(default_factory=dict)
    on: dict[str, Stream] = field(default_factory=dict)
    task: str = "no-task"

    def reference(self, unit: str, first_name: str) -> str:
        """Return the unit's own name for what was first called otherwise; one that leads nowhere if it has none."""
        if (unit, first_name) in self.names or first_name not in self.on:
            return first_name  # its own name, or a new one
        own = (name for (holder, name), stream in self.names.items() if (holder, stream) == (unit, self.on[first_name]))
        return next(own, "0NAME0NOWHERE")

    def fill(self, unit: str, value: Any) -> Any:
        if isinstance(value, str) and value.startswith("@ref:"):
            return self.reference(unit, value.removeprefix("@ref:"))
        return self.task if value == "@task" else value

    def dossier(self, key: tuple[str, str] | None) -> Dossier | None:
        named = self.names.get(key) if key else None
        if named is None:
            return None
        state = self.members[named]
        if isinstance(state, Report) and state.case is not None:
            state = self.members[Stream("case", state.case)]
        if isinstance(state, Report):
            return Dossier(named, reports=(state,))
        found = (self.members[Stream("report", one)] for one in state.reports)
        return Dossier(named, state, tuple(one for one in found if isinstance(one, Report)))

    def hear(self, told: States, door: Agency | None = None) -> "Heard":
        name = told.about if told.type in OPENING else self.reference(told.by, told.about)
        statement = sealed(told, name, fill=lambda value: self.fill(told.by, value))
        said = message(statement, door)
        understood = translate(said.agency, said.raw)
        if not isinstance(understood, Accepted):
            return Heard(self, refused=understood)
        own, other = references_of(understood)
        here, there = self.dossier(own), self.dossier(other)
        begins = isinstance(understood.command, OpenReport | OpenCase)
        if (here is None and not begins) or (there is None and other is not None):
            return Heard(self, waits=True)
        if not may_state(understood.command, here):
            return Heard(self, refused=Refused(understood.heading, NoAuthority()))
        decision = decide(understood.command, Matter(here, there, SEED, WORKING_DAYS))
        self._happen(told, understood.event, decision)
        return Heard(self, decision=decision)

    def _happen(self, told: States, event: Event, decision: Decision) -> None:
        self._evolve(decision.stream, Happened(told.by, told.id, told.at, event))
        for place, placed in enumerate(decision.placed):
            self._evolve(placed.stream, Happened(CASE_RECORD, f"{told.id}/{place}", told.at, placed.event))
            if isinstance(placed.event, TaskAssigned):
                self.task = placed.event.task
        self.names |= {(name.holder, name.reference): name.stream for name in decision.names}
        self.on.setdefault(told.about, decision.stream)

    def _evolve(self, stream: Stream, happened: Happened) -> None:
        state = self.members.get(stream) or (Report(stream) if stream.kind == "report" else Case(stream))
        self.members[stream] = (
            case.evolve(state, happened) if isinstance(state, Case) else report.evolve(state, happened)
        )


@dataclass(frozen=True)
class Heard:
    """What came of the last statement."""

    story: Story
    decision: Decision | None = None
    refused: Refused | Unattributed | None = None
    waits: bool = False

    def then(self, *expected: Event | Joined) -> "Heard":
        """Exactly this follows, in this order, in whatever streams."""
        assert [_told(placed) for placed in self._placed()] == list(expected)
        return self

    def then_on(self, first_name: str, *expected: Event | Joined) -> "Heard":
        """Exactly this follows in one stream."""
        stream = self.story.on[first_name]
        assert [_told(placed) for placed in self._placed() if placed.stream == stream] == list(expected)
        return self

    def nothing(self) -> "Heard":
        """The statement is recorded, and nothing follows from it."""
        return self.then()

    def refuses(self, rule: type) -> None:
        """The statement is not recorded, by this rule."""
        assert self.refused is not None
        assert isinstance(self.refused.refusal, rule)

    def waits_for_its_reference(self) -> None:
        """The statement is put aside until its reference is known."""
        assert self.waits

    def recorded_on(self, first_name: str) -> "Heard":
        """The statement itself stands in this stream."""
        assert self.decision is not None
        assert self.decision.stream == self.story.on[first_name]
        return self

    def _placed(self) -> tuple[Placed, ...]:
        assert self.decision is not None, "the statement was not recorded"
        return self.decision.placed


@dataclass(frozen=True)
class Given:
    """A story up to here."""

    story: Story

    def when(self, told: States, door: Agency | None = None) -> Heard:
        return self.story.hear(told, door)


def given(*told: States) -> Given:
    """Return the story in which this was stated; every part of it must be recorded."""
    story = Story()
    for one in told:
        assert story.hear(one).decision is not None, one.type
    return Given(story)


def _told(placed: Placed) -> Event | Joined:
    event = placed.event
    if isinstance(event, PartyJoined):
        return Joined(event.unit or event.audience.value, event.because, event.reference is not None)
    return event
