"""What an auditor is answered, as shapes for the contract."""

from typing import Any, Literal
from uuid import UUID

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
    """A case as it was; `file` is null while the audience had not joined, or the `glass` named did not stand open."""

    case: str
    audience: Audience
    glass: UUID | None
    known_at: AwareDatetime
    as_of: AwareDatetime
    file: WhereShape | None
    entries: list[LineShape]
    facts: list[ExposureShape]
    equals_view: bool | None


class BreakShape(Shape):
    """The first place where the history does not hold: in a case, or in a version of the agreement by its number."""

    case: str | None
    agreement: int | None
    version: int
    event: str | None
    reason: Literal["missing", "unlinked", "changed", "renamed"]


class VerdictShape(Shape):
    """Whether the history holds, and what was looked at.

    `unchecked` counts events of an earlier release, whose links only `chungtay verify` can check.
    """

    holds: bool
    streams: int
    events: int
    unchecked: int
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
    glass: UUID | None
    body_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class LookListShape(PageShape):
    """Access entries in the order of time."""

    entries: list[LookShape]


class WordsShape(Shape):
    """The same words in both languages."""

    vi: str
    en: str


class PlainLookShape(Shape):
    """One look in plain words: which kind of office, why, at what kind of data; never who, never a value."""

    at: AwareDatetime
    who: WordsShape
    why: WordsShape
    what: list[WordsShape]
    outcome: Outcome


class PlainLookListShape(PageShape):
    """Who looked, for the child or its representative."""

    entries: list[PlainLookShape]


class KeptBackShape(Shape):
    """One look that the child or its representative is not told of, and on what ground."""

    at: AwareDatetime
    audience: Audience
    unit: str
    exemption: str
    basis: str
    verified: bool


class KeptBackListShape(PageShape):
    """What was left out of what the child or its representative is told, for the auditor alone."""

    entries: list[KeptBackShape]


class GlassRateShape(Shape):
    """How often a unit opened cases in an emergency, was refused, and what the reviews said; the rest wait for one."""

    unit: str
    broken: int
    refused: int
    justified: int
    not_justified: int
    open: int
    overdue: int


class GlassRatesShape(Shape):
    """Every unit that tried."""

    units: list[GlassRateShape]
