"""What is sent to each route that takes a body."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from tests.controls.examples import AGENCY_TYPES, example_unit, submitted
from tests.privacy.scenario_streams import FIRST
from tests.privacy.worlds.world import HIDDEN

HIDDEN_CHILD = {"name": "TRE-EM 4KD-C77", "birth_date": "2013-03-04"}
VISIBLE_CHILD = {"name": "TRE-EM 7Q2-C55", "birth_date": "2016-09-02"}

_BAD_BODIES = (b"", b"{", b"[]", b'{"name": 1}', b"\xff")
_SOUGHT = (HIDDEN_CHILD, VISIBLE_CHILD, {"id_number": "SO-DINH-DANH 4KD"}, {"name": HIDDEN_CHILD["name"]})
_KEYS_ASKED: tuple[Any, ...] = (
    {"places": []},
    {"token": "x", "purpose": "case_work", "wanted": []},
    {
        "unit": "hospital_h1",
        "reference": HIDDEN.case,
        "authority": "court",
        "persons": [],
        "categories": [],
        "parts": [],
    },
    {"source": "hospital_h1", "id": "1"},
    {"owners": [], "categories": [], "forms": []},
    {"most": 1},
)
# What is sent to a route, whoever sends it.
_SENT: Mapping[str, Sequence[bytes]] = {
    "/v1/break-glass": (),  # whoever breaks the glass of a case is told of it, and that is reviewed
    "/v1/break-glass/{glass}/review": (b'{"outcome": "justified"}',),
    "/v1/logout": (b"logout_token=x",),
}
_FORMS = {"/v1/logout"}


def bodies_for(path: str, unit: str | None) -> Sequence[bytes]:
    """Return what a unit sends to a route; nothing is known of one that is not named here."""
    match path:
        case "/v1/search":
            return [*map(as_json, _SOUGHT), *_BAD_BODIES]
        case "/v1/events":
            return [*_events(unit), *_BAD_BODIES]
        case _ if path in _SENT:
            return [*_SENT[path], *_BAD_BODIES]
        case (
            "/v1/data-keys"
            | "/v1/release"
            | "/v1/erasures/judge"
            | "/v1/erasures/told"
            | "/v1/key-versions"
            | "/v1/rotation"
            | "/v1/rotation/step"
        ):
            return [*map(as_json, _KEYS_ASKED), *_BAD_BODIES]
        case _:
            return []


def kind_of(path: str) -> tuple[str, str]:
    """Return the header that says what kind of body a route takes."""
    return "Content-Type", "application/x-www-form-urlencoded" if path in _FORMS else "application/json"


@cache
def _events(unit: str | None) -> list[bytes]:
    """Return events that a unit may publish, of cases that it knows and of cases that it guesses."""
    own = [type_ for type_ in AGENCY_TYPES if example_unit(type_) == unit][:3]
    return [
        submitted(type_, subject=subject, id=f"{subject}-{type_}").model_dump_json().encode()
        for type_ in own or AGENCY_TYPES[:1]
        for subject in ("R-NEW", HIDDEN.case, f"{HIDDEN.case}-2", FIRST.case)
    ]


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode()
