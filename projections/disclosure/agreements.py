"""The history of the sharing agreement: which version was in force when, and by which an event is routed.

A read asks for the version in force at that moment; routing asks for the one in force when the event was recorded. So
narrowing, expiry and withdrawal act at once, and widening on what is recorded from then on, but for clauses that say
`retroactive`: those route what was recorded before them too.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from projections.disclosure.agreement import Agreement, Clause
from projections.disclosure.document import parse
from projections.disclosure.packaged import packaged_agreement

_REMEMBERED = 64  # documents; of those adopted long ago few are asked for
DAWN, DUSK = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Adoption:
    """A version, and since when it is in force."""

    agreement: Agreement
    at: datetime


class Agreements:
    """Every version that was adopted, in order; the first one also governs what came before it."""

    def __init__(self, adoptions: Sequence[Adoption]) -> None:
        """Take one or more versions, the oldest first."""
        self._adoptions = tuple(adoptions)
        self._moments = [adoption.at for adoption in self._adoptions]
        self._routing: dict[int, Agreement] = {}
        self._earlier: dict[int, Agreements] = {len(self._adoptions): self}

    @property
    def newest(self) -> Agreement:
        """The version in force now."""
        return self._adoptions[-1].agreement

    @property
    def newest_at(self) -> datetime:
        """Since when the newest version is in force."""
        return self._moments[-1]

    def in_force(self, at: datetime) -> Agreement:
        """Return the version that was in force at a moment."""
        return self._adoptions[self._place(at)].agreement

    def known_at(self, at: datetime) -> "Agreements":
        """Return the history as it was at a moment: what was adopted later has no part in it."""
        count = self._place(at) + 1
        if count not in self._earlier:
            self._earlier[count] = Agreements(self._adoptions[:count])
        return self._earlier[count]

    def followed_by(self, agreement: Agreement) -> "Agreements":
        """Return the history as it would be, were this version adopted after everything that is recorded."""
        return Agreements([*self._adoptions, Adoption(agreement, DUSK)])

    def reaches_back(self, after: int) -> bool:
        """Say whether a version with a number above `after` has a clause that reaches back."""
        return any(True for adoption in self._adoptions[after + 1 :] for _ in _retroactive([adoption.agreement]))

    @property
    def number(self) -> int:
        """The number of the newest version; the first one is 0."""
        return len(self._adoptions) - 1

    def routing(self, recorded_at: datetime) -> Agreement:
        """Return the agreement that routes an event: the one of its time, and what later ones say of that time."""
        place = self._place(recorded_at)
        if place not in self._routing:
            later = (adoption.agreement for adoption in self._adoptions[place + 1 :])
            self._routing[place] = self._adoptions[place].agreement.reaching_back(_retroactive(later))
        return self._routing[place]

    def _place(self, at: datetime) -> int:
        return max(bisect_right(self._moments, at) - 1, 0)


def read_agreements(adopted: Sequence[tuple[datetime, bytes]]) -> Agreements:
    """Return the history of these documents, the oldest first; of none: the agreement that comes with the platform.

    Raises:
        BadAgreementError: if one of them does not load.
    """
    if not adopted:
        return Agreements([Adoption(packaged_agreement(), DAWN)])
    return Agreements([Adoption(_parsed(document), at) for at, document in adopted])


@lru_cache(maxsize=_REMEMBERED)
def _parsed(document: bytes) -> Agreement:
    return parse(document.decode())


def _retroactive(agreements: Iterable[Agreement]) -> tuple[Clause, ...]:
    return tuple(clause for agreement in agreements for clause in agreement.clauses if clause.retroactive)
