"""Key-encryption keys on a hardware module: a PKCS#11 token draws them, wraps and unwraps with them, and keeps them.

Promise: no key-encryption key is ever in this process's memory, and one that could leave the token is refused. A data
key is handed in to be wrapped and out when it was unwrapped, by AES key wrap (RFC 3394), as the file does.
Shape on the token: AES-256 secret keys, label `chungtay/<owner>/<category>/<form>`, id the version as digits.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Protocol, cast

from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass, PKCS11Error, Session
from pkcs11.exceptions import (
    EncryptedDataInvalid,
    EncryptedDataLenRange,
    GeneralError,
    WrappedKeyInvalid,
    WrappedKeyLenRange,
)

from events.labels import Form
from events.parties import Agency
from infra.keys.key_encryption import (
    FIRST_VERSION,
    KEY_BYTES,
    SEALED_CATEGORIES,
    KeysAwayError,
    NoSuchKeyError,
    Slot,
    WrapBroken,
    Wrapped,
)
from infra.keys.token_login import TokenLogin
from infra.keys.token_texts import TokenUnusableError
from infra.settings import KeyToken

_LABELS = {f"chungtay/{a}/{c}/{f}": (a, c, f) for a in Agency for c in SEALED_CATEGORIES for f in Form}
_KEPT = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
_PASSING = {Attribute.SENSITIVE: False, Attribute.EXTRACTABLE: True}  # of a data key, for the length of one call
# What modules answer to a wrapping that is not whole; SoftHSM answers so to much else, too.
_UNSOUND = (WrappedKeyInvalid, WrappedKeyLenRange, EncryptedDataInvalid, EncryptedDataLenRange, GeneralError)


class _Kept(Protocol):
    """A key on the token as it is used here; the library puts its classes together only at run time."""

    def __getitem__(self, attribute: Attribute) -> Any: ...
    def copy(self, attrs: dict[Attribute, Any]) -> Any: ...
    def destroy(self) -> None: ...
    def wrap_key(self, key: Any, mechanism: Mechanism) -> bytes: ...
    def unwrap_key(self, *what: Any, mechanism: Mechanism, store: bool, template: dict[Attribute, bool]) -> "_Kept": ...


class TokenKeys:
    """Key-encryption keys on a token; what the token says is the truth. After an outage the next call logs in anew."""

    def __init__(self, token: KeyToken) -> None:
        self._token = token
        self._login = TokenLogin(token)
        self._session: Session | None = None
        self._keys: dict[Slot, dict[int, _Kept]] = {}
        self._in_use: dict[Slot, int] = {}
        self._given_up: dict[tuple[Slot, int], _Kept] = {}  # copies that the token drops with this session

    def __repr__(self) -> str:
        """Tell how many keys there are, never which."""
        return f"TokenKeys({sum(map(len, self._keys.values()))} keys)"

    @classmethod
    def open(cls, token: KeyToken) -> "TokenKeys":
        """Log in to the token and find the keys on it.

        Raises:
            TokenUnusableError: saying what is wrong and what to do.
        """
        keys = cls(token)
        with _at_the_token():
            keys._log_in()
        return keys

    def close(self) -> None:
        """Log out; what is given up until then is gone for good."""
        session, self._session = self._session, None
        if session is not None:
            with suppress(PKCS11Error):
                session.close()

    def wrap(self, slot: Slot, key: bytes) -> Wrapped:
        """Wrap a data key with the version in use.

        Raises:
            NoSuchKeyError: if there is no key for this slot.
            KeysAwayError: if the token does not answer.
        """
        with self._reached() as session:
            version = self._in_use.get(slot, 0)
            return Wrapped(version, _wrapped(session, self._key(slot, version), key))

    def unwrap(self, slot: Slot, wrapped: Wrapped) -> bytes:
        """Unwrap a data key with the version that wrapped it.

        Raises:
            NoSuchKeyError: if there is no such version.
            WrapBroken: if the wrapped key is not whole or was wrapped for another slot.
            KeysAwayError: if the token does not answer.
        """
        with self._reached() as session:
            key = self._key(slot, wrapped.version)
            try:
                return _unwrapped(key, wrapped.data)
            except _UNSOUND:
                _unwrapped(key, _wrapped(session, key, bytes(KEY_BYTES)))  # else it is the token that is not well
                raise WrapBroken(" ".join(slot)) from None

    def versions(self) -> Mapping[Slot, Collection[int]]:
        """Return the versions that there are of each slot's key."""
        return {slot: tuple(sorted(versions)) for slot, versions in self._keys.items()}

    def in_use(self) -> Mapping[Slot, int]:
        """Return the version of each slot's key that wraps."""
        return dict(self._in_use)

    def draw(self, slots: Collection[Slot]) -> Mapping[Slot, int]:
        """Have the token draw the next version for each slot; it is kept when this returns, and wraps once in use.

        Raises:
            KeysAwayError: if the token does not answer; what it drew until then is there after the next start.
        """
        drawn: dict[Slot, int] = {}
        with self._reached() as session:
            for slot in slots:
                version = max(self._keys.get(slot, {}), default=FIRST_VERSION - 1) + 1
                self._keys.setdefault(slot, {})[version] = _drawn(session, slot, version)
                drawn[slot] = version
        return drawn

    def use(self, versions: Mapping[Slot, int]) -> None:
        """Wrap with these versions from now on; after a start, the newest is in use."""
        self._in_use.update(versions)

    def give_up(self, versions: Collection[tuple[Slot, int]]) -> None:
        """Destroy versions on the token; until the next start they still unwrap what was read just before.

        Raises:
            KeysAwayError: if the token does not answer; what is left there is given up by the next step.
        """
        with self._reached():
            for slot, version in versions:
                key = self._keys[slot].get(version)
                if key is None:
                    continue  # destroyed by an earlier try, which the token did not live to tell
                self._given_up[slot, version] = key.copy({Attribute.TOKEN: False})
                key.destroy()
                del self._keys[slot][version]

    def _key(self, slot: Slot, version: int) -> _Kept:
        """Return a key on the token.

        Raises:
            NoSuchKeyError: if there is none.
        """
        key = self._keys.get(slot, {}).get(version) or self._given_up.get((slot, version))
        if key is None:
            raise NoSuchKeyError(" ".join(slot))
        return key

    def _log_in(self) -> Session:
        """Log in and find the keys.

        Raises:
            TokenUnusableError: saying what is wrong and what to do.
        """
        session = self._login.session()
        try:
            found = _found(session)
            self._refuse_if_gone(found)
        except BaseException:
            session.close()
            raise
        self._keys, self._given_up = found, {}
        newest = {slot: max(versions) for slot, versions in self._keys.items()}
        # What was drawn and not yet noted must not wrap because the token was away in between.
        self._in_use = {slot: self._in_use.get(slot, version) for slot, version in newest.items()}
        self._session = session
        return session

    def _refuse_if_gone(self, found: Mapping[Slot, Collection[int]]) -> None:
        """Look for what was known until now and not given up.

        Raises:
            TokenUnusableError: if any of it is not found any more.
        """
        known = {(slot, version) for slot, versions in self._keys.items() for version in versions}
        # What is in `_given_up` may be destroyed already: it goes there first.
        if any(version not in found.get(slot, ()) for slot, version in known - self._given_up.keys()):
            raise TokenUnusableError("keys_gone", label=self._token.label)

    @contextmanager
    def _reached(self) -> Iterator[Session]:
        """Give the session, a new one when the last one broke.

        Raises:
            KeysAwayError: if the token does not answer.
        """
        try:
            with _at_the_token():
                yield self._session or self._log_in()
        except KeysAwayError:
            self.close()
            raise


