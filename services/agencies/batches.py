"""A batch is a JSON array; each of its events is taken or refused by itself, over its own bytes."""

import json
from collections.abc import Iterator

from infra.web.problems import Fault, Refused

MAX_BATCH_BYTES = 8_388_608
MAX_BATCH_EVENTS = 1_000
_BOM = b"\xef\xbb\xbf"
_SPACE = " \t\r\n"
_decoder = json.JSONDecoder()


def events_as_sent(body: bytes) -> list[bytes]:
    """Return the bytes of each item of a JSON array, exactly as they were sent.

    Raises:
        Refused: if the body is no JSON array, or holds too many.
    """
    if body.startswith(_BOM):
        raise Refused("byte_order_mark")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("not_utf8") from None
    if text.lstrip(_SPACE)[:1] not in {"[", ""}:
        raise Refused("bad_event", Fault("", "type", {"expected": "[ … ]"}))
    items: list[bytes] = []
    for start, end in _items(text):
        items.append(text[start:end].encode())
        if len(items) > MAX_BATCH_EVENTS:
            raise Refused("too_many", limit=MAX_BATCH_EVENTS)
    return items


def _items(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each item begins and ends."""
    at = _after(text, _skip(text, 0), "[")
    if text[at : at + 1] == "]":
        _end(text, at + 1)
        return
    while True:
        end = _item(text, at)
        yield at, end
        at = _skip(text, end)
        if text[at : at + 1] == "]":
            _end(text, at + 1)
            return
        at = _after(text, at, ",")


def _item(text: str, at: int) -> int:
    try:
        return _decoder.raw_decode(text, at)[1]
    except RecursionError:
        raise Refused("too_deep") from None
    except ValueError:
        raise Refused("not_json") from None


def _after(text: str, at: int, sign: str) -> int:
    if text[at : at + 1] != sign:
        raise Refused("not_json")
    return _skip(text, at + 1)


def _skip(text: str, at: int) -> int:
    while text[at : at + 1] and text[at] in _SPACE:
        at += 1
    return at


def _end(text: str, at: int) -> None:
    if _skip(text, at) != len(text):
        raise Refused("not_json")
