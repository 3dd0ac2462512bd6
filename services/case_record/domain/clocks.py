"""When a legal clock runs out, in the local time of Viet Nam."""

from datetime import date, datetime, time, timedelta, timezone
from typing import Protocol, assert_never

from events.deadlines import DeadlineRule

EMERGENCY = "emergency_12h"
SEPARATION = "separation_max_15d"
PLAN_DRAFT = "plan_draft_5wd"
PLAN_APPROVAL = "plan_approve_2wd"
POLICE_TRANSFER = "police_transfer_24h"
CRIME_REPORT = "crime_report_20d"
INVESTIGATOR = "assign_investigator_3d"
DATA_REQUEST = "dsr_response_2wd"
BREACH_NOTICE = "breach_notice_72h"

# Asia/Ho_Chi_Minh has had no other offset since 1975, and no machine needs a time-zone database for it.
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
_LAST_SECOND = time(23, 59, 59, tzinfo=VIETNAM)


class WorkingDays(Protocol):
    """Counts working days after a day, which itself does not count."""

    def __call__(self, day: date, count: int) -> date:
        """Return the working day that is `count` working days after `day`."""
        ...


def local_day(moment: datetime) -> date:
    """Return the day of a moment in Viet Nam."""
    return moment.astimezone(VIETNAM).date()


def due_at(rule: DeadlineRule, starts_at: datetime, working_days: WorkingDays) -> datetime:
    """Return the last moment at which a rule is kept, when its clock starts at `starts_at`.

    Units: hours and days from moment to moment; working days to the last second of the last of them.
    """
    match rule.unit:
        case "hours":
            return starts_at + timedelta(hours=rule.duration)
        case "days":
            return starts_at + timedelta(days=rule.duration)
        case "working_days":
            return datetime.combine(working_days(local_day(starts_at), rule.duration), _LAST_SECOND)
        case _:
            assert_never(rule.unit)
