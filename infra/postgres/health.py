"""How far each part of the platform has come, for whoever operates it: counts and positions, never contents."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import dict_row

from infra.postgres.faults import reaching
from infra.postgres.roles import AGENCIES, door_role

_PATIENCE_S = 5


@dataclass(frozen=True, slots=True)
class Lag:
    """How far each part has come.

    Units: `recorded`, `relayed` and `projected` are positions in the register; all others are numbers of events,
    `quarantined` of streams. `unanswered` counts by agency what its door accepted and has no outcome of yet, `dead`
    what was rejected by a fault of ours. Ages are seconds since the oldest of it was kept, None when there is none.
    """

    recorded: int
    relayed: int
    projected: int
    not_relayed: int
    not_projected: int
    waiting: int
    quarantined: int
    relay_age_s: float | None
    views_age_s: float | None
    unanswered: Mapping[str, int]
    doors_age_s: float | None
    dead: int

    def behind(self) -> dict[str, int]:
        """Return what has yet to be done, by name; all zero when every view shows all that was accepted."""
        return {
            "doors": sum(self.unanswered.values()),
            "waiting": self.waiting,
            "relay": self.not_relayed,
            "views": self.not_projected,
            "quarantine": self.quarantined,
            "dead letters": self.dead,
        }

    def ages_s(self) -> dict[str, float]:
        """Return how long the oldest of what has yet to be done has waited, in seconds, by name."""
        ages = {"doors": self.doors_age_s, "relay": self.relay_age_s, "views": self.views_age_s}
        return {name: age for name, age in ages.items() if age is not None}


def lag(operator_dsn: str) -> Lag:
    """Return how far each part has come at one moment, asked with the operator's role.

    Raises:
        DatabaseUnreachableError: if the database does not answer within 5 s.
    """
    with reaching(), psycopg.connect(operator_dsn, connect_timeout=_PATIENCE_S, row_factory=dict_row) as connection:
        connection.execute("set transaction isolation level repeatable read, read only")
        connection.execute(f"set local statement_timeout = '{_PATIENCE_S}s'".encode())
        register = _only_row(connection, "select * from health.register")
        doors = {
            agency.value: _only_row(connection, f"select without_outcome, age_s from health.{door_role(agency)}")
            for agency in AGENCIES
        }
        dead = _only_row(connection, "select coalesce(sum(messages), 0)::bigint as dead from health.dead_letters")
    return Lag(
        **register,
        **dead,
        unanswered={agency: row["without_outcome"] for agency, row in doors.items()},
        doors_age_s=max((row["age_s"] for row in doors.values() if row["age_s"] is not None), default=None),
    )


def _only_row(connection: psycopg.Connection[dict[str, Any]], query: str) -> dict[str, Any]:
    [row] = connection.execute(query.encode()).fetchall()
    return row
