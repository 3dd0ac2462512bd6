"""Search every surface once, for the marks of the story, those that were refused, and those planted as leaks."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice, product

from rich.progress import track

from tests.privacy.canaries.encodings import ASCII, ENCODINGS, as_ascii, as_text
from tests.privacy.canaries.entitled import entitled_under_glass, readers_of
from tests.privacy.canaries.finding import Finder, Found
from tests.privacy.canaries.leaks import leak_of
from tests.privacy.canaries.marks import Mark, Marks, text_of
from tests.privacy.canaries.read_model_surfaces import back_up
from tests.privacy.canaries.scene import Piece, Scene
from tests.privacy.canaries.story import CLOSING, TAKEN_BACK, Story
from tests.privacy.canaries.surfaces import SURFACES, Surface
from tests.privacy.policy_table import State

MUTANTS = 100
_MUTANTS_SEED = 0x7FFF
_SHOWING = ("http_views", "http_glasses")  # where a reader finds what it is entitled to
_VIEWS = ("http_views", "views_rebuilt", "views_restored")  # and where it still does, once the other child is gone


@dataclass(frozen=True)
class Mutant:
    """A leak made on purpose on one surface, in one encoding: a mark of its own, or one kept of who is gone."""

    word: str
    surface: str
    encoding: str
    is_kept: bool


@dataclass
class Outcome:
    """What a search found."""

    bytes_searched: Counter[str] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    shown: set[tuple[str, str]] = field(default_factory=set)  # word, reader
    shown_under_glass: set[tuple[str, str]] = field(default_factory=set)  # word, breaker
    shown_at_last: dict[str, set[tuple[str, str]]] = field(default_factory=dict)  # by surface, once all is erased
    holds: bool = False  # whether every chain verifies, once all is erased and put back
    kept: set[str] = field(default_factory=set)  # words of who is gone that were kept on purpose
    caught: set[Mutant] = field(default_factory=set)

    def missed(self, mutants: list[Mutant]) -> list[Mutant]:
        return [one for one in mutants if one not in self.caught]

    def not_shown(self, marks: Iterable[Mark]) -> list[str]:
        """Return each mark that one of its entitled readers did not find, and who."""
        return [
            f"not found: {mark.type} {mark.field}, {reader}"
            for mark, reader in wanted(marks)
            if (mark.word, reader) not in self.shown
        ]

    def not_shown_under_glass(self, story: Story) -> list[str]:
        """Return each mark that somebody who broke the case's glass did not find, and who."""
        return [
            f"not found under glass: {mark.type} {mark.field}, {seat.key}"
            for mark, seat in product(story.marks.planted.values(), story.glasses.values())
            if entitled_under_glass(mark, seat)
            if (mark.word, seat.key) not in self.shown_under_glass
        ]

    def lost(self, story: Story) -> list[str]:
        """Return each mark that an entitled reader does not find any more in some state of the views."""
        told = self.shown_at_last["http_glasses"]
        return [
            f"lost: {mark.type} {mark.field}, {reader}, {surface}"
            for mark in story.marks.planted.values()
            if mark.word not in story.erased and mark.type != TAKEN_BACK
            for reader, surface in product(sorted(readers_of(mark, story.state)), _VIEWS)
            if (mark.word, reader) not in self.shown_at_last[surface] | told
        ]


def end_and_search(scene: Scene) -> tuple[list[Mutant], Outcome]:
    """Look, state what ends the stories and look again, erase one child, close the other's case, leak, search all."""
    outcome = Outcome()
    _look(scene, outcome, *_SHOWING, "http_search", "http_under_glass")
    for story in scene.stories:
        story.end()
    _look(scene, outcome, *_SHOWING, "http_under_glass")
    back_up(scene)
    scene.gone.erase_wholly()
    scene.story.close()
    scene.story.erase()
    mutants = _plant_mutants(scene)
    _search(scene, mutants, outcome)
    outcome.holds = scene.platform.told("verify")["holds"]
    return mutants, outcome


def _look(scene: Scene, outcome: Outcome, *surfaces: str) -> None:
    """Read every audience's own route while the cases are open: the positive control."""
    finder = _finder_of(scene, [])
    for name in surfaces:
        for piece in SURFACES[name].read(scene):
            _judge(scene, finder, name, piece, outcome)


