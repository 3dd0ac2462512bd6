"""What is answered over HTTP: every audience's own routes, the auditor's, errors, contracts, figures."""

import json
import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any, Literal

import httpx

from events.labels import Person
from events.parties import Audience
from infra.keys.assertions import HEADER, assertion
from infra.keys.wire import DATA_KEYS, JUDGE_ERASURE, RELEASE, TOLD_ERASURE, WishAsked
from services.cli.demo.sights import SEATS, Seat
from services.cli.desk import Desk
from tests.controls.worlds import WORKER
from tests.privacy.canaries.refused import refused_requests
from tests.privacy.canaries.relay import Leak
from tests.privacy.canaries.scene import AGENCY_UNITS, Piece, Scene

_LONGEST_PAGE = "200"
_PUBLIC_KEYS = ("/v1/receipt-keys", "/v1/inbox-keys")


def views(scene: Scene) -> Iterator[Piece]:
    """Yield every page that each audience is given of what it may see."""
    scene.heads.clear()
    for seat in SEATS:
        for answer in _pages(scene.desk(seat), seat):
            scene.heads.append(Piece(f"{seat.key} {_path(answer)}", _head(answer)))
            yield Piece(f"{seat.key} {_path(answer)}", answer.content, seat.key)


def headers(scene: Scene) -> Iterator[Piece]:
    """Yield the headers of the pages that `views` read; an opaque revision is one of them."""
    yield from scene.heads


def cursors(scene: Scene) -> Iterator[Piece]:
    """Yield each list in pages of one row: a page and what leads to the next."""
    for seat in SEATS:
        for answer in _list(scene.desk(seat), "/v1/cases", "1"):
            yield Piece(f"{seat.key} page", answer.content + _head(answer))


def history(scene: Scene) -> Iterator[Piece]:
    """Yield each case's history as the auditor may replay it, and as each audience was shown it."""
    auditor = scene.desk(SEATS[-1])
    for case in _cases(auditor):
        for audience in Audience:
            answer = auditor.get(f"/v1/cases/{case}/history", {"audience": audience.value})
            yield Piece(f"{audience} history", answer.content, "auditor")


def access(scene: Scene) -> Iterator[Piece]:
    """Yield the access log of every audience, as the auditor reads it."""
    for answer in _list(scene.desk(SEATS[-1]), "/v1/access", _LONGEST_PAGE):
        yield Piece("access", answer.content)


def access_of_a_subject(scene: Scene) -> Iterator[Piece]:
    """Yield what a child or its mother is told of who looked, and what was kept back from them."""
    auditor = scene.desk(SEATS[-1])
    for case in _cases(auditor):
        for path, more in (("", {}), ("", {"relationship": "mother"}), ("/kept-back", {})):
            answer = auditor.get(f"/v1/access/subject{path}", {"case": case, "limit": _LONGEST_PAGE} | more)
            yield Piece(f"subject{path}", answer.content + _head(answer))


def searches(scene: Scene) -> Iterator[Piece]:
    """Yield what each audience is answered that searches for a child by a mark: at most which case it is."""
    for story in scene.stories:
        found = 0
        for seat, number in product(SEATS, sorted(story.id_numbers)):
            answer = _searched(scene, seat, number)
            found += _finds(answer)
            yield Piece(f"{seat.key} search", answer.content + _head(answer))
        assert bool(found) is not story.is_gone or story.state == "closed", (
            "who is erased is found, or who is not is not"
        )


def finds_the_erased(scene: Scene, seat: Seat) -> bool:
    """Say whether an audience that searches for the child that was erased is told of a case."""
    return any(_finds(_searched(scene, seat, number)) for number in scene.gone.id_numbers)


def _searched(scene: Scene, seat: Seat, id_number: str) -> httpx.Response:
    return scene.post(seat, "/v1/search", json.dumps({"id_number": id_number}).encode())


def _finds(answer: httpx.Response) -> bool:
    return answer.is_success and bool(_body(answer)["found"])


def glasses(scene: Scene) -> Iterator[Piece]:
    """Yield what each audience is told of broken glasses and of attempts, and the auditor of how many there were."""
    for seat in SEATS:
        for answer in _list(scene.desk(seat), "/v1/break-glass", _LONGEST_PAGE):
            yield Piece(f"{seat.key} glasses", answer.content + _head(answer), seat.key)
    yield Piece("rates", scene.desk(SEATS[-1]).get("/v1/break-glass/rates").content)


def under_glass(scene: Scene) -> Iterator[Piece]:
    """Yield each case as whoever broke its glass reads it, and what all others are answered who ask for that glass."""
    for story in scene.stories:
        for glass, breaker in story.glasses.items():
            path = f"/v1/break-glass/{glass}"
            for answer in (scene.desk(breaker).get(path), scene.desk(breaker).get(f"{path}/timeline")):
                assert answer.is_success, answer.text
                yield Piece(f"{breaker.key} under glass", answer.content + _head(answer), breaker.key, glass)
            for seat in (one for one in SEATS if one.key != breaker.key):
                answer = scene.desk(seat).get(path)
                assert answer.is_error, f"{seat.key} reads under the glass of {breaker.key}"
                yield Piece(f"{seat.key} under glass", answer.content + _head(answer))


