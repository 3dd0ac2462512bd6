"""The schema files are fresh, say what the classes say, and accept what the classes accept."""

from pathlib import Path

import jsonschema
import pytest

from events.event import labels_of
from events.labels import Category
from events.registry import EVENT_CLASSES, event_class
from events.schema_files import main, schema_of, schema_texts, stale, write
from tests.controls.examples import AGENCY_TYPES, example_data

every_type = pytest.mark.parametrize("type_", EVENT_CLASSES)


def test_the_files_are_fresh() -> None:
    assert main(["--check"]) == 0, "write them: python -m events.schema_files"


def test_wrong_use_is_told() -> None:
    assert main(["--what"]) == 2


@every_type
def test_a_schema_accepts_the_example_and_refuses_more(type_: str) -> None:
    validator = jsonschema.Draft202012Validator(schema_of(event_class(type_)))
    validator.check_schema(validator.schema)
    assert list(validator.iter_errors(example_data(type_))) == []
    assert list(validator.iter_errors(example_data(type_) | {"unknown_field": 1}))


@every_type
def test_a_schema_carries_the_label_of_every_field(type_: str) -> None:
    properties = event_class(type_).model_json_schema().get("properties", {})
    for name, label in labels_of(event_class(type_)).items():
        assert properties[name]["x-category"] == label.category.value
        if label.category is not Category.OPERATIONAL:
            assert properties[name]["x-part"] == label.part
            assert properties[name]["x-person"] == label.person.value
        assert properties[name].get("x-summary") == (label.summary.value if label.summary else None)


@pytest.mark.parametrize("type_", AGENCY_TYPES)
def test_a_schema_says_who_may_assert_it_and_never_speaks_of_withholding(type_: str) -> None:
    schema = schema_of(event_class(type_))
    assert schema["x-by"] == sorted(event_class(type_).BY)
    assert "ithheld" not in str(schema.get("$defs", {})) + str(schema["properties"])


def test_stale_missing_and_left_over_files_are_found_and_mended(tmp_path: Path) -> None:
    wanted = dict(list(schema_texts().items())[:3])
    first, second, _ = wanted
    write(wanted, tmp_path)
    assert stale(wanted, tmp_path) == []
    (tmp_path / first).write_text("{}", encoding="utf-8")
    (tmp_path / second).unlink()
    (tmp_path / "left.over.v1.json").write_text("{}", encoding="utf-8")
    assert stale(wanted, tmp_path) == sorted([first, second, "left.over.v1.json"])
    write(wanted, tmp_path)
    assert stale(wanted, tmp_path) == []
