"""What a rebuild does in the database: reads views beside the register, notes what differs, swaps it in.

Promise: readers see a view as it was or as it is to be, never anything between; nobody waits but the projector,
and it only for the last transaction. What is as it should be is not touched.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import psycopg

from events.parties import Audience
from infra.postgres import rebuild_sql
from infra.postgres.faults import reaching
from infra.postgres.locks import AdvisoryLock
from infra.postgres.singleton import Singleton
from infra.postgres.view_rows import EntryRow, FileRow, NameRow

_FEW = 100  # streams, that may be left to compare while the projector waits
_CATCHES_UP = 20  # times
_FORGET_ALL = b"truncate projector.compared, projector.differing"

Part = Literal["file", "entry", "name", "routing"]
Row = FileRow | EntryRow | NameRow


@dataclass(frozen=True, slots=True)
class Page:
    """Some streams as of one moment: where the views are, the register up to there, and what views show of them."""

    versions: dict[UUID, int]
    routings: dict[UUID, str | None]
    recorded: dict[UUID, list[bytes]]
    shown: list[Row]


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not as it should be: `made` is how it should, None when it should not be there."""

    part: Part
    audience: Audience
    stream: UUID
    version: int | None = None
    holder: str | None = None
    reference: str | None = None
    made: Row | str | None = None


Compare = Callable[[Page], Sequence[Difference]]


class ViewRebuild:
    """The rebuild of some audiences' views, over a connection of its own; only one at a time."""

    def __init__(self, dsn: str, audiences: Sequence[Audience], *, page: int = 200) -> None:
        """Connect, and begin with no notes.

        Raises:
            AlreadyRunningError: if another rebuild runs.
            DatabaseUnreachableError: if the database does not answer.
        """
        self._audiences = audiences
        self._page = page
        self._alone = Singleton(dsn, AdvisoryLock.REBUILD, wait_s=1)
        try:
            with reaching():
                # Unprepared: a plan kept from when the notes were empty would read all of them later.
                self._connection = psycopg.connect(dsn, autocommit=True, keepalives_idle=5, prepare_threshold=None)
        except BaseException:
            self._alone.release()
            raise

    def close(self) -> None:
        """Give both connections back; the lock goes with them."""
        self._connection.close()
        self._alone.release()

    def begin(self) -> int:
        """Forget the notes of a rebuild that did not end; return how many streams there are.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        with reaching():
            self._connection.execute(_FORGET_ALL)
            [[count]] = self._rows("select count(*) from projector.streams", {})
        return int(count)

    def pages(self) -> Iterator[Page]:
        """Yield every stream, a page as of one moment each; last those that views show and nobody projected.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        for query in (rebuild_sql.LOOK_ON, rebuild_sql.look_at_strays(self._audiences)):
            after: UUID | None = None
            while (page := self._page_after(query, after)).versions:
                yield page
                after = max(page.versions)

    def note(self, page: Page, differing: Sequence[Difference]) -> None:
        """Note that streams were compared, and what differs, in place of what was noted of them before.

        Raises:
            DatabaseUnreachableError: if the database does not answer.
        """
        with reaching(), self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.execute(rebuild_sql.FORGET.encode(), {"streams": list(page.versions)})
            with cursor.copy("copy projector.compared (stream, version) from stdin") as copy:
                for row in page.versions.items():
                    copy.write_row(row)
            columns = "part, audience, stream, version, holder, reference, made"
            with cursor.copy(f"copy projector.differing ({columns}) from stdin".encode()) as copy:
                for one in differing:
                    copy.write_row((*_key(one), _as_json(one.made)))

    def swap(self, compare: Compare) -> dict[str, int]:
        """Compare what has moved meanwhile, then put everything noted into the views in one transaction.

        Returns how many rows differed, by part.

        Raises:
            DatabaseUnreachableError: if the database does not answer; then nothing was changed, or everything.
        """
        for _ in range(_CATCHES_UP):
            page = self._page_after(rebuild_sql.LOOK_AT_MOVED)
            self.note(page, compare(page))
            if len(page.versions) < _FEW:
                break
        with reaching(), self._connection.transaction():
            self._connection.execute("lock table projector.streams in share row exclusive mode")
            while (page := self._look(rebuild_sql.LOOK_AT_MOVED)).versions:
                self.note(page, compare(page))
            return self._mend()

    def _mend(self) -> dict[str, int]:
        counted = dict(self._rows("select part, count(*) from projector.differing group by part", {}))
        for audience in self._audiences:
            for statement in rebuild_sql.mend(audience):
                self._connection.execute(statement.encode())
        self._connection.execute(rebuild_sql.MEND_ROUTING.encode())
        self._connection.execute(rebuild_sql.SWAPPED.encode())
        self._connection.execute(_FORGET_ALL)
        return counted

    def _page_after(self, query: str, after: UUID | None = None) -> Page:
        with reaching(), self._connection.transaction():
            self._connection.execute("set transaction isolation level repeatable read read only")
            return self._look(query, after)

    def _look(self, query: str, after: UUID | None = None) -> Page:
        found = self._rows(query, {"after": after, "limit": self._page})
        versions = {stream: version for stream, version, _ in found}
        recorded: defaultdict[UUID, list[bytes]] = defaultdict(list)
        for stream, state in self._rows(rebuild_sql.EVENTS, [list(versions), list(versions.values())]):
            recorded[stream].append(state)
        shown = [row for audience in self._audiences for row in self._shown(audience, list(versions))]
        return Page(versions, {stream: routing for stream, _, routing in found}, recorded, shown)

    def _shown(self, audience: Audience, streams: list[UUID]) -> Iterator[Row]:
        for *head, units, root, opened_at, changed_at, due_at, sealed_to, body in self._rows(
            rebuild_sql.files(audience), [streams]
        ):
            stream, kind, status, stage, emergency, lead = head
            yield FileRow(
                audience=audience,
                stream=stream,
                kind=kind,
                status=status,
                stage=stage,
                emergency=emergency,
                lead_unit=lead,
                units=tuple(units),
                root=root,
                opened_at=opened_at,
                changed_at=changed_at,
                due_at=due_at,
                sealed_to=tuple(sealed_to) if sealed_to is not None else None,
                body=body,
            )
        for entry in self._rows(rebuild_sql.entries(audience), [streams]):
            yield EntryRow(audience, *entry)
        for name in self._rows(rebuild_sql.names(audience), [streams]):
            yield NameRow(audience, *name)

    def _rows(self, query: str, values: dict[str, Any] | list[Any]) -> list[Any]:
        return self._connection.execute(query.encode(), values).fetchall()


def _key(one: Difference) -> tuple[Any, ...]:
    return (one.part, one.audience.value, one.stream, one.version, one.holder, one.reference)


def _as_json(made: Row | str | None) -> str | None:
    """Return a row as the database makes it of JSON; what is JSON already goes in as it is."""
    if made is None or isinstance(made, str):
        return made
    values = asdict(made)
    for column in ("body", "told"):
        if column in values:
            values[column] = json.loads(values[column])
    return json.dumps(values, default=_as_text)


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
