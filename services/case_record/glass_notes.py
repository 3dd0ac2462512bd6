"""Write into the histories of cases which glasses were broken at the reading desks, and how their reviews ended."""

from collections.abc import Callable
from uuid import UUID

import structlog

from infra.postgres.faults import Conflict, DatabaseUnreachableError
from services.case_record.ports import CaseStore
from services.case_record.shelf import Heads
from services.case_record.sitting import Sitting

_TOGETHER = 100

_log = structlog.get_logger()


class GlassNotes:
    """Tells each history by itself: one that cannot be added to keeps no other from being told."""

    def __init__(self, store: CaseStore, heads: Heads, sit: Callable[[], Sitting]) -> None:
        self._store = store
        self._heads = heads
        self._sit = sit
        self._not_noted: set[UUID] = set()  # histories that could not be added to; tried again after the next start

    def note(self) -> int:
        """Note what happened since; return how many notices were.

        Raises:
            DatabaseUnreachableError: if the store does not answer.
        """
        noted = 0
        for notice in self._store.untold_glasses(_TOGETHER, but=self._not_noted):
            try:
                sitting = self._sit()
                sitting.note(notice)
                self._store.append(sitting.batch(()))
            except DatabaseUnreachableError:
                self._heads.forget()
                raise
            except Conflict:
                self._heads.forget()  # somebody was first; it stays untold and is tried again
                _log.exception("glass_not_noted")
            except Exception:  # noqa: BLE001 - this history alone is at fault, and must hold up nobody
                self._heads.forget()
                self._not_noted.add(notice.stream)
                _log.exception("glass_not_noted")
            else:
                self._heads.keep(sitting.heads)
                noted += 1
        return noted
