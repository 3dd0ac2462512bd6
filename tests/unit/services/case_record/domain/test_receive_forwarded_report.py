"""E.2, steps 1-3: a school's report reaches the police, who receive it: their 24 hours begin, the 12 go on."""

from services.case_record.domain.refusals import NoAuthority
from tests.controls.decided import flagged, met, started
from tests.controls.statements import States, at, states
from tests.controls.worlds import HOSPITAL, INVESTIGATORS, POLICE, SCHOOL, WORKER
from tests.specification import Joined, given

RAISED = states("education.concern_raised", "R-201", at=at("10T10:05"), received_at=at("10T10:05").isoformat())
FORWARDED = tuple(
    states("education.report_forwarded", "R-201", at=at("10T10:20"), by=SCHOOL, to_unit=unit)
    for unit in (POLICE, WORKER, INVESTIGATORS)
)
A_SCHOOLS_REPORT = (RAISED, *FORWARDED)
TRANSFERRED = states(
    "police.crime_report_transferred", "R-201", at=at("10T10:40"), by=POLICE, to_unit=INVESTIGATORS, id="transfer"
)


def received(when: str = "10T10:30", by: str = POLICE) -> States:
    told = {"received_at": at(when).isoformat()}
    return states("police.report_received", "R-201", at=at(when), by=by, id=f"received-{by}-{when}", **told)


def by_its_name(told: States) -> States:
    """The unit speaks of the report under the name that it was given, not under one of its own."""
    story = given(*A_SCHOOLS_REPORT).story
    return States(told.type, story.reference(told.by, "R-201"), told.by, told.at, told.id, told.data)


def test_the_school_is_the_first_receipt() -> None:
    heard = given().when(RAISED)
    assert started("emergency_12h", at("10T10:05"), at("10T22:05")) in [one.event for one in heard._placed()]
    heard.then(
        heard._placed()[0].event,
        Joined(SCHOOL, "reported"),
        Joined("coordinator", "standing"),
        Joined("auditor", "standing"),
        started("emergency_12h", at("10T10:05"), at("10T22:05")),
    )


def test_the_24_hours_of_the_police_run_from_their_own_receipt() -> None:
    given(*A_SCHOOLS_REPORT).when(by_its_name(received())).then(
        started("police_transfer_24h", at("10T10:30"), at("11T10:30"))
    )


def test_a_transfer_before_that_has_met_them() -> None:
    transferred = given(*A_SCHOOLS_REPORT, TRANSFERRED)
    transferred.when(by_its_name(received())).then(
        started("police_transfer_24h", at("10T10:30"), at("11T10:30")), met("police_transfer_24h", at("10T10:40"))
    )


def test_receiving_twice_is_flagged() -> None:
    once = by_its_name(received())
    given(*A_SCHOOLS_REPORT, once).when(by_its_name(received("10T10:50"))).then(
        flagged("received-commune_police_00340-10T10:50", "already_open", "police")
    )


def test_who_investigates_need_not_transfer() -> None:
    given(*A_SCHOOLS_REPORT).when(by_its_name(received(by=INVESTIGATORS))).nothing()


def test_a_receipt_under_no_known_name_is_a_report_of_its_own() -> None:
    heard = given(*A_SCHOOLS_REPORT).when(
        States(received().type, "R-300", POLICE, at("10T10:30"), "own", received().data)
    )
    assert heard.decision is not None
    assert heard.decision.stream != heard.story.on["R-201"]


def test_is_refused_without_authority() -> None:
    given(*A_SCHOOLS_REPORT).when(received(by=HOSPITAL)).refuses(NoAuthority)
