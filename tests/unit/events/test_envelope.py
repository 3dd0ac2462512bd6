"""The envelope is CloudEvents 1.0 with strict values; no name fits into a reference."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from events.envelope import SubmittedEvent
from tests.controls.examples import submitted


def _read(**changes: Any) -> SubmittedEvent:
    content = json.loads(submitted("police.scene_attended.v1").model_dump_json(exclude_none=True))
    return SubmittedEvent.model_validate_json(json.dumps(content | changes))


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("specversion", "0.3"),
        ("datacontenttype", "text/plain"),
        ("time", "2026-04-06T21:10:00"),
        ("time", 1775484600),
        ("type", "police.scene_attended"),
        ("type", "Police.SceneAttended.v1"),
        ("type", "police.scene_attended.v0"),
        ("source", "hospital h1"),
        ("source", ""),
        ("subject", "TRE EM"),
        ("subject", "trẻ"),
        ("subject", "a/b"),
        ("subject", "x" * 65),
        ("id", "with space"),
        ("id", "x" * 129),
        ("id", 7),
        ("traceparent", "00-xyz"),
        ("sequence", 1),
    ],
)
def test_what_is_not_exact_is_refused(attribute: str, value: object) -> None:
    with pytest.raises(ValidationError):
        _read(**{attribute: value})


def test_what_is_exact_is_read() -> None:
    trace = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    assert _read(traceparent=trace, correlationid="c-1").traceparent == trace


def test_an_event_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        setattr(_read(), "subject", "R-102")  # noqa: B010
