"""Children that never were, and their doubles: names of letters no Vietnamese name has, unevenly common as names are.

A double is the same child as another desk wrote it down: tones wrong or left out, words in another order, day and month
turned round, the ID number missing; seldom a letter wrong, a word left out, or another day.
"""

import random
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta

from events.likeness import Child

_BEGINNINGS = ("f", "j", "w", "z", "fl", "jr", "wl", "zr", "đj", "đz")
_MIDDLES = "aăâeêioôơuưy"
_ENDS = ("", "n", "m", "ng", "p", "w", "z", "f")
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_FIRST_BIRTH, _YEARS = date(2008, 1, 1), 18
_HAS_ID = 0.6
_A_YEAR_DAYS = 365


@dataclass(frozen=True)
class Noise:
    """How often each thing goes wrong when a child is written down again."""

    tones: float = 0.4
    order: float = 0.4
    turned: float = 0.15
    no_id: float = 0.5
    letter: float = 0.01
    word_left_out: float = 0.01
    other_day: float = 0.01


class Inventor:
    """Draws children; the same seed draws the same."""

    def __init__(self, seed: int) -> None:
        self._drawn = random.Random(seed)  # noqa: S311 - a seed that can be told and used again
        syllables = [b + v + e for b in _BEGINNINGS for v in _MIDDLES for e in _ENDS]
        self._drawn.shuffle(syllables)
        words = [unicodedata.normalize("NFC", one + self._drawn.choice(_TONES)) for one in syllables]
        self._families, self._betweens, self._given = words[:20], words[20:100], words[100:400]

    def child(self) -> Child:
        """Draw a child: a family name of few, a name between of some, a given name of many."""
        words = [self._common(self._families), self._common(self._betweens), self._even(self._given)]
        if self._drawn.random() < 0.5:
            words.insert(2, self._even(self._given))
        born = _FIRST_BIRTH + timedelta(days=self._drawn.randrange(_YEARS * _A_YEAR_DAYS))
        number = f"ZZ{self._drawn.randrange(10**10):010}" if self._drawn.random() < _HAS_ID else None
        return Child(" ".join(words).title(), born, number)

    def double(self, child: Child, noise: Noise) -> Child:
        """Write a child down again, with what goes wrong then."""
        words = (child.name or "").split()
        if self._happens(noise.tones):
            words = [self._other_tone(word) for word in words]
        if self._happens(noise.letter):
            words[-1] = "q" + words[-1][1:]
        if self._happens(noise.word_left_out):
            del words[1]
        if self._happens(noise.order):
            words = [words[-1], *words[:-1]]
        twin = replace(child, name=" ".join(words), birth_date=self._birth(child.birth_date, noise))
        return replace(twin, id_number=None) if self._happens(noise.no_id) else twin

    def _birth(self, born: date | None, noise: Noise) -> date | None:
        if born and self._happens(noise.turned) and born.day <= 12:
            return date(born.year, born.day, born.month)
        return born + timedelta(days=3) if born and self._happens(noise.other_day) else born

    def _other_tone(self, word: str) -> str:
        bare = "".join(sign for sign in unicodedata.normalize("NFD", word) if sign not in _TONES)
        return unicodedata.normalize("NFC", bare + self._drawn.choice(_TONES))

    def _happens(self, chance: float) -> bool:
        return self._drawn.random() < chance

    def _common(self, words: list[str]) -> str:
        """Draw a word of which the first is in four of ten names, as family names are."""
        return words[min(int(self._drawn.paretovariate(0.75)) - 1, len(words) - 1)]

    def _even(self, words: list[str]) -> str:
        return words[min(int(self._drawn.expovariate(5 / len(words))), len(words) - 1)]
