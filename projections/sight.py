"""What one reader may see of one case at one moment: the agreement applied a second time, at read.

Here every condition is known: who reads, on what duty, for what purpose, and how the case stands. The agreement of
that moment counts, so what was narrowed, has run out or was withdrawn is gone at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from events.labels import Category
from events.parties import Audience, Duty
from projections import glass
from projections.case_file import CLOSED, CaseFile
from projections.consents import consented
from projections.disclosure.agreement import STATUS, Agreement, Clause, Condition, Level
from projections.disclosure.disclose import Disclosed, agency_of, conditions_of

DUTY_CONDITIONS = {
    Duty.CHAIR: Condition.CHAIR,
    Duty.TREATING: Condition.TREATING,
    Duty.OWN_PUPIL: Condition.OWN_PUPIL,
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads; `purpose` None stands for any, when an auditor asks what somebody could have been shown.

    `under_glass`: in an emergency, through a broken glass (projections.glass).
    """

    audience: Audience
    duties: frozenset[Duty]
    unit: str | None
    purpose: str | None = None
    under_glass: bool = False


class Sight:
    """Decides, entry by entry, what its reader may see.

    Shape: `files` are the reader's files of the streams read, and of the case they belong to. A report whose case is
    not among them counts as closed: what is not known to be open is not opened.
    """

    def __init__(self, reader: Reader, agreement: Agreement, files: Iterable[CaseFile], at: datetime) -> None:
        self.reader = reader
        self._agreement = agreement
        self._on = at.date()
        known = tuple(files)
        self._of_the_case = conditions_of_duties(reader.duties)
        self.case_is_open = case_open(known)
        if self.case_is_open:
            self._of_the_case.add(Condition.CASE_OPEN)
        if reader.under_glass:
            self._of_the_case |= glass.MET
        self._consented = consented(known, reader.audience, reader.purpose, at)
        self._kept_back = {file.stream for file in known if until_forwarded(file)}
        self._known_units = _known_units(known, reader)

    def about(self, entry: Disclosed) -> Clause | None:
        """Return the clause by which the event itself is told, or None when nothing is told of it."""
        clause = self.of(entry, entry.about, STATUS)
        return clause if clause and clause.level is not Level.NONE else None

    def names(self, source: str) -> bool:
        """Say whether the reader may know that a unit takes part: it was told so, or the agreement tells of all."""
        if agency_of(source) is None or source in self._known_units:
            return True
        return self.tells_status(Category.PARTICIPATION)

    def tells(self, entry: Disclosed, about: Clause) -> bool:
        """Say whether type and open codes are told, not only that there is something."""
        return about.level is not Level.EXISTS and entry.type is not None

    def of(self, entry: Disclosed, category: Category, part: str) -> Clause | None:
        """Return the clause that decides on a part of a category in an entry."""
        return self.of_event(entry.stream, entry.source_unit, entry.open, (category, part))

    def of_event(
        self, stream: UUID, source: str, open_values: Mapping[str, JsonValue], place: tuple[Category, str]
    ) -> Clause | None:
        """Return the clause that decides on a part of a category in an event, told or not."""
        met = self._of_the_case | conditions_of(source, open_values, self.reader.audience)
        if stream in self._kept_back:
            met.add(Condition.UNTIL_FORWARDED)
        return self._decide(*place, met)

    def tells_status(self, category: Category, *met: Condition) -> bool:
        """Say whether the open codes of a category are told, given what else its entries meet."""
        clause = self.of_status(category, *met)
        return clause is not None and clause.level in {Level.FULL, Level.SUMMARY}

    def of_status(self, category: Category, *met: Condition) -> Clause | None:
        """Return the clause that decides on the open codes of a category, given what else its entries meet."""
        return self._decide(category, STATUS, self._of_the_case | {*met})

    def _decide(self, category: Category, part: str, met: AbstractSet[Condition]) -> Clause | None:
        if self.reader.under_glass and category in glass.NEVER:
            return None
        if category in self._consented:
            met = {*met, Condition.CONSENT}

        def holds(clause: Clause) -> bool:
            return clause.conditions <= met and serves(clause, self.reader.purpose)

        return self._agreement.decide(category, part, self.reader.audience, self._on, holds)


def conditions_of_duties(duties: Iterable[Duty]) -> set[Condition]:
    """Return the conditions that hold because of what somebody is on duty for."""
    return {DUTY_CONDITIONS[duty] for duty in duties if duty in DUTY_CONDITIONS}


def serves(clause: Clause, purpose: str | None) -> bool:
    """Say whether a purpose allows what a clause gives; nothing but content needs one, and None stands for any."""
    given = clause.level in {Level.FULL, Level.SUMMARY}
    return not given or purpose is None or purpose in clause.purposes


def _known_units(files: Iterable[CaseFile], reader: Reader) -> frozenset[str]:
    """Return the units that a reader was told of: its own, those that joined, and who leads what it has a name for."""
    known = {reader.unit} if reader.unit else set()
    for file in files:
        known.update(file.units)
        if file.lead_unit and file.references:
            known.add(file.lead_unit)
    return frozenset(known)


def case_open(files: Sequence[CaseFile]) -> bool:
    """Say whether the case that these files belong to is known to be open."""
    roots = [file for file in files if file.root is None]
    return bool(roots) and all(file.status != CLOSED for file in roots)


def until_forwarded(file: CaseFile) -> bool:
    """Say whether a file is of a report that was neither forwarded nor linked to a case."""
    return file.kind == "report" and not file.forwarded and file.root is None
