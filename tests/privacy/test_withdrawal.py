"""Withdrawal acts at once: no read that begins after the acknowledgement is told anything by what was taken back.

`python -m tests.privacy.long.withdrawal` runs as many races as one has time for.
"""

from pathlib import Path

from infra.embedded.databases import Databases
from tests.privacy.races.mutants import MUTANTS, plant
from tests.privacy.races.racing import RACES, run
from tests.privacy.races.track import Lane, track_of

EACH = 4


async def test_no_read_is_told_by_what_was_taken_back_and_a_forgetful_reader_is_caught(
    databases: Databases, tmp_path: Path
) -> None:
    """Consents, agreements, purposes, sight of a case, roles; each race has reads under way when it is acknowledged."""
    lane, spare = Lane(0), Lane(1)
    assert set(MUTANTS) == set(RACES)
    async with track_of(databases, tmp_path, [lane, spare]) as track:
        for kind in RACES:
            races = await run(track, kind, [lane], EACH)
            assert [race.allowed for race in races] == [0] * EACH, kind
            assert all(race.in_flight for race in races), kind
        for kind in RACES:
            plant(track, kind)
            assert any(race.allowed for race in await run(track, kind, [spare], 2)), kind
