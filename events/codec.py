"""Canonical bytes and strict reading: one codec for Kafka, PostgreSQL, the hash chain and the golden files."""

import json
from math import isfinite
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, JsonValue

from events.compartments import Compartment, join
from events.envelope import RecordedEvent, SealedEvent, SubmittedEvent
from events.event import Event
from events.registry import event_class
from events.upcasts import upcast

M = TypeVar("M", bound=BaseModel)


_MAX_DEPTH = 32
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


class NotStrictJsonError(ValueError):
    """The bytes are not JSON as we accept it: UTF-8, no duplicate key, no NaN, not nested too deep.

    The message is one of a few words of ours and never quotes what was sent.
    """


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


def read_strictly(raw: bytes) -> JsonValue:
    """Parse JSON that came from outside.

    Raises:
        NotStrictJsonError: if it is not UTF-8 JSON, repeats a key, holds NaN or is nested too deep.
    """
    try:
        value: JsonValue = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_no_duplicates,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
        canonical(value)  # a half of a surrogate pair has no UTF-8 form
    except NotStrictJsonError:
        raise
    except UnicodeError:
        raise NotStrictJsonError("not UTF-8") from None
    except RecursionError:
        raise NotStrictJsonError("nested too deep") from None
    except ValueError:
        raise NotStrictJsonError("not JSON") from None
    if _deeper_than(value, _MAX_DEPTH):
        raise NotStrictJsonError("nested too deep")
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
        raise NotStrictJsonError("duplicate key")
    return found


def _no_constant(_: str) -> NoReturn:
    raise NotStrictJsonError("not a number")


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise NotStrictJsonError("not a number")
    return number


def _deeper_than(value: JsonValue, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        level = [inner for outer in level for inner in _inside(outer)]
    return any(isinstance(left, dict | list) for left in level)


def _inside(value: JsonValue) -> list[JsonValue]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
