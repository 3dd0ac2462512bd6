"""`make privacy` makes every attack there is, and one that does not hold keeps none of the others from being made."""

from pkgutil import iter_modules

import pytest

import tests.privacy.long
from tests.privacy.long.__main__ import ATTACKS, Attack, main


def test_every_attack_is_made() -> None:
    there = {module.name for module in iter_modules(tests.privacy.long.__path__)} - {"__main__"}
    assert {attack.module for attack in ATTACKS} == there


def test_one_that_does_not_hold_is_named_and_the_next_is_made(capfd: pytest.CaptureFixture[str]) -> None:
    broken, held = Attack("a wall", "of_no_such_name"), Attack("another", "matching", ("--help",))
    assert main([broken, held]) == 1
    told = capfd.readouterr().out
    assert told.index("BROKEN") < told.index("held")
    assert "--children" in told
    assert main([held]) == 0
