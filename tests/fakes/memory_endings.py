"""Whose tokens were ended, in memory; the real one is `infra.postgres.ended_access`."""

from datetime import datetime


class MemoryEndings:
    """Knows what is put into `until`, by subject; `away`: nobody can say. `asked` counts the questions."""

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
