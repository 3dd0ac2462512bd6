"""Ask the same in both worlds, as often as wanted, and stop at the first answer that tells them apart."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.privacy.worlds.asks import (
    AFTER,
    Round,
    Route,
    ask_for_the_hidden_case,
    asks_for_the_alike,
    entitled_at,
    left_out_at,
    not_drawn,
    plain_ask,
    purpose_of,
    rounds,
    routes_of,
    visitors,
)
from tests.privacy.worlds.comparing import WorldsDifferError, differences
from tests.privacy.worlds.planted import caught_by
from tests.privacy.worlds.world import Answer, Ask, Visitor, Worlds


@dataclass
class Compared:
    """How many pairs of answers were equal, by service and by status, and which planted leaks they would show."""

    services: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)

    @property
    def pairs(self) -> int:
        return self.services.total()

    def count(self, ask: Ask, answers: tuple[Answer, Answer]) -> None:
        self.services[ask.service] += 1
        self.statuses[answers[0].status] += 1
        self.caught.update(caught_by(ask, *answers))


def compare(worlds: Worlds, pairs: int, *, drawn_by: int = 1, on_pair: Callable[[], None] = lambda: None) -> Compared:
    """Compare answers of every route, what is told of a child that a sealed record names too, and so many drawn ones.

    Raises:
        WorldsDifferError: at the first difference, with the least request that shows it.
    """
    found, routes = Compared(), drawable(worlds)

    def compared(ask: Ask) -> None:
        found.count(ask, equal_answers(worlds, ask))
        on_pair()

    @seed(drawn_by)
    @settings(
        max_examples=pairs,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(rounds(routes, cursors_of(worlds)))
    def each(one: Round) -> None:
        for before in one.before:
            worlds.answers(before)
        compared(one.ask)

    for ask in (*map(plain_ask, routes), *asks_for_the_alike(routes)):
        compared(ask)
    each()
    return found


def equal_answers(worlds: Worlds, ask: Ask) -> tuple[Answer, Answer]:
    """Ask in both worlds and return both answers.

    Raises:
        WorldsDifferError: if they differ.
    """
    answers = worlds.answers(ask)
    if told := differences(ask, *answers):
        raise WorldsDifferError(f"{ask}\ndiffers in {', '.join(told)}:\n{answers[0]}\n{answers[1]}")
    return answers


def shown_to_the_entitled(worlds: Worlds) -> dict[str, set[str]]:
    """Return, for every address where somebody entitled reads of cases, whom of them it tells of the hidden one."""
    return _shown(worlds, entitled_at)


def shown_were_it_not_sealed(worlds: Worlds) -> dict[str, set[str]]:
    """Return, for every address where others read who took part, whom of them it would tell of the hidden case."""
    with worlds.unsealed():
        return _shown(worlds, left_out_at)


def _shown(worlds: Worlds, readers_at: Callable[[str], Sequence[Visitor]]) -> dict[str, set[str]]:
    asked = [(route, one) for route in drawable(worlds) if route.reads for one in readers_at(route.service)]
    shown: dict[str, set[str]] = {route.path: set() for route, _ in asked}
    for route, visitor in asked:
        ask = ask_for_the_hidden_case(route, visitor)
        without, with_it = worlds.answers(ask)
        if with_it.status == HTTPStatus.OK and differences(ask, without, with_it):
            shown[route.path].add(str(visitor.unit))
    return shown


def drawable(worlds: Worlds) -> Sequence[Route]:
    """Return every route of every service.

    Raises:
        WorldsDifferError: if there is one that cannot be drawn: it is not known whether it differs.
    """
    routes = routes_of(worlds.with_it.apps)
    if lacking := not_drawn(routes):
        raise WorldsDifferError(
            f"say in tests/privacy/worlds, in asks.py or bodies.py, what to ask with: {', '.join(lacking)}"
        )
    return routes


def cursors_of(worlds: Worlds) -> list[str]:
    """Return where pages begin in either world, whoever was given it: among them those behind the hidden case."""
    paged = [route for route in drawable(worlds) if route.reads and {AFTER, "limit"} <= route.names]
    asked = [
        Ask(route.service, "GET", f"{route.path}?limit=1", visitor, (("X-Purpose", purpose_of(visitor)),))
        for route in paged
        if not route.in_path
        for visitor in (*entitled_at(route.service), visitors(route.service, hidden_from=True)[0])
    ]
    told = [answer.json() for ask in asked for answer in worlds.answers(ask) if answer.status == HTTPStatus.OK]
    return sorted({page["after"] for page in told if page["after"]})
