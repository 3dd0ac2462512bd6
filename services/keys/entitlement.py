"""Whether the sharing agreement in force gives a reader what lies in a place. Pure.

What can be known here is never taken from who asks: whose record it is, its category, part and form stand with the key;
duties, unit and audience stand in the reader's own token. Taken on trust is only what a reading service alone can know.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date

from events.labels import Form
from events.parties import Audience
from infra.crypto.data_keys import KeyPlace
from projections import glass
from projections.disclosure.agreement import Agreement, Clause, Condition, Level
from projections.disclosure.disclose import conditions_of
from projections.sight import Reader, conditions_of_duties, serves

# How the case stands, what was consented to and whom an event names: the only words of a reading service that count.
STATED = frozenset({Condition.CASE_OPEN, Condition.UNTIL_FORWARDED, Condition.OWN_TASK, Condition.CONSENT})

_OPENS = {
    Level.FULL: frozenset({Form.FULL, Form.SUMMARY}),  # a full clause is content with a summary
    Level.SUMMARY: frozenset({Form.SUMMARY}),
}


def entitling_clause(
    place: KeyPlace, reader: Reader, stated: Iterable[str], agreement: Agreement, on: date
) -> Clause | None:
    """Return the clause that gives the reader this form of the place on a day, or None when none does."""
    if reader.under_glass and place.category in glass.NEVER:
        return None
    said = frozenset(stated)
    met = {condition for condition in STATED if condition.value in said}
    met |= glass.MET if reader.under_glass else frozenset()
    met |= conditions_of_duties(reader.duties) | conditions_of(source_of(place), {}, reader.audience)

    def holds(clause: Clause) -> bool:
        return clause.conditions <= met and serves(clause, reader.purpose)

    clause = agreement.decide(place.category, place.part, reader.audience, on, holds)
    return clause if clause and place.form in _OPENS.get(clause.level, ()) else None


def keeps_sight(audience: Audience, units: AbstractSet[str], sealed_to: AbstractSet[str] | None) -> bool:
    """Say whether a reader keeps sight of a report or case; the auditor does, of all.

    Shape: `units` are those by whose taking part it reads; `sealed_to` those that an order names, None where none is.
    """
    return sealed_to is None or audience is Audience.AUDITOR or not units.isdisjoint(sealed_to)


def case_of(place: KeyPlace) -> str:
    """Return what its source calls the report or case that a place is of: the subject without the person."""
    return place.subject.rpartition("#")[0]


def source_of(place: KeyPlace) -> str:
    """Return the unit that asserted what lies in a place: the subject begins with it."""
    return place.subject.partition("/")[0]
