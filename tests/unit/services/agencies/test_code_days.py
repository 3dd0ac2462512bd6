"""A code may be used only for what occurred while it was in force, by the day in Vietnam."""

from datetime import datetime
from typing import Annotated

import pytest
from pydantic import BaseModel, JsonValue

from events.codes import Code, code_list
from services.agencies.code_days import codes_out_of_force
from services.agencies.marked import marked_in

AgencyType = Annotated[str, Code("agency_type")]
ENDED = next(entry for entry in code_list("agency_type").values() if entry.valid_to)
LAST_DAY = f"{ENDED.valid_to}T23:59:59+07:00"
DAY_AFTER = f"{ENDED.valid_to}T17:00:01Z"  # by the clock of Greenwich still the last day


class Office(BaseModel):
    kind: Annotated[str, Code("agency_type")]


class Visit(BaseModel):
    offices: tuple[Office, ...] = ()
    kinds: tuple[AgencyType, ...] = ()
    perhaps: AgencyType | None = None
    sex: Annotated[str, Code("sex")] = "unknown"
    note: str = ""


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({"perhaps": ENDED.code}, "/data/perhaps"),
        ({"kinds": ["hotline_111", ENDED.code]}, "/data/kinds/1"),
        ({"offices": [{"kind": ENDED.code}]}, "/data/offices/0/kind"),
    ],
)
def test_ended_code(data: JsonValue, pointer: str) -> None:
    assert codes_out_of_force(marked_in(Visit, data), datetime.fromisoformat(LAST_DAY)) == ()
    (fault,) = codes_out_of_force(marked_in(Visit, data), datetime.fromisoformat(DAY_AFTER))
    assert (fault.pointer, fault.code, fault.words["list"]) == (pointer, "code_not_valid", "agency_type")


@pytest.mark.parametrize("data", [{}, {"note": ENDED.code, "perhaps": None}, {"sex": "female"}])
def test_what_uses_no_ended_code(data: JsonValue) -> None:
    assert codes_out_of_force(marked_in(Visit, data), datetime.fromisoformat(DAY_AFTER)) == ()
