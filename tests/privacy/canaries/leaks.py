"""What is a leak: a mark read by nobody in particular, by a reader who is not entitled to it, or when nobody may be."""

from collections.abc import Iterable

from tests.privacy.canaries.entitled import BY_KEY, entitled
from tests.privacy.canaries.finding import Found
from tests.privacy.canaries.scene import Piece
from tests.privacy.canaries.story import Story


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
    if mark is None or (piece.reader and entitled(mark, BY_KEY[piece.reader], state)):
        return None
    return f"{mark.type} {mark.field}"
