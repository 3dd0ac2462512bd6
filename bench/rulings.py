"""What a policy decision costs beside the read it stands before: `python -m bench.rulings`."""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from uuid import UUID

from events.parties import Agency, Audience
from infra.web.requester import Requester
from projections.case_file import CaseFile
from services.reading.rules import Asking, at_desk, on_case

_ROUNDS, _IN_A_ROUND = 20, 50
_AT = datetime(2026, 4, 17, 3, 0, tzinfo=UTC)


def main() -> int:
    """Print the median cost of each, in microseconds, and as a multiple of the same rule written in Python."""
    requester = Requester("-", Agency.POLICE, "commune_police_00340", "reader", Audience.POLICE)
    asking = Asking(requester, Audience.POLICE, frozenset({"case_work"}), "case_work", "read", _AT)
    file = CaseFile(stream=UUID(int=1), units=("commune_police_00340",), changed_at=_AT)
    bare = _microseconds(lambda: requester.unit in file.units and asking.purpose in asking.purposes)
    desk, case = _microseconds(lambda: at_desk(asking)), _microseconds(lambda: on_case(asking, file))
    found = {"bare_us": bare, "at_desk_us": desk, "on_case_us": case, "times_bare": (desk + case) / bare}
    sys.stdout.write(json.dumps({name: round(value, 2) for name, value in found.items()}) + "\n")
    return 0


def _microseconds(decide: Callable[[], object]) -> float:
    """Return the median over rounds, so that a busy machine disturbs few of them."""
    taken = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        for _ in range(_IN_A_ROUND):
            decide()
        taken.append((time.perf_counter() - begun) / _IN_A_ROUND * 1e6)
    return median(taken)


if __name__ == "__main__":
    sys.exit(main())
