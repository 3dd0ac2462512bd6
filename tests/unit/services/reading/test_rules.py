"""Which policy lets whom in, and that the policies fit their schema."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from typing import get_args
from uuid import UUID

import cedarpy
import pytest

from events.parties import Agency, Audience
from events.units import unit
from infra.postgres.access_log import Kind
from infra.web.requester import Requester
from projections.case_file import CaseFile
from services.reading.rules import (
    NOTHING_PERMITS,
    Asking,
    Question,
    Recipient,
    Ruling,
    UnsoundPolicyError,
    at_desk,
    for_recipient,
    on_case,
    policy_texts,
)

NOW = datetime(2026, 4, 17, 3, 0, tzinfo=UTC)


def asking(unit_id: str = "commune_police_00340", **changes: object) -> Asking:
    found = unit(unit_id)
    requester = Requester("NGUOI-DOC-1", found.agency, unit_id, "reader", found.audience)
    audience = found.audience or Audience.POLICE
    made = Asking(requester, audience, frozenset({"case_work"}), "case_work", "read", NOW)
    return replace(made, **changes)  # type: ignore[arg-type]


def a_case(*units: str, lead: str | None = None) -> CaseFile:
    return CaseFile(stream=UUID(int=1), units=units, lead_unit=lead, changed_at=NOW)


def replace_sealed_to(file: CaseFile, *units: str) -> CaseFile:
    return file.model_copy(update={"sealed_to": units})


class TestDesk:
    def test_a_reader_of_this_audience_comes_in(self) -> None:
        assert at_desk(asking()) == Ruling(allowed=True, policies=("desk-own-audience",))

    def test_another_audience_does_not(self) -> None:
        assert at_desk(asking(audience=Audience.HEALTH)) == Ruling(False, ("desk-other-audience",))

    def test_a_publisher_does_not(self) -> None:
        publisher = Requester("x", Agency.POLICE, "commune_police_00340", "publisher")
        assert at_desk(asking(requester=publisher)) == Ruling(False, ("desk-no-reader", "desk-other-audience"))

    def test_a_purpose_that_is_not_agreed_is_none(self) -> None:
        assert at_desk(asking(purpose="oversight")) == Ruling(False, ("desk-purpose-not-agreed",))

    def test_a_unit_that_is_not_in_being_has_no_reader(self) -> None:
        gone = Requester("x", Agency.POLICE, "police_of_yesterday", "reader", Audience.POLICE)
        assert at_desk(asking(requester=gone)) == Ruling(False, ("desk-unit-ended",))


class TestCase:
    def test_who_takes_part(self) -> None:
        assert on_case(asking(), a_case("commune_police_00340")) == Ruling(True, ("case-unit-takes-part",))

    def test_who_is_competent_by_territory(self) -> None:
        assert on_case(asking(), a_case(lead="committee_00340")) == Ruling(True, ("case-territorial-competence",))

    def test_a_school_is_competent_for_no_territory(self) -> None:
        assert on_case(asking("school_s2"), a_case(lead="committee_00340")) == Ruling(False, (NOTHING_PERMITS,))

    def test_competence_over_another_commune_is_none(self) -> None:
        assert on_case(asking(), a_case(lead="hospital_h1")) == Ruling(False, (NOTHING_PERMITS,))

    def test_a_standing_audience_sees_every_case(self) -> None:
        assert on_case(asking("coordination_01"), a_case()) == Ruling(True, ("case-standing-audience",))

    def test_another_audience_sees_none(self) -> None:
        found = on_case(asking(audience=Audience.HEALTH), a_case("commune_police_00340"))
        assert found == Ruling(False, ("case-other-audience",))


class TestSealedCase:
    SEALED = CaseFile(
        stream=UUID(int=1), units=("commune_police_00340",), sealed_to=("child_protection_00340",), changed_at=NOW
    )

    @pytest.mark.parametrize("unit_id", ["commune_police_00340", "coordination_01"])
    def test_who_is_not_named_is_refused_even_taking_part(self, unit_id: str) -> None:
        assert on_case(asking(unit_id), self.SEALED) == Ruling(False, ("case-sealed",))

    def test_who_is_named_and_the_auditor_units_in_sight(self) -> None:
        assert on_case(asking(), replace_sealed_to(self.SEALED, "commune_police_00340")).allowed
        assert on_case(asking("inspectorate_01"), self.SEALED).allowed


class TestRecipient:
    TELLING = asking("inspectorate_01", kind="tell_subject")

    @pytest.mark.parametrize(
        ("recipient", "policy"),
        [
            (Recipient(suspect=True, carer=False, carer_flagged=False), "recipient-suspected"),
            (Recipient(suspect=False, carer=True, carer_flagged=True), "recipient-carer-flagged-as-abuser"),
        ],
    )
    def test_who_may_be_the_abuser_is_told_nothing(self, recipient: Recipient, policy: str) -> None:
        assert for_recipient(self.TELLING, recipient) == Ruling(allowed=False, policies=(policy,))

    @pytest.mark.parametrize(("carer", "carer_flagged"), [(True, False), (False, True), (False, False)])
    def test_everybody_else_is_told(self, carer: bool, carer_flagged: bool) -> None:
        recipient = Recipient(suspect=False, carer=carer, carer_flagged=carer_flagged)
        assert for_recipient(self.TELLING, recipient) == Ruling(allowed=True, policies=("recipient-of-own-audience",))

    def test_nothing_else_is_done_for_somebody_outside(self) -> None:
        nobody = Recipient(suspect=False, carer=False, carer_flagged=False)
        assert for_recipient(asking(), nobody) == Ruling(allowed=False, policies=(NOTHING_PERMITS,))


def schema(question: Question) -> str:
    policies = files("services.reading").joinpath("policies")
    shared, own = policies.joinpath("reading.cedarschema"), policies.joinpath(question, "asked.cedarschema")
    return shared.read_text() + own.read_text()


@pytest.mark.parametrize("question", get_args(Question))
class TestPoliciesOf:
    def test_each_fits_the_schema(self, question: Question) -> None:
        texts = policy_texts(question)
        assert texts
        found = [error for text in texts.values() for error in cedarpy.validate_policies(text, schema(question)).errors]
        assert found == []

    def test_the_schema_notices_a_misspelt_word(self, question: Question) -> None:
        misspelt = "permit (principal, action, resource) when { principal.audiance == resource.audience };"
        assert not cedarpy.validate_policies(misspelt, schema(question))

    def test_the_schema_knows_every_kind_of_asking(self, question: Question) -> None:
        each = "\n".join(f'permit (principal, action == Action::"{kind}", resource);' for kind in get_args(Kind))
        assert cedarpy.validate_policies(each, schema(question)).errors == []


def test_every_policy_has_an_id_of_its_own() -> None:
    texts = "\n".join(text for question in get_args(Question) for text in policy_texts(question).values())
    ids = re.findall(r'@id\("([a-z-]+)"\)\n(?:permit|forbid) \(', texts)
    assert len(ids) == len(set(ids)) == len(re.findall(r"^(?:permit|forbid)", texts, re.MULTILINE))


def test_a_policy_that_cannot_be_evaluated_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    unsound = cedarpy.PolicySet.from_str("permit (principal, action, resource) when { principal.rank > 3 };")
    monkeypatch.setattr("services.reading.rules._policies", lambda _: unsound)
    with pytest.raises(UnsoundPolicyError):
        at_desk(asking())
