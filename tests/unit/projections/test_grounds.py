"""Grounds are the clauses that could decide, no more, no fewer; consents count while they stand; who is told."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain, combinations

import pytest

from events.labels import Category
from events.parties import Audience
from projections.case_file import CaseFile, Corrected
from projections.disclosure.agreement import NEVER_YET, STATUS, Agreement, Clause, Condition, Level
from projections.disclosure.packaged import packaged_agreement
from projections.grounds import Whose, account_to, grounds, recipients_of, withdrawn
from projections.sharing import Ended, Ending, Sharing
from projections.sight import Reader, Sight, serves
from tests.controls.recorded import CASE, REPORT

NOW = datetime(2026, 4, 10, tzinfo=UTC)
PACKAGED = packaged_agreement()
OPEN_CASE = CaseFile(stream=CASE, kind="case", status="open", changed_at=NOW)
ITS_REPORT = CaseFile(stream=REPORT, root=CASE, forwarded=True, changed_at=NOW)
STATES = {
    "open": ((OPEN_CASE, ITS_REPORT), {Condition.CASE_OPEN}),
    "closed": ((OPEN_CASE.model_copy(update={"status": "closed"}), ITS_REPORT), set[Condition]()),
    "a report that nobody was told of yet": (
        (CaseFile(stream=REPORT, changed_at=NOW),),
        {Condition.CASE_OPEN, Condition.UNTIL_FORWARDED},
    ),
}
OF_EVENT_OR_READER = [
    one for one in Condition if one not in {Condition.CASE_OPEN, Condition.CONSENT, Condition.UNTIL_FORWARDED}
]
SHARED = Sharing(
    consent="consent",
    unit="hospital_h1",
    audience=Audience.EDUCATION,
    purposes=("case_work",),
    categories=(Category.MEDICAL_FINDINGS, Category.CASE_PLAN),
    since=NOW,
    until=NOW + timedelta(days=1),
    recorded_at=NOW,
)
BY_CONSENT = Clause(
    "by-consent",
    Category.MEDICAL_FINDINGS,
    Audience.EDUCATION,
    Level.SUMMARY,
    frozenset({Condition.CONSENT}),
    parts=None,
    values=None,
    purposes=frozenset({"case_work", "own_record"}),
    basis="Law 91/2025/QH15 art. 24",
    verified=False,
)
BY_LAW = replace(BY_CONSENT, id="by-law", conditions=frozenset({Condition.OWN_RECORD}), verified=True)
OTHERWISE = replace(BY_CONSENT, id="otherwise", level=Level.NONE, conditions=frozenset())
ALLOWING = Agreement("test", [BY_CONSENT, BY_LAW, OTHERWISE])


def decided(category: Category, audience: Audience, known: set[Condition]) -> set[str]:
    """Return every clause that decides on something for somebody, whatever else holds of event and reader."""

    parts = {
        STATUS,
        "",
        *(part for clause in PACKAGED.clauses for part in clause.parts or () if clause.category is category),
    }

    def holds(met: set[Condition], purpose: str) -> Iterator[Clause | None]:
        for part in parts:
            yield PACKAGED.decide(
                category,
                part,
                audience,
                NOW.date(),
                lambda clause: clause.conditions <= met and serves(clause, purpose),
            )

    others = [one for one in OF_EVENT_OR_READER if one not in NEVER_YET]
    every = chain.from_iterable(combinations(others, size) for size in range(len(others) + 1))
    found = (one for met in every for purpose in PACKAGED.purposes(audience) for one in holds({*met, *known}, purpose))
    return {clause.id for clause in found if clause and clause.level is not Level.NONE}


def told(files: Sequence[CaseFile], at: datetime = NOW) -> list[tuple[str, list[str]]]:
    found = grounds(Audience.EDUCATION, files, ALLOWING, at)
    return [(one.clause.id, [each.consent for each in one.consents]) for one in found]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("audience", Audience)
def test_each_cells_grounds_are_the_clauses_that_could_decide(audience: Audience, state: str) -> None:
    files, known = STATES[state]
    found = grounds(audience, files, PACKAGED, NOW)
    for category in Category:
        named = {one.clause.id for one in found if one.clause.category is category}
        assert named == decided(category, audience, known), category


def test_each_ground_says_its_law_and_whether_that_was_read_in_the_law() -> None:
    found = [one for audience in Audience for one in grounds(audience, [OPEN_CASE], PACKAGED, NOW)]
    assert all(one.clause.basis and one.purposes and not one.consents for one in found)
    assert {one.clause.verified for one in found} == {True, False}


class TestConsents:
    def test_the_law_is_a_ground_without_any(self) -> None:
        assert told([OPEN_CASE]) == [("by-law", [])]

    def test_one_in_force_is_a_ground_of_its_own(self) -> None:
        shared = OPEN_CASE.model_copy(update={"sharing": (SHARED,)})
        assert told([shared]) == [("by-consent", ["consent"]), ("by-law", [])]
        [by_consent, _] = grounds(Audience.EDUCATION, [shared], ALLOWING, NOW)
        assert by_consent.purposes == {"case_work"}

    @pytest.mark.parametrize(
        "change",
        [
            {"audience": Audience.POLICE},
            {"categories": (Category.CASE_PLAN,)},
            {"purposes": ("emergency",)},
            {"since": NOW + timedelta(seconds=1)},
            {"until": NOW},
        ],
        ids=str,
    )
    def test_one_for_others_or_another_time_is_none(self, change: dict[str, object]) -> None:
        shared = SHARED.model_copy(update=change)
        assert told([OPEN_CASE.model_copy(update={"sharing": (shared,)})]) == [("by-law", [])]

    def test_one_that_was_corrected_is_none(self) -> None:
        corrected = (Corrected(statement="consent", correction="later"),)
        file = OPEN_CASE.model_copy(update={"sharing": (SHARED,), "corrected": corrected})
        assert told([file]) == [("by-law", [])]

    def test_it_ends_when_the_first_accepted_its_withdrawal(self) -> None:
        def ending(hours: int, *categories: Category) -> Ending:
            return Ending("hospital_h1", "consent", (), categories, NOW + timedelta(hours=hours))

        ended = (Ended(category=Category.CASE_PLAN, at=NOW + timedelta(hours=3)),)
        followed = SHARED.model_copy(update={"ended": ended})
        endings = [ending(5), ending(2, Category.CASE_PLAN)]
        assert withdrawn(followed, endings) == {
            Category.CASE_PLAN: NOW + timedelta(hours=2),
            Category.MEDICAL_FINDINGS: NOW + timedelta(hours=5),
        }
        assert withdrawn(followed, []) == {Category.CASE_PLAN: NOW + timedelta(hours=3)}


class TestWho:
    @pytest.mark.parametrize(
        ("audience", "whose"),
        [
            (Audience.CASE_MANAGER, Whose.ALL),
            (Audience.COORDINATOR, Whose.ALL),
            (Audience.AUDITOR, Whose.ALL),
            (Audience.POLICE, Whose.ITS_OWN),
            (Audience.HEALTH, Whose.ITS_OWN),
            (Audience.EDUCATION, Whose.ITS_OWN),
            (Audience.HOTLINE, Whose.ITS_OWN),
            (Audience.COMMITTEE, Whose.NOBODYS),
            (Audience.STATISTICS, Whose.NOBODYS),
        ],
    )
    def test_row_19_says_of_whose_grounds_each_audience_is_told(self, audience: Audience, whose: Whose) -> None:
        for files, _ in STATES.values():
            sight = Sight(Reader(audience, frozenset(), None), PACKAGED, files, NOW)
            assert account_to(sight).whose is whose

    def test_whoever_may_not_know_who_takes_part_is_told_of_its_own_alone(self) -> None:
        hidden = [
            replace(clause, level=Level.NONE, conditions=frozenset())
            if (clause.category, clause.audience) == (Category.PARTICIPATION, Audience.COORDINATOR)
            else clause
            for clause in PACKAGED.clauses
        ]
        sight = Sight(Reader(Audience.COORDINATOR, frozenset(), None), Agreement("test", hidden), [OPEN_CASE], NOW)
        assert account_to(sight).whose is Whose.ITS_OWN

    def test_recipients_take_part_or_see_every_case(self) -> None:
        files = [
            OPEN_CASE.model_copy(update={"units": ("child_protection_00340", "school_s1")}),
            ITS_REPORT.model_copy(update={"units": ("hotline_111",)}),
        ]
        assert recipients_of(files) == (
            Audience.EDUCATION,
            Audience.CASE_MANAGER,
            Audience.HOTLINE,
            Audience.COORDINATOR,
            Audience.AUDITOR,
        )

    def test_whom_a_case_is_sealed_from_is_told_of_nothing(self) -> None:
        told_to = {"units": ("child_protection_00340", "school_s1"), "sealed_to": ("child_protection_00340",)}
        assert recipients_of([OPEN_CASE.model_copy(update=told_to)]) == (Audience.CASE_MANAGER, Audience.AUDITOR)
