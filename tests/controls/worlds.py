"""States of the world of scenario 1, each reached by what agencies state."""

from tests.controls.statements import at, states

HOTLINE, WORKER, COMMITTEE = "hotline_111", "child_protection_00340", "committee_00340"
POLICE, INVESTIGATORS = "commune_police_00340", "investigation_police_01"
HOSPITAL, SCHOOL, LEGAL_AID = "hospital_h1", "school_s1", "legal_aid_01"

RECEIVED_AT = at("06T21:10")
EMERGENCY_DUE = at("07T09:10")

_RECEIVED = "social_work.report_received"
_FORWARDED = "social_work.report_forwarded"

A_REPORT = (states(_RECEIVED, "R-101", at=RECEIVED_AT, received_at=RECEIVED_AT.isoformat()),)
A_FORWARDED_REPORT = (
    *A_REPORT,
    *(
        states(_FORWARDED, "R-101", at=at("06T21:18"), to_unit=unit)
        for unit in ("child_protection_00340", "committee_00340", "commune_police_00340")
    ),
)
A_CASE = (*A_FORWARDED_REPORT, states("social_work.case_opened", at=at("06T22:05"), report="@ref:R-101", id="opened"))
AN_EMERGENCY = (*A_CASE, states("social_work.initial_risk_assessed", at=at("06T22:20"), emergency=True))
A_SEPARATION = (
    *AN_EMERGENCY,
    states("social_work.temporary_separation_ordered", at=at("06T23:30"), until="2026-04-21T23:30:00+07:00"),
)
A_CASE_WITH_A_HOSPITAL = (*A_CASE, states("social_work.agency_invited", at=at("06T22:25"), unit=HOSPITAL))
ASSESSED_NEEDS = (*A_SEPARATION, states("social_work.needs_assessed", at=at("10T16:00")))
A_DRAFTED_PLAN = (*ASSESSED_NEEDS, states("social_work.plan_drafted", at=at("15T15:00")))
A_TASK_FOR_THE_HOSPITAL = (
    *A_CASE_WITH_A_HOSPITAL,
    states(
        "social_work.plan_task_assigned",
        at=at("16T11:00"),
        unit=HOSPITAL,
        due_at="2026-06-30T17:00:00+07:00",
        id="task",
    ),
)
A_CLOSED_CASE = (*A_CASE, states("social_work.case_closed", at=at("30T09:00")))

# The report of a second neighbour, which the police received and told the worker of.
A_SECOND_REPORT = (
    states("police.report_received", "R-102", at=at("06T21:25"), received_at=at("06T21:25").isoformat()),
    states("police.report_forwarded", "R-102", at=at("06T21:28"), to_unit=WORKER),
)
AN_EARLIER_REPORT = (
    states("police.report_received", "R-102", at=at("06T20:30"), received_at=at("06T20:30").isoformat()),
    states("police.report_forwarded", "R-102", at=at("06T20:40"), to_unit=WORKER),
)


MERGED = states(
    "social_work.reports_merged", at=at("07T08:00"), report="@ref:R-102", confirmed_by_person=True, id="merged"
)

# A whole case, in which every unit acts under names it was given or chose.
STORY = (
    *A_CASE,
    *A_SECOND_REPORT,
    states("social_work.initial_risk_assessed", at=at("06T22:20"), emergency=True),
    states("social_work.agency_invited", at=at("06T22:25"), unit=HOSPITAL),
    states("health.medical_exam_completed", at=at("06T23:05")),
    states("social_work.temporary_separation_ordered", at=at("06T23:30"), by=COMMITTEE),
    MERGED,
    states("social_work.agency_invited", at=at("07T08:20"), unit=SCHOOL),
    states("police.crime_report_transferred", at=at("07T09:30"), by=POLICE, to_unit=INVESTIGATORS),
    states("police.crime_report_accepted", at=at("07T14:00")),
    states("police.interview_held", at=at("08T10:00")),
    states("social_work.needs_assessed", at=at("10T16:00")),
    states("social_work.plan_drafted", at=at("15T15:00")),
    states("social_work.plan_approved", at=at("16T10:00"), by=COMMITTEE),
    states("social_work.plan_task_assigned", at=at("16T11:00"), unit=HOSPITAL),
    states("health.service_accepted", at=at("17T10:00"), task="@task"),
    states("health.service_delivered", at=at("20T10:00"), task="@task"),
    states("social_work.temporary_separation_lifted", at=at("21T10:00"), by=COMMITTEE),
    states("police.crime_report_resolved", at=at("25T10:00"), outcome="inv:not_initiated"),
    states("social_work.case_reviewed", at=at("28T10:00")),
    states("privacy.redaction_requested", at=at("29T09:00")),
    states("privacy.request_acknowledged", at=at("29T10:00")),
    states("social_work.fact_corrected", at=at("29T11:00"), corrects="opened"),
    states("social_work.case_closed", at=at("30T10:00"), by=COMMITTEE),
)
