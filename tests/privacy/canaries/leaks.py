"""What is a leak: a mark read by nobody in particular, by a reader who is not entitled to it, or when nobody may be."""

from collections.abc import Iterable

from tests.privacy.canaries.entitled import BY_KEY, entitled, entitled_under_glass
from tests.privacy.canaries.finding import Found
from tests.privacy.canaries.marks import Mark
from tests.privacy.canaries.scene import Piece
from tests.privacy.canaries.story import Story
from tests.privacy.policy_table import State


def leak_of(stories: Iterable[Story], found: Found, piece: Piece) -> str | None:
    """Return what leaks when this is found in a piece; None when its reader may find it, or it is no mark of ours."""
    leaks = (_leak_of(story, found, piece) for story in stories)
    return next((leak for leak in leaks if leak), None)


def _leak_of(story: Story, found: Found, piece: Piece) -> str | None:
    if found.word in story.refused.words:
        return "what was refused"
    if found.word in story.erased:
        return "what was erased"
    mark, state = story.marks.planted.get(found.word), story.state
    if mark is None:
        mark, state = story.played.planted.get(found.word), "open"  # scenarios have their own tests of closing
    if mark is None or (piece.reader and _may_find(story, mark, piece, state)):
        return None
    return f"{mark.type} {mark.field}"


def _may_find(story: Story, mark: Mark, piece: Piece, state: State) -> bool:
    if piece.glass is None:
        return entitled(mark, BY_KEY[str(piece.reader)], state)
    seat = story.glasses.get(piece.glass)
    return seat is not None and entitled_under_glass(mark, seat)
