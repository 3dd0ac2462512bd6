"""The contract of the topics: valid by the official schema, complete, fresh, and its examples are what it says."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from events.parties import Agency
from events.registry import EVENT_CLASSES
from infra.kafka.asyncapi import document, main
from infra.kafka.topics import all_topics
from tests.house.sources import CHECKOUT

OFFICIAL = Path(__file__).parent / "asyncapi"  # of the npm package @asyncapi/specs 6.11.1, unmodified
DOCUMENT = document()


def reference(name: str) -> Any:
    found: Any = DOCUMENT
    for step in name.removeprefix("#/").split("/"):
        found = found[step]
    return found


def test_the_official_schema_is_unmodified() -> None:
    for line in (OFFICIAL / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((OFFICIAL / name).read_bytes()).hexdigest() == digest


def test_it_is_valid() -> None:
    schema = json.loads((OFFICIAL / "3.0.0-without-$id.json").read_bytes())
    errors = [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in _errors(schema)]
    assert errors == []


def _errors(schema: dict[str, Any]) -> list[Any]:
    return list(Draft7Validator(schema).iter_errors(DOCUMENT))


def test_the_file_is_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().out
    assert main(["--wrong"]) == 2


def test_every_topic_is_a_channel() -> None:
    for topic in all_topics():
        channel = DOCUMENT["channels"][topic.name]
        kafka = channel["bindings"]["kafka"]
        assert (channel["address"], kafka["partitions"]) == (topic.name, topic.partitions)
        assert kafka["topicConfiguration"]["retention.ms"] == topic.retention_hours * 3_600_000
        assert channel["x-key"]
        assert channel["x-reader"]
        assert f"send.{topic.name}" in DOCUMENT["operations"]
    assert len(DOCUMENT["channels"]) == len(all_topics())


def test_a_door_sends_what_its_agency_may_assert_and_the_record_everything() -> None:
    for agency in Agency:
        sent = DOCUMENT["channels"][f"{agency}.events.v1"]["messages"]
        assert set(sent) == {f"sealed.{type_}" for type_, found in EVENT_CLASSES.items() if agency in found.BY}
    assert len(DOCUMENT["channels"]["case_record.case.v1"]["messages"]) == len(EVENT_CLASSES)


def test_only_what_is_operational_is_open() -> None:
    fields = [
        field["x-category"]
        for type_ in EVENT_CLASSES
        for field in reference(f"#/components/schemas/{type_}.open")["properties"].values()
    ]
    assert len(fields) > 50
    assert set(fields) == {"operational"}


def test_every_reference_leads_somewhere() -> None:
    text = json.dumps(DOCUMENT)
    names = {part.split('"')[0] for part in text.split('"$ref": "')[1:]}
    assert names
    for name in names:
        reference(name)


def test_examples_are_as_the_schemas_say() -> None:
    shown = 0
    for message in DOCUMENT["components"]["messages"].values():
        for example in message.get("examples", []):
            whole = {**message["payload"], "components": DOCUMENT["components"]}
            Draft202012Validator(whole).validate(example["payload"])
            shown += 1
    assert shown == 9


def test_every_channel_shows_an_example() -> None:
    """All but that of coordination, which has no door yet."""
    shown = {name for name, message in DOCUMENT["components"]["messages"].items() if "examples" in message}
    without = {name for name, channel in DOCUMENT["channels"].items() if not shown & set(channel["messages"])}
    assert without == {"coordination.events.v1"}


def test_it_lies_in_the_package() -> None:
    assert (CHECKOUT / "infra/kafka/asyncapi.json").exists()
