"""Refusals as problem documents (RFC 9457), in Vietnamese or English, saying what would be right.

Texts are data: `problem_texts.toml`. No problem ever quotes a value that was sent.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import JsonValue

Language = Literal["vi", "en"]
Words = Mapping[str, str | int]

MEDIA_TYPE = "application/problem+json"
LANGUAGES: tuple[Language, ...] = ("vi", "en")
# Never why a token does not hold: that would help whoever forges one (RFC 6750).
_CHALLENGES = {
    "no_token": "Bearer",
    "bad_token": 'Bearer error="invalid_token"',
}
_FORBIDDEN = 403
_MOST_FAULTS = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in what was sent: where (JSON Pointer), which rule, and what would be right."""

    pointer: str
    code: str
    words: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request is refused; `code` names a text of `problem_texts.toml`, `words` fill it."""

    code: str
    faults: tuple[Fault, ...] = ()
    words: Words = field(default_factory=dict)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return int(problem_texts()["problems"][self.code]["status"])

    @property
    def headers(self) -> dict[str, str]:
        """The headers that go with it: how to say who asks, what encoding is taken, when to ask again."""
        made: dict[str, str] = {}
        if self.status == _FORBIDDEN:
            made["WWW-Authenticate"] = 'Bearer error="insufficient_scope"'
        if self.code in _CHALLENGES:
            made["WWW-Authenticate"] = _CHALLENGES[self.code]
        if self.code == "encoded_body":
            made["Accept-Encoding"] = "identity"
        if "seconds" in self.words:
            made["Retry-After"] = str(self.words["seconds"])
        return made

    def document(self, language: Language) -> dict[str, JsonValue]:
        """Return the problem document."""
        text = problem_texts()["problems"][self.code]
        made: dict[str, JsonValue] = {
            "type": f"/problems/{self.code}",
            "title": text["title"][language],
            "status": self.status,
            "detail": text["detail"][language].format(**self.words),
        }
        if self.faults:
            made["errors"] = [_told(fault, language) for fault in self.faults[:_MOST_FAULTS]]
        return made


class Refused(Exception):  # noqa: N818 - an outcome, not a fault
    """The request is refused; the answer is the problem."""

    def __init__(self, code: str, *faults: Fault, **words: str | int) -> None:
        super().__init__(code)
        self.problem = Problem(code, faults, words)


def language_of(accept_language: str | None) -> Language:
    """Return the language that a request prefers; Vietnamese where it does not say."""
    wanted: list[tuple[float, Language]] = []
    for part in (accept_language or "").split(","):
        tag, _, quality = part.strip().partition(";q=")
        spoken = tag.lower().split("-")[0]
        wanted.extend((_quality(quality), language) for language in LANGUAGES if spoken == language)
    return max(wanted, key=lambda found: found[0], default=(1.0, "vi"))[1]


def problem_bytes(problem: Problem, language: Language) -> bytes:
    """Return the body of an answer that refuses."""
    return json.dumps(problem.document(language), ensure_ascii=False).encode()


def known_codes() -> frozenset[str]:
    """Return the code of every problem there is a text for."""
    return frozenset(problem_texts()["problems"])


def _told(fault: Fault, language: Language) -> JsonValue:
    text = problem_texts()["faults"][fault.code][language]
    return {
        "pointer": fault.pointer,
        "code": fault.code,
        "type": f"/problems/faults/{fault.code}",
        "detail": text.format(**fault.words),
    }


def _quality(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


@cache
def problem_texts() -> dict[str, Any]:
    """Return the texts as they stand in the file: tables `problems` and `faults`, by code."""
    return tomllib.loads(files("infra.web").joinpath("problem_texts.toml").read_text(encoding="utf-8"))
