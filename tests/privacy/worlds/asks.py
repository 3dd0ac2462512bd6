"""What Hypothesis draws: who asks, at which route of which service, with which parameters, and what came before.

Every route that an application has is drawn, in its contract or not; one whose parameter or body is not known here
cannot be drawn, and the differential test says so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from itertools import product
from urllib.parse import quote, urlencode

from fastapi import FastAPI
from fastapi.routing import APIRoute
from hypothesis import strategies as st
from starlette.routing import BaseRoute

from events.codes import code_list
from events.parties import STANDING_AUDIENCES, Audience, Duty
from events.units import unit, units
from infra.web.incoming import declared_names
from tests.controls.examples import AGENCY_TYPES
from tests.fixtures.every_door import UNITS
from tests.privacy.scenario_streams import FIRST, STREAMS
from tests.privacy.worlds.alike import TOLD, one_child
from tests.privacy.worlds.bodies import HIDDEN_CHILD, as_json, bodies_for, kind_of
from tests.privacy.worlds.world import ENTITLED, HIDDEN, IN_SIGHT, Ask, Visitor

_PURPOSES: Mapping[Audience | None, str] = {Audience.COORDINATOR: "coordination", Audience.AUDITOR: "oversight"}

_NUMBERED = [f"{one}-{holder}" for one in (*HIDDEN.reports, HIDDEN.case, FIRST.case, "R-101") for holder in range(9)]
_STANDING = [f"{one}-{holder}" for one in (HIDDEN.case, FIRST.case, "R-201") for holder in ("coordinator", "auditor")]
_ALIKE = one_child(IN_SIGHT).names
CASES = (
    *_NUMBERED,
    *_STANDING,
    *_ALIKE,
    *(str(STREAMS[one]) for one in STREAMS),
    *STREAMS,
    "TRE-EM-0000-C",
    "NO-SUCH-CASE",
)
MOMENTS = ("2026-04-07T00:00:00Z", "2026-07-02T05:00:00Z", "2026-09-10T03:05:00Z", "2027-01-01T00:00:00Z", "yesterday")
EVENTS = ("r201_raised", "case_opened", "case_opened-of-the-hidden-case", "C-77-decision-3", "no-such-event")

# Values of each parameter by its name, in a path or in a query.
VALUES: Mapping[str, Sequence[str]] = {
    "case": CASES,
    "status": ("open", "closed", "suspected", "in_intervention", "no_such_status", "OPEN"),
    "unit": (*units(), "no_such_unit"),
    "lead": (*units(), "no_such_unit"),
    "deadline": ("overdue", "today", "soon"),
    "changed_since": MOMENTS,
    "as_of": MOMENTS,
    "known_at": MOMENTS,
    "from": MOMENTS,
    "to": MOMENTS,
    "limit": ("1", "2", "3", "4", "200", "0"),
    "audience": tuple(Audience),
    "duty": tuple(Duty),
    "relationship": ("mother", "stepfather", "no_such_relationship"),
    "source": (*units(), "case_record"),
    "id": EVENTS,
    "dry_run": ("true", "false", "yes"),
    "lang": ("vi", "en", "fr"),
    "code": ("no_such_case", "not_seen_yet", "no_such_problem"),
    "part": ("start.js", "swagger-ui.css", "no-such-part"),
    "type_": (*AGENCY_TYPES, "case.case_opened.v1"),
    "glass": ("00000000-0000-4000-8000-000000000007", "no-glass"),
    "review": ("open", "overdue", "closed", "ajar"),
}
AFTER = "after"  # where a page begins: a cursor that either world gave, or a count

_HEADERS = (
    ("X-After", "hospital_h1/1"),
    ("X-After", f"{HIDDEN.case}/1"),
    ("X-After", "school_s2/99999"),
    ("Accept-Language", "vi"),
    ("Accept-Language", "en"),
    ("If-None-Match", "*"),
    ("Range", "bytes=0-9"),
)
_METHODS = ("HEAD", "OPTIONS", "PUT", "DELETE", "BREW")
_READS_WEIGH = 8  # a route that tells of cases, against one that tells of nothing
_OWN_NAME_WEIGHS = 20  # what a visitor calls the hidden case, against each other name
_USUAL_WEIGHS = 60  # a route's own method, against each other one


@dataclass(frozen=True)
class Route:
    """An address of a service, and the names of what is asked with it; `reads`: it tells of cases to readers."""

    service: str
    method: str
    path: str
    names: frozenset[str]
    reads: bool

    @property
    def in_path(self) -> list[str]:
        return [name for name in (*VALUES, AFTER) if f"{{{name}}}" in self.path]


@dataclass(frozen=True)
class Round:
    """One comparison: what anybody asked before it, and what somebody asks from whom the case is hidden."""

    before: tuple[Ask, ...]
    ask: Ask


def routes_of(apps: Mapping[str, FastAPI]) -> list[Route]:
    return [
        Route(service, method, route.path, frozenset(declared_names(route.dependant)), _reads(route))
        for service, app in apps.items()
        for route in _leaves(app.routes)
        for method in sorted(route.methods or ())
    ]


def _reads(route: APIRoute) -> bool:
    told = (route.openapi_extra or {}).get("parameters", ())
    if "/break-glass" in route.path:
        return False  # of what somebody broke, and nobody does here
    return any(parameter["name"] == "X-Purpose" for parameter in told)


def _leaves(routes: Iterable[BaseRoute]) -> Iterator[APIRoute]:
    """Yield the addresses in these routes; a router that was included keeps its own, under their whole paths."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        else:
            assert getattr(route, "include_context").prefix == "", f"{route}: addresses that are not drawn"  # noqa: B009
            yield from _leaves(getattr(route, "original_router").routes)  # noqa: B009


