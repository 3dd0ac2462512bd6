"""Whatever comes from outside, a parser takes it or refuses it, soon, and never breaks."""

import asyncio
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from events.codec import NotStrictJsonError, canonical, read_strictly
from infra.web.issuer import make_issuer_keys
from infra.web.problems import Refused, language_of
from infra.web.tokens import TokenVerifier
from tests.fakes.memory_endings import MemoryEndings

LONGEST_S = 3.0  # of processor time: what hangs takes minutes, and a busy machine is not a hang
texts = st.text(max_size=300) | st.from_regex(r"[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*", fullmatch=True)
_said: list[JsonValue] = ["none", "Ed25519", "EdDSA", "HS256", "dir", 1, None, [], {}, ["exp"], True]
heads: st.SearchStrategy[dict[str, JsonValue]] = st.dictionaries(
    st.sampled_from(["alg", "kid", "jwk", "jku", "crit", "b64", "typ", "zip", "enc"]), st.sampled_from(_said)
)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def soon(do: Callable[[], object]) -> None:
    started = time.process_time()
    do()
    assert time.process_time() - started < LONGEST_S


@cache
def verifier() -> TokenVerifier:
    return TokenVerifier.of_built_in(make_issuer_keys(Path(mkdtemp())), MemoryEndings())


def verified(authorization: str) -> None:
    with pytest.raises(Refused) as refused:
        asyncio.run(verifier().bearer(authorization))
    assert refused.value.problem.status == 401


@given(texts)
def test_any_token(text: str) -> None:
    soon(lambda: verified(f"Bearer {text}"))


@given(heads, values, st.binary(max_size=64))
def test_any_token_of_three_parts(head: dict[str, JsonValue], claims: JsonValue, signature: bytes) -> None:
    parts = (canonical(head), canonical(claims), signature)
    soon(lambda: verified("Bearer " + ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in parts)))


@given(st.binary(max_size=300))
def test_any_bytes_as_json(raw: bytes) -> None:
    def read() -> None:
        with suppress(NotStrictJsonError):
            canonical(read_strictly(raw))

    soon(read)


@given(values)
def test_canonical_form_is_read_as_it_was(value: JsonValue) -> None:
    assert canonical(read_strictly(canonical(value))) == canonical(value)


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 500_000,
        b'{"a":' * 200_000,
        b'"' + b"\\u0041" * 170_000 + b'"',
        b"1" * 1_000_000,
        b"[" + b"1e9," * 200_000 + b"1]",
        b"1." + b"0" * 1_000_000,
        json.dumps({f"k{n}": n for n in range(60_000)}).encode(),
        b'{"' + b"a" * 1_000_000 + b'":1}',
        b" " * 1_000_000,
    ],
    ids=lambda raw: f"{raw[:4]!r}",
)
def test_a_megabyte_of_anything_is_soon_done_with(raw: bytes) -> None:
    def read() -> None:
        with suppress(NotStrictJsonError):
            read_strictly(raw, most_values=10_000)

    soon(read)


@given(st.text(max_size=200))
def test_any_language(header: str) -> None:
    assert language_of(header) in {"vi", "en"}
    assert language_of("en;q=" + "9" * 5000 + "," * 3000) in {"vi", "en"}
