"""The statements of a rebuild."""

from collections.abc import Iterable

from events.parties import Audience

_FILE = "stream, kind, status, stage, emergency, lead_unit, units, root, opened_at, changed_at, due_at, sealed_to, body"
_ENTRY = "stream, version, event_id, occurred_at, recorded_at, told"
_NAME = "holder, reference, stream"

LOOK_ON = (
    "select stream, version, routing::text from projector.streams"
    " where %(after)s::uuid is null or stream > %(after)s order by stream limit %(limit)s"
)
LOOK_AT_MOVED = (
    "select s.stream, s.version, s.routing::text from projector.streams s"
    " left join projector.compared c using (stream) where c.version is distinct from s.version limit %(limit)s"
)
EVENTS = (
    "select e.originator_id, e.state from case_record.events e"
    " join unnest(%s::uuid[], %s::bigint[]) as upto (stream, version)"
    " on e.originator_id = upto.stream and e.originator_version <= upto.version"
    " order by e.originator_id, e.originator_version"
)
FORGET = (
    "with gone as (delete from projector.compared where stream = any(%(streams)s))"
    " delete from projector.differing where stream = any(%(streams)s)"
)
MEND_ROUTING = (
    "update projector.streams s set routing = d.made from projector.differing d"
    " where d.part = 'routing' and d.stream = s.stream"
)
SWAPPED = "update projector.watermark set rebuilds = rebuilds + 1"


def look_at_strays(audiences: Iterable[Audience]) -> str:
    """Return the query for streams that stand in a view though nothing of them was projected."""
    tables = [f"view_{one}.{table}" for one in audiences for table in ("case_files", "entries", "case_references")]
    shown = " union ".join(f"select stream from {table}" for table in tables)
    return (
        f"select stream, 0::bigint, null from ({shown}) shown"
        " where not exists (select from projector.streams s where s.stream = shown.stream)"
        " and (%(after)s::uuid is null or stream > %(after)s) order by stream limit %(limit)s"
    )


def files(audience: Audience) -> str:
    """Return the query for an audience's files of some streams."""
    head = _FILE.removesuffix(", body")
    return f"select {head}, body::text from view_{audience}.case_files where stream = any(%s)"


def entries(audience: Audience) -> str:
    """Return the query for an audience's entries of some streams."""
    head = _ENTRY.removesuffix(", told")
    return f"select {head}, told::text from view_{audience}.entries where stream = any(%s)"


def names(audience: Audience) -> str:
    """Return the query for an audience's names of some streams."""
    return f"select {_NAME} from view_{audience}.case_references where stream = any(%s)"


def mend(audience: Audience) -> tuple[str, ...]:
    """Return the statements that put what was made in the place of what differs, in their order."""
    view = f"view_{audience}"
    return (
        _remove(audience, "file", f"{view}.case_files", ("stream",)),
        _remove(audience, "entry", f"{view}.entries", ("stream", "version")),
        _remove(audience, "name", f"{view}.case_references", ("holder", "reference")),
        _bring(audience, "file", f"{view}.case_files", _FILE),
        _bring(audience, "entry", f"{view}.entries", _ENTRY),
        _bring(audience, "name", f"{view}.case_references", _NAME),
    )


def _remove(audience: Audience, part: str, table: str, key: Iterable[str]) -> str:
    same = " and ".join(f"d.{column} = t.{column}" for column in key)
    return (
        f"delete from {table} t using projector.differing d where d.part = '{part}' and d.audience = '{audience}'"
        f" and {same}"
    )


def _bring(audience: Audience, part: str, table: str, columns: str) -> str:
    made = ", ".join(f"made.{column}" for column in columns.split(", "))
    return (
        f"insert into {table} ({columns}) select {made} from projector.differing d,"
        f" jsonb_populate_record(null::{table}, d.made) as made"
        f" where d.part = '{part}' and d.audience = '{audience}' and d.made is not null"
    )
