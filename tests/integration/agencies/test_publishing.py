"""A door over HTTP and a real register: accepted, known again, contradicted, refused."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from itertools import pairwise
from typing import Any

import httpx
import pytest

from events.codec import from_bytes
from events.envelope import SealedEvent
from events.parties import Agency, Audience
from infra.crypto.door_secrets import read_receipt_keys
from infra.crypto.receipts import Receipt, first_break
from services.agencies.app import Door, OtherTimeError
from tests.controls.bad_input import BAD_INPUT, CANARY, CLOCK, changed, good, with_attribute
from tests.controls.examples import example_data
from tests.fixtures.doors import ASpeaker, Doorkeeper, problem_of, publish, publish_batch

UNIT = "commune_police_00340"
SCENE = "police.scene_attended.v1"


def receipt_of(answer: httpx.Response) -> Receipt:
    return from_bytes(Receipt, answer.content)


def another(id_: str, **changes: Any) -> bytes:
    return good(SCENE, id=id_, **changes)


@pytest.fixture
async def anonymous(police_door: Door) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=police_door.served.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        yield client


class TestRehearsal:
    @staticmethod
    async def rehearse(police: httpx.AsyncClient, sent: bytes) -> httpx.Response:
        headers = {"Content-Type": "application/cloudevents+json"}
        return await police.post("/v1/events?dry_run=true", content=sent, headers=headers)

    async def test_what_would_be_accepted_leaves_nothing_behind(
        self, police: httpx.AsyncClient, doorkeeper: Doorkeeper
    ) -> None:
        before = doorkeeper.counts(Agency.POLICE)
        answer = await self.rehearse(police, good())
        assert (answer.status_code, answer.json()) == (200, {"dry_run": True, "would_be": "accepted"})
        assert doorkeeper.counts(Agency.POLICE) == before
        assert receipt_of(await publish(police, good())).number == 1

    async def test_it_finds_what_the_register_would(self, police: httpx.AsyncClient, doorkeeper: Doorkeeper) -> None:
        await publish(police, another("one"))
        before = doorkeeper.counts(Agency.POLICE)
        assert (await self.rehearse(police, another("one"))).json()["would_be"] == "duplicate"
        contradicting = await self.rehearse(police, another("one", subject="R-OTHER"))
        assert (contradicting.status_code, problem_of(contradicting)["type"]) == (409, "/problems/other_content")
        assert (await self.rehearse(police, b"{}")).status_code == 422
        assert doorkeeper.counts(Agency.POLICE) == before


class TestDenials:
    async def test_without_a_token(self, anonymous: httpx.AsyncClient, doorkeeper: Doorkeeper) -> None:
        answer = await publish(anonymous, good())
        assert (answer.status_code, problem_of(answer)["type"]) == (401, "/problems/no_token")
        assert answer.headers["www-authenticate"] == "Bearer"
        assert (await anonymous.get("/v1/events?source=x&id=y")).status_code == 401
        assert doorkeeper.counts(Agency.POLICE)["journal"] == 0

    async def test_with_a_forged_token(self, police: httpx.AsyncClient, doorkeeper: Doorkeeper) -> None:
        police.headers["Authorization"] += "x"
        assert problem_of(await publish(police, good()))["type"] == "/problems/bad_token"
        assert doorkeeper.counts(Agency.POLICE)["journal"] == 0

    async def test_as_somebody_else(self, doorkeeper: Doorkeeper, police_door: Door) -> None:
        told = {}
        for speaker, code in (
            (ASpeaker(Agency.HEALTH, "hospital_h1"), "not_your_door"),
            (ASpeaker(Agency.POLICE, UNIT, Audience.POLICE), "not_a_publisher"),
            (ASpeaker(Agency.POLICE, "investigation_police_01"), "not_your_unit"),
        ):
            async with doorkeeper.caller(police_door, speaker) as client:
                answer = await publish(client, good())
            told[code] = (answer.status_code, problem_of(answer)["type"])
        assert told == {code: (403, f"/problems/{code}") for code in told}
        assert doorkeeper.counts(Agency.POLICE)["journal"] == 0


class TestAccepting:
    async def test_event_is_accepted_with_a_receipt(self, police: httpx.AsyncClient, doorkeeper: Doorkeeper) -> None:
        sent = good()
        answer = await publish(police, sent)
        receipt = receipt_of(answer)
        assert answer.status_code == 202
        assert (receipt.source, receipt.id, receipt.number) == (UNIT, "example-police.report_received.v1", 1)
        assert (receipt.accepted_at, receipt.simulated) == (datetime.fromisoformat(CLOCK), True)
        assert receipt.commits_to(sent)
        assert receipt.verify(read_receipt_keys(doorkeeper.receipt_keys))
        assert answer.headers["X-After"] == f"{UNIT}/1"

    async def test_plain_json_is_taken_too(self, police: httpx.AsyncClient) -> None:
        assert (await police.post("/v1/events", json=json.loads(good()))).status_code == 202

    async def test_again_is_answered_with_the_first_receipt(
        self, police: httpx.AsyncClient, doorkeeper: Doorkeeper
    ) -> None:
        first = await publish(police, good())
        before = doorkeeper.counts(Agency.POLICE)
        again = await publish(police, json.dumps(json.loads(good()), indent=2).encode())
        assert (again.status_code, again.json()) == (200, first.json())
        assert doorkeeper.counts(Agency.POLICE) == before

    async def test_other_content_under_the_same_id_conflicts(
        self, police: httpx.AsyncClient, doorkeeper: Doorkeeper
    ) -> None:
        await publish(police, good())
        before = doorkeeper.counts(Agency.POLICE)
        answer = await publish(police, changed(lambda event: event["data"].update(concern="LO-NGAI KHAC")))
        assert (answer.status_code, problem_of(answer)["type"]) == (409, "/problems/other_content")
        assert doorkeeper.counts(Agency.POLICE) == before

    async def test_receipts_of_a_unit_chain(self, police: httpx.AsyncClient, doorkeeper: Doorkeeper) -> None:
        singles = [receipt_of(await publish(police, another(f"E-{number}"))) for number in range(3)]
        batch = (await publish_batch(police, *(another(f"B-{number}") for number in range(3)))).json()
        receipts = singles + [from_bytes(Receipt, json.dumps(item["receipt"]).encode()) for item in batch]
        assert first_break(receipts, read_receipt_keys(doorkeeper.receipt_keys)) is None
        assert all(later.previous == earlier.digest() for earlier, later in pairwise(receipts))

    async def test_what_is_kept_is_the_sealed_event(self, police: httpx.AsyncClient, doorkeeper: Doorkeeper) -> None:
        await publish(police, another("E-1"))
        await publish(police, another("E-2"))
        messages = [from_bytes(SealedEvent, row[9]) for row in doorkeeper.rows(Agency.POLICE, "journal")]
        assert [(one.id, one.subject, one.sequence, one.simulated) for one in messages] == [
            ("E-1", "R-101", 1, True),
            ("E-2", "R-101", 2, True),
        ]
        assert messages[0].data.open == {"secured": True}
        assert {box.subject for box in messages[0].data.sealed} == {f"{UNIT}/R-101#child"}

    async def test_a_database_that_is_away_gives_no_receipt(
        self, police: httpx.AsyncClient, doorkeeper: Doorkeeper
    ) -> None:
        await publish(police, another("E-1"))  # the keys of R-101 are in memory from here on
        await doorkeeper.stack.aclose()  # the pools are closed
        answer = await publish(police, another("E-2"))
        assert (answer.status_code, problem_of(answer)["type"]) == (503, "/problems/token_unchecked")
        assert answer.headers["retry-after"] == "2"


class TestBatch:
    async def test_bad_item_is_told_and_the_others_go_through(
        self, police: httpx.AsyncClient, doorkeeper: Doorkeeper
    ) -> None:
        first, bad, third = another("E-1"), with_attribute("time", CANARY), another("E-3")
        answer = await publish_batch(police, first, bad, third)
        items = answer.json()
        assert answer.status_code == 200
        assert [item["status"] for item in items] == [202, 422, 202]
        assert items[1]["problem"]["errors"][0]["pointer"] == "/time"
        assert [items[0]["receipt"]["number"], items[2]["receipt"]["number"]] == [1, 2]
        assert doorkeeper.counts(Agency.POLICE)["journal"] == 2

    async def test_receipts_are_for_the_bytes_of_each_item(self, police: httpx.AsyncClient) -> None:
        sent = [another("E-1"), json.dumps(json.loads(another("E-2")), indent=3).encode()]
        items = (await publish_batch(police, *sent)).json()
        receipts = [from_bytes(Receipt, json.dumps(item["receipt"]).encode()) for item in items]
        assert all(receipt.commits_to(one) for receipt, one in zip(receipts, sent, strict=True))

    async def test_duplicates_and_conflicts_within_a_batch(self, police: httpx.AsyncClient) -> None:
        other = another("E-1", data={"secured": False})
        items = (await publish_batch(police, another("E-1"), another("E-1"), other)).json()
        assert [item["status"] for item in items] == [202, 200, 409]
        assert items[0]["receipt"] == items[1]["receipt"]

    async def test_empty_batch(self, police: httpx.AsyncClient) -> None:
        assert (await publish_batch(police)).json() == []

    async def test_what_is_no_array_is_refused_whole(self, police: httpx.AsyncClient) -> None:
        expected = {b"{}": 422, b"": 400, b"[": 400, b"[1,]": 400, b"[] x": 400, b"[1 2]": 400, b"\xff": 400}
        batched = {"Content-Type": "application/cloudevents-batch+json"}
        answers = {body: await police.post("/v1/events", content=body, headers=batched) for body in expected}
        assert {body: problem_of(answer)["status"] for body, answer in answers.items()} == expected


class TestRefusing:
    async def test_nothing_is_written_of_any_bad_input(self, police: httpx.AsyncClient, doorkeeper: Doorkeeper) -> None:
        await publish(police, another("E-0"))
        before = doorkeeper.counts(Agency.POLICE)
        told = {}
        for bad in BAD_INPUT:
            answer = await publish(police, bad.sent)
            problem = problem_of(answer)
            told[bad.name] = (answer.status_code, problem["type"], [e["pointer"] for e in problem.get("errors", [])])
            assert CANARY not in answer.text + str(answer.headers)
        expected = {
            bad.name: (bad.status, f"/problems/{bad.problem}", [pointer for pointer, _ in bad.faults])
            for bad in BAD_INPUT
        }
        assert told == expected
        assert doorkeeper.counts(Agency.POLICE) == before

    async def test_problems_speak_vietnamese_and_english(self, police: httpx.AsyncClient) -> None:
        english = problem_of(await publish(police, b"{"))
        police.headers["Accept-Language"] = "vi"
        answer = await publish(police, b"{")
        assert answer.headers["content-language"] == "vi"
        assert problem_of(answer)["title"] != english["title"]

    async def test_other_media_types_and_parameters(self, police: httpx.AsyncClient) -> None:
        answer = await police.post("/v1/events", content=good(), headers={"Content-Type": "text/plain"})
        assert problem_of(answer)["type"] == "/problems/unsupported_media_type"
        answer = await police.post("/v1/events?dry-run=true", json=json.loads(good()))
        assert problem_of(answer)["type"] == "/problems/unknown_parameter"


class TestStatus:
    async def test_accepted(self, police: httpx.AsyncClient) -> None:
        await publish(police, another("E-1"))
        assert (await police.get(f"/v1/events?source={UNIT}&id=E-1")).json() == {
            "source": UNIT,
            "id": "E-1",
            "status": "accepted",
            "accepted_at": "2026-04-07T01:00:00+00:00",
            "recorded_at": None,
            "case": None,
            "shown": None,
            "problem": None,
        }

    async def test_unknown_and_not_yours_look_the_same(
        self, police: httpx.AsyncClient, doorkeeper: Doorkeeper, police_door: Door
    ) -> None:
        await publish(police, another("E-1"))
        neighbour = ASpeaker(Agency.POLICE, "investigation_police_01")
        async with doorkeeper.caller(police_door, neighbour) as client:
            theirs = await client.get(f"/v1/events?source={UNIT}&id=E-1")
            nobodys = await client.get(f"/v1/events?source={UNIT}&id=E-2")
        assert theirs.status_code == nobodys.status_code == 404
        assert theirs.content == nobodys.content

    async def test_parameters(self, police: httpx.AsyncClient) -> None:
        missing = problem_of(await police.get(f"/v1/events?source={UNIT}"))
        assert (missing["status"], missing["errors"][0]["pointer"]) == (400, "/query/id")
        unknown = problem_of(await police.get(f"/v1/events?source={UNIT}&id=x&idd=y"))
        assert unknown["type"] == "/problems/unknown_parameter"


class TestContract:
    async def test_schemas_of_what_this_agency_asserts(self, anonymous: httpx.AsyncClient) -> None:
        listed = (await anonymous.get("/v1/schemas")).json()["schemas"]
        assert SCENE in {row["type"] for row in listed}
        assert {row["type"].partition(".")[0] for row in listed} == {"police", "privacy"}
        schemas = [(await anonymous.get(row["schema"])).json() for row in listed]
        assert [schema["$id"] for schema in schemas] == [row["schema"] for row in listed]

    async def test_schema_carries_the_categories(self, anonymous: httpx.AsyncClient) -> None:
        data = (await anonymous.get(f"/v1/schemas/{SCENE}")).json()["properties"]["data"]
        assert {field["x-category"] for field in data["properties"].values()} == {
            "operational",
            "investigation",
            "forensic_evidence",
        }
        assert set(example_data(SCENE)) == set(data["properties"])

    async def test_other_types_are_unknown_here(self, anonymous: httpx.AsyncClient) -> None:
        answer = await anonymous.get("/v1/schemas/health.medical_exam_completed.v1")
        assert problem_of(answer)["type"] == "/problems/no_such_type"

    async def test_openapi_describes_publishing(self, anonymous: httpx.AsyncClient) -> None:
        described = (await anonymous.get("/openapi.json")).json()["paths"]["/v1/events"]["post"]
        by_request = {"400", "401", "403", "404", "408", "409", "413", "415", "422", "429", "431"}
        assert set(described["responses"]) == {"200", "202", *by_request, "500", "503"}
        assert "application/cloudevents-batch+json" in described["requestBody"]["content"]


async def test_journal_of_another_time_is_not_opened(doorkeeper: Doorkeeper, police: httpx.AsyncClient) -> None:
    await publish(police, good())
    with pytest.raises(OtherTimeError):
        await doorkeeper.open(Agency.POLICE, clock=None)
