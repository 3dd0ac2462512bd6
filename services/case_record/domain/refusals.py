"""Why a message is not recorded: the only reasons there are, each a code that tells nothing of the contents."""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The message is no sealed event: not even its source and id can be read."""

    CODE: ClassVar[str] = "unreadable"


@dataclass(frozen=True, slots=True)
class UnknownType:
    """No event type has this name."""

    CODE: ClassVar[str] = "unknown_type"


@dataclass(frozen=True, slots=True)
class BrokenSchema:
    """The event is not as its type says."""

    CODE: ClassVar[str] = "broken_schema"


@dataclass(frozen=True, slots=True)
class NoAuthority:
    """The unit is unknown, not of the agency whose door sent it, or may not assert this type, or not of this case."""

    CODE: ClassVar[str] = "no_authority"


@dataclass(frozen=True, slots=True)
class UnknownReference:
    """The reference did not become known in time; unknown, hidden and not-yours are the same."""

    CODE: ClassVar[str] = "unknown_reference"


@dataclass(frozen=True, slots=True)
class EarlierMissing:
    """An earlier event of the same reference did not come in time."""

    CODE: ClassVar[str] = "earlier_missing"


@dataclass(frozen=True, slots=True)
class Fault:
    """The event alone could not be recorded; an operator must look."""

    CODE: ClassVar[str] = "fault"


Refusal: TypeAlias = Unreadable | UnknownType | BrokenSchema | NoAuthority | UnknownReference | EarlierMissing | Fault
