"""The auditor: a case as it was and as anybody saw it, whether the history holds, who looked."""

from typing import Any

import httpx
import psycopg
import pytest

from events.codes import code_list
from events.parties import Audience, Duty
from events.units import unit
from infra.postgres.roles import OWNER
from tests.integration.reading.auditing import CASE, HISTORY, ask, auditors, history, tamper
from tests.integration.reading.house import House


def levels(answer: dict[str, Any], category: str) -> set[str]:
    return {fact["level"] for fact in answer["facts"] if fact["category"] == category}


class TestDenials:
    @pytest.mark.parametrize("path", [HISTORY, "/v1/verify", "/v1/access"])
    async def test_anonymous(self, a_case_in_full_work: House, path: str) -> None:
        client = await auditors(a_case_in_full_work)
        assert (await client.get(path, headers={"X-Purpose": "oversight"})).status_code == 401

    @pytest.mark.parametrize("path", [HISTORY, "/v1/verify", "/v1/access"])
    async def test_wrong_audience(self, a_case_in_full_work: House, path: str) -> None:
        client = await auditors(a_case_in_full_work)
        headers = {"Authorization": a_case_in_full_work.pass_of("coordination_01"), "X-Purpose": "oversight"}
        assert (await client.get(path, headers=headers)).status_code == 404

    @pytest.mark.parametrize("path", [HISTORY, "/v1/verify", "/v1/access"])
    async def test_missing_purpose(self, a_case_in_full_work: House, path: str) -> None:
        client = await auditors(a_case_in_full_work)
        headers = {"Authorization": a_case_in_full_work.pass_of("inspectorate_01")}
        assert (await client.get(path, headers=headers)).status_code == 400

    async def test_no_such_case(self, a_case_in_full_work: House) -> None:
        client = await auditors(a_case_in_full_work)
        for path in ("/v1/cases/C-99/history", "/v1/verify?case=C-99", "/v1/access?case=C-99"):
            headers = {"Authorization": a_case_in_full_work.pass_of("inspectorate_01"), "X-Purpose": "oversight"}
            assert (await client.get(path, headers=headers)).status_code == 404


class TestHistory:
    async def test_the_register_alone_makes_the_auditors_view(self, a_case_in_full_work: House) -> None:
        assert (await history(a_case_in_full_work))["equals_view"] is True

    async def test_a_view_that_was_tampered_with_differs(self, a_case_in_full_work: House) -> None:
        with psycopg.connect(a_case_in_full_work.databases.main(OWNER), autocommit=True) as connection:
            connection.execute("update view_auditor.case_files set body = jsonb_set(body, '{emergency}', 'true')")
        assert (await history(a_case_in_full_work))["equals_view"] is False

    async def test_a_box_that_is_not_the_recorded_one_stays_shut(self, a_case_in_full_work: House) -> None:
        def opened(answer: dict[str, Any]) -> set[str]:
            return {fact["category"] for fact in answer["facts"] if "values" in fact and fact["part"] != "status"}

        assert "risk_assessment" in opened(await history(a_case_in_full_work))
        tamper(
            a_case_in_full_work,
            'update view_auditor.entries set told = replace(told::text, \'"box": "\', \'"box": "A\')::jsonb',
        )
        shown = await history(a_case_in_full_work)
        assert opened(shown) == set()
        assert shown["equals_view"] is False

    @pytest.mark.parametrize("change", ["reverse(said)", "replace(said, '2026', '2025')"])
    async def test_a_history_that_was_changed_is_not_told(self, a_case_in_full_work: House, change: str) -> None:
        said = change.replace("said", "convert_from(state, 'UTF8')")
        tamper(
            a_case_in_full_work,
            f"update case_record.events set state = convert_to({said}, 'UTF8') where originator_version = 2",
        )
        answer = await ask(a_case_in_full_work, await auditors(a_case_in_full_work), HISTORY)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/history_changed")

    async def test_a_view_that_is_behind_is_not_judged(self, a_case_in_full_work: House) -> None:
        with psycopg.connect(a_case_in_full_work.databases.main(OWNER), autocommit=True) as connection:
            connection.execute("update view_auditor.case_files set body = jsonb_set(body, '{version}', '1')")
        assert (await history(a_case_in_full_work))["equals_view"] is None

    async def test_what_the_school_was_shown(self, a_case_in_full_work: House) -> None:
        shown = await history(a_case_in_full_work, audience="education", duty="own_pupil")
        assert levels(shown, "medical_findings") == {"withheld"}
        assert levels(shown, "contact_location") == {"summary", "withheld"}  # the shelter is withheld
        assert levels(shown, "child_identity") == {"full", "withheld"}
        assert {entry["type"] for entry in shown["entries"]}.isdisjoint({"health.medical_exam_completed.v1"})
        assert all(fact["rule"] for fact in shown["facts"])

    async def test_without_the_duty_the_school_was_shown_less(self, a_case_in_full_work: House) -> None:
        shown = await history(a_case_in_full_work, audience="education")
        assert levels(shown, "child_identity") == {"withheld"}

    async def test_values_stand_only_where_the_auditor_may_see_them(self, a_case_in_full_work: House) -> None:
        shown = await history(a_case_in_full_work, audience="police")
        for fact in shown["facts"]:
            if fact["category"] in {"reporter_identity", "medical_findings", "hiv_status"}:
                assert "values" not in fact
            if fact["category"] == "child_identity" and fact["part"] != "birth":
                assert "values" not in fact
        assert any("values" in fact for fact in shown["facts"] if fact["category"] == "risk_assessment")

    async def test_only_the_auditor_is_shown_what_was_corrected(self, a_case_in_full_work: House) -> None:
        def births(answer: dict[str, Any]) -> list[tuple[str, bool]]:
            facts = [fact for fact in answer["facts"] if fact["part"] == "birth"]
            return [(f["level"], f["corrected"]) for f in facts if f["from"] == "child_protection_00340"]

        assert births(await history(a_case_in_full_work)) == [("summary", True), ("summary", False)]
        police = await history(a_case_in_full_work, audience="police")
        assert births(police) == [("withheld", True), ("full", False)]

    async def test_known_at_takes_away_what_was_recorded_later(self, a_case_in_full_work: House) -> None:
        before = await history(a_case_in_full_work, known_at="2026-04-08T00:00:00Z")
        assert before["file"] is None  # its parties joined later in these streams, all in the end

    async def test_as_of_takes_away_what_occurred_later(self, a_closed_case: House) -> None:
        now = await history(a_closed_case)
        assert now["file"]["status"] == "closed"
        types = {entry["type"] for entry in now["entries"]}
        assert "social_work.case_closed.v1" in types

    async def test_an_audience_that_never_joined_was_shown_nothing(self, a_case_in_full_work: House) -> None:
        shown = await history(a_case_in_full_work, audience="statistics")
        assert (shown["file"], shown["entries"], shown["facts"]) == (None, [], [])


