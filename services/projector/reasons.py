"""From what went wrong with an event to the code by which operators know it."""

from pydantic import ValidationError

from events.codec import NotStrictJsonError
from events.registry import UnknownTypeError
from infra.postgres.quarantine import Reason
from infra.postgres.view_store import RowsRefusedError
from projections.routing import GapError

_REASONS: dict[type[Exception], Reason] = {
    ValidationError: Reason.UNREADABLE,
    NotStrictJsonError: Reason.UNREADABLE,
    UnknownTypeError: Reason.UNKNOWN_TYPE,
    GapError: Reason.VERSION_MISSING,
    RowsRefusedError: Reason.ROWS_REFUSED,
}


def reason_of(problem: Exception) -> Reason:
    """Return the reason code of a problem; what is on no list is a fault of ours."""
    return next((reason for kind, reason in _REASONS.items() if isinstance(problem, kind)), Reason.FAULT)
