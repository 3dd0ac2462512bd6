"""A case with all its reports, or a report that has no case yet: what one decision looks at."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from events.case import SharingAllowed
from services.case_record.domain.case import Case
from services.case_record.domain.proceedings import Clock, Task
from services.case_record.domain.report import Report
from services.case_record.domain.streams import Stream


@dataclass(frozen=True, slots=True)
class Dossier:
    """What a reference leads to; `named` is the stream it names. Empty when the stream has yet to begin."""

    named: Stream
    case: Case | None = None
    reports: tuple[Report, ...] = ()

    @property
    def members(self) -> tuple[Case | Report, ...]:
        """The case first, if there is one, then its reports."""
        return (*((self.case,) if self.case else ()), *self.reports)

    @property
    def main(self) -> Stream:
        """Where the work is recorded: the case, or the report as long as it has none."""
        return self.case.stream if self.case else self.named

    @property
    def has_open_tasks(self) -> bool:
        """Whether a task was assigned and neither done, declined nor taken back."""
        return any(not task.ended for member in self.members for task in member.proceedings.tasks.values())

    @property
    def closed(self) -> bool:
        """Whether the case was closed."""
        return self.case is not None and self.case.closed

    @property
    def emergency(self) -> bool:
        """Whether an emergency was declared and has not ended."""
        return any(member.proceedings.emergency for member in self.members)

    @property
    def earliest_receipt(self) -> datetime | None:
        """When any receiving place first heard of it."""
        return min((report.received_at for report in self.reports if report.received_at), default=None)

    def as_main(self) -> "Dossier":
        """Return the same, named by where the work is recorded."""
        return replace(self, named=self.main)

    def with_report(self, report: Report) -> "Dossier":
        """Return the same with one more report."""
        return replace(self, reports=(*self.reports, report))

    def takes_part(self, holder: str) -> bool:
        """Whether a unit takes part in the work."""
        return any(holder in m.proceedings.parties for m in self.members if m.stream == self.main)

    def running(self, rule: str) -> Iterator[tuple[Stream, Clock]]:
        """Yield each clock of a rule that runs, and the stream in which it does."""
        found = ((member.stream, member.proceedings.running(rule)) for member in self.members)
        return ((stream, clock) for stream, clock in found if clock)

    def done(self, rule: str, since: datetime) -> datetime | None:
        """Return when what a rule asks for was first done at or after a moment."""
        moments = (moment for member in self.members for moment in member.proceedings.done.get(rule, ()))
        return min((moment for moment in moments if moment >= since), default=None)

    def interviews_on(self, day: date) -> int:
        """Return how often the child was interviewed on a local day."""
        return sum(member.proceedings.interviews.get(day, 0) for member in self.members)

    def holding(self, source: str, statement: str) -> Case | Report | None:
        """Return the member that holds a statement of a source."""
        return next((m for m in self.members if (source, statement) in m.proceedings.statements), None)

    def shared(self, unit: str, consent: str) -> Iterator[tuple[Stream, SharingAllowed]]:
        """Yield what a unit's consent allows or allowed, and the stream in which that is noted."""
        found = ((member.stream, one) for member in self.members for one in member.proceedings.shared)
        return ((stream, one) for stream, one in found if (one.unit, one.consent) == (unit, consent))

    def task(self, name: str) -> tuple[Stream, Task] | None:
        """Return a task, and the stream in which it was assigned."""
        found = ((m.stream, m.proceedings.tasks[name]) for m in self.members if name in m.proceedings.tasks)
        return next(found, None)