class TestAccess:
    async def test_who_looked_and_by_what_right(self, a_case_in_full_work: House) -> None:
        house = a_case_in_full_work
        police = await house.client(await house.desk(Audience.POLICE), await house.desk(Audience.HEALTH))
        token = house.pass_of("commune_police_00340")
        await police.get("/v1/cases/C-55-3", headers={"Authorization": token, "X-Purpose": "case_work"})
        token = house.pass_of("hospital_h1", duties=[Duty.TREATING])
        await police.get("/v1/cases/C-55-4/timeline", headers={"Authorization": token, "X-Purpose": "emergency"})
        client = await auditors(house)
        found = (await ask(house, client, "/v1/access", case=CASE)).json()["entries"]
        assert [(one["audience"], one["purpose"], one["duties"]) for one in found[:2]] == [
            ("health", "emergency", ["treating"]),
            ("police", "case_work", []),
        ]
        assert CASE in found[0]["cases"]
        assert "D01-police" in found[1]["rules"]

    async def test_pages_hold_every_entry_once(self, a_case_in_full_work: House) -> None:
        house = a_case_in_full_work
        police = await house.client(await house.desk(Audience.POLICE))
        for _ in range(5):
            token = house.pass_of("commune_police_00340")
            await police.get("/v1/cases", headers={"Authorization": token, "X-Purpose": "case_work"})
        client = await auditors(house)
        found: list[Any] = []
        after: dict[str, str] = {}
        while True:
            page = (await ask(house, client, "/v1/access", to="2026-04-17T03:00:00.000001Z", limit=2, **after)).json()
            found.extend(one for one in page["entries"] if one["audience"] == "police")
            if not page["has_more"]:
                break
            after = {"after": page["after"]}
        assert len(found) == 5