def wanted(marks: Iterable[Mark]) -> list[tuple[Mark, str]]:
    """Return each mark with each reader who is to find it, as the case stood when it could be looked for first."""
    return [(mark, reader) for mark in marks for reader in sorted(readers_of(mark, _state_of(mark)))]


def _state_of(mark: Mark) -> State:
    return "closed" if mark.type == CLOSING else "open"


def _plant_mutants(scene: Scene) -> list[Mutant]:
    """Leak on every surface, in every encoding that it takes in turn, a hundred times in all."""
    mutants = [
        Mutant(word, surface, encoding, is_kept)
        for (surface, encoding), (word, is_kept) in zip(islice(_in_turn(), MUTANTS), _leaked(scene), strict=False)
    ]
    for mutant in mutants:
        surface = SURFACES[mutant.surface]
        surface.plant(scene, _written(surface, mutant))
    return mutants


def _leaked(scene: Scene) -> Iterator[tuple[str, bool]]:
    """Yield, for each surface, a word that somebody kept of who is gone; then without end words of their own."""
    yield from ((word, True) for word in islice(sorted(scene.gone.erased), len(SURFACES)))
    drawn = Marks(_MUTANTS_SEED)
    while True:
        yield drawn.draw(), False


def _written(surface: Surface, mutant: Mutant) -> bytes:
    """Return the mutant's mark as the surface can take it: as bytes, as text, or as printable ASCII."""
    text = text_of(mutant.word)
    if surface.takes == tuple(ENCODINGS):
        return ENCODINGS[mutant.encoding](text)
    if set(surface.takes) <= set(ASCII):
        return as_ascii(mutant.encoding, text).encode()
    return as_text(mutant.encoding, text).encode()


def _search(scene: Scene, mutants: list[Mutant], outcome: Outcome) -> None:
    """Read every surface and look for every mark."""
    finder = _finder_of(scene, mutants)
    planted = {(mutant.word, mutant.surface): mutant for mutant in mutants}
    outcome.kept = {mutant.word for mutant in mutants if mutant.is_kept}
    for name in track(SURFACES, "Searching", disable=not sys.stderr.isatty()):
        for piece in SURFACES[name].read(scene):
            outcome.bytes_searched[name] += len(piece.raw)
            for found in _judge(scene, finder, name, piece, outcome):
                if piece.reader and not piece.glass:
                    outcome.shown_at_last.setdefault(name, set()).add((found.word, piece.reader))
                mutant = planted.get((found.word, name))
                if mutant and mutant.encoding == found.encoding:
                    outcome.caught.add(mutant)


def _judge(scene: Scene, finder: Finder, surface: str, piece: Piece, outcome: Outcome) -> set[Found]:
    """Keep what a piece leaks and what it shows to a reader, and return every mark in it."""
    found = finder.find(piece.raw)
    for one in found:
        leak = leak_of(scene.stories, one, piece)
        if leak and one.word not in outcome.kept:
            outcome.leaks.append(f"{leak}: {surface} {piece.where}, {one.encoding}")
        if piece.reader and surface in _SHOWING:
            outcome.shown.add((one.word, piece.reader))
        if piece.glass and piece.reader:
            outcome.shown_under_glass.add((one.word, piece.reader))
    return found


def _finder_of(scene: Scene, mutants: list[Mutant]) -> Finder:
    """Return what knows every mark: of the stories, of what was refused, of what was planted."""
    planted = scene.story.marks.planted | scene.gone.marks.planted | scene.story.played.planted
    words = [*planted, *scene.story.refused.words, *(mutant.word for mutant in mutants)]
    return Finder(words, ((mark.text, mark.word) for mark in planted.values()))


def _in_turn() -> Iterator[tuple[str, str]]:
    """Yield every surface with its first encoding, then every surface with its next, without end."""
    turns = {name: cycle(_turned(surface.takes, number)) for number, (name, surface) in enumerate(SURFACES.items())}
    while True:
        yield from ((name, next(encodings)) for name, encodings in turns.items())


def _turned(encodings: tuple[str, ...], by: int) -> tuple[str, ...]:
    start = by % len(encodings)
    return encodings[start:] + encodings[:start]
