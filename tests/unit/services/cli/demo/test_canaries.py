import json

import pytest

from events.labels import Category
from events.registry import event_class
from services.cli.demo.canaries import Canaries
from services.cli.demo.scenario import SCENARIO, ScenarioEvent, read_scenario

EVENTS = [event for step in read_scenario(SCENARIO).steps for event in step.events]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.id_label)
def test_a_marked_event_is_still_valid(event: ScenarioEvent) -> None:
    data = {
        name: "some-id" if isinstance(value, str) and value.startswith("@") else value
        for name, value in event.data.items()
    }
    canaries = Canaries()
    marked = canaries.plant(event, data)
    event_class(event.type).model_validate_json(json.dumps(marked))
    assert all(canary.word in json.dumps(marked) for canary in canaries.planted)


def test_every_word_is_another_and_sealed() -> None:
    canaries = Canaries()
    for event in EVENTS:
        canaries.plant(event, dict(event.data))
    words = [canary.word for canary in canaries.planted]
    assert len(words) == len(set(words)) > 30
    assert Category.OPERATIONAL not in {canary.category for canary in canaries.planted}
