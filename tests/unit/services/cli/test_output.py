"""What a command suggests can be typed as it stands."""

from pathlib import Path

import pytest

from services.cli.data_dir import DEFAULT
from services.cli.demo.run import Shown
from services.cli.demo.show import _suggest
from services.cli.output import typed

SHOWN = Shown({}, {}, (1, 2), {}, {"VU-1": "Q933"}, 0.0, 0.0)


def test_the_data_dir_is_named_where_it_is_not_the_default() -> None:
    assert typed("down", DEFAULT) == "`chungtay down`"
    assert typed("down", DEFAULT.absolute()) == "`chungtay down`"
    assert typed("down", Path("/srv/d")) == "`chungtay down --data-dir /srv/d`"
    assert typed("down", Path("/srv/a b")) == "`chungtay down --data-dir '/srv/a b'`"


def test_the_demo_suggests_what_works_for_its_data_dir(capsys: pytest.CaptureFixture[str]) -> None:
    _suggest(SHOWN, Path("/srv/d"), leave=False)
    told = capsys.readouterr().out
    assert "`chungtay replay Q933 --as education --data-dir /srv/d`" in told
    assert "`chungtay down --data-dir /srv/d` stops it" in told
    assert "make down" not in told
    _suggest(SHOWN, DEFAULT, leave=False)
    assert "`chungtay down` (or `make down`) stops it" in capsys.readouterr().out
