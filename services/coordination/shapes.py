"""What the coordinator is answered besides, as shapes for the contract."""

from pydantic import AwareDatetime

from services.reading.shapes import DeadlineShape, PageShape


class DueShape(DeadlineShape):
    """A clock of a case."""

    case: str
    emergency: bool
    lead_unit: str | None
    due_at: AwareDatetime


class DueListShape(PageShape):
    """What is due in every case, the earliest first."""

    deadlines: list[DueShape]
