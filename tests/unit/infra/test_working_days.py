from datetime import date

import pytest

from infra.working_days import VietnameseWorkingDays

WORKING_DAYS = VietnameseWorkingDays()


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 4, 10), 5, date(2026, 4, 17)),  # Friday: scenario 1, step 17
        (date(2026, 4, 15), 2, date(2026, 4, 17)),
        (date(2026, 4, 11), 1, date(2026, 4, 13)),  # Saturday
        (date(2026, 4, 24), 1, date(2026, 4, 28)),  # the Hung Kings' day fell on a Sunday: Monday is off
        (date(2026, 4, 29), 1, date(2026, 5, 4)),  # 30 April, 1 May and the week-end
        (date(2026, 2, 13), 1, date(2026, 2, 23)),  # Tết
        (date(2026, 8, 28), 1, date(2026, 9, 3)),  # a substituted day before the National Day
        (date(2026, 12, 31), 1, date(2027, 1, 4)),  # over the year's end
    ],
)
def test_only_working_days_count(day: date, count: int, expected: date) -> None:
    assert WORKING_DAYS(day, count) == expected


def test_the_day_itself_does_not_count() -> None:
    assert WORKING_DAYS(date(2026, 4, 6), 1) == date(2026, 4, 7)


@pytest.mark.parametrize("count", [0, -1])
def test_counting_starts_at_one(count: int) -> None:
    with pytest.raises(ValueError, match="from 1"):
        WORKING_DAYS(date(2026, 4, 6), count)
