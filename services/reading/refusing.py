"""Refuse so that nobody learns why: one answer for no such case and not for you, and an entry that says which rule.

Promise: the entry is on disk before the refusal leaves; without it there is no answer but 503. What was asked for is
not kept: a name that was guessed may be somebody else's.
"""

from typing import NoReturn

from infra.web.problems import Refused
from services.reading.desk import Visit
from services.reading.writing_down import write_down


async def refuse(visit: Visit, policies: tuple[str, ...]) -> NoReturn:
    """Write down that a visitor was refused, and by which policies; then refuse.

    Raises:
        Refused: always; as if the register did not answer when the entry could not be written.
    """
    await write_down(visit, b"", outcome="refused", policies=policies)
    raise Refused("no_such_case")
