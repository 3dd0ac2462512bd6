"""Children as doors mark them and the case record compares them: the product's own events, tables and questions."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import psycopg

from events.likeness import Child
from events.privacy import ChildIdentified
from events.units import unit
from infra.crypto.likeness_keys import MATCHING, LikenessKeys
from infra.embedded.databases import Databases
from infra.postgres.case_store import CaseStore
from infra.postgres.roles import CASE_RECORD, door_role
from services.agencies.likeness import likeness_of

_ASKED_AT_ONCE = 500
_COLUMNS = "source, id, reference, recipient, key_version, marks"


class MarkedRegister:
    """Doors that keep what they marked, and a case record that asks which statements name children who are alike."""

    def __init__(self, databases: Databases, store: CaseStore) -> None:
        self._databases = databases
        self._store = store
        self._keys = {MATCHING: LikenessKeys.draw()}

    def name(self, by: str, children: Mapping[int, Child]) -> None:
        """Let a unit state who each child is, by one statement and reference each; keep the marks as its door does."""
        door = door_role(unit(by).agency)
        with (
            psycopg.connect(self._databases.main(door)) as connection,
            connection.cursor().copy(f"copy {door}.likeness ({_COLUMNS}) from stdin".encode()) as rows,
        ):
            for number, child in children.items():
                for recipient, made in likeness_of(_identified(child), self._keys).items():
                    key = (by, str(number), str(number), recipient)
                    rows.write_row((*key, made.key_version, list(made.marks)))

    def alike(self, by: str, numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield each of a unit's children with each of other units that the case record holds to be the same."""
        for start in range(0, len(numbers), _ASKED_AT_ONCE):
            found = self._store.alike([(by, str(number)) for number in numbers[start : start + _ASKED_AT_ONCE]])
            yield from ((int(id_), int(other.id)) for (_, id_), others in found.items() for other in others)


@contextmanager
def marked_register(databases: Databases) -> Iterator[MarkedRegister]:
    """Open an empty one over databases of its own."""
    store = CaseStore(databases.main(CASE_RECORD), simulated=False)
    try:
        yield MarkedRegister(databases, store)
    finally:
        store.close()


def _identified(child: Child) -> ChildIdentified:
    return ChildIdentified(
        child_name=child.name or "", child_birth_date=child.birth_date, child_id_number=child.id_number
    )
