"""Reading a case: who is refused, who is answered what, and that nothing leaves without an access entry."""

import tomllib
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from events.parties import Audience, Duty
from infra.postgres.access_log import AccessEntry
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.roles import OWNER
from tests.integration.reading.house import NOW, House, StandingClock, without_entries
from tests.privacy.reading import strongest

EXPECTED: dict[str, Any] = tomllib.loads(
    (Path(__file__).parents[2] / "privacy" / "expected_scenario_1.toml").read_text(encoding="utf-8")
)
PURPOSES = {"coordinator": "coordination", "auditor": "oversight"}
NO_SUCH_CASE = (404, "/problems/no_such_case")
POLICE_NAME = "C-55-3"  # what the scenario's streams call the case for commune_police_00340


class NoLog:
    """Stands for a log whose database is away."""

    async def record(self, entry: AccessEntry, body: bytes) -> None:
        assert (entry.outcome == "refused") == (not entry.streams)
        assert body or entry.outcome == "refused"
        raise DatabaseUnreachableError("away")


class TestDenials:
    async def test_anonymous(self, a_case_in_full_work: House) -> None:
        client = await a_case_in_full_work.client(await a_case_in_full_work.desk(Audience.POLICE))
        for path in ("/v1/cases", f"/v1/cases/{POLICE_NAME}", f"/v1/cases/{POLICE_NAME}/timeline"):
            answer = await client.get(path, headers={"X-Purpose": "case_work"})
            assert (answer.status_code, answer.json()["type"]) == (401, "/problems/no_token")

    async def test_wrong_audience(self, a_case_in_full_work: House) -> None:
        house = a_case_in_full_work
        client = await house.client(await house.desk(Audience.POLICE))
        answer = await ask(client, house.pass_of("hospital_h1"), f"/v1/cases/{POLICE_NAME}")
        assert (answer.status_code, answer.json()["type"]) == NO_SUCH_CASE

    async def test_a_publisher(self, a_case_in_full_work: House) -> None:
        house = a_case_in_full_work
        client = await house.client(await house.desk(Audience.POLICE))
        answer = await ask(client, house.pass_of("commune_police_00340", publisher=True), "/v1/cases")
        assert (answer.status_code, answer.json()["type"]) == NO_SUCH_CASE

    @pytest.mark.parametrize("purpose", [None, "curiosity"])
    async def test_missing_purpose(self, a_case_in_full_work: House, purpose: str | None) -> None:
        house = a_case_in_full_work
        client = await house.client(await house.desk(Audience.POLICE))
        answer = await ask(client, house.pass_of("commune_police_00340"), "/v1/cases", purpose=purpose)
        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/purpose_required")

    async def test_a_purpose_of_others(self, a_case_in_full_work: House) -> None:
        house = a_case_in_full_work
        client = await house.client(await house.desk(Audience.POLICE))
        answer = await ask(client, house.pass_of("commune_police_00340"), "/v1/cases", purpose="oversight")
        assert (answer.status_code, answer.json()["type"]) == NO_SUCH_CASE

    async def test_no_such_case_and_not_yours_are_one_answer(self, a_case_in_full_work: House) -> None:
        house = a_case_in_full_work
        client = await house.client(await house.desk(Audience.POLICE), await house.desk(Audience.EDUCATION))
        others = house.pass_of("investigation_police_01")
        uninvited = house.pass_of("school_s2")
        answers = [
            await ask(client, others, f"/v1/cases/{POLICE_NAME}"),
            await ask(client, others, "/v1/cases/NO-SUCH-CASE"),
            await ask(client, uninvited, "/v1/cases/C-55-5"),
            await ask(client, uninvited, "/v1/cases/NO-SUCH-CASE/timeline"),
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1

    @pytest.mark.parametrize("path", ["/v1/cases?Status=open", f"/v1/cases/{POLICE_NAME}?limit=3", "/v1/cases?limit=0"])
    async def test_unknown_or_wrong_parameters(self, a_case_in_full_work: House, path: str) -> None:
        house = a_case_in_full_work
        client = await house.client(await house.desk(Audience.POLICE))
        answer = await ask(client, house.pass_of("commune_police_00340"), path)
        assert answer.status_code == 400

    async def test_a_forged_cursor(self, a_case_in_full_work: House) -> None:
        house = a_case_in_full_work
        client = await house.client(await house.desk(Audience.POLICE))
        for cursor in ("AAAA", "e30", "///", "WzEsMl0"):
            answer = await ask(client, house.pass_of("commune_police_00340"), f"/v1/cases?after={cursor}")
            assert (answer.status_code, answer.json()["type"]) == (400, "/problems/bad_parameter")


class TestRefusals:
    """Whoever is refused learns only that there is no such case; the log keeps by which rule."""

    async def test_all_are_one_answer_and_each_has_its_entry(self, a_case_in_full_work: House) -> None:
        house = a_case_in_full_work
        client = await house.client(await house.desk(Audience.POLICE))
        police, one_case = house.pass_of("commune_police_00340"), f"/v1/cases/{POLICE_NAME}"
        refused = {
            "no-such-case": await ask(client, police, "/v1/cases/NO-SUCH-CASE"),
            "desk-purpose-not-agreed": await ask(client, police, one_case, purpose="oversight"),
            "desk-other-audience": await ask(client, house.pass_of("hospital_h1"), one_case),
            "desk-no-reader": await ask(client, house.pass_of("commune_police_00340", publisher=True), one_case),
            "nothing-permits": await self.of_a_unit_that_was_not_invited(client, house),
        }
        assert {answer.status_code for answer in refused.values()} == {404}
        assert len({(answer.content, *answer.headers.items()) for answer in refused.values()}) == 1
        entries = entries_of(house, "police")
        assert [entry["policies"][0] for entry in entries] == list(refused)
        assert {entry["outcome"] for entry in entries} == {"refused"}
        assert "NO-SUCH-CASE" not in str(entries)

    async def of_a_unit_that_was_not_invited(self, client: httpx.AsyncClient, house: House) -> httpx.Response:
        """Let somebody ask whom the database gives the row, and who takes no part: the policy holds by itself."""
        [stream] = [one for one, events in house.streams.items() if events[0].type == "case.case_opened.v1"]
        with psycopg.connect(house.databases.main(OWNER), autocommit=True) as connection:
            named = "insert into view_police.case_references values ('investigation_police_01', 'TOLD', %s)"
            connection.execute(named, [stream])
            given = "array['investigation_police_01']"
            leaving = f"update view_police.case_files set units = {given}, body = jsonb_set(body, '{{units}}', '[]')"
            connection.execute(leaving.encode())
        return await ask(client, house.pass_of("investigation_police_01"), "/v1/cases/TOLD")

    @pytest.mark.parametrize("path", ["/v1/cases/NO-SUCH-CASE", "/v1/cases"])
    async def test_no_entry_no_refusal(self, a_case_in_full_work: House, path: str) -> None:
        house = a_case_in_full_work
        client = await house.client(without_entries(await house.desk(Audience.POLICE), NoLog()))
        answer = await ask(client, house.pass_of("hospital_h1"), path)
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/no_answer")


class TestAccessEntries:
    async def test_the_entry_is_there_before_the_answer(self, a_case_in_full_work: House) -> None:
        house = a_case_in_full_work
        client = await house.client(await house.desk(Audience.POLICE))
        answer = await ask(client, house.pass_of("commune_police_00340"), f"/v1/cases/{POLICE_NAME}")
        [entry] = entries_of(house, "police")
        assert (entry["person"], entry["unit"], entry["purpose"]) == (
            "NGUOI-DOC-1",
            "commune_police_00340",
            "case_work",
        )
        assert entry["route"] == "/v1/cases/{case}"
        assert (entry["kind"], entry["outcome"]) == ("read", "answered")
        assert entry["policies"] == ["desk-own-audience", "case-territorial-competence", "case-unit-takes-part"]
        assert "D01-police" in entry["rules"]
        assert "child_identity" in entry["categories"]
        assert set(entry["streams"]) == set(house.streams)
        assert entry["body_digest"] == sha256(entry["body_salt"] + answer.content).digest()

    @pytest.mark.parametrize("path", ["/v1/cases", f"/v1/cases/{POLICE_NAME}", f"/v1/cases/{POLICE_NAME}/timeline"])
    async def test_no_entry_no_answer(self, a_case_in_full_work: House, path: str) -> None:
        house = a_case_in_full_work
        client = await house.client(without_entries(await house.desk(Audience.POLICE), NoLog()))
        answer = await ask(client, house.pass_of("commune_police_00340"), path)
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/no_answer")
        assert answer.headers["retry-after"]
        assert "TRE-EM" not in answer.text

    async def test_a_role_without_the_right_to_log_gets_no_answer(self, a_case_in_full_work: House) -> None:
        house = a_case_in_full_work
        desk = await house.desk(Audience.POLICE)
        with psycopg.connect(house.databases.main(OWNER), autocommit=True) as connection:
            connection.execute("alter table view_police.access_log rename to access_log_away")
        answer = await ask(await house.client(desk), house.pass_of("commune_police_00340"), "/v1/cases")
        assert answer.status_code in {500, 503}
        assert "cases" not in answer.json()

    async def test_readers_cannot_touch_what_was_written(self, a_case_in_full_work: House) -> None:
        house = a_case_in_full_work
        await ask(
            await house.client(await house.desk(Audience.POLICE)), house.pass_of("commune_police_00340"), "/v1/cases"
        )
        for attempt in ("update view_police.access_log set person = 'x'", "delete from view_police.access_log"):
            with (
                psycopg.connect(house.databases.main("reader_police")) as connection,
                pytest.raises(psycopg.errors.InsufficientPrivilege),
            ):
                connection.execute(attempt)


class TestAnswers:
    @pytest.mark.parametrize("reader", list(EXPECTED["readers"]))
    async def test_each_audience_sees_what_section_d_says(self, a_case_in_full_work: House, reader: str) -> None:
        facts = await facts_read(a_case_in_full_work, reader)
        expected = EXPECTED["after_21"][reader]
        assert {category: strongest(facts, category) for category in expected} == expected

    @pytest.mark.parametrize("reader", list(EXPECTED["readers"]))
    async def test_closing_shrinks_every_view_but_two(self, a_closed_case: House, reader: str) -> None:
        facts = await facts_read(a_closed_case, reader)
        expected = EXPECTED["after_26"][reader]
        assert {category: strongest(facts, category) for category in expected} == expected

    async def test_a_case_as_the_police_see_it(self, a_case_in_full_work: House) -> None:
        house = a_case_in_full_work
        client = await house.client(await house.desk(Audience.POLICE))
        answer = (await ask(client, house.pass_of("commune_police_00340"), f"/v1/cases/{POLICE_NAME}")).json()
        assert (answer["case"], answer["kind"], answer["status"]) == (POLICE_NAME, "case", "open")
        assert answer["deadlines"] == [
            {
                "rule": "crime_report_20d",
                "audience": "police",
                "due_at": "2026-04-27T14:00:00+07:00",
                "state": "running",
            }
        ]
        assert set(answer["units"]) == {"commune_police_00340", "investigation_police_01"}  # its own take part
        names = [fact["values"]["child_name"] for fact in answer["facts"] if "child_name" in fact.get("values", {})]
        assert "TRE-EM 7Q2-R101" in names

    async def test_no_other_units_name_is_in_an_answer(self, a_case_in_full_work: House) -> None:
        house = a_case_in_full_work
        client = await house.client(await house.desk(Audience.POLICE))
        for path in (f"/v1/cases/{POLICE_NAME}", f"/v1/cases/{POLICE_NAME}/timeline", "/v1/cases"):
            text = (await ask(client, house.pass_of("commune_police_00340"), path)).text
            for stranger in (
                "C-55-0",
                "C-55-1",
                "C-55-4",
                "C-55-6",
                "R-101-0",
                "C-55-auditor",
                *map(str, house.streams),
            ):
                assert stranger not in text

    async def test_the_timeline_comes_in_pages(self, a_case_in_full_work: House) -> None:
        house = a_case_in_full_work
        client = await house.client(await house.desk(Audience.POLICE))
        whole = (await ask(client, house.pass_of("commune_police_00340"), f"/v1/cases/{POLICE_NAME}/timeline")).json()
        paged: list[Any] = []
        after = 0
        while after is not None:
            path = f"/v1/cases/{POLICE_NAME}/timeline?limit=7&after={after}"
            page = (await ask(client, house.pass_of("commune_police_00340"), path)).json()
            paged.extend(page["entries"])
            after = page["after"]
        assert paged == whole["entries"]
        assert [line["at"] for line in paged] == list(range(1, len(paged) + 1))

    async def test_the_list_shows_the_case_and_not_its_reports(self, a_case_in_full_work: House) -> None:
        house = a_case_in_full_work
        client = await house.client(await house.desk(Audience.POLICE), await house.desk(Audience.EDUCATION))
        listed = (await ask(client, house.pass_of("commune_police_00340"), "/v1/cases?limit=1")).json()
        assert [(line["case"], line["kind"]) for line in listed["cases"]] == [(POLICE_NAME, "case")]
        assert (listed["has_more"], listed["after"]) == (False, None)
        assert (await ask(client, house.pass_of("school_s2"), "/v1/cases")).json()["cases"] == []

    async def test_the_list_is_narrowed(self, a_case_in_full_work: House) -> None:
        house = a_case_in_full_work
        client = await house.client(await house.desk(Audience.POLICE, LaterClock()))
        police = house.pass_of("commune_police_00340")
        for query, found in {
            "status=open": 1,
            "status=closed": 0,
            "unit=commune_police_00340": 1,
            "unit=hospital_h1": 0,
            "lead=child_protection_00340": 1,
            "deadline=overdue": 1,
            "deadline=today": 0,
            "changed_since=2030-01-01T00:00:00Z": 0,
        }.items():
            answer = await ask(client, police, f"/v1/cases?{query}")
            assert len(answer.json()["cases"]) == found, query


class LaterClock(StandingClock):
    """Stands a month later, when the police are late."""

    def now(self) -> Any:
        return NOW + timedelta(days=30)


async def facts_read(house: House, name: str) -> list[dict[str, Any]]:
    told = EXPECTED["readers"][name]
    client = await house.client(await house.desk(Audience(told["audience"])))
    token = house.pass_of(told["unit"], duties=[Duty(duty) for duty in told["duties"]])
    purpose = PURPOSES.get(name, "case_work")
    listed = (await ask(client, token, "/v1/cases", purpose=purpose)).json()["cases"]
    [case] = [line["case"] for line in listed if line["kind"] == "case"]
    facts: list[dict[str, Any]] = (await ask(client, token, f"/v1/cases/{case}", purpose=purpose)).json()["facts"]
    return facts


async def ask(client: httpx.AsyncClient, token: str, path: str, *, purpose: str | None = "case_work") -> httpx.Response:
    headers = {"Authorization": token} | ({"X-Purpose": purpose} if purpose else {})
    return await client.get(path, headers=headers)


def entries_of(house: House, audience: str) -> list[dict[str, Any]]:
    with psycopg.connect(house.databases.main(OWNER), row_factory=psycopg.rows.dict_row) as connection:
        return connection.execute(f"select * from view_{audience}.access_log order by id").fetchall()
