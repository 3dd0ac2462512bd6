"""A token keeps its keys to itself, and whoever connects the wrong one is told what to do, in both languages."""

import ctypes
import secrets
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from pkcs11 import Attribute, KeyType, ObjectClass, TokenFlag
from pkcs11.exceptions import AttributeSensitive, DeviceRemoved, PKCS11Error

from events.labels import Category, Form
from events.parties import Agency
from infra.keys.key_encryption import KeysAwayError, NoSuchKeyError, Slot
from infra.keys.token_keys import TokenKeys
from infra.keys.token_texts import TokenUnusableError, token_texts
from infra.settings import KeyToken
from tests.fixtures.tokens import PIN, emptied

SLOT: Slot = (Agency.POLICE, Category.INVESTIGATION, Form.FULL)
LABEL = "chungtay/police/investigation/full"
DATA_KEY = secrets.token_bytes(32)


@pytest.fixture
def keys(key_token: KeyToken) -> Iterator[TokenKeys]:
    opened = TokenKeys.open(key_token)
    opened.use(opened.draw([SLOT]))
    yield opened
    opened.close()


def problem(token: KeyToken) -> str:
    with pytest.raises(TokenUnusableError) as told:
        TokenKeys.open(token)
    assert all(told.value.told(language) for language in ("vi", "en"))
    assert PIN not in told.value.told("en")
    return told.value.code


class TestKeys:
    def test_no_key_leaves_the_token(self, keys: TokenKeys, key_token: KeyToken) -> None:
        token = pkcs11.lib(str(key_token.module)).get_token(token_label=key_token.label)
        keys.close()
        with token.open(user_pin=PIN) as session:
            [key] = session.get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY})
            assert (key[Attribute.LABEL], key[Attribute.ID]) == (LABEL, b"1")
            assert (key[Attribute.SENSITIVE], key[Attribute.EXTRACTABLE]) == (True, False)
            with pytest.raises(AttributeSensitive):
                key[Attribute.VALUE]

    def test_no_data_key_stays_on_it(self, keys: TokenKeys, key_token: KeyToken) -> None:
        assert keys.unwrap(SLOT, keys.wrap(SLOT, DATA_KEY)) == DATA_KEY
        token = pkcs11.lib(str(key_token.module)).get_token(token_label=key_token.label)
        with token.open() as session:
            assert len(list(session.get_objects())) == 1

    @pytest.mark.parametrize(
        ("which", "code"), [({Attribute.EXTRACTABLE: True}, "key_exposed"), ({}, "key_twice")], ids=str
    )
    def test_a_key_that_was_put_there_is_refused(
        self, keys: TokenKeys, key_token: KeyToken, which: dict[Attribute, bool], code: str
    ) -> None:
        keys.close()
        token = pkcs11.lib(str(key_token.module)).get_token(token_label=key_token.label)
        with token.open(rw=True, user_pin=PIN) as session:
            kept = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
            session.generate_key(KeyType.AES, 256, label=LABEL, id=b"1", store=True, template=kept | which)
        assert problem(key_token) == code


class TestWhatIsWrong:
    def test_each_is_said_with_what_to_do(self, key_token: KeyToken, tmp_path: Path) -> None:
        def changed(**what: object) -> KeyToken:
            return key_token.model_copy(update=what)

        wrong_pin, exposed = tmp_path / "wrong", tmp_path / "exposed"
        for file, mode in ((wrong_pin, 0o600), (exposed, 0o640)):
            file.touch(mode=mode)
            file.write_text("0000")
            file.chmod(mode)
        assert problem(changed(module=tmp_path / "none.so")) == "module_missing"
        assert problem(changed(pin_file=tmp_path / "none")) == "pin_missing"
        assert problem(changed(pin_file=exposed)) == "pin_exposed"
        assert problem(changed(pin_file=wrong_pin)) == "pin_wrong"
        assert problem(changed(label="another")) == "token_absent"

    def test_every_text_is_there_in_both_languages(self) -> None:
        assert all(text.keys() == {"vi", "en"} and all(text.values()) for text in token_texts().values())


