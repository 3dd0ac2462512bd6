"""What a consent adds up to: the door refuses a standing that the sealed answers do not give."""

import pytest
from pydantic import JsonValue, ValidationError

from events.consents import ConsentRecorded
from events.labels import Category
from tests.controls.examples import example_event

TYPE = ConsentRecorded.TYPE


@pytest.mark.parametrize(
    ("age", "child", "representative", "entitled", "standing"),
    [
        ("from_7", "agreed", "agreed", True, "complete"),
        ("unknown", "agreed", "agreed", True, "complete"),
        ("under_7", "not_asked", "agreed", True, "complete"),
        ("from_7", "not_asked", "agreed", True, "not_given"),
        ("unknown", "not_asked", "agreed", True, "not_given"),
        ("from_7", "refused", "agreed", True, "not_given"),
        ("from_7", "agreed", "refused", True, "not_given"),
        ("under_7", "agreed", "not_asked", True, "not_given"),
        ("from_7", "agreed", "agreed", False, "under_review"),
        ("under_7", "not_asked", "agreed", False, "under_review"),
    ],
)
def test_the_standing_is_what_the_answers_add_up_to(
    age: str, child: str, representative: str, entitled: bool, standing: str
) -> None:
    answers: dict[str, JsonValue] = {
        "child_age_band": age,
        "child_decision": child,
        "representative_decision": representative,
        "representative_entitled": entitled,
    }
    for stated in {"complete", "not_given", "under_review"} - {standing}:
        with pytest.raises(ValidationError):
            example_event(TYPE, **answers, standing=stated)
    example_event(TYPE, **answers, standing=standing)


@pytest.mark.parametrize(
    "category",
    [Category.HIV_STATUS, Category.FORENSIC_EVIDENCE, Category.REPORTER_IDENTITY, Category.SUSPECT_IDENTITY],
)
def test_what_is_not_theirs_to_share_cannot_be_named(category: Category) -> None:
    with pytest.raises(ValidationError):
        example_event(TYPE, categories=[category.value])
