"""Words planted in every sealed text of the scenario are read where they may be, and lie in the clear nowhere."""

import json
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from infra.kafka.subscriber import Subscriber
from infra.kafka.topics import all_topics
from tests.walk.conftest import Played
from tests.walk.test_demo import EXPECTED

pytestmark = [pytest.mark.walk, pytest.mark.timeout(300)]

WORD = re.compile(rb"HOANGYEN[0-9A-F]{10}")
READERS = sorted(EXPECTED["readers"])


def words_in(raw: bytes) -> set[str]:
    return {found.decode() for found in WORD.findall(raw)}


def test_the_words_are_many_and_found_by_the_search(played: Played) -> None:
    words = {canary["word"] for canary in played.planted}
    assert len(words) == len(played.planted) > 60
    assert words_in(" ".join(words).encode()) == words


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("step", ["21", "26"])
def test_a_reader_finds_words_only_where_section_d_says_full(step: str, reader: str, played: Played) -> None:
    category = {canary["word"]: canary["category"] for canary in played.planted}
    found = words_in(json.dumps(played.pages[step][reader]).encode())
    full = {row for row, level in EXPECTED[f"after_{step}"][reader].items() if level == "full"}
    assert {category[word] for word in found} <= full


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_finds_a_word_in_every_category_given_in_full(reader: str, played: Played) -> None:
    by_word = {canary["word"]: canary["category"] for canary in played.planted}
    found = {by_word[word] for word in words_in(json.dumps(played.pages["21"][reader]).encode())}
    planted = set(by_word.values())
    full = {row for row, level in EXPECTED["after_21"][reader].items() if level == "full"}
    assert found == full & planted


def test_no_word_lies_in_the_register_the_journals_or_the_views(played: Played) -> None:
    searched = 0
    with played.platform.connect() as register, played.platform.connect("chungtay_keys") as keys:
        for database in (register, keys):
            for table in tables(database):
                rows = database.execute(SQL("select t::text from {} t").format(table)).fetchall()
                searched += len(rows)
                assert words_in("\n".join(row[0] for row in rows).encode()) == set()
                assert words_in(b"\n".join(contents(database, table))) == set()
    assert searched > 500


def tables(database: "psycopg.Connection[Any]") -> list[Identifier]:
    found = database.execute(
        "select table_schema, table_name from information_schema.tables"
        " where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')"
    ).fetchall()
    return [Identifier(schema, name) for schema, name in found]


def contents(database: "psycopg.Connection[Any]", table: Identifier) -> Iterator[bytes]:
    """Yield every value as its bytes: a bytea is searched as what it holds, not as hexadecimal."""
    for row in database.execute(SQL("select * from {}").format(table)):
        for value in row:
            yield bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


async def test_no_word_travels_on_a_topic(played: Played) -> None:
    subscriber = Subscriber(played.platform.endpoints()["kafka"], [topic.name for topic in all_topics()], [])
    await subscriber.start()
    seen: set[str] = set()
    try:
        while batch := await subscriber.batch(max_records=500, wait_ms=1000):
            for record in batch:
                seen.add(record.topic)
                assert words_in((record.key or b"") + (record.value or b"")) == set()
    finally:
        await subscriber.stop()
    assert {"case_record.case.v1", "police.events.v1", "social_work.events.v1", "health.events.v1"} <= seen


def test_no_word_stands_in_a_log_or_a_file(played: Played) -> None:
    files = [path for path in played.platform.data_dir.rglob("*") if path.is_file()]
    assert any(path.parent.name == "logs" and path.stat().st_size for path in files)
    assert [path for path in files if words_in(path.read_bytes())] == []


def test_no_word_stands_in_what_the_commands_print(played: Played) -> None:
    printed = json.dumps(played.result) + played.platform.run("status").stdout
    assert words_in(printed.encode()) == set()
