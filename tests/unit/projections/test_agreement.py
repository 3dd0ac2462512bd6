"""The agreement is whole or refused; the first clause that holds decides; keys follow the clauses."""

import tomllib
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from events.codes import code_list
from events.labels import Category, Form
from events.parties import Audience
from projections.disclosure.agreement import (
    STATUS,
    Agreement,
    Clause,
    Condition,
    Level,
    Release,
)
from projections.disclosure.document import BadAgreementError, parse
from projections.disclosure.packaged import packaged_agreement
from tests.privacy.matrix import parts_of

TEXT = files("projections.disclosure").joinpath("agreement.toml").read_text(encoding="utf-8")
TODAY = date(2026, 4, 6)


def clause(id_: str, level: Level, *when: Condition, **more: Any) -> Clause:
    told: dict[str, Any] = {
        "id": id_,
        "category": Category.RISK_ASSESSMENT,
        "audience": Audience.POLICE,
        "level": level,
        "conditions": frozenset(when),
        "parts": None,
        "values": None,
        "purposes": frozenset({"case_work"}),
        "basis": "a law",
        "verified": True,
    }
    return Clause(**told | more)


def decided(agreement: Agreement, part: str, on: date, holds: Callable[[Clause], bool]) -> str | None:
    found = agreement.decide(Category.RISK_ASSESSMENT, part, Audience.POLICE, on, holds)
    return found.id if found else None


def always(_: Clause) -> bool:
    return True


class TestDeciding:
    def test_the_first_clause_that_holds_wins(self) -> None:
        agreement = Agreement("1", [clause("a", Level.FULL, Condition.CHAIR), clause("b", Level.EXISTS)])
        assert decided(agreement, "main", TODAY, always) == "a"
        assert decided(agreement, "main", TODAY, lambda one: not one.conditions) == "b"

    def test_a_clause_speaks_of_its_parts_only(self) -> None:
        agreement = Agreement("1", [clause("a", Level.FULL, parts=frozenset({"birth"})), clause("b", Level.NONE)])
        assert [decided(agreement, part, TODAY, always) for part in ("birth", "main")] == ["a", "b"]

    def test_a_clause_holds_from_and_to_its_days(self) -> None:
        dated = clause("a", Level.FULL, valid_from=date(2026, 1, 1), valid_to=date(2026, 4, 6))
        agreement = Agreement("1", [dated, clause("b", Level.NONE)])
        days = [date(2025, 12, 31), date(2026, 1, 1), TODAY, date(2026, 4, 7)]
        assert [decided(agreement, "main", day, always) for day in days] == ["b", "a", "a", "b"]

    def test_nothing_holds_where_no_clause_does(self) -> None:
        assert decided(Agreement("1", []), "main", TODAY, always) is None


class TestPossible:
    def possible(self, *clauses: Clause, own: frozenset[Condition] = frozenset(), on: date = TODAY) -> list[str]:
        agreement = Agreement("1", clauses)
        return [c.id for c in agreement.possible(Category.RISK_ASSESSMENT, "main", Audience.POLICE, own, on)]

    def test_what_only_the_reader_knows_is_possible(self) -> None:
        assert self.possible(clause("a", Level.FULL, Condition.CHAIR), clause("b", Level.EXISTS)) == ["a", "b"]

    def test_what_holds_surely_ends_the_list(self) -> None:
        assert self.possible(clause("a", Level.SUMMARY), clause("b", Level.FULL)) == ["a"]

    @pytest.mark.parametrize("condition", [Condition.OWN_RECORD, Condition.OWN_TASK])
    def test_what_the_event_tells_is_decided_at_once(self, condition: Condition) -> None:
        clauses = clause("a", Level.FULL, condition), clause("b", Level.NONE)
        assert self.possible(*clauses) == ["b"]
        assert self.possible(*clauses, own=frozenset({condition})) == ["a"]

    def test_what_cannot_hold_yet_is_not_possible(self) -> None:
        assert self.possible(clause("a", Level.FULL, Condition.ON_REQUEST), clause("b", Level.NONE)) == ["b"]

    def test_a_clause_that_comes_into_force_is_seen_from_that_day(self) -> None:
        agreement = Agreement("1", [clause("a", Level.FULL, valid_from=date(2026, 5, 1)), clause("b", Level.NONE)])

        def on(day: date) -> list[str]:
            place = (Category.RISK_ASSESSMENT, "main", Audience.POLICE)
            return [c.id for c in agreement.possible(*place, frozenset(), day)]

        assert [on(date(2026, 4, 30)), on(date(2026, 5, 1)), on(date(2026, 4, 30))] == [["b"], ["a"], ["b"]]