def test_a_token_that_failed_is_logged_in_to_anew(keys: TokenKeys, key_token: KeyToken) -> None:
    wrapped = keys.wrap(SLOT, DATA_KEY)
    pkcs11.lib(str(key_token.module)).reinitialize()  # as when the device was restarted: every session is gone
    with pytest.raises(KeysAwayError) as away:
        keys.unwrap(SLOT, wrapped)
    assert isinstance(away.value.__cause__, PKCS11Error)
    assert keys.unwrap(SLOT, wrapped) == DATA_KEY
    emptied(key_token)


def test_keys_that_are_gone_after_an_outage_are_waited_for(keys: TokenKeys, key_token: KeyToken) -> None:
    wrapped = keys.wrap(SLOT, DATA_KEY)
    emptied(key_token)
    with pytest.raises(KeysAwayError):
        keys.unwrap(SLOT, wrapped)
    for _ in range(2):
        with pytest.raises(TokenUnusableError) as gone:
            keys.unwrap(SLOT, wrapped)
        assert gone.value.code == "keys_gone"


def test_a_key_that_was_destroyed_while_the_token_failed_is_not_waited_for(
    keys: TokenKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = keys.wrap(SLOT, DATA_KEY)
    keys.use(keys.draw([SLOT]))
    wrapped = keys.wrap(SLOT, DATA_KEY)

    on_the_token: Any = import_module("pkcs11._pkcs11").Object  # what every key there is, at run time
    destroy = on_the_token.destroy

    def destroyed_and_silent(key: pkcs11.Object) -> None:
        destroy(key)
        raise DeviceRemoved

    with monkeypatch.context() as failing:
        failing.setattr(on_the_token, "destroy", destroyed_and_silent)
        with pytest.raises(KeysAwayError):
            keys.give_up([(SLOT, 1)])
    keys.give_up([(SLOT, 1)])
    assert keys.versions()[SLOT] == (2,)
    assert keys.unwrap(SLOT, wrapped) == DATA_KEY
    with pytest.raises(NoSuchKeyError):
        keys.unwrap(SLOT, earlier)


def test_a_refused_pin_is_not_tried_again_until_another_is_in_the_file(key_token: KeyToken, tmp_path: Path) -> None:
    pin_file = tmp_path / "pin"
    pin_file.touch(mode=0o600)
    pin_file.write_text(PIN)
    keys = TokenKeys.open(key_token.model_copy(update={"pin_file": pin_file}))
    keys.use(keys.draw([SLOT]))
    wrapped = keys.wrap(SLOT, DATA_KEY)
    keys.close()

    def is_refused() -> None:
        with pytest.raises(TokenUnusableError) as refused:
            keys.unwrap(SLOT, wrapped)
        assert refused.value.code == "pin_wrong"

    pin_file.write_text("0000")
    is_refused()
    assert has_been_tried(key_token)
    assert open_sessions(key_token) == 0
    pkcs11.lib(str(key_token.module)).get_token(token_label=key_token.label).open(user_pin=PIN).close()
    assert not has_been_tried(key_token)
    is_refused()
    assert not has_been_tried(key_token)
    pin_file.write_text(PIN)
    assert keys.unwrap(SLOT, wrapped) == DATA_KEY
    assert open_sessions(key_token) == 1
    keys.close()


def has_been_tried(token: KeyToken) -> bool:
    """Say whether the token met a wrong PIN since the last right one."""
    found = pkcs11.lib(str(token.module)).get_token(token_label=token.label)
    return TokenFlag.USER_PIN_COUNT_LOW in found.flags


def open_sessions(token: KeyToken) -> int:
    """Ask the module itself, handle by handle: the library has no question for it."""
    module, info = ctypes.CDLL(str(token.module)), (ctypes.c_ulong * 4)()
    return sum(module.C_GetSessionInfo(ctypes.c_ulong(handle), info) == 0 for handle in range(1, 1_000))
