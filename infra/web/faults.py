"""What pydantic found wrong, told as faults: JSON Pointers and our own words, never a value that was sent.

Only what comes from the schema is quoted: patterns, bounds, names of fields and codes. A field name that the
schema does not know is not quoted either, for it may be anything.
"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Any

from pydantic import BaseModel, JsonValue, ValidationError

from events.codes import code_list
from infra.web.problems import Fault, Words

_CODES_SHOWN = 40
_MOST = 100  # faults of one document: telling a million of them would be work for nothing
_LONGEST_GUESSED = 96  # characters; comparing longer names takes time, and none of ours is as long

# pydantic's error type -> our code; with the name in pydantic's context of the one word it takes
_BOUNDS = {
    "string_pattern_mismatch": ("pattern", "pattern", "pattern"),
    "literal_error": ("one_of", "expected", "expected"),
    "enum": ("one_of", "expected", "expected"),
    "greater_than_equal": ("at_least", "ge", "bound"),
    "less_than_equal": ("at_most", "le", "bound"),
    "string_too_short": ("too_short", "min_length", "bound"),
    "string_too_long": ("too_long", "max_length", "bound"),
    "too_short": ("too_short", "min_length", "bound"),
    "too_long": ("too_long", "max_length", "bound"),
}
_TYPES = {
    "string_type": "string",
    "int_type": "integer",
    "int_from_float": "integer",
    "bool_type": "true | false",
    "float_type": "number",
    "list_type": "[ … ]",
    "tuple_type": "[ … ]",
    "dict_type": "{ … }",
    "model_type": "{ … }",
    "none_required": "null",
}
# The other arm of a sealed field: JSON cannot be WITHHELD, and nobody need be told.
_WITHHELD_ARM = {"is_instance_of", "needs_python_object"}
_MOMENTS = ("datetime", "timezone")


def faults_in(error: ValidationError, sent: JsonValue, model: type[BaseModel], under: str = "") -> tuple[Fault, ...]:
    """Return the faults of what was sent, in the order of the schema, each place and rule once.

    Shape: `under` is the pointer of `sent` in the whole document.
    """
    fields = list(model.model_fields)
    rows = error.errors(include_input=False, include_url=False)
    told = islice((row for row in rows if row["type"] not in _WITHHELD_ARM), _MOST)
    found = dict.fromkeys((under + _pointer(row, sent), *_rule(row, fields)) for row in told)
    return tuple(Fault(pointer, code, dict(words)) for pointer, code, words in found)


def faults_of_parameters(rows: Iterable[Mapping[str, Any]]) -> tuple[Fault, ...]:
    """Return the faults of a request's declared parameters, as FastAPI found them; pointer: `/query/<name>`."""
    found = (("/" + "/".join(escaped(str(step)) for step in row["loc"]), *_rule(row, [])) for row in rows)
    return tuple(
        Fault(pointer, "parameter" if code == "invalid" else code, dict(words)) for pointer, code, words in found
    )


def escaped(name: str) -> str:
    """Return a name as a step of a JSON Pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def guess(name: str, known: list[str]) -> str:
    """Return which of ours may have been meant, as the end of a sentence; nothing where none is close."""
    near = get_close_matches(name, known, n=1, cutoff=0.75) if len(name) <= _LONGEST_GUESSED else []
    return f" ({near[0]}?)" if near else ""


def words_for_codes(list_name: str) -> dict[str, str]:
    """Return the codes of a list as words: the list is part of the schema."""
    codes = list(code_list(list_name))
    more = " …" if len(codes) > _CODES_SHOWN else ""
    return {"list": list_name, "codes": ", ".join(codes[:_CODES_SHOWN]) + more}


def _pointer(row: Mapping[str, Any], sent: JsonValue) -> str:
    """Follow the place only as far as it exists in what was sent; pydantic adds names of union arms."""
    steps = list(row["loc"])
    unknown = row["type"] == "extra_forbidden"
    known = list(_existing(steps[:-1] if unknown else steps, sent))
    if row["type"] == "missing":
        known = [*_existing(steps[:-1], sent), steps[-1]]
    return "".join(f"/{escaped(str(step))}" for step in known)


def _existing(steps: list[str | int], sent: JsonValue) -> Iterator[str | int]:
    here = sent
    for step in steps:
        named = isinstance(here, dict) and step in here
        counted = isinstance(here, list) and isinstance(step, int) and step < len(here)
        if not (named or counted):
            return
        here = here[step]  # type: ignore[index]
        yield step


def _rule(row: Mapping[str, Any], fields: list[str]) -> tuple[str, tuple[tuple[str, Any], ...]]:
    type_, context = row["type"], row.get("ctx", {})
    words: Words = {}
    match type_:
        case "missing":
            code = "missing"
        case "extra_forbidden":
            code, words = "unknown_field", _fields(row["loc"], fields)
        case "unknown_code":
            code, words = "unknown_code", words_for_codes(context["list_name"])
        case _ if type_ in _BOUNDS:
            code, from_context, word = _BOUNDS[type_]
            words = {word: context[from_context]}
        case _ if type_ in _TYPES:
            code, words = "type", {"expected": _TYPES[type_]}
        case _ if type_.startswith(_MOMENTS):
            code = "moment"
        case _ if type_.startswith("date_"):
            code = "day"
        case _:
            code = "invalid"
    return code, tuple(words.items())


def _fields(loc: tuple[str | int, ...], fields: list[str]) -> dict[str, str]:
    """Name the fields that the schema has; only at the top, where they are known."""
    if len(loc) > 1:
        return {"fields": "…", "guess": ""}
    return {"fields": ", ".join(fields) or "-", "guess": guess(str(loc[0]), fields)}
