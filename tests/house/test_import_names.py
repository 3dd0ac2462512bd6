"""`import events` finds this checkout, whatever else is installed beside it."""

from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.house.sources import CHECKOUT, PACKAGES


@pytest.mark.parametrize("package", PACKAGES)
def test_the_package_lies_in_this_checkout(package: str) -> None:
    file = import_module(package).__file__
    assert file is not None
    assert Path(file).is_relative_to(CHECKOUT)


@pytest.mark.parametrize("package", PACKAGES)
def test_nobody_else_brings_the_name(package: str) -> None:
    assert set(packages_distributions().get(package, [])) <= {"chungtay"}
