"""A consent holds for the audience, category, purpose and time it names, and only while nobody took it back."""

from datetime import UTC, datetime, timedelta

import pytest

from events.labels import Category
from events.parties import Audience
from projections.case_file import CaseFile, Corrected
from projections.consents import consented, take_back
from projections.disclosure.agreement import Agreement, Clause, Condition, Level
from projections.sharing import Ending, Sharing
from projections.sight import Reader, Sight
from tests.controls.recorded import CASE

NOW = datetime(2026, 4, 10, tzinfo=UTC)
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
FILE = CaseFile(stream=CASE, kind="case", changed_at=NOW, sharing=(SHARED,))
BOTH = frozenset(SHARED.categories)


def clause(id_: str, level: Level, *when: Condition, category: Category = Category.MEDICAL_FINDINGS) -> Clause:
    return Clause(
        id_,
        category,
        Audience.EDUCATION,
        level,
        frozenset(when),
        parts=None,
        values=None,
        purposes=frozenset({"case_work", "emergency"}),
        basis="Law 91/2025/QH15 art. 24",
        verified=False,
    )


def ending(**told: object) -> Ending:
    whole = {"unit": "hospital_h1", "consent": "consent", "audiences": (), "categories": (), "at": NOW}
    return Ending(**(whole | told))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("audience", "purpose", "at", "told"),
    [
        (Audience.EDUCATION, "case_work", NOW, BOTH),
        (Audience.EDUCATION, None, NOW, BOTH),
        (Audience.EDUCATION, "emergency", NOW, frozenset()),
        (Audience.POLICE, "case_work", NOW, frozenset()),
        (Audience.EDUCATION, "case_work", NOW - timedelta(seconds=1), frozenset()),
        (Audience.EDUCATION, "case_work", NOW + timedelta(days=1), frozenset()),
    ],
)
def test_it_holds_for_what_it_names(
    audience: Audience, purpose: str | None, at: datetime, told: frozenset[Category]
) -> None:
    assert consented([FILE], audience, purpose, at) == told


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        (ending(), frozenset()),
        (ending(categories=(Category.CASE_PLAN,)), BOTH - {Category.CASE_PLAN}),
        (ending(audiences=(Audience.POLICE,)), BOTH),
        (ending(audiences=(Audience.EDUCATION,)), frozenset()),
        (ending(unit="commune_police_00340"), BOTH),
        (ending(consent="another"), BOTH),
        (ending(at=NOW + timedelta(days=9)), frozenset()),  # the clock of whoever took it back has no say
    ],
)
def test_what_was_taken_back_is_gone(taken: Ending, left: frozenset[Category]) -> None:
    files = take_back(take_back([FILE], [taken]), [taken])
    assert consented(files, Audience.EDUCATION, "case_work", NOW) == left


def test_what_was_corrected_or_voided_allows_nothing() -> None:
    pair = Corrected(statement="consent", correction="later")
    for file in (FILE.model_copy(update={"voided": ("consent",)}), FILE.model_copy(update={"corrected": (pair,)})):
        assert not consented([file], Audience.EDUCATION, "case_work", NOW)


def test_a_clause_by_consent_decides_only_while_it_holds() -> None:
    agreement = Agreement("1", [clause("by_consent", Level.FULL, Condition.CONSENT), clause("otherwise", Level.NONE)])

    def decided(file: CaseFile, purpose: str = "case_work") -> str | None:
        reader = Reader(Audience.EDUCATION, frozenset(), "school_s1", purpose)
        found = Sight(reader, agreement, [file], NOW).of_event(
            CASE, "hospital_h1", {}, (Category.MEDICAL_FINDINGS, "main")
        )
        return found.id if found else None

    assert decided(FILE) == "by_consent"
    assert decided(FILE, "emergency") == "otherwise"
    assert decided(take_back([FILE], [ending()])[0]) == "otherwise"


@pytest.mark.parametrize("category", [Category.HIV_STATUS, Category.FORENSIC_EVIDENCE, Category.REPORTER_IDENTITY])
def test_no_clause_gives_by_consent_what_is_not_theirs_to_share(category: Category) -> None:
    with pytest.raises(ValueError, match="no consent opens"):
        clause("a", Level.FULL, Condition.CONSENT, category=category)
