"""Units are data, and each belongs to one agency and reads at most one view."""

import pytest

from events.codes import code_list
from events.parties import DOOR_AUDIENCES, STANDING_AUDIENCES, Agency, Audience
from events.units import UnknownUnitError, audience_of, unit, units


def test_every_unit_has_an_agency_type_and_both_names() -> None:
    for one in units().values():
        assert one.agency_type in code_list("agency_type")
        assert one.vi
        assert one.en


def test_a_unit_reads_a_view_that_its_door_serves() -> None:
    for one in units().values():
        allowed = set(DOOR_AUDIENCES[one.agency])
        if one.agency is Agency.COORDINATION:
            allowed |= set(STANDING_AUDIENCES)
        assert one.audience is None or one.audience in allowed


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(UnknownUnitError):
        unit("school_s9")


def test_whose_view_a_unit_reads() -> None:
    assert audience_of("school_s1") is Audience.EDUCATION
    assert audience_of("legal_aid_01") is None
    assert audience_of("case_record") is None
