"""Marks: words that occur nowhere else, of one recognisable shape, so that one pass over any bytes finds them all."""

from dataclasses import dataclass, field

from events.labels import Category, Person

WORD = "HOANGYEN"
_DIGITS = 12
# Said before the word: letters that every encoding writes otherwise.
_NAME = "Yến"


@dataclass(frozen=True)
class Mark:
    """One word, and the one field of one event where it was put."""

    word: str
    type: str
    unit: str
    field: str
    category: Category
    part: str
    person: Person
    task_of: str | None = None  # the unit that the event names as the one who must act
    told_to: frozenset[str] | None = None  # the readers who were told of the report; None: all
    beside: tuple[str, ...] = ()  # every word of the same field, this one among them

    @property
    def text(self) -> str:
        """The whole value of the field."""
        return text_of(*self.beside)


@dataclass
class Marks:
    """Draws words, each once; the same seed draws the same."""

    seed: int
    planted: dict[str, Mark] = field(default_factory=dict)  # by word
    words: set[str] = field(default_factory=set)

    def draw(self) -> str:
        """Return a word that was not drawn before."""
        word = f"{WORD}{self.seed << 32 | len(self.words):0{_DIGITS}X}"
        self.words.add(word)
        return word


def text_of(*words: str) -> str:
    """Return the value that words stand in."""
    return " ".join(f"{_NAME} {word}" for word in words)
