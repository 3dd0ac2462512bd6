"""Hostile reads: without a purpose, beyond one's own, with parameters and cursors that were made up."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from services.reading.cursors import encode_cursor
from tests.controls.bad_input import CANARY, UNIT
from tests.hostile.hostile import PURPOSE, Hostile
from tests.hostile.wire import Headers

DEEP = urlsafe_b64encode(b"[" * 6000).decode()
READERS = {"police": "reader", "coordination": "coordinator", "audit": "auditor"}
CURSORS = {
    "a cursor made up": CANARY,
    "an endlessly deep cursor": DEEP,
    "a cursor of no time": encode_cursor("yesterday", "A"),
    "a cursor before all time": encode_cursor("0001-01-01T00:00:00+14:00", "A"),
    "a cursor with a NUL": encode_cursor("2026-04-06T00:00:00+00:00", "\x00"),
}


_GLASS = "/v1/break-glass"
_AS_JSON: Headers = (("Content-Type", "application/json"),)
PURPOSES = {"police": PURPOSE, "coordination": (("X-Purpose", "coordination"),), "audit": (("X-Purpose", "oversight"),)}


def read(
    name: str,
    status: int,
    problem: str,
    path: str,
    *faults: str,
    door: str = "police",
    speaker: str = "",
    headers: Headers | None = None,
) -> Hostile:
    who = speaker or READERS[door]
    return Hostile(
        "read",
        f"{name}, {door}",
        status,
        problem,
        faults,
        door=door,
        speaker=who,
        method="GET",
        path=path,
        headers=PURPOSES[door] if headers is None else headers,
    )


def reads() -> Iterator[Hostile]:
    for door in READERS:
        yield from _anywhere(door)
    for door in ("police", "coordination"):
        yield from _searches(door)
    yield from _glasses()
    yield from _events()
    yield from _coordination()
    yield from _audit()
    yield from _who_looked()


def _anywhere(door: str) -> Iterator[Hostile]:
    purposes: dict[str, Headers] = {
        "no purpose": (),
        "a purpose that is none": (("X-Purpose", CANARY),),
        "a purpose in bytes": (("X-Purpose", "\xff\xfe"),),
    }
    for name, headers in purposes.items():
        yield read(name, 400, "purpose_required", "/v1/cases", door=door, headers=headers)
    yield read("two purposes", 400, "ambiguous_request", "/v1/cases", door=door, headers=PURPOSE + PURPOSE)
    for name, cursor in CURSORS.items():
        yield read(name, 400, "bad_parameter", f"/v1/cases?after={cursor}", "cursor", door=door)
    parameters = {
        "limit=0": "at_least",
        "limit=201": "at_most",
        "limit=99999999999999999999": "at_most",
        "limit=1e3": "parameter",
        f"status={CANARY}": "pattern",
        f"unit={CANARY}": "pattern",
        "deadline=tomorrow": "one_of",
        "changed_since=2026-04-06T00:00:00": "moment",
    }
    for asked, fault in parameters.items():
        name = asked.replace(CANARY, "…")
        yield read(f"the parameter {name}", 400, "bad_parameter", f"/v1/cases?{asked}", fault, door=door)
    for name, case in {
        "a case that is none": CANARY,
        "a case named by dots": "..",
        "a case named by a quote": "%27%20or%201=1",
    }.items():
        yield read(name, 404, "no_such_case", f"/v1/cases/{case}", door=door)
    yield read("grounds of a case that is none", 404, "no_such_case", f"/v1/cases/{CANARY}/grounds", door=door)
    yield read("misspelt parameter", 400, "unknown_parameter", "/v1/cases?limt=1", door=door)
    yield read("a page before the first", 400, "bad_parameter", "/v1/cases/A/timeline?after=-1", "at_least", door=door)


def _searches(door: str) -> Iterator[Hostile]:
    whole = b'{"name": "%b", "birth_date": "2016-09-02"}' % CANARY.encode()
    bodies: dict[str, tuple[int, str, tuple[str, ...], bytes]] = {
        "a search for nobody": (422, "bad_search", ("too_little",), b"{}"),
        "a search by name alone": (422, "bad_search", ("too_little",), b'{"name": "%b"}' % CANARY.encode()),
        "a search by birth date alone": (422, "bad_search", ("too_little",), b'{"birth_date": "2016-09-02"}'),
        "a search by signs for a name": (
            422,
            "bad_search",
            ("too_little",),
            b'{"name": "%.*", "birth_date": "2016-09-02"}',
        ),
        "a search by a stub of an ID number": (422, "bad_search", ("too_little",), b'{"id_number": "0-1"}'),
        "a search by a day that is none": (
            422,
            "bad_search",
            ("day",),
            b'{"name": "%b", "birth_date": "2016-02-30"}' % CANARY.encode(),
        ),
        "a search by an address": (422, "bad_search", ("unknown_field",), whole[:-1] + b', "address": "A"}'),
        "a search by a pattern": (
            422,
            "bad_search",
            ("type",),
            b'{"name": {"like": "A%"}, "birth_date": "2016-09-02"}',
        ),
        "a search by an endless name": (413, "too_large", (), b'{"name": "%b"}' % (b"x" * 5000)),
        "a search for many at once": (422, "bad_search", ("type",), b"[%b]" % whole),
        "a search that is no JSON": (400, "not_json", (), CANARY.encode()),
    }
    for name, (status, problem, faults, body) in bodies.items():
        yield _search(name, status, problem, door, body, *faults)
    yield _search("a search without a purpose", 400, "purpose_required", door, whole, headers=_AS_JSON)
    form: Headers = (*PURPOSES[door], ("Content-Type", "application/x-www-form-urlencoded"))
    yield _search("a search as a form", 415, "unsupported_media_type", door, whole, headers=form)
    yield read("a name in the address", 405, "method_not_allowed", f"/v1/search?name={CANARY}", door=door)


def _search(
    name: str, status: int, problem: str, door: str, body: bytes, *faults: str, headers: Headers | None = None
) -> Hostile:
    return Hostile(
        "read",
        f"{name}, {door}",
        status,
        problem,
        faults,
        door=door,
        speaker=READERS[door],
        path="/v1/search",
        headers=(*PURPOSES[door], *_AS_JSON) if headers is None else headers,
        body=body,
    )


def _glasses() -> Iterator[Hostile]:
    """Who would open a case in an emergency without saying which or why, or review without saying what."""
    asked = b'{"unit": "%b", "reference": "C-1", "reason": "%b", "explanation": "A"}'
    emergency: Headers = (("X-Purpose", "emergency"), *_AS_JSON)
    bodies: dict[str, tuple[int, str, tuple[str, ...], bytes]] = {
        "a glass without a word": (422, "bad_glass", ("missing",), b"{}"),
        "a glass for no reason of the list": (
            422,
            "bad_glass",
            ("unknown_code",),
            asked % (b"hospital_h1", b"curiosity"),
        ),
        "a glass that is no JSON": (400, "not_json", (), CANARY.encode()),
    }
    for name, (status, problem, faults, body) in bodies.items():
        yield replace(_search(name, status, problem, "police", body, *faults, headers=emergency), path=_GLASS)
    work = _search("a glass for daily work", 404, "no_such_case", "police", asked % (b"hospital_h1", b"danger_to_life"))
    yield replace(work, path=_GLASS)
    no_outcome = _search("a review without an outcome", 422, "bad_glass", "police", b"{}", "missing")
    no_glass = _search("a review of no glass", 404, "no_such_case", "police", b'{"outcome": "justified"}')
    yield from (replace(one, path=f"{_GLASS}/{UUID(int=7)}/review") for one in (no_outcome, no_glass))


def _events() -> Iterator[Hostile]:
    sent = "example-police.report_received.v1"
    asked = {
        "an event nobody sent": (404, "no_such_event", f"source={UNIT}&id=NOBODYS", ()),
        "an event of a source that is none": (400, "bad_parameter", f"source={CANARY}&id={sent}", ("pattern",)),
        "an event without an id": (400, "bad_parameter", f"source={UNIT}", ("missing",)),
        "an endless id": (400, "bad_parameter", f"source={UNIT}&id={'x' * 5000}", ("pattern",)),
    }
    for name, (status, problem, query, faults) in asked.items():
        yield read(name, status, problem, f"/v1/events?{query}", *faults, speaker="publisher", headers=())
    theirs = f"/v1/events?source={UNIT}&id={sent}"
    yield read("another unit's event", 404, "no_such_event", theirs, speaker="colleague", headers=())
    yield read("another unit's case", 404, "no_such_case", "/v1/cases/<case>")
    after: Headers = (*PURPOSE, ("X-After", CANARY))
    yield read("X-After that is none", 400, "bad_parameter", "/v1/cases", "pattern", headers=after)


def _coordination() -> Iterator[Hostile]:
    door = "coordination"
    yield read("deadlines of no kind", 400, "bad_parameter", "/v1/deadlines?deadline=never", "one_of", door=door)
    yield read(
        "deadlines after a made-up cursor", 400, "bad_parameter", f"/v1/deadlines?after={CANARY}", "cursor", door=door
    )
    yield Hostile(
        "read",
        "a command that is none, coordination",
        404,
        "not_found",
        door=door,
        speaker="coordinator",
        path="/v1/cases/A/abolish",
    )


def _audit() -> Iterator[Hostile]:
    door = "audit"
    yield read(
        "history as seen by nobody", 400, "bad_parameter", f"/v1/cases/A/history?audience={CANARY}", "one_of", door=door
    )
    yield read(
        "history without an offset",
        400,
        "bad_parameter",
        "/v1/cases/A/history?as_of=2026-04-06T00:00:00",
        "moment",
        door=door,
    )
    yield read("history of a case that is none", 404, "no_such_case", f"/v1/cases/{CANARY}/history", door=door)
    yield read(
        "access after a made-up cursor",
        400,
        "bad_parameter",
        f"/v1/access?after={encode_cursor('2026-04-06T00:00:00+00:00', 'police', '9' * 40)}",
        "cursor",
        door=door,
    )
    yield read("verdict on a case that is none", 404, "no_such_case", f"/v1/verify?case={CANARY}", door=door)


def _who_looked() -> Iterator[Hostile]:
    told, kept_back = "/v1/access/subject", "/v1/access/subject/kept-back"
    asked: dict[str, tuple[int, str, tuple[str, ...], str]] = {
        "of no case": (400, "bad_parameter", ("missing",), ""),
        "of a case that is none": (404, "no_such_case", (), f"?case={CANARY}"),
        "after a made-up cursor": (400, "bad_parameter", ("cursor",), f"?case=A&after={CANARY}"),
        "on an endless page": (400, "bad_parameter", ("at_most",), "?case=A&limit=100000"),
        "asked by a name": (400, "unknown_parameter", (), f"?case=A&name={CANARY}"),
    }
    for what, path in {"who looked": told, "who looked, kept back": kept_back}.items():
        for name, (status, problem, faults, query) in asked.items():
            yield read(f"{what}, {name}", status, problem, f"{path}{query}", *faults, door="audit")
        yield read(
            f"{what}, for a police officer", 404, "no_such_case", f"{path}?case=A", door="audit", speaker="reader"
        )
    related = f"?case=A&relationship={CANARY}"
    yield read("who looked, for nobody known", 400, "bad_parameter", f"{told}{related}", "pattern", door="audit")
    yield read("kept back, for somebody", 400, "unknown_parameter", f"{kept_back}{related}", door="audit")
