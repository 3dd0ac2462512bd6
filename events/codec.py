"""Canonical bytes and strict reading: one codec for Kafka, PostgreSQL, the hash chain and the golden files."""

import json
from math import copysign, isfinite
from typing import Any, Literal, NoReturn, TypeAlias, TypeVar

from pydantic import BaseModel, JsonValue

from events.compartments import Compartment, join
from events.envelope import RecordedEvent, SealedEvent, SubmittedEvent
from events.event import Event
from events.registry import event_class
from events.upcasts import upcast

M = TypeVar("M", bound=BaseModel)


Broken: TypeAlias = Literal[
    "not_json",
    "not_utf8",
    "byte_order_mark",
    "duplicate_key",
    "not_a_number",
    "number_out_of_range",
    "too_deep",
    "too_many_values",
]

_MAX_DEPTH = 32
_LARGEST = 2**53 - 1  # beyond it JSON readers disagree (RFC 7493)
_BOM = b"\xef\xbb\xbf"
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


class NotStrictJsonError(ValueError):
    """The bytes are not JSON as we accept it: UTF-8, no duplicate key, no NaN, neither too deep nor too much.

    The message is one of a few words of ours and never quotes what was sent.
    """

    def __init__(self, code: Broken) -> None:
        super().__init__(code.replace("_", " "))
        self.code = code


def to_bytes(model: BaseModel) -> bytes:
    """Return the one canonical form: sorted keys, no spaces, UTF-8, absent instead of null."""
    return canonical(json.loads(model.model_dump_json(exclude_none=True)))


def canonical(value: JsonValue) -> bytes:
    """Return the canonical bytes of a JSON value."""
    return _encode(value).encode()


def from_bytes(model: type[M], raw: bytes) -> M:
    """Read a model strictly.

    Raises:
        pydantic.ValidationError: if anything is unknown, missing or of the wrong type.
    """
    return model.model_validate_json(raw)


def read_strictly(raw: bytes, *, most_values: int | None = None) -> JsonValue:
    """Parse JSON that came from outside.

    Units: `most_values` counts objects, lists, texts, numbers and words, at every depth.

    Raises:
        NotStrictJsonError: if it is not UTF-8 JSON, repeats a key, holds a number that readers disagree on, is nested
            too deep or holds too many values.
    """
    if raw.startswith(_BOM):
        raise NotStrictJsonError("byte_order_mark")
    try:
        value: JsonValue = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_no_duplicates,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_whole,
        )
        canonical(value)  # a half of a surrogate pair has no UTF-8 form
    except NotStrictJsonError:
        raise
    except UnicodeError:
        raise NotStrictJsonError("not_utf8") from None
    except RecursionError:
        raise NotStrictJsonError("too_deep") from None
    except ValueError:
        raise NotStrictJsonError("not_json") from None
    _refuse_excess(value, most_values)
    return value


def read_submitted(submitted: SubmittedEvent) -> Event:
    """Read the data of an event as sent into its class, every field present.

    Raises:
        UnknownTypeError: if no such event type exists.
        pydantic.ValidationError: if the data break the type's schema.
    """
    return event_class(submitted.type).model_validate_json(json.dumps(submitted.data))


def read_event(stored: SealedEvent | RecordedEvent, opened: tuple[Compartment, ...] = ()) -> Event:
    """Read a sealed or recorded event into its newest class; what is not opened is withheld.

    Raises:
        UnknownTypeError: if no such event type exists.
        pydantic.ValidationError: if the open part breaks the type's schema.
    """
    current = upcast(stored.type, stored.data.open, opened)
    return join(event_class(current.type), current.open, current.compartments)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotStrictJsonError("duplicate_key")
    return found


def _no_constant(_: str) -> NoReturn:
    raise NotStrictJsonError("not_a_number")


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number) or (number == 0 and copysign(1, number) < 0):
        raise NotStrictJsonError("number_out_of_range")
    return number


def _whole(text: str) -> int:
    if text == "-0" or len(text) > len(str(-_LARGEST)) or abs(int(text)) > _LARGEST:
        raise NotStrictJsonError("number_out_of_range")
    return int(text)


def _refuse_excess(value: JsonValue, most_values: int | None) -> None:
    level, count = [value], 1
    for _ in range(_MAX_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        count += len(level)
    if any(isinstance(left, dict | list) for left in level):
        raise NotStrictJsonError("too_deep")
    if most_values is not None and count > most_values:
        raise NotStrictJsonError("too_many_values")


def _inside(value: JsonValue) -> list[JsonValue]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
