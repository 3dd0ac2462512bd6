"""Read the register as plain JSON and hold it against the model, event by event."""

import json
from collections import defaultdict
from typing import Any
from uuid import UUID

from events.chain import GENESIS, Link, first_break, link
from events.codec import from_bytes
from events.envelope import RecordedEvent
from infra.postgres.case_batch import InboxRow, StoredEvent
from projections.rebuild import rebuild
from projections.views import VIEWS
from tests.property.life_cycle.account import Told
from tests.property.life_cycle.facts import Facts, note
from tests.property.life_cycle.model import Model
from tests.property.life_cycle.town import Town

_EXPIRED = {"unknown_reference", "earlier_missing"}


class Comparing:
    """What was stated, what the model makes of it, and what the register says."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.model = Model()
        self.sent: dict[tuple[str, str], Told] = {}  # also what is held back
        self.tasks: dict[str, str] = {}  # by the statement that gave it
        self.impatient = False
        self.differs = False
        self._read: dict[UUID, Facts] = {}
        self._kept: defaultdict[UUID, list[StoredEvent]] = defaultdict(list)
        self._unlooked: set[UUID] = set()

    def settle(self) -> None:
        """Take in what was recorded and refused since the last step, in its order; everything must agree."""
        self.differs = True
        keys = [key for key in self.sent if key not in self.model.decided]
        rows = self.town.stores.store.inbox(keys)
        refused = [row for row in rows.values() if row.status == "rejected"]
        changed: set[UUID] = set()
        for item in self.town.recorded():
            recorded = json.loads(item.event.recorded)
            self._keep(item.event, recorded)
            if recorded["source"] != "case_record":
                told = self.sent[recorded["source"], recorded["id"]]
                self._refuse_before(told, refused)
                self.model.record(told, item.event.stream)
            self._learn(item.event.stream, recorded)
            changed.add(item.event.stream)
        self._refuse_before(None, refused)
        assert not refused, "refused, and the model does not see why"
        for stream in changed:
            assert self._read[stream] == self.model.sheets[stream].facts
        self._check_waiting()
        self._check_laws(changed)
        self._unlooked |= changed
        self.differs = self.impatient = False

    def views(self, *, whole: bool = True) -> None:
        """Every audience's rows of what changed are what a fold from nothing makes."""
        self.town.project(whole=whole)
        for stream in self._unlooked:
            events = [from_bytes(RecordedEvent, one.recorded) for one in self._kept[stream]]
            for audience in VIEWS:
                made = rebuild(audience, events, self.town.agreement)
                assert self.town.stores.reads.of(audience, stream) == made, (audience, stream)
        self._unlooked.clear()

    def whole_register(self) -> None:
        """Nothing that was ever recorded has changed since, and every chain holds."""
        assert self.town.stores.store.load(list(self._kept)) == self._kept
        for kept in self._kept.values():
            assert first_break([Link(one.stream, one.version, one.recorded, one.digest) for one in kept]) is None

    def _keep(self, event: StoredEvent, recorded: dict[str, Any]) -> None:
        """Versions have no gaps, the chain goes on, and time recorded never runs back."""
        kept = self._kept[event.stream]
        assert (event.version, recorded["sequence"]) == (len(kept) + 1, len(kept) + 1)
        previous = kept[-1].digest if kept else GENESIS
        assert event.digest == link(previous, event.stream, event.version, event.recorded)
        assert not kept or json.loads(kept[-1].recorded)["recordedtime"] <= recorded["recordedtime"]
        kept.append(event)

    def _learn(self, stream: UUID, recorded: dict[str, Any]) -> None:
        facts = self._read.setdefault(stream, Facts(self.model.sheets[stream].facts.kind))
        note(facts, recorded)
        data = recorded["data"]["open"]
        if recorded["type"] == "case.party_joined.v1" and data["reference"]:
            self.model.name(data["unit"] or data["audience"], data["reference"], stream)
        if recorded["type"] == "case.task_assigned.v1":
            self.tasks[recorded["causationid"]] = data["task"]

    def _refuse_before(self, next_one: Told | None, refused: list[InboxRow]) -> None:
        """Let the model refuse what had to be refused before a statement could have its turn."""
        while next_one is None or not self.model.in_turn(next_one, self._waiting()):
            row = next((row for row in refused if self._rightly(row)), None)
            if row is None:
                assert next_one is None, "recorded before its turn"
                return
            refused.remove(row)
            self.model.refuse(self.sent[row.source, row.id])

    def _rightly(self, row: InboxRow) -> bool:
        told = self.sent[row.source, row.id]
        in_turn = self.model.in_turn(told, self._waiting())
        if row.reason in _EXPIRED:
            return self.impatient and not in_turn
        return in_turn and told.wrong == row.reason

    def _waiting(self) -> set[tuple[str, str, int]]:
        undecided = (self.sent[key] for key in self.town.arrived - self.model.decided.keys())
        return {(told.unit, told.reference, told.number) for told in undecided}

    def _check_waiting(self) -> None:
        """Whatever reached the case record is decided on, or waits for something that has not come."""
        store = self.town.stores.store
        waiting = {(row.source, row.id) for row in store.waiting(store.all_waiting_keys())}
        assert waiting == self.town.arrived - self.model.decided.keys()
        numbers = self._waiting()
        assert [key for key in waiting if self.model.in_turn(self.sent[key], numbers)] == []

    def _check_laws(self, changed: set[UUID]) -> None:
        for stream in changed:
            sheet = self.model.sheets[stream]
            if sheet.facts.kind == "case":
                receipts = [report.facts.received_at for report in sheet.reports if report.facts.received_at]
                assert len(self._read[stream].leads) == 1
                assert self._read[stream].clocks["emergency_12h"].starts_at == min(receipts)
        holders: dict[str, set[str]] = defaultdict(set)
        for holder, reference in self.model.names:
            holders[reference].add(holder)
        drawn = {reference for reference in holders if not reference.startswith(("R-", "C-"))}
        assert all(len(holders[reference]) == 1 for reference in drawn), "two holders share a name"
