"""No child can be followed from one audience's marks to another's, and doubles are found: the long form in short."""

from datetime import date

import pytest

from events.likeness import Child
from infra.crypto.likeness_keys import LikenessKeys
from tests.controls.invented_children import Inventor
from tests.privacy.long.matching import MOST_FOLLOWED, join_attack, main, measure

CHILDREN = 2000


def test_the_bars_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert measure(CHILDREN, seed=1).holds
    assert main(["--children", "500"]) == 0
    assert "doubles found" in capsys.readouterr().out


def test_a_key_for_both_is_seen() -> None:
    """The attack finds what there is to find: with one key the views share marks."""
    shared = LikenessKeys.draw()
    children = [Inventor(1).child()]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(LikenessKeys, "draw", lambda: shared)
        assert join_attack(children)[0] > 0


def test_a_mark_of_a_name_alone_is_seen() -> None:
    """The attack finds what there is to find: a feature that many share gives a child away."""
    inventor = Inventor(1)
    children = [inventor.child() for _ in range(CHILDREN)]
    by_name = [Child(child.name, date(2016, 9, 2)) for child in children]
    assert join_attack(by_name)[1] > MOST_FOLLOWED > join_attack(children)[1]
