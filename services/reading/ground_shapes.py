"""On what ground each recipient is told of a case, as shapes for the contract."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime
from pydantic.json_schema import SkipJsonSchema

from events.labels import Category
from events.parties import Audience
from projections.disclosure.agreement import Condition
from services.reading.shapes import MAY_BE_ABSENT, Shape


class ConsentNameShape(Shape):
    """A consent by which something is told; `unit` is null where the reader may not know that it takes part."""

    unit: str | None
    consent: str


class GroundShape(Shape):
    """A clause by which a recipient may be told now: by a consent in force, or by the law that is its `basis`.

    `verified`: the basis was read in the law itself. `when`: what else must hold of who reads and of what is told.
    """

    category: Category
    row: int
    level: Literal["full", "summary", "exists"]
    rule: str
    by: Literal["law", "consent"]
    basis: str
    verified: bool
    purposes: list[str]
    when: list[Condition]
    parts: list[str] | None
    valid_from: date | None
    valid_to: date | None
    consents: list[ConsentNameShape]


class RecipientShape(Shape):
    """Who is told, and on which grounds."""

    audience: Audience
    grounds: list[GroundShape]


class ConsentedShape(Shape):
    """A category that a consent names, and when that was taken back."""

    category: Category
    withdrawn_at: AwareDatetime | None


class ConsentShape(Shape):
    """What a consent lets one recipient be told; it does not `stand` when its statement was corrected or voided."""

    unit: str | None
    consent: str
    recipient: Audience
    purposes: list[str]
    categories: list[ConsentedShape]
    since: AwareDatetime
    until: AwareDatetime
    stands: bool


class ChildSaidShape(Shape):
    """What the child answered by itself."""

    child_age_band: str | SkipJsonSchema[None] = MAY_BE_ABSENT
    child_decision: str | SkipJsonSchema[None] = MAY_BE_ABSENT
    withdrawn_by_child: bool | SkipJsonSchema[None] = MAY_BE_ABSENT


class RepresentativeSaidShape(Shape):
    """What the representative answered by itself, and by what right."""

    representative: str | SkipJsonSchema[None] = MAY_BE_ABSENT
    representative_decision: str | SkipJsonSchema[None] = MAY_BE_ABSENT
    representative_entitled: bool | None = MAY_BE_ABSENT
    in_writing: bool | SkipJsonSchema[None] = MAY_BE_ABSENT


class StatementShape(Shape):
    """A consent that was recorded, refused or taken back, as far as the reader is told who answered what."""

    unit: str | None
    consent: str
    said: Literal["recorded", "refused", "withdrawn"]
    occurred_at: AwareDatetime
    recorded_at: AwareDatetime
    standing: str | None
    recipients: list[Audience]
    categories: list[Category]
    purposes: list[str]
    child: ChildSaidShape | None
    representative: RepresentativeSaidShape | None


class GroundsShape(Shape):
    """On what ground each recipient of a case may be told of each category, and the consents there are."""

    case: str
    agreement: str
    recipients: list[RecipientShape]
    consents: list[ConsentShape]
    statements: list[StatementShape]
