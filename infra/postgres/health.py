"""How far each reader of the register is behind, in counts; asked with the operator's role, which sees nothing else."""

import psycopg

from events.parties import Agency
from infra.postgres.faults import reaching

_PATIENCE_S = 5
_REGISTER = "select not_relayed, not_projected, waiting, quarantined from health.register"
_DOORS = " union all ".join(f"select without_outcome from health.door_{agency}" for agency in Agency)


def lag(operator_dsn: str) -> dict[str, int]:
    """Return how much is under way or stuck, by name; all zero when every view shows all that was accepted.

    Shape: `doors` (accepted, no outcome yet), `relay` and `views` (recorded, not there yet), `waiting` (for a
    reference), `quarantine` (streams that cannot be projected).

    Raises:
        DatabaseUnreachableError: if the database does not answer.
    """
    with reaching(), psycopg.connect(operator_dsn, autocommit=True, connect_timeout=_PATIENCE_S) as connection:
        counted = connection.execute(_REGISTER).fetchall()
        doors = connection.execute(f"select sum(without_outcome) from ({_DOORS}) as d").fetchall()
    relay, views, waiting, quarantine = counted[0]
    return {"doors": int(doors[0][0]), "relay": relay, "views": views, "waiting": waiting, "quarantine": quarantine}
