"""Withdrawal acts at once: no read that begins after the acknowledgement is told anything by what was taken back."""

from pathlib import Path

from infra.embedded.databases import Databases
from tests.privacy.withdrawal_races import allowed_afterwards, narrow, race, track_of

RACES = 6


async def test_no_read_is_told_by_a_consent_that_was_taken_back(databases: Databases, tmp_path: Path) -> None:
    async with track_of(databases, tmp_path, RACES) as track:
        for number in range(RACES):
            assert allowed_afterwards(*await race(track, number)) == 0


async def test_no_read_is_told_by_an_agreement_that_was_narrowed(databases: Databases, tmp_path: Path) -> None:
    async with track_of(databases, tmp_path, 0) as track:
        for number in range(RACES):
            assert allowed_afterwards(*await narrow(track, number)) == 0
