"""Break-glass in the story: broken and tried, each time explained in words that are marks of their own."""

import json
from dataclasses import replace

import httpx

from events.glass import GlassBroken
from events.labels import Category, Person
from services.cli.demo.sights import SEATS, Seat
from services.reading.breaking import GLASS_PART
from tests.controls.worlds import WORKER
from tests.privacy.canaries.marks import Mark, text_of
from tests.privacy.canaries.planting import TOGETHER
from tests.privacy.canaries.scene import Scene
from tests.privacy.canaries.story import Story

# In the order of breaking: a person who guesses too often is answered no more.
BREAKERS = tuple(
    replace(seat, purpose="emergency") for seat in SEATS if seat.key in {"police", "health", "case_manager"}
)
_REVIEWER = next(seat for seat in SEATS if seat.key == "case_manager")
_OF_A_CASE, _OF_NONE = frozenset({"case_manager", "auditor"}), frozenset({"auditor"})


def asked_of(unit: str, reference: str, explanation: str, **more: str) -> bytes:
    """Return what somebody sends who breaks a glass."""
    told = {"unit": unit, "reference": reference, "reason": "danger_to_life", "explanation": explanation}
    return json.dumps(told | more, ensure_ascii=False).encode()


def break_glasses(scene: Scene) -> None:
    """Break the glass of both cases as whoever may, have one reviewed, and try it of a case that there is not."""
    story = scene.story
    broken = [_broken(scene, told, seat) for told in scene.stories for seat in BREAKERS if seat.key != _REVIEWER.key]
    review = f"/v1/break-glass/{min(story.glasses)}/review"
    reviewed = scene.post(_REVIEWER, review, b'{"outcome": "justified"}')
    tried = [_explained(scene, seat, "KHONG-CO", _OF_NONE) for seat in BREAKERS]
    told = [answer.text for answer in (reviewed, *tried)]
    assert (reviewed.status_code, {answer.status_code for answer in tried}) == (200, {404}), told
    story.answers += [answer.content for answer in (*broken, reviewed, *tried)]


def _broken(scene: Scene, story: Story, seat: Seat) -> httpx.Response:
    """Break the glass of a story's case, and keep by which name its breaker reads on."""
    answer = _explained(scene, seat, story.references[WORKER], _OF_A_CASE)
    assert answer.status_code == 200, answer.text
    story.glasses[answer.json()["glass"]] = seat
    return answer


def _explained(scene: Scene, seat: Seat, reference: str, told_to: frozenset[str]) -> httpx.Response:
    """Ask for the glass of a case to be broken, with words that some readers are told."""
    marks = scene.story.marks
    words = tuple(marks.draw() for _ in range(TOGETHER))
    place = (GlassBroken.TYPE, seat.unit, "explanation", Category.ACCESS_LOG, GLASS_PART, Person.CHILD)
    marks.planted |= {word: Mark(word, *place, told_to=told_to, beside=words) for word in words}
    return scene.post(seat, "/v1/break-glass", asked_of(WORKER, reference, text_of(*words)))
