"""Many cases at once, and every order in which a courier may bring what their units state.

Within a case a unit that acts on what another stated states its own after it: that is a strand. Strands of one case,
and all cases, are mixed; what the door numbered within a reference may also come before its turn, and waits then.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.case_record.messages import Message
from tests.controls.office import letters
from tests.controls.statements import States, at, states
from tests.controls.worlds import HOSPITAL, POLICE, SCHOOL, STORY
from tests.fakes.memory_case_store import MemoryCaseStore

_MORE = (
    states("education.attendance_noted", at=at("09T10:00")),
    states("health.emergency_care_provided", at=at("09T11:00")),
    states("police.scene_attended", at=at("09T12:00"), by=POLICE),
    states("education.attendance_noted", at=at("11T10:00")),
)
_EARLY = 0.25  # of the deliveries that may come before their turn do


def _told() -> tuple[States, ...]:
    drafted = next(place for place, one in enumerate(STORY) if one.type == "social_work.plan_drafted.v1")
    return (*STORY[:drafted], *_MORE, *STORY[drafted:])


TOLD = _told()


@dataclass(frozen=True)
class Places:
    """Where what stands in a story: which statements come before each, and which wait when they come too early."""

    before: tuple[frozenset[int], ...]
    wait: frozenset[int]


def _places() -> Places:
    strands = [_strand(one) for one in TOLD]
    before: list[set[int]] = [set() for _ in TOLD]
    last: dict[str, int] = {}
    for place, strand in enumerate(strands):
        before[place] |= {last[strand]} if strand in last else set()
        last[strand] = place
    first = {strand: strands.index(strand) for strand in last}
    invited = {one.data["unit"]: place for place, one in enumerate(TOLD) if "agency_invited" in one.type}
    across = [
        (invited[HOSPITAL], first["health"]),
        (invited[SCHOOL], first["school"]),
        (invited[SCHOOL], first["police"]),
        (last["second"], _place("social_work.reports_merged.v1")),
        (_place("social_work.plan_task_assigned.v1"), _place("health.service_accepted.v1")),
        *((place, _place("social_work.case_closed.v1")) for strand, place in last.items() if strand != "main"),
    ]
    followed = {later for _, later in across}
    for earlier, later in across:
        before[later].add(earlier)
    in_turn = {place for place in range(1, len(TOLD)) if _next_of_its_unit(place) and place not in followed}
    return Places(tuple(map(frozenset, before)), frozenset(in_turn | {first["health"], first["school"]}))


def _strand(one: States) -> str:
    if one.about == "R-102":
        return "second"
    own = {"health": "health", "education": "school", "police": "police"}
    return "main" if one.about == "R-101" else own.get(one.type.partition(".")[0], "main")


def _place(type_: str) -> int:
    return next(place for place, one in enumerate(TOLD) if one.type == type_)


def _next_of_its_unit(place: int) -> bool:
    """Say whether the one before it in its strand is of the same unit about the same thing: the door's number tells."""
    earlier = [one for one in TOLD[:place] if _strand(one) == _strand(TOLD[place])]
    return bool(earlier) and (earlier[-1].by, earlier[-1].about) == (TOLD[place].by, TOLD[place].about)


PLACES = _places()


def stories(count: int) -> list[list[Message]]:
    """Return so many cases, each with what the doors send of it, in the order in which it was stated."""
    told = [_renamed(one, number) for number in range(count) for one in TOLD]
    sent = letters(told, MemoryCaseStore())
    return [sent[start : start + len(TOLD)] for start in range(0, len(sent), len(TOLD))]


def _renamed(one: States, number: int) -> States:
    data = {name: _numbered(value, number) for name, value in one.data.items()}
    data |= {"corrects": f"{one.data['corrects']}-{number}"} if "corrects" in one.data else {}
    return replace(one, about=f"{one.about}-{number}", id=f"{one.id}-{number}", data=data)


def _numbered(value: Any, number: int) -> Any:
    return f"{value}-{number}" if isinstance(value, str) and value.startswith("@ref:") else value


def mixed(told: Sequence[Sequence[Message]], times: int, drawn: random.Random) -> list[Message]:
    """Return every message so many times, in an order in which a courier may bring them."""
    queues = [_delivered(one, times, drawn) for one in told]
    turns = [number for number, queue in enumerate(queues) for _ in queue]
    drawn.shuffle(turns)
    ways = [iter(queue) for queue in queues]
    return [next(ways[number]) for number in turns]


def _delivered(told: Sequence[Message], times: int, drawn: random.Random) -> list[Message]:
    """Deliver one case: each message in its turn once, again at any time later, and some also before their turn."""
    order: list[int] = []
    while len(order) < len(told):
        free = [n for n in range(len(told)) if n not in order and PLACES.before[n] <= set(order)]
        order.append(drawn.choice(free))
    moments = [(float(turn), place) for turn, place in enumerate(order)]
    for turn, place in enumerate(order):
        for _ in range(times - 1):
            early = place in PLACES.wait and drawn.random() < _EARLY
            moments.append((drawn.uniform(-1, turn) if early else drawn.uniform(turn, len(order)), place))
    return [told[place] for _, place in sorted(moments)]


def batches(messages: Sequence[Message], longest: int, drawn: random.Random) -> list[Sequence[Message]]:
    """Cut messages into batches of any length, as a consumer gets them."""
    cut: list[Sequence[Message]] = []
    start = 0
    while start < len(messages):
        end = start + drawn.randint(1, longest)
        cut.append(messages[start:end])
        start = end
    return cut
