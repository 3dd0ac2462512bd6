"""The integrators' guide is true: every command in it runs, in order, and prints what the guide says."""

import re
from pathlib import Path

import pytest

from tests.endurance.guide import GUIDE, blocks, follow

pytestmark = [pytest.mark.walk, pytest.mark.timeout(300)]


def test_every_command_of_the_guide_does_what_it_says(tmp_path: Path) -> None:
    followed = [ran.block for ran in follow(GUIDE, tmp_path)]
    assert followed == [block for block in blocks(GUIDE) if block.kind != "output"]


def test_the_vietnamese_page_gives_the_same_commands() -> None:
    def to_follow(page: Path) -> list[str]:
        return [re.sub(r" *#.*", "", block.text) for block in blocks(page)]

    assert to_follow(GUIDE.parent / "vi" / GUIDE.name) == to_follow(GUIDE)
