"""With and without a hidden case every service answers alike, whatever is asked by whoever may not know of it.

`python -m tests.privacy.long.worlds` compares as many answers as one has time for.
"""

from collections.abc import Iterator

import pytest

from services.case_record import comparisons
from services.case_record.domain import compare_children
from tests.fixtures.databases import DatabasesServer
from tests.privacy.worlds.alike import one_child
from tests.privacy.worlds.asks import ask_for_the_hidden_case
from tests.privacy.worlds.comparing import WorldsDifferError
from tests.privacy.worlds.differential import (
    compare,
    drawable,
    equal_answers,
    shown_to_the_entitled,
    shown_were_it_not_sealed,
)
from tests.privacy.worlds.planted import LEAKS
from tests.privacy.worlds.world import IN_SIGHT, LEAD, Visitor, Worlds, two_worlds

PAIRS = 90  # drawn, beside one of every route


@pytest.fixture(scope="module")
def worlds(databases_server: DatabasesServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    with two_worlds(databases_server, tmp_path_factory.mktemp("worlds")) as built:
        yield built


def test_whoever_may_know_is_told_at_every_address_that_tells_of_cases(worlds: Worlds) -> None:
    shown = shown_to_the_entitled(worlds)
    assert [path for path, to in shown.items() if not to] == []


def test_whoever_took_part_would_be_told_were_it_not_sealed(worlds: Worlds) -> None:
    shown = shown_were_it_not_sealed(worlds)
    assert "/v1/deadlines" in shown
    assert [path for path, to in shown.items() if not to] == []


def test_whoever_may_not_know_is_told_the_same_in_both(worlds: Worlds) -> None:
    """Every planted leak would have been seen in what was drawn."""
    compared = compare(worlds, PAIRS)
    assert compared.pairs >= PAIRS + len(drawable(worlds))
    assert set(compared.services) == set(worlds.with_it.apps)
    assert set(compared.caught) == set(LEAKS)


def test_a_comparison_that_heeded_no_seal_would_be_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    assert one_child(IN_SIGHT).told == one_child(None).told
    for module in (comparisons, compare_children):
        monkeypatch.setattr(module, "sealed", lambda _: False)
    assert one_child(IN_SIGHT).told != one_child(None).told


def test_a_difference_is_a_failure(worlds: Worlds) -> None:
    [route] = [one for one in drawable(worlds) if (one.service, one.path) == ("social_work", "/v1/cases")]
    with pytest.raises(WorldsDifferError, match="differs in"):
        equal_answers(worlds, ask_for_the_hidden_case(route, Visitor(LEAD)))
