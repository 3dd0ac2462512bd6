"""Compare what there is reason to, once it was recorded: who else is alike keeps no statement from being recorded."""

from collections.abc import Callable, Sequence
from uuid import UUID

import structlog

from infra.ids import Ids
from infra.postgres.case_batch import ToCompareRow
from infra.postgres.faults import Conflict, DatabaseUnreachableError
from services.case_record.comparisons import ask_at_once, comparison_of
from services.case_record.domain.compare_children import compare
from services.case_record.domain.streams import Stream
from services.case_record.ports import CaseStore
from services.case_record.shelf import Heads
from services.case_record.sitting import Sitting

_TOGETHER = 200  # records; each may be compared with many

_log = structlog.get_logger()


class Comparing:
    """Tells units of what seems to be one child and settles what people said of it, each comparison once.

    What is to be compared lies in the register until it was: a process that dies has compared it or compares it again.
    """

    def __init__(self, store: CaseStore, heads: Heads, ids: Ids, sit: Callable[[], Sitting]) -> None:
        self._store = store
        self._heads = heads
        self._ids = ids
        self._sit = sit
        self._not_compared: set[UUID] = set()  # what cannot be read; tried again after the next start

    def compare(self) -> int:
        """Compare what waits for it, up to a number at a time; return how many records were.

        A record that cannot be compared keeps no other from it.

        Raises:
            DatabaseUnreachableError: if the store does not answer.
        """
        rows = self._store.to_compare(_TOGETHER, but=self._not_compared)
        if not rows or self._compared(rows):
            return len(rows)
        alone = [row for row in rows if self._compared((row,))]
        return len(alone)

    def _compared(self, rows: Sequence[ToCompareRow]) -> bool:
        """Say whether these were compared; what was not waits on.

        Raises:
            DatabaseUnreachableError: if the store does not answer.
        """
        try:
            sitting = self._sit()
            self._compare_all(sitting, rows)
            self._store.append(sitting.batch(()))
        except DatabaseUnreachableError:
            self._heads.forget()  # the commit may have taken place: then they wait no longer
            raise
        except Conflict:
            self._heads.forget()  # somebody was first, or an order to seal came; it is compared with the next
            return False
        except Exception:  # noqa: BLE001 - one of these is at fault, and must hold up no other
            self._heads.forget()
            self._set_aside(rows)
            return False
        self._heads.keep(sitting.heads)
        return True

    def _compare_all(self, sitting: Sitting, rows: Sequence[ToCompareRow]) -> None:
        orders = self._store.undecided_orders()  # before what they hide: one that comes between is seen at the commit
        ordered = self._store.to_be_sealed()
        streams = [Stream(row.kind, row.stream) for row in rows]
        ask_at_once(sitting, map(sitting.dossier_of, streams))
        for row, stream in zip(rows, streams, strict=True):
            here = sitting.dossier_of(stream)  # as those before it left it
            placed = tuple(compare(comparison_of(sitting, here, ordered, self._ids.nonce())))
            sitting.compared(row, placed, orders)

    def _set_aside(self, rows: Sequence[ToCompareRow]) -> None:
        if len(rows) == 1:
            self._not_compared.add(rows[0].stream)
            _log.exception("not_compared", reason="fault")
