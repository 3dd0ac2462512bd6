"""Legal clocks as data: how long each runs, from when, for whom, on what basis.

Shape: `events/code_lists/deadline_rule.toml`, one table a rule, after section C.14 of the domain research.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from events.parties import Audience


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """One legal clock; `audience` must act, and `late_flag` (code list `flag`) tells that it did so too late."""

    code: str
    vi: str
    en: str
    duration: int
    unit: Literal["hours", "days", "working_days"]
    start: str
    basis: str
    verified: bool
    audience: Audience
    late_flag: str


class UnknownDeadlineRuleError(LookupError):
    """No deadline rule has this code."""


@cache
def deadline_rules() -> dict[str, DeadlineRule]:
    """Return every rule by code, in the order of a case's life."""
    text = files("events").joinpath("code_lists", "deadline_rule.toml").read_text(encoding="utf-8")
    return {row["code"]: _rule(row) for row in tomllib.loads(text)["rules"]}


def deadline_rule(code: str) -> DeadlineRule:
    """Return a rule.

    Raises:
        UnknownDeadlineRuleError: if there is none.
    """
    try:
        return deadline_rules()[code]
    except KeyError:
        raise UnknownDeadlineRuleError(code) from None


def _rule(row: dict[str, Any]) -> DeadlineRule:
    return DeadlineRule(**row | {"audience": Audience(row["audience"])})
