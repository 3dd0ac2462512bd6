"""Finds marks in any bytes, in one pass for each encoding, however many marks there are.

All words begin alike, so each encoding is one pattern: the encoded beginning, then what the rest can be. What was found
is decoded and looked up. gzip is inflated, base64 of gzip opened and an archive unpacked before searching; a hash is
looked up among the hashes of all marks, bare and as a JSON string.
"""

import json
import re
import zlib
from base64 import b64decode, b64encode, urlsafe_b64decode
from binascii import Error
from collections.abc import Iterable, Iterator
from hashlib import sha256
from io import BytesIO
from typing import NamedTuple
from urllib.parse import unquote_to_bytes
from zipfile import ZipFile

from tests.privacy.canaries.marks import WORD, text_of

_REST = 12  # hexadecimal digits behind the word's beginning
_DEEPEST = 3  # an export in an archive in a message
_LONGEST = 64 * 1024 * 1024
_LONGEST_BEFORE = 16
_BASE64_OF_A_HASH = 43  # without its padding


class Found(NamedTuple):
    """A word, and how it was written."""

    word: str
    encoding: str


_DIGITS = re.compile(rb"[0-9A-Fa-f]{12}")
_HEX_DIGITS = re.compile(rb"(?:3[0-9]|4[1-6]|6[1-6]){12}")
_BEFORE = (
    ("json", rb"Y\u1ebfn "),
    ("url", b"Y%E1%BA%BFn%20"),
    ("url", b"Y%E1%BA%BFn+"),
    ("nfkd", b"Ye\xcc\x82\xcc\x81n "),
)
# Long runs of what hexadecimal and base64 are made of: few, and each is looked at once.
_RUN = re.compile(rb"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{43,}")
_HASH = re.compile(rb"[0-9A-Fa-f]{64}")
_GZIP = b"\x1f\x8b\x08"
_ZIP = b"PK\x03\x04"
_GZIP_BASE64 = re.compile(rb"H4sI[A-Za-z0-9+/]{16,}={0,2}")
_ESCAPED = re.compile(rb"\\u00[0-9a-fA-F]{2}(?:\\u00[0-9a-fA-F]{2}){3}")
_QUOTED = re.compile(rb"%[0-9a-fA-F]{2}(?:%[0-9a-fA-F]{2}){3}")


def _base64_of_the_word() -> list[tuple[bytes, int, int]]:
    """Return, for each place in a group of three bytes: what never changes, how much follows, what stands before."""
    patterns = []
    for before in range(3):
        first, last = -(-before * 8 // 6), (before + len(WORD)) * 8 // 6
        constant = b64encode(b"\0" * before + WORD.encode())[first:last]
        rest = -(-(before + len(WORD) + _REST) * 8 // 6) - last
        patterns.append((constant, len(constant) + rest, before))
    return patterns


_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_BASE64 = _base64_of_the_word()


class Finder:
    """Knows the marks that may be met; a word that nobody drew is not one."""

    def __init__(self, words: Iterable[str], texts: Iterable[tuple[str, str]] = ()) -> None:
        """Know words, and of texts that hold several the one to tell of where only the text's hash is met."""
        self._words = frozenset(words)
        self._hashes = dict(_hashes([*((text_of(word), word) for word in self._words), *texts]))

    def find(self, raw: bytes, depth: int = 0) -> set[Found]:
        """Return every word in the bytes, with each way in which it is written there."""
        found = {one for one in self._written(raw) if one.word in self._words}
        found |= {Found(self._hashes[hash_], "sha256") for hash_ in _digests(raw) if hash_ in self._hashes}
        if depth < _DEEPEST:
            for kind, inner in _wrapped(raw):
                found |= {Found(one.word, kind or one.encoding) for one in self.find(inner, depth + 1)}
        return found

    def _written(self, raw: bytes) -> Iterator[Found]:
        lower = raw.lower()
        for at in _places(lower, WORD.lower().encode()):
            if digits := _DIGITS.match(raw, at + len(WORD)):
                yield Found(WORD + digits[0].decode().upper(), _way(raw[:at][-_LONGEST_BEFORE:]))
        for at in _places(lower, WORD.lower().encode().hex().encode()) + _places(lower, WORD.encode().hex().encode()):
            if digits := _HEX_DIGITS.match(lower, at + 2 * len(WORD)):
                yield Found(WORD + bytes.fromhex(digits[0].decode()).decode().upper(), "hex")
        for constant, length, before in _BASE64:
            for at in _places(raw, constant):
                yield Found(_unbase64(raw[at : at + length], before), "base64")


def _places(raw: bytes, wanted: bytes) -> list[int]:
    """Return where something stands in the bytes."""
    found, at = [], raw.find(wanted)
    while at >= 0:
        found.append(at)
        at = raw.find(wanted, at + 1)
    return found


def _way(before: bytes) -> str:
    """Return how the letters before a word are written: each encoding writes them otherwise."""
    return next((encoding for encoding, letters in _BEFORE if before.endswith(letters)), "raw")


def _unbase64(text: bytes, before: int) -> str:
    """Return the word in a run of base64 that begins `before` bytes into a group of three."""
    whole = b"A" * -(-before * 8 // 6) + text
    try:
        opened = urlsafe_b64decode((whole + b"A" * (-len(whole) % 4)).translate(_URL_SAFE))
    except Error:
        return WORD  # no base64 that goes on long enough
    digits = opened[before + len(WORD) :][:_REST]  # the word's first letter lies partly before the run
    return WORD + digits.decode("ascii", "replace").upper()


def _hashes(texts: Iterable[tuple[str, str]]) -> Iterator[tuple[bytes, str]]:
    for text, word in texts:
        for said in (word, text, json.dumps(text), json.dumps(text, ensure_ascii=False)):
            yield sha256(said.encode()).digest(), word


def _digests(raw: bytes) -> Iterator[bytes]:
    """Yield what could be a SHA-256, in hexadecimal, base64 or, where it stands alone, as it is."""
    if len(raw) == sha256().digest_size:
        yield raw
    for run in _RUN.finditer(raw):
        for match in _HASH.finditer(run[0]):
            yield bytes.fromhex(match[0].decode())
        if len(run[0]) == _BASE64_OF_A_HASH:
            yield urlsafe_b64decode(run[0].translate(_URL_SAFE) + b"=")


def _wrapped(raw: bytes) -> Iterator[tuple[str | None, bytes]]:
    """Yield what is packed in the bytes, and how; None: in an archive, where it stands in a way of its own."""
    start = raw.find(_GZIP)
    while start >= 0:
        yield "gzip", _inflated(raw[start:])
        start = raw.find(_GZIP, start + 1)
    for match in _GZIP_BASE64.finditer(raw):
        yield "gzip", _inflated(_opened(match[0]))
    if raw.startswith(_ZIP):
        with ZipFile(BytesIO(raw)) as archive:
            yield from ((None, archive.read(name)) for name in archive.namelist())
    if _ESCAPED.search(raw):
        yield "json", re.sub(rb"\\u00([0-9a-fA-F]{2})", lambda one: bytes.fromhex(one[1].decode()), raw)
    if _QUOTED.search(raw):
        yield "url", unquote_to_bytes(raw)


def _opened(text: bytes) -> bytes:
    try:
        return b64decode(text + b"=" * (-len(text) % 4))
    except Error:
        return b""


def _inflated(raw: bytes) -> bytes:
    """Return what a gzip stream holds, as far as it goes; empty when it is none."""
    try:
        return zlib.decompressobj(wbits=31).decompress(raw, _LONGEST)
    except zlib.error:
        return b""
