"""Write into the histories of cases which glasses were broken at the reading desks, and how their reviews ended."""

from collections.abc import Callable
from functools import partial

from infra.postgres.case_batch import GlassNotice
from services.case_record.by_itself import ByItself
from services.case_record.ports import CaseStore
from services.case_record.shelf import Heads
from services.case_record.sitting import Sitting

_TOGETHER = 100


class GlassNotes:
    """Tells each history by itself: one that cannot be added to keeps no other from being told."""

    def __init__(self, store: CaseStore, heads: Heads, sit: Callable[[], Sitting]) -> None:
        self._store = store
        self._by_itself = ByItself(store, heads, sit, "glass_not_noted")

    def note(self) -> int:
        """Note what happened since; return how many notices were.

        Raises:
            DatabaseUnreachableError: if the store does not answer.
        """
        untold = self._store.untold_glasses(_TOGETHER, but=self._by_itself.at_fault)
        return sum(self._by_itself.adds({notice.stream}, partial(_noted, notice=notice)) for notice in untold)


def _noted(sitting: Sitting, *, notice: GlassNotice) -> None:
    sitting.note(notice)
