"""What sheets and their commands say, in Vietnamese or English; `texts.toml` holds the words."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias

from services.cli.stops import Exit, Stop

Language: TypeAlias = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")


def text(name: str, language: Language, **words: str | int) -> str:
    """Return a text with its words filled in."""
    return _texts()[name][language].format(**words)


class SheetStop(Stop):
    """A sheet cannot be taken; told in both languages, for the sheet that would say which was meant is not read."""

    def __init__(self, name: str, code: Exit = Exit.USED_WRONGLY, **words: str | int) -> None:
        super().__init__(code, " / ".join(text(f"stop_{name}", language, **words) for language in LANGUAGES))


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("services.cli.sheets").joinpath("texts.toml").read_text(encoding="utf-8"))
