"""A client of the official CloudEvents SDK at a real door: structured, binary, batched, and one receipt for all."""

import json
from datetime import datetime
from typing import Any

import httpx
import pytest
from cloudevents.core.bindings.http import HTTPMessage, to_binary_event, to_structured_event
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from events.codec import canonical, from_bytes
from events.envelope import SealedEvent
from events.parties import Agency
from infra.crypto.receipts import Receipt
from tests.controls.bad_input import good
from tests.fixtures.doors import Doorkeeper, problem_of

SCENE = "police.scene_attended.v1"


def event(id_: str, **changes: Any) -> CloudEvent:
    attributes = json.loads(good(SCENE, id=id_)) | {"datacontenttype": "application/json"}
    data = attributes.pop("data")
    return CloudEvent(attributes | {"time": datetime.fromisoformat(attributes["time"])} | changes, data)


def to_batch(*events: CloudEvent) -> HTTPMessage:
    """Return a batch of what the SDK writes; it makes no batches itself."""
    body = b"[" + b",".join(JSONFormat().write(one) for one in events) + b"]"
    return HTTPMessage({"content-type": "application/cloudevents-batch+json"}, body)


async def send(client: httpx.AsyncClient, message: HTTPMessage) -> httpx.Response:
    return await client.post("/v1/events", content=message.body, headers=message.headers)


async def test_structured(police: httpx.AsyncClient) -> None:
    message = to_structured_event(event("E-1"))
    answer = await send(police, message)
    assert answer.status_code == 202
    assert from_bytes(Receipt, answer.content).commits_to(message.body)


async def test_binary(police: httpx.AsyncClient, doorkeeper: Doorkeeper) -> None:
    message = to_binary_event(event("E-1"))
    answer = await send(police, message)
    assert answer.status_code == 202, answer.text
    [row] = doorkeeper.rows(Agency.POLICE, "journal")
    kept = from_bytes(SealedEvent, row[9])
    assert (kept.id, kept.type, kept.subject) == ("E-1", SCENE, "R-101")


async def test_binary_receipt_commits_to_the_structured_event_it_means(police: httpx.AsyncClient) -> None:
    message = to_binary_event(event("E-1"))
    receipt = from_bytes(Receipt, (await send(police, message)).content)
    attributes = {name[3:]: value for name, value in message.headers.items() if name.startswith("ce-")}
    meant = attributes | {"datacontenttype": "application/json", "data": json.loads(message.body)}
    assert receipt.commits_to(canonical(meant))


async def test_batch(police: httpx.AsyncClient) -> None:
    items = (await send(police, to_batch(event("E-1"), event("E-2")))).json()
    assert [item["status"] for item in items] == [202, 202]


@pytest.mark.parametrize("first", [0, 1, 2])
async def test_content_is_the_same_in_every_mode(police: httpx.AsyncClient, first: int) -> None:
    messages = [to_structured_event(event("E-1")), to_binary_event(event("E-1")), to_batch(event("E-1"))]
    messages = messages[first:] + messages[:first]
    answers = [(await send(police, message)).json() for message in messages]
    receipts = [answer[0]["receipt"] if isinstance(answer, list) else answer for answer in answers]
    assert receipts[0] == receipts[1] == receipts[2]


async def test_other_content_in_another_mode_conflicts(police: httpx.AsyncClient, doorkeeper: Doorkeeper) -> None:
    await send(police, to_structured_event(event("E-1")))
    before = doorkeeper.counts(Agency.POLICE)
    answer = await send(police, to_binary_event(event("E-1", correlationid="ANOTHER")))
    assert (answer.status_code, problem_of(answer)["type"]) == (409, "/problems/other_content")
    assert doorkeeper.counts(Agency.POLICE) == before


async def test_what_is_wrong_in_a_header_is_named(police: httpx.AsyncClient, doorkeeper: Doorkeeper) -> None:
    message = to_binary_event(event("E-1", traceparent="TRE-EM-7Q2"))
    answer = await send(police, message)
    assert [(e["pointer"], e["code"]) for e in problem_of(answer)["errors"]] == [("/traceparent", "pattern")]
    answer = await send(police, HTTPMessage(dict(message.headers) | {"ce-subject": "%C0%A0"}, message.body))
    assert [(e["pointer"], e["code"]) for e in problem_of(answer)["errors"]] == [("/subject", "header")]
    assert doorkeeper.counts(Agency.POLICE)["journal"] == 0
