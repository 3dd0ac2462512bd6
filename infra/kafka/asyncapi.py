"""The contract of every topic as AsyncAPI 3.0, made from the event types and `topics.toml`.

`python -m infra.kafka.asyncapi` writes `infra/kafka/asyncapi.json`, which every service serves; with `--check` it
writes nothing and ends with 1 when the file is stale. This is the build's own tool: no service calls it.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from events.envelope import RecordedEvent, SealedEvent
from events.event import Event, labels_of
from events.labels import Category
from events.parties import Agency
from events.registry import EVENT_CLASSES
from infra.kafka.contract_examples import EXAMPLES, DeadLetter, OutcomeMessage
from infra.kafka.topics import declared_topics

FILE = Path(__file__).with_name("asyncapi.json")
_REF = "#/components/schemas/{model}"
_ABOUT = """\
Các chủ đề Kafka giữa những phần của Chung Tay. Kafka chỉ chuyển; sổ gốc là PostgreSQL.
Nội dung về con người luôn được niêm phong.

The Kafka topics between the parts of Chung Tay. Kafka is the courier, PostgreSQL the register.
What is about a person is always sealed."""
_ENVELOPES: dict[str, type[BaseModel]] = {"sealed": SealedEvent, "recorded": RecordedEvent}
_WHOLE: dict[str, type[BaseModel]] = {"outcome": OutcomeMessage, "dead": DeadLetter}
# Read by nobody on the way (infra.crypto.letters).
_LOCKED = {
    "letter": "JWE (compact) around a JWS of the unit, whose payload is a CloudEvent.",
    "answer": "JWE (compact) around a JWS of the door; the JWS alone where the sender is not known.",
}

_LOCKED_EXAMPLE = "eyJhbGciOiJFQ0RILUVTK0EyNTZLVyJ9.a2V5.aXY.Y2lwaGVydGV4dA.dGFn"


def document() -> dict[str, Any]:
    """Return the whole document: a channel for each topic, a message for each type that it carries."""
    channels = {str(row["name"]): _channel(row) for row in declared_topics()}
    return {
        "asyncapi": "3.0.0",
        "id": "urn:chungtay:topics",
        "info": {"title": "Chung Tay", "version": "1.0.0", "description": _ABOUT},
        "defaultContentType": "application/json",
        "servers": {
            "broker": {
                "host": "{host}:{port}",
                "protocol": "kafka",
                "description": "Each platform's own: endpoints.json names it.",
                "variables": {"host": {"default": "127.0.0.1"}, "port": {"default": "9092"}},
            }
        },
        "channels": channels,
        "operations": dict(_operations(channels)),
        "components": {"schemas": _schemas(), "messages": dict(_messages())},
    }


def text() -> str:
    """Return the text of the file."""
    return json.dumps(document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the file, or check it; return the exit code (2: used wrongly)."""
    match list(arguments):
        case []:
            FILE.write_text(text(), encoding="utf-8")
            return 0
        case ["--check"]:
            fresh = FILE.exists() and FILE.read_text(encoding="utf-8") == text()
            sys.stdout.write("" if fresh else f"stale: {FILE.name}; run python -m infra.kafka.asyncapi\n")
            return 0 if fresh else 1
        case _:
            sys.stderr.write("usage: python -m infra.kafka.asyncapi [--check]\n")
            return 2


def _channel(row: Mapping[str, Any]) -> dict[str, Any]:
    hours, names = row["retention_hours"], _message_names(row)
    return {
        "address": row["name"],
        "summary": row["en"],
        "description": f"{row['vi']}\n\n{row['en']}",
        "servers": [{"$ref": "#/servers/broker"}],
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {
            "kafka": {
                "topic": row["name"],
                "partitions": row["partitions"],
                "topicConfiguration": {"retention.ms": hours * 3_600_000},
                "bindingVersion": "0.5.0",
            }
        },
        "x-writer": row["writer"],
        "x-reader": row["reader"],
        "x-key": row["key"],
        "x-retention-hours": hours,
    }


