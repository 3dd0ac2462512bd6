"""Marks agree for one recipient and one child, and for nobody and nothing else."""

import stat
from datetime import date
from pathlib import Path

import pytest

from events.likeness import Child, Feature
from events.parties import Audience
from infra.crypto.likeness_keys import MATCHING, LikenessKeys, make_likeness_keys, search_recipient
from infra.settings import KeysExposed

CHILD = Child("Thử Đặng Một", date(2016, 9, 2), "SO-DINH-DANH 01")
FEATURES = list(Feature)


def test_one_child_has_the_same_marks_and_another_has_none_of_them() -> None:
    keys = LikenessKeys.draw()
    assert keys.marks(CHILD) == keys.marks(Child("MỘT thử đặng", CHILD.birth_date, "so dinh danh 01"))
    other = Child("Thử Đặng Hai", date(2015, 9, 2), "SO-DINH-DANH 02")
    assert set(keys.marks(CHILD).marks).isdisjoint(keys.marks(other).marks)


def test_two_recipients_share_no_mark() -> None:
    assert set(LikenessKeys.draw().marks(CHILD).marks).isdisjoint(LikenessKeys.draw().marks(CHILD).marks)


def test_what_is_not_known_is_marked_by_chance() -> None:
    keys = LikenessKeys.draw()
    once, again = keys.marks(Child("Thử Đặng Một")), keys.marks(Child("Thử Đặng Một"))
    assert len(once.marks) == len(keys.marks(CHILD).marks) == len(FEATURES)
    assert {len(mark) for mark in once.marks} == {len(mark) for mark in keys.marks(CHILD).marks}
    assert set(once.marks).isdisjoint(again.marks)
    assert keys.sought(Child("Thử Đặng Một")) == ()


def test_the_features_of_one_child_share_no_mark() -> None:
    assert len(set(LikenessKeys.draw().marks(Child("A", date(2016, 9, 2))).marks)) == len(FEATURES)


def test_the_surest_feature_is_sought_first_under_every_key() -> None:
    first = LikenessKeys.draw()
    before, both = first.marks(CHILD), first.rotated()
    after = both.marks(CHILD)
    assert (before.key_version, after.key_version) == (1, 2)
    assert set(before.marks).isdisjoint(after.marks)
    sought = both.sought(CHILD)
    assert sought[:2] == (before.marks[0], after.marks[0])
    assert set(sought) == {*before.marks, *after.marks}


def test_keys_are_drawn_once_and_are_read_by_their_owner_alone(tmp_path: Path) -> None:
    made = make_likeness_keys(tmp_path, [Audience.POLICE])
    recipient = search_recipient(Audience.POLICE)
    assert set(made) == {recipient, MATCHING}
    file = made[recipient]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    assert make_likeness_keys(tmp_path, [Audience.POLICE])[recipient].read_bytes() == before
    assert LikenessKeys.read(file).marks(CHILD) == LikenessKeys.read(file).marks(CHILD)
    file.chmod(0o640)
    with pytest.raises(KeysExposed):
        LikenessKeys.read(file)
