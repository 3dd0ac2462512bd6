from itertools import count
from pathlib import Path

import pytest

from services.cli.demo.names import Names, awaited_tasks, given_names, kind_of
from services.cli.demo.scenario import SCENARIO, ScenarioEvent, read_scenario
from services.cli.stops import Stop


def event(subject: str, **data: str) -> ScenarioEvent:
    return ScenarioEvent(
        unit="school_s1", type="education.attendance_noted.v1", subject=subject, id_label="x", data=dict(data)
    )


@pytest.fixture
def names() -> Names:
    numbers = count(1)
    return Names(lambda: f"REF{next(numbers)}")


def test_a_unit_calls_the_same_thing_always_the_same(names: Names) -> None:
    assert names.subject(event("R-101")) == names.subject(event("R-101")) == "REF1"
    assert names.subject(event("C-55")) == "REF2"
    assert names.known("school_s1") == {"REF1", "REF2"}


def test_a_given_reference_is_the_one_that_was_found(names: Names) -> None:
    names.references["school_s1", "C-55"] = "GIVEN"
    assert names.subject(event("@:C-55")) == "GIVEN"


def test_placeholders_in_data_are_replaced(names: Names) -> None:
    names.references["school_s1", "R-101"] = "GIVEN"
    names.event_ids["opened"] = "id-1"
    names.tasks["school_s1", "opened"] = "task-1"
    data = names.data(event("C-55", report="@ref:R-101", corrects="@id:opened", task="@task:opened", note="plain"))
    assert data == {"report": "GIVEN", "corrects": "id-1", "task": "task-1", "note": "plain"}


def test_what_is_given_is_read_from_the_scenario() -> None:
    given = given_names(read_scenario(SCENARIO))
    assert ("hospital_h1", "C-55") in given
    assert ("child_protection_00340", "R-101") in given
    assert ("child_protection_00340", "C-55") not in given  # its own: it opened the case


def test_tasks_are_read_from_the_scenario() -> None:
    awaited = awaited_tasks(read_scenario(SCENARIO))
    assert ("hospital_h1", "task_therapy") in awaited
    assert ("child_protection_00340", "legal_aid_referred") in awaited


def test_names_tell_their_kind() -> None:
    assert [kind_of(name) for name in ("C-55", "R-101")] == ["case", "report"]


def test_a_missing_scenario_says_where_to_run(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="run the demo from a checkout"):
        read_scenario(tmp_path / "none.toml")


def test_a_broken_scenario_is_told(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("steps = 3")
    with pytest.raises(Stop, match="is no scenario"):
        read_scenario(tmp_path / "broken.toml")
