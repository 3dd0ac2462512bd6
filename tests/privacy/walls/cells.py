"""What section D lets a reader open of a category at most, read off the table made by hand, and what came through."""

from collections.abc import Iterable
from dataclasses import dataclass

from events.labels import Category, Form
from events.parties import Audience
from tests.privacy.expectations import READERS, TABLE

CATEGORIES = tuple(Category(row) for row in TABLE["rows"])
ORDER = "NSF"
_OF_A_FORM = {Form.FULL: "F", Form.SUMMARY: "S"}


@dataclass(frozen=True)
class Tried:
    """One cell attacked in one way: the letter that may come through at most, and the one that did."""

    row: str
    column: str
    way: str
    most: str
    came: str

    @property
    def is_beyond(self) -> bool:
        return ORDER.index(self.came) > ORDER.index(self.most)


def while_open(category: Category, reader: str) -> str:
    """Return the letter of a reader for another unit's record; what merely exists gives nothing to open."""
    return _opening(TABLE["rows"][category.value][reader][0])


def after_closure(category: Category, reader: str) -> str:
    return _opening(TABLE["rows"][category.value][reader][1])


def at_most(category: Category, reader: str) -> str:
    """Return the strongest letter of a reader in any situation of the case, tasks and forwarding included."""
    own = (TABLE["own"][kind].get(category.value, {}).get(reader, "N") for kind in ("task", "unforwarded"))
    return strongest((while_open(category, reader), *map(_opening, "".join(own))))


def at_most_of(category: Category, audience: Audience) -> str:
    """Return the strongest letter of any reader of an audience."""
    return strongest(at_most(category, name) for name, eyes in READERS.items() if eyes.audience is audience)


def strongest(letters: Iterable[str]) -> str:
    return max(letters, key=ORDER.index, default="N")


def letter_of(forms: Iterable[Form]) -> str:
    """Return the letter of what was opened."""
    return strongest(_OF_A_FORM[form] for form in forms)


def _opening(letter: str) -> str:
    return letter if letter in ORDER else "N"
