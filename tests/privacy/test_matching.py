"""No child can be followed from one audience's marks to another's, and doubles are found: the long form in short."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import date

import pytest

from events.likeness import Child
from infra.crypto.likeness_keys import LikenessKeys
from infra.embedded.databases import Databases
from tests.controls.invented_children import Inventor
from tests.fixtures.databases import DatabasesServer
from tests.privacy.long import matching
from tests.privacy.long.matching import MOST_FOLLOWED, find_doubles, join_attack, main

CHILDREN = 2000


def test_the_bars_hold(
    databases_server: DatabasesServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = databases_server.copy()
    monkeypatch.setattr(matching, "running_server", lambda: nullcontext(replace(databases_server, template=own)))
    assert main(["--children", str(CHILDREN)]) == 0
    databases_server.drop(own)
    assert "doubles found" in capsys.readouterr().out


def test_a_double_that_is_another_child_is_not_found(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Inventor, "double", lambda inventor, *_: inventor.child())
    inventor = Inventor(1)
    assert find_doubles([inventor.child() for _ in range(100)], inventor, databases) == (0, 0)


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
