"""Whose tokens were ended, in memory; the real ones are in `infra.postgres.ended_access`."""

from datetime import datetime


class MemoryEndings:
    """Asks and ends; `until` holds what was ended, by subject; `away`: nobody answers; `asked` counts the questions."""

    def __init__(self) -> None:
        self.until: dict[str, datetime] = {}
        self.away = False
        self.asked = 0

    async def until_of(self, subject: str) -> datetime | None:
        """Return up to when; None: never."""
        self.asked += 1
        if self.away:
            raise ConnectionError
        return self.until.get(subject)

    async def end(self, subject: str, until: datetime, logout_id: str) -> None:
        """End what was issued up to then; `logout_id` makes no difference here."""
        del logout_id
        if self.away:
            raise ConnectionError
        self.until[subject] = max(until, self.until.get(subject, until))
