"""Requests that must be refused, with a mark wherever a request can hold something."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import httpx

from services.cli.demo.sights import SEATS
from tests.controls.worlds import WORKER
from tests.privacy.canaries.glasses import BREAKERS, asked_of
from tests.privacy.canaries.marks import text_of
from tests.privacy.canaries.scene import Scene
from tests.privacy.canaries.story import Event

_STRUCTURED = "application/cloudevents+json"


@dataclass(frozen=True)
class Request:
    """One request that must be refused."""

    name: str
    send: Callable[[], httpx.Response]


def refused_requests(scene: Scene) -> Iterator[Request]:
    """Yield them; each draws marks that may be nowhere afterwards."""
    yield from _bodies(scene)
    yield from _reads(scene)
    yield from _searches(scene)
    yield from _glasses(scene)


def _bodies(scene: Scene) -> Iterator[Request]:
    for unit, events in dict(scene.story.bodies).items():
        event, draw = events[0], scene.story.next_refused
        changed: dict[str, Event] = {
            "an unknown field": {**event, "data": {**_data(event), "note": text_of(draw())}},
            "an unknown field's name": {**event, "data": {**_data(event), text_of(draw()): 1}},
            "another type of value": {**event, "data": {name: [text_of(draw())] for name in _data(event)}},
            "an unknown attribute": {**event, "note": text_of(draw())},
            "an unknown type": {**event, "type": draw()},
            "a foreign source": {**event, "source": draw()},
            "no moment": {**event, "time": text_of(draw())},
            "no reference": {**event, "subject": text_of(draw())},
            "another content": {**event, "data": {**_data(event), **_texts(event, draw())}},
        }
        for name, told in changed.items():
            body = json.dumps(told, ensure_ascii=False).encode()
            yield Request(f"{unit}: {name}", _posting(scene, unit, body))
        yield Request(f"{unit}: no JSON", _posting(scene, unit, text_of(draw()).encode()))
        yield Request(
            f"{unit}: a broken body", _posting(scene, unit, json.dumps(event).encode()[:-9] + draw().encode())
        )


def _posting(scene: Scene, unit: str, body: bytes) -> Callable[[], httpx.Response]:
    def post() -> httpx.Response:
        return scene.door(unit).post("/v1/events", content=body, headers={"Content-Type": _STRUCTURED})

    return post


def _data(event: Event) -> Event:
    data = event["data"]
    assert isinstance(data, dict)
    return data


def _texts(event: Event, word: str) -> Event:
    return {name: text_of(word) for name, value in _data(event).items() if isinstance(value, str)} or {"note": word}


def _reads(scene: Scene) -> Iterator[Request]:
    draw = scene.story.next_refused
    for seat in SEATS:
        desk = scene.desk(seat)
        for name, path, params in (
            ("a guessed case", f"/v1/cases/{draw()}", {}),
            ("a guessed timeline", f"/v1/cases/{draw()}/timeline", {}),
            ("an unknown parameter", "/v1/cases", {"name": text_of(draw())}),
            ("no cursor", "/v1/cases", {"after": text_of(draw())}),
            ("no status", "/v1/cases", {"status": text_of(draw())}),
            ("an unknown address", f"/v1/{draw()}", {}),
        ):
            yield Request(f"{seat.key}: {name}", partial(desk.get, path, params))
        url = scene.url_of(seat)
        for name, headers in (
            ("a token of its own making", {"Authorization": f"Bearer {draw()}.{draw()}.{draw()}"}),
            ("no purpose", {"X-Purpose": draw()}),
            ("no receipt", {"X-After": draw()}),
        ):
            yield Request(f"{seat.key}: {name}", partial(scene.anybody.get, f"{url}/v1/cases", headers=headers))


def _searches(scene: Scene) -> Iterator[Request]:
    draw = scene.story.next_refused
    for seat in SEATS:
        for name, body in (
            ("no JSON", text_of(draw()).encode()),
            ("an unknown field", json.dumps({text_of(draw()): text_of(draw())}).encode()),
            ("too little", json.dumps({"name": text_of(draw())}).encode()),
        ):
            yield Request(f"{seat.key}: a search, {name}", partial(scene.post, seat, "/v1/search", body))


def _glasses(scene: Scene) -> Iterator[Request]:
    """Yield what breaks no glass and closes no review; that somebody guessed a name is written down without it."""
    draw = scene.story.next_refused
    for seat in BREAKERS:
        for name, body in (
            ("no JSON", text_of(draw()).encode()),
            ("an unknown field", asked_of(WORKER, "A", "A", **{text_of(draw()): text_of(draw())})),
            ("no unit", asked_of(text_of(draw()), "A", "A")),
            ("no reference", asked_of(WORKER, text_of(draw()), "A")),
            ("no reason", asked_of(WORKER, "A", text_of(draw()), reason=text_of(draw()))),
            ("a guessed case", asked_of(WORKER, draw(), "A")),
        ):
            yield Request(f"{seat.key}: a glass, {name}", partial(scene.post, seat, "/v1/break-glass", body))
        outcome = json.dumps({"outcome": text_of(draw())}).encode()
        review = f"/v1/break-glass/{UUID(int=7)}/review"
        yield Request(f"{seat.key}: a review, no outcome", partial(scene.post, seat, review, outcome))
        desk = scene.desk(seat)
        yield Request(f"{seat.key}: no glass", partial(desk.get, f"/v1/break-glass/{draw()}"))
        yield Request(f"{seat.key}: no glass's timeline", partial(desk.get, f"/v1/break-glass/{draw()}/timeline"))
