"""What a consent lets one audience be told of, as a file keeps it, and what was taken back of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict

from events.labels import Category
from events.parties import Audience


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Ended(_Row):
    """Since when a consent no longer allows a category."""

    category: Category
    at: AwareDatetime


class Sharing(_Row):
    """What a consent lets one audience be told of, for which purposes, from when until when; `ended` was taken back."""

    consent: str
    unit: str
    audience: Audience
    purposes: tuple[str, ...]
    categories: tuple[Category, ...]
    since: AwareDatetime
    until: AwareDatetime
    recorded_at: AwareDatetime
    ended: tuple[Ended, ...] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    """What is taken back of a unit's consent, and when; empty lists mean all recipients, all categories."""

    unit: str
    consent: str
    audiences: Collection[Audience]
    categories: Collection[Category]
    at: datetime


def end(sharing: Sharing, ending: Ending) -> Sharing:
    """Return what a consent still allows after something was taken back of it; what ended before, ended then."""
    if (sharing.unit, sharing.consent) != (ending.unit, ending.consent):
        return sharing
    if ending.audiences and sharing.audience not in ending.audiences:
        return sharing
    ended = {one.category for one in sharing.ended}
    named = [c for c in sharing.categories if c not in ended and (not ending.categories or c in ending.categories)]
    return sharing.model_copy(update={"ended": (*sharing.ended, *(Ended(category=c, at=ending.at) for c in named))})
