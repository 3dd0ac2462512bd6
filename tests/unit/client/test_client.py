"""What the client does with answers that no real door can be made to give on demand."""

import logging
import time
from typing import Any

import httpx
import pytest
from chungtay_client import (
    BadEventError,
    Client,
    NotAuthorisedError,
    NotFoundError,
    NotReachableError,
    OtherContentError,
    UnavailableError,
)
from chungtay_client.retries import Backoff

from tests.fakes.scripted_door import Said, ScriptedDoor, scripted_door

RECEIPT = {"source": "u", "id": "1", "number": 1}
EVENT = {"source": "u", "id": "1", "data": {"child_name": "TRE-EM 01"}}


def problem(status: int, code: str, **more: Any) -> Said:
    document = {"type": f"/problems/{code}", "title": "T", "status": status, "detail": "D", **more}
    return Said(status, document, media_type="application/problem+json")


def client(door: ScriptedDoor, **more: Any) -> Client:
    options: dict[str, Any] = {"backoff": Backoff(first_s=0.01, most_s=0.02), "http": httpx.Client(trust_env=False)}
    return Client(door.url, "token", **(options | more))


def test_asks_again_until_the_door_keeps_it() -> None:
    away = [Said(503, {}), Said(None), Said(502, b"<html>", media_type="text/html")]
    with scripted_door(*away, Said(200, RECEIPT)) as door, client(door) as agency:
        accepted = agency.publish(EVENT)
        assert accepted.duplicate
        assert {one.body for one in door.heard} == {accepted.sent}
        assert len(door.heard) == 4


def test_never_sooner_than_the_door_asked() -> None:
    with scripted_door(Said(503, {}, {"Retry-After": "1"}), Said(202, RECEIPT)) as door, client(door) as agency:
        before = time.monotonic()
        assert not agency.publish(EVENT).duplicate
        assert time.monotonic() - before >= 1.0


def test_patience_ends_before_a_pause_that_is_longer() -> None:
    with scripted_door(Said(429, {}, {"Retry-After": "3600"})) as door, client(door) as agency:
        with pytest.raises(UnavailableError) as caught:
            agency.publish(EVENT)
        assert caught.value.retry_after_s == 3600


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, "not_json", BadEventError),
        (401, "bad_token", NotAuthorisedError),
        (403, "not_your_unit", NotAuthorisedError),
        (404, "no_such_event", NotFoundError),
        (409, "other_content", OtherContentError),
        (413, "too_large", BadEventError),
        (422, "bad_event", BadEventError),
    ],
)
def test_each_refusal_is_a_type_of_its_own(status: int, code: str, error: type[Exception]) -> None:
    faults = [{"pointer": "/data/child_name", "code": "missing", "detail": "Say it."}]
    with scripted_door(problem(status, code, errors=faults)) as door, client(door) as agency:
        with pytest.raises(error) as caught:
            agency.publish(EVENT)
        assert caught.type is error
        assert str(caught.value) == f"{status} T; D; /data/child_name: Say it."
        assert caught.value.problem.code == code  # type: ignore[attr-defined]


def test_a_friendly_page_is_no_receipt() -> None:
    page = Said(200, b"<html>Xin chao</html>", media_type="text/html")
    with (
        scripted_door(page) as door,
        client(door, patience_s=0, language="en") as agency,
        pytest.raises(UnavailableError, match="no door"),
    ):
        agency.publish(EVENT)


@pytest.mark.parametrize(("language", "words"), [("vi", "Chưa mất gì"), ("en", "Nothing is lost")])
def test_what_this_side_notices_is_told_in_either_language(language: Any, words: str) -> None:
    with scripted_door(Said(None)) as door, client(door, patience_s=0, language=language) as agency:
        with pytest.raises(NotReachableError, match=words):
            agency.publish(EVENT)
        assert door.heard[0].headers["accept-language"] == language


def test_the_token_is_asked_for_each_time() -> None:
    tokens = iter(["first", "second"])
    with scripted_door(Said(503, {}), Said(202, RECEIPT)) as door:
        with Client(door.url, lambda: next(tokens), backoff=Backoff(first_s=0.01)) as agency:
            agency.publish(EVENT)
        assert [one.headers["authorization"] for one in door.heard] == ["Bearer first", "Bearer second"]


def test_a_batch_refused_as_a_whole_is_sent_one_by_one() -> None:
    answers = [problem(400, "not_json"), Said(200, [{"status": 202, "receipt": RECEIPT}]), problem(400, "not_json")]
    with scripted_door(*answers) as door, client(door) as agency:
        results = list(agency.publish_many([EVENT, b"{"]))
        assert [one.outcome for one in results] == ["accepted", "refused"]
        assert [one.body for one in door.heard[1:]] == [b"[" + one.sent + b"]" for one in results]


def test_a_batch_refused_by_a_proxy_is_no_events_fault() -> None:
    with scripted_door(Said(413, b"too big", media_type="text/plain")) as door, client(door) as agency:
        with pytest.raises(BadEventError):
            list(agency.publish_many([EVENT, EVENT]))
        assert len(door.heard) == 1


def test_batches_are_read_one_ahead_of_what_is_taken() -> None:
    asked: list[int] = []

    def events() -> Any:
        for number in range(450):
            asked.append(number)
            yield EVENT | {"id": str(number)}

    answer = Said(200, [{"status": 202, "receipt": RECEIPT}] * 200)
    rest = Said(200, [{"status": 200, "receipt": RECEIPT}] * 50)
    with scripted_door(answer, answer, rest) as door, client(door) as agency:
        results = agency.publish_many(events())
        assert next(results).number == 1
        assert len(asked) == 201
        assert [one.outcome for one in results] == ["accepted"] * 399 + ["duplicate"] * 50
        assert len(door.heard) == 3


def test_no_log_holds_what_was_sent(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told = {"source": "u", "id": "MA-SO-7Q2", "status": "recorded", "accepted_at": "t"}
    with scripted_door(Said(202, RECEIPT), Said(200, told), problem(422, "bad_event")) as door:
        with client(door) as agency:
            agency.publish(EVENT)
            assert agency.status("u", "MA-SO-7Q2").status == "recorded"
            with pytest.raises(BadEventError) as caught:
                agency.publish(EVENT)
        assert "id=MA-SO-7Q2" in door.heard[1].path
    logged = caplog.text + str(caught.value)
    assert "HTTP Request: GET" in logged
    assert not [word for word in ("TRE-EM", "7Q2", "Bearer", "child_name") if word in logged]
