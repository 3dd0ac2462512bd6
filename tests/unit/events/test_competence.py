"""Competence follows the territory: what came whole to a successor, from its day on."""

from dataclasses import replace
from datetime import date

import pytest

from events.admin_units import read_territory, territory
from events.competence import competence_of
from events.parties import Agency, Audience
from events.units import Unit, unit

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
OLD = Unit(
    id="committee_of_the_ward",
    agency=Agency.SOCIAL_WORK,
    audience=Audience.COMMITTEE,
    agency_type="commune_people_committee",
    vi="",
    en="",
    commune="phuong_iii_vi_thanh",
    valid_to=BEFORE,
)
NEW = replace(OLD, id="committee_31321", commune="31321", valid_from=AFTER, valid_to=None)
POLICE = replace(OLD, id="police_of_the_ward", audience=Audience.POLICE, agency_type="commune_police")
SCHOOL = replace(OLD, id="school", audience=Audience.EDUCATION, agency_type="school", valid_to=None)
KNOWN = {one.id: one for one in (OLD, NEW, POLICE, SCHOOL)}


def test_a_successor_takes_over_the_same_office_and_the_whole_territory() -> None:
    found = competence_of(NEW.id, AFTER, KNOWN)
    assert found.units == {NEW.id, OLD.id}
    assert found.leaders == {NEW.id, OLD.id, POLICE.id, SCHOOL.id}


def test_nobody_acts_for_a_unit_before_or_after_its_days() -> None:
    assert competence_of(OLD.id, AFTER, KNOWN).units == frozenset()
    assert competence_of(NEW.id, BEFORE, KNOWN).units == frozenset()
    assert competence_of("nobody", AFTER, KNOWN).units == frozenset()


def test_an_office_without_territory_has_its_own_cases_only() -> None:
    found = competence_of(SCHOOL.id, AFTER, KNOWN)
    assert found.units == {SCHOOL.id}
    assert not found.leaders


def test_what_was_divided_comes_to_nobody() -> None:
    [whole] = [one for one in territory().successions if one.after == "31321"]
    divided = replace(territory(), successions=(replace(whole, share=0.6),))
    assert competence_of(NEW.id, AFTER, KNOWN, divided).units == {NEW.id}


def test_a_succession_through_several_steps_holds_from_the_last_day_on() -> None:
    names = {id_: {"id": id_, "name": id_, "type": "xa", "verified": False} for id_ in ("a", "b", "c")}
    steps = [("a", "b", AFTER), ("b", "c", date(2026, 1, 1))]
    told = [{"from": one, "to": other, "share": 1.0, "effective_on": day} for one, other, day in steps]
    land = read_territory({"units": [*names.values()], "successions": told})
    assert land.taken_over_by("c", date(2025, 12, 31)) == {"c"}
    assert land.taken_over_by("c", date(2026, 1, 1)) == {"a", "b", "c"}


def test_a_successor_nobody_knows_is_refused() -> None:
    row = {"from": "a", "to": "b", "share": 1.0, "effective_on": AFTER}
    with pytest.raises(KeyError, match="b"):
        read_territory({"units": [{"id": "a", "name": "a", "type": "xa", "verified": False}], "successions": [row]})


def test_every_units_commune_is_in_the_packaged_territory() -> None:
    assert unit("committee_00340").commune in territory().units
