"""The one shape of a view: whose it is, where it lies, and how it follows what it is told."""

from collections.abc import Callable
from dataclasses import dataclass

from events.parties import Audience
from projections.case_file import CaseFile
from projections.disclosure.disclose import Disclosed

Fold = Callable[[CaseFile | None, Disclosed], CaseFile]


class NotForThisViewError(ValueError):
    """An event disclosed to one audience came to the view of another."""


@dataclass(frozen=True, slots=True)
class View:
    """An audience's view; its rows lie in the database schema of its own."""

    audience: Audience
    schema: str
    follow: Fold

    def fold(self, file: CaseFile | None, told: Disclosed) -> CaseFile:
        """Return the file after one more event.

        Raises:
            NotForThisViewError: if the event was disclosed to another audience.
        """
        if told.audience is not self.audience:
            raise NotForThisViewError(f"{told.audience} in the view of {self.audience}")
        return self.follow(file, told)
