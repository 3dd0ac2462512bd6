"""However often one child is named: few questions at a time, and in the end what people do not part comes together."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from infra.postgres.case_batch import AlikeRow
from services.case_record.domain.compare_children import MOST_OPEN
from services.case_record.domain.proceedings import MANY_ALIKE, Match
from services.case_record.domain.streams import Stream
from tests.controls.office import Office, final_state
from tests.controls.statements import States, at, states
from tests.controls.worlds import COMMITTEE, HOSPITAL, HOTLINE, INVESTIGATORS, POLICE, SCHOOL, WORKER
from tests.fakes.memory_case_store import MemoryCaseStore

REPORTS = {
    POLICE: "police.report_received",
    SCHOOL: "education.concern_raised",
    HOSPITAL: "health.concern_raised",
    HOTLINE: "social_work.report_received",
    INVESTIGATORS: "police.report_received",
    "school_s2": "education.concern_raised",
    WORKER: "social_work.report_received",
    COMMITTEE: "social_work.report_received",
}
UNITS = list(REPORTS)
SEALERS = {POLICE, INVESTIGATORS, HOTLINE, WORKER}
ONE_COMPARISON = 2 * MOST_OPEN + 1  # each question is put to both sides, and the coordinator may be told of more
ONE_ANSWER = 2 + 2 * ONE_COMPARISON  # it is settled on both sides, and each of them has room for more


@dataclass
class Calls:
    """A case record that hears of one child again and again; `by` leads from each report to who made it."""

    store: MemoryCaseStore = field(default_factory=MemoryCaseStore)
    by: dict[str, str] = field(default_factory=dict)
    named: list[AlikeRow] = field(default_factory=list)
    orders: int = 0

    def __post_init__(self) -> None:
        self.office = Office(self.store)

    def call(self, unit: str) -> int:
        about = f"R-{len(self.by)}"
        told = states(REPORTS[unit], about, at=at("06T21:10"), by=unit)
        self.store.same_child[unit, told.id] = [row for row in self.named if row.source != unit]
        for row in self.named:
            if row.source != unit:
                self.store.same_child[row.source, row.id].append(AlikeRow(unit, told.id, about))
        self.named.append(AlikeRow(unit, told.id, about))
        self.by[about] = unit
        return self._told_by(told)

    def answer(self, about: str, match: str, *, same: bool) -> int:
        verb = "confirmed" if same else "withdrawn"
        return self._told_by(states(f"privacy.match_{verb}", about, at=at("08T09:00"), by=self.by[about], match=match))

    def seal(self, about: str, *, lift: bool) -> int:
        by = self.by[about]
        said = {} if lift else {"units_in_sight": [by]}
        type_ = "privacy.record_unsealed" if lift else "privacy.record_sealed"
        return self._told_by(states(type_, about, at=at("07T09:00"), by=by, **said))

    def matches(self, about: str) -> dict[str, Match]:
        stream = Stream("report", self.office.on[about])
        return dict(final_state(self.store, [stream])[stream].proceedings.matches)

    def open(self) -> list[tuple[str, str]]:
        """Return what was asked and not answered by the unit that was."""
        return [(a, id_) for a in self.by for id_, one in self.matches(a).items() if one.status == "suggested"]

    def names(self) -> dict[str, str]:
        """Return by which name the coordinator speaks of each report."""
        return {about: self.office.name("coordinator", about) for about in self.by}

    def notes(self, about: str) -> int:
        return [one.data.open.get("flag") for one in self.office.history(about)].count(MANY_ALIKE)

    def _told_by(self, told: States) -> int:
        """State something; return how many events of matching follow."""
        before = len(self.store.history)
        self.office.send(told)
        added = self.store.history[before:]
        follow = [one for one in added if one.type.startswith("case.match_") or b'"many_alike"' in one.recorded]
        return len(follow)


MOVES = st.tuples(
    st.sampled_from(["call", "same", "other", "seal", "lift"]),
    st.integers(0, 1_000),
)


def _play(calls: Calls, move: str, number: int) -> None:
    """Do one thing, as far as it can be done; what follows is bounded."""
    if move == "call":
        assert calls.call(UNITS[number % len(UNITS)]) <= ONE_COMPARISON
    elif move in {"seal", "lift"}:
        sealers = [about for about, by in calls.by.items() if by in SEALERS]
        if sealers:
            assert calls.seal(sealers[number % len(sealers)], lift=move == "lift") <= ONE_ANSWER
    elif open_ := calls.open():
        about, match = open_[number % len(open_)]
        assert calls.answer(about, match, same=move == "same") <= ONE_ANSWER


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2), st.integers(5, len(UNITS)), st.lists(MOVES, max_size=8))
def test_what_follows_from_a_statement_is_bounded_and_no_pair_is_lost(
    hidden: int, first: int, moves: list[tuple[str, int]]
) -> None:
    calls = Calls()
    for number in range(hidden):
        calls.call(POLICE)
        calls.seal(f"R-{number}", lift=False)
    for move, number in [*(("call", number) for number in range(first)), *moves]:
        _play(calls, move, number)
    for about, by in calls.by.items():
        if by in SEALERS:
            calls.seal(about, lift=True)
    while open_ := calls.open():
        for about, match in open_:
            assert calls.answer(about, match, same=True) <= ONE_ANSWER
    together, parted = _held_to_be_one(calls)
    for one, other in combinations(calls.by, 2):
        if calls.by[one] != calls.by[other] and together[one] != together[other]:
            assert frozenset({one, other}) in parted


def test_many_that_nobody_was_asked_about_are_asked_about_a_few_at_a_time() -> None:
    calls = Calls()
    told = [calls.call(unit) for unit in [POLICE] * (MOST_OPEN + 3) + [SCHOOL]]
    assert told == [0] * (MOST_OPEN + 3) + [ONE_COMPARISON]


def test_who_comes_when_all_are_asked_enough_is_told_of_one() -> None:
    calls = Calls()
    told = [calls.call(unit) for unit in UNITS[: MOST_OPEN + 2]]
    assert told == [*range(0, 2 * MOST_OPEN + 1, 2), 3]
    assert [calls.notes(about) for about in calls.by] == [*[0] * (MOST_OPEN + 1), 1]


def test_what_there_was_no_room_for_is_asked_once_others_are_answered() -> None:
    calls = Calls()
    for unit in UNITS:
        calls.call(unit)
    while open_ := calls.open():
        calls.answer(*open_[0], same=False)
    _, parted = _held_to_be_one(calls)
    assert len(parted) == len(UNITS) * (len(UNITS) - 1) // 2
    assert max(map(calls.notes, calls.by)) == 1


def test_a_few_that_are_held_to_be_one_are_one_question() -> None:
    calls = Calls()
    for unit in (POLICE, SCHOOL, HOSPITAL):
        calls.call(unit)
    while open_ := calls.open():
        for about, match in open_:
            calls.answer(about, match, same=True)
    assert calls.call(HOTLINE) == 2
    assert len(calls.matches("R-3")) == 1


def _held_to_be_one(calls: Calls) -> tuple[dict[str, int], set[frozenset[str]]]:
    """Return in which group each report is by what people confirmed, and which two they parted."""
    by_name = {name: about for about, name in calls.names().items()}
    links: defaultdict[str, set[str]] = defaultdict(set)
    parted: set[frozenset[str]] = set()
    for about in calls.by:
        for match in calls.matches(about).values():
            other = by_name[str(match.other)]
            if match.status == "established":
                links[about].add(other)
            if match.status == "ended":
                parted.add(frozenset({about, other}))
    group: dict[str, int] = {}
    for number, about in enumerate(calls.by):
        for found in _reached(about, links) if about not in group else ():
            group[found] = number
    return group, parted


def _reached(about: str, links: dict[str, set[str]]) -> Iterator[str]:
    seen, left = {about}, [about]
    while left:
        yield (one := left.pop())
        new = links[one] - seen
        seen |= new
        left += new