def not_drawn(routes: Iterable[Route]) -> list[str]:
    """Return what of these routes has no values here."""
    known = {*VALUES, AFTER}
    unknown = [f"{route.path}: {name}" for route in routes for name in sorted(_asked(route) - known)]
    without_body = [f"{one.path}: body" for one in routes if one.method == "POST" and not bodies_for(one.path, None)]
    return [*unknown, *without_body]


def rounds(routes: Sequence[Route], cursors: Sequence[str]) -> st.SearchStrategy[Round]:
    """Draw comparisons; every visitor of the comparison itself is one from whom the case is hidden."""
    weighed = [route for route in routes for _ in range(_READS_WEIGH if route.reads else 1)]
    compared = asks(weighed, cursors, hidden_from=True)
    anybody = asks(weighed, cursors, hidden_from=False)
    return st.builds(Round, st.lists(anybody, max_size=1).map(tuple), compared)


@st.composite
def asks(draw: st.DrawFn, routes: Sequence[Route], cursors: Sequence[str], *, hidden_from: bool) -> Ask:
    route = draw(st.sampled_from(routes))
    visitor = draw(st.sampled_from(visitors(route.service, hidden_from=hidden_from)))
    values = {name: VALUES[name] for name in route.names | {*route.in_path} if name in VALUES}
    values |= {AFTER: (*cursors, "1", "AAAA")} if AFTER in route.names else {}
    chosen = [name for name in sorted(values) if name in route.in_path or draw(_sometimes(name))]
    values |= {"case": (*CASES, *[name_of_the_hidden_case(visitor)] * _OWN_NAME_WEIGHS)} if "case" in values else {}
    given = {name: draw(st.sampled_from(values[name])) for name in chosen}
    method = draw(st.sampled_from([*[route.method] * _USUAL_WEIGHS, *_METHODS]))
    headers = tuple(dict([*_purpose(draw, visitor), *draw(st.lists(st.sampled_from(_HEADERS), max_size=1))]).items())
    body = draw(st.sampled_from(bodies_for(route.path, visitor.unit))) if method == "POST" else b""
    kind = (kind_of(route.path),) if body else ()
    return Ask(route.service, method, target(route, given), visitor, (*headers, *kind), body)


def target(route: Route, given: Mapping[str, str]) -> str:
    """Return the path of a route with these values in it, and behind it those that it does not name."""
    path = route.path
    for name in route.in_path:
        path = path.replace(f"{{{name}}}", quote(given[name], safe=""))
    query = urlencode({name: value for name, value in given.items() if name not in route.in_path})
    return f"{path}?{query}" if query else path


