"""Log in to the PKCS#11 token that keeps the key-encryption keys; whatever stands in the way is said with its mend."""

from contextlib import suppress

import pkcs11
from pkcs11 import Mechanism, PKCS11Error, Session, Token
from pkcs11.exceptions import NoSuchToken, PinIncorrect, PinLocked, UserAlreadyLoggedIn

from infra.keys.token_texts import TokenUnusableError
from infra.settings import KeysExposed, KeyToken, read_private

_NEEDED = frozenset({Mechanism.AES_KEY_GEN, Mechanism.AES_KEY_WRAP})


class TokenLogin:
    """Logs in to a token; a PIN that it refused is not tried again: after several wrong ones it locks itself."""

    def __init__(self, token: KeyToken) -> None:
        self._token = token
        self._refused: str | None = None

    def session(self) -> Session:
        """Log in, ready to draw keys.

        Raises:
            TokenUnusableError: if the module, the token or the PIN is not what the settings say.
        """
        pin = _pin(self._token)
        if pin == self._refused:
            raise TokenUnusableError("pin_wrong", file=self._token.pin_file)
        found = _found_token(self._token)
        if not found.slot.get_mechanisms() >= _NEEDED:
            raise TokenUnusableError("mechanism_missing", label=self._token.label)
        try:
            return found.open(rw=True, user_pin=pin)
        except UserAlreadyLoggedIn:  # another session of this process is: they share it
            return found.open(rw=True)
        except PinIncorrect:
            self._refused = pin
            self._close_what_was_opened()
            raise TokenUnusableError("pin_wrong", file=self._token.pin_file) from None
        except PinLocked:
            self._close_what_was_opened()
            raise TokenUnusableError("pin_locked", label=self._token.label) from None

    def _close_what_was_opened(self) -> None:
        # The library opens a session to log in with, and on a refusal keeps neither it nor a way to close it alone.
        pkcs11.lib(str(self._token.module)).reinitialize()


def _pin(token: KeyToken) -> str:
    """Read the PIN.

    Raises:
        TokenUnusableError: if there is no such file, or others than its owner may read it.
    """
    try:
        return read_private(token.pin_file).decode().strip()
    except FileNotFoundError:
        raise TokenUnusableError("pin_missing", file=token.pin_file) from None
    except KeysExposed:
        raise TokenUnusableError("pin_exposed", file=token.pin_file) from None


def _found_token(token: KeyToken) -> Token:
    """Return the token; a module that was loaded before the token was there looks once more.

    Raises:
        TokenUnusableError: if there is no such module, or no token of this label.
    """
    try:
        module = pkcs11.lib(str(token.module))
    except PKCS11Error:
        raise TokenUnusableError("module_missing", file=token.module) from None
    with suppress(NoSuchToken):
        return module.get_token(token_label=token.label)
    module.reinitialize()
    try:
        return module.get_token(token_label=token.label)
    except NoSuchToken:
        raise TokenUnusableError("token_absent", label=token.label) from None
