from datetime import UTC, date, datetime, timedelta

import pytest

from events.codes import code_list
from events.deadlines import DeadlineRule, UnknownDeadlineRuleError, deadline_rule, deadline_rules
from services.case_record.domain import clocks
from services.case_record.domain.clocks import due_at, local_day
from tests.controls.statements import at

STARTED = (
    clocks.EMERGENCY,
    clocks.SEPARATION,
    clocks.PLAN_DRAFT,
    clocks.PLAN_APPROVAL,
    clocks.POLICE_TRANSFER,
    clocks.CRIME_REPORT,
    clocks.DATA_REQUEST,
)


def next_weekday(day: date, count: int) -> date:
    return day + timedelta(days=count)


@pytest.mark.parametrize(
    ("rule", "starts_at", "expected"),
    [
        (clocks.EMERGENCY, at("06T21:10"), at("07T09:10")),
        (clocks.POLICE_TRANSFER, at("06T21:25"), at("07T21:25")),
        (clocks.SEPARATION, at("06T23:30"), at("21T23:30")),
        (clocks.CRIME_REPORT, at("07T14:00"), at("27T14:00")),
        (clocks.PLAN_APPROVAL, at("15T15:00"), at("17T23:59").replace(second=59)),
    ],
)
def test_a_rule_runs_out_when_the_law_says(rule: str, starts_at: datetime, expected: datetime) -> None:
    assert due_at(deadline_rule(rule), starts_at, next_weekday) == expected


def test_working_days_are_counted_from_the_local_day() -> None:
    """20:00 UTC on the 15th is the 16th in Viet Nam."""
    late = datetime(2026, 4, 15, 20, tzinfo=UTC)
    assert local_day(late) == date(2026, 4, 16)
    assert due_at(deadline_rule(clocks.PLAN_APPROVAL), late, next_weekday).date() == date(2026, 4, 18)


@pytest.mark.parametrize("rule", STARTED)
def test_every_clock_we_start_is_a_rule(rule: str) -> None:
    assert deadline_rule(rule).code == rule


@pytest.mark.parametrize("rule", deadline_rules().values(), ids=lambda rule: rule.code)
def test_what_a_late_rule_flags_is_a_flag(rule: DeadlineRule) -> None:
    assert rule.late_flag in code_list("flag")
    assert rule.vi
    assert rule.en
    assert rule.basis


def test_an_unknown_rule_is_told() -> None:
    with pytest.raises(UnknownDeadlineRuleError):
        deadline_rule("no_such_rule")
