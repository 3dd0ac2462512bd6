"""Anything agencies may state, in any order, late, twice, wrongly, while parts die: the register equals the model."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime, timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from events.parties import Agency
from infra.postgres.case_batch import Batch
from infra.postgres.faults import Conflict, DatabaseUnreachableError
from services.case_record.messages import Message
from tests.fakes.memory_case_store import MemoryCaseStore
from tests.property.life_cycle.account import Told
from tests.property.life_cycle.comparing import Comparing
from tests.property.life_cycle.statements import JOINING, OUTCOMES, POLICE, SOCIAL, STATED_ONLY, speakers
from tests.property.life_cycle.town import OPENING, Stores, Town

PICK = st.integers(0, 40)
MINUTES = st.integers(0, 22 * 24 * 60)
FATE = st.sampled_from(["sent", "sent", "sent", "sent", "held", "twice"])
_UNKNOWN_TO_ITS_UNIT = 9  # of ten statements, one speaks of what its unit does not know yet
_VIEWS_EVERY = 10  # steps
_REPORTING = (*SOCIAL, *POLICE)
_OTHER_DOOR = Agency.HEALTH


class LifeCycle(RuleBasedStateMachine):
    """Each rule is what a unit may state or what may befall the system; after each, everything is compared."""

    runs: ClassVar[int] = 0
    steps: ClassVar[int] = 0
    statements: ClassVar[int] = 0
    events: ClassVar[int] = 0
    open_stores: ClassVar[Callable[[], AbstractContextManager[Stores]]]

    def __init__(self) -> None:
        super().__init__()
        self.ending = ExitStack()
        self.stores = self.ending.enter_context(type(self).open_stores())
        self.town = Town(self.stores)
        self.comparing = Comparing(self.town)
        self.numbers: Counter[tuple[str, str]] = Counter()
        self.held: list[Message] = []
        self.ids = 0

    def teardown(self) -> None:
        try:
            if not self.comparing.differs:
                self._finish()
        finally:
            self.ending.close()

    def _finish(self) -> None:
        self.town.send(*self.held)
        self.comparing.settle()
        self.comparing.views()
        self.comparing.whole_register()
        LifeCycle.runs += 1
        LifeCycle.events += self.town.seen
        LifeCycle.statements += len(self.comparing.model.decided)

    @invariant()
    def equals_the_model(self) -> None:
        LifeCycle.steps += 1
        self.comparing.settle()
        if LifeCycle.steps % _VIEWS_EVERY == 0:
            self.comparing.views(whole=LifeCycle.steps % 3 > 0)

    # --- what opens ------------------------------------------------------------------------------------------

    @initialize(minutes=MINUTES)
    def somebody_reports(self, minutes: int) -> None:
        self.receive_report(0, minutes, 0, "sent")

    @rule(pick=PICK, minutes=MINUTES, before=st.integers(0, 3000), fate=FATE)
    def receive_report(self, pick: int, minutes: int, before: int, fate: str) -> None:
        unit, reference = _REPORTING[pick % len(_REPORTING)], f"R-{pick % 7}"
        received_at = _at(minutes) - timedelta(minutes=before)
        self._state("report_received", unit, reference, _at(minutes), fate, received_at=received_at)

    @rule(pick=PICK, minutes=MINUTES, fate=FATE)
    def open_case(self, pick: int, minutes: int, fate: str) -> None:
        unit, report = self._about("case_opened", pick)
        reference = report if pick % 11 == 0 else f"C-{pick % 5}"
        self._state("case_opened", unit, reference, _at(minutes), fate, report=report)

    # --- what is said of it ----------------------------------------------------------------------------------

    @rule(pick=PICK, minutes=MINUTES, unit=JOINING, fate=FATE)
    def forward(self, pick: int, minutes: int, unit: str, fate: str) -> None:
        self._say("report_forwarded", pick, minutes, fate, to_unit=unit)

    @rule(pick=PICK, minutes=MINUTES, unit=JOINING, fate=FATE)
    def invite(self, pick: int, minutes: int, unit: str, fate: str) -> None:
        self._say("agency_invited", pick, minutes, fate, unit=unit)

    @rule(pick=PICK, other=PICK, minutes=MINUTES, sure=st.booleans(), fate=FATE)
    def merge(self, pick: int, other: int, minutes: int, sure: bool, fate: str) -> None:
        unit, _ = about = self._about("reports_merged", pick)
        mine = sorted(reference for holder, reference in self.comparing.model.names if holder == unit)
        report = mine[other % len(mine)] if mine else "R-6"
        self._state("reports_merged", *about, _at(minutes), fate, report=report, confirmed_by_person=sure)

    @rule(pick=PICK, which=PICK, minutes=MINUTES, fate=FATE)
    def correct(self, pick: int, which: int, minutes: int, fate: str) -> None:
        unit, _ = about = self._about("fact_corrected", pick)
        own = [told.id for told in self.comparing.sent.values() if told.unit == unit]
        corrects = own[which % len(own)] if own and which % 5 else "never-said"
        self._state("fact_corrected", *about, _at(minutes), fate, corrects=corrects)

    @rule(pick=PICK, minutes=MINUTES, emergency=st.booleans(), fate=FATE)
    def assess_risk(self, pick: int, minutes: int, emergency: bool, fate: str) -> None:
        self._say("initial_risk_assessed", pick, minutes, fate, emergency=emergency)

    @rule(pick=PICK, minutes=MINUTES, days=st.integers(1, 20), fate=FATE)
    def separate(self, pick: int, minutes: int, days: int, fate: str) -> None:
        until = _at(minutes) + timedelta(days=days)
        self._say("temporary_separation_ordered", pick, minutes, fate, until=until)

    @rule(pick=PICK, minutes=MINUTES, unit=JOINING, referred=st.booleans(), fate=FATE)
    def assign(self, pick: int, minutes: int, unit: str, referred: bool, fate: str) -> None:
        if referred:
            self._say("service_referred", pick, minutes, fate, unit=unit)
        else:
            self._say("plan_task_assigned", pick, minutes, fate, unit=unit, due_at=_at(minutes) + timedelta(days=9))

    @rule(pick=PICK, which=PICK, minutes=MINUTES, kind=st.sampled_from(["service_accepted", "service_delivered"]))
    def progress(self, pick: int, which: int, minutes: int, kind: str) -> None:
        given = sorted(self.comparing.tasks)
        self._say(kind, pick, minutes, "sent", task_of=given[which % len(given)] if given else "nobody")

    @rule(pick=PICK, minutes=MINUTES, unit=JOINING, fate=FATE)
    def transfer(self, pick: int, minutes: int, unit: str, fate: str) -> None:
        self._say("crime_report_transferred", pick, minutes, fate, to_unit=unit)

    @rule(pick=PICK, minutes=MINUTES, outcome=OUTCOMES, fate=FATE)
    def resolve(self, pick: int, minutes: int, outcome: str, fate: str) -> None:
        self._say("crime_report_resolved", pick, minutes, fate, outcome=outcome)

    @rule(kind=st.sampled_from(STATED_ONLY), pick=PICK, minutes=MINUTES, fate=FATE)
    def state(self, kind: str, pick: int, minutes: int, fate: str) -> None:
        self._say(kind, pick, minutes, fate)

    # --- what must not be recorded ---------------------------------------------------------------------------

    @rule(wrong=st.sampled_from(["unknown_type", "broken_schema", "no_authority"]), pick=PICK, fate=FATE)
    def state_wrongly(self, wrong: str, pick: int, fate: str) -> None:
        kind = "interview_held" if wrong == "no_authority" else "carer_reassessed"
        unit, reference = self._about("carer_reassessed", pick)
        self._state(kind, unit, reference, OPENING, fate, wrong=wrong)

    @rule(pick=PICK)
    def another_door_forges(self, pick: int) -> None:
        unit, reference = self._about("interview_held", pick)
        letter = self.town.letter("police.interview_held", Told(unit, "forged", reference, 1, "", OPENING), {})
        self.town.forge(Message(_OTHER_DOOR, letter.raw))

    # --- what befalls the system -----------------------------------------------------------------------------

    @rule(which=PICK)
    def what_was_held_comes(self, which: int) -> None:
        if self.held:
            self.town.send(self.held.pop(which % len(self.held)))

    @rule(which=PICK, several=st.integers(1, 5))
    def it_comes_again(self, which: int, several: int) -> None:
        if self.town.sent:
            start = which % len(self.town.sent)
            self.town.send(*reversed(self.town.sent[start : start + several]))

    @rule()
    def the_case_record_dies(self) -> None:
        self.town.start_anew()

    @rule()
    def the_broker_loses_everything(self) -> None:
        self.town.broker_reborn()

    @rule()
    def patience_ends(self) -> None:
        self.comparing.impatient = True
        self.town.patience_ends()

    @rule(lost=st.booleans())
    def the_next_commit_fails(self, lost: bool) -> None:
        if isinstance(self.stores.store, MemoryCaseStore):
            _fail_once(self.stores.store, reply_lost=lost)

    # ---------------------------------------------------------------------------------------------------------

    def _about(self, kind: str, pick: int) -> tuple[str, str]:
        """Choose who speaks, and of what: mostly of something its unit knows."""
        units = sorted({unit for _, unit in speakers(kind)})
        known = sorted((unit, name) for unit, name in self.comparing.model.names if unit in units)
        if not known or pick % 10 == _UNKNOWN_TO_ITS_UNIT:
            return units[pick % len(units)], f"R-{pick % 7}"
        return known[pick % len(known)]

    def _say(self, kind: str, pick: int, minutes: int, fate: str, /, **data: Any) -> None:
        self._state(kind, *self._about(kind, pick), _at(minutes), fate, **data)

    def _state(self, kind: str, unit: str, reference: str, at: datetime, fate: str, /, **data: Any) -> None:
        wrong = data.pop("wrong", None)
        self.ids += 1
        self.numbers[unit, reference] += 1
        told = Told(unit, f"s-{self.ids}", reference, self.numbers[unit, reference], kind, at, data, wrong)
        vocabulary = next((found for found, speaker in speakers(kind) if speaker == unit), "police")
        letter = self.town.letter(f"{vocabulary}.{kind}", told, self.comparing.tasks)
        self.comparing.sent[told.key] = told
        if fate == "held":
            self.held.append(letter)
        else:
            self.town.send(*([letter] * (2 if fate == "twice" else 1)))


def _at(minutes: int) -> datetime:
    return OPENING + timedelta(minutes=minutes)


def _fail_once(store: MemoryCaseStore, *, reply_lost: bool) -> None:
    """Let the next append fail: nothing was written, or all of it was and nobody is told."""

    def fail(_: Batch) -> None:
        store.before = store.after = lambda _: None
        raise DatabaseUnreachableError("cut") if reply_lost else Conflict("raced")

    if reply_lost:
        store.after = fail
    else:
        store.before = fail
