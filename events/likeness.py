"""What is compared to know a child again: name, birth date and ID number, brought into one form.

Nothing is compared alone but the ID number: a name, a birth date, even a name with a birth year fits many children,
and a mark of it would tell by how often it comes whom it may stand for (`tests/privacy/long/matching.py`).
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from events.event import Event, labels_of
from events.labels import Category

_WORDS = re.compile(r"[^\W_]+")
_SHORTEST_ID = 6  # characters; a shorter number is no register's


class Feature(StrEnum):
    """What two statements about a child can agree in, the surest first."""

    ID_NUMBER = "id_number"
    NAME_AND_BIRTH = "name_and_birth"
    PLAIN_NAME_AND_BIRTH = "plain_name_and_birth"  # tones and đ left out
    PLAIN_NAME_AND_TURNED_BIRTH = "plain_name_and_turned_birth"  # day and month in either order


@dataclass(frozen=True, slots=True)
class Child:
    """What is known of a child, as it was said."""

    name: str | None = None
    birth_date: date | None = None
    id_number: str | None = None

    @property
    def can_be_known(self) -> bool:
        """Whether there is enough to know the child by: the ID number, or name and birth date."""
        return any(compared(self).values())


def names_child(event_class: type[Event]) -> bool:
    """Say whether events of a type name the child, so that their door marks it."""
    label = labels_of(event_class).get("child_name")
    return label is not None and label.category is Category.CHILD_IDENTITY


def compared(child: Child) -> Mapping[Feature, str | None]:
    """Return each feature in its one form, the surest first; None where the child is not known well enough."""
    name, plain = name_in_one_form(child.name or ""), plain_name(child.name or "")
    born = child.birth_date if name else None
    return {
        Feature.ID_NUMBER: id_in_one_form(child.id_number or ""),
        Feature.NAME_AND_BIRTH: f"{name} {born}" if born else None,
        Feature.PLAIN_NAME_AND_BIRTH: f"{plain} {born}" if born else None,
        Feature.PLAIN_NAME_AND_TURNED_BIRTH: f"{plain} {_either_order(born)}" if born else None,
    }


def name_in_one_form(name: str) -> str:
    """Return a name without case, order, spaces and signs: whether the family name comes first or last is one."""
    return _sorted_words(_without_case(name))


def plain_name(name: str) -> str:
    """Return a name in one form without its tones and marks, đ as d: as typed without a Vietnamese keyboard."""
    apart = unicodedata.normalize("NFD", _without_case(name)).replace("đ", "d")
    return _sorted_words("".join(sign for sign in apart if not unicodedata.combining(sign)))


def id_in_one_form(number: str) -> str | None:
    """Return an ID number without the signs between its groups, None when too little remains."""
    signs = "".join(_WORDS.findall(unicodedata.normalize("NFKC", number).casefold()))
    return signs if len(signs) >= _SHORTEST_ID else None


def _without_case(text: str) -> str:
    return unicodedata.normalize("NFD", text).casefold()


def _sorted_words(text: str) -> str:
    return " ".join(sorted(_WORDS.findall(unicodedata.normalize("NFC", text))))


def _either_order(born: date) -> str:
    first, second = sorted((born.day, born.month))
    return f"{born.year}-{first:02}-{second:02}"
