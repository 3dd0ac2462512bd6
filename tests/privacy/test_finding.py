"""Whatever a mark is written as, and wherever in a group of base64, it is found and told from all others."""

import gzip
from base64 import b64encode, urlsafe_b64encode

import pytest

from tests.privacy.canaries.encodings import ENCODINGS, as_text
from tests.privacy.canaries.finding import Finder, Found
from tests.privacy.canaries.marks import Marks, text_of

MARKS = Marks(seed=1)
WORDS = [MARKS.draw() for _ in range(200)]
FINDER = Finder(WORDS[:100])


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("around", [b"", b"\0", b"xy", bytes(range(128, 178))])
def test_a_mark_is_found_in_every_encoding(encoding: str, around: bytes) -> None:
    raw = around + b" " + ENCODINGS[encoding](text_of(WORDS[3])) + b" " + around
    assert FINDER.find(raw) == {Found(WORDS[3], encoding)}


@pytest.mark.parametrize("before", range(7))
@pytest.mark.parametrize("encode", [b64encode, urlsafe_b64encode])
def test_base64_is_found_wherever_the_mark_stands_in_it(before: int, encode: type[bytes]) -> None:
    raw = encode(b"\xff" * before + WORDS[5].encode() + b"\xfe" * 9)
    assert FINDER.find(raw) == {Found(WORDS[5], "base64")}


def test_what_is_packed_twice_is_unpacked_twice() -> None:
    inner = gzip.compress(b64encode(b"a row: " + text_of(WORDS[7]).encode()))
    assert {one.word for one in FINDER.find(b"head" + inner)} == {WORDS[7]}
    assert FINDER.find(as_text("gzip", text_of(WORDS[8])).encode()) == {Found(WORDS[8], "gzip")}


def test_every_letter_escaped_is_still_the_mark() -> None:
    assert {one.word for one in FINDER.find("".join(f"%{b:02X}" for b in WORDS[1].encode()).encode())} == {WORDS[1]}
    assert {one.word for one in FINDER.find("".join(f"\\u{b:04x}" for b in WORDS[2].encode()).encode())} == {WORDS[2]}


@pytest.mark.parametrize("encoding", [name for name in ENCODINGS if name != "gzip"])  # a torn stream holds anything
@pytest.mark.parametrize("kept", range(8, 40, 3))
def test_what_breaks_off_is_passed_over(encoding: str, kept: int) -> None:
    assert {one.word for one in FINDER.find(ENCODINGS[encoding](text_of(WORDS[4]))[:kept] + b"!")} <= {WORDS[4]}


def test_a_word_that_was_not_asked_for_is_not_found() -> None:
    everything = b" ".join(encode(text_of(word)) for word in WORDS[100:] for encode in ENCODINGS.values())
    assert FINDER.find(everything) == set()


def test_all_of_many_are_found() -> None:
    assert {one.word for one in FINDER.find(" ".join(map(text_of, WORDS)).encode())} == set(WORDS[:100])