def keys(scene: Scene) -> Iterator[Piece]:
    """Yield what the key service answers to who proves who it is, and to who does not."""
    asked = WishAsked(
        unit=WORKER,
        reference=scene.story.references[WORKER],
        authority="court",
        persons=tuple(Person),
        categories=(),
        parts=(),
    )
    body = asked.model_dump_json().encode()
    proved = {HEADER: assertion(scene.story.desks.operator, JUDGE_ERASURE, body)}
    url = scene.relays[scene.story.desks.keys].url
    told = scene.anybody.post(url + JUDGE_ERASURE, content=body, headers=proved)
    assert _body(told)["going"], "the key service knows of no key"
    yield Piece("judged", told.content + _head(told))
    for path in (DATA_KEYS, RELEASE, JUDGE_ERASURE, TOLD_ERASURE):
        answer = scene.anybody.post(url + path, content=body, headers={HEADER: scene.story.next_refused()})
        assert answer.is_error, path
        yield Piece(path, answer.content + _head(answer))


def verdict(scene: Scene) -> Iterator[Piece]:
    yield Piece("verify", scene.desk(SEATS[-1]).get("/v1/verify").content)


def errors(scene: Scene) -> Iterator[Piece]:
    """Yield the answers to requests that must be refused and hold marks wherever a request can hold something."""
    for request in refused_requests(scene):
        answer = request.send()
        assert answer.is_error, request.name
        yield Piece(request.name, answer.content + _head(answer))


def receipts(scene: Scene) -> Iterator[Piece]:
    """Yield what was answered to every event stated and asked after, and to one batch of each unit sent again."""
    for answered in (answer for story in scene.stories for answer in story.answers):
        yield Piece("while told", answered)
    for unit_id, batch in dict(scene.story.bodies).items():
        kind = {"Content-Type": "application/cloudevents-batch+json"}
        again = scene.door(unit_id).post("/v1/events", content=json.dumps(batch).encode(), headers=kind)
        assert {row["status"] for row in json.loads(again.text.partition("\n")[0])} == {200}
        yield Piece(f"{unit_id} again", again.content + _head(again))


def contracts(scene: Scene) -> Iterator[Piece]:
    """Yield the contract of every service, the pages that show it, event types, schemas, and the doors' public keys."""
    yield from _of_each_service(scene, ("/openapi.json", "/docs"))
    for unit_id in AGENCY_UNITS.values():
        door = scene.door(unit_id)
        listed = door.get("/v1/schemas")
        yield Piece(f"{unit_id} types", listed.content)
        yield from (Piece(path, door.get(path).content) for path in _PUBLIC_KEYS)
        for type_ in re.findall(r'"type": ?"([a-z_.0-9]+)"', listed.text):
            yield Piece(type_, door.get(f"/v1/schemas/{type_}").content)


def figures(scene: Scene) -> Iterator[Piece]:
    yield from _of_each_service(scene, ("/metrics",))


def readiness(scene: Scene) -> Iterator[Piece]:
    yield from _of_each_service(scene, ("/healthz", "/readyz"))


def leak(path: str, part: Literal["body", "header", "json"] = "body") -> Callable[[Scene, bytes], None]:
    """Return how to let every service leak at addresses of one form."""

    def plant(scene: Scene, said: bytes) -> None:
        for relay in scene.relays.values():
            relay.leaks.append(Leak(path, part, said))

    return plant


def _of_each_service(scene: Scene, paths: tuple[str, ...]) -> Iterator[Piece]:
    for relay in scene.relays.values():
        for path in paths:
            answer = scene.anybody.get(relay.url + path)
            yield Piece(path, answer.content + _head(answer))


def _pages(desk: Desk, seat: Seat) -> Iterator[httpx.Response]:
    yield from _list(desk, "/v1/cases", _LONGEST_PAGE)
    for case in _cases(desk):
        yield desk.get(f"/v1/cases/{case}")
        yield from _list(desk, f"/v1/cases/{case}/timeline", _LONGEST_PAGE)
        yield desk.get(f"/v1/cases/{case}/grounds")
    if seat.audience is Audience.COORDINATOR:
        yield from _list(desk, "/v1/deadlines", _LONGEST_PAGE)


def _cases(desk: Desk) -> Iterator[str]:
    for answer in _list(desk, "/v1/cases", _LONGEST_PAGE):
        yield from (str(row["case"]) for row in _body(answer)["cases"])


def _list(desk: Desk, path: str, limit: str) -> Iterator[httpx.Response]:
    after: str | None = None
    while True:
        answer = desk.get(path, {"limit": limit} | ({"after": str(after)} if after else {}))
        yield answer
        page = _body(answer)
        if not page["has_more"]:
            return
        after = page["after"]


def _body(answer: httpx.Response) -> dict[str, Any]:
    """Return the JSON of an answer, without what a leak added behind it."""
    assert answer.is_success, answer.text
    found, _ = json.JSONDecoder().raw_decode(answer.text)
    return dict(found)


def _path(answer: httpx.Response) -> str:
    return re.sub(r"/v1/cases/[^/]+", "/v1/cases/{case}", answer.request.url.path)


def _head(answer: httpx.Response) -> bytes:
    return b"\n".join(name + b": " + value for name, value in answer.headers.raw)