class TestReleases:
    def test_only_treating_health_holds_keys_to_hiv(self) -> None:
        holding = [audience for audience in Audience if forms(audience, Category.HIV_STATUS)]
        assert holding == [Audience.HEALTH]

    def test_only_the_hotline_holds_keys_to_reporters(self) -> None:
        holding = [audience for audience in Audience if forms(audience, Category.REPORTER_IDENTITY)]
        assert holding == [Audience.HOTLINE]

    def test_statements_of_the_police_open_to_the_police_alone(self) -> None:
        holding = [audience for audience in Audience if Form.FULL in forms(audience, Category.INVESTIGATION)]
        assert holding == [Audience.POLICE]

    def test_the_school_holds_no_key_to_medicine_police_or_shelter(self) -> None:
        for category in (Category.MEDICAL_FINDINGS, Category.INVESTIGATION, Category.FORENSIC_EVIDENCE):
            assert forms(Audience.EDUCATION, category) == set()
        assert forms(Audience.EDUCATION, Category.CONTACT_LOCATION) == {Form.SUMMARY}  # the shelter has none

    def test_what_a_request_would_open_is_not_handed_out(self) -> None:
        assert forms(Audience.POLICE, Category.MEDICAL_FINDINGS) == {Form.SUMMARY}

    def test_open_codes_need_no_key(self) -> None:
        assert forms(Audience.COORDINATOR, Category.INVESTIGATION) == set()

    def test_what_is_given_of_own_records_alone_opens_own_boxes_alone(self) -> None:
        released = packaged_agreement().releases(Audience.HOTLINE)
        assert Release(Category.RISK_ASSESSMENT, Form.FULL, own_only=True) in released
        assert Release(Category.RISK_ASSESSMENT, Form.SUMMARY, own_only=False) in released

    @pytest.mark.parametrize("audience", list(Audience))
    def test_what_lies_in_no_box_has_no_key(self, audience: Audience) -> None:
        assert forms(audience, Category.OPERATIONAL) == set()


def forms(audience: Audience, category: Category) -> set[Form]:
    return {release.form for release in packaged_agreement().releases(audience) if release.category is category}


class TestReading:
    def test_every_purpose_is_a_code(self) -> None:
        for audience in Audience:
            assert packaged_agreement().purposes(audience) <= code_list("purpose").keys()

    def test_every_cell_ends_with_what_always_holds(self) -> None:
        agreement = packaged_agreement()
        for category in Category:
            for audience in Audience:
                last = agreement.clauses_for(category, audience, TODAY)[-1]
                assert (last.conditions, last.parts) == (frozenset(), None)

    def test_every_clause_has_a_basis(self) -> None:
        assert all(one.basis for one in packaged_agreement().clauses)

    def test_every_part_is_one_that_some_event_seals(self) -> None:
        for one in packaged_agreement().clauses:
            assert (one.parts or frozenset()) - {STATUS} <= parts_of(one.category).keys(), one.id

    @pytest.mark.parametrize(
        ("change", "cell"),
        [
            (lambda data: data["hiv_status"].pop("police"), "hiv_status.police"),
            (lambda data: data.pop("case_plan"), "case_plan.police"),
            (lambda data: data["caregivers"]["health"]["clauses"].pop(), "caregivers.health"),
            (lambda data: data["caregivers"]["health"].update(clauses=[]), "caregivers.health"),
            (lambda data: data["caregivers"]["health"]["clauses"][0].update(level="all"), "caregivers.health"),
            (lambda data: data["caregivers"]["health"]["clauses"][0].update(when=["asked"]), "caregivers.health"),
            (lambda data: data["caregivers"]["health"]["clauses"][0].update(wen=["chair"]), "caregivers.health"),
            (lambda data: data["caregivers"]["health"]["clauses"][1].update(parts=["main"]), "caregivers.health"),
            (lambda data: data["caregivers"]["health"]["clauses"][1].update(id="D01-police"), "D01-police"),
            (lambda data: data.update(gossip={}), "gossip"),
            (lambda data: data.pop("version"), "version"),
        ],
    )
    def test_what_is_not_whole_is_refused_by_its_cell(
        self, change: Callable[[dict[str, Any]], object], cell: str
    ) -> None:
        data = tomllib.loads(TEXT)
        change(data)
        with pytest.raises(BadAgreementError, match=cell):
            parse(as_toml(data))

    def test_what_is_no_toml_is_refused(self) -> None:
        with pytest.raises(BadAgreementError):
            parse("version = ")


def as_toml(value: Any) -> str:
    """Return a value as inline TOML; at the top one line for each key."""
    return "\n".join(f"{key} = {_inline(one)}" for key, one in value.items())


def _inline(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case list():
            return "[" + ", ".join(map(_inline, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{key} = {_inline(one)}" for key, one in value.items()) + "}"
        case _:
            escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}"'
