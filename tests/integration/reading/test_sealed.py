"""A sealed case is not there for anybody who is not named: on no list, under no name, in no log of theirs."""

from collections.abc import Iterable

import httpx
import psycopg
import pytest

from events.parties import Audience, Duty
from events.units import unit
from infra.postgres.roles import AUDIENCES, OWNER
from services.coordination.app import wired
from tests.integration.reading.auditing import history
from tests.integration.reading.house import House, client_of, write_sealing
from tests.privacy.scenario_streams import SEALED_AT

NAMED = "commune_police_00340"
LEAD = "child_protection_00340"
NAMES = {  # what each reader calls the case
    NAMED: "C-55-3",
    "hospital_h1": "C-55-4",
    "school_s1": "C-55-5",
    LEAD: "C-55-1",
    "coordination_01": "C-55-coordinator",
    "inspectorate_01": "C-55-auditor",
}
PURPOSES = {"coordination_01": "coordination", "inspectorate_01": "oversight"}
CHILD = {"name": "TRE-EM 7Q2-C55", "birth_date": "2016-09-02"}  # as the case manager's opening has them
HIDDEN_FROM = ("hospital_h1", "school_s1", "coordination_01")


def seal(house: House, keep_sight: Iterable[str] | None) -> None:
    write_sealing(house.databases, house.streams, {LEAD, *keep_sight} if keep_sight is not None else None)


def empty_views(house: House) -> None:
    """Make it a world in which there has never been a case."""
    with psycopg.connect(house.databases.main(OWNER), autocommit=True) as connection:
        for audience in AUDIENCES:
            emptied = ", ".join(
                f"view_{audience}.{table}" for table in ("case_files", "entries", "case_references", "likeness")
            )
            connection.execute(f"truncate {emptied}".encode())


async def answers(house: House, reader: str) -> list[httpx.Response]:
    audience = unit(reader).audience
    assert audience is not None
    desk = await house.desk(audience)
    if audience is Audience.COORDINATOR:
        client = await house.stack.enter_async_context(client_of(wired(desk, house.tokens)))
        more = ["/v1/deadlines", "/v1/deadlines?limit=1"]
    else:
        client, more = await house.client(desk), []
    headers = {"Authorization": house.pass_of(reader, duties=Duty), "X-Purpose": PURPOSES.get(reader, "case_work")}
    case = f"/v1/cases/{NAMES[reader]}"
    lists = ("/v1/cases", "/v1/cases?status=open", "/v1/cases?deadline=overdue", "/v1/cases?limit=1")
    found = await client.post("/v1/search", json=CHILD, headers=headers)
    return [found, *[await client.get(path, headers=headers) for path in (*lists, case, f"{case}/timeline", *more)]]


def as_told(answer: httpx.Response) -> tuple[object, ...]:
    return answer.status_code, answer.content, *answer.headers.items()


@pytest.mark.parametrize("reader", HIDDEN_FROM)
async def test_it_is_answered_as_if_it_had_never_been(a_case_in_full_work: House, reader: str) -> None:
    house = a_case_in_full_work
    seal(house, [NAMED])
    sealed = [as_told(answer) for answer in await answers(house, reader)]
    empty_views(house)
    assert sealed == [as_told(answer) for answer in await answers(house, reader)]


@pytest.mark.parametrize("reader", [NAMED, LEAD, "inspectorate_01"])
async def test_who_keeps_sight_sees_what_it_saw(a_case_in_full_work: House, reader: str) -> None:
    house = a_case_in_full_work
    before = [answer.content for answer in await answers(house, reader)]
    seal(house, [NAMED])
    assert [answer.content for answer in await answers(house, reader)] == before
    assert NAMES[reader].encode() in before[1]


@pytest.mark.parametrize("reader", ["hospital_h1", "school_s1", LEAD])
async def test_the_child_is_found_by_whom_it_is_not_sealed_from(a_case_in_full_work: House, reader: str) -> None:
    house = a_case_in_full_work
    before, *_ = await answers(house, reader)
    seal(house, [NAMED])
    sealed, *_ = await answers(house, reader)
    assert before.json() == {"found": [{"case": NAMES[reader]}]}
    assert sealed.json() == (before.json() if reader == LEAD else {"found": []})


def test_the_marks_of_what_is_sealed_are_given_to_nobody_it_is_sealed_from(a_case_in_full_work: House) -> None:
    house = a_case_in_full_work

    def marks() -> int:
        with psycopg.connect(house.databases.main("reader_health")) as connection:
            connection.execute(
                "select set_config('chungtay.units', 'hospital_h1', true), set_config('chungtay.hidden', '{}', true)"
            )
            [[given]] = connection.execute("select count(*) from view_health.likeness").fetchall()
        return int(given)

    assert marks()
    seal(house, [NAMED])
    assert marks() == 0


async def test_unsealed_it_is_as_before(a_case_in_full_work: House) -> None:
    house = a_case_in_full_work
    before = [answer.content for answer in await answers(house, "school_s1")]
    seal(house, [NAMED])
    seal(house, None)
    assert [answer.content for answer in await answers(house, "school_s1")] == before


async def test_the_refusal_stands_in_the_log_as_of_a_case_that_is_none(a_case_in_full_work: House) -> None:
    house = a_case_in_full_work
    seal(house, [NAMED])
    await answers(house, "school_s1")
    with psycopg.connect(house.databases.main(OWNER)) as connection:
        query = "select policies, streams from view_education.access_log where outcome = 'refused'"
        assert connection.execute(query).fetchall() == [(["no-such-case"], []), (["no-such-case"], [])]


async def test_the_auditor_finds_that_whom_it_was_sealed_from_was_shown_nothing_since(a_sealed_case: House) -> None:
    then = SEALED_AT.isoformat()
    known = {"before": {"known_at": then}, "since": {}, "looking back": {"as_of": then}}
    shown = {when: await history(a_sealed_case, audience="health", **asked) for when, asked in known.items()}
    assert {when: bool(told["facts"]) for when, told in shown.items()} == {when: when == "before" for when in known}
    assert [shown[when]["file"] for when in ("since", "looking back")] == [None, None]
    assert (await history(a_sealed_case, audience="police"))["facts"]