@contextmanager
def _at_the_token() -> Iterator[None]:
    """Turn what the token answers into what to do about it.

    Raises:
        TokenUnusableError: if it does not answer as it should.
    """
    try:
        yield
    except PKCS11Error as problem:
        raise TokenUnusableError("token_failed", answer=type(problem).__name__) from problem


def _found(session: Session) -> dict[Slot, dict[int, _Kept]]:
    """Return the keys on the token by slot and version.

    Raises:
        TokenUnusableError: if a version is there twice, or a key could leave the token.
    """
    wanted = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.KEY_TYPE: KeyType.AES, Attribute.TOKEN: True}
    keys: dict[Slot, dict[int, _Kept]] = {}
    for key in session.get_objects(wanted):
        slot = _LABELS.get(key[Attribute.LABEL])
        if slot is None:
            continue  # another's, or of a category that there is no more
        version = int(key[Attribute.ID])
        if key[Attribute.EXTRACTABLE] or not key[Attribute.SENSITIVE]:
            raise TokenUnusableError("key_exposed", key=key[Attribute.LABEL])
        if version in keys.setdefault(slot, {}):
            raise TokenUnusableError("key_twice", key=key[Attribute.LABEL])
        keys[slot][version] = cast("_Kept", key)
    return keys


def _drawn(session: Session, slot: Slot, version: int) -> _Kept:
    drawn = session.generate_key(
        KeyType.AES,
        KEY_BYTES * 8,
        label=f"chungtay/{'/'.join(slot)}",
        id=str(version).encode(),
        store=True,
        capabilities=MechanismFlag.WRAP | MechanismFlag.UNWRAP,
        template=_KEPT,
    )
    return cast("_Kept", drawn)


def _wrapped(session: Session, key: _Kept, data_key: bytes) -> bytes:
    told = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.KEY_TYPE: KeyType.AES, Attribute.VALUE: data_key}
    passing = session.create_object(told | {Attribute.TOKEN: False} | _PASSING)
    try:
        return key.wrap_key(passing, mechanism=Mechanism.AES_KEY_WRAP)
    finally:
        passing.destroy()


def _unwrapped(key: _Kept, data: bytes) -> bytes:
    passing = key.unwrap_key(
        ObjectClass.SECRET_KEY, KeyType.AES, data, mechanism=Mechanism.AES_KEY_WRAP, store=False, template=_PASSING
    )
    try:
        return bytes(passing[Attribute.VALUE])
    finally:
        passing.destroy()
