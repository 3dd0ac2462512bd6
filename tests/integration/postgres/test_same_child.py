"""What is asked with every statement that names a child is answered by the doors' indexes, however much they hold."""

import psycopg
import pytest

from events.parties import Agency
from infra.crypto.likeness_keys import MATCHING
from infra.embedded.databases import Databases
from infra.postgres.roles import OWNER, door_role

KNOWN = 2000  # statements of each; so many that reading them all is dearer than an index
UNITS = {Agency.POLICE: "commune_police_00340", Agency.EDUCATION: "school_s1"}
_MARK = """\
insert into {schema}.likeness (source, id, reference, recipient, key_version, marks)
select %s, number::text, 'R-' || number, %s, 1, array[sha256(number::text::bytea)]
from generate_series(1, %s) as number"""
_ASK = "select count(*) from case_record.alike(array_fill('school_s1'::text, array[%(many)s]), %(ids)s)"
_READ_WHOLE = "select sum(seq_scan) from pg_stat_user_tables where relname = 'likeness' and schemaname = any(%s)"


@pytest.mark.parametrize("many", [1, 300])
def test_no_door_is_read_whole(databases: Databases, many: int) -> None:
    with psycopg.connect(databases.main(OWNER), autocommit=True) as connection:
        for agency, unit in UNITS.items():
            connection.execute(_MARK.format(schema=door_role(agency)).encode(), [unit, MATCHING, KNOWN])
        connection.execute("analyze")
        before = _whole_reads(connection)
        asked = {"many": many, "ids": [str(number) for number in range(1, many + 1)]}
        assert connection.execute(_ASK, asked).fetchone() == (many,)
        assert _whole_reads(connection) == before


def _whole_reads(connection: psycopg.Connection) -> object:
    """Return how often a door's table was read from end to end, this connection's own work included."""
    connection.execute("select pg_stat_force_next_flush()")
    return connection.execute(_READ_WHOLE, [list(map(door_role, UNITS))]).fetchone()
