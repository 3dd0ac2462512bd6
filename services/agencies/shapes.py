"""What a door answers, as shapes for the contract."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from events.envelope import EventId, EventType, UnitId
from infra.crypto.receipts import Receipt
from infra.web.contract import ProblemDocument


class Shape(BaseModel):
    """An answer; what it does not name it does not hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RehearsedShape(Shape):
    """What a dry run would have been; nothing was written."""

    dry_run: Literal[True]
    would_be: Literal["accepted", "duplicate"]


class TakenShape(Shape):
    """Of a batch: the event is kept."""

    status: Literal[200, 202]
    receipt: Receipt | RehearsedShape


class RefusedShape(Shape):
    """Of a batch: this event is refused; the others went through."""

    status: int = Field(ge=400, lt=600)
    problem: ProblemDocument


class StatusShape(Shape):
    """What became of an event; `case` is the unit's own reference, `shown` whether the views have what was recorded."""

    source: UnitId
    id: EventId
    status: Literal["accepted", "published", "waiting", "recorded", "rejected"]
    accepted_at: AwareDatetime
    recorded_at: AwareDatetime | None
    case: str | None
    shown: bool | None
    problem: ProblemDocument | None


class KeyShape(BaseModel):
    """A public key as a JWK (RFC 7517, RFC 8037)."""

    model_config = ConfigDict(frozen=True)

    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    x: str
    kid: str


class KeySetShape(Shape):
    """The public keys that verify a door's receipts."""

    keys: list[KeyShape]


class LetterKeyShape(BaseModel):
    """A public key as a JWK (RFC 7517): to lock letters to (`enc`), or to know answers by (`sig`)."""

    model_config = ConfigDict(frozen=True)

    kty: Literal["EC", "OKP"]
    crv: Literal["P-256", "Ed25519"]
    x: str
    y: str = ""
    kid: str
    use: Literal["enc", "sig"]
    alg: Literal["ECDH-ES+A256KW", "Ed25519"]


class LetterKeySetShape(Shape):
    """What a sender over Kafka must know of a door."""

    keys: list[LetterKeyShape]


class TypeShape(Shape):
    """An event type and where its schema is."""

    type: EventType
    schema_: str = Field(alias="schema")


class TypeListShape(Shape):
    """The event types that an agency may assert."""

    schemas: list[TypeShape]
