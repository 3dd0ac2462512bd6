"""What is said between the key service and those who ask it, as JSON; keys travel as base64."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from events.labels import Category, Form, Person
from events.parties import Agency

DATA_KEYS = "/v1/data-keys"
RELEASE = "/v1/release"
JUDGE_ERASURE = "/v1/erasures/judge"
TOLD_ERASURE = "/v1/erasures/told"
LIST_VERSIONS = "/v1/key-versions"
BEGIN_ROTATION = "/v1/rotation"
ROTATION_STEP = "/v1/rotation/step"

MOST_REWRAPPED = 1_000  # of one step of a rotation
MOST_KEYS = 20_000  # of one request: the places of a batch, the boxes of a case
_Text = Annotated[str, Field(max_length=512)]


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", cache_strings="keys")  # some values are keys


class PlaceAsked(_Said):
    """A place whose owner is the door that asks."""

    subject: _Text
    category: Category
    part: _Text
    form: Form


class KeysAsked(_Said):
    """A door asks for the keys of some places."""

    places: Annotated[tuple[PlaceAsked, ...], Field(max_length=MOST_KEYS)]


class KeyGiven(_Said):
    """The living key of a place."""

    key_id: _Text
    key: _Text


class KeysGiven(_Said):
    """One for each place asked for, in the same order."""

    keys: tuple[KeyGiven, ...]


class KeyWanted(_Said):
    """A key by its id, and the conditions that the reading service states."""

    key_id: _Text
    stated: Annotated[tuple[_Text, ...], Field(max_length=8)]


class ReleaseAsked(_Said):
    """A reading service asks on behalf of a reader, whose token it passes on; `glass`: under which broken glass."""

    token: Annotated[str, Field(max_length=4_096, repr=False)]
    purpose: _Text
    wanted: Annotated[tuple[KeyWanted, ...], Field(max_length=MOST_KEYS)]
    glass: UUID | None = None


class Release(_Said):
    """A key, or none: because it is destroyed, or because there is none for this reader."""

    key: _Text | None = None
    destroyed: bool = False


class Released(_Said):
    """One for each key wanted, in the same order."""

    keys: tuple[Release, ...]


class WishAsked(_Said):
    """The operator asks what an erasure would reach, of a report or case by a unit's own name; empty lists mean all."""

    unit: _Text
    reference: _Text
    authority: _Text
    persons: tuple[Person, ...]
    categories: tuple[Category, ...]
    parts: tuple[_Text, ...]


class LineJudged(_Said):
    """Keys of one owner, category and part: they go, or are kept on a ground."""

    owner: _Text
    category: _Text
    part: _Text
    keys: int
    ground: _Text | None = None


class ErasureJudged(_Said):
    """What would be destroyed and what kept; not `known`: the unit has no such report or case."""

    known: bool
    going: tuple[LineJudged, ...] = ()
    kept: tuple[LineJudged, ...] = ()


class StatementAsked(_Said):
    """The operator asks what became of a stated erasure."""

    source: _Text
    id: _Text


class ErasureTold(_Said):
    """How many keys it destroys, and whether it is done."""

    destroyed: int = 0
    done: bool = False


class SlotsAsked(_Said):
    """The operator asks about key-encryption keys of some owners, categories and forms; empty lists mean all."""

    owners: tuple[Agency, ...] = ()
    categories: tuple[Category, ...] = ()
    forms: tuple[Form, ...] = ()


class VersionListed(_Said):
    """A version of a key-encryption key: how many data keys it wraps, and whether new ones are wrapped by it."""

    owner: _Text
    category: _Text
    form: _Text
    version: int
    data_keys: int
    in_use: bool


class VersionsListed(_Said):
    """In the order of owner, category, form and age."""

    versions: tuple[VersionListed, ...]


class RotationBegun(_Said):
    """How many new key-encryption keys were drawn."""

    drawn: int


class StepAsked(_Said):
    """The operator asks for the next data keys to be wrapped anew, at most so many."""

    most: Annotated[int, Field(ge=1, le=MOST_REWRAPPED)]


class StepDone(_Said):
    """How many were, and how many earlier versions are left to give up."""

    rewrapped: int
    versions_left: int
