"""Who is asking: everything a rule may need to know of a request's author, typed and whole."""

from dataclasses import dataclass
from typing import Literal

from events.parties import Agency, Audience, Duty

Role = Literal["publisher", "reader"]


@dataclass(frozen=True, slots=True)
class Requester:
    """A person or system of a unit, as its token says; `audience` None for a publisher.

    `purpose` is None until the request states one (`X-Purpose`).
    """

    person: str
    agency: Agency
    unit: str
    role: Role
    audience: Audience | None = None
    duties: frozenset[Duty] = frozenset()
    purpose: str | None = None
