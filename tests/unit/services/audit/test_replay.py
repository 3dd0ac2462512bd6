"""A case as it was: what had occurred by then, of what was known by then."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from events.chain import GENESIS, Way, link
from events.parties import Audience
from infra.postgres.audit_reader import PairRow
from projections.disclosure.packaged import packaged_agreement
from projections.rebuild import rebuild
from services.audit.replay import Moments, known, linked_streams, replay, same_as_rebuilt
from services.audit.verify import Break, verdict_on
from tests.controls.recorded import CASE, REPORT, START, joined, stream_of

AGREEMENT = packaged_agreement()
HOUR = timedelta(hours=1)

# Closed in the third hour; what was stated fourth occurred in the first.
EVENTS = stream_of(
    [
        ("case.case_opened.v1", {"time": START}),
        joined("case_manager", "child_protection_00340", "A"),
        ("case.case_closed.v1", {"time": START + 3 * HOUR, "recordedtime": START + 3 * HOUR}),
        ("case.stage_entered.v1", {"time": START + HOUR, "recordedtime": START + 4 * HOUR}),
    ]
)
STREAMS = {CASE: EVENTS}


def at(as_of: datetime, known_at: datetime) -> Any:
    replayed = replay(CASE, known(STREAMS, Moments(as_of, known_at)), Audience.CASE_MANAGER, AGREEMENT)
    return replayed.file


class TestMoments:
    def test_as_of_leaves_out_what_occurred_later(self) -> None:
        file = at(START + 2 * HOUR, START + 9 * HOUR)
        assert (file.status, file.stage) == ("open", "initial_assessment")

    def test_known_at_leaves_out_what_was_recorded_later(self) -> None:
        file = at(START + 9 * HOUR, START + 3 * HOUR)
        assert (file.status, file.stage) == ("closed", "closed")

    def test_both_together(self) -> None:
        file = at(START + 2 * HOUR, START + 3 * HOUR)
        assert (file.status, file.stage) == ("open", None)

    def test_who_had_not_joined_by_then_was_told_nothing(self) -> None:
        assert at(START, START + 9 * HOUR) is None
        assert replay(CASE, STREAMS, Audience.POLICE, AGREEMENT).entries == ()

    def test_links_name_both_ends(self) -> None:
        assert linked_streams(stream_of([("case.report_linked.v1", {})])) == {CASE, REPORT}


AUDITED = {CASE: stream_of([("case.case_opened.v1", {}), joined("auditor", None, "A", "standing")])}


class TestTheViewAndTheRegister:
    def test_equal(self) -> None:
        made = rebuild(Audience.AUDITOR, AUDITED[CASE], AGREEMENT)
        assert made.file
        assert same_as_rebuilt([made.file], made.entries, AUDITED, AGREEMENT) is True

    def test_another_entry(self) -> None:
        made = rebuild(Audience.AUDITOR, AUDITED[CASE], AGREEMENT)
        assert made.file
        assert same_as_rebuilt([made.file], made.entries[:1], AUDITED, AGREEMENT) is False

    def test_a_view_that_is_behind(self) -> None:
        made = rebuild(Audience.AUDITOR, AUDITED[CASE], AGREEMENT)
        assert made.file
        behind = made.file.model_copy(update={"version": 1})
        assert same_as_rebuilt([behind], made.entries, AUDITED, AGREEMENT) is None


async def rows(found: Iterable[PairRow]) -> AsyncIterator[PairRow]:
    for row in found:
        yield row


def pairs() -> list[PairRow]:
    previous, made = GENESIS, []
    for version in (1, 2, 3):
        recorded = f'{{"id":"e-{version}","type":"t"}}'.encode()
        previous = link(previous, CASE, version, recorded)
        made.append(PairRow(CASE, version, recorded, previous, None, "t", Way.DIGESTS))
    return made


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda p: p, None),
        (lambda p: [p[0], p[2]], Break(CASE, 2, None, "missing")),
        (
            lambda p: [*p[:2], PairRow(CASE, 3, None, p[2].digest, "s-3", None, Way.DIGESTS)],
            Break(CASE, 3, "s-3", "missing"),
        ),
        (
            lambda p: [p[0], PairRow(CASE, 2, p[1].recorded, None, None, "t", None), p[2]],
            Break(CASE, 2, "e-2", "unlinked"),
        ),
        (
            lambda p: [p[0], PairRow(CASE, 2, b"{}", p[1].digest, None, "t", Way.DIGESTS), p[2]],
            Break(CASE, 2, None, "changed"),
        ),
        (lambda p: [replace(p[0], type="u"), *p[1:]], Break(CASE, 1, "e-1", "renamed")),
        (lambda p: [*p[:2], PairRow(CASE, 3, None, None, None, None, None)], Break(CASE, 3, None, "missing")),
        (
            lambda p: [PairRow(CASE, 1, b"\xff", p[0].digest, None, "t", Way.DIGESTS), *p[1:]],
            Break(CASE, 1, None, "changed"),
        ),
        (
            lambda p: [PairRow(CASE, 1, b"[]", p[0].digest, None, "t", Way.DIGESTS), *p[1:]],
            Break(CASE, 1, None, "changed"),
        ),
    ],
)
async def test_the_first_break_is_named(change: Any, expected: Break | None) -> None:
    verdict = await verdict_on(rows(change(pairs())))
    assert verdict.first_break == expected
    assert verdict.streams == 1


async def test_the_first_of_several_breaks_counts() -> None:
    broken = [
        PairRow(CASE, 1, b"{}", pairs()[0].digest, None, "t", Way.DIGESTS),
        PairRow(REPORT, 2, b"{}", b"", None, "t", Way.DIGESTS),
    ]
    assert (await verdict_on(rows(broken))).first_break == Break(CASE, 1, None, "changed")


async def test_no_history_holds() -> None:
    verdict = await verdict_on(rows([]))
    assert (verdict.streams, verdict.events, verdict.first_break) == (0, 0, None)
