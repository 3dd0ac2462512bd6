"""Whatever keeps the key-encryption keys, a file or a token: they unwrap what they wrapped, and nothing else."""

import secrets
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import pytest

from events.labels import Category, Form
from events.parties import Agency
from infra.keys.key_encryption import FileKeys, KeyEncryption, NoSuchKeyError, Slot, WrapBroken, Wrapped
from infra.keys.token_keys import TokenKeys
from infra.settings import write_private

DATA_KEY = secrets.token_bytes(32)
SLOT: Slot = (Agency.POLICE, Category.INVESTIGATION, Form.FULL)
OTHERS: Collection[Slot] = (
    (Agency.HEALTH, Category.INVESTIGATION, Form.FULL),
    (Agency.POLICE, Category.CHILD_IDENTITY, Form.FULL),
    (Agency.POLICE, Category.INVESTIGATION, Form.SUMMARY),
)
Started = Callable[[], KeyEncryption]


@pytest.fixture(params=["file", "token"])
def started(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Started]:
    """Keeps a key for each slot; each call is as after a start of the process."""
    opened: list[TokenKeys] = []
    if request.param == "file":
        file = tmp_path / "keys.json"
        write_private(file, '{"keys": []}')

        def start() -> KeyEncryption:
            return FileKeys.read(file)
    else:
        token = request.getfixturevalue("key_token")

        def start() -> KeyEncryption:
            while opened:
                opened.pop().close()
            opened.append(TokenKeys.open(token))
            return opened[-1]

    start().draw([SLOT, *OTHERS])
    yield start
    for keys in opened:
        keys.close()


def test_what_was_wrapped_is_unwrapped(started: Started) -> None:
    wrapped = started().wrap(SLOT, DATA_KEY)
    assert DATA_KEY not in wrapped.data
    assert started().unwrap(SLOT, wrapped) == DATA_KEY


def test_another_owners_categorys_or_forms_key_does_not_unwrap(started: Started) -> None:
    keys = started()
    wrapped = keys.wrap(SLOT, DATA_KEY)
    for other in OTHERS:
        with pytest.raises(WrapBroken):
            keys.unwrap(other, wrapped)
    assert keys.unwrap(SLOT, wrapped) == DATA_KEY


def test_a_changed_wrapping_is_refused(started: Started) -> None:
    keys = started()
    wrapped = keys.wrap(SLOT, DATA_KEY)
    for data in (wrapped.data[:-1] + bytes([wrapped.data[-1] ^ 1]), wrapped.data[:-1], wrapped.data[:-8], b""):
        with pytest.raises(WrapBroken):
            keys.unwrap(SLOT, Wrapped(wrapped.version, data))
    with pytest.raises(NoSuchKeyError):
        keys.unwrap(SLOT, Wrapped(wrapped.version + 1, wrapped.data))


def test_a_slot_without_a_key_wraps_nothing(started: Started) -> None:
    with pytest.raises(NoSuchKeyError):
        started().wrap((Agency.EDUCATION, Category.SCHOOL_RECORDS, Form.FULL), DATA_KEY)


def test_a_new_version_wraps_and_the_earlier_one_goes_on_unwrapping(started: Started) -> None:
    keys = started()
    before = keys.wrap(SLOT, DATA_KEY)
    drawn = keys.draw([SLOT])
    assert keys.wrap(SLOT, DATA_KEY) == before  # it is kept for good, and wraps nothing yet
    keys.use(drawn)
    assert keys.wrap(SLOT, DATA_KEY).version == before.version + 1
    assert keys.unwrap(SLOT, before) == DATA_KEY
    after_a_start = started()
    assert after_a_start.in_use()[SLOT] == before.version + 1
    assert after_a_start.unwrap(SLOT, before) == DATA_KEY
    assert after_a_start.unwrap(SLOT, after_a_start.wrap(SLOT, DATA_KEY)) == DATA_KEY


def test_a_version_given_up_is_gone_with_the_next_start(started: Started) -> None:
    keys = started()
    before = keys.wrap(SLOT, DATA_KEY)
    keys.use(keys.draw([SLOT]))
    keys.give_up([(SLOT, before.version)])
    assert keys.versions()[SLOT] == (before.version + 1,)
    assert keys.unwrap(SLOT, before) == DATA_KEY  # read from the database just before
    with pytest.raises(NoSuchKeyError):
        started().unwrap(SLOT, before)


def test_it_shows_no_key(started: Started) -> None:
    assert repr(started()).endswith(f"Keys({1 + len(OTHERS)} keys)")
