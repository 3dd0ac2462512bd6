"""Over a thousand tokens that must open nothing, made from one that opens the door; whoever forges has no library.

Stolen keys are not among them: whoever has the issuer's private key is the issuer.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from tests.controls.loopback_issuer import ALGORITHMS, LoopbackIssuer

_HOUR = 3_600
_P256_BYTES = 32
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed25519")
_KEYS_ADDRESS = "https://keys.example/jwks.json"


def forgeries(issuer: LoopbackIssuer) -> Iterator[tuple[str, str]]:
    """Yield the name of each attempt and its token; `issuer` publishes one key of each kind."""
    for key in issuer.keys:
        kind = key.key_type
        for name, token in _of_a_key(issuer, key):
            yield f"{kind}: {name}", token
    yield from _shapes(issuer.token())


def _of_a_key(issuer: LoopbackIssuer, key: Key) -> Iterator[tuple[str, str]]:
    stranger = _another(key)
    head = {"alg": ALGORITHMS[key.key_type], "kid": key.kid, "typ": "at+jwt"}
    claims = issuer.claims()
    for name, said in _heads(head, stranger).items():
        yield f"{name}, signed by a stranger", compact(said, claims, signer(stranger))
    for name, said in _wrong_heads(head, stranger).items():
        yield f"{name}, signed by the issuer", compact(said, claims, signer(key))
    for name, change in _wrong_claims(issuer).items():
        yield name, compact(head, issuer.claims(**change), signer(key))
    for algorithm in ("HS256", "HS384", "HS512"):
        for name, secret in _public_forms(issuer, key).items():
            said = {**head, "alg": algorithm}
            yield f"{algorithm} with {name}", compact(said, claims, _hmac(algorithm, secret))
    whole = compact(head, claims, signer(key))
    yield from _unsigned(head, claims, whole)
    yield from _changed_a_byte(whole)


def _heads(head: Mapping[str, Any], stranger: Key) -> dict[str, dict[str, Any]]:
    return {"a stranger's key": dict(head), **_wrong_heads(head, stranger)}


def _wrong_heads(head: Mapping[str, Any], stranger: Key) -> dict[str, dict[str, Any]]:
    changes = _own_keys(stranger) | _odd_names(str(head["kid"])) | _odd_types(str(head["alg"]))
    return {name: _without_none({**head, **change}) for name, change in changes.items()}


def _own_keys(stranger: Key) -> dict[str, dict[str, Any]]:
    public = stranger.as_dict(private=False)
    return {
        "jwk": {"jwk": public},
        "jwk and no kid": {"jwk": public, "kid": None},
        "jku": {"jku": _KEYS_ADDRESS},
        "jku on this machine": {"jku": "http://127.0.0.1:9/keys"},
        "jku of a file": {"jku": "file:///etc/passwd"},
        "x5u": {"x5u": _KEYS_ADDRESS},
        "x5c": {"x5c": ["MIIB"]},
        "crit": {"crit": ["exp"]},
        "crit of nothing": {"crit": []},
        "b64 false": {"b64": False, "crit": ["b64"]},
        "zip": {"zip": "DEF"},
        "enc": {"enc": "A256GCM"},
        "a header of its own": {"trust": True},
    }


def _odd_names(kid: str) -> dict[str, dict[str, Any]]:
    return {
        "kid missing": {"kid": None},
        "kid empty": {"kid": ""},
        "kid unknown": {"kid": "nobody"},
        "kid a path": {"kid": "../../../dev/null"},
        "kid SQL": {"kid": "x' UNION SELECT 'key"},
        "kid an address": {"kid": _KEYS_ADDRESS},
        "kid a list": {"kid": [kid]},
        "kid a number": {"kid": 0},
        "kid an object": {"kid": {"kid": kid}},
        "kid with a NUL": {"kid": f"{kid}\x00"},
        "kid in capitals": {"kid": kid.upper()},
        "kid of 5000 letters": {"kid": "k" * 5_000},
    }


def _odd_types(alg: str) -> dict[str, dict[str, Any]]:
    others = {name: {"alg": name} for name in _ALGORITHMS if name != alg}
    return {f"called {name}": change for name, change in others.items()} | {
        "typ missing": {"typ": None},
        "typ JWT": {"typ": "JWT"},
        "typ of a refresh token": {"typ": "rt+jwt"},
        "typ of a logout token": {"typ": "logout+jwt"},
        "typ of an assertion": {"typ": "client-authentication+jwt"},
        "typ DPoP": {"typ": "dpop+jwt"},
        "typ a list": {"typ": ["at+jwt"]},
        "alg a list": {"alg": [alg]},
        "alg null": {"alg": None},
        "alg an encryption": {"alg": "RSA-OAEP"},
    }


def _wrong_claims(issuer: LoopbackIssuer) -> dict[str, dict[str, Any]]:
    return _wrong_times(issuer.claims()["iat"]) | _wrong_parties(issuer) | _WRONG_WORDS


def _wrong_times(now: int) -> dict[str, dict[str, Any]]:
    return {
        "expired": {"iat": now - 2 * _HOUR, "exp": now - _HOUR},
        "expired just now": {"exp": now},
        "not yet begun": {"nbf": now + _HOUR},
        "issued tomorrow": {"iat": now + 24 * _HOUR, "exp": now + 25 * _HOUR},
        "living a week": {"exp": now + 7 * 24 * _HOUR},
        "living for ever": {"exp": 10**18},
        "exp missing": {"exp": None},
        "exp a text": {"exp": "tomorrow"},
        "exp negative": {"exp": -1},
        "iat missing": {"iat": None},
        "iat negative": {"iat": -1},
    }


def _wrong_parties(issuer: LoopbackIssuer) -> dict[str, dict[str, Any]]:
    return {
        "for another platform": {"aud": "another"},
        "for a client": {"aud": ["account", "chungtay-desk"]},
        "for nobody": {"aud": []},
        "aud missing": {"aud": None},
        "aud nearly": {"aud": "chungtay "},
        "aud in capitals": {"aud": "CHUNGTAY"},
        "aud an object": {"aud": {"chungtay": True}},
        "another issuer": {"iss": "https://login.example"},
        "the issuer with a slash": {"iss": issuer.url + "/"},
        "the issuer with a suffix": {"iss": issuer.url + ".example"},
        "the built-in issuer": {"iss": "chungtay-built-in"},
        "iss missing": {"iss": None},
        "iss a list": {"iss": [issuer.url]},
        "sub missing": {"sub": None},
        "sub empty": {"sub": ""},
        "sub with a NUL": {"sub": "a\x00b"},
        "sub a list": {"sub": ["a"]},
    }


_WRONG_WORDS: dict[str, dict[str, Any]] = {
    "bound to a key": {"cnf": {"jkt": "x"}},
    "bound to a certificate": {"cnf": {"x5t#S256": "x"}},
    "an ID token": {"nonce": "x"},
    "an ID token of a code": {"at_hash": "x"},
    "unit missing": {"unit": None},
    "unit of nobody": {"unit": "nowhere_00001"},
    "two units": {"unit": ["commune_police_00340", "hospital_h1"]},
    "unit nearly": {"unit": " commune_police_00340"},
    "role missing": {"role": None},
    "role of an operator": {"role": "operator"},
    "two roles": {"role": ["reader", "publisher"]},
    "another agency": {"agency": "health"},
    "another audience": {"role": "reader", "audience": "case_manager"},
    "a publisher that reads": {"audience": "police"},
    "a duty of nobody": {"duties": ["king"]},
    "duties in one text": {"duties": "chair treating"},
}


def _public_forms(issuer: LoopbackIssuer, key: Key) -> dict[str, bytes]:
    public: Any = key.public_key
    shown = key.as_dict(private=False)
    return {
        "the public key in PEM": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "the public key in DER": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "the public key as JSON": json.dumps(shown).encode(),
        "the published key set": json.dumps({"keys": [shown]}).encode(),
        "its first number": str(shown.get("n") or shown["x"]).encode(),
        "its name": str(key.kid).encode(),
        "the issuer's name": issuer.url.encode(),
        "an empty secret": b"",
    }


def _unsigned(head: Mapping[str, Any], claims: Mapping[str, Any], whole: str) -> Iterator[tuple[str, str]]:
    signature = whole.rpartition(".")[2]
    for algorithm in ("none", "None", "NONE", "nOnE", "", "null"):
        for name, left in {"nothing": "", "the real signature": signature, "a zero": "AA"}.items():
            said = {**head, "alg": algorithm}
            yield f"alg {algorithm!r} and {name}", f"{part(said)}.{part(claims)}.{left}"
    for size in (0, 1, 32, 64, 256):
        yield f"a signature of {size} zeros", f"{whole.rpartition('.')[0]}.{text(bytes(size))}"


def _changed_a_byte(whole: str) -> Iterator[tuple[str, str]]:
    parts = [_raw(piece) for piece in whole.split(".")]
    for number, raw in enumerate(parts):
        for at in range(0, len(raw), max(1, len(raw) // 50)):
            changed = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
            pieces = [*parts[:number], changed, *parts[number + 1 :]]
            yield f"byte {at} of part {number}", ".".join(map(text, pieces))


def _shapes(whole: str) -> Iterator[tuple[str, str]]:
    head, claims, signature = whole.split(".")
    flat = {"protected": head, "payload": claims, "signature": signature}
    yield from {
        "nothing": ".",
        "one part": head,
        "two parts": f"{head}.{claims}",
        "four parts": f"{whole}.{signature}",
        "five parts": f"{head}.{claims}.{claims}.{claims}.{signature}",
        "a dot before": f".{whole}",
        "a dot behind": f"{whole}.",
        "the parts turned": f"{claims}.{head}.{signature}",
        "JSON serialisation": json.dumps(flat),
        "padded": f"{head}.{claims}.{signature}==",
        "base64 of it": text(whole.encode()),
        "a second token behind": f"{whole},{whole}",
        "in quotes": f'"{whole}"',
        "too long": whole + "A" * 8_000,
        "letters that are none": whole.replace("e", "е"),
        "a line break within": f"{head}.\n{claims}.{signature}",
    }.items()


def compact(head: Mapping[str, Any], claims: Mapping[str, Any], sign: Callable[[bytes], bytes]) -> str:
    """Return a token of these parts, however little sense they make."""
    said = f"{part(head)}.{part(claims)}"
    return f"{said}.{text(sign(said.encode()))}"


def part(value: Mapping[str, Any]) -> str:
    return text(json.dumps(value).encode())


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _raw(piece: str) -> bytes:
    return base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4))


def _without_none(head: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in head.items() if value is not None or name == "alg"}


def _another(key: Key) -> Key:
    match key:
        case RSAKey():
            return RSAKey.generate_key(2048, parameters={"kid": "stranger"})
        case ECKey():
            return ECKey.generate_key("P-256", parameters={"kid": "stranger"})
        case _:
            return OKPKey.generate_key("Ed25519", parameters={"kid": "stranger"})


def signer(key: Key) -> Callable[[bytes], bytes]:
    private: Any = key.private_key
    match private:
        case rsa.RSAPrivateKey():
            return lambda said: private.sign(said, padding.PKCS1v15(), hashes.SHA256())
        case ec.EllipticCurvePrivateKey():
            return lambda said: _plain(private.sign(said, ec.ECDSA(hashes.SHA256())))
        case ed25519.Ed25519PrivateKey():
            return private.sign
    raise TypeError(type(private))


def _plain(der: bytes) -> bytes:
    return b"".join(number.to_bytes(_P256_BYTES) for number in decode_dss_signature(der))


def _hmac(algorithm: str, secret: bytes) -> Callable[[bytes], bytes]:
    return lambda said: hmac.new(secret, said, getattr(hashlib, f"sha{algorithm[2:]}")).digest()
