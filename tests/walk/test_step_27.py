"""Section E.1, step 27: the mother asks that a photo and the neighbours' remarks be erased, and is answered."""

import pytest

from tests.walk.conftest import Played

pytestmark = [pytest.mark.walk, pytest.mark.timeout(300)]

ASKED = ("--authority", "data_subject", "--basis", "QUYET-DINH 27", "--part", "image", "--part", "remark", "--yes")


def test_another_unit_than_the_one_that_leads_the_case_erases_nothing(played: Played) -> None:
    refused = played.platform.run("erase", own_name(played, "committee_chair"), "--unit", "committee_00340", *ASKED)
    assert refused.returncode == 1
    assert "Nothing was erased: committee_00340 may not state it" in refused.stderr
    assert "privacy.subject_key_destroyed.v1" not in said_of_data(played)


def test_it_is_carried_out_in_part_and_the_rest_is_refused_with_its_ground(played: Played) -> None:
    facts = len(played.history()["facts"])
    lead = own_name(played, "case_manager")
    done = played.platform.told("erase", lead, "--unit", "child_protection_00340", *ASKED)
    assert done["destroyed"] > 0
    assert {(line["category"], line["part"]) for line in done["going"]} == {
        ("child_identity", "image"),
        ("risk_assessment", "remark"),
    }
    assert {(line["owner"], line["part"], line["ground"]) for line in done["kept"]} == {
        ("police", "remark", "criminal_evidence")
    }
    assert said_of_data(played) == [
        "privacy.redaction_requested.v1",
        "privacy.request_acknowledged.v1",
        "privacy.subject_key_destroyed.v1",
        "privacy.erasure_denied.v1",
    ]
    assert len(played.history()["facts"]) >= facts  # what is erased leaves its place behind
    assert played.platform.told("verify")["holds"] is True


def own_name(played: Played, reader: str) -> str:
    """Return by what a reader's unit names the case."""
    listed, *_ = played.pages["26"][reader]
    [name] = [row["case"] for row in listed["cases"] if row["kind"] == "case"]
    return str(name)


def said_of_data(played: Played) -> list[str]:
    """Return what was recorded of a person's data, in order."""
    query = (
        "select topic from case_record.events where topic like 'privacy.re%' or topic like 'privacy.%destroyed%'"
        " or topic like 'privacy.%denied%' order by notification_id"
    )
    with played.platform.connect() as register:
        return [topic for [topic] in register.execute(query)]