@cache
def visitors(service: str, *, hidden_from: bool) -> list[Visitor]:
    """Return who asks at a service: those whom it serves twice, so that they are drawn more often than strangers."""
    own = units()[UNITS[service][0]].agency if service in UNITS else None
    made = [
        Visitor(one, frozenset(duties), publisher)
        for one, duties, publisher in product(units(), ((), (Duty.OWN_PUPIL,), tuple(Duty)), (False, True))
        if not (publisher and duties) and not (hidden_from and one in ENTITLED)
    ]
    served = [one for one in made if one.unit and units()[one.unit].agency is own]
    return [*served * (1 + len(made) // max(len(served), 1)), *made, Visitor(None)]


def purpose_of(visitor: Visitor) -> str:
    """Return for what a visitor reads."""
    return _PURPOSES.get(visitor.audience, "case_work")


def entitled_at(service: str) -> list[Visitor]:
    """Return who keeps sight of the hidden case and reads at a service, with every duty there is."""
    return _readers_at(service, ENTITLED)


def left_out_at(service: str) -> list[Visitor]:
    """Return who reads at a service and would see the hidden case, were it not sealed."""
    return _readers_at(service, {*HIDDEN.units, UNITS["coordination"][0]} - ENTITLED)


def _readers_at(service: str, among: AbstractSet[str]) -> list[Visitor]:
    own = units()[UNITS[service][0]]
    standing = own.audience in STANDING_AUDIENCES
    served = (one for one in map(unit, sorted(among)) if one.agency is own.agency)
    return [Visitor(one.id, frozenset(Duty)) for one in served if not standing or one.audience is own.audience]


def plain_ask(route: Route) -> Ask:
    """Return one request of a route by somebody from whom the case is hidden."""
    visitor = visitors(route.service, hidden_from=True)[0]
    given = {name: VALUES[name][0] for name in route.in_path}
    body = bodies_for(route.path, visitor.unit)[0] if route.method == "POST" else b""
    headers = (("X-Purpose", purpose_of(visitor)), kind_of(route.path))
    return Ask(route.service, route.method, target(route, given), visitor, headers, body)


def asks_for_the_alike(routes: Sequence[Route]) -> Iterator[Ask]:
    """Yield what those ask of their own records whose child a sealed one names too."""
    for told, route in product(TOLD, routes):
        visitor = Visitor(told.by, frozenset(Duty))
        if route.reads and route.method == "GET" and UNITS.get(route.service, ("",))[0] == told.by:
            given = {"case": told.about} if "case" in {*route.in_path, *route.names} else {}
            yield Ask(route.service, route.method, target(route, given), visitor, (("X-Purpose", purpose_of(visitor)),))


def ask_for_the_hidden_case(route: Route, visitor: Visitor) -> Ask:
    """Return what an entitled reader asks at a route that tells of cases, to be told of the hidden one."""
    given = {"case": name_of_the_hidden_case(visitor)} if "case" in {*route.in_path, *route.names} else {}
    body = as_json(HIDDEN_CHILD) if route.method == "POST" else b""
    headers = (("X-Purpose", purpose_of(visitor)), kind_of(route.path))
    return Ask(route.service, route.method, target(route, given), visitor, headers, body)


def name_of_the_hidden_case(visitor: Visitor) -> str:
    """Return what a reader calls the hidden case."""
    holder = HIDDEN.units.index(visitor.unit) if visitor.unit in HIDDEN.units else visitor.audience
    return f"{HIDDEN.case}-{holder}"


def _purpose(draw: st.DrawFn, visitor: Visitor) -> list[tuple[str, str]]:
    stated = draw(st.sampled_from([*[purpose_of(visitor)] * 12, *code_list("purpose"), "curiosity", None]))
    return [("X-Purpose", stated)] if stated else []


def _asked(route: Route) -> set[str]:
    return {*route.names, *(part.strip("{}") for part in route.path.split("/") if part.startswith("{"))}


def _sometimes(name: str) -> st.SearchStrategy[bool]:
    return st.integers(0, 2).map(bool) if name in {"source", "id"} else st.integers(0, 4).map(lambda drawn: not drawn)
