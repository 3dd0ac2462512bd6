"""The timeline of a case as one reader is told it: what happened, when, by whom; substance stays in the facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from events.case import CaseSealed, CaseUnsealed
from events.labels import Category
from events.parties import Audience
from events.upcasts import newest_type
from projections.case_file import CaseFile
from projections.disclosure.agreement import Agreement, Clause, Level
from projections.disclosure.disclose import Disclosed
from projections.glass import told_once
from projections.open_codes import shown_codes
from projections.sight import Reader, Sight

_OF_SEALING = frozenset({CaseSealed.TYPE, CaseUnsealed.TYPE})


@dataclass(frozen=True, slots=True)
class Timeline:
    """The lines told, and by which clauses of which categories."""

    lines: tuple[dict[str, JsonValue], ...]
    rules: frozenset[str]
    categories: frozenset[Category]


def timeline(
    files: Sequence[CaseFile], entries: Sequence[Disclosed], reader: Reader, agreement: Agreement, at: datetime
) -> Timeline:
    """Return the timeline, its lines numbered from 1 in the order of recording.

    Shape: `files` and `entries` as for `choose`. What only exists has no type and no codes; so does what a unit
    says that the reader may not know to take part.
    """
    sight = Sight(reader, agreement, files, at)
    once = in_order(told_once(entries, files))
    told = [(entry, about) for entry in once if (about := sight.about(entry)) and _tells(entry, sight)]
    return Timeline(
        tuple(_line(number, entry, about, sight) for number, (entry, about) in enumerate(told, start=1)),
        frozenset(about.id for _, about in told),
        frozenset(entry.about for entry, _ in told),
    )


def _tells(entry: Disclosed, sight: Sight) -> bool:
    """Say whether anything is left to tell: of an unnamed unit's operational event only its time would be.

    That a case was sealed, and to whom, is told to the auditor alone: once unsealed, it is a case like any other.
    """
    if entry.type in _OF_SEALING:
        return sight.reader.audience is Audience.AUDITOR
    return entry.about is not Category.OPERATIONAL or sight.names(entry.source_unit)


def _line(number: int, entry: Disclosed, about: Clause, sight: Sight) -> dict[str, JsonValue]:
    named = sight.names(entry.source_unit)
    tells = named and sight.tells(entry, about)
    return {
        "at": number,
        "occurred_at": entry.occurred_at.isoformat(),
        "recorded_at": entry.recorded_at.isoformat(),
        "unit": entry.source_unit if named else None,
        "type": newest_type(entry.type) if tells and entry.type else None,
        "about": entry.about.value,
        "level": (about.level if tells else Level.EXISTS).value,
        "open": _open(entry, sight) if tells else {},
    }


def _open(entry: Disclosed, sight: Sight) -> dict[str, JsonValue]:
    """Return the open codes, without the units that the reader may not know to take part."""
    codes = shown_codes(entry)
    return {name: code for name, code in codes.items() if not isinstance(code, str) or sight.names(code)}


def in_order(entries: Sequence[Disclosed]) -> list[Disclosed]:
    """Return entries of several streams as they were recorded."""
    return sorted(entries, key=lambda entry: (entry.recorded_at, entry.stream, entry.version))
