"""A consent allows what it names to whom it names, until it is taken back; one in doubt goes to a person's eye."""

from typing import Any

import pytest

from events.case import SharingAllowed, SharingEnded
from events.consents import Consentable
from events.labels import Category
from events.parties import Audience
from tests.controls.decided import flagged
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE_WITH_A_HOSPITAL, HOSPITAL, POLICE
from tests.specification import given

SINCE, UNTIL = at("07T08:00"), at("30T08:00")
ALLOWS: dict[str, Any] = {
    "recipients": ["education", "police"],
    "categories": ["medical_findings", "mental_health_notes"],
    "allowed_from": SINCE.isoformat(),
    "allowed_until": UNTIL.isoformat(),
}
BOTH: tuple[Consentable, ...] = (Category.MEDICAL_FINDINGS, Category.MENTAL_HEALTH_NOTES)


def consents(**told: Any) -> States:
    told = ALLOWS | told
    return states("privacy.consent_recorded", at=at("06T23:05"), by=HOSPITAL, id="consent", version="v2", **told)


def withdraws(by: str = HOSPITAL, **told: Any) -> States:
    told = {"consent": "consent", "recipients": [], "categories": []} | told
    return states("privacy.consent_withdrawn", at=at("08T09:00"), by=by, id="withdrawing", version="v2", **told)


def allowed(audience: Audience) -> SharingAllowed:
    return SharingAllowed(
        consent="consent",
        unit=HOSPITAL,
        audience=audience,
        purposes=("case_work",),
        categories=BOTH,
        since=SINCE,
        until=UNTIL,
    )


def ended(audience: Audience, *categories: Consentable) -> SharingEnded:
    return SharingEnded(consent="consent", unit=HOSPITAL, audience=audience, categories=categories)


def test_each_recipient_is_allowed_by_itself() -> None:
    story = given(*A_CASE_WITH_A_HOSPITAL).when(consents())
    story.then(allowed(Audience.EDUCATION), allowed(Audience.POLICE))


@pytest.mark.parametrize(
    "lacking", [{"recipients": []}, {"categories": []}, {"reading_purposes": []}, {"allowed_until": None}]
)
def test_what_names_no_bounds_allows_nothing(lacking: dict[str, Any]) -> None:
    given(*A_CASE_WITH_A_HOSPITAL).when(consents(**lacking)).then()


def test_a_child_that_did_not_agree_allows_nothing() -> None:
    refused = consents(child_decision="refused", standing="not_given")
    given(*A_CASE_WITH_A_HOSPITAL).when(refused).then()


def test_an_abuser_allows_nothing_and_a_person_looks() -> None:
    abuser = consents(representative_entitled=False, standing="under_review")
    given(*A_CASE_WITH_A_HOSPITAL).when(abuser).then(flagged("consent", "consent_to_check", "case_manager"))


def test_a_first_version_says_of_nobody_that_he_may_be_told() -> None:
    earlier = states("privacy.consent_recorded", at=at("06T23:05"), by=HOSPITAL, id="consent")
    given(*A_CASE_WITH_A_HOSPITAL).when(earlier).then()


def test_withdrawal_ends_all_of_it() -> None:
    story = given(*A_CASE_WITH_A_HOSPITAL, consents()).when(withdraws())
    story.then(ended(Audience.EDUCATION, *BOTH), ended(Audience.POLICE, *BOTH))


def test_withdrawal_ends_what_it_names() -> None:
    part = withdraws(recipients=["police"], categories=["medical_findings"])
    given(*A_CASE_WITH_A_HOSPITAL, consents()).when(part).then(ended(Audience.POLICE, Category.MEDICAL_FINDINGS))


def test_a_first_version_takes_all_of_it_back() -> None:
    earlier = states("privacy.consent_withdrawn", at=at("08T09:00"), by=HOSPITAL, id="withdrawing", consent="consent")
    story = given(*A_CASE_WITH_A_HOSPITAL, consents()).when(earlier)
    story.then(ended(Audience.EDUCATION, *BOTH), ended(Audience.POLICE, *BOTH))


def test_another_units_consent_is_as_good_as_unknown() -> None:
    story = given(*A_CASE_WITH_A_HOSPITAL, consents()).when(withdraws(by=POLICE))
    story.then(flagged("withdrawing", "unknown_consent", "police"))
