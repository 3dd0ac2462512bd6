"""Code lists as data: Vietnamese and English labels, validity, order and legal basis.

Each list is a TOML file in `events/code_lists/`, named as the list. What section C of the domain research
marks as design and not law carries `verified = false`.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError, core_schema

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One code: labels, since when and until when it may be used, on what basis."""

    code: str
    vi: str
    en: str
    basis: str
    verified: bool
    valid_from: date | None = None
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        """Say whether the code may be used for something that occurred on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@cache
def code_list(name: str) -> dict[str, CodeEntry]:
    """Return a code list by name, in its own order.

    Raises:
        FileNotFoundError: if there is no such list.
    """
    text = files("events").joinpath("code_lists", f"{name}.toml").read_text(encoding="utf-8")
    return {row["code"]: CodeEntry(**row) for row in tomllib.loads(text)["codes"]}


@dataclass(frozen=True, slots=True)
class Code:
    """Say of a string field that it holds a code of a list; unknown codes are refused."""

    list_name: str

    def __get_pydantic_core_schema__(self, source: Any, handler: "GetCoreSchemaHandler") -> core_schema.CoreSchema:
        """Refuse what is not in the list, naming the list and never the value."""
        return core_schema.no_info_after_validator_function(_member_of(self.list_name), handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: "GetJsonSchemaHandler"
    ) -> dict[str, Any]:
        """Carry the codes into the JSON Schema."""
        made: dict[str, Any] = handler(schema)
        made["enum"] = list(code_list(self.list_name))
        made["x-code-list"] = self.list_name
        return made


def _member_of(list_name: str) -> Callable[[str], str]:
    def member(value: str) -> str:
        if value not in code_list(list_name):
            raise PydanticCustomError(
                "unknown_code", "must be a code of the list {list_name}", {"list_name": list_name}
            )
        return value

    return member
