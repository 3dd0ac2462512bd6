"""The rows of the agreement's versions, and of what was asked and answered about them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

AGREEMENT_STREAM = UUID("a9c1d1f0-5b0e-5c53-9f0e-0d3c8f6a2b10")  # of every register: the one that holds adoptions


@dataclass(frozen=True, slots=True)
class AdoptedRow:
    """A version of the agreement; `signatures` is the exact JSON text of the parties' signatures."""

    number: int
    version: str
    adopted_at: datetime
    document: bytes
    signatures: str


@dataclass(frozen=True, slots=True)
class AdoptionAsked:
    """A version that somebody asked to be adopted."""

    id: int
    document: bytes
    signatures: str


@dataclass(frozen=True, slots=True)
class AdoptionDecided:
    """What became of a request: the version's number, or why it was refused."""

    request: int
    number: int | None
    refusal: str | None