def _message_names(row: Mapping[str, Any]) -> list[str]:
    match row["carries"]:
        case "sealed":
            agency = Agency(row["agency"])
            return [f"sealed.{type_}" for type_, found in EVENT_CLASSES.items() if agency in found.BY]
        case "recorded":
            return [f"recorded.{type_}" for type_ in EVENT_CLASSES]
        case carried:
            return [str(carried)]


def _operations(channels: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, channel in channels.items():
        for action, who in (("send", channel["x-writer"]), ("receive", channel["x-reader"])):
            yield (
                f"{action}.{name}",
                {
                    "action": action,
                    "channel": {"$ref": f"#/channels/{name}"},
                    "summary": f"{'Written' if action == 'send' else 'Read'} by: {who}.",
                },
            )


def _messages() -> Iterator[tuple[str, dict[str, Any]]]:
    for carried, envelope in _ENVELOPES.items():
        for type_, found in EVENT_CLASSES.items():
            if carried == "recorded" or found.BY:
                yield f"{carried}.{type_}", _message_of_an_event(carried, envelope, found)
    for carried, model in _WHOLE.items():
        yield (
            carried,
            {
                "name": carried,
                "title": (model.__doc__ or "").splitlines()[0],
                "payload": {"$ref": _REF.format(model=model.__name__)},
                "bindings": _key(64),
                "examples": [{"payload": EXAMPLES[carried]}],
            },
        )
    for carried, told in _LOCKED.items():
        locked = {"type": "string", "description": told}
        examples = [{"name": carried, "payload": _LOCKED_EXAMPLE}]
        about = {"name": carried, "title": told, "contentType": "application/jose", "payload": locked}
        yield carried, about | {"examples": examples}


def _message_of_an_event(carried: str, envelope: type[BaseModel], found: type[Event]) -> dict[str, Any]:
    message: dict[str, Any] = {
        "name": f"{carried}.{found.TYPE}",
        "title": found.TYPE,
        "summary": (found.__doc__ or "").splitlines()[0],
        "contentType": "application/cloudevents+json",
        "payload": {
            "allOf": [
                {"$ref": _REF.format(model=envelope.__name__)},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": found.TYPE},
                        "data": {"type": "object", "properties": {"open": {"$ref": _REF.format(model=_open(found))}}},
                    },
                },
            ]
        },
        "bindings": _key(32 if carried == "sealed" else 36),
        "x-sealed": _sealed(found),
    }
    if (example := EXAMPLES.get(f"{carried}.{found.TYPE}")) is not None:
        message["examples"] = [{"name": found.TYPE.replace(".", "-"), "payload": example}]
    return message


def _key(length: int) -> dict[str, Any]:
    return {"kafka": {"key": {"type": "string", "minLength": length, "maxLength": length}, "bindingVersion": "0.5.0"}}


def _open(found: type[Event]) -> str:
    return f"{found.TYPE}.open"


def _sealed(found: type[Event]) -> list[str]:
    """Return which categories and parts lie in boxes: the types of the boxes are the platform's own affair."""
    labels = [label for label in labels_of(found).values() if label.category is not Category.OPERATIONAL]
    return sorted({f"{label.category}/{label.part}" for label in labels})


def _schemas() -> dict[str, Any]:
    models = [*_ENVELOPES.values(), *_WHOLE.values()]
    _, found = models_json_schema([(model, "validation") for model in models], ref_template=_REF)
    schemas: dict[str, Any] = found["$defs"]
    for event in EVENT_CLASSES.values():
        schemas |= _open_schemas(event)
    return schemas


def _open_schemas(found: type[Event]) -> dict[str, Any]:
    """Return the schema of an event's open fields, under its name, and those that it refers to."""
    whole = found.model_json_schema(ref_template=_REF)
    shown = {name for name, label in labels_of(found).items() if label.category is Category.OPERATIONAL}
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: told for name, told in whole.get("properties", {}).items() if name in shown},
        "required": [name for name in whole.get("required", []) if name in shown],
        "additionalProperties": False,
    }
    told = json.dumps(schema)
    beside = {name: one for name, one in whole.get("$defs", {}).items() if _REF.format(model=name) in told}
    return {_open(found): schema, **beside}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
