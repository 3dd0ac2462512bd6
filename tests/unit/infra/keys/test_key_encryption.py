"""Key-encryption keys unwrap what they wrapped and nothing else; keys once drawn stay, also through a rotation."""

import json
import secrets
from pathlib import Path

import pytest

from events.labels import Category, Form
from events.parties import Agency
from infra.keys.key_encryption import (
    SEALED_CATEGORIES,
    FileKeys,
    NoSuchKeyError,
    Slot,
    WrapBroken,
    Wrapped,
    make_file_keys,
)
from infra.settings import KeysExposed

DATA_KEY = secrets.token_bytes(32)
SLOT: Slot = (Agency.POLICE, Category.INVESTIGATION, Form.FULL)


def made(directory: Path) -> FileKeys:
    return FileKeys.read(make_file_keys(directory, tuple(Agency)))


def test_what_was_wrapped_is_unwrapped(tmp_path: Path) -> None:
    keys = made(tmp_path)
    assert keys.unwrap(SLOT, keys.wrap(SLOT, DATA_KEY)) == DATA_KEY


@pytest.mark.parametrize(
    "other",
    [
        (Agency.HEALTH, Category.INVESTIGATION, Form.FULL),
        (Agency.POLICE, Category.CHILD_IDENTITY, Form.FULL),
        (Agency.POLICE, Category.INVESTIGATION, Form.SUMMARY),
    ],
)
def test_another_owners_categorys_or_forms_key_does_not_unwrap(tmp_path: Path, other: Slot) -> None:
    keys = made(tmp_path)
    with pytest.raises(WrapBroken):
        keys.unwrap(other, keys.wrap(SLOT, DATA_KEY))


def test_a_changed_wrapping_is_refused(tmp_path: Path) -> None:
    keys = made(tmp_path)
    wrapped = keys.wrap(SLOT, DATA_KEY)
    with pytest.raises(WrapBroken):
        keys.unwrap(SLOT, Wrapped(wrapped.version, wrapped.data[:-1] + bytes([wrapped.data[-1] ^ 1])))
    with pytest.raises(NoSuchKeyError):
        keys.unwrap(SLOT, Wrapped(wrapped.version + 1, wrapped.data))


def test_there_is_a_key_for_whatever_may_be_sealed_and_the_next_start_has_the_same(tmp_path: Path) -> None:
    wrapped = made(tmp_path).wrap(SLOT, DATA_KEY)
    again = made(tmp_path)
    assert again.lacking((a, c, form) for a in Agency for c in SEALED_CATEGORIES for form in Form) == []
    assert again.unwrap(SLOT, wrapped) == DATA_KEY


def test_a_new_version_wraps_and_the_earlier_one_goes_on_unwrapping(tmp_path: Path) -> None:
    keys = made(tmp_path)
    before = keys.wrap(SLOT, DATA_KEY)
    drawn = keys.draw([SLOT])
    assert keys.wrap(SLOT, DATA_KEY) == before  # it is on disk, and wraps nothing yet
    keys.use(drawn)
    for after_a_start in (keys, made(tmp_path)):
        assert after_a_start.in_use()[SLOT] == before.version + 1
        assert after_a_start.unwrap(SLOT, before) == DATA_KEY
        assert after_a_start.unwrap(SLOT, after_a_start.wrap(SLOT, DATA_KEY)) == DATA_KEY


def test_a_version_given_up_is_gone_with_the_next_start(tmp_path: Path) -> None:
    keys = made(tmp_path)
    before = keys.wrap(SLOT, DATA_KEY)
    keys.use(keys.draw([SLOT]))
    keys.give_up([(SLOT, before.version)])
    assert keys.versions()[SLOT] == (before.version + 1,)
    assert keys.unwrap(SLOT, before) == DATA_KEY  # read from the database just before
    with pytest.raises(NoSuchKeyError):
        made(tmp_path).unwrap(SLOT, before)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_keys_that_others_may_read_are_refused(tmp_path: Path, mode: int) -> None:
    file = make_file_keys(tmp_path, tuple(Agency))
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(mode)
    with pytest.raises(KeysExposed):
        FileKeys.read(file)


def test_the_rings_of_an_earlier_release_go_on_opening_and_are_gone(tmp_path: Path) -> None:
    kept = made(tmp_path)
    wrapped = kept.wrap(SLOT, DATA_KEY)
    whole = tmp_path / "key_encryption_keys.json"
    rows = [{k: v for k, v in row.items() if k != "version"} for row in json.loads(whole.read_bytes())["keys"]]
    older = tmp_path / "older"
    older.mkdir()
    for name in ("door.police.json", "audience.police.json"):
        (older / name).write_text(json.dumps({"keys": [row for row in rows if row["owner"] == "police"]}))
        (older / name).chmod(0o600)
    assert made(older).unwrap(SLOT, wrapped) == DATA_KEY
    assert {file.name for file in older.iterdir()} == {"key_encryption_keys.json"}


def test_it_shows_no_key(tmp_path: Path) -> None:
    keys = made(tmp_path)
    assert repr(keys) == f"FileKeys({len(Agency) * len(SEALED_CATEGORIES) * len(Form)} keys)"
