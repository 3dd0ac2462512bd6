"""What people call a field, in Vietnamese and English; `field_names.toml` holds the names."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal


@dataclass(frozen=True, slots=True)
class FieldName:
    """A field's name for people."""

    vi: str
    en: str

    def in_language(self, language: Literal["vi", "en"]) -> str:
        """Return the name in one language."""
        return self.vi if language == "vi" else self.en


@cache
def field_names() -> dict[str, FieldName]:
    """Return the name of every attribute and field, by its name on the wire."""
    text = files("events").joinpath("field_names.toml").read_text(encoding="utf-8")
    return {name: FieldName(**row) for name, row in tomllib.loads(text).items()}
