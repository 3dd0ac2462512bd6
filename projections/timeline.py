"""The timeline of a case as one reader is told it: what happened, when, by whom; substance stays in the facts."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import JsonValue

from projections.case_file import CaseFile
from projections.disclosure.agreement import Agreement, Level
from projections.disclosure.disclose import Disclosed
from projections.open_codes import shown_codes
from projections.sight import Reader, Sight


def timeline(
    files: Sequence[CaseFile], entries: Sequence[Disclosed], reader: Reader, agreement: Agreement, at: datetime
) -> list[dict[str, JsonValue]]:
    """Return the lines of a timeline, numbered from 1 in the order of recording.

    What only exists has no type and no codes.
    """
    sight = Sight(reader, agreement, files, at)
    told = [(entry, about) for entry in in_order(entries) if (about := sight.about(entry))]
    return [
        {
            "at": number,
            "occurred_at": entry.occurred_at.isoformat(),
            "recorded_at": entry.recorded_at.isoformat(),
            "unit": entry.source_unit,
            "type": entry.type if sight.tells(entry, about) else None,
            "about": entry.about.value,
            "level": (about.level if sight.tells(entry, about) else Level.EXISTS).value,
            "open": shown_codes(entry) if sight.tells(entry, about) else {},
        }
        for number, (entry, about) in enumerate(told, start=1)
    ]


def in_order(entries: Sequence[Disclosed]) -> list[Disclosed]:
    """Return entries of several streams as they were recorded."""
    return sorted(entries, key=lambda entry: (entry.recorded_at, entry.stream, entry.version))
