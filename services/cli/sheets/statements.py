"""From a row to the event it states. The same row is the same event for ever; a mended one is another.

A row's id is what its sender wrote, or an HMAC of all that it says. The key stays with the agency: an id travels
further than names and addresses do, and a plain hash of them would let anybody try out what they may be.
"""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from events.codec import canonical
from events.parties import Agency
from events.units import units
from infra.settings import write_private
from services.cli.sheets.cells import Wrong, value_of
from services.cli.sheets.columns import ENVELOPE, ID, SOURCE, Column
from services.cli.sheets.table import Row

_ID_DIGITS = 40
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rows of one sheet are to become."""

    agency: Agency
    type: str
    columns: Sequence[Column]
    zone: ZoneInfo
    id_key: bytes
    unit: str | None = None  # whose rows they are, where a row does not say


@dataclass(frozen=True, slots=True)
class Stated:
    """A row and the event it states."""

    row: Row
    event: dict[str, JsonValue]

    @property
    def source(self) -> str:
        """The unit that says so."""
        return str(self.event[SOURCE])


@dataclass(frozen=True, slots=True)
class Unclear:
    """A row that states no event, and why: a column and a text of `texts.toml` for each fault."""

    row: Row
    faults: tuple[tuple[Column, Wrong], ...]


def stated(row: Row, asked: Asked) -> Stated | Unclear:
    """Return the event of a row, or all that is wrong with its cells."""
    values: dict[str, JsonValue] = {}
    faults: list[tuple[Column, Wrong]] = []
    for column in asked.columns:
        try:
            found = _value(row, column, asked)
        except Wrong as wrong:
            faults.append((column, wrong))
        else:
            if found is not None:
                values[column.field] = found
    if faults:
        return Unclear(row, tuple(faults))
    return Stated(row, _event(values, asked))


def id_key(secrets_dir: Path, agency: Agency) -> bytes:
    """Return the key of an agency's row ids; drawn when first asked for, and to be kept as long as its sheets are."""
    file = secrets_dir / f"sheet_ids.{agency}.key"
    if not file.exists():
        secrets_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(file, secrets.token_hex(_KEY_BYTES))
    return bytes.fromhex(file.read_text(encoding="ascii"))


def _value(row: Row, column: Column, asked: Asked) -> JsonValue:
    if column.field in row.cells:
        found = value_of(row.cells[column.field], column, asked.zone)
        if column.field == SOURCE and units()[str(found)].agency is not asked.agency:
            raise Wrong("fault_not_your_unit")
        return found
    if column.field == SOURCE and asked.unit is not None:
        return asked.unit
    if column.required:
        raise Wrong("fault_missing")
    return None


def _event(values: Mapping[str, JsonValue], asked: Asked) -> dict[str, JsonValue]:
    attributes = {name: values[name] for name in ENVELOPE if name in values}
    data: dict[str, JsonValue] = {}
    for column in asked.columns:
        if column.field in values and column.field not in ENVELOPE:
            _put(data, column.path, values[column.field])
    said = {"specversion": "1.0", "type": asked.type, **attributes, "data": data}
    return {ID: _drawn(said, asked.id_key)} | said


def _put(data: dict[str, JsonValue], path: Sequence[str], value: JsonValue) -> None:
    for step in path[:-1]:
        inner = data.setdefault(step, {})
        assert isinstance(inner, dict)  # noqa: S101 - only objects have paths through them
        data = inner
    data[path[-1]] = value


def _drawn(said: Mapping[str, JsonValue], key: bytes) -> str:
    return "row-" + hmac.digest(key, canonical(dict(said)), "sha256").hex()[:_ID_DIGITS]
