"""Hostile bodies: each event a door refuses, and each way of wrapping one."""

import gzip
import json
import zlib
from collections.abc import Iterator

from tests.controls.bad_input import BAD_INPUT, CANARY, good, with_data
from tests.hostile.hostile import BATCH, EVENT, Hostile
from tests.hostile.wire import Headers, chunked

GROUP = "body"
LARGE = with_data("concern", CANARY * 60_000)
CHUNKED: Headers = (*EVENT, ("Transfer-Encoding", "chunked"))
BOMB = gzip.compress(b"[" + b" " * 50_000_000 + b"]")


def other_content() -> bytes:
    """Return another content under the id that the world's first event has."""
    return with_data("concern", CANARY)


def bodies() -> Iterator[Hostile]:
    for bad in BAD_INPUT:
        faults: tuple[str, ...] = tuple(code for _, code in bad.faults)
        yield Hostile("event", bad.name, bad.status, bad.problem, faults, body=bad.sent)
    yield Hostile("event", "same id, other content", 409, "other_content", body=other_content())
    yield from _sizes()
    yield from _types()
    yield from _encodings()
    yield from _batches()


def _sizes() -> Iterator[Hostile]:
    yield Hostile("size", "too large, length told", 413, "too_large", body=LARGE)
    yield Hostile(
        "size",
        "too large, in chunks",
        413,
        "too_large",
        headers=CHUNKED,
        body=chunked(LARGE),
        told="POST /v1/events, chunked",
    )
    told: Headers = (*EVENT, ("Content-Length", "99999999999"))
    yield Hostile("size", "length of 100 GB told", 413, "too_large", headers=told, body=b"{}")
    yield Hostile(
        "size", "endless length", 413, "too_large", headers=(*EVENT, ("Content-Length", "9" * 19)), body=b"{}"
    )
    batch = b"[" + b",".join([good(id=f"L-{n}") for n in range(3)]) + b" " * 8_400_000 + b"]"
    yield Hostile("size", "batch too large", 413, "too_large", headers=BATCH, body=batch)


def _types() -> Iterator[Hostile]:
    for kind in (
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "text/xml",
        "",
        "a",
    ):
        told: Headers = (("Content-Type", kind),) if kind else ()
        name = f"content type {kind.partition(';')[0]}" if kind else "no content type"
        yield Hostile("type", name, 415, "unsupported_media_type", headers=told, body=good(id="T"))
    for charset in ("iso-8859-1", "utf-16", "windows-1258", CANARY):
        told = (("Content-Type", f"application/json; charset={charset}"),)
        yield Hostile("type", f"charset {charset}", 415, "unsupported_charset", headers=told, body=good(id="T"))
    several: Headers = (*EVENT, ("Content-Type", "application/json"))
    yield Hostile("type", "two content types", 400, "ambiguous_request", headers=several, body=good(id="T"))


def _encodings() -> Iterator[Hostile]:
    packed = {
        "gzip": gzip.compress(good(id="Z")),
        "deflate": zlib.compress(good(id="Z")),
        "br": b"\x0b\x02\x80x\x03",
        "identity, gzip": gzip.compress(good(id="Z")),
        CANARY: good(id="Z"),
    }
    for encoding, body in packed.items():
        told: Headers = (*EVENT, ("Content-Encoding", encoding))
        yield Hostile("encoding", f"Content-Encoding {encoding}", 415, "encoded_body", headers=told, body=body)
    said: Headers = (*EVENT, ("Content-Encoding", "gzip"))
    yield Hostile("encoding", "gzip said of a plain body", 415, "encoded_body", headers=said, body=good(id="Z"))
    bomb: Headers = (*BATCH, ("Content-Encoding", "gzip"))
    yield Hostile("encoding", "bomb: 50 MB in 50 KB", 415, "encoded_body", headers=bomb, body=BOMB)
    yield Hostile("encoding", "packed and not said", 400, "not_utf8", body=gzip.compress(good(id="Z")))


def _batches() -> Iterator[Hostile]:
    many = b"[" + b",".join([b"{}"] * 1001) + b"]"
    whole = {
        "no array": (b"{}", 422, "bad_event"),
        "cut off": (b"[{}", 400, "not_json"),
        "something behind it": (b"[{}] x", 400, "not_json"),
        "too many events": (many, 413, "too_many"),
        "endlessly deep": (b"[" * 100_000, 400, "too_deep"),
        "byte order mark": (b"\xef\xbb\xbf[]", 400, "byte_order_mark"),
        "not UTF-8": (b'["\xff"]', 400, "not_utf8"),
    }
    for name, (body, status, problem) in whole.items():
        faults: tuple[str, ...] = ("type",) if problem == "bad_event" else ()
        yield Hostile("batch", name, status, problem, faults, headers=BATCH, body=body)
    nested = json.dumps([[json.loads(good(id="N"))]]).encode()
    items: dict[str, tuple[bytes, str, tuple[str, ...]]] = {
        "of a batch": (nested, "bad_event", ("type",)),
        "of what is no event": (b'[1,"x",null]', "bad_event", ("type",)),
        "of one that is not a number": (b'[{"id":NaN}]', "not_a_number", ()),
        "of one with a repeated key": (b'[{"id":"a","id":"b"}]', "duplicate_key", ()),
    }
    for name, (body, problem, faults) in items.items():
        yield Hostile("batch", f"{name} (an answer for each item)", 200, problem, faults, headers=BATCH, body=body)
    yield Hostile("batch", "empty", 200, "", headers=BATCH, body=b"[]")
