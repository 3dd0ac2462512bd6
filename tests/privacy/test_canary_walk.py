"""The canary walk, short form: marks in every sealed text, every surface searched, a hundred leaks planted and caught.

Of two children one is erased once everybody read it: then its marks are nowhere, the other's where they were.
One platform is started, on which every type that an agency can state is stated over and over; `make privacy` does it
with 10,000 marks and plays both scenarios before.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from events.labels import Category
from tests.controls.examples import AGENCY_TYPES
from tests.privacy.canaries.encodings import ENCODINGS
from tests.privacy.canaries.search import MUTANTS, Mutant, Outcome, end_and_search
from tests.privacy.canaries.story import Story
from tests.privacy.canaries.surfaces import SURFACES, TOLD
from tests.privacy.canaries.walk import walked

pytestmark = [pytest.mark.walk, pytest.mark.timeout(900)]

MARKS = 2000


@dataclass(frozen=True)
class Searched:
    """What came of the walk: of a child that stays, and of one of whom a court lets everything go."""

    story: Story
    gone: Story
    mutants: list[Mutant]
    outcome: Outcome


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searched]:
    with walked(tmp_path_factory.mktemp("canaries"), MARKS) as scene:
        yield Searched(scene.story, scene.gone, *end_and_search(scene))


def test_every_type_was_recorded_and_the_marks_are_many(searched: Searched) -> None:
    recorded = {type_ for (_, type_), fate in searched.story.fates.items() if fate == "recorded"}
    assert recorded == set(AGENCY_TYPES)
    assert len(searched.story.marks.planted) + len(searched.gone.marks.planted) >= MARKS


def test_every_surface_was_searched(searched: Searched) -> None:
    assert SURFACES.keys() == TOLD.keys()
    assert [name for name in TOLD if not searched.outcome.bytes_searched[name]] == []


def test_no_mark_was_found_where_nobody_is_entitled_to_it(searched: Searched) -> None:
    assert searched.outcome.leaks == []


def test_every_mark_was_found_by_every_reader_who_is_entitled_to_it(searched: Searched) -> None:
    for story in (searched.story, searched.gone):
        assert searched.outcome.not_shown(story.marks.planted.values()) == []


def test_whoever_broke_a_glass_found_every_mark_that_it_opens(searched: Searched) -> None:
    for story in (searched.story, searched.gone):
        assert searched.outcome.not_shown_under_glass(story) == []


def test_of_a_child_that_was_erased_every_mark_is_gone_and_whatever_was_kept_of_it_is_caught(
    searched: Searched,
) -> None:
    gone, kept = searched.gone, {one.surface for one in searched.mutants if one.word in searched.gone.erased}
    stays = {mark.category for word, mark in gone.marks.planted.items() if word not in gone.erased}
    assert stays == {Category.ACCESS_LOG}
    assert kept == SURFACES.keys()
    assert len(gone.erased) > len(gone.marks.planted) / 2


def test_nothing_of_the_other_child_was_lost_and_every_chain_verifies(searched: Searched) -> None:
    assert searched.outcome.lost(searched.story) == []
    assert searched.outcome.holds


def test_every_planted_leak_was_caught(searched: Searched) -> None:
    assert len(searched.mutants) == MUTANTS
    assert {one.surface for one in searched.mutants} == SURFACES.keys()
    assert {one.encoding for one in searched.mutants} == ENCODINGS.keys()
    assert searched.outcome.missed(searched.mutants) == []
