"""Compare what there is reason to, once it was recorded: who else is alike keeps no statement from being recorded."""

from collections.abc import Callable, Sequence
from functools import partial

from infra.ids import Ids
from infra.postgres.case_batch import ToCompareRow
from services.case_record.by_itself import ByItself
from services.case_record.comparisons import ask_at_once, comparison_of
from services.case_record.domain.compare_children import compare
from services.case_record.domain.streams import Stream
from services.case_record.ports import CaseStore
from services.case_record.shelf import Heads
from services.case_record.sitting import Sitting

_TOGETHER = 200  # records; each may be compared with many


class Comparing:
    """Tells units of what seems to be one child and settles what people said of it, each comparison once.

    What is to be compared lies in the register until it was: a process that dies has compared it or compares it again.
    """

    def __init__(self, store: CaseStore, heads: Heads, ids: Ids, sit: Callable[[], Sitting]) -> None:
        self._store = store
        self._ids = ids
        self._by_itself = ByItself(store, heads, sit, "not_compared")

    def compare(self) -> int:
        """Compare what waits for it, up to a number at a time; return how many records were.

        A record that cannot be compared keeps no other from it.

        Raises:
            DatabaseUnreachableError: if the store does not answer.
        """
        rows = self._store.to_compare(_TOGETHER, but=self._by_itself.at_fault)
        if not rows or self._compared(rows):
            return len(rows)
        return sum(self._compared((row,)) for row in rows)

    def _compared(self, rows: Sequence[ToCompareRow]) -> bool:
        return self._by_itself.adds({row.stream for row in rows}, partial(self._compare_all, rows=rows))

    def _compare_all(self, sitting: Sitting, *, rows: Sequence[ToCompareRow]) -> None:
        orders = self._store.undecided_orders()  # before what they hide: one that comes between is seen at the commit
        ordered = self._store.to_be_sealed()
        streams = [Stream(row.kind, row.stream) for row in rows]
        ask_at_once(sitting, map(sitting.dossier_of, streams))
        for row, stream in zip(rows, streams, strict=True):
            here = sitting.dossier_of(stream)  # as those before it left it
            placed = tuple(compare(comparison_of(sitting, here, ordered, self._ids.nonce())))
            sitting.compared(row, placed, orders)
