"""What the agreement gives, decided from the place of the key and the reader's own token, form by form."""

from datetime import date

import pytest

from events.labels import Category, Form
from events.parties import Agency, Audience, Duty
from infra.crypto.data_keys import KeyPlace
from projections.disclosure.packaged import packaged_agreement
from projections.sight import Reader
from services.keys.entitlement import entitling_clause, keeps_sight

ON = date(2026, 5, 4)
OPEN = ("case_open",)
WORK = "case_work"


def opened(place: KeyPlace, reader: Reader, *stated: str) -> bool:
    return entitling_clause(place, reader, stated, packaged_agreement(), ON) is not None


def place(source: str, owner: Agency, category: Category, form: Form = Form.FULL) -> KeyPlace:
    return KeyPlace(owner, f"{source}/R-101#child", category, "needs", form)


def reader(audience: Audience, *duties: Duty, purpose: str = WORK) -> Reader:
    return Reader(audience, frozenset(duties), None, purpose)


OF_THE_HOSPITAL = place("hospital_h1", Agency.HEALTH, Category.MEDICAL_FINDINGS)
OF_THE_POLICE = place("commune_police_00340", Agency.POLICE, Category.INVESTIGATION)


def test_its_own_record_is_known_by_the_place_of_the_key_and_by_no_word_of_who_asks() -> None:
    assert opened(OF_THE_POLICE, reader(Audience.POLICE), *OPEN)
    assert not opened(OF_THE_POLICE, reader(Audience.EDUCATION), *OPEN, "own_record")


def test_a_duty_counts_that_stands_in_the_token_and_none_that_is_stated() -> None:
    assert opened(OF_THE_HOSPITAL, reader(Audience.HEALTH, Duty.TREATING), *OPEN)
    assert not opened(OF_THE_HOSPITAL, reader(Audience.EDUCATION), *OPEN, "treating", "chair", "own_pupil")


def test_of_a_closed_case_what_was_open_is_shut() -> None:
    assert not opened(OF_THE_HOSPITAL, reader(Audience.HEALTH, Duty.TREATING))


def test_a_purpose_that_is_not_the_clauses_opens_nothing() -> None:
    assert not opened(OF_THE_POLICE, reader(Audience.POLICE, purpose="oversight"), *OPEN)


@pytest.mark.parametrize("audience", list(Audience))
def test_a_condition_that_cannot_hold_yet_is_met_by_nobody_who_states_it(audience: Audience) -> None:
    for category in Category:
        for form in Form:
            asked = place("hospital_h1", Agency.HEALTH, category, form)
            assert opened(asked, reader(audience), *OPEN) == opened(asked, reader(audience), *OPEN, "on_request")


def test_who_gets_the_summary_gets_no_full_form_and_who_gets_all_gets_both() -> None:
    def forms(who: Reader) -> set[Form]:
        sought = {form: place("hospital_h1", Agency.HEALTH, Category.MEDICAL_FINDINGS, form) for form in Form}
        return {form for form, one in sought.items() if opened(one, who, *OPEN)}

    assert forms(reader(Audience.HEALTH, Duty.TREATING)) == {Form.FULL, Form.SUMMARY}
    assert forms(reader(Audience.CASE_MANAGER)) == {Form.SUMMARY}
    assert forms(reader(Audience.HOTLINE)) == set()


@pytest.mark.parametrize(
    ("audience", "sealed_to", "keeps"),
    [
        (Audience.HEALTH, None, True),
        (Audience.HEALTH, {"hospital_h1", "school_s1"}, True),
        (Audience.HEALTH, {"school_s1"}, False),
        (Audience.HEALTH, set(), False),
        (Audience.COORDINATOR, {"school_s1"}, False),
        (Audience.AUDITOR, {"school_s1"}, True),
    ],
)
def test_of_what_is_sealed_whom_the_order_names_keeps_sight_and_the_auditor(
    audience: Audience, sealed_to: set[str] | None, keeps: bool
) -> None:
    assert keeps_sight(audience, {"hospital_h1"}, sealed_to) is keeps
