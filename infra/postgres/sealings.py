"""Who keeps sight of what is sealed, as the register has it this moment: what the key service reads of sealing."""

from collections.abc import Collection

from infra.postgres.faults import reaching
from infra.postgres.pool import Pool

_IN_SIGHT_OF = "select holder, reference, units from case_record.in_sight_of(%s, %s)"


class Sealings:
    """The register's side, with a right to this fact and no other."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def among(self, subjects: Collection[str]) -> dict[str, frozenset[str]]:
        """Return the units that keep sight of each subject whose report or case is sealed; the others are left out.

        Shape: `<unit>/<reference>`, as the subject of a key begins.

        Raises:
            DatabaseUnreachableError: if the register does not answer.
        """
        named = [subject.partition("/") for subject in subjects]
        values = [[unit for unit, _, _ in named], [reference for _, _, reference in named]]
        with reaching():
            async with self._pool.connection() as connection:
                rows = await (await connection.execute(_IN_SIGHT_OF, values)).fetchall()
        return {f"{unit}/{reference}": frozenset(units) for unit, reference, units in rows}
