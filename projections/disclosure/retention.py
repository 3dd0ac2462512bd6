"""What the law keeps although its erasure is asked for, and before whom that gives way: configuration, unverified.

Shape: `retention.toml`, an ordered list of rules; the first that speaks of an owner, category and part decides, and the
last speaks of all.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from events.codes import code_list
from events.labels import Category
from events.parties import Agency


class BadRetentionError(ValueError):
    """The rules are not whole; the text names the rule by its number."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: of whom and what it speaks (None: of all), and the ground on which that is kept; None lets go."""

    owners: frozenset[Agency] | None
    categories: frozenset[Category] | None
    parts: frozenset[str] | None
    ground: str | None
    basis: str
    verified: bool
    lifted_by: frozenset[str]

    def speaks_of(self, owner: Agency, category: Category, part: str) -> bool:
        """Say whether the rule speaks of a part of a category that an agency owns."""
        return (
            (self.owners is None or owner in self.owners)
            and (self.categories is None or category in self.categories)
            and (self.parts is None or part in self.parts)
        )


@dataclass(frozen=True, slots=True)
class Retention:
    """The rules in force, in order."""

    rules: tuple[Rule, ...]

    def ground(self, owner: Agency, category: Category, part: str, authority: str) -> str | None:
        """Return the ground on which something is kept although an authority wants it erased; None when it is not."""
        rule = next(rule for rule in self.rules if rule.speaks_of(owner, category, part))
        return None if authority in rule.lifted_by else rule.ground


@cache
def packaged_retention() -> Retention:
    """Return the rules of this release.

    Raises:
        BadRetentionError: if they are not whole.
    """
    text = files("projections.disclosure").joinpath("retention.toml").read_text(encoding="utf-8")
    return parse_retention(text)


def parse_retention(text: str) -> Retention:
    """Read rules and check that they are whole.

    Raises:
        BadRetentionError: naming the rule that cannot be read, or if the last does not speak of everything.
    """
    rules = []
    for number, told in enumerate(tomllib.loads(text)["rules"], start=1):
        try:
            rules.append(_rule(told))
        except (KeyError, ValueError) as problem:
            raise BadRetentionError(f"rule {number}: {problem}") from None
    if not rules or (rules[-1].owners, rules[-1].categories, rules[-1].parts) != (None, None, None):
        raise BadRetentionError("the last rule must speak of everything")
    return Retention(tuple(rules))


def _rule(told: dict[str, Any]) -> Rule:
    """Read one rule.

    Raises:
        KeyError: if it lacks its basis.
        ValueError: if it names what there is not.
    """
    ground, lifted_by = told.get("ground"), frozenset(told.get("lifted_by", ()))
    _check([ground] if ground else [], "erasure_ground")
    _check(lifted_by, "erasure_authority")
    return Rule(
        owners=frozenset(map(Agency, told["owners"])) if "owners" in told else None,
        categories=frozenset(map(Category, told["categories"])) if "categories" in told else None,
        parts=frozenset(told["parts"]) if "parts" in told else None,
        ground=ground,
        basis=told["basis"],
        verified=told["verified"],
        lifted_by=lifted_by,
    )


def _check(codes: Iterable[str], name: str) -> None:
    """Look codes up in a list.

    Raises:
        ValueError: if one is not in it.
    """
    if unknown := sorted(set(codes) - set(code_list(name))):
        raise ValueError(f"{unknown} not in {name}")
