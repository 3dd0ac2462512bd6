"""The recorded bytes to the letter, boxes and all, each with its link: for whoever checks them, of no audience."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from events.chain import Link, Way
from infra.postgres.faults import reaching

_PATIENCE_S = 5
_ROWS_AT_A_TIME = 500
_NO_LINK = b""

# Where there is no link, or one of no way that is known, nothing follows.
_LINKS = """\
select e.originator_id, e.originator_version, e.state, l.digest, l.way
from case_record.events as e
left join case_record.links as l on l.stream = e.originator_id and l.version = e.originator_version and l.way in (1, 2)
order by e.originator_id, e.originator_version"""


@contextmanager
def recorded_links(verifier_dsn: str) -> Iterator[Iterator[Link]]:
    """Open every recorded event with its link, by stream and version, as of one moment.

    Units: 500 rows are in memory at a time.

    Raises:
        DatabaseUnreachableError: if the database does not answer.
    """
    with (
        reaching(),
        psycopg.connect(verifier_dsn, connect_timeout=_PATIENCE_S) as connection,
        connection.cursor("links") as cursor,
    ):
        cursor.itersize = _ROWS_AT_A_TIME
        cursor.execute(_LINKS)
        yield (
            Link(stream, version, recorded, digest or _NO_LINK, Way(way or Way.DIGESTS))
            for stream, version, recorded, digest, way in cursor
        )
