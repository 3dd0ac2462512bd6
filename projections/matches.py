"""What a file keeps of another unit's record that seems to be of the same child, and who is asked about it."""

from pydantic import BaseModel, ConfigDict

from events.case import MatchEstablished, MatchEvent, MatchStatus, MatchSuggested
from events.matches import MatchConfirmed, MatchWithdrawn

_ANSWERS: dict[MatchStatus, tuple[str, ...]] = {
    "suggested": (MatchConfirmed.TYPE, MatchWithdrawn.TYPE),
    "confirmed": (MatchWithdrawn.TYPE,),
    "established": (MatchWithdrawn.TYPE,),
    "ended": (),
}


class Match(BaseModel):
    """Another record that seems to be of the same child, by the name that `unit`, which is asked, alone has for it.

    `pair`: once both sides hold that it is, the name by which they and the coordinator speak of it.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    match: str
    unit: str
    status: MatchStatus
    pair: str | None = None


def after(matches: tuple[Match, ...], event: MatchEvent) -> tuple[Match, ...]:
    """Return the matches after one more event; what was not told of before is not told of by how it goes on."""
    if isinstance(event, MatchSuggested):
        return (*matches, Match(match=event.match, unit=event.unit, status=event.STATUS))
    pair = {"pair": event.pair} if isinstance(event, MatchEstablished) else {}
    now = {"status": event.STATUS, **pair}
    return tuple(one.model_copy(update=now) if one.match == event.match else one for one in matches)


def answers_to(match: Match, unit: str | None) -> tuple[str, ...]:
    """Return the types of events by which a unit may answer: none for any but the one that is asked."""
    return _ANSWERS[match.status] if match.unit == unit else ()
