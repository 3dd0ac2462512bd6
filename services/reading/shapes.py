"""What readers are answered, as shapes: for the contract at /openapi.json, which tests hold every answer against."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from events.coded import GlassOutcome
from events.codes import Code
from events.envelope import Reference, UnitId
from events.labels import Category, Person
from events.parties import Audience
from events.texts import Narrative, ShortText


def _no_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


MAY_BE_ABSENT = Field(default=None, json_schema_extra=_no_default)


class Shape(BaseModel):
    """An answer; what it does not name it does not hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DeadlineShape(Shape):
    """A legal clock and how it stands."""

    rule: str
    audience: Audience
    due_at: AwareDatetime
    state: Literal["running", "met", "late", "overdue"]


class TaskShape(Shape):
    """What a unit has to do."""

    task: str
    unit: str
    status: str
    due_at: AwareDatetime | None


class FlagShape(Shape):
    """What a person should look at."""

    flag: str
    statement: str


class MatchShape(Shape):
    """Another unit seems to be concerned with the same child; never which.

    `vi`, `en`: how it stands, for people. `answers`: the types by which the reader's own unit may answer at its door,
    with `match` as it stands here. `pair`: once both sides confirmed, their and the coordinator's name for it.
    """

    match: str
    unit: str
    status: Annotated[str, Code("match_status")]
    vi: str
    en: str
    pair: str | None
    answers: list[str]


class CaseLineShape(Shape):
    """A case or an unlinked report on a list."""

    case: str
    kind: Literal["case", "report"]
    status: str
    stage: str | None
    emergency: bool
    lead_unit: str | None
    opened_at: AwareDatetime | None
    changed_at: AwareDatetime
    deadlines: list[DeadlineShape]


class PageShape(Shape):
    """A page of a list: `after` is asked for the next one, null on the last."""

    has_more: bool
    after: str | None


class CaseListShape(PageShape):
    """Cases and unlinked reports, the latest changed first."""

    cases: list[CaseLineShape]


class FactShape(Shape):
    """One thing told of a case, by its place in the sharing agreement; what only exists has neither values nor time."""

    category: Category
    row: int
    part: str
    person: Person
    level: Literal["full", "summary", "exists"]
    rule: str
    owner: str | None
    from_: str | None = Field(alias="from")
    occurred_at: AwareDatetime | SkipJsonSchema[None] = MAY_BE_ABSENT
    corrected: bool
    values: dict[str, Any] | SkipJsonSchema[None] = MAY_BE_ABSENT


class WhereShape(Shape):
    """Where a case stands."""

    case: str
    kind: Literal["case", "report"]
    revision: str
    status: str
    stage: str | None
    investigation_stage: str | None
    emergency: bool
    lead_unit: str | None
    units: list[str]
    deadlines: list[DeadlineShape]
    tasks: list[TaskShape]
    flags: list[FlagShape]
    matches: list[MatchShape]
    agreement: str


class CaseShape(WhereShape):
    """A case with every fact that the reader may see."""

    facts: list[FactShape]


class LineShape(Shape):
    """What happened; what only exists has no type and no codes."""

    at: int
    occurred_at: AwareDatetime
    recorded_at: AwareDatetime
    unit: str | None
    type: str | None
    about: Category
    level: Literal["full", "summary", "exists"]
    open: dict[str, Any]


class TimelineShape(Shape):
    """A page of what happened, in the order of recording; `after` is the last place told."""

    entries: list[LineShape]
    has_more: bool
    after: int | None


class SoughtShape(Shape):
    """Which child is sought: the ID number, or name and birth date, or all three."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", cache_strings="keys")  # as in events.event

    name: ShortText | None = None
    birth_date: date | None = None
    id_number: ShortText | None = None


class FoundShape(Shape):
    """A case whose child may be the one sought, by the reader's own name of it."""

    case: str


class GlassAskedShape(Shape):
    """Which case is to be opened in an emergency, by a unit's own name for it, and why."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", cache_strings="keys")  # as in events.event

    unit: UnitId  # whose name for the case it is: one's own unit, or whoever told it
    reference: Reference
    reason: Annotated[str, Code("glass_reason")]
    explanation: Narrative  # sealed at once; the owning unit's reviewer and the auditor read it


class GlassShape(Shape):
    """The glass is broken: its name, which stands in the address of what is read under it, and until when."""

    glass: UUID
    until: AwareDatetime
    review_due_at: AwareDatetime


class GlassLineShape(Shape):
    """A glass that was broken, or an attempt that was refused."""

    glass: UUID
    at: AwareDatetime
    unit: str
    audience: Audience
    person: str | None  # for the auditor alone
    answer: Literal["broken", "no_case", "sealed", "suspended", "spent", "too_many"]
    case: str | None  # the reader's own name for it
    lead_unit: str | None
    reason: str
    explanation: str | None
    until: AwareDatetime | None
    review_due_at: AwareDatetime | None
    review: Literal["open", "overdue", "closed"] | None
    outcome: str | None


class GlassListShape(Shape):
    """A page of broken glasses, the latest first."""

    glasses: list[GlassLineShape]
    has_more: bool
    after: str | None


class GlassOutcomeShape(Shape):
    """What a review found."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    outcome: GlassOutcome


class GlassReviewedShape(Shape):
    """The review is closed."""

    glass: UUID
    outcome: GlassOutcome


class FoundListShape(Shape):
    """At most twenty cases, the likeliest first."""

    found: list[FoundShape]
