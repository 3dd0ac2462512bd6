"""The only place that draws ids, references and nonces."""

import secrets
from typing import Protocol
from uuid import UUID, uuid4

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_REFERENCE_LENGTH = 12  # 60 bits: nobody guesses another unit's reference


class Ids(Protocol):
    """Draws what must be unpredictable; tests hand in a counting one."""

    def uuid(self) -> UUID:
        """Return a new stream id."""
        ...

    def reference(self) -> str:
        """Return a new opaque reference for a unit."""
        ...

    def nonce(self) -> str:
        """Return 16 random bytes in hex."""
        ...


class RandomIds:
    """Draws from the operating system's random source."""

    def uuid(self) -> UUID:
        """Return a random UUID."""
        return uuid4()

    def reference(self) -> str:
        """Return twelve characters of Crockford's base 32."""
        return "".join(secrets.choice(_CROCKFORD) for _ in range(_REFERENCE_LENGTH))

    def nonce(self) -> str:
        """Return 16 random bytes in hex."""
        return secrets.token_hex(16)
