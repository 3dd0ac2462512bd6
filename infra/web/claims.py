"""What a verified token says of who asks, whichever claims its issuer says it in."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, get_args

from events.parties import Duty
from events.units import units
from infra.issuers import ClaimNames
from infra.web.requester import Requester, Role

_ROLES: tuple[Role, ...] = get_args(Role)
_DUTIES = tuple(Duty)


def requester_of(person: str, claims: Mapping[str, Any], names: ClaimNames) -> Requester:
    """Return who asks; agency and audience are the unit's, and a reader reads as the unit's audience alone.

    Raises:
        ValueError: if the claims do not say it, say it twice, or contradict the list of units.
    """
    unit = units().get(str(_at(claims, names.unit)))
    if unit is None:
        raise ValueError("of no unit")
    role = _role(_words(claims, names.role, names, _ROLES))
    audience = unit.audience if role == "reader" else None
    if role == "reader" and audience is None:
        raise ValueError("a unit that reads nothing")
    _agree(_at(claims, names.agency), unit.agency.value)
    _agree(_at(claims, names.audience), audience.value if audience else None)
    duties = frozenset(map(Duty, _words(claims, names.duties, names, _DUTIES)))
    return Requester(person, unit.agency, unit.id, role, audience, duties)


def _role(words: list[str]) -> Role:
    [said] = set(words)  # one, and no other beside it
    return next(role for role in _ROLES if role == said)


def _agree(said: object, ours: str | None) -> None:
    if said is not None and said != ours:
        raise ValueError("not what the list of units says")


def _words(claims: Mapping[str, Any], claim: str, names: ClaimNames, ours: Collection[str]) -> list[str]:
    found = _at(claims, claim)
    said = [found] if isinstance(found, str) else [] if found is None else found
    if not isinstance(said, list) or not all(isinstance(word, str) for word in said):
        raise ValueError("neither a word nor words")
    if not names.words:
        return said
    return [str(names.words[word]) for word in said if word in names.words and names.words[word] in ours]


def _at(claims: Mapping[str, Any], claim: str) -> Any:
    found: Any = claims
    for step in _steps(claims, claim):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _steps(claims: Mapping[str, Any], claim: str) -> Iterator[str]:
    """A claim may have a dot, or be an address: one that stands there as it is named is meant."""
    yield from (claim,) if claim in claims else claim.split(".")
