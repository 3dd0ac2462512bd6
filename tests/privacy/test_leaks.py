"""A mark counts as leaked wherever section D does not give it to who found it; each reason is seen to count here."""

from dataclasses import replace
from pathlib import Path

import pytest

from events.labels import Category
from infra.clock import SimulatedClock
from tests.controls.examples import example_data
from tests.controls.worlds import HOSPITAL
from tests.privacy.canaries.desks import Desks
from tests.privacy.canaries.entitled import BY_KEY, entitled_under_glass, readers_of
from tests.privacy.canaries.finding import Found
from tests.privacy.canaries.leaks import leak_of
from tests.privacy.canaries.marks import Mark, Marks
from tests.privacy.canaries.planting import plant
from tests.privacy.canaries.scene import Piece
from tests.privacy.canaries.search import Outcome
from tests.privacy.canaries.story import Story

EXAM = "health.medical_exam_completed.v1"


@pytest.fixture
def story(tmp_path: Path) -> Story:
    story = Story(Desks(tmp_path), SimulatedClock(tmp_path / "clock"), Marks(1), Marks(2), Marks(3))
    plant(story.marks, HOSPITAL, EXAM, example_data(EXAM))
    return story


def a_mark(story: Story) -> Mark:
    """Return a mark that health may find while the case is open, and education never."""
    found = next(mark for mark in story.marks.planted.values() if "health" in readers_of(mark))
    assert "education" not in readers_of(found)
    return found


def leaks(story: Story, word: str, reader: str | None = None) -> bool:
    return leak_of([story], Found(word, "raw"), Piece("somewhere", b"", reader)) is not None


def test_it_leaks_to_whoever_section_d_does_not_give_it(story: Story) -> None:
    mark = a_mark(story)
    assert {key for key in BY_KEY if not leaks(story, mark.word, key)} == readers_of(mark)


def test_it_leaks_where_it_was_read_as_nobody_in_particular(story: Story) -> None:
    assert leaks(story, a_mark(story).word)


def test_it_leaks_to_who_could_see_it_while_the_case_was_open(story: Story) -> None:
    mark = a_mark(story)
    story.state = "closed"
    assert {key for key in BY_KEY if not leaks(story, mark.word, key)} == readers_of(mark, "closed") < readers_of(mark)


def test_under_a_glass_it_leaks_but_to_who_broke_that_of_its_own_case(story: Story) -> None:
    mark, breaker = a_mark(story), BY_KEY["health"]
    story.glasses["of this case"] = breaker
    pieces = {glass: Piece("somewhere", b"", "health", glass) for glass in ("of this case", "of another")}
    found = {glass for glass, piece in pieces.items() if leak_of([story], Found(mark.word, "raw"), piece)}
    assert found == {"of another"}
    assert not entitled_under_glass(replace(mark, category=Category.HIV_STATUS), breaker)
    assert not entitled_under_glass(replace(mark, told_to=frozenset({"health"})), breaker)


def test_what_was_erased_or_refused_leaks_to_everybody(story: Story) -> None:
    word = a_mark(story).word
    story.erased.add(word)
    assert leaks(story, word, "health")
    assert leaks(story, story.next_refused(), "health")


def test_what_nobody_drew_is_no_leak(story: Story) -> None:
    assert not leaks(story, Marks(9).draw())


def test_a_mark_that_one_of_its_readers_did_not_find_is_missed(story: Story) -> None:
    mark = a_mark(story)
    outcome = Outcome(shown={(mark.word, reader) for reader in readers_of(mark) - {"health"}})
    assert outcome.not_shown([mark]) == [f"not found: {EXAM} {mark.field}, health"]
