"""What a template says of each column, and the example it shows."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from events.parties import Agency
from services.cli.sheets.columns import ID, SUBJECT, Column, Kind
from services.cli.sheets.grid import Cell
from services.cli.sheets.texts import Language, text

_EXAMPLES: Mapping[Kind, Cell] = {
    "integer": 10,
    "day": date(2026, 4, 6),
    "moment": datetime(2026, 4, 6, 21, 10),  # noqa: DTZ001 - as a cell holds it: in the zone of the import
}
_EXAMPLE_SUBJECT = "HO-SO-01"
_EXAMPLE_TEXTS = {
    "child_commune": "00340",
    "child_name": "TRE-EM 01",
    "content_hash": "0" * 64,
    "picture_hash": "0" * 64,
}


def explained(columns: Sequence[Column], language: Language) -> Iterator[tuple[str, ...]]:
    """Yield the heading, then of each column: name, field, whether required, what it holds, who can read it."""
    yield tuple(text(f"head_{name}", language) for name in ("name", "field", "required", "holds", "kept"))
    for column in columns:
        required = text("yes" if column.required else "no", language)
        yield column.name(language), column.field, required, _holds(column, language), _kept(column, language)


def example_cell(column: Column, agency: Agency, language: Language) -> Cell:
    """Return an invented value for a cell; in the first column stands that the row is an example."""
    if column.field == ID:
        return text("example_note", language)
    if column.field == SUBJECT:
        return _EXAMPLE_SUBJECT
    if column.kind in _EXAMPLES:
        return _EXAMPLES[column.kind]
    labels = column.labels(language, agency)
    return labels[0] if labels else _EXAMPLE_TEXTS.get(column.path[-1], f"{column.path[-1].upper()}-01")


def _holds(column: Column, language: Language) -> str:
    if column.kind == "text" and column.longest:
        one = text("holds_text_at_most", language, longest=column.longest)
    else:
        one = text(f"holds_{column.kind}", language, list=column.list_name or column.field)
    return text("holds_many", language, one=one) if column.many else one


def _kept(column: Column, language: Language) -> str:
    if column.category is None:
        return text("kept_open", language)
    return text("kept_sealed", language, category=column.category)
