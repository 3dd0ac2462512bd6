"""`X-After`: a reader waits until its view has what a receipt of its own unit stands for, and not longer than it may.

Promise: what was answered to somebody else is told as what never was.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

from infra.postgres.faults import DatabaseUnreachableError
from infra.web.problems import Fault, Refused
from services.reading.desk import ReadingDesk

AFTER_PATTERN = r"^[a-z][a-z0-9_]{1,63}/[1-9][0-9]{0,17}$"
_TOKEN = re.compile(AFTER_PATTERN)
_AT_MOST = 20
_LOOK_EVERY_S = 0.05
_ASK_AGAIN_S = 1
_BETWEEN_READS_S = 5


@dataclass(frozen=True, slots=True)
class ReceiptName:
    """Which receipt: the unit's own number of it."""

    unit: str
    number: int


def after_of(unit: str, number: int) -> str:
    """Return the value of `X-After` for a receipt."""
    return f"{unit}/{number}"


def named_receipts(lines: Sequence[str]) -> list[ReceiptName]:
    """Return the receipts that the lines of the header name, several apart by commas.

    Raises:
        Refused: if one is not `<unit>/<number>`, or there are too many.
    """
    texts = [text.strip() for line in lines for text in line.split(",")]
    if len(texts) > _AT_MOST:
        raise Refused("bad_parameter", Fault("/header/x-after", "too_long", {"bound": _AT_MOST}))
    if not all(_TOKEN.fullmatch(text) for text in texts):
        raise Refused("bad_parameter", Fault("/header/x-after", "pattern", {"pattern": AFTER_PATTERN}))
    return [ReceiptName(unit, int(number)) for unit, _, number in (text.partition("/") for text in texts)]


async def wait_until_shown(desk: ReadingDesk, unit: str, lines: Sequence[str]) -> None:
    """Return once the view has what the receipts of a unit stand for; the desk says how long that may take.

    Raises:
        Refused: if the header is not as it should be, the unit has no such receipt, it takes too long, or the
            register does not answer.
    """
    named = named_receipts(lines)
    try:
        async with asyncio.timeout(desk.patience_s):
            for receipt in named:
                await _wait_for(desk, unit, receipt)
    except TimeoutError:
        raise Refused("not_seen_yet", seconds=_ASK_AGAIN_S) from None
    except DatabaseUnreachableError:
        raise Refused("no_answer", seconds=_BETWEEN_READS_S) from None


async def _wait_for(desk: ReadingDesk, unit: str, receipt: ReceiptName) -> None:
    """Return once it is shown.

    Raises:
        Refused: if it is not the unit's own.
    """
    while True:
        state = await desk.views.receipt_state(unit, receipt.number) if receipt.unit == unit else "unknown"
        if state == "shown":
            return
        if state == "unknown":
            raise Refused("no_such_receipt")
        await asyncio.sleep(_LOOK_EVERY_S)
