"""What must come before a message: the earlier ones of its reference, and whatever makes its references known."""

from dataclasses import dataclass

from infra.postgres.case_batch import Key
from services.case_record.domain.commands import OpenCase, OpenReport
from services.case_record.domain.refusals import EarlierMissing, UnknownReference
from services.case_record.messages import references_of
from services.case_record.sitting import Sitting
from services.case_record.translate import Accepted, Refused


@dataclass(frozen=True, slots=True)
class Missing:
    """For which reference a message waits, and why."""

    reference: Key
    reason: str


def missing(sitting: Sitting, translated: Accepted | Refused) -> Missing | None:
    """Return what must come first, None when the turn of the message has come.

    Order: the door counts the events of a reference from 1 without gaps, and they are decided on as counted.
    """
    own, other = references_of(translated)
    number = translated.heading.sequence
    opens = isinstance(translated, Accepted) and isinstance(translated.command, OpenReport | OpenCase)
    in_turn = number <= sitting.last_sequence(own) + 1
    if not in_turn and not (opens and _may_overtake(sitting, own, number)):
        return Missing(own, EarlierMissing.CODE)
    if not isinstance(translated, Accepted):
        return None
    if not opens and not sitting.knows(own):
        return Missing(own, UnknownReference.CODE)
    if other is not None and not sitting.knows(other):
        return Missing(other, UnknownReference.CODE)
    return None


def _may_overtake(sitting: Sitting, own: Key, number: int) -> bool:
    """What makes a reference known goes before those that wait for it, or all would wait for one another."""
    waiting = {row.sequence for row in sitting.waiting_for(own)}
    return all(earlier in waiting for earlier in range(sitting.last_sequence(own) + 1, number))
