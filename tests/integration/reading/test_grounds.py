"""On what ground each recipient of a case is told of it: who may ask, what is told, what the access log keeps."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from events.envelope import RecordedEvent
from events.parties import Audience
from events.units import unit
from infra.embedded.databases import Databases
from infra.postgres.roles import OWNER
from services.reading.ground_shapes import GroundsShape
from tests.controls.recorded import recorded
from tests.integration.reading.house import NOW, House, build_house, write_sealing
from tests.integration.reading.test_agreement_in_force import PACKAGED, adopt
from tests.integration.reading.test_reading import NO_SUCH_CASE, entries_of
from tests.privacy.races.track import by_consent
from tests.privacy.scenario_streams import FIRST, STREAMS, case_streams

STEP = 21
RECORDER = "child_protection_00340"
NAMES = {  # what each reader calls the case
    "commune_police_00340": "C-55-3",
    "hospital_h1": "C-55-4",
    "school_s1": "C-55-5",
    RECORDER: "C-55-1",
    "committee_00340": "C-55-2",
    "coordination_01": "C-55-coordinator",
    "inspectorate_01": "C-55-auditor",
}
PURPOSES = {"coordination_01": "coordination", "inspectorate_01": "oversight"}
TAKING_PART = ["police", "health", "education", "case_manager", "committee", "hotline", "coordinator", "auditor"]
ALLOWED = {
    "consent": "consent-1",
    "unit": RECORDER,
    "audience": "case_manager",
    "purposes": ["case_work"],
    "categories": ["medical_findings"],
    "since": NOW.isoformat(),
    "until": (NOW + timedelta(days=30)).isoformat(),
}
SAID = {"recipients": ["case_manager"], "allowed_until": ALLOWED["until"]}


def a_consent() -> list[RecordedEvent]:
    """Return a consent that was recorded in the case, and what the case record decided of it."""
    stream = STREAMS[FIRST.case]
    version = len(case_streams(STEP)[stream])
    said = {"source": RECORDER, "id": "consent-1", "data": SAID, "time": NOW}
    return [
        recorded("privacy.consent_recorded.v2", version + 1, stream=stream, **said),
        recorded("case.sharing_allowed.v1", version + 2, stream=stream, data=ALLOWED, time=NOW),
    ]


@pytest.fixture
async def house(databases: Databases, tmp_path: Path) -> AsyncIterator[House]:
    """The case in full work, with a consent, under an agreement that asks for it in one cell."""
    async with AsyncExitStack() as stack:
        built = await build_house(databases, tmp_path, stack, STEP, also=a_consent())
        adopt(built, PACKAGED, by_consent())
        yield built


async def ask(house: House, reader: str, case: str | None = None) -> httpx.Response:
    audience = unit(reader).audience
    assert audience is not None
    client = await house.client(await house.desk(audience))
    headers = {"Authorization": house.pass_of(reader), "X-Purpose": PURPOSES.get(reader, "case_work")}
    return await client.get(f"/v1/cases/{case or NAMES[reader]}/grounds", headers=headers)


async def told(house: House, reader: str) -> dict[str, Any]:
    answer = await ask(house, reader)
    assert answer.status_code == 200, answer.text
    GroundsShape.model_validate_json(answer.content)
    body: dict[str, Any] = answer.json()
    return body


def of(answer: dict[str, Any], audience: str, category: str) -> list[dict[str, Any]]:
    [recipient] = [one for one in answer["recipients"] if one["audience"] == audience]
    return [one for one in recipient["grounds"] if one["category"] == category]


class TestWhoIsTold:
    async def test_row_19_says_of_whom(self, house: House) -> None:
        for reader in (RECORDER, "coordination_01", "inspectorate_01"):
            assert [one["audience"] for one in (await told(house, reader))["recipients"]] == TAKING_PART
        for reader in ("commune_police_00340", "hospital_h1", "school_s1"):
            answer = await told(house, reader)
            assert [one["audience"] for one in answer["recipients"]] == [unit(reader).audience]
            assert answer["consents"] == []

    async def test_whom_row_19_gives_nothing_finds_no_such_case(self, house: House) -> None:
        refused, none = await ask(house, "committee_00340"), await ask(house, "committee_00340", "NO-SUCH-CASE")
        assert (refused.status_code, refused.json()["type"]) == NO_SUCH_CASE
        assert (refused.content, refused.headers) == (none.content, none.headers)
        entries = entries_of(house, "committee")
        assert [(entry["outcome"], entry["policies"]) for entry in entries] == [
            ("refused", ["D19-committee"]),
            ("refused", ["no-such-case"]),
        ]

    async def test_whom_the_case_is_sealed_from_finds_none_and_is_no_recipient(self, house: House) -> None:
        write_sealing(house.databases, house.streams, {RECORDER, "commune_police_00340"})
        assert (await ask(house, "hospital_h1")).status_code == NO_SUCH_CASE[0]
        in_sight = [one["audience"] for one in (await told(house, "inspectorate_01"))["recipients"]]
        assert in_sight == ["police", "case_manager", "auditor"]


class TestWhatIsTold:
    async def test_the_law_and_the_consents_by_which_each_is_told(self, house: House) -> None:
        answer = await told(house, "inspectorate_01")
        [identity] = of(answer, "police", "child_identity")
        assert (identity["by"], identity["level"], identity["rule"]) == ("law", "full", "D01-police")
        assert identity["basis"] == "Decree 56/2017 art. 24, 33; Law on Children art. 21; source S2-17"
        assert identity["verified"] is True
        [hiv] = of(answer, "health", "hiv_status")
        assert (hiv["verified"], hiv["when"]) == (False, ["treating", "case_open"])

        answer = await told(house, RECORDER)
        by_consent, by_law = of(answer, "case_manager", "medical_findings")
        assert (by_consent["by"], by_law["by"]) == ("consent", "law")
        assert by_consent["consents"] == [{"unit": RECORDER, "consent": "consent-1"}]
        assert by_consent["purposes"] == ["case_work"]
        [statement] = answer["statements"]
        assert (statement["said"], statement["consent"], statement["standing"]) == ("recorded", "consent-1", "complete")
        assert statement["child"] == {"child_age_band": "from_7", "child_decision": "agreed"}
        assert statement["representative"] == {
            "representative": "mother",
            "representative_decision": "agreed",
            "representative_entitled": True,
            "in_writing": True,
        }
        assert "LOI-DONG-Y" not in str(answer)
        [entry] = entries_of(house, "case_manager")
        assert (entry["route"], entry["kind"], entry["outcome"]) == ("/v1/cases/{case}/grounds", "read", "answered")
        assert {"D19-case_manager", "D00-case_manager-participation", "D03-case_manager"} <= set(entry["rules"])
        assert entry["categories"] == ["access_log", "caregivers"]

    async def test_what_was_taken_back_and_when(self, house: House) -> None:
        at = NOW - timedelta(minutes=5)
        with psycopg.connect(house.databases.main(OWNER), autocommit=True) as connection:
            row = [RECORDER, "taken-back", "consent-1", [], [], at]
            connection.execute("insert into consent.withdrawals values (%s, %s, %s, %s, %s, %s)", row)
        answer = await told(house, RECORDER)
        [ground] = of(answer, "case_manager", "medical_findings")
        assert (ground["by"], ground["level"]) == ("law", "exists")
        [consent] = answer["consents"]
        [category] = consent["categories"]
        assert (category["category"], category["withdrawn_at"]) == ("medical_findings", at.isoformat())

    async def test_a_page_says_the_same_in_both_languages(self, house: House) -> None:
        client = await house.client(await house.desk(Audience.CASE_MANAGER))
        for language, words in {
            "vi": ("Căn cứ cho xem hồ sơ", "chưa kiểm chứng trong văn bản luật", "Đồng ý"),
            "en": ("On what ground", "not yet verified in the law itself", "Agreed"),
        }.items():
            asked = {"Accept": "text/html", "Accept-Language": language, "X-Purpose": "case_work"}
            path = f"/v1/cases/{NAMES[RECORDER]}/grounds"
            page = await client.get(path, headers={"Authorization": house.pass_of(RECORDER), **asked})
            assert page.headers["content-type"] == "text/html; charset=utf-8"
            assert all(word in page.text for word in (*words, "D01-police", "Decree 56/2017 art. 24, 33"))
            assert "<td>consent-1</td>" in page.text
            entry = entries_of(house, "case_manager")[-1]
            assert entry["body_digest"] == sha256(entry["body_salt"] + page.content).digest()

    async def test_the_ground_of_whatever_it_is_told_is_named(self, house: House) -> None:
        """Every clause by which the case itself is told to a reader is among the reader's own grounds."""
        for reader in ("hospital_h1", RECORDER, "coordination_01"):
            audience = unit(reader).audience
            client = await house.client(await house.desk(Audience(str(audience))))
            headers = {"Authorization": house.pass_of(reader), "X-Purpose": PURPOSES.get(reader, "case_work")}
            facts = (await client.get(f"/v1/cases/{NAMES[reader]}", headers=headers)).json()["facts"]
            [own] = [one for one in (await told(house, reader))["recipients"] if one["audience"] == audience]
            assert {fact["rule"] for fact in facts} <= {ground["rule"] for ground in own["grounds"]}
            assert facts
