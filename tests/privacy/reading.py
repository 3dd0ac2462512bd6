"""What a reader is told of a scenario's case, folded from its streams and read by the agreement."""

import json
import tomllib
from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from events.labels import Category
from events.parties import Audience, Duty
from projections.disclosure.agreement import Level
from projections.disclosure.packaged import packaged_agreement
from projections.facts import choose, present
from projections.rebuild import rebuild
from projections.sight import Reader
from tests.privacy.scenario_streams import Story, case_streams

NOW = datetime(2027, 7, 3, tzinfo=UTC)


def expected(story: Story) -> dict[str, Any]:
    """Return who sees what of a scenario, as it was read by hand off section D."""
    file = Path(__file__).with_name(f"expected_scenario_{story.number}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def facts_of(name: str, step: int, story: Story) -> list[dict[str, Any]]:
    told = expected(story)["readers"][name]
    audience = Audience(told["audience"])
    reader = Reader(audience, frozenset(Duty(duty) for duty in told["duties"]), told["unit"])
    agreement = packaged_agreement()
    rebuilt = [rebuild(audience, events, agreement) for events in case_streams(step, story).values()]
    files = [one.file for one in rebuilt if one.file]
    entries = [entry for one in rebuilt for entry in one.entries]
    choice = choose(files, entries, reader, agreement, NOW)
    return present(choice, [json.loads(b64decode(box.box)) for _, box in choice.boxes])


def strongest(facts: list[dict[str, Any]], category: str) -> str:
    levels = [Level(str(fact["level"])) for fact in facts if fact["category"] == Category(category).value]
    return max(levels, key=lambda level: level.rank, default=Level.NONE).value
