"""Letters over a real broker: kept once, answered under the letter's own mark, whoever dies in between."""

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc.jwk import ECKey, OKPKey

from events.parties import Agency
from infra.crypto.letter_keys import SENDERS_FILE, SenderKeys, register
from infra.crypto.letters import open_answer, write_letter
from infra.crypto.receipts import Receipt
from infra.embedded.tansu import EmbeddedTansu
from infra.kafka.publisher import Outgoing, Publisher
from infra.kafka.subscriber import Incoming
from infra.kafka.topics import inbox_topic, receipts_topic
from tests.controls.bad_input import CANARY, changed, good
from tests.fixtures.doors import Doorkeeper
from tests.integration.agencies.courier import arriving
from tests.integration.agencies.door_process import DoorProcess, free_ports

UNIT, OTHER_UNIT = "commune_police_00340", "investigation_police_01"


@dataclass
class Office:
    """A unit that writes letters, and its door, which the test may kill."""

    keys: SenderKeys
    doorkeeper: Doorkeeper
    folder: Path
    broker: EmbeddedTansu
    door: DoorProcess | None = None
    shown: dict[str, Any] | None = None

    def open_door(self) -> DoorProcess:
        settings = self.doorkeeper.settings(
            Agency.POLICE, broker=self.broker.address, log_file=self.folder / "doors.log"
        )
        settings = settings.model_copy(update={"ports": free_ports("police")})
        self.door = DoorProcess.start(self.folder / "doors.json", settings)
        self.door.wait_until_up()
        self.shown = httpx.get(f"{self.door.url('police')}/v1/inbox-keys", trust_env=False).json()
        return self.door

    def letter(self, content: bytes) -> bytes:
        assert self.shown is not None
        return write_letter(content, self.keys.signing, ECKey.import_key(self.shown["keys"][0]))

    async def post(self, letters: Sequence[bytes]) -> None:
        publisher = Publisher(self.broker.address, UNIT)
        await publisher.send([Outgoing(inbox_topic("police"), b"k", letter) for letter in letters])
        await publisher.stop()

    def read(self, answer: Incoming) -> dict[str, Any]:
        assert self.shown is not None
        told: dict[str, Any] = json.loads(
            open_answer(answer.value, self.keys.answers, OKPKey.import_key(self.shown["keys"][1]))
        )
        assert told["letter_sha256"].encode() == answer.key
        return told


@pytest.fixture
def office(doorkeeper: Doorkeeper, fresh_tansu: EmbeddedTansu, tmp_path: Path) -> Iterator[Office]:
    keys = SenderKeys.draw(UNIT)
    register(doorkeeper.secrets / SENDERS_FILE, keys)
    made = Office(keys, doorkeeper, tmp_path, fresh_tansu)
    made.open_door()
    yield made
    if made.door is not None:
        made.door.kill()


def marks(letters: Sequence[bytes]) -> set[bytes]:
    return {sha256(letter).hexdigest().encode() for letter in letters}


async def answers(office: Office, letters: Sequence[bytes]) -> dict[bytes, list[dict[str, Any]]]:
    """Return all answers to each letter, once every letter has one."""
    wanted = marks(letters)
    async with arriving(office.broker.address, topic=receipts_topic) as arrivals:
        found = await arrivals.until(lambda found: wanted <= {one.key for one in found})
    return {key: [office.read(one) for one in found if one.key == key] for key in wanted}


async def test_a_letter_is_kept_and_answered_and_bad_ones_hold_up_nobody(office: Office) -> None:
    marked = changed(lambda event: event["data"].update(child_name=CANARY, concern=CANARY))
    first, last = office.letter(marked), office.letter(good(id="L-2"))
    stranger = Office(SenderKeys.draw(UNIT), office.doorkeeper, office.folder, office.broker, shown=office.shown)
    bad = {
        b"no letter " + CANARY.encode(): "letter_not_opened",
        stranger.letter(good(id="L-3")): "unknown_sender",
        office.letter(b'{"id": "' + CANARY.encode() + b'"}'): "bad_event",
        office.letter(b"no JSON"): "not_json",
        office.letter(good(id="L-4", source=OTHER_UNIT)): "not_your_unit",
        office.letter(changed(lambda event: event["data"].update(concern="KHAC"))): "other_content",
    }
    letters = [first, *bad, last]
    await office.post(letters)
    found = await answers(office, letters)
    for letter in (first, last):
        (answer,) = found[sha256(letter).hexdigest().encode()]
        assert answer["status"] == 202
        assert Receipt.model_validate_json(json.dumps(answer["receipt"])).salt is not None
    assert Receipt.model_validate_json(json.dumps(found[marks([first]).pop()][0]["receipt"])).commits_to(marked)
    refused = {letter: found[sha256(letter).hexdigest().encode()][0]["problem"]["en"]["type"] for letter in bad}
    assert refused == {letter: f"/problems/{code}" for letter, code in bad.items()}
    assert office.doorkeeper.counts(Agency.POLICE)["journal"] == 2
    await nothing_is_readable(office)


async def nothing_is_readable(office: Office) -> None:
    """The canary stands in one message only: the one that was put there in the clear."""
    seen: list[bytes] = []
    for topic in (inbox_topic, receipts_topic):
        async with arriving(office.broker.address, topic=topic) as arrivals:
            seen += [one.key + one.value for one in await arrivals.until(bool)]
    assert [one for one in seen if CANARY.encode() in one] == [b"k" + b"no letter " + CANARY.encode()]
    assert CANARY not in (office.folder / "doors.log").read_text()
    assert "T.E." not in (office.folder / "doors.log").read_text()


async def test_killed_and_reborn_nothing_is_lost_or_doubled(office: Office) -> None:
    events = [good(id=f"K-{number:03}") for number in range(120)]
    letters = [office.letter(event) for event in events]
    await office.post(letters[:60])
    async with arriving(office.broker.address, topic=receipts_topic) as arrivals:
        await arrivals.until(bool)  # some are answered, some not
    assert office.door is not None
    office.door.kill()
    await office.post(letters[60:])
    office.open_door()
    found = await answers(office, letters)
    first = {key: told[0]["receipt"] for key, told in found.items()}
    assert sorted(receipt["number"] for receipt in first.values()) == list(range(1, 121))
    assert office.doorkeeper.counts(Agency.POLICE)["journal"] == 120
    office.broker.kill()  # its memory with it: inbox and answers are gone
    office.broker.start()
    await office.post(letters)
    again = await answers(office, letters)
    assert {key: told[0]["receipt"] for key, told in again.items()} == first
    assert {told[0]["status"] for told in again.values()} == {200}
    assert office.doorkeeper.counts(Agency.POLICE)["journal"] == 120


@pytest.fixture
async def nobody(doorkeeper: Doorkeeper) -> AsyncIterator[httpx.AsyncClient]:
    door = await doorkeeper.open(Agency.POLICE, letter_keys={}, letter_senders=None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=door.served.app), base_url="http://door") as client:
        yield client


async def test_a_door_without_keys_for_letters_says_that_there_is_nothing(nobody: httpx.AsyncClient) -> None:
    answer = await nobody.get("/v1/inbox-keys")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not_found")
