"""What an auditor is answered, as shapes for the contract."""

from typing import Any, Literal

from pydantic import AwareDatetime, Field
from pydantic.json_schema import SkipJsonSchema

from events.labels import Category, Person
from events.parties import Audience
from infra.postgres.access_log import Kind, Outcome
from services.reading.shapes import MAY_BE_ABSENT, LineShape, PageShape, Shape, WhereShape


class ExposureShape(Shape):
    """One place of one event, what the audience was shown of it, and the values where an auditor may see them."""

    category: Category
    row: int
    part: str
    person: Person
    level: Literal["full", "summary", "exists", "withheld"]
    rule: str | None
    owner: str
    from_: str = Field(alias="from")
    occurred_at: AwareDatetime
    recorded_at: AwareDatetime
    corrected: bool
    values: dict[str, Any] | SkipJsonSchema[None] = MAY_BE_ABSENT


class HistoryShape(Shape):
    """A case as it was; `file` is null while the audience had not joined."""

    case: str
    audience: Audience
    known_at: AwareDatetime
    as_of: AwareDatetime
    file: WhereShape | None
    entries: list[LineShape]
    facts: list[ExposureShape]
    equals_view: bool | None


class BreakShape(Shape):
    """The first place where the history does not hold."""

    case: str
    version: int
    event: str | None
    reason: Literal["missing", "unlinked", "changed", "renamed"]


class VerdictShape(Shape):
    """Whether the history holds, and what was looked at."""

    holds: bool
    streams: int
    events: int
    first_break: BreakShape | None


class LookShape(Shape):
    """Who was shown what, why and under which clauses; or was refused, by which policies."""

    at: AwareDatetime
    audience: Audience
    person: str
    unit: str
    duties: list[str]
    purpose: str
    route: str
    kind: Kind
    outcome: Outcome
    policies: list[str]
    cases: list[str]
    rules: list[str]
    categories: list[Category]
    agreement: str
    body_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class LookListShape(PageShape):
    """Access entries in the order of time."""

    entries: list[LookShape]
