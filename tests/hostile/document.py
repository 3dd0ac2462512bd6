"""The page on hostile input: made from the table, never by hand (`python -m tests.endurance.hostile --write`)."""

from tests.hostile.table import HOSTILE, expected_rows, markdown
from tests.house.sources import CHECKOUT

DOCUMENT = CHECKOUT / "docs" / "hostile_input.md"

_HEAD = """\
# Hostile input

What the doors, the coordinator's and the auditor's service answer to input that is wrong on purpose. Made from
`tests/hostile/` by `python -m tests.endurance.hostile --write`; without `--write` that command sends all of it to
real processes on a real PostgreSQL, in Vietnamese and in English, and prints the same table with the number of rows
in all tables before and after. Of none is a row written but what keeps the refusal: an entry in the access log of who
may not see a case, and the attempt of who may not break a glass, its words sealed. No value that was sent stands in an
answer, a log or a figure. Every problem and every fault has a page at `/problems/<problem>` and
`/problems/faults/<fault>`.

What is refused and what is put right is decided in
[decision {number}](decisions/{file}).

{count} inputs:

"""
_DECISION = "*-what-a-door-refuses-and-what-it-puts-right.md"


def document() -> str:
    """Return the text of the page."""
    head = ("kind", "input", "sent", "status", "problem", "faults")
    [decision] = (CHECKOUT / "docs" / "decisions").glob(_DECISION)
    told = _HEAD.format(number=decision.name[:4], file=decision.name, count=len(HOSTILE))
    return told + markdown(expected_rows(), head)