class TestTellingTheSubject:
    async def looked_at(self, house: House) -> httpx.AsyncClient:
        """Let police, hospital, school and hotline look, then a doctor of the hospital; return the auditor's client."""
        looking: list[tuple[str, str, list[Duty]]] = [
            ("commune_police_00340", "C-55-3", []),
            ("hospital_h1", "C-55-4", []),
            ("school_s1", "C-55-5", []),
            ("hotline_111", "C-55-0", []),
            ("hospital_h1", "C-55-4", [Duty.TREATING]),
        ]
        for reader, case, duties in looking:
            audience = unit(reader).audience
            assert audience is not None
            client = await house.client(await house.desk(audience))
            token = house.pass_of(reader, duties=duties)
            await client.get(f"/v1/cases/{case}", headers={"Authorization": token, "X-Purpose": "case_work"})
        return await auditors(house)

    async def test_the_mother_is_told_in_plain_words(self, a_case_in_full_work: House) -> None:
        house = a_case_in_full_work
        client = await self.looked_at(house)
        answer = await ask(house, client, "/v1/access/subject", case=CASE, relationship="mother")
        told = answer.json()["entries"]
        offices = {code_list("agency_type")[unit(one).agency_type].vi for one in ("school_s1", "hospital_h1")}
        assert {line["who"]["vi"] for line in told} == offices
        assert {"vi": "Giải quyết vụ việc", "en": "Work on the case"} in [line["why"] for line in told]
        for never in ("NGUOI-DOC-1", "school_s1", "C-55", "TRE-EM"):
            assert never not in answer.text

    async def test_the_auditor_finds_what_was_kept_back_and_why(self, a_case_in_full_work: House) -> None:
        house = a_case_in_full_work
        client = await self.looked_at(house)
        found = (await ask(house, client, "/v1/access/subject/kept-back", case=CASE)).json()["entries"]
        assert {(one["audience"], one["exemption"], one["verified"]) for one in found} == {
            ("police", "covert-police-look", False),
            ("hotline", "would-reveal-the-reporter", False),
            ("health", "would-tell-of-hiv", False),
        }

    async def test_a_page_is_full_whatever_was_left_out_between(self, a_case_in_full_work: House) -> None:
        house = a_case_in_full_work
        client = await self.looked_at(house)
        found: list[str] = []
        after: dict[str, str] = {}
        for _ in range(3):
            page = (await ask(house, client, "/v1/access/subject/kept-back", case=CASE, limit=1, **after)).json()
            found += [one["audience"] for one in page["entries"]]
            after = {"after": page["after"]}
        assert (found, page["has_more"]) == (["health", "hotline", "police"], False)

    async def test_the_abuser_is_told_nothing_and_no_more_than_of_a_case_that_is_none(
        self, a_case_in_full_work: House
    ) -> None:
        house = a_case_in_full_work
        client = await auditors(house)
        refused = await ask(house, client, "/v1/access/subject", case=CASE, relationship="stepfather")
        nowhere = await ask(house, client, "/v1/access/subject", case="C-99", relationship="stepfather")
        assert refused.status_code == 404
        assert (refused.content, refused.headers) == (nowhere.content, nowhere.headers)
        logged = (await ask(house, client, "/v1/access", limit=200)).json()["entries"]
        kinds = [(one["kind"], one["policies"]) for one in logged if one["outcome"] == "refused"]
        assert kinds == [("tell_subject", ["recipient-suspected"]), ("tell_subject", ["no-such-case"])]

    @pytest.mark.parametrize("lost", [["suspect_identity"], ["suspect_identity", "risk_assessment"]])
    async def test_while_nobody_can_read_who_did_it_no_carer_is_told(
        self, a_case_in_full_work: House, lost: list[str]
    ) -> None:
        house = a_case_in_full_work
        client = await self.looked_at(house)
        destroy_keys(house, lost)
        mother = await ask(house, client, "/v1/access/subject", case=CASE, relationship="mother")
        child = await ask(house, client, "/v1/access/subject", case=CASE)
        assert (mother.status_code, child.status_code) == (404, 200)
        assert child.json()["entries"]
        logged = (await ask(house, client, "/v1/access", limit=200)).json()["entries"]
        refused = [one["policies"] for one in logged if one["outcome"] == "refused"]
        assert refused == [["recipient-carer-flagged-as-abuser"]]

    async def test_an_unknown_relationship_is_no_word_of_the_list(self, a_case_in_full_work: House) -> None:
        client = await auditors(a_case_in_full_work)
        answer = await ask(a_case_in_full_work, client, "/v1/access/subject", case=CASE, relationship="friend")
        assert answer.status_code == 400


def destroy_keys(house: House, categories: list[str]) -> None:
    """Destroy every data key of these categories, as an erasure of them would."""
    with psycopg.connect(house.databases.keys(OWNER), autocommit=True) as connection:
        connection.execute(
            "update keys.data_keys set wrapped = null, kek_version = null, retired_at = now(), destroyed_at = now()"
            " where category = any(%s)",
            [categories],
        )
