"""Take messages from the doors, decide on them all, write everything at once, and say what became of each.

A message that cannot be recorded holds up nobody: when a batch fails its messages are tried one by one, and
one that fails alone is noted as rejected.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from events.parties import Agency
from infra.clock import Clock
from infra.ids import Ids
from infra.postgres.case_batch import Batch, InboxRow, Key, Position, WaitingRow
from infra.postgres.faults import Conflict, DatabaseUnreachableError
from services.case_record.comparing import Comparing
from services.case_record.domain.authority import may_state
from services.case_record.domain.clocks import WorkingDays
from services.case_record.domain.decide import decide
from services.case_record.domain.refusals import Fault, NoAuthority
from services.case_record.glass_notes import GlassNotes
from services.case_record.matters import matter_of
from services.case_record.messages import Message, Read, asked_for, put_aside, read
from services.case_record.outcomes import Outcome, outcome_of
from services.case_record.ports import CaseStore
from services.case_record.precedence import Missing, missing
from services.case_record.shelf import Heads
from services.case_record.sitting import Moment, Sitting
from services.case_record.translate import Accepted, Heading, Refused, Unattributed

PATIENCE = timedelta(days=7)
_ATTEMPTS = 4
_HEADS_KEPT = 5_000

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class World:
    """What is handed in from outside: the time, chance, and the calendar."""

    clock: Clock
    ids: Ids
    working_days: WorkingDays


class CaseRecord:
    """Turns messages into history; one at a time may work on a store.

    `moved` is called for each message that it has decided on or is about to.
    """

    def __init__(
        self, store: CaseStore, world: World, patience: timedelta = PATIENCE, moved: Callable[[], None] = lambda: None
    ) -> None:
        self._store = store
        self._world = world
        self._patience = patience
        self._moved = moved
        self._heads = Heads(store, _HEADS_KEPT)
        self._awaited: set[Key] | None = None  # None: to be asked for
        self._untold: dict[Key, None] = {}
        self._reply_lost = False
        self._glasses = GlassNotes(store, self._heads, self._sit)
        self._comparing = Comparing(store, self._heads, world.ids, self._sit)

    def handle(self, messages: Sequence[Message], positions: Sequence[Position] = ()) -> list[Outcome]:
        """Record a batch and how far was read, and return what became of each of its messages.

        Also answered: what had waited and was decided on because of them.

        Raises:
            DatabaseUnreachableError: if the store stays away.
            Conflict: if not even a refusal can be noted, because somebody else writes to the same store.
        """
        outcomes = self._handle([read(message) for message in messages], positions)
        if self._reply_lost:
            self._reply_lost = False
            outcomes += self.retry()  # that commit may have decided on what waited, and nobody was told
        return _each_once(outcomes)

    def _handle(self, several: Sequence[Read], positions: Sequence[Position]) -> list[Outcome]:
        for _ in range(_ATTEMPTS):
            try:
                return self._together(several, positions)
            except Conflict:
                self._forget()  # somebody was first: read again and decide again
            except DatabaseUnreachableError:
                self._forget()  # the commit may have taken place: the inbox knows
            except Exception:  # noqa: BLE001 - whose fault it is shows when each is tried alone
                self._forget()
                break
        return self._one_by_one(several, positions)

    def told(self) -> None:
        """Release what waited and was decided on; to be called when the outcomes have reached their doors.

        Should the process end before, they are told again after the next start: a door does not ask after a
        message that waits.

        Raises:
            DatabaseUnreachableError: if the store stays away.
        """
        if self._untold:
            self._store.append(Batch(released=tuple(self._untold)))
            self._untold.clear()
            self._awaited = None

    def retry(self) -> list[Outcome]:
        """Try everything that waits again, and tell again what was decided on and not released: after a start."""
        return self.handle([put_aside(row) for row in sorted(self._all_waiting(), key=_turn)])

    def expire(self) -> list[Outcome]:
        """Reject what has waited too long."""
        overdue = self._store.waiting_older_than(self._world.clock.now() - self._patience)
        return self.handle([put_aside(row, patient=False) for row in sorted(overdue, key=_turn)]) if overdue else []

    def note_glasses(self) -> int:
        """Write into the histories which glasses were broken and reviewed since; return how many.

        Raises:
            DatabaseUnreachableError: if the store does not answer.
        """
        return self._glasses.note()

    def compare(self) -> int:
        """Tell of what seems to be the same child, and settle what people said of it; return how many were compared.

        Raises:
            DatabaseUnreachableError: if the store does not answer.
        """
        return self._comparing.compare()

    def _together(self, several: Sequence[Read], positions: Sequence[Position]) -> list[Outcome]:
        sitting = self._sit()
        sitting.prepare(*asked_for(several))
        outcomes: list[Outcome] = []
        queue = deque(several)
        while queue:
            one = queue.popleft()
            outcomes += _news(one, self._take(sitting, one))
            queue.extendleft(_freed(sitting))
        self._write(sitting, positions)
        return outcomes

    def _one_by_one(self, several: Sequence[Read], positions: Sequence[Position]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        queue = deque(several)
        while queue:
            one = queue.popleft()
            outcome, freed = self._alone(one)
            outcomes += _news(one, outcome)
            queue.extendleft(freed)
        self._store.append(Batch(positions=tuple(positions)))
        return outcomes

    def _alone(self, one: Read) -> tuple[Outcome, list[Read]]:
        """Record one message by itself; when that cannot be done, note that and go on.

        A conflict that does not end is no other writer, for there is none: what it writes to is damaged.

        Raises:
            DatabaseUnreachableError: if the store stays away; the message is not at fault.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            sitting = self._sit()
            try:
                outcome = self._take(sitting, one)
                self._write(sitting, ())
            except DatabaseUnreachableError:
                self._forget()
                if attempt == _ATTEMPTS:
                    raise
            except Conflict:
                self._forget()
            except Exception:  # noqa: BLE001 - this message alone is at fault, and must hold up nobody
                self._forget()
                _log.exception("not_recorded", agency=one.message.agency.value)
                break
            else:
                return outcome, _freed(sitting)
        return self._give_up(one)

    def _give_up(self, one: Read) -> tuple[Outcome, list[Read]]:
        _log.error("dead_letter", agency=one.message.agency.value, reason=Fault.CODE)
        if isinstance(one.translated, Unattributed):
            return _unattributed(one, Fault.CODE), []
        sitting = self._sit()
        row = sitting.reject(one.message.agency, one.translated.heading, Fault.CODE)
        self._write(sitting, ())
        return replace(outcome_of(row), dead=True), _freed(sitting)

    def _take(self, sitting: Sitting, one: Read) -> Outcome:
        """Decide on one message: it was decided on before, or it waits, or it is refused, or it is recorded."""
        self._moved()
        translated = one.translated
        if isinstance(translated, Unattributed):
            return _unattributed(one, translated.refusal.CODE)
        before = sitting.decided(translated.heading.key)
        if before is not None:
            return outcome_of(before)
        first = missing(sitting, translated)
        if first is not None and one.message.patient:
            return self._wait(sitting, one.message, translated.heading, first)
        return outcome_of(self._settle(sitting, one.message.agency, translated, first))

    def _settle(
        self, sitting: Sitting, agency: Agency, translated: Accepted | Refused, first: Missing | None
    ) -> InboxRow:
        if first is not None:
            return sitting.reject(agency, translated.heading, first.reason)
        if isinstance(translated, Refused):
            return sitting.reject(agency, translated.heading, translated.refusal.CODE)
        matter = matter_of(sitting, translated, self._world.ids.nonce(), self._world.working_days)
        if not may_state(translated.command, matter.here):
            return sitting.reject(agency, translated.heading, NoAuthority.CODE)
        return sitting.record(agency, translated, decide(translated.command, matter))

    def _wait(self, sitting: Sitting, message: Message, heading: Heading, first: Missing) -> Outcome:
        row = WaitingRow(
            source=heading.source,
            id=heading.id,
            agency=message.agency.value,
            reference=first.reference[1],  # what it waits for, not what it is about: that is in the message
            sequence=heading.sequence,
            message=message.raw,
            since=message.waited.since if message.waited else self._world.clock.now(),
            reason=first.reason,
        )
        sitting.wait(row)
        return Outcome(message.agency, heading.source, heading.id, "waiting", first.reason)

    def _all_waiting(self) -> list[WaitingRow]:
        return self._store.waiting(self._store.all_waiting_keys())

    def _sit(self) -> Sitting:
        if self._awaited is None:
            self._awaited = self._store.all_waiting_keys()
        moment = Moment(self._world.clock.now(), self._world.clock.simulated)
        return Sitting(self._store, self._heads, self._awaited, self._world.ids, moment)

    def _write(self, sitting: Sitting, positions: Sequence[Position]) -> None:
        try:
            self._store.append(sitting.batch(positions))
        except DatabaseUnreachableError:
            self._reply_lost = True
            raise
        self._heads.keep(sitting.heads)
        if self._awaited is not None:
            self._awaited.update(sitting.now_awaited)
        if self._awaited:  # something waits: it may have been one of these
            self._untold.update(dict.fromkeys(sitting.settled))

    def _forget(self) -> None:
        self._heads.forget()
        self._awaited = None


def _freed(sitting: Sitting) -> list[Read]:
    """Return what waited and may have its turn now, last first: it is put before the rest one by one."""
    return [read(put_aside(row)) for row in reversed(sitting.freed())]


def _news(one: Read, outcome: Outcome) -> tuple[Outcome, ...]:
    """Return the outcome, unless it only says that what waited still waits."""
    waited = one.message.waited
    still = waited is not None and outcome.status == "waiting" and outcome.reason == waited.reason
    return () if still else (outcome,)


def _each_once(outcomes: list[Outcome]) -> list[Outcome]:
    return list(dict.fromkeys(outcomes))


def _turn(row: WaitingRow) -> tuple[str, str, int]:
    return row.source, row.reference, row.sequence


def _unattributed(one: Read, reason: str) -> Outcome:
    """Answer what may not be noted in anybody's name."""
    heading = one.translated.heading
    source, id_ = (heading.source, heading.id) if heading else (None, None)
    return Outcome(one.message.agency, source, id_, "rejected", reason, dead=True)
