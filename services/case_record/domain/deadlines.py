"""Start and meet legal clocks; what is late is recorded and flagged, never refused."""

from collections.abc import Iterator
from datetime import datetime

from events.case import DeadlineMet, DeadlineStarted
from events.deadlines import DeadlineRule, deadline_rule
from events.parties import Audience
from services.case_record.domain.clocks import due_at
from services.case_record.domain.dossier import Dossier
from services.case_record.domain.matter import Matter, flag, step_skipped
from services.case_record.domain.report import Report
from services.case_record.domain.said import Said
from services.case_record.domain.streams import Placed, Stream


def start_clock(
    said: Said, matter: Matter, stream: Stream, code: str, starts_at: datetime, *, within: Dossier
) -> Iterator[Placed]:
    """Start the clock of a rule in a stream; what was done already `within` a dossier meets it at once."""
    rule = deadline_rule(code)
    due = due_at(rule, starts_at, matter.working_days)
    yield Placed(stream, DeadlineStarted(rule=code, audience=rule.audience, starts_at=starts_at, due_at=due))
    done = within.done(code, starts_at)
    if done is not None:
        yield _met(rule, stream, due, done)
        if done > due:
            yield _late(said, rule, stream)


def start_unless_running(said: Said, matter: Matter, dossier: Dossier, code: str) -> Iterator[Placed]:
    """Start a clock with the statement; one that runs already is stricter and goes on."""
    if not any(dossier.running(code)):
        yield from start_clock(said, matter, dossier.main, code, said.occurred_at, within=dossier)


def meet_clock(said: Said, dossier: Dossier, code: str) -> Iterator[Placed]:
    """Meet the clock of a rule wherever it runs; when that is late, the coordinator is told once."""
    rule = deadline_rule(code)
    running = tuple(dossier.running(code))
    for stream, clock in running:
        yield _met(rule, stream, clock.due_at, said.occurred_at)
    if any(said.occurred_at > clock.due_at for _, clock in running):
        yield _late(said, rule, dossier.main)


def meet_or_flag(said: Said, dossier: Dossier, code: str) -> Iterator[Placed]:
    """Meet a clock; when it does not run, the step that starts it is missing."""
    if any(dossier.running(code)):
        yield from meet_clock(said, dossier, code)
    else:
        yield step_skipped(said, dossier.main)


def meet_as_done(said: Said, report: Report, code: str, *, within: Dossier) -> Iterator[Placed]:
    """Meet the clock that runs for a duplicate by what was done already for the same child."""
    rule, clock = deadline_rule(code), report.proceedings.running(code)
    if clock is None:
        return
    done = within.done(code, min(within.earliest_receipt or clock.starts_at, clock.starts_at))
    if done is not None:
        yield _met(rule, report.stream, clock.due_at, done)
        if done > clock.due_at:
            yield _late(said, rule, report.stream)


def _met(rule: DeadlineRule, stream: Stream, due: datetime, moment: datetime) -> Placed:
    return Placed(stream, DeadlineMet(rule=rule.code, audience=rule.audience, met_at=moment, late=moment > due))


def _late(said: Said, rule: DeadlineRule, stream: Stream) -> Placed:
    return flag(said, stream, rule.late_flag, Audience.COORDINATOR)
