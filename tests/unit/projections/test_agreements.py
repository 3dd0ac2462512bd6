"""Which version of the agreement counts when, and by which an event is routed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest

from events.labels import Category
from events.parties import Audience
from projections.disclosure.agreement import Agreement, Condition, Level
from projections.disclosure.agreements import Adoption, Agreements, read_agreements
from projections.disclosure.document import BadAgreementError
from projections.disclosure.packaged import packaged_agreement
from tests.unit.projections.test_agreement import clause

FIRST = datetime(2026, 4, 6, tzinfo=UTC)
SECOND = FIRST + timedelta(days=1)
MOMENT = timedelta(microseconds=1)

NOTHING = Agreement("1", [clause("a-none", Level.NONE)])
SUMMARY = clause("b-summary", Level.SUMMARY)
HISTORY = Agreements([Adoption(NOTHING, FIRST), Adoption(Agreement("2", [SUMMARY]), SECOND)])


def routed(history: Agreements, at: datetime) -> list[str]:
    agreement = history.routing(at)
    on = agreement.since(at.date())
    found = agreement.possible(Category.RISK_ASSESSMENT, "main", Audience.POLICE, frozenset(), on)
    return [one.id for one in found]


class TestMoments:
    @pytest.mark.parametrize(
        ("at", "version"),
        [(FIRST - MOMENT, "1"), (FIRST, "1"), (SECOND - MOMENT, "1"), (SECOND, "2"), (SECOND + MOMENT, "2")],
    )
    def test_a_version_is_in_force_from_its_adoption_to_the_next(self, at: datetime, version: str) -> None:
        assert HISTORY.in_force(at).version == version
        assert HISTORY.known_at(at).newest.version == version

    def test_the_newest_is_in_force_now(self) -> None:
        assert (HISTORY.newest.version, HISTORY.newest_at) == ("2", SECOND)

    def test_before_any_was_adopted_the_packaged_one_is_in_force(self) -> None:
        assert read_agreements([]).newest is packaged_agreement()

    def test_a_document_that_does_not_load_is_refused(self) -> None:
        with pytest.raises(BadAgreementError):
            read_agreements([(FIRST, b"version = '1'")])

    def test_documents_are_read_in_their_order(self) -> None:
        text = files("projections.disclosure").joinpath("agreement.toml").read_bytes()
        later = text.replace(b'version = "2026.1"', b'version = "2026.2"')
        history = read_agreements([(FIRST, text), (SECOND, later)])
        assert (history.in_force(FIRST).version, history.newest.version) == ("2026.1", "2026.2")


class TestRouting:
    def test_widening_acts_on_what_is_recorded_from_then_on(self) -> None:
        assert routed(HISTORY, SECOND - MOMENT) == ["a-none"]
        assert routed(HISTORY, SECOND) == ["b-summary"]

    def test_a_retroactive_clause_reaches_back(self) -> None:
        back = Agreements([Adoption(NOTHING, FIRST), Adoption(retroactive(), SECOND)])
        assert routed(back, FIRST) == ["a-none", "b-summary"]
        assert back.in_force(FIRST) is NOTHING  # when somebody reads, the clause decides nothing about those days

    def test_what_was_known_before_its_adoption_was_routed_without_it(self) -> None:
        back = Agreements([Adoption(NOTHING, FIRST), Adoption(retroactive(), SECOND)])
        assert routed(back.known_at(FIRST), FIRST) == ["a-none"]

    def test_a_retroactive_clause_takes_nothing_away(self) -> None:
        full = Agreement("1", [clause("a-chair", Level.FULL, Condition.CHAIR), clause("a", Level.EXISTS)])
        back = Agreements([Adoption(full, FIRST), Adoption(retroactive(), SECOND)])
        assert routed(back, FIRST) == ["a-chair", "a", "b-summary"]

    def test_a_retroactive_clause_reaches_back_over_several_versions(self) -> None:
        third = SECOND + timedelta(days=1)
        back = Agreements([*(Adoption(NOTHING, at) for at in (FIRST, SECOND)), Adoption(retroactive(), third)])
        assert [routed(back, at) for at in (FIRST, SECOND, third)] == [["a-none", "b-summary"]] * 2 + [["b-summary"]]

    def test_the_same_agreement_is_returned_again(self) -> None:
        assert HISTORY.routing(FIRST) is HISTORY.routing(FIRST + MOMENT)
        assert HISTORY.known_at(FIRST) is HISTORY.known_at(FIRST + MOMENT)


def retroactive() -> Agreement:
    return Agreement("2", [replace(SUMMARY, retroactive=True)])
