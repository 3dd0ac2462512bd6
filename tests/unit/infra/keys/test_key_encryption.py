"""The file of key-encryption keys: whole, private, and taken over from earlier releases."""

import json
import secrets
from pathlib import Path

import pytest

from events.labels import Category, Form
from events.parties import Agency
from infra.keys.key_encryption import SEALED_CATEGORIES, FileKeys, Slot, make_file_keys
from infra.settings import KeysExposed

DATA_KEY = secrets.token_bytes(32)
SLOT: Slot = (Agency.POLICE, Category.INVESTIGATION, Form.FULL)


def made(directory: Path) -> FileKeys:
    return FileKeys.read(make_file_keys(directory, tuple(Agency)))


def test_there_is_a_key_for_whatever_may_be_sealed_and_the_next_start_has_the_same(tmp_path: Path) -> None:
    wrapped = made(tmp_path).wrap(SLOT, DATA_KEY)
    again = made(tmp_path)
    assert again.lacking((a, c, form) for a in Agency for c in SEALED_CATEGORIES for form in Form) == []
    assert again.unwrap(SLOT, wrapped) == DATA_KEY


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
