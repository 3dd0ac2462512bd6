"""May this be asked, at this desk, of this case: decided by policies that stand beside, each with an id. Pure.

Policies: `policies/<question>/*.cedar`, their shapes in `policies/reading.cedarschema` and `asked.cedarschema` beside
them. Nothing is permitted that no policy permits, and a policy that forbids has the last word. Which fields are told is
the sharing agreement's alone.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, TypeAlias

import cedarpy

from events.competence import VIET_NAM, Competence, competence_of
from events.parties import STANDING_AUDIENCES, Audience
from infra.postgres.access_log import Kind
from infra.web.requester import Requester
from projections.case_file import CaseFile

_REMEMBERED = 2_000  # persons at desks, as many as verified tokens are remembered
_RULINGS = 20_000  # some ten for each of them, about 20 MB
NOTHING_PERMITS = "nothing-permits"
NO_STANDING_GLASS = "no-standing-glass"  # none that shows a case to this reader at this moment
NO_SUCH_CASE = "no-such-case"  # nothing was found by the name asked for: there was nothing to decide on

Question: TypeAlias = Literal["at_desk", "on_case", "for_recipient"]
Facts: TypeAlias = tuple[tuple[str, bool | str | tuple[str, ...]], ...]  # what a request tells, by the schema's name
WhoAndWhere: TypeAlias = tuple[Requester, Audience, frozenset[str], date]


class UnsoundPolicyError(Exception):
    """A policy could not be evaluated: nothing is decided, and nothing answered."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided, and the ids of the policies that decided it."""

    allowed: bool
    policies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for what, at whose desk, with which purpose; `purposes`: those that the agreement names there."""

    requester: Requester
    audience: Audience
    purposes: frozenset[str]
    purpose: str
    kind: Kind
    at: datetime

    @property
    def competence(self) -> Competence:
        """For whose cases the asking unit is competent on that day in Viet Nam."""
        return competence_of(self.requester.unit, self.at.astimezone(VIET_NAM).date())


@dataclass(frozen=True, slots=True)
class Recipient:
    """For whom an answer is made: a suspect or a carer of the child; and whether some carer is the abuser."""

    suspect: bool
    carer: bool
    carer_flagged: bool


def at_desk(asking: Asking) -> Ruling:
    """Decide whether it may be asked at this desk at all."""
    return _ruling("at_desk", asking, (("purpose", asking.purpose),))


def on_case(asking: Asking, file: CaseFile, *, under_glass: bool = False) -> Ruling:
    """Decide whether it may be asked of a case, by its file in the desk's own view; `under_glass`: broken for it."""
    told: Facts = (("units", file.units), ("lead", file.lead_unit or ""), ("under_glass", under_glass))
    if file.sealed_to is not None:
        told = (*told, ("sealed_to", file.sealed_to))
    return _ruling("on_case", asking, told)


def for_recipient(asking: Asking, recipient: Recipient) -> Ruling:
    """Decide whether an answer may be made for somebody outside."""
    return _ruling("for_recipient", asking, tuple(asdict(recipient).items()))


def policy_texts(question: Question) -> Mapping[str, str]:
    """Return the text of every policy that answers one question, by the name of its file."""
    folder = files("services.reading").joinpath("policies", question)
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".cedar")}


def _ruling(question: Question, asking: Asking, told: Facts) -> Ruling:
    """Return what every policy of the question together says of one request.

    Raises:
        UnsoundPolicyError: if one of them could not be evaluated.
    """
    day = asking.at.astimezone(VIET_NAM).date()
    who_and_where = (asking.requester, asking.audience, asking.purposes, day)
    return _evaluated(_policies(question), who_and_where, asking.kind, told)


@lru_cache(maxsize=_RULINGS)
def _evaluated(policies: cedarpy.PolicySet, who_and_where: WhoAndWhere, kind: Kind, told: Facts) -> Ruling:
    """Evaluate policies for one request; ruled the same all day, it is asked of the engine once.

    What is told stands in the request and is no entity: adding one copies those that are remembered.

    Raises:
        UnsoundPolicyError: if one of them could not be evaluated.
    """
    request = {
        "principal": {"type": "Person", "id": "asking"},
        "action": {"type": "Action", "id": kind},
        "resource": {"type": "Desk", "id": "asked"},
        "context": json.dumps(dict(told)),
    }
    found = cedarpy.is_authorized(request, policies, _who_and_where(*who_and_where))
    if found.diagnostics.errors:
        raise UnsoundPolicyError(len(found.diagnostics.errors))
    ids = sorted(found.diagnostics.id_annotations_by_reason.values())
    return Ruling(found.allowed, tuple(ids) or (NOTHING_PERMITS,))


@lru_cache(maxsize=_REMEMBERED)
def _who_and_where(requester: Requester, audience: Audience, purposes: frozenset[str], day: date) -> cedarpy.Entities:
    """Return who asks and at which desk, read by the engine once a day: reading costs more than deciding."""
    competence = competence_of(requester.unit, day)
    person = {
        "role": requester.role,
        "audience": requester.audience.value if requester.audience else "",
        "units": sorted(competence.units),
        "leaders": sorted(competence.leaders),
    }
    desk = {
        "audience": audience.value,
        "standing": audience in STANDING_AUDIENCES,
        "purposes": sorted(purposes),
    }
    return cedarpy.Entities.from_json_str(
        json.dumps([_entity("Person", "asking", person), _entity("Desk", "asked", desk)])
    )


def _entity(type_: str, id_: str, attributes: Mapping[str, object]) -> Mapping[str, object]:
    return {"uid": {"type": type_, "id": id_}, "attrs": attributes, "parents": []}


@cache
def _policies(question: Question) -> cedarpy.PolicySet:
    return cedarpy.PolicySet.from_str("\n".join(text for _, text in sorted(policy_texts(question).items())))
