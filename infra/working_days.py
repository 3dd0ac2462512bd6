"""The working days of Viet Nam: Monday to Friday without public holidays, Tết and their substitutes.

Source: Labour Code 2019 art. 112 and the yearly decisions, as the package `holidays` carries them.
"""

from datetime import date, timedelta

from holidays import country_holidays


class VietnameseWorkingDays:
    """Counts working days; a year is looked up when it is first needed."""

    def __init__(self) -> None:
        self._calendar = country_holidays("VN")

    def __call__(self, day: date, count: int) -> date:
        """Return the working day that is `count` working days after a day; the day itself does not count.

        Raises:
            ValueError: if `count` is not positive.
        """
        if count < 1:
            raise ValueError("count working days from 1")
        for _ in range(count):
            day = self._next(day)
        return day

    def _next(self, day: date) -> date:
        day += timedelta(days=1)
        while not self._calendar.is_working_day(day):
            day += timedelta(days=1)
        return day
