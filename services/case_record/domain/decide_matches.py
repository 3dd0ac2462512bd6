"""A person says whether what was suggested is the same child; what that is to the other side is settled apart."""

from collections.abc import Iterator

from events.case import MatchConfirmed, MatchEnded
from services.case_record.domain.commands import AnswerMatch
from services.case_record.domain.dossier import Dossier
from services.case_record.domain.match_sides import held_in, told
from services.case_record.domain.matter import step_skipped
from services.case_record.domain.streams import Placed


def answer_match(command: AnswerMatch, dossier: Dossier) -> Iterator[Placed]:
    """Return what follows from a person's answer on its own side.

    Only the unit that was asked answers; a name that is not known, not its own or at its end gives one flag.
    """
    held = next((one for one in held_in(dossier) if one.id == command.match), None)
    if held is None or held.match.unit != command.said.unit or not held.stands:
        yield step_skipped(command.said, dossier.main)
    elif not command.same:
        yield told(MatchEnded, held)
    elif held.match.status == "suggested":
        yield told(MatchConfirmed, held)


def end_matches(dossier: Dossier) -> Iterator[Placed]:
    """End whatever was suggested of a case or its reports: what was compared is to be erased."""
    return (told(MatchEnded, held) for held in held_in(dossier) if held.stands)
