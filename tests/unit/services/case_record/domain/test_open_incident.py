"""E.2, steps 16-17: data went to the wrong child's file: 72 hours to tell the authority, from when it was found."""

from typing import Any

from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged, met, started
from tests.controls.statements import States, at, states
from tests.controls.worlds import A_CASE_WITH_A_HOSPITAL, HOSPITAL
from tests.specification import given

RULE = "breach_notice_72h"


def opened(found: str = "16T09:00", said: str = "16T09:30", id_: str = "incident") -> States:
    told = {"detected_at": at(found).isoformat()}
    return states("privacy.incident_opened", at=at(said), by=HOSPITAL, id=id_, **told)


def assessed(*, must_notify: bool) -> States:
    told: dict[str, Any] = {"incident": "incident", "must_notify": must_notify}
    return states("privacy.breach_assessed", at=at("17T09:00"), by=HOSPITAL, id="assessed", **told)


def notified(when: str) -> States:
    told = {"incident": "incident", "notified_at": at(when).isoformat()}
    return states("privacy.authority_notified", at=at(when), by=HOSPITAL, id="notified", **told)


INCIDENT = (*A_CASE_WITH_A_HOSPITAL, opened())


def test_the_72_hours_run_from_when_it_was_found() -> None:
    given(*A_CASE_WITH_A_HOSPITAL).when(opened()).then(started(RULE, at("16T09:00"), at("19T09:00")))


def test_an_earlier_incident_that_still_runs_is_stricter() -> None:
    given(*INCIDENT).when(opened("17T09:00", "17T09:30", "second")).nothing()


def test_assessing_that_the_authority_must_be_told_meets_nothing() -> None:
    given(*INCIDENT).when(assessed(must_notify=True)).nothing()


def test_when_nobody_need_be_told_nothing_runs() -> None:
    given(*INCIDENT).when(assessed(must_notify=False)).then(met(RULE, at("17T09:00")))


def test_telling_the_authority_meets_them() -> None:
    given(*INCIDENT, assessed(must_notify=True)).when(notified("17T10:00")).then(met(RULE, at("17T10:00")))


def test_telling_it_late_is_flagged_and_recorded() -> None:
    given(*INCIDENT).when(notified("20T10:00")).then(
        met(RULE, at("20T10:00"), late=True), flagged("notified", "late_step")
    )


def test_telling_it_of_nothing_skips_a_step() -> None:
    given(*A_CASE_WITH_A_HOSPITAL).when(notified("17T10:00")).then(flagged("notified", "step_skipped"))


def test_what_was_told_before_the_incident_was_stated_has_met_it() -> None:
    told = (*A_CASE_WITH_A_HOSPITAL, notified("17T10:00"))
    given(*told).when(opened()).then(started(RULE, at("16T09:00"), at("19T09:00")), met(RULE, at("17T10:00")))


def test_waits_for_a_case_that_is_not_known() -> None:
    given().when(opened()).waits_for_its_reference()


def test_is_refused_without_authority() -> None:
    given(*INCIDENT).when(states("case.deadline_met", at=at("17T10:00"), by=HOSPITAL)).refuses(NoAuthority)
