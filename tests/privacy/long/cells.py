"""`python -m tests.privacy.long.cells`: break every cell of the agreement and ask each time for the whole table.

It ends with 1 when an expectation outside the broken cell turned red, or none inside it.
"""

import sys

from rich.progress import track

from projections.disclosure.packaged import packaged_agreement
from tests.privacy.broken_cells import CELLS, broken
from tests.privacy.expectations import expectations, red_cells


def main() -> int:
    """Break, ask, print one line of figures; return the exit code."""
    asked = tuple(expectations())
    made = [one for cell in CELLS for one in broken(packaged_agreement(), *cell)]
    steps = track(made, "Breaking cells", disable=not sys.stderr.isatty())
    exact = sum(red_cells(one.agreement, asked) == {(one.category, one.audience)} for one in steps)
    cells = len({(one.category, one.audience) for one in made})
    sys.stdout.write(
        f"cells: {cells} of {len(CELLS)} broken in {len(made)} ways, {exact} turned exactly their own red\n"
    )
    return 0 if exact == len(made) and cells == len(CELLS) else 1


if __name__ == "__main__":
    sys.exit(main())
