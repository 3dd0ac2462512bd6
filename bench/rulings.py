"""What a policy decision costs beside the read it stands before: `python -m bench.rulings`."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
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
    """Print the median microseconds of each: asked first, asked again, and the same rule written in Python.

    Units: time of the processor, which a busy machine lengthens less than it does the clock on the wall.
    """
    requester = Requester("-", Agency.POLICE, "commune_police_00340", "reader", Audience.POLICE)
    asking = Asking(requester, Audience.POLICE, frozenset({"case_work"}), "case_work", "read", _AT)
    file = CaseFile(stream=UUID(int=1), units=("commune_police_00340",), changed_at=_AT)
    askings = [replace(asking, purpose=f"purpose_{number}") for number in range(_ROUNDS * _IN_A_ROUND)]
    others = [file.model_copy(update={"lead_unit": f"unit_{number}"}) for number in range(_ROUNDS * _IN_A_ROUND)]
    found = {
        "bare_us": _microseconds(lambda _: requester.unit in file.units and asking.purpose in asking.purposes),
        "at_desk_first_us": _microseconds(lambda number: at_desk(askings[number])),
        "at_desk_again_us": _microseconds(lambda _: at_desk(asking)),
        "on_case_first_us": _microseconds(lambda number: on_case(asking, others[number])),
        "on_case_again_us": _microseconds(lambda _: on_case(asking, file)),
    }
    sys.stdout.write(json.dumps({name: round(value, 2) for name, value in found.items()}) + "\n")
    return 0


def _microseconds(decide: Callable[[int], object]) -> float:
    """Return the median over rounds, so that a busy machine disturbs few of them; no two are given one number."""
    taken = []
    for round_ in range(_ROUNDS):
        begun = time.thread_time()
        for number in range(_IN_A_ROUND):
            decide(round_ * _IN_A_ROUND + number)
        taken.append((time.thread_time() - begun) / _IN_A_ROUND * 1e6)
    return median(taken)


if __name__ == "__main__":
    sys.exit(main())
