"""Add to histories what no message asked for, each time in a transaction of its own; nothing holds up anything else."""

from collections.abc import Callable, Collection
from uuid import UUID

import structlog

from infra.postgres.faults import Conflict, DatabaseUnreachableError, OrderedMeanwhile
from services.case_record.ports import CaseStore
from services.case_record.shelf import Heads
from services.case_record.sitting import Sitting

_log = structlog.get_logger()


class ByItself:
    """Adds to streams; `at_fault` are those that could not be added to, and are tried again after the next start."""

    def __init__(self, store: CaseStore, heads: Heads, sit: Callable[[], Sitting], told_as: str) -> None:
        self.at_fault: set[UUID] = set()
        self._store = store
        self._heads = heads
        self._sit = sit
        self._told_as = told_as  # in the log, when it could not be done

    def adds(self, streams: Collection[UUID], work: Callable[[Sitting], None]) -> bool:
        """Say whether what `work` does for these streams was added; nothing was written of what was not.

        Of several streams nobody can say which one is at fault: that shows when each is tried alone.

        Raises:
            DatabaseUnreachableError: if the store does not answer; the commit may have taken place.
        """
        try:
            sitting = self._sit()
            work(sitting)
            self._store.append(sitting.batch(()))
        except DatabaseUnreachableError:
            self._heads.forget()
            raise
        except OrderedMeanwhile:
            self._heads.forget()  # done with the next
            return False
        except Conflict:
            self._heads.forget()  # somebody was first; it is tried again
            _log.warning(self._told_as, reason="conflict")
            return False
        except Exception:  # noqa: BLE001 - what these streams hold is at fault, and must hold up no other
            self._heads.forget()
            self._set_aside(streams)
            return False
        self._heads.keep(sitting.heads)
        return True

    def _set_aside(self, streams: Collection[UUID]) -> None:
        if len(streams) == 1:
            self.at_fault.update(streams)
            _log.exception(self._told_as, reason="fault")
