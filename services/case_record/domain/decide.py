"""From a command and what is known to what is recorded: pure, and the same for the same values.

What an agency states is always recorded; these rules only say what follows from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from events.case import PartyJoined
from events.envelope import Reference
from services.case_record.domain.commands import (
    AboutCase,
    AboutReport,
    AnswerMatch,
    Command,
    Consents,
    OpenCase,
    OpenReport,
    PersonalData,
    Protection,
    RecordStatement,
    Tasks,
)
from services.case_record.domain.decide_case import about_case, case_of, open_case
from services.case_record.domain.decide_consents import consents
from services.case_record.domain.decide_matches import answer_match
from services.case_record.domain.decide_personal_data import personal_data
from services.case_record.domain.decide_police import police_track
from services.case_record.domain.decide_protection import protection
from services.case_record.domain.decide_reports import about_report, open_report
from services.case_record.domain.decide_tasks import tasks
from services.case_record.domain.dossier import Dossier
from services.case_record.domain.matter import Matter, fresh_stream
from services.case_record.domain.police_commands import PoliceTrack
from services.case_record.domain.streams import Placed, Stream


class NothingKnownError(LookupError):
    """A statement that begins nothing was decided on without what its reference leads to."""


@dataclass(frozen=True, slots=True)
class Named:
    """A holder's own name for a stream, as it is from here on."""

    holder: str
    reference: Reference
    stream: Stream


@dataclass(frozen=True, slots=True)
class Decision:
    """Where the statement itself is recorded, what follows it, and the names that become known."""

    stream: Stream
    placed: tuple[Placed, ...]
    names: tuple[Named, ...]


def decide(command: Command, matter: Matter) -> Decision:
    """Return what is recorded because of a command.

    Order: the statement first, then `placed` in their order.

    Raises:
        NothingKnownError: if the statement begins nothing and `here` is not given.
    """
    stream = _recorded_in(command, matter)
    placed = tuple(_following(command, matter, stream))
    return Decision(stream, placed, tuple(dict.fromkeys(_names(command, matter, stream, placed))))


def _recorded_in(command: Command, matter: Matter) -> Stream:
    """Return the stream of the statement: of the report it speaks of, else of the case if there is one."""
    match command:
        case OpenReport():
            return matter.here.named if matter.here else fresh_stream("report", command.said, matter)
        case OpenCase():
            found = case_of(matter)
            return found.main if found else fresh_stream("case", command.said, matter)
        case _ if isinstance(command, AboutReport):
            return _known(matter).named
        case _:
            return _known(matter).main


def _following(command: Command, matter: Matter, stream: Stream) -> Iterator[Placed]:
    if isinstance(command, OpenReport):
        return open_report(command, matter, stream)
    if isinstance(command, OpenCase):
        return open_case(command, matter, stream)
    if isinstance(command, AboutReport):
        return about_report(command, matter, _known(matter))
    if isinstance(command, AboutCase):
        return about_case(command, matter, _known(matter))
    if isinstance(command, Protection):
        return protection(command, matter, _known(matter))
    if isinstance(command, Tasks):
        return tasks(command, matter, _known(matter))
    if isinstance(command, PoliceTrack):
        return police_track(command, matter, _known(matter))
    if isinstance(command, PersonalData):
        return personal_data(command, matter, _known(matter))
    if isinstance(command, Consents):
        return consents(command, _known(matter))
    if isinstance(command, AnswerMatch):
        return answer_match(command, _known(matter))
    if isinstance(command, RecordStatement):
        return iter(())
    assert_never(command)


def _known(matter: Matter) -> Dossier:
    if matter.here is None:
        raise NothingKnownError
    return matter.here


def _names(command: Command, matter: Matter, stream: Stream, placed: tuple[Placed, ...]) -> Iterator[Named]:
    """Yield the name by which the unit began a stream, then every name given to those who joined."""
    if matter.here is None:
        yield Named(command.said.unit, command.said.reference, stream)
    for one in placed:
        if isinstance(one.event, PartyJoined) and one.event.reference is not None:
            yield Named(one.event.unit or one.event.audience.value, one.event.reference, one.stream)
