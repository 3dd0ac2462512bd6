"""What is wrong with a token for keys, and what to do, in Vietnamese and English. Texts are data."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from infra.keys.key_encryption import KeysAwayError

Language = Literal["vi", "en"]


class TokenUnusableError(KeysAwayError):
    """The token cannot be used; `code` is one of `token_texts.toml`."""

    def __init__(self, code: str, **words: object) -> None:
        super().__init__(code)
        self.code = code
        self._words = {name: str(word) for name, word in words.items()}

    def told(self, language: Language) -> str:
        """Say it to a person, with what to do."""
        text = token_texts()[self.code][language]
        return text.format(**self._words)


@cache
def token_texts() -> dict[str, dict[Language, str]]:
    """Return every text by code and language."""
    return tomllib.loads(files("infra.keys").joinpath("token_texts.toml").read_text(encoding="utf-8"))
