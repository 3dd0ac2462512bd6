"""Code lists are data: complete in both languages, valid by date, and refusing what they do not hold."""

from datetime import date
from importlib.resources import files
from typing import Annotated

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from events import coded
from events.codes import Code, CodeEntry, code_list

_NOT_CODES = {"admin_units", "units", "deadline_rule"}  # rows of another shape, read by their own modules
_LISTS = sorted(
    file.name.removesuffix(".toml")
    for file in files("events").joinpath("code_lists").iterdir()
    if file.name.removesuffix(".toml") not in _NOT_CODES
)

every_list = pytest.mark.parametrize("name", _LISTS)


@every_list
def test_every_code_has_labels_and_a_basis(name: str) -> None:
    for code, entry in code_list(name).items():
        assert code == entry.code
        assert entry.vi.strip()
        assert entry.en.strip()
        assert entry.basis.strip()


@every_list
def test_what_is_design_is_not_verified(name: str) -> None:
    assert [entry.code for entry in code_list(name).values() if entry.verified and "design" in entry.basis] == []


def test_every_coded_type_has_its_list() -> None:
    for alias in vars(coded).values():
        for mark in getattr(alias, "__metadata__", ()):
            assert code_list(mark.list_name)


def test_the_hiv_group_is_no_group_that_others_are_told() -> None:
    assert "hiv_aids" not in code_list("special_circumstance")
    assert "hiv_aids" not in code_list("special_circumstance_restricted")


def test_names_of_offences_are_for_the_police_alone() -> None:
    withheld = code_list("abuse_type").keys() - code_list("abuse_type_suspected").keys()
    assert withheld == {
        "sexual_abuse_rape",
        "sexual_abuse_forcible",
        "sexual_abuse_intercourse",
        "sexual_abuse_molestation",
        "sexual_abuse_prostitution_pornography",
    }
    assert code_list("abuse_type_suspected").keys() < code_list("abuse_type").keys()


def test_an_unknown_code_is_refused_without_naming_the_value() -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Annotated[str, Code("risk_level")]).validate_python("BI-MAT-1")
    told = refused.value.errors(include_input=False, include_url=False)
    assert told[0]["type"] == "unknown_code"
    assert "BI-MAT-1" not in str(told)


def test_the_schema_carries_the_codes() -> None:
    class Assessed(BaseModel):
        level: Annotated[str, Code("risk_level")]

    level = Assessed.model_json_schema()["properties"]["level"]
    assert level["enum"] == list(code_list("risk_level"))
    assert level["x-code-list"] == "risk_level"


@pytest.mark.parametrize(
    ("day", "valid"),
    [("2024-12-31", False), ("2025-01-01", True), ("2025-06-30", True), ("2025-07-01", False)],
)
def test_a_code_is_valid_from_its_first_to_its_last_day(day: str, valid: bool) -> None:
    entry = CodeEntry("x", "x", "x", "x", verified=False, valid_from=date(2025, 1, 1), valid_to=date(2025, 6, 30))
    assert entry.valid_on(date.fromisoformat(day)) is valid


def test_ministries_that_ended_may_not_be_used_afterwards() -> None:
    offices = code_list("agency_type")
    assert not offices["department_labour"].valid_on(date(2026, 1, 1))
    assert offices["department_labour"].valid_on(date(2024, 1, 1))
    assert not offices["district_labour_office"].valid_on(date(2025, 7, 1))
