"""Letters through Kafka: an event signed by the unit that says it, then locked to the door's key; and the answers.

Shape: a JWE (RFC 7516, compact, ECDH-ES+A256KW on P-256, A256GCM) around a JWS (RFC 7515, compact, ES256) whose payload
is the event as it would be sent over HTTP. An answer is a JWS of the door (Ed25519), locked to the sender's key unless
nobody knows who the sender is. These algorithms and no others: what a letter says of itself decides nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import ECKey, OKPKey
from joserfc.jws import JWSRegistry

LOCK, CIPHER, SIGNATURE, DOOR_SIGNATURE = "ECDH-ES+A256KW", "A256GCM", "ES256", "Ed25519"
CURVE = "P-256"
EVENT, ANSWER = "chungtay-event", "chungtay-answer"  # so that no signature serves for another purpose
_LONGEST = 1_500_000  # more than a message of Kafka can be


class NotOpenedError(ValueError):
    """A letter is no letter, or locked to another key."""


class UnknownSenderError(LookupError):
    """A letter is not signed by a key that is registered."""


class _LetterJWE(JWERegistry):
    max_ciphertext_length = _LONGEST


class _LetterJWS(JWSRegistry):
    max_payload_length = _LONGEST


# `zip` is not among them: nothing here inflates.
_JWE = _LetterJWE(algorithms=[LOCK, CIPHER])
_JWS = _LetterJWS(algorithms=[SIGNATURE])
_DOOR_JWS = _LetterJWS(algorithms=[DOOR_SIGNATURE])


@dataclass(frozen=True, slots=True)
class Sender:
    """A unit with the public keys it is known by: one signs its letters, one locks what it is answered."""

    unit: str
    signing: ECKey
    answers: ECKey


@dataclass(frozen=True, slots=True)
class Letter:
    """What a sender proved to have written."""

    sender: Sender
    content: bytes


def draw_key() -> ECKey:
    """Draw a key; its id is its thumbprint (RFC 7638)."""
    return named(ECKey.generate_key(CURVE))


def named(key: ECKey) -> ECKey:
    """Return a key that bears its thumbprint as its id."""
    return ECKey.import_key({**key.as_dict(private=key.is_private), "kid": key.thumbprint()})


def write_letter(content: bytes, signing: ECKey, door: ECKey) -> bytes:
    """Return the letter that says `content`: what a sender does."""
    signed = jws.serialize_compact(
        {"alg": SIGNATURE, "kid": signing.kid, "typ": EVENT}, content, signing, registry=_JWS
    )
    return _locked(signed.encode(), door)


def open_letter(letter: bytes, door: Mapping[str, ECKey], senders: Mapping[str, Sender]) -> Letter:
    """Return what a letter says and who proved to have said it.

    Shape: `door` are the door's own keys by id, `senders` the registered ones by the id of their signing key.

    Raises:
        NotOpenedError: if it cannot be opened with a key of the door.
        UnknownSenderError: if no registered sender signed it.
    """
    signed = _unlocked(letter, door)
    try:
        found = jws.extract_compact(signed, registry=_JWS)
        sender = senders.get(str(found.headers().get("kid")))
        whole = sender is not None and jws.validate_compact(found, sender.signing, registry=_JWS)
    except (JoseError, ValueError, TypeError, KeyError):
        raise UnknownSenderError from None
    if sender is None or not whole or found.headers().get("typ") != EVENT:
        raise UnknownSenderError
    return Letter(sender, found.payload)


def write_answer(content: bytes, door: OKPKey, to: Sender | None) -> bytes:
    """Return an answer signed by the door; locked to the sender's key when it is known who that is."""
    header = {"alg": DOOR_SIGNATURE, "kid": door.kid, "typ": ANSWER}
    signed = jws.serialize_compact(header, content, door, registry=_DOOR_JWS).encode()
    return signed if to is None else _locked(signed, to.answers)


def open_answer(answer: bytes, own: ECKey, door: OKPKey) -> bytes:
    """Return what a door answered: what a sender does.

    Raises:
        NotOpenedError: if it is locked to another key, or the door did not sign it.
    """
    signed = _unlocked(answer, {str(own.kid): own}) if answer.count(b".") > 2 else answer  # noqa: PLR2004 - parts of a JWS
    try:
        found = jws.deserialize_compact(signed, door, registry=_DOOR_JWS)
    except (JoseError, ValueError, TypeError, KeyError):
        raise NotOpenedError from None
    if found.headers().get("typ") != ANSWER:
        raise NotOpenedError
    return found.payload


def _locked(content: bytes, to: ECKey) -> bytes:
    header: dict[str, Any] = {"alg": LOCK, "enc": CIPHER, "kid": to.kid, "cty": "JOSE"}
    return jwe.encrypt_compact(header, content, to, registry=_JWE).encode()


def _unlocked(value: bytes, keys: Mapping[str, ECKey]) -> bytes:
    """Try the key that the header names, or each where it names none that is known.

    Raises:
        NotOpenedError: if none opens it.
    """
    for key in keys.values():
        try:
            found = jwe.decrypt_compact(value, key, registry=_JWE)
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        if found.plaintext is not None:
            return found.plaintext
    raise NotOpenedError
