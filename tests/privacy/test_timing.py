"""The guessing itself: it finds a difference that is there, and none where there is none.

`python -m tests.privacy.long.worlds --timings` guesses the two worlds by what their services really take.
"""

import random

from tests.privacy.worlds.timing import BAR, Timed, guessed, with_planted_delay


def times(asks: int = 10, pairs: int = 400) -> list[Timed]:
    """Return times of two worlds that are equal; each request has a length of its own."""
    drawn = random.Random(7)  # noqa: S311 - a seed that can be told and used again
    return [
        Timed(ask, drawn.gauss(10 + ask, 1) / 1000, drawn.gauss(10 + ask, 1) / 1000)
        for ask in range(asks)
        for _ in range(pairs)
    ]


def test_where_nothing_differs_half_of_the_guesses_are_right() -> None:
    found = guessed(times())
    assert found.guesses == 8000
    assert abs(found.share - 0.5) < BAR - 0.5


def test_a_planted_delay_is_guessed() -> None:
    assert guessed(with_planted_delay(times())).share > 0.7


def test_whichever_world_is_slower() -> None:
    turned = [Timed(one.ask, one.with_it, one.without) for one in with_planted_delay(times())]
    assert guessed(turned).share > 0.7
